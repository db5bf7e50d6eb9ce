"""The distributions that candidates are drawn from."""

from __future__ import annotations

import math
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.bits import unit_double, unit_float
from graphflow.numeric.random.libm import exponentials, logarithms
from graphflow.numeric.random.libm_float import power
from graphflow.numeric.random.philox import Words

Classes = NDArray[np.int64]
Float32s = NDArray[np.float32]


class Sampler(Protocol):
    """A distribution over the classes 0 ... range_max - 1."""

    range_max: int
    #: How many classes have a chance at all.
    possible: int

    def draw(self, words: Words, count: int) -> Classes:
        """The next `count` classes."""

    def probability(self, classes: Classes) -> Float32s:
        """How likely each class is."""


def unbiased(words: Words, below: int, count: int, bits: int) -> NDArray[np.uint64]:
    """`count` integers less than `below`, from 32-bit words or 64-bit pairs; each w < 2^bits mod below is passed over."""
    # A power of two divides 2^bits: nothing is passed over, and the remainder is the lower bits.
    least = np.uint64((1 << bits) % below)
    found = np.empty(0, np.uint64)
    while found.size < count:
        taken = words.take((count - found.size) * (bits // 32))
        values = taken.view(f"uint{bits}").astype(np.uint64)
        found = np.concatenate((found, values[values >= least] % np.uint64(below)))
    return found


def _checked(range_max: int) -> int:
    if range_max < 1:
        raise ValueError(f"range_max must be at least 1, got {range_max}")
    return range_max


class UniformSampler:
    """All classes alike."""

    def __init__(self, range_max: int) -> None:
        self.range_max = self.possible = _checked(range_max)

    def draw(self, words: Words, count: int) -> Classes:
        return unbiased(words, self.range_max, count, 64).astype(np.int64)

    def probability(self, classes: Classes) -> Float32s:
        return np.full(classes.shape, 1.0 / self.range_max, np.float32)


class LogUniformSampler:
    """Class c with probability log((c + 2) / (c + 1)) / log(range_max + 1): Zipf's law, nearly."""

    def __init__(self, range_max: int) -> None:
        self.range_max = self.possible = _checked(range_max)
        self._log_range = math.log1p(range_max)

    def draw(self, words: Words, count: int) -> Classes:
        unit = unit_double(words.take(2 * count))
        # Rounding can lead past the end of the range.
        return (exponentials(unit * self._log_range).astype(np.int64) - 1) % self.range_max

    def probability(self, classes: Classes) -> Float32s:
        known = classes >= 0
        c = np.where(known, classes, 0).reshape(-1).astype(np.float64)
        chance = (logarithms((c + 2.0) / (c + 1.0)) / self._log_range).reshape(classes.shape)
        return np.where(known, chance, np.nan).astype(np.float32)


class FixedUnigramSampler:
    """Class c with probability weight[c] / sum(weight), weight = unigram^distortion, by Walker's alias method."""

    def __init__(
        self,
        range_max: int,
        unigrams: NDArray[np.float32],
        distortion: float = 1.0,
        num_reserved_ids: int = 0,
        num_shards: int = 1,
        shard: int = 0,
    ) -> None:
        if not 0 <= shard < num_shards:
            raise ValueError(f"shard {shard} is none of {num_shards} shards")
        _checked(range_max)
        reserved = np.zeros(max(0, num_reserved_ids), np.float32)
        weights = power(np.asarray(unigrams, np.float32), float(np.float32(distortion)))
        weights = np.concatenate((reserved, weights))[shard::num_shards]
        if weights.size != range_max:
            raise ValueError(f"range_max is {range_max}, but there are {weights.size} unigrams")
        # Added up in order: in float32 for probabilities, in double for draws.
        self._total = np.cumsum(weights)[-1]
        total = float(np.cumsum(weights, dtype=np.float64)[-1])
        if not (weights >= 0).all() or not 0 < total < math.inf:
            raise ValueError("unigrams must be finite, not negative, and not all 0")
        self.range_max = range_max
        self.possible = int(np.count_nonzero(weights))
        self._weights = weights
        self._chance, self._alias = _alias_table(weights, total)

    def draw(self, words: Words, count: int) -> Classes:
        n = self.range_max
        drawn = np.empty(count, np.int64)
        done = 0
        while done < count:
            # A value takes one word for chance and one for a class.
            pairs = words.peek(2 * (count - done)).reshape(-1, 2)
            good = pairs[:, 1] >= (1 << 32) % n
            whole = len(pairs) if good.all() else int(np.argmin(good))
            drawn[done : done + whole] = self._pick(
                pairs[:whole, 0], pairs[:whole, 1] % np.uint32(n)
            )
            words.offset += 2 * whole
            done += whole
            if done < count:
                # This one's class is passed over, and takes the next word, which began a pair.
                chance = words.take(1)
                drawn[done] = self._pick(chance, unbiased(words, n, 1, 32))[0]
                done += 1
        return drawn

    def _pick(self, words: NDArray[np.uint32], classes: NDArray[np.unsignedinteger]) -> Classes:
        keep = unit_float(words) < self._chance[classes]
        return np.where(keep, classes, self._alias[classes]).astype(np.int64)

    def probability(self, classes: Classes) -> Float32s:
        known = (classes >= 0) & (classes < self.range_max)
        weights = self._weights[np.where(known, classes, 0)]
        return np.where(known, weights / self._total, np.float32(0))


def _alias_table(weights: Float32s, total: float) -> tuple[Float32s, Classes]:
    """Walker's table in Vose's way: of n equal boxes each holds a class up to its chance, and above it another."""
    n = weights.size
    chance = ((weights * np.float32(n)).astype(np.float64) / total).tolist()
    alias = list(range(n))
    low = [i for i in range(n) if chance[i] < 1]
    high = [i for i in range(n) if chance[i] >= 1]
    while low and high:
        poor, rich = low.pop(), high.pop()
        alias[poor] = rich
        chance[rich] -= 1.0 - chance[poor]
        (low if chance[rich] < 1 else high).append(rich)
    # What rounding has left over would be 1 exactly.
    for i in low + high:
        chance[i] = 1.0
    return np.array(chance, np.float32), np.array(alias, np.int64)


class LearnedUnigramSampler:
    """Class c in proportion to one more than how often it has been a true class so far."""

    def __init__(self, range_max: int) -> None:
        self.range_max = self.possible = _checked(range_max)
        self._counts = np.ones(range_max, np.int32)
        self._cumulative = np.arange(1, range_max + 1)

    def draw(self, words: Words, count: int) -> Classes:
        drawn = unbiased(words, int(self._cumulative[-1]), count, 32)
        return np.searchsorted(self._cumulative, drawn.astype(np.int64), side="right")

    def probability(self, classes: Classes) -> Float32s:
        self._check(classes)
        return self._counts[classes].astype(np.float32) / np.float32(self._cumulative[-1])

    def learn(self, classes: Classes) -> None:
        """Count these classes, each as often as it appears."""
        self._check(classes)
        np.add.at(self._counts, classes, 1)
        self._cumulative = np.cumsum(self._counts)

    def _check(self, classes: Classes) -> None:
        outside = classes[(classes < 0) | (classes >= self.range_max)]
        if outside.size:
            raise ValueError(f"class {outside.flat[0]} is not in [0, {self.range_max})")
