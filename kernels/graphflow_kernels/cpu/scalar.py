"""The functions of one element that compiled loops call where no operator of the language means the same.

They pin down what Python, numpy and LLVM read differently: NaN in extrema, signs of remainders, integer division at
its corners, shifts, casts. A function that can fail marks `failed[0]` and gives zero.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

#: what `failed[0]` says
DIVISION_BY_ZERO, NEGATIVE_POWER = 1, 2


@njit(inline="always")
def maximum(x: Any, y: Any) -> Any:
    """The greater one, x where they are equal; NaN if either is NaN."""
    if x != x or x >= y:
        return x
    return y


@njit(inline="always")
def minimum(x: Any, y: Any) -> Any:
    """The smaller one, x where they are equal; NaN if either is NaN."""
    if x != x or x <= y:
        return x
    return y


@njit
def sign_float(x: Any, one: Any) -> Any:
    """-1, 0 or 1 in the type of `one`; NaN of NaN."""
    if x > 0:
        return one
    if x < 0:
        return -one
    if x == 0:
        return one - one
    return x


@njit
def sign_complex(x: Any) -> Any:
    """x / |x|, and 0 of 0."""
    size = abs(x)
    if size == 0:
        return x * 0
    return x / size


@njit
def int_floor_div(x: Any, y: Any, failed: Any) -> Any:
    """floor(x / y); the least integer over -1 is itself."""
    if y == 0:
        failed[0] = DIVISION_BY_ZERO
        return x - x
    if y + 1 == 0 and y < 0:
        return -x
    return x // y


@njit
def int_floor_mod(x: Any, y: Any, failed: Any) -> Any:
    """x - floor(x / y) y."""
    if y == 0:
        failed[0] = DIVISION_BY_ZERO
        return x - x
    if y + 1 == 0 and y < 0:
        return x - x
    return x % y


@njit
def int_truncate_div(x: Any, y: Any, failed: Any) -> Any:
    """x / y cut towards zero; the least integer over -1 is itself."""
    if y == 0:
        failed[0] = DIVISION_BY_ZERO
        return x - x
    if y + 1 == 0 and y < 0:
        return -x
    quotient = x // y
    if quotient * y != x and (x < 0) != (y < 0):
        quotient += y // y
    return quotient


@njit
def int_truncate_mod(x: Any, y: Any, failed: Any) -> Any:
    """What is left of x after int_truncate_div; it has the sign of x."""
    return x - int_truncate_div(x, y, failed) * y


@njit
def float_floor_mod(x: Any, y: Any) -> Any:
    """x - floor(x / y) y, with the sign of y; a remainder of zero keeps the sign of x."""
    if y == 0 or math.isinf(x) or x != x or y != y:
        return x * math.nan
    if math.isinf(y):
        return y if x != 0 and (x < 0) != (y < 0) else x
    rest = np.fmod(x, y)
    if rest != 0 and (rest < 0) != (y < 0):
        rest += y
    return rest


@njit
def float_truncate_mod(x: Any, y: Any) -> Any:
    """C's fmod."""
    if y == 0 or math.isinf(x) or x != x or y != y:
        return x * math.nan
    return x if math.isinf(y) else np.fmod(x, y)


@njit
def int_pow(x: Any, y: Any, failed: Any) -> Any:
    """x ** y by repeated squaring, with wrapping."""
    if y < 0:
        failed[0] = NEGATIVE_POWER
        return x - x
    result = x - x + 1
    while y > 0:
        if y & 1:
            result = result * x
        x = x * x
        y = y >> 1
    return result


@njit
def clamped(count: Any, most: Any) -> Any:
    """A shift count forced into [0, most]."""
    if count < 0:
        return most * 0
    return most if count > most else count


@njit
def to_int32(x: Any) -> Any:
    """x cut towards zero; the least integer for NaN and what does not fit."""
    if x > -2147483649.0 and x < 2147483648.0:
        return np.int64(x)
    return np.int64(-2147483648)


@njit
def to_int64(x: Any) -> Any:
    """x cut towards zero; the least integer for NaN and what does not fit."""
    if x >= -9223372036854775808.0 and x < 9223372036854775808.0:
        return np.int64(x)
    return np.int64(-9223372036854775807) - np.int64(1)


@njit
def to_uint64(x: Any) -> Any:
    """x cut towards zero; [2 ** 63, 2 ** 64) fits too."""
    if x >= 9223372036854775808.0:
        return np.uint64(to_int64(x - 9223372036854775808.0)) ^ np.uint64(9223372036854775808)
    return np.uint64(to_int64(x))


@njit
def popcount(x: Any) -> Any:
    """The number of ones in an unsigned 64-bit integer."""
    ones = np.uint64(0)
    while x != 0:
        x = x & (x - np.uint64(1))
        ones += np.uint64(1)
    return ones


@njit
def lgamma(x: Any) -> Any:
    """log |gamma(x)|; inf at the poles."""
    if math.isinf(x) or (x <= 0 and math.floor(x) == x):
        return x * 0 + math.inf if not math.isinf(x) else abs(x)
    return math.lgamma(x)
