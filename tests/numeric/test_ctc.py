"""Connectionist temporal classification against the sum over all paths, one by one."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pytest

from graphflow.numeric import ctc


def spelled(path: tuple[int, ...], blank: int, merge: bool = True) -> tuple[int, ...]:
    """The sequence that a path spells."""
    kept = [p for i, p in enumerate(path) if not (merge and i and p == path[i - 1])]
    return tuple(p for p in kept if p != blank)


def chances(logits: Any, merge: bool = True) -> dict[tuple[int, ...], float]:
    """The probability of every sequence."""
    shares = np.exp(logits) / np.exp(logits).sum(-1, keepdims=True)
    found: dict[tuple[int, ...], float] = {}
    for path in itertools.product(range(logits.shape[1]), repeat=len(logits)):
        sequence = spelled(path, logits.shape[1] - 1, merge)
        chance = float(np.prod(shares[np.arange(len(path)), path]))
        found[sequence] = found.get(sequence, 0.0) + chance
    return found


def logits_of(times: int, classes: int, seed: int) -> Any:
    return np.random.default_rng(seed).standard_normal((times, 1, classes)) * 2


@pytest.mark.parametrize("merge", [True, False])
@pytest.mark.parametrize("labels", [[0], [0, 1], [1, 1], [0, 1, 0], [0, 0, 1]])
def test_loss_is_the_sum_over_paths(labels: list[int], merge: bool) -> None:
    x = logits_of(5, 3, len(labels))
    loss, _ = ctc.ctc_loss(x, [labels], np.array([5]), merge_repeated=merge)
    assert np.exp(-loss[0]) == pytest.approx(chances(x[:, 0], merge)[tuple(labels)], rel=1e-12)


@pytest.mark.parametrize("labels", [[0], [1, 1], [0, 1, 0]])
def test_gradient_is_the_slope_of_the_loss(labels: list[int]) -> None:
    x, length = logits_of(6, 3, 7), np.array([5])
    _, gradient = ctc.ctc_loss(x, [labels], length)
    for place in np.ndindex(x.shape):
        ends = []
        for step in (1e-6, -1e-6):
            moved = x.copy()
            moved[place] += step
            ends.append(ctc.ctc_loss(moved, [labels], length)[0][0])
        assert gradient[place] == pytest.approx((ends[0] - ends[1]) / 2e-6, abs=1e-7)


def test_labels_that_do_not_fit() -> None:
    x, length = logits_of(2, 3, 0), np.array([2])
    loss, gradient = ctc.ctc_loss(x, [[1, 1]], length)
    assert loss[0] == np.inf
    assert np.isfinite(gradient).all()
    with pytest.raises(ValueError, match="Not enough time"):
        ctc.ctc_loss(x, [[1, 0, 1]], length)
    loss, gradient = ctc.ctc_loss(x, [[1, 0, 1]], length, ignore_longer=True)
    assert loss[0] == 0
    assert not gradient.any()


@pytest.mark.parametrize("seed", range(8))
def test_a_wide_search_finds_the_likeliest_sequences(seed: int) -> None:
    x = logits_of(4, 3, seed)
    every = sorted(chances(x[:, 0]).items(), key=lambda item: -item[1])
    found, scores = ctc.ctc_beam_search(x, np.array([4]), 100, 3, merge_repeated=False)
    assert [tuple(path[0]) for path in found] == [sequence for sequence, _ in every[:3]]
    np.testing.assert_allclose(np.exp(scores[0]), [chance for _, chance in every[:3]], rtol=1e-9)


def test_greedy_takes_the_best_class_of_each_moment() -> None:
    best = [1, 1, 2, 0, 2, 0, 0, 1]
    x = np.eye(3)[best][:, None] * 5
    for merge in (True, False):
        found, scores = ctc.ctc_greedy_decode(x, np.array([8]), merge)
        assert tuple(found[0]) == spelled(tuple(best), 2, merge)
        assert scores[0, 0] == -40
