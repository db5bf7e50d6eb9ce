"""The gradient of While: against finite differences, closed forms, and what it may not do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir.node import Tensor
from graphflow.ops.control_flow import While
from graphflow.schedule.plan import make_plan


def given(value: Any, shape: Any = None) -> Tensor:
    """A float64 value that is not known when the graph is built."""
    array = np.asarray(value, np.float64)
    tensor: Tensor = tf.placeholder_with_default(array, array.shape if shape is None else shape)
    return tensor


def times(n: Any, body: Callable[..., Any], *first: Any, **options: Any) -> Any:
    """The loop variables after n iterations."""

    def step(i: Any, *values: Any) -> Any:
        found = body(i, *values)
        return (i + 1, *(found if isinstance(found, list | tuple) else [found]))

    return tf.while_loop(lambda i, *_: i < n, step, (tf.constant(0), *first), **options)[1:]


def loop() -> While:
    """The op of the first loop."""
    op = tf.get_default_graph().get_operation_by_name("while/Exit").op
    assert isinstance(op, While)
    return op


def check(y: Tensor, xs: list[Tensor]) -> None:
    """<u, dy/dx d> by finite differences equals <dy/dx^T u, d> by gradients."""
    random, step = np.random.RandomState(0), 1e-6
    with tf.Session() as session:
        u = random.randn(*session.run(y).shape)
        grads = tf.gradients(y, xs, grad_ys=tf.constant(u))
        for x, grad in zip(xs, grads, strict=True):
            at = session.run(x)
            direction = random.randn(*at.shape)
            above, below = (session.run(y, {x: at + s * step * direction}) for s in (1, -1))
            slope = np.sum(u * (above - below)) / (2 * step)
            value = session.run(tf.convert_to_tensor(grad))
            np.testing.assert_allclose(slope, np.sum(value * direction), rtol=1e-6)


@pytest.mark.parametrize("n", [0, 1, 4])
@pytest.mark.parametrize("shape", [[2, 3], [None, 3], [None, None]])
def test_slopes_of_a_recurrent_cell(n: int, shape: Any) -> None:
    random = np.random.RandomState(2)
    x, h = given(random.randn(2, 3), shape), given(random.randn(2, 3), shape)
    w, b = given(random.randn(6, 3), [6, 3]), given(random.randn(3))

    def cell(i: Any, state: Any) -> Any:
        both = tf.concat([x * tf.cast(i + 1, tf.float64), state], 1)
        new = tf.tanh(tf.matmul(both, w) + b)
        new.set_shape(state.shape)
        return new

    (y,) = times(n, cell, h)
    check(y, [h] if n == 0 else [x, h, w, b])


def test_slopes_through_growing_shapes() -> None:
    x, y = given([[1.0, 2.0]]), given([[0.5, -1.0]])
    options = {"shape_invariants": (tf.TensorShape([]), tf.TensorShape([None, 2]))}
    (z,) = times(3, lambda i, a: tf.concat([a * y, tf.sin(a)], 0), x, **options)
    check(z, [x, y])


def test_slopes_of_gathered_rows_are_slices() -> None:
    table = given(np.arange(8.0).reshape(4, 2))
    (y,) = times(3, lambda i, a: a + a * tf.gather(table, [i, 0]), given(np.ones((2, 2))))
    (grad,) = tf.gradients(y, table)
    assert isinstance(grad, tf.IndexedSlices)
    with tf.Session() as session:
        assert session.run(grad.indices).tolist() == [0, 2, 0, 1, 0, 0, 0]
    dense = tf.identity(table)
    (z,) = times(3, lambda i, a: a + a * tf.gather(dense, [i, 0]), given(np.ones((2, 2))))
    check(z, [dense])


def test_higher_derivatives_of_a_power() -> None:
    """x^4 by three multiplications: 4x^3, 12x^2, 24x, 24, and nothing after that."""
    x = given(1.5)
    (y,) = times(3, lambda i, a: a * x, x)
    found = [y]
    for _ in range(4):
        found += tf.gradients(found[-1], x)
    with tf.Session() as session:
        values = session.run(found)
    np.testing.assert_allclose(values, [1.5**4, 4 * 1.5**3, 12 * 1.5**2, 24 * 1.5, 24.0])


def test_second_order_inside_and_outside_of_a_map() -> None:
    """A step of gradient descent for each row, differentiated as a whole: as in learning to learn.

    loss = sum (a w - 1)^2, w' = w - r dloss/dw, result = sum (a w' - 1)^2 summed over rows a.
    """
    rows = np.random.RandomState(3).randn(4, 2)
    w, rate = tf.Variable([0.5, -0.3], dtype=tf.float64), 0.1
    x = given(rows)

    def loss(a: Any, weights: Any) -> Any:
        return tf.reduce_sum(tf.square(a * weights - 1.0))

    def adapted(a: Any) -> Any:
        (grad,) = tf.gradients(loss(a, w), w)
        return loss(a, w - rate * grad)

    total = tf.reduce_sum(tf.map_fn(adapted, x))
    (by_w,), (by_x,) = tf.gradients(total, w), tf.gradients(total, x)
    start = np.array([0.5, -0.3])
    after = start - rate * 2 * rows * (rows * start - 1)
    outer = 2 * rows * (rows * after - 1) * (1 - rate * 2 * rows**2)
    by_rows = 2 * (rows * after - 1) * (after - rows * rate * 2 * (2 * rows * start - 1))
    with tf.Session() as session:
        session.run(w.initializer)
        np.testing.assert_allclose(session.run(by_w), outer.sum(0), rtol=1e-10)
        np.testing.assert_allclose(session.run(by_x), by_rows, rtol=1e-10)


def test_nothing_runs_twice() -> None:
    """The gradient of a product of random factors uses the very factors that were drawn."""
    tf.set_random_seed(1)
    count = tf.Variable(0.0)
    x = given([1.0, 2.0])

    def body(i: Any, a: Any) -> Any:
        with tf.control_dependencies([count.assign_add(1.0)]):
            return a * tf.random_uniform([2], 1.0, 2.0, tf.float64)

    (y,) = times(5, body, x)
    (grad,) = tf.gradients(y, x)
    (again,) = tf.gradients(tf.reduce_sum(y * y), x)
    with tf.Session() as session:
        session.run(count.initializer)
        value, slope, other = session.run([y, grad, again])
        np.testing.assert_allclose(value, slope * [1.0, 2.0])
        np.testing.assert_allclose(other, 2.0 * value * slope)
        assert session.run(count) == 5.0


def test_only_what_is_wanted_is_differentiated() -> None:
    x, y = given([1.0, 2.0]), given([3.0, 4.0])
    a, b = times(3, lambda i, a, b: (a * 2.0, b * b), x, y)
    tf.gradients([a, b], x)
    # doubling needs no value of the forward loop: what is kept tells how many iterations there were
    assert [t.node.type for t in loop().body.outputs[3:]] == ["Const"]


def test_of_values_whose_shape_is_wanted_the_shape_is_kept() -> None:
    x, y = given(np.ones((2, 3)), [None, 3]), given(np.ones(3), [3])
    (z,) = times(3, lambda i, a: a + y, x)
    (grad,) = tf.gradients(z, y)
    kept = loop().body.outputs[2:]
    assert kept
    assert all(t.dtype is tf.int32 for t in kept)
    with tf.Session() as session:
        np.testing.assert_allclose(session.run(grad), [6.0, 6.0, 6.0])


def test_a_run_without_gradients_keeps_no_histories() -> None:
    x = given([1.0, 2.0])
    (y,) = times(3, lambda i, a: tf.sin(a) * x, x)
    tf.gradients(y, x)
    plan, body = make_plan([y], (), ()), loop().body
    assert len(body.outputs) > 2
    assert [slot for slot, _ in plan.bodies[body].results[2:]] == [-1] * (len(body.outputs) - 2)


def test_variables_that_nobody_fetches_are_not_computed() -> None:
    v = tf.Variable(0.0)

    def body(i: Any, a: Any) -> Any:
        with tf.control_dependencies([v.assign_add(1.0)]):
            a = a + 1.0
        return i + 1, a

    i, a = tf.while_loop(lambda i, a: i < 3, body, (0, 0.0))
    with tf.Session() as session:
        session.run(v.initializer)
        assert session.run(i) == 3
        assert session.run(v) == 0.0
        assert session.run(a) == 3.0
        assert session.run(v) == 3.0


def test_loops_of_other_lengths_in_one_session() -> None:
    n = tf.placeholder(tf.int32, [])
    x = given(1.1)
    (y,) = times(n, lambda i, a: a * x, x)
    (grad,) = tf.gradients(y, x)
    with tf.Session() as session:
        for count in (5, 0, 1, 12):
            value, slope = session.run([y, grad], {n: count})
            np.testing.assert_allclose(value, 1.1 ** (count + 1))
            np.testing.assert_allclose(slope, (count + 1) * 1.1**count)


def test_an_inner_loop_asked_for_by_several_gradients() -> None:
    """Histories shared by several gradient loops are added when they are differentiated themselves."""
    x = given([0.5, 0.7])
    (y,) = times(2, lambda i, a: times(2, lambda j, b: tf.sin(b) * x, a)[0], x)
    (first,) = tf.gradients(y, x)
    (second,) = tf.gradients(y * y, x)
    check(first * second, [x])


def test_a_gradient_of_a_name_that_is_not_gradients() -> None:
    x = given([1.0, 2.0, 3.0])
    array = tf.TensorArray(tf.float64, 3).unstack(x)
    y = array.read(1) * 5.0
    (grad,) = tf.gradients(y, x, name="slope")
    with tf.Session() as session:
        np.testing.assert_allclose(session.run(grad), [0.0, 5.0, 0.0])


def test_an_element_read_twice_has_second_derivatives() -> None:
    x = given([0.3, 0.5])
    array = tf.TensorArray(tf.float64, 2, clear_after_read=False).unstack(x)
    y = tf.sin(array.read(0)) * array.read(0) * array.read(1)
    (grad,) = tf.gradients(y, x)
    check(grad, [x])
