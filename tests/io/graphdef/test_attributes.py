"""Attributes: op.get_attr, op.node_def, op.op_def, and every kind of value in messages and back."""

from __future__ import annotations

import numpy as np
import pytest

import graphflow as tf
from graphflow.io import protos
from graphflow.io.graphdef.attributes import FunctionName, Parameter, from_message, to_message
from graphflow.io.graphdef.opdefs import op_def
from graphflow.ir.literal import Literal
from graphflow.ir.op import REGISTRY
from graphflow.ir.shape import TensorShape

VALUES = [
    *(True, 7, -(2**63), 1.5, b"text", tf.float32, tf.string, tf.float32.ref),
    *(TensorShape([2, 3]), TensorShape(None), TensorShape(())),
    Literal(np.array([[1.0, 2.0]], np.float32)),
    Literal(np.array([b"a", b""], object)),
    FunctionName("f", {"T": tf.int32}),
    Parameter("T"),
]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_values_come_back(value: object) -> None:
    assert from_message(to_message(value)) == value


@pytest.mark.parametrize("value", [VALUES[:1], [1, 2], [1.5], [b"a"], [tf.int32], VALUES[9:11], []])
def test_lists_come_back(value: list[object]) -> None:
    assert from_message(to_message(value)) == tuple(value)


def test_a_whole_number_may_be_a_float() -> None:
    assert to_message(1.0, "float").WhichOneof("value") == "f"
    assert list(to_message((1.0, 2.0), "tuple[float, ...]").list.f) == [1.0, 2.0]


def test_get_attr_gives_what_tensorflow_gives() -> None:
    x = tf.placeholder(tf.float32, [2, None], name="x")
    pool = tf.nn.max_pool(tf.ones([1, 4, 4, 1]), [1, 2, 2, 1], [1, 2, 2, 1], "SAME").op
    assert x.op.get_attr("dtype") is tf.float32
    assert [d.size for d in x.op.get_attr("shape").dim] == [2, -1]
    assert pool.get_attr("ksize") == [1, 2, 2, 1]
    assert pool.get_attr("padding") == b"SAME"
    assert pool.get_attr("T") is tf.float32
    assert tf.constant([1, 2]).op.get_attr("value").dtype == 3
    assert tf.concat([x, x], 0).op.get_attr("N") == 2
    with pytest.raises(ValueError, match="Operation 'x' has no attr named 'foo'"):
        x.op.get_attr("foo")


def test_branches_are_functions_to_get_attr() -> None:
    y = tf.cond(tf.constant(True), lambda: tf.constant(1), lambda: tf.constant(2))
    graph = y.graph
    branch = next(n for n in graph.get_operations() if n.type == "StatelessIf")
    names = {f.signature.name for f in graph.as_graph_def().library.function}
    assert branch.get_attr("then_branch").name in names


def test_set_attr_takes_a_message() -> None:
    op = tf.identity(1.0).op
    op._set_attr("_gradient_op_type", protos.AttrValue(s=b"Mine"))
    assert op.get_attr("_gradient_op_type") == b"Mine"
    assert op.node_def.attr["_gradient_op_type"].s == b"Mine"


def test_texts_of_nodes() -> None:
    text = str(tf.placeholder(tf.float32, [2], name="x").op.node_def)
    assert text.startswith('name: "x"\nop: "Placeholder"\n')
    assert "type: DT_FLOAT" in text


def test_op_defs() -> None:
    found = tf.matmul([[1.0]], [[2.0]]).op.op_def
    assert [a.name for a in found.input_arg] == ["a", "b"]
    assert [a.type_attr for a in found.output_arg] == ["T"]
    attrs = {a.name: a for a in found.attr}
    assert attrs["transpose_a"].type == "bool"
    assert attrs["transpose_a"].default_value.b is False
    assert not attrs["T"].HasField("default_value")
    concat = op_def(REGISTRY["ConcatV2"])
    assert concat.input_arg[0].number_attr == "N"
    assert {a.name: a.type for a in concat.attr} == {"N": "int", "T": "type", "Tidx": "type"}
    assert op_def(REGISTRY["IdentityN"]).input_arg[0].type_list_attr == "T"


@pytest.mark.parametrize("name", sorted(REGISTRY))
def test_every_op_has_an_op_def(name: str) -> None:
    assert op_def(REGISTRY[name]).name == name
