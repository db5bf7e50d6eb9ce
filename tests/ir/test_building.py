"""What surrounds new nodes: control dependencies, devices, colocation, collections, the default graph."""

from __future__ import annotations

import threading

import numpy as np
import pytest

import graphflow as tf


def controls(t: tf.Tensor) -> list[str]:
    return [c.name for c in t.op.control_inputs]


def test_control_dependencies() -> None:
    a, b = tf.constant(0, name="a"), tf.constant(0, name="b")
    graph = tf.get_default_graph()
    with tf.control_dependencies([a]):
        c = tf.constant(1, name="c")
        with tf.control_dependencies([b]):
            d = tf.constant(1, name="d")
            # an input made inside has waited already; an input that is waited for needs no second edge
            e = tf.identity(d, name="e")
            f = tf.identity(b, name="f")
        with tf.control_dependencies(None):
            g = tf.constant(1, name="g")
    assert [controls(t) for t in (c, d, e, f, g)] == [["a"], ["a", "b"], [], ["a"], []]
    with pytest.raises(TypeError), graph.control_dependencies([1.5]):
        pass


def test_devices_merge_and_functions_see_the_node() -> None:
    seen = []

    def place(op: tf.Operation) -> str:
        seen.append(op.type)
        return "/cpu:0"

    with tf.device("/job:ps/task:1"):
        a = tf.constant(0)
        with tf.device("/gpu:3"):
            b = tf.constant(0)
            with tf.device(None):
                c = tf.constant(0)
    with tf.device(place):
        d = tf.constant(0)
    assert a.device == "/job:ps/task:1"
    assert b.device == "/job:ps/task:1/device:GPU:3"
    assert c.device == ""
    assert d.device == "/cpu:0"  # what a function returns is taken to the letter
    assert seen == ["Const"]


def test_colocation() -> None:
    a = tf.constant(0, name="a")
    with tf.colocate_with(a):
        b = tf.constant(0, name="b")
    assert b.op.colocation_groups() == [b"loc:@a"]
    assert a.op.colocation_groups() == [b"loc:@a"]


def test_collections_are_copies_and_filter_by_name() -> None:
    v = tf.Variable(0.0, name="layer/v")
    tf.Variable(0.0, name="other")
    assert tf.get_collection("variables", "layer") == [v]
    tf.get_collection("variables").clear()
    assert len(tf.global_variables()) == 2
    tf.add_to_collections(["x", "y"], 3)
    assert tf.get_collection("x") == tf.get_collection("y") == [3]


def test_each_thread_has_its_own_stack() -> None:
    inner, found = tf.Graph(), []

    def work() -> None:
        found.append(tf.get_default_graph())

    with inner.as_default():
        thread = threading.Thread(target=work)
        thread.start()
        thread.join()
        assert tf.get_default_graph() is inner
    assert found == [tf.get_default_graph()]


def test_a_tensor_of_another_graph_is_refused() -> None:
    x = tf.constant(1.0, name="x")
    with tf.Graph().as_default():
        y = tf.constant(2.0)
        with pytest.raises(ValueError, match="must be from the same graph"):
            tf.add(y, x)


def test_where_is_the_users_line() -> None:
    x = tf.constant(1.0)  # this line
    assert x.op.where is not None
    assert x.op.where.file == __file__
    assert "this line" in x.op.where.text
    assert x.op.where.function == "test_where_is_the_users_line"


@pytest.mark.parametrize(
    ("value", "dtype", "shape"),
    [
        (1, "int32", ()),
        (2**40, "int64", ()),
        (1.5, "float32", ()),
        (True, "bool", ()),
        ("text", "string", ()),
        ([b"a", "b"], "string", (2,)),
        (1j, "complex128", ()),
        ([[1, 2], [3, 4]], "int32", (2, 2)),
        ([1, 2.5], "float32", (2,)),
        (np.float64(2), "float64", ()),
        (np.arange(3), "int64", (3,)),
        ([], "float32", (0,)),
        (np.uint8([1]), "uint8", (1,)),
    ],
)
def test_python_values(value: object, dtype: str, shape: tuple[int, ...]) -> None:
    t = tf.convert_to_tensor(value)
    assert t.dtype == dtype
    assert t.shape == shape


@pytest.mark.parametrize(
    ("value", "dtype", "error"),
    [
        (None, None, ValueError),
        ([[1, 2], [3]], None, ValueError),
        (1.5, "int32", TypeError),
        ("a", "float32", TypeError),
        (1, "string", TypeError),
        (2**70, None, ValueError),
        (object(), None, TypeError),
        ({}, None, TypeError),
        (300, "uint8", ValueError),
    ],
)
def test_values_that_are_no_tensors(
    value: object, dtype: str | None, error: type[Exception]
) -> None:
    with pytest.raises(error):
        tf.convert_to_tensor(value, dtype)


def test_a_shape_at_the_end_of_a_long_chain_is_unknown_not_an_error() -> None:
    n = tf.placeholder(tf.int32, [])
    for _ in range(5000):
        n = n + 1
    assert tf.zeros([n]).shape.as_list() == [None]
    short = tf.constant(1) + 2
    assert tf.fill([short], 0.0).shape.as_list() == [3]
