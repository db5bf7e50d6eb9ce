"""Accumulators between threads: who waits for gradients, and that nobody waits for ever."""

from __future__ import annotations

from typing import Any

import pytest

import graphflow as tf
from tests.frontend.test_queue_threads import Background


@pytest.fixture(params=["dense", "sparse"])
def sums(request: Any) -> Any:
    """Something that applies a gradient, and something that takes one of two."""
    if request.param == "dense":
        dense = tf.ConditionalAccumulator(tf.float32, [1])
        return dense.apply_grad([2.0], 1), dense.take_grad(2)
    sparse = tf.SparseConditionalAccumulator(tf.float32)
    return sparse.apply_grad([0], [2.0], local_step=1), sparse.take_grad(2)[1]


def test_takes_when_enough_are_there(sums: Any) -> None:
    apply, take = sums
    with tf.Session() as session:
        taker = Background(lambda: session.run(take))
        session.run(apply)
        assert taker.waits()
        session.run(apply)
        assert taker.ended().result.tolist() == [2.0]


def test_takers_stand_in_line(sums: Any) -> None:
    apply, take = sums
    with tf.Session() as session:
        first = Background(lambda: session.run(take))
        assert first.waits()
        second = Background(lambda: session.run(take))
        for _ in range(2):
            session.run(apply)
        first.ended()
        assert second.waits()
        for _ in range(2):
            session.run(apply)
        assert second.ended().result.tolist() == [2.0]


def test_closing_the_session_ends_the_wait(sums: Any) -> None:
    session = tf.Session()
    taker = Background(lambda: session.run(sums[1]))
    assert taker.waits()
    session.close()
    assert isinstance(taker.ended().error, tf.errors.CancelledError)


def test_a_deadline_ends_the_wait(sums: Any) -> None:
    options = tf.RunOptions(timeout_in_ms=20)
    with tf.Session() as session, pytest.raises(tf.errors.DeadlineExceededError):
        session.run(sums[1], options=options)
