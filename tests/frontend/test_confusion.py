"""tf.confusion_matrix: counts against numpy, weights, surplus axes, and labels that are none."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import graphflow as tf


def run(fetches: Any) -> Any:
    with tf.Session() as session:
        return session.run(fetches)


def hidden(value: Any, shape: Any = None) -> Any:
    return tf.placeholder_with_default(value, shape)


def test_counts() -> None:
    rng = np.random.default_rng(0)
    labels, found = rng.integers(0, 5, 40), rng.integers(0, 5, 40)
    want = np.zeros((5, 5), int)
    np.add.at(want, (labels, found), 1)
    got = run(tf.confusion_matrix(labels, found))
    assert got.dtype == np.int32
    np.testing.assert_array_equal(got, want)
    np.testing.assert_array_equal(run(tf.confusion_matrix(labels, found, 5)), want)
    column = hidden(found[:, None])
    np.testing.assert_array_equal(run(tf.confusion_matrix(hidden(labels), column)), want)
    wider = run(tf.math.confusion_matrix(labels[:, None], found, num_classes=7, dtype=tf.float64))
    assert wider.shape == (7, 7)
    assert wider.dtype == np.float64


def test_weights() -> None:
    got = run(tf.confusion_matrix([0, 1, 1], [1, 1, 1], weights=[0.5, 2.0, 3.0], dtype=tf.float32))
    np.testing.assert_array_equal(got, [[0.0, 0.5], [0.0, 5.0]])
    with pytest.raises(ValueError, match="incompatible"):
        tf.confusion_matrix([0, 1, 1], [1, 1, 1], weights=[0.5, 2.0])


@pytest.mark.parametrize(
    ("labels", "found", "classes", "message"),
    [
        ([0, -1], [1, 1], None, "`labels` contains negative values"),
        ([0, 1], [1, -1], None, "`predictions` contains negative values"),
        ([0, 4], [1, 1], 3, "`labels` out of bound"),
        ([0, 1], [1, 4], 3, "`predictions` out of bound"),
    ],
)
def test_what_is_no_class(labels: Any, found: Any, classes: int | None, message: str) -> None:
    given = [hidden(np.int32(x), [None]) for x in (labels, found)]
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        run(tf.confusion_matrix(*given, num_classes=classes))
