"""From words to uniform floats: the lowest bits of a word, or of two, as a fraction of what they could be.

u = (w mod 2^k) / 2^k        k = 10, 7, 23 for float16, bfloat16, float32
u = (w0 w1 mod 2^52) / 2^52  for float64: the first word is the upper one
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.philox import Stream, Words32

# Values are made from this many blocks at a time: a piece and its intermediate results stay in the cache.
PIECE = 8192


def unit_float(words: Words32, fraction_bits: int = 23) -> NDArray[np.float32]:
    """One float32 in [0, 1) from each word."""
    # The bits fit in an int32, whose conversion is quicker than that of a uint32; both steps are exact.
    bits = (words & np.uint32(2**fraction_bits - 1)).view(np.int32)
    unit = bits.astype(np.float32)
    unit *= np.float32(0.5**fraction_bits)
    return unit


def unit_double(words: Words32) -> NDArray[np.float64]:
    """One float64 in [0, 1) from each two words; the last axis is halved."""
    bits = words[..., 0::2].astype(np.int64)
    bits &= 0xFFFFF
    bits <<= 32
    bits |= words[..., 1::2]
    unit = bits.astype(np.float64)
    unit *= 0.5**52
    return unit


@dataclass(frozen=True)
class FloatFormat:
    """How one float type is made: computed as float32 or float64, `per_block` values from a block."""

    fraction_bits: int
    compute: type[np.floating[Any]]
    per_block: int

    def unit(self, words: Words32) -> NDArray[np.floating[Any]]:
        """Uniform values in [0, 1), exact in this format."""
        if self.compute is np.float64:
            return unit_double(words)
        return unit_float(words, self.fraction_bits)


FORMATS = {
    "float16": FloatFormat(10, np.float32, 4),
    "bfloat16": FloatFormat(7, np.float32, 4),
    "float32": FloatFormat(23, np.float32, 4),
    "float64": FloatFormat(52, np.float64, 2),
}


def float_format(dtype: Any) -> FloatFormat:
    """The format of a float dtype; bfloat16 is known by its name, whoever defined it."""
    found = FORMATS.get(np.dtype(dtype).name)
    if found is None:
        raise ValueError(f"no random floats of type {np.dtype(dtype)}: one of {', '.join(FORMATS)}")
    return found


def fill(
    out: NDArray[Any],
    stream: Stream,
    start: int,
    per_block: int,
    convert: Callable[[Words32], NDArray[Any]],
) -> None:
    """Fill the flat array `out` with `convert` of the words from block `start` on, piece by piece."""
    size = PIECE * per_block
    for first in range(0, out.size, size):
        piece = out[first : first + size]
        words = stream.words(start + first // per_block, -(-piece.size // per_block))
        piece[...] = convert(words)[: piece.size]
