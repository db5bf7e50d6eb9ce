"""The messages that people meet first, read whole.

`AT` stands for the place in this file, which moves when the file is edited.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

import graphflow as tf

AT = re.compile(r"\S*test_error_messages\.py:\d+")


def message(error: type[Exception], action: Callable[[], Any]) -> str:
    with pytest.raises(error) as info:
        action()
    return AT.sub("AT", str(info.value))


def test_a_wrong_matmul() -> None:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    w = tf.zeros([4, 5], name="w")
    assert (
        message(ValueError, lambda: tf.matmul(x, w, name="layer"))
        == """\
MatMul: Dimensions must be equal, but are 3 and 4: shapes (?, 3) and (4, 5) do not chain
  op: MatMul 'layer'
  at: AT   message(ValueError, lambda: tf.matmul(x, w, name="layer"))
  a: Tensor("x:0", shape=(?, 3), dtype=float32), from AT
  b: Tensor("w:0", shape=(4, 5), dtype=float32), from AT
  next: print(tf.get_default_graph().as_text()) shows the graph so far"""
    )


def test_a_dtype_mix() -> None:
    x = tf.placeholder(tf.float32, [2], name="x")
    y = tf.placeholder(tf.float64, [2], name="y")
    assert (
        message(TypeError, lambda: x + y)
        == """\
Input 'y' of 'AddV2' Op has type float64 that does not match type float32 of argument 'x'.
  op: AddV2 'add'
  at: AT   message(TypeError, lambda: x + y)
  x: Tensor("x:0", shape=(2,), dtype=float32), from AT
  y: Tensor("y:0", shape=(2,), dtype=float64), from AT
  hint: tf.cast(y, tf.float32) converts it; types are never mixed silently
  next: print(tf.get_default_graph().as_text()) shows the graph so far"""
    )


def test_a_missing_feed() -> None:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    y = tf.placeholder(tf.int32, name="y")
    total = tf.reduce_sum(x) + tf.cast(y, tf.float32)
    with tf.Session() as sess:
        text = message(tf.errors.InvalidArgumentError, lambda: sess.run(total))
    assert (
        text
        == """\
You must feed a value for placeholder tensor 'x' with dtype float32 and shape (?, 3) \
(made at AT: x = tf.placeholder(tf.float32, [None, 3], name="x"))
You must feed a value for placeholder tensor 'y' with dtype int32 \
(made at AT: y = tf.placeholder(tf.int32, name="y"))
  at: AT
  hint: sess.run(fetches, feed_dict={'x:0': ..., 'y:0': ...})"""
    )


def test_two_wrong_feeds_at_once() -> None:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    n = tf.placeholder(tf.int32, [], name="n")
    with tf.Session() as sess:
        text = message(ValueError, lambda: sess.run([x, n], {x: [[1, 2]], n: [1]}))
    assert (
        text
        == """\
2 feeds do not fit:
Cannot feed value of shape (1, 2) for Tensor 'x:0', which has shape '(?, 3)' \
(made at AT: x = tf.placeholder(tf.float32, [None, 3], name="x"))
Cannot feed value of shape (1,) for Tensor 'n:0', which has shape '()' \
(made at AT: n = tf.placeholder(tf.int32, [], name="n"))
  at: AT
  next: print(tensor.shape, tensor.dtype) shows what a tensor takes"""
    )


def test_a_variable_without_a_value() -> None:
    v = tf.Variable(1.0, name="weights")
    with tf.Session() as sess:
        text = message(tf.errors.FailedPreconditionError, lambda: sess.run(v * 2))
    assert (
        text
        == """\
Attempting to use uninitialized value weights
  op: VariableV2 'weights'
  at: AT   v = tf.Variable(1.0, name="weights")
  hint: run tf.global_variables_initializer() first, or restore a checkpoint; values belong to a session, \
so each new session starts without any
  next: sess.run(tf.report_uninitialized_variables()) lists them all"""
    )


def test_a_misspelt_fetch() -> None:
    tf.constant(1.0, name="layer/output")
    with tf.Session() as sess:
        text = message(ValueError, lambda: sess.run("layer/ouput:0"))
    assert (
        text
        == """\
Fetch argument 'layer/ouput:0' cannot be interpreted as a Tensor. (The name 'layer/ouput:0' refers to a Tensor \
which does not exist. The operation, 'layer/ouput', does not exist in the graph.)
  at: AT   text = message(ValueError, lambda: sess.run("layer/ouput:0"))
  hint: did you mean 'layer/output'?
  next: [op.name for op in sess.graph.get_operations()] lists every name"""
    )


def test_a_failure_at_run_time_tells_the_real_operands() -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    y = tf.placeholder(tf.float32, [None], name="y")
    z = tf.add(x, y, name="z")
    with tf.Session() as sess:
        text = message(
            tf.errors.InvalidArgumentError, lambda: sess.run(z, {x: [1, 2], y: [1, 2, 3]})
        )
    assert text.splitlines()[1:] == [
        "  op: Add 'z'",
        '  at: AT   z = tf.add(x, y, name="z")',
        "  x: x:0 float32[2], from AT",
        "  y: y:0 float32[3], from AT",
    ]


def test_a_failing_gradient_names_the_node_it_serves() -> None:
    x = tf.placeholder(tf.float32, [None], name="x")
    (g,) = tf.gradients(tf.square(x, name="sq"), x)
    with tf.Session() as sess:
        text = message(
            tf.errors.InvalidArgumentError,
            lambda: sess.run(g, {x: [1, 2], "gradients/Fill:0": [1, 2, 3]}),
        )
    assert "gradient of: 'sq' (Square) at AT" in text


def test_a_python_value_of_the_wrong_type() -> None:
    x = tf.placeholder(tf.int32, [2], name="x")
    assert (
        message(TypeError, lambda: tf.add(x, 0.5))
        == """\
Add: input 'y' must be int32: Expected int32, got 0.5 of type 'float' instead.
  op: Add 'Add'
  at: AT   message(TypeError, lambda: tf.add(x, 0.5))
  y: 0.5
  hint: a Python value takes the type of the tensors beside it, here int32; tf.cast changes a tensor's type
  next: print(tf.get_default_graph().as_text()) shows the graph so far"""
    )


def test_a_graph_of_a_missing_gradient() -> None:
    x = tf.placeholder(tf.float32, name="x")
    # floor has no slope: None, not an error
    assert tf.gradients(tf.floor(x), x) == [None]


def test_names_that_are_missing_fail_when_called() -> None:
    assert "tf.keras.layers.Dense is a name of TensorFlow 1.15" in message(
        NotImplementedError, lambda: tf.keras.layers.Dense(3)
    )
    assert "did you mean 'conv3d'" in message(AttributeError, lambda: tf.nn.conv3)


def test_concat_with_its_axis_first() -> None:
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    first, *rest = message(ValueError, lambda: tf.concat(0, [x, x])).split("\n")
    assert first == "Shape (2, 2, 3) must have rank 0: the axis of concat is one number"
    assert "  hint: tf.concat(values, axis): before TensorFlow 1.0 the axis came first" in rest
    assert any(line.startswith("  at: ") and "tf.concat(0, [x, x])" in line for line in rest)
