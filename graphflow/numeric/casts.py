"""Conversions of element types, the same on every machine.

A float becomes an integer toward zero through a wider signed integer w, of which the low bits are
kept:

    int8, int16, int32, uint8, uint16    w = int32
    int64, uint32                        w = int64

NaN and what does not fit w give its least number: 300.0 is 44 as uint8, and NaN is 0 as uint8 and
-2 ** 31 as int32. uint64 takes [2 ** 63, 2 ** 64) besides; above that it gives 0, below -2 ** 63
and for NaN 2 ** 63. That is what x86 and thus TensorFlow on a CPU give. A complex number becomes
its real part, and a boolean says whether (the real part of) a number differs from zero.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.numeric.elements import Array, is_float, is_half, quiet, widened

#: Bits of the mantissa of each float type.
_MANTISSA = {"bfloat16": 7, "float16": 10, "float32": 23, "float64": 52}


@quiet
def cast(x: Array, dtype: Any, truncate: bool = False) -> Array:
    """`x` as elements of `dtype`; `truncate` cuts bits of a float's mantissa instead of rounding it."""
    x, dtype = np.asarray(x), np.dtype(dtype)
    if x.dtype == dtype:
        return x.copy()
    if x.dtype.kind == "c" and dtype.kind != "c":
        x = x.real
    if dtype.kind == "b":
        return np.asarray(widened(x) != 0)
    if is_float(x.dtype) and dtype.kind in "iu":
        return _float_to_integer(widened(x), dtype)
    if truncate and is_float(x.dtype) and is_float(dtype):
        x = _cut(x, _MANTISSA[dtype.name])
    if dtype.name == "bfloat16" or x.dtype.name == "bfloat16":
        # Foreign to numpy: by way of float32, which holds every bfloat16.
        return x.astype(np.float32).astype(dtype)
    return x.astype(dtype)


def _float_to_integer(x: Array, dtype: np.dtype[Any]) -> Array:
    if dtype == np.uint64:
        high = x >= 2.0**63
        low_bits = _truncated(np.where(high, x - x.dtype.type(2.0**63), x), np.dtype(np.int64))
        return np.where(high, low_bits ^ np.int64(-(2**63)), low_bits).astype(np.uint64)
    wide = np.dtype(np.int64 if dtype.itemsize == 8 or dtype == np.uint32 else np.int32)
    return _truncated(x, wide).astype(dtype)


def _truncated(x: Array, dtype: np.dtype[Any]) -> Array:
    """`x` toward zero as a signed integer; the least one where it does not fit."""
    limit = 2.0 ** (8 * dtype.itemsize - 1)
    whole = np.trunc(x)
    fits = (whole >= -limit) & (whole < limit)
    return np.where(fits, np.where(fits, whole, 0).astype(dtype), np.iinfo(dtype).min)


def _cut(x: Array, mantissa: int) -> Array:
    """Finite `x` with only so many bits of its mantissa kept."""
    x = widened(x) if is_half(x.dtype) else x
    surplus = _MANTISSA[x.dtype.name] - mantissa
    if surplus <= 0:
        return x
    bits = x.view(f"u{x.dtype.itemsize}")
    kept = (bits >> bits.dtype.type(surplus)) << bits.dtype.type(surplus)
    return np.where(np.isnan(x), x, kept.view(x.dtype))
