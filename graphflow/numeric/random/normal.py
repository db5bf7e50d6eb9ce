"""Standard normal values by Box and Muller's method, whole and truncated to (-2, 2).

Uniform u and v give two values:  r sin a, r cos a  with  r = sqrt(-2 log max(u, 1e-7)), a = 2 pi v.
"""

from __future__ import annotations

import math
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.bits import PIECE, fill, float_format, unit_double, unit_float
from graphflow.numeric.random.libm import cosines, logarithm, logarithms, sine_cosine, sines
from graphflow.numeric.random.philox import LOW64, Stream, Words32
from graphflow.numeric.random.shapes import Shape, element_count
from graphflow.numeric.random.uniform import BLOCKS_PER_VALUE

LEAST = 1e-7
BOUND = 2.0
# A group of truncated values owns this many blocks for each of its values.
BLOCKS_PER_TRIED = 64


def box_muller_float(words: Words32) -> NDArray[np.float32]:
    """One float32 normal from each word; neighbours share their words."""
    unit = unit_float(words)
    # The product is a double one, rounded once.
    sine, cosine = sine_cosine((unit[1::2].astype(np.float64) * math.tau).astype(np.float32))
    radius = np.sqrt(logarithm(np.maximum(unit[0::2], np.float32(LEAST))) * np.float32(-2))
    out = unit
    np.multiply(sine, radius, out=out[0::2])
    np.multiply(cosine, radius, out=out[1::2])
    return out


def box_muller_double(words: Words32) -> NDArray[np.float64]:
    """One float64 normal from each two words."""
    unit = unit_double(words)
    angle = unit[1::2] * math.tau
    radius = np.sqrt(logarithms(np.maximum(unit[0::2], LEAST)) * -2.0)
    out = unit
    np.multiply(sines(angle), radius, out=out[0::2])
    np.multiply(cosines(angle), radius, out=out[1::2])
    return out


def box_muller(words: Words32, compute: type[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    """Normals computed in float32 or float64."""
    return box_muller_double(words) if compute is np.float64 else box_muller_float(words)


def random_standard_normal(stream: Stream, shape: Shape, dtype: Any = np.float32) -> NDArray[Any]:
    """Normal values; float16 and bfloat16 are float32 ones, rounded."""
    dims, count = element_count(shape)
    made = float_format(dtype)
    out = np.empty(count, dtype)
    start = stream.reserve(BLOCKS_PER_VALUE * count)
    fill(out, stream, start, made.per_block, partial(box_muller, compute=made.compute))
    return out.reshape(dims)


def truncated_normal(stream: Stream, shape: Shape, dtype: Any = np.float32) -> NDArray[Any]:
    """Normal values with |x| < 2: each group of a block's worth takes the first good ones of its own blocks."""
    dims, count = element_count(shape)
    made = float_format(dtype)
    out = np.empty(count, dtype)
    start = stream.reserve(BLOCKS_PER_VALUE * count)
    stride = BLOCKS_PER_TRIED * made.per_block
    for first in range(0, count, PIECE * made.per_block):
        piece = out[first : first + PIECE * made.per_block]
        groups = np.arange(-(-piece.size // made.per_block), dtype=np.uint64)
        at = groups * np.uint64(stride) + np.uint64(
            (start + first // made.per_block * stride) & LOW64
        )
        piece[...] = _first_good(stream, at, made.compute, made.per_block)[: piece.size]
    return out.reshape(dims)


def _first_good(
    stream: Stream, at: NDArray[np.uint64], compute: type[np.floating[Any]], per_block: int
) -> NDArray[np.floating[Any]]:
    """The first `per_block` values with |x| < 2 in the blocks from each position in `at` on."""
    chosen = np.empty((at.size, per_block), compute)
    filled = np.zeros(at.size, np.intp)
    todo = np.arange(at.size)
    while todo.size:
        words = stream.blocks(at[todo])
        values = box_muller(words.reshape(-1), compute).reshape(todo.size, per_block)
        good = np.abs(values) < BOUND
        place = filled[todo, None] + np.cumsum(good, axis=1) - 1
        good &= place < per_block
        row, column = np.nonzero(good)
        chosen[todo[row], place[row, column]] = values[row, column]
        filled[todo] += good.sum(axis=1)
        at[todo] += np.uint64(1)
        todo = todo[filled[todo] < per_block]
    return chosen.reshape(-1)
