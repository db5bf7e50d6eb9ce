"""tf.contrib.opt.ScipyOptimizerInterface: where it ends is known by arithmetic."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import graphflow as tf


@pytest.fixture
def problem() -> Any:
    """The squares of a vector and of the distances of another from 3."""
    vector = tf.Variable([7.0, 7.0], name="vector")
    other = tf.Variable([[1.0, 2.0]], name="other")
    return vector, other, tf.reduce_sum(tf.square(vector)) + tf.reduce_sum(tf.square(other - 3.0))


def _end(optimizer: Any, variables: Any, **asked: Any) -> Any:
    pytest.importorskip("scipy")
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        optimizer.minimize(sess, **asked)
        return sess.run(variables)


def test_idiom_scipy_optimizer(problem: Any) -> None:
    vector, other, loss = problem
    scale = tf.placeholder(tf.float32, [])
    seen: list[Any] = []
    end = _end(
        tf.contrib.opt.ScipyOptimizerInterface(loss * scale, options={"maxiter": 100}),
        [vector, other],
        feed_dict={scale: 2.0},
        fetches=[loss, scale],
        loss_callback=lambda *got: seen.append(got),
    )
    np.testing.assert_allclose(end[0], [0, 0], atol=1e-5)
    np.testing.assert_allclose(end[1], [[3, 3]], rtol=1e-5)
    assert seen[0] == (98 + 4 + 1, 2)
    assert seen[-1][0] < 1e-8


def test_bounds(problem: Any) -> None:
    vector, other, loss = problem
    bounds = {vector: ([1, 2], np.inf)}
    optimizer = tf.contrib.opt.ScipyOptimizerInterface(loss, var_to_bounds=bounds)
    end = _end(optimizer, [vector, other])
    np.testing.assert_allclose(end[0], [1, 2])
    np.testing.assert_allclose(end[1], [[3, 3]], rtol=1e-5)


def test_constraints_and_a_list_of_variables(problem: Any) -> None:
    vector, other, _ = problem
    optimizer = tf.contrib.opt.ScipyOptimizerInterface(
        tf.reduce_sum(tf.square(vector)),
        var_list=[vector],
        equalities=[vector[1] - 1.0],
        inequalities=[vector[0] - 1.0],
        method="SLSQP",
    )
    end = _end(optimizer, [vector, other])
    np.testing.assert_allclose(end[0], [1, 1], rtol=1e-5)
    np.testing.assert_array_equal(end[1], [[1, 2]])


@pytest.mark.parametrize("name", ["bounds", "jac", "callback"])
def test_what_is_set_by_the_interface_itself(problem: Any, name: str) -> None:
    vector, _, loss = problem
    with pytest.raises(ValueError, match="var_to_bounds" if name == "bounds" else name):
        _end(tf.contrib.opt.ScipyOptimizerInterface(loss, **{name: None}), vector)


def test_a_subclass_says_how(problem: Any) -> None:
    vector, other, loss = problem

    class Newton(tf.contrib.opt.ExternalOptimizerInterface):
        def _minimize(self, *, initial_val: Any, loss_grad_func: Any, **_: Any) -> Any:
            return initial_val - loss_grad_func(initial_val)[1] / 2

    end = _end(Newton(loss), [vector, other])
    assert [value.tolist() for value in end] == [[0, 0], [[3, 3]]]
    with pytest.raises(NotImplementedError, match="_minimize"):
        _end(tf.contrib.opt.ExternalOptimizerInterface(loss), vector)
