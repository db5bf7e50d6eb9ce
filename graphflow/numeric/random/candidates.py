"""Candidate sampling: classes that stand for all others in a sampled loss, and how often each is expected.

expected(p) = n p                        when n draws gave the n classes
expected(p) = -expm1(tries log1p(-p))    when it took more tries to find n different ones
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.libm_float import expm1, log1p_of_minus
from graphflow.numeric.random.philox import Stream, Words
from graphflow.numeric.random.samplers import (
    Classes,
    Float32s,
    LearnedUnigramSampler,
    Sampler,
)

BLOCKS_PER_CANDIDATE = 512
MOST_TRIES = 2**31 - 1
# The largest number of draws made at once in the search for classes not seen before.
MOST_AT_ONCE = 1 << 16


class Candidates(NamedTuple):
    """What a candidate sampler gives: classes, and the expected counts of the true ones and of these."""

    sampled: Classes
    true_expected_count: Float32s
    sampled_expected_count: Float32s


def sample_candidates(
    stream: Stream, sampler: Sampler, true_classes: Classes, num_sampled: int, unique: bool
) -> Candidates:
    """`num_sampled` classes, all different if `unique`; a learning sampler then learns the true ones."""
    _check(true_classes, num_sampled)
    if unique and num_sampled > sampler.possible:
        raise ValueError(
            f"Sampler's range is too small: {num_sampled} different classes of {sampler.possible}"
        )
    expected_true = sampler.probability(true_classes)
    words = Words(stream, stream.reserve(BLOCKS_PER_CANDIDATE * num_sampled))
    tries = num_sampled
    if unique:
        sampled, tries = _different(sampler, words, num_sampled)
    else:
        sampled = sampler.draw(words, num_sampled)
    candidates = Candidates(
        sampled,
        _expected(expected_true, num_sampled, tries),
        _expected(sampler.probability(sampled), num_sampled, tries),
    )
    if isinstance(sampler, LearnedUnigramSampler):
        sampler.learn(true_classes)
    return candidates


def all_candidates(true_classes: Classes, num_sampled: int) -> Candidates:
    """The classes 0 ... num_sampled - 1, each expected once."""
    _check(true_classes, num_sampled)
    ones = np.ones(num_sampled, np.float32)
    return Candidates(np.arange(num_sampled), np.ones(true_classes.shape, np.float32), ones)


def accidental_hits(
    true_classes: Classes, sampled: Classes
) -> tuple[NDArray[np.int32], NDArray[np.int64], Float32s]:
    """Row, place in `sampled` and the weight -FLT_MAX of each true class that was sampled."""
    place = {candidate: at for at, candidate in enumerate(sampled.tolist())}
    hits = [
        (row, place[true])
        for row, classes in enumerate(true_classes.tolist())
        for true in classes
        if true in place
    ]
    rows, places = np.array(hits, np.int64).reshape(-1, 2).T
    weights = np.full(len(hits), np.finfo(np.float32).min, np.float32)
    return rows.astype(np.int32), places.copy(), weights


def _check(true_classes: Classes, num_sampled: int) -> None:
    if true_classes.ndim != 2:
        raise ValueError(f"true_classes must be a matrix, got shape {list(true_classes.shape)}")
    if num_sampled < 1:
        raise ValueError(f"num_sampled must be at least 1, got {num_sampled}")


def _different(sampler: Sampler, words: Words, wanted: int) -> tuple[Classes, int]:
    """The first `wanted` different classes, and how many draws they took."""
    found: dict[int, None] = {}
    tries, at_once = 0, wanted
    while tries < MOST_TRIES:
        for candidate in sampler.draw(words, at_once).tolist():
            tries += 1
            found[candidate] = None
            if len(found) == wanted:
                return np.fromiter(found, np.int64, wanted), tries
        at_once = min(2 * at_once, max(wanted, MOST_AT_ONCE))
    raise ValueError(f"found only {len(found)} of {wanted} different classes in {tries} tries")


def _expected(chance: Float32s, count: int, tries: int) -> Float32s:
    if tries == count:
        return chance * np.float32(count)
    return -expm1(np.float32(tries) * log1p_of_minus(chance))
