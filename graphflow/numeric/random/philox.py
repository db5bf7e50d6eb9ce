"""Philox4x32-10: a block of four 32-bit words for every 128-bit counter, and the streams over it.

The key is `seed`; the counter's upper half is `seed2` and its lower half the position of the block.
(Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3. SC 2011.)
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Words32: TypeAlias = NDArray[np.uint32]

LOW32 = 0xFFFFFFFF
LOW64 = 0xFFFFFFFFFFFFFFFF
MULTIPLIERS = 0xD2511F53, 0xCD9E8D57
KEY_STEPS = 0x9E3779B9, 0xBB67AE85
ROUNDS = 10

# Eight temporaries of this many blocks stay within a core's second-level cache.
CHUNK = 8192
# Up to this many blocks the arithmetic of Python's integers is quicker than a hundred calls of numpy.
FEW = 16
# How many words are made at a time for those who draw them singly.
AHEAD = 256


@lru_cache(maxsize=1024)
def round_keys(seed: int) -> tuple[tuple[int, int], ...]:
    """The two key words of each round."""
    low, high = seed & LOW32, seed >> 32 & LOW32
    return tuple(
        ((low + i * KEY_STEPS[0]) & LOW32, (high + i * KEY_STEPS[1]) & LOW32) for i in range(ROUNDS)
    )


def philox_block(seed: int, counter: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The block of one counter (lowest word first), in plain integers."""
    a, b, c, d = counter
    for k, m in round_keys(seed):
        p, q = a * MULTIPLIERS[0], c * MULTIPLIERS[1]
        a, b, c, d = (q >> 32) ^ b ^ k, q & LOW32, (p >> 32) ^ d ^ m, p & LOW32
    return a, b, c, d


def philox_blocks(seed: int, seed2: int, index: NDArray[np.uint64]) -> Words32:
    """The blocks at the positions `index` as an array of shape (len(index), 4)."""
    out = np.empty((index.size, 4), np.uint32)
    if index.size <= FEW:
        upper = seed2 & LOW32, seed2 >> 32 & LOW32
        for row, at in zip(out, index.tolist(), strict=True):
            row[:] = philox_block(seed, (at & LOW32, at >> 32, *upper))
        return out
    for first in range(0, index.size, CHUNK):
        _fill_blocks(seed, seed2, index[first : first + CHUNK], out[first : first + CHUNK])
    return out


def _fill_blocks(seed: int, seed2: int, index: NDArray[np.uint64], out: Words32) -> None:
    # 32-bit words are held in 64-bit lanes, where a product of two of them is exact.
    low, half = np.uint64(LOW32), np.uint64(32)
    left, right = map(np.uint64, MULTIPLIERS)
    a, b = index & low, index >> half
    c, d = np.full_like(a, seed2 & LOW32), np.full_like(a, seed2 >> 32 & LOW32)
    p, q = np.empty_like(a), np.empty_like(a)
    for k, m in round_keys(seed):
        np.multiply(a, left, out=p)
        np.multiply(c, right, out=q)
        np.right_shift(q, half, out=a)
        a ^= b
        a ^= np.uint64(k)
        np.right_shift(p, half, out=c)
        c ^= d
        c ^= np.uint64(m)
        np.bitwise_and(q, low, out=b)
        np.bitwise_and(p, low, out=d)
    for column, lane in enumerate((a, b, c, d)):
        out[:, column] = lane


@dataclass(slots=True)
class Stream:
    """The state of one random kernel in one session: its seeds, and how many blocks it has used."""

    seed: int
    seed2: int
    position: int = 0

    @classmethod
    def nondeterministic(cls) -> Stream:
        """A stream that nobody has seen before."""
        return cls(secrets.randbits(64), secrets.randbits(64))

    @classmethod
    def stateless(cls, seed: int, seed2: int) -> Stream:
        """The stream of a stateless op: its two seeds scrambled, so that near seeds give far streams."""
        counter = (seed & LOW32, seed >> 32 & LOW32, seed2 & LOW32, seed2 >> 32 & LOW32)
        a, b, c, d = philox_block(0x02461E29_3EC8F720, counter)
        return cls(b << 32 | a, d << 32 | c)

    def reserve(self, blocks: int) -> int:
        """The position of the next block; the stream moves on by `blocks`."""
        start = self.position
        self.position = start + blocks
        return start

    def blocks(self, index: NDArray[np.integer]) -> Words32:
        """The blocks at any positions, one row each; the stream stays where it is."""
        return philox_blocks(self.seed, self.seed2, index.astype(np.uint64, copy=False))

    def words(self, start: int, blocks: int) -> Words32:
        """The words of `blocks` blocks in a row; the stream stays where it is."""
        # Added as uint64: the position wraps around as the generator's own counter does.
        index = np.arange(blocks, dtype=np.uint64) + np.uint64(start & LOW64)
        return philox_blocks(self.seed, self.seed2, index).reshape(-1)


@dataclass(slots=True)
class Words:
    """The words of a stream from block `start` on, one after another."""

    stream: Stream
    start: int = 0
    offset: int = 0
    _ahead: list[int] = field(default_factory=list, repr=False, compare=False)
    _ahead_at: int = field(default=0, repr=False, compare=False)

    def peek(self, count: int) -> Words32:
        """The next `count` words, which remain to be taken."""
        first, skip = divmod(self.offset, 4)
        words = self.stream.words(self.start + first, -(-(skip + count) // 4))
        return words[skip : skip + count]

    def take(self, count: int) -> Words32:
        """The next `count` words."""
        words = self.peek(count)
        self.offset += count
        return words

    def draw(self) -> int:
        """The next word as a Python integer."""
        at = self.offset - self._ahead_at
        if not 0 <= at < len(self._ahead):
            self._ahead, self._ahead_at, at = self.peek(AHEAD).tolist(), self.offset, 0
        self.offset += 1
        return self._ahead[at]
