"""Candidate samplers where recordings do not reach: words passed over, tiny chances, wrong arguments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from graphflow.numeric.random import (
    FixedUnigramSampler,
    LearnedUnigramSampler,
    LogUniformSampler,
    Stream,
    UniformSampler,
    Words,
    accidental_hits,
    all_candidates,
    sample_candidates,
)
from graphflow.numeric.random.samplers import unbiased

TRUE = np.array([[1], [2]])


class Given(Words):
    """Words that were chosen for the test."""

    def __init__(self, words: list[int]) -> None:
        super().__init__(Stream(0, 0))
        self.given = np.array([*words, *[2**31] * 20], np.uint32)

    def peek(self, count: int) -> Any:
        return self.given[self.offset : self.offset + count]


def test_small_words_are_passed_over() -> None:
    # 2^32 mod 10 is 6: the words 0 to 5 would favour the remainders 0 to 5.
    words = Given([3, 17, 5, 6, 0, 29])
    assert unbiased(words, 10, 3, 32).tolist() == [7, 6, 9]
    assert words.offset == 6


def test_small_pairs_are_passed_over() -> None:
    # 2^64 mod 10 is 6; the lower word comes first.
    words = Given([5, 0, 6, 0, 5, 1, 0, 0, 12, 0])
    assert unbiased(words, 10, 3, 64).tolist() == [6, (2**32 + 5) % 10, 2]


def test_powers_of_two_use_every_word() -> None:
    assert unbiased(Given([0, 1, 9]), 8, 3, 32).tolist() == [0, 1, 1]


def fixed_one_by_one(sampler: FixedUnigramSampler, words: Any, count: int) -> list[int]:
    """What `draw` does, in plain steps."""
    n, drawn = sampler.range_max, []
    for _ in range(count):
        chance = np.float32((words.draw() & 0x7FFFFF) / 2**23)
        word = words.draw()
        while word < 2**32 % n:
            word = words.draw()
        kept = chance < sampler._chance[word % n]
        drawn.append(int(word % n if kept else sampler._alias[word % n]))
    return drawn


@pytest.mark.parametrize("weights", [10, 7, 1])
def test_fixed_unigrams_where_words_are_passed_over(weights: int) -> None:
    sampler = FixedUnigramSampler(weights, np.arange(1, weights + 1, dtype=np.float32))
    generator = np.random.default_rng(weights)
    given = generator.integers(0, 2**32, 4000)
    given[generator.random(4000) < 0.3] = 0
    for count in (1, 2, 5, 1000):
        vector, single = Given(given.tolist()), Given(given.tolist())
        drawn = sampler.draw(vector, count).tolist()
        assert drawn == fixed_one_by_one(sampler, single, count)
        assert vector.offset == single.offset


def test_alias_table_keeps_the_weights() -> None:
    weights = np.array([5, 0, 1, 30, 0.5, 7], np.float32)
    sampler = FixedUnigramSampler(6, weights)
    chance = sampler._chance.astype(np.float64)
    total = chance.copy()
    np.add.at(total, sampler._alias, 1 - chance)
    np.testing.assert_allclose(total / 6, weights / weights.sum(), atol=1e-7)


def test_learning_changes_chances_after_the_draw() -> None:
    sampler = LearnedUnigramSampler(4)
    drawn = sample_candidates(Stream(1, 2), sampler, np.array([[3, 3], [3, 0]]), 2, False)
    np.testing.assert_array_equal(drawn.true_expected_count, np.full((2, 2), 0.5))
    np.testing.assert_array_equal(sampler.probability(np.arange(4)) * 8, [2, 1, 1, 4])


def test_accidental_hits() -> None:
    true = np.array([[1, 2], [3, 4], [7, 1], [9, 9]])
    rows, places, weights = accidental_hits(true, np.array([4, 1, 9, 8, 1]))
    assert rows.tolist() == [0, 1, 2, 3, 3]
    assert places.tolist() == [4, 0, 4, 2, 2]
    assert weights.tolist() == [-3.4028234663852886e38] * 5
    rows, places, weights = accidental_hits(true, np.array([5]))
    assert (rows.dtype, places.dtype, weights.dtype) == (np.int32, np.int64, np.float32)
    assert rows.size == places.size == weights.size == 0


def test_all_candidates() -> None:
    sampled, true_count, count = all_candidates(TRUE, 3)
    assert sampled.tolist() == [0, 1, 2]
    assert true_count.tolist() == [[1], [1]]
    assert count.tolist() == [1, 1, 1]


@pytest.mark.parametrize(
    ("make", "text"),
    [
        (lambda: UniformSampler(0), "range_max"),
        (lambda: LogUniformSampler(-3), "range_max"),
        (lambda: LearnedUnigramSampler(0), "range_max"),
        (lambda: FixedUnigramSampler(4, np.ones(3)), "there are 3 unigrams"),
        (lambda: FixedUnigramSampler(2, np.ones(3), num_shards=2, shard=2), "shard 2"),
        (lambda: FixedUnigramSampler(0, np.ones(0)), "range_max"),
        (lambda: FixedUnigramSampler(2, np.array([1, -1])), "unigrams"),
        (lambda: FixedUnigramSampler(2, np.array([1, np.nan])), "unigrams"),
        (lambda: FixedUnigramSampler(2, np.array([1, np.inf])), "unigrams"),
        (lambda: FixedUnigramSampler(2, np.zeros(2)), "unigrams"),
        (lambda: sample_candidates(Stream(1, 2), UniformSampler(3), TRUE, 4, True), "too small"),
        (lambda: sample_candidates(Stream(1, 2), UniformSampler(3), TRUE, 0, True), "num_sampled"),
        (lambda: sample_candidates(Stream(1, 2), UniformSampler(3), TRUE[0], 1, True), "matrix"),
        (
            lambda: sample_candidates(
                Stream(1, 2), FixedUnigramSampler(3, np.array([0, 5, 0])), TRUE, 2, True
            ),
            "too small",
        ),
        (
            lambda: sample_candidates(Stream(1, 2), LearnedUnigramSampler(2), TRUE, 1, True),
            r"class 2 is not in \[0, 2\)",
        ),
    ],
)
def test_wrong_arguments(make: Any, text: str) -> None:
    with pytest.raises(ValueError, match=text):
        make()


def test_a_failed_draw_uses_nothing() -> None:
    stream = Stream(1, 2)
    with pytest.raises(ValueError, match="not in"):
        sample_candidates(stream, LearnedUnigramSampler(2), TRUE, 1, True)
    assert stream.position == 0
