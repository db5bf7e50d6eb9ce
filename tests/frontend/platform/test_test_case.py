"""tf.test.TestCase: its assertions pass and fail where they should."""

from __future__ import annotations

import unittest

import numpy as np
import pytest

import graphflow as tf


class Case(tf.test.TestCase):
    # run by hand below: one of its tests is meant to fail
    __test__ = False

    def test_good(self) -> None:
        with self.test_session() as sess:
            x = tf.constant([1.0, 2.0])
            self.assertAllClose(x, [1.0, 2.0 + 1e-7])
            self.assertAllEqual(sess.run(x), x)
            self.assertShapeEqual(np.zeros(2), x)
            assert self.evaluate(x * 2).tolist() == [2, 4]
            self.assertAllInRange(x, 1, 2)
            self.assertAllClose({"a": [1.0]}, {"a": x[:1]})
        with self.session(graph=tf.Graph()) as other:
            y = tf.placeholder(tf.float32, [None])
            bad = tf.add(y, [1.0, 2.0, 3.0])
            with self.assertRaisesOpError("Incompatible shapes"):
                other.run(bad, {y: [1, 2]})

    def test_bad(self) -> None:
        self.assertAllClose([1.0], [1.1])

    def test_gradients(self) -> None:
        with self.cached_session():
            x = tf.placeholder(tf.float64, [3])
            y = tf.stack([tf.reduce_sum(tf.square(x)), tf.reduce_prod(x)])
            start = np.array([0.5, -1.0, 2.0])
            by_rule, by_step = tf.test.compute_gradient(x, [3], y, [2], start)
            np.testing.assert_allclose(by_rule[:, 0], 2 * start)
            assert by_step.shape == (3, 2)
            assert tf.test.compute_gradient_error(x, [3], y, [2], start) < 1e-5
            wrong = tf.stop_gradient(y) + 0 * y
            assert tf.test.compute_gradient_error(x, [3], wrong, [2], start) > 0.1


@pytest.mark.parametrize(
    ("name", "passes"), [("test_good", True), ("test_bad", False), ("test_gradients", True)]
)
def test_the_case(name: str, passes: bool) -> None:
    result = unittest.TestResult()
    Case(name).run(result)
    assert not result.errors, result.errors
    assert result.wasSuccessful() is passes, result.failures
