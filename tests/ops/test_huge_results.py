"""Results larger than memory are an error of the run, found before any memory is taken."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.numeric import room


@pytest.mark.parametrize(
    "build",
    [
        lambda n: tf.fill([n, n], 1.0),
        lambda n: tf.zeros([n, n]),
        lambda n: tf.tile([[1.0]], [n, n]),
        lambda n: tf.broadcast_to(1.0, [n, n]),
        lambda n: tf.pad([[1.0]], [[n, 0], [0, n]]),
        lambda n: tf.scatter_nd([[0, 0]], [1.0], [n, n]),
        lambda n: tf.sparse_to_dense([[0, 0]], [n, n], 1.0),
        lambda n: tf.random_uniform([n, n]),
        lambda n: tf.truncated_normal([n, n], dtype=tf.float64),
        lambda n: tf.random.stateless_normal([n, n], [1, 2]),
    ],
)
def test_results_that_do_not_fit(build: Callable[[Any], Any]) -> None:
    n = tf.placeholder(tf.int32, [])
    y = build(n)
    with tf.Session() as session:
        with pytest.raises(tf.errors.ResourceExhaustedError, match="OOM when allocating"):
            session.run(y, {n: 2**30})
        assert np.size(session.run(y, {n: 2})) in (4, 9)


def test_small_results_ask_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "available", lambda: 0)
    room.check_room((1000, 1000), 8)
    with pytest.raises(MemoryError, match="8000000000 bytes"):
        room.check_room((1000, 1000, 1000), 8)


def test_a_system_that_says_nothing_is_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "available", lambda: None)
    room.check_room((2**40,), 8)
