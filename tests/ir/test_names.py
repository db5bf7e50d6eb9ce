"""Names and scopes, against what TensorFlow 1.15.5 gives for the same lines."""

from __future__ import annotations

import pytest

import graphflow as tf


def names() -> list[str]:
    return [op.name for op in tf.get_default_graph().get_operations()]


def test_names_are_numbered_and_case_counts_as_one() -> None:
    for name in ("a", "a", "A", "a_1", "a"):
        tf.constant(0, name=name)
    assert names() == ["a", "a_1", "A_2", "a_1_1", "a_3"]


def test_scopes_nest_reopen_and_reenter() -> None:
    with tf.name_scope("s") as s:
        tf.constant(0, name="x")
        with tf.name_scope("t"):
            tf.constant(0, name="x")
    with tf.name_scope("s"):
        tf.constant(0, name="x")
    with tf.name_scope(s):
        tf.constant(0, name="x")
    with tf.name_scope(None):
        tf.constant(0, name="x")
    assert s == "s/"
    assert names() == ["s/x", "s/t/x", "s_1/x", "s/x_1", "x"]


@pytest.mark.parametrize("bad", ["_a", "a b", "?", "-x"])
def test_bad_scope_names(bad: str) -> None:
    with pytest.raises(ValueError, match="not a valid scope name"), tf.name_scope(bad):
        pass


def test_operators_name_their_constants() -> None:
    x = tf.placeholder(tf.float32, name="x")
    _ = (1 - x) * 2
    assert names() == ["x", "sub/x", "sub", "mul/y", "mul"]


def test_looking_up() -> None:
    x = tf.placeholder(tf.float32, name="layer/x")
    graph = tf.get_default_graph()
    assert graph.get_tensor_by_name("layer/x:0") is x
    assert graph.get_operation_by_name("layer/x") is x.op
    with pytest.raises(KeyError, match="only has 1 outputs"):
        graph.get_tensor_by_name("layer/x:1")
    with pytest.raises(KeyError, match="did you mean 'layer/x'"):
        graph.get_tensor_by_name("x:0")
    with pytest.raises(ValueError, match="<op_name>:<output_index>"):
        graph.get_tensor_by_name("layer/x")
    with pytest.raises(ValueError, match="appears to refer to a Tensor"):
        graph.get_operation_by_name("layer/x:0")
    with pytest.raises(TypeError, match="Can not convert a float"):
        graph.as_graph_element(1.5)
    with pytest.raises(ValueError, match="not an element of this graph"):
        tf.Graph().as_graph_element(x)


def test_a_finalized_graph_says_so() -> None:
    x = tf.placeholder(tf.float32, name="x")
    tf.get_default_graph().finalize()
    with pytest.raises(RuntimeError, match="Graph is finalized") as info:
        tf.add(x, x)
    assert "test_names.py" in str(info.value)
