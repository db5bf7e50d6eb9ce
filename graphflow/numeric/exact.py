"""Arithmetic whose corners languages read differently, pinned: division, remainders, shifts, powers,
extrema, rounding.

Integers wrap as two's complement, so that the least integer over -1 is itself. Division of integers
by zero is an error; floats follow IEEE. All functions broadcast operands of one type and give that
type.
"""

from __future__ import annotations

import numpy as np

from graphflow.numeric.elements import Array, narrowed, quiet, widened

_DIVISION_BY_ZERO = "Integer division by zero"
_NEGATIVE_POWER = "there are no negative integer powers of integers"


def _is_integer(x: Array) -> bool:
    return x.dtype.kind in "iu"


def _refuse_where(bad: Array, text: str, operand: Array) -> None:
    """Raise with the place and value of the first operand that is bad."""
    if bad.any():
        i = np.unravel_index(int(bad.argmax()), bad.shape)
        place = f" at {list(map(int, i))}" if bad.ndim else ""
        raise ValueError(f"{text}: the second operand{place} is {operand[i]}")


def _integers(x: Array, y: Array) -> bool:
    """Whether the operands are integers, of which none may divide by zero."""
    if not _is_integer(x):
        return False
    # No element is divided where the other operand is empty.
    if 0 not in np.broadcast_shapes(x.shape, y.shape):
        _refuse_where(y == 0, _DIVISION_BY_ZERO, y)
    return True


@quiet
def floor_div(x: Array, y: Array) -> Array:
    """The greatest integer <= x / y; of floats, floor of the rounded quotient."""
    x, y = np.asarray(x), np.asarray(y)
    if _integers(x, y):
        return np.asarray(np.floor_divide(x, y))
    quotient = np.asarray(widened(x) / widened(y))
    if quotient.dtype.kind == "c":
        floors = np.empty_like(quotient)
        floors.real, floors.imag = np.floor(quotient.real), np.floor(quotient.imag)
        return floors
    return narrowed(np.floor(quotient), x.dtype)


@quiet
def floor_mod(x: Array, y: Array) -> Array:
    """x - y * floor_div(x, y), with the sign of y; a float remainder of zero keeps the sign of x."""
    x, y = np.asarray(x), np.asarray(y)
    if _integers(x, y):
        return np.asarray(np.remainder(x, y))
    a, b = widened(x), widened(y)
    r = np.fmod(a, b)
    return narrowed(np.where((r != 0) & ((r < 0) != (b < 0)), r + b, r), x.dtype)


@quiet
def truncate_div(x: Array, y: Array) -> Array:
    """x / y of integers, rounded toward zero; of floats the quotient itself, as in TensorFlow."""
    x, y = np.asarray(x), np.asarray(y)
    if _integers(x, y):
        return np.asarray(np.floor_divide(x - np.fmod(x, y), y))
    return narrowed(widened(x) / widened(y), x.dtype)


@quiet
def truncate_mod(x: Array, y: Array) -> Array:
    """The remainder of division toward zero, with the sign of x."""
    x, y = np.asarray(x), np.asarray(y)
    _integers(x, y)
    return narrowed(np.fmod(widened(x), widened(y)), x.dtype)


def _shift_amount(y: Array) -> Array:
    """Shift counts forced into [0, bits - 1], as unsigned numbers."""
    unsigned = f"u{y.dtype.itemsize}"
    return np.clip(y, 0, 8 * y.dtype.itemsize - 1).astype(unsigned)


def left_shift(x: Array, y: Array) -> Array:
    """x * 2 ** y modulo 2 ** bits; a count outside [0, bits - 1] is taken as the nearest end."""
    x, y = np.asarray(x), np.asarray(y)
    amount = _shift_amount(y)
    return np.asarray(np.left_shift(x.astype(amount.dtype), amount)).astype(x.dtype)


def right_shift(x: Array, y: Array) -> Array:
    """floor(x / 2 ** y); a count outside [0, bits - 1] is taken as the nearest end."""
    x, y = np.asarray(x), np.asarray(y)
    return np.asarray(np.right_shift(x, _shift_amount(y).astype(x.dtype)))


@quiet
def power(x: Array, y: Array) -> Array:
    """x ** y; integers wrap, and refuse negative exponents."""
    x, y = np.asarray(x), np.asarray(y)
    if _is_integer(x):
        if 0 not in np.broadcast_shapes(x.shape, y.shape):
            _refuse_where(y < 0, _NEGATIVE_POWER, y)
        return np.asarray(np.power(x, np.maximum(y, 0)))
    return narrowed(np.power(widened(x), widened(y)), x.dtype)


def maximum(x: Array, y: Array) -> Array:
    """The greater operand; NaN if either is, and x where they are equal (zeros of two signs)."""
    x, y = np.asarray(x), np.asarray(y)
    return np.where((x >= y) | (x != x), x, y)


def minimum(x: Array, y: Array) -> Array:
    """The lesser operand; NaN if either is, and x where they are equal (zeros of two signs)."""
    x, y = np.asarray(x), np.asarray(y)
    return np.where((x <= y) | (x != x), x, y)


@quiet
def sign(x: Array) -> Array:
    """-1, 0 or 1; NaN of NaN; x / |x| of complex numbers."""
    x = np.asarray(x)
    if x.dtype.kind != "c":
        return narrowed(np.sign(widened(x)), x.dtype)
    size = np.abs(x)
    return np.where(size == 0, x.dtype.type(0), x / np.where(size == 0, size.dtype.type(1), size))


@quiet
def round_half_even(x: Array) -> Array:
    """The nearest integer, the even one of two; -0.0 where a negative number rounds to zero."""
    x = np.asarray(x)
    if _is_integer(x):
        return x.copy()
    return narrowed(np.rint(widened(x)), x.dtype)


@quiet
def rint(x: Array) -> Array:
    """The nearest integer, the even one of two."""
    return round_half_even(x)


@quiet
def next_after(x: Array, y: Array) -> Array:
    """The float next to x in the direction of y; y where they are equal."""
    return np.asarray(np.nextafter(np.asarray(x), np.asarray(y)))
