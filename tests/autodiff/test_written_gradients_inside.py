"""Gradients that users wrote, inside branches and loops, differentiated again.

What such a gradient closes over lives in the forward body, two bodies away from where its own gradient is made.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphflow as tf

POINTS = np.array([-1.5, -0.25, 0.5, 2.0], np.float32)


def leaky_cube(x: Any) -> Any:
    """max(x, x / 5) ** 3 with a gradient of its own, which has one too."""

    @tf.custom_gradient
    def function(x: Any) -> Any:
        y = tf.maximum(x, x * 0.2)

        @tf.custom_gradient
        def gradient(dy: Any) -> Any:
            return tf.where(y >= 0, dy, dy * 0.2), lambda ddx: tf.where(y >= 0, ddx, ddx * 0.2)

        return y, gradient

    return function(x) ** 3


def in_no_body(x: Any, flag: Any) -> Any:
    return leaky_cube(x * x - 1.0)


def in_a_branch(x: Any, flag: Any) -> Any:
    return tf.cond(flag, lambda: leaky_cube(x * x - 1.0), lambda: x)


def in_the_other_branch(x: Any, flag: Any) -> Any:
    return tf.cond(tf.logical_not(flag), lambda: x, lambda: leaky_cube(x * x - 1.0))


def in_a_branch_of_a_branch(x: Any, flag: Any) -> Any:
    def inner() -> Any:
        return tf.cond(flag, lambda: leaky_cube(x * x - 1.0), lambda: -x)

    return tf.cond(flag, inner, lambda: x * 2.0)


def in_a_loop(x: Any, flag: Any) -> Any:
    def step(i: Any, y: Any) -> Any:
        return i + 1, leaky_cube(y * x - 1.0)

    return tf.while_loop(lambda i, y: i < 1, step, [0, x])[1]


def in_a_branch_of_a_loop(x: Any, flag: Any) -> Any:
    def step(i: Any, y: Any) -> Any:
        return i + 1, tf.cond(flag, lambda: leaky_cube(y * x - 1.0), lambda: y)

    return tf.while_loop(lambda i, y: i < 1, step, [0, x])[1]


def derivatives(build: Callable[[Any, Any], Any]) -> list[Any]:
    x, flag = tf.placeholder(tf.float32, [4]), tf.placeholder(tf.bool, [])
    y = build(x, flag)
    first = tf.gradients(y, x)[0]
    second = tf.gradients(first * tf.sin(x), x)[0]
    with tf.Session() as session:
        return list(session.run([y, first, second], {x: POINTS, flag: True}))


def by_hand() -> list[Any]:
    x = POINTS.astype(np.float64)
    u = x * x - 1
    k = np.where(u >= 0, 1.0, 0.2) ** 3
    first, change = k * 6 * x * u**2, k * (6 * u**2 + 24 * x**2 * u)
    return [k * u**3, first, change * np.sin(x) + first * np.cos(x)]


@pytest.mark.parametrize(
    "build",
    [
        in_no_body,
        in_a_branch,
        in_the_other_branch,
        in_a_branch_of_a_branch,
        in_a_loop,
        in_a_branch_of_a_loop,
    ],
)
def test_first_and_second_derivatives(build: Callable[[Any, Any], Any]) -> None:
    for found, expected in zip(derivatives(build), by_hand(), strict=True):
        np.testing.assert_allclose(found, expected, rtol=2e-5, atol=1e-6)


def test_a_branch_that_was_not_taken_gives_its_plain_derivatives() -> None:
    x, flag = tf.placeholder(tf.float32, [4]), tf.placeholder(tf.bool, [])
    first = tf.gradients(in_a_branch_of_a_branch(x, flag), x)[0]
    second = tf.gradients(first * x, x)[0]
    with tf.Session() as session:
        found = session.run([first, second], {x: POINTS, flag: False})
    np.testing.assert_array_equal(found, [[2] * 4, [2] * 4])
