"""The gradient of If: against finite differences, by the dot-product rule, and what it may not do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir.node import Tensor
from graphflow.schedule.plan import make_plan

F = Callable[..., Any]


def given(value: Any, shape: Any = None) -> Tensor:
    """A float64 value that is not known when the graph is built."""
    array = np.asarray(value, np.float64)
    tensor: Tensor = tf.placeholder_with_default(array, array.shape if shape is None else shape)
    return tensor


def slopes(session: Any, y: Tensor, x: Tensor, direction: Any, step: float = 1e-6) -> Any:
    """(y(x + step d) - y(x - step d)) / 2 step."""
    at = session.run(x)
    above, below = (session.run(y, {x: at + s * step * direction}) for s in (1, -1))
    return (above - below) / (2 * step)


def check(y: Tensor, xs: list[Tensor], feed: dict[Any, Any] | None = None) -> None:
    """<u, dy/dx d> by finite differences equals <dy/dx^T u, d> by gradients."""
    random = np.random.RandomState(0)
    with tf.Session() as session:
        u = random.randn(*session.run(y, feed).shape)
        grads = tf.gradients(y, xs, grad_ys=tf.constant(u))
        for x, grad in zip(xs, grads, strict=True):
            direction = random.randn(*session.run(x).shape)
            value = 0.0 if grad is None else session.run(grad, feed)
            if feed:
                at, step = session.run(x), 1e-6
                above = session.run(y, {**feed, x: at + step * direction})
                below = session.run(y, {**feed, x: at - step * direction})
                slope = (above - below) / (2 * step)
            else:
                slope = slopes(session, y, x, direction)
            np.testing.assert_allclose(np.sum(u * slope), np.sum(value * direction), rtol=1e-6)


def polynomial(x: Any, y: Any) -> Any:
    return x * x * y + tf.sin(x)


BRANCHES: dict[str, tuple[F, F]] = {
    "both use all": (polynomial, lambda x, y: x / (y * y + 1.0)),
    "one uses one": (lambda x, y: x * x, lambda x, y: y * y),
    "a constant": (polynomial, lambda x, y: tf.zeros([2, 3], tf.float64)),
    "nothing but the argument": (lambda x, y: x, lambda x, y: y),
    "reductions": (
        lambda x, y: tf.reduce_sum(x, 0, keepdims=True) * y,
        lambda x, y: x - tf.reduce_mean(x * y),
    ),
    "a branch inside": (
        lambda x, y: tf.cond(tf.reduce_sum(y) > 0.0, lambda: x * y, lambda: x - y),
        lambda x, y: y * tf.cond(tf.reduce_sum(x) > 0.0, lambda: x * y, lambda: x),
    ),
}


@pytest.mark.parametrize("shape", [[2, 3], [None, 3], [None, None]])
@pytest.mark.parametrize("taken", [True, False])
@pytest.mark.parametrize("name", BRANCHES)
def test_slopes(name: str, taken: bool, shape: Any) -> None:
    f, g = BRANCHES[name]
    random = np.random.RandomState(1)
    x, y = given(random.randn(2, 3), shape), given(random.randn(2, 3), shape)
    predicate = tf.placeholder(tf.bool, [])
    z = tf.cond(predicate, lambda: f(x, y), lambda: g(x, y))
    check(z, [x, y], {predicate: taken})


@pytest.mark.parametrize("taken", [True, False])
def test_the_second_derivative_is_symmetric(taken: bool) -> None:
    """H = d(grad)/dx is symmetric: <u, H v> = <H u, v>, and H v are the slopes of the gradient."""
    x = given([0.3, -0.7, 1.1])
    predicate = tf.placeholder_with_default(np.array(taken), [])
    y = tf.cond(
        predicate,
        lambda: tf.reduce_sum(x * x * x) * tf.reduce_sum(tf.sin(x)),
        lambda: tf.reduce_prod(x) * tf.exp(tf.reduce_sum(x)),
    )
    (grad,) = tf.gradients(y, x)
    u, v = np.array([1.0, -2.0, 0.5]), np.array([0.2, 1.5, -1.0])
    (hu,), (hv,) = (
        tf.gradients(grad, x, grad_ys=tf.constant(u)),
        tf.gradients(grad, x, tf.constant(v)),
    )
    with tf.Session() as session:
        hu, hv = session.run([hu, hv])
        np.testing.assert_allclose(u @ hv, hu @ v, rtol=1e-12)
        np.testing.assert_allclose(slopes(session, grad, x, v), hv, rtol=1e-6)


def test_nothing_runs_twice() -> None:
    """The gradient uses what the branch drew and what it counted; running both draws and counts once."""
    tf.set_random_seed(1)
    count = tf.Variable(0.0)
    x = given([1.0, 2.0])
    noise: list[Tensor] = []

    def noisy() -> Any:
        drawn = tf.random_uniform([2], dtype=tf.float64)
        with tf.control_dependencies([count.assign_add(1.0)]):
            noise.append(tf.identity(drawn))
        return x * noise[0]

    y = tf.cond(tf.placeholder_with_default(True, []), noisy, lambda: x)
    (grad,) = tf.gradients(y, x)
    (again,) = tf.gradients(tf.reduce_sum(y * y), x)
    with tf.Session() as session:
        session.run(count.initializer)
        value, slope, other = session.run([y, grad, again])
        np.testing.assert_allclose(value, slope * [1.0, 2.0])
        np.testing.assert_allclose(other, 2.0 * value * slope)
        assert session.run(count) == 1.0


def test_what_no_gradient_asks_for_is_not_kept() -> None:
    x = given([1.0, 2.0])
    y = tf.cond(tf.placeholder_with_default(True, []), lambda: tf.sin(tf.exp(x)), lambda: x)
    (grad,) = tf.gradients(y, x)
    body = y.node.op.then_branch  # type: ignore[attr-defined]  # an If
    assert [t.node.type for t in body.outputs] == ["Sin", "Exp"]
    taken = [
        [slot >= 0 for slot, _ in make_plan([fetch], (), ()).bodies[body].results]
        for fetch in (y, grad)
    ]
    assert taken == [[True, False], [False, True]]


def test_results_that_nobody_fetches_have_no_effect() -> None:
    v = tf.Variable(1.0)
    a, b = tf.cond(
        tf.placeholder_with_default(True, []),
        lambda: (tf.constant(5.0), v.assign(9.0)),
        lambda: (0.0, v),
    )
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(a) == 5.0
        assert session.run(v) == 1.0
        assert session.run([a, b]) == [5.0, 9.0]


def test_updates_made_in_a_branch_can_be_waited_for_outside() -> None:
    """As the updates of batch normalisation are, when a whole model is built inside of cond."""
    v = tf.Variable(1.0)
    updates = []

    def train() -> Any:
        updates.append(v.assign_add(1.0))
        return tf.constant(1.0)

    predicate = tf.placeholder(tf.bool, [])
    y = tf.cond(predicate, train, lambda: tf.constant(2.0))
    with tf.control_dependencies(updates):
        z = tf.identity(y)
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(y, {predicate: True}) == 1.0
        assert session.run(v) == 1.0
        assert session.run(z, {predicate: True}) == 1.0
        assert session.run(v) == 2.0
        assert session.run(z, {predicate: False}) == 2.0
        assert session.run(v) == 2.0


def test_gradient_by_a_variable_inside_and_outside() -> None:
    """y = v^2 x inside: by v there, and by v of the result that holds that gradient."""
    v = tf.Variable([2.0, 3.0], dtype=tf.float64)
    x = given([0.5, 0.25])
    y = tf.cond(
        tf.placeholder_with_default(True, []),
        lambda: tf.gradients(tf.reduce_sum(v * v * x), v)[0] * v,
        lambda: x,
    )
    (grad,) = tf.gradients(y, v)
    with tf.Session() as session:
        session.run(v.initializer)
        np.testing.assert_allclose(session.run(y), [2 * 4 * 0.5, 2 * 9 * 0.25])
        np.testing.assert_allclose(session.run(grad), [4 * 2 * 0.5, 4 * 3 * 0.25])


def test_gradient_inside_goes_on_to_sources_outside() -> None:
    """h = x^3 is made outside, the gradient by x is asked for inside."""
    x = given(2.0)
    h = x * x * x
    taken = tf.placeholder_with_default(True, [])
    g = tf.cond(taken, lambda: tf.gradients(h * h, x)[0], lambda: x)
    deep = tf.cond(
        taken, lambda: tf.cond(taken, lambda: tf.gradients(h * x, x)[0], lambda: x), lambda: x
    )
    with tf.Session() as session:
        np.testing.assert_allclose(session.run(g), 6 * 2.0**5)
        np.testing.assert_allclose(session.run(deep), 4 * 2.0**3)


def test_a_captured_constant_is_known_inside() -> None:
    x = tf.placeholder(tf.float32, [None, 6])
    rows, columns = tf.shape(x)[0], tf.constant(3)
    shapes = []

    def split() -> Any:
        parts = tf.reshape(x, [rows, columns, 2])
        shapes.append(parts.shape)
        return parts

    y = tf.cond(tf.placeholder(tf.bool, []), split, lambda: tf.zeros([rows, 3, 2]))
    assert shapes[0].as_list() == [None, 3, 2]
    assert y.shape.known is not None
    assert y.shape.known[0] is x.shape.known[0]  # type: ignore[index]  # its rank is known
