"""Files of older and newer versions of TensorFlow."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from google.protobuf import text_format

import graphflow as tf
from graphflow.io.graphdef.importer import import_graph_def
from graphflow.io.graphdef.opdefs import op_def
from graphflow.ir.graph import Graph
from graphflow.ir.op import REGISTRY

GROUPS = ("arithmetic", "arrays", "networks")


def test_attributes_that_have_a_default_may_be_missing(case: Any, close: Any) -> None:
    """As in files of versions that did not have them yet."""
    written = case.graph_def()
    for node in written.node:
        defaults = {a.name: a.default_value for a in op_def(REGISTRY[node.op]).attr}
        for key in list(node.attr):
            if defaults.get(key) == node.attr[key]:
                del node.attr[key]
    graph = Graph()
    with graph.as_default():
        import_graph_def(written, name="")
    values = case.run(graph, [name for name, _ in case.outputs])
    for value, (_, expected) in zip(values, case.outputs, strict=True):
        close(value, expected)


def graph_def(text: str) -> Any:
    message = tf.GraphDef()
    text_format.Merge(text, message)
    return message


SCALAR = """node { name: "p" op: "%s" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "shape" value { shape {} } } } versions { producer: %d }"""


@pytest.mark.parametrize(("producer", "rank"), [(0, None), (21, None), (22, 0), (134, 0)])
def test_a_placeholder_without_dimensions_once_meant_any_shape(producer: int, rank: Any) -> None:
    tf.import_graph_def(graph_def(SCALAR % ("Placeholder", producer)), name="")
    assert tf.get_default_graph().get_tensor_by_name("p:0").shape.rank == rank


def test_an_old_variable_without_dimensions_means_any_shape() -> None:
    tf.import_graph_def(graph_def(SCALAR % ("Variable", 20)), name="")
    assert tf.get_default_graph().get_tensor_by_name("p:0").shape.rank is None


X = """node { name: "x" op: "Placeholder" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "shape" value { shape { dim { size: 2 } dim { size: 2 } } } } }
node { name: "i" op: "Const" attr { key: "dtype" value { type: DT_INT32 } }
  attr { key: "value" value { tensor { dtype: DT_INT32 tensor_shape {} int_val: %d } } } }
node { name: "y" op: "%s" %s }"""
T = 'attr { key: "T" value { type: DT_FLOAT } }'
NUMBERS = np.array([[1.0, 2.0], [3.0, 5.0]], np.float32)


@pytest.mark.parametrize(
    ("constant", "op", "rest", "expected"),
    [
        (
            1,
            "Concat",
            'input: "i" input: "x" input: "x" attr { key: "N" value { i: 2 } } ' + T,
            np.hstack([NUMBERS] * 2),
        ),
        (
            1,
            "Split",
            'input: "i" input: "x" attr { key: "num_split" value { i: 2 } } ' + T,
            NUMBERS[:, :1],
        ),
        (0, "BatchMatMul", 'input: "x" input: "x" ' + T, NUMBERS @ NUMBERS),
        (0, "Inv", 'input: "x" ' + T, 1 / NUMBERS),
        (0, "Div", 'input: "x" input: "x" ' + T, NUMBERS / NUMBERS),
        (0, "MatMul", 'input: "x" input: "x" ' + T, NUMBERS @ NUMBERS),
        (0, "Sum", 'input: "x" input: "i" ' + T, NUMBERS.sum(0)),
        (0, "Neg", 'input: "x"', -NUMBERS),
    ],
)
def test_old_ops(constant: int, op: str, rest: str, expected: Any) -> None:
    tf.import_graph_def(graph_def(X % (constant, op, rest)), name="")
    with tf.Session() as session:
        np.testing.assert_allclose(session.run("y:0", {"x:0": NUMBERS}), expected)


def test_an_old_convolution() -> None:
    """Of TensorFlow 1.0: without data_format, dilations and explicit_paddings."""
    image, kernel = tf.placeholder(tf.float32, [1, 3, 3, 1], "x"), tf.ones([2, 2, 1, 1])
    tf.nn.conv2d(image, kernel, [1, 1, 1, 1], "VALID", name="y")
    written = tf.get_default_graph().as_graph_def()
    node = next(n for n in written.node if n.name == "y")
    for key in ("data_format", "dilations", "explicit_paddings", "use_cudnn_on_gpu"):
        del node.attr[key]
    graph = Graph()
    with graph.as_default():
        import_graph_def(written, name="")
    with tf.Session(graph=graph) as session:
        found = session.run("y:0", {"x:0": np.arange(9.0).reshape(1, 3, 3, 1)})
    assert found.ravel().tolist() == [8.0, 12.0, 20.0, 24.0]


LATER = 'input: "x" input: "x" %s attr { key: "%s" value { %s } }'


@pytest.mark.parametrize("value", ["b: true", "b: false"])
def test_later_attributes_that_change_no_value(value: str) -> None:
    written = graph_def(X % (0, "MatMul", LATER % (T, "grad_a", value)))
    tf.import_graph_def(written, name="")
    with tf.Session() as session:
        np.testing.assert_allclose(session.run("y:0", {"x:0": NUMBERS}), NUMBERS @ NUMBERS)
    exported = tf.get_default_graph().as_graph_def().node[-1]
    assert set(exported.attr) == {"T", "transpose_a", "transpose_b"}


def test_later_attributes_that_do() -> None:
    written = graph_def(X % (0, "MatMul", LATER % (T, "explicit_paddings", "list { i: 1 }")))
    with pytest.raises(ValueError, match="is a feature of a later TensorFlow"):
        tf.import_graph_def(written)
