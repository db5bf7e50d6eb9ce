"""Uniform floats in [0, 1) and uniform integers in [low, high)."""

from __future__ import annotations

import operator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.bits import fill, float_format
from graphflow.numeric.random.philox import Stream, Words32
from graphflow.numeric.random.shapes import Shape, element_count

# A kernel sets so many blocks aside for each value it makes, needed or not.
BLOCKS_PER_VALUE = 256


def random_uniform(stream: Stream, shape: Shape, dtype: Any = np.float32) -> NDArray[Any]:
    """u, one word a value, for float64 two."""
    dims, count = element_count(shape)
    made = float_format(dtype)
    out = np.empty(count, dtype)
    fill(out, stream, stream.reserve(BLOCKS_PER_VALUE * count), made.per_block, made.unit)
    return out.reshape(dims)


def random_uniform_int(
    stream: Stream, shape: Shape, low: int, high: int, dtype: Any = np.int32
) -> NDArray[Any]:
    """low + w mod (high - low), one word a value, for int64 two, the first being the lower."""
    dims, count = element_count(shape)
    signed = np.dtype(dtype)
    if signed not in (np.dtype(np.int32), np.dtype(np.int64)):
        raise ValueError(f"no random integers of type {signed}: int32 or int64")
    out = np.empty(count, signed)
    if count == 0:
        return out.reshape(dims)
    low, high = _bounds(low, high, signed)
    unsigned = np.dtype(f"uint{8 * signed.itemsize}").type
    span, base = unsigned(high - low), unsigned(low % (1 << 8 * signed.itemsize))

    def convert(words: Words32) -> NDArray[Any]:
        values = words.view(unsigned) % span
        values += base
        return values.view(signed)

    fill(out, stream, stream.reserve(BLOCKS_PER_VALUE * count), 16 // signed.itemsize, convert)
    return out.reshape(dims)


def _bounds(low: int, high: int, dtype: np.dtype[Any]) -> tuple[int, int]:
    low, high = operator.index(low), operator.index(high)
    limits = np.iinfo(dtype)
    for name, bound in (("minval", low), ("maxval", high)):
        if not limits.min <= bound <= limits.max:
            raise ValueError(f"{name} {bound} is no {dtype}")
    if low >= high:
        raise ValueError(f"Need minval < maxval, got {low} >= {high}")
    return low, high
