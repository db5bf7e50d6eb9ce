"""What TensorFlow 1.15.5 says of GraphDefs that are wrong, and what it says of wrong arguments."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import text_format

import graphflow as tf
from graphflow import errors

CONST = """node { name: "%s" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape {} float_val: 1 } } } }"""
IDENTITY = (
    'node { name: "%s" op: "Identity" input: "%s" attr { key: "T" value { type: DT_FLOAT } } }'
)
A, B = CONST % "a", CONST % "b"


def graph_def(text: str) -> Any:
    message = tf.GraphDef()
    text_format.Merge(text, message)
    return message


def attr(key: str, value: str) -> str:
    return f'attr {{ key: "{key}" value {{ {value} }} }}'


WRONG_GRAPHS = {
    "twice": (A + A, "Node 'a' is not unique"),
    "no name": (CONST % "", "Node '': Node name contains invalid characters"),
    "caret": (CONST % "^a", "Node '^a': Node name contains invalid characters"),
    "space": (CONST % "a b", "Node 'a b': Node name contains invalid characters"),
    "underscore": (CONST % "_a", "Node '_a': Node name contains invalid characters"),
    "unknown input": (IDENTITY % ("i", "zz"), "Node 'i': Unknown input node 'zz'"),
    "unknown control": (IDENTITY % ("i", "^zz"), "Node 'i': Unknown input node '^zz'"),
    "no output": (
        A + IDENTITY % ("i", "a:1"),
        "Node 'i': Connecting to invalid output 1 of source node a which has 1 outputs.",
    ),
    "negative output": (A + IDENTITY % ("i", "a:-1"), "Node 'i': Unknown input node 'a:-1'"),
    "no number": (A + IDENTITY % ("i", "a:x"), "Node 'i': Unknown input node 'a:x'"),
    "huge number": (A + IDENTITY % ("i", "a:99999999999"), "Unknown input node"),
    "cycle": (IDENTITY % ("i", "j") + IDENTITY % ("j", "i"), "2 nodes in a cycle"),
    "short cycle": (IDENTITY % ("i", "i"), "1 nodes in a cycle"),
    "types": (
        A + (IDENTITY % ("i", "a")).replace("FLOAT", "INT32"),
        "Node 'i' .Identity.: the attribute T says tf.int32, its inputs are tf.float32",
    ),
    "type of the attribute": (
        A + f'node {{ name: "i" op: "Identity" input: "a" {attr("T", "i: 1")} }}',
        "the attribute T says 1",
    ),
    "too few": (
        A + f'node {{ name: "i" op: "Add" input: "a" {attr("T", "type: DT_FLOAT")} }}',
        "NodeDef expected inputs 'x, y' do not match 1 inputs specified",
    ),
    "too many": (
        A + 'node { name: "i" op: "Add" input: "a" input: "a" input: "a" }',
        "NodeDef expected inputs 'x, y' do not match 3 inputs specified",
    ),
    "order": (
        A + 'node { name: "i" op: "Add" input: "^a" input: "a" input: "a" }',
        "Node 'i': Control dependencies must come after regular dependencies",
    ),
    "shapes": (A + 'node { name: "i" op: "MatMul" input: "a" input: "a" }', "Node 'i' .MatMul."),
    "no dtype": ('node { name: "p" op: "Placeholder" }', "Placeholder needs the attribute 'dtype'"),
    "recorded shapes": (
        A.replace(
            "} } } }", "} } } " + attr("_output_shapes", "list { shape { dim { size: 3 } } }") + "}"
        ),
        "Node 'a' has an _output_shapes attribute inconsistent with the GraphDef for output #0",
    ),
    "element type": (A.replace("type: DT_FLOAT", "type: 77"), "no element type"),
    "shape": (
        f'node {{ name: "p" op: "Placeholder" {attr("dtype", "type: DT_FLOAT")} '
        f"{attr('shape', 'shape { dim { size: -7 } }')} }}",
        "a shape with a negative size",
    ),
    "consumer": (A + "versions { min_consumer: 99999 }", "min consumer version 99999"),
    "producer": (A + "versions { producer: -1 }", "producer version -1 below min producer 0"),
    "function": (
        A
        + 'node { name: "i" op: "PartitionedCall" input: "a" '
        + attr("f", "func { name: 'nope' }")
        + "}",
        "the file has no function 'nope'",
    ),
}


@pytest.mark.parametrize("name", WRONG_GRAPHS)
def test_wrong_graphs(name: str) -> None:
    text, message = WRONG_GRAPHS[name]
    with pytest.raises(ValueError, match=message.replace("^", r"\^")):
        tf.import_graph_def(graph_def(text))
    # nothing stays of what failed
    graph = tf.get_default_graph()
    assert not graph.get_operations()
    assert not graph.ledger.nodes_by_name
    assert tf.constant(1.0, name="a").name == "a:0"


def test_all_unknown_ops_at_once() -> None:
    text = A + 'node { name: "i" op: "Foo" input: "a" } node { name: "j" op: "MatMull" input: "a" }'
    with pytest.raises(errors.NotFoundError) as caught:
        tf.import_graph_def(graph_def(text))
    assert isinstance(caught.value, ValueError)
    assert "Op type not registered 'Foo', 'MatMull'" in caught.value.message
    assert "Foo: used by 'i'" in caught.value.message
    assert "did you mean 'MatMul'?" in caught.value.message


def test_unknown_ops_of_functions_nobody_calls_do_not_matter() -> None:
    text = A + 'library { function { signature { name: "f" } node_def { name: "n" op: "Foo" } } }'
    tf.import_graph_def(graph_def(text))


@pytest.mark.parametrize(
    ("elements", "message"),
    [
        (["z"], "Requested return node 'z' not found in graph def"),
        (["z:0"], "Requested return tensor 'z:0' not found in graph def"),
        (["a:1"], "Invalid return output 1 of node 'a', which has 1 output"),
        (["^a"], "Requested return node '^a' not found in graph def"),
    ],
)
def test_return_elements_that_are_not_there(elements: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message.replace("^", r"\^")):
        tf.import_graph_def(graph_def(A), return_elements=elements)


def test_wrong_arguments() -> None:
    for wrong in (3, {}, graph_def(A).SerializeToString(), graph_def(A).node[0]):
        with pytest.raises(TypeError, match="graph_def must be a GraphDef proto"):
            tf.import_graph_def(wrong)
    with pytest.raises(TypeError, match="return_elements must be a list of strings"):
        tf.import_graph_def(graph_def(A), return_elements=[1])
    for wrong in ([("a", 1.0)], {1: 1.0}):
        with pytest.raises(TypeError, match="input_map must be a dictionary mapping strings"):
            tf.import_graph_def(graph_def(A), input_map=wrong)
    with pytest.raises(ValueError, match="'-x' is not a valid scope name"):
        tf.import_graph_def(graph_def(A), name="-x")


def test_wrong_input_maps() -> None:
    text = A + IDENTITY % ("i", "a")
    c, d = tf.constant(5.0), tf.constant([5, 6])
    with pytest.raises(ValueError, match=r"not found in graph_def: \[yy:0, zz:1\]"):
        tf.import_graph_def(graph_def(text), {"zz:1": c, "yy": c})
    with pytest.raises(ValueError, match=r"not found in graph_def: \[a:1\]"):
        tf.import_graph_def(graph_def(text), {"a:1": c})
    with pytest.raises(ValueError, match="the attribute T says"):
        tf.import_graph_def(graph_def(text), {"a": d})
    with pytest.raises(TypeError, match="Can't convert Operation"):
        tf.import_graph_def(graph_def(text), {"a": c.op})
    with pytest.raises(ValueError, match="requires a non-empty `name`"):
        tf.import_graph_def(graph_def(text), {"a": 7.0}, name="")


def test_a_finalized_graph_takes_nothing() -> None:
    graph = tf.get_default_graph()
    tf.constant(1.0)
    graph.finalize()
    with pytest.raises(RuntimeError, match="finalized"):
        tf.import_graph_def(graph_def(A))
