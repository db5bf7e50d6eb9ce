"""Where imported nodes are put: names, scopes, devices, neighbours, and what replaces their inputs."""

from __future__ import annotations

from typing import Any

import pytest
from google.protobuf import text_format

import graphflow as tf

CONST = """node { name: "%s" op: "Const" attr { key: "dtype" value { type: DT_FLOAT } }
  attr { key: "value" value { tensor { dtype: DT_FLOAT tensor_shape {} float_val: 1 } } } }"""
IDENTITY = 'node { name: "%s" op: "Identity" %s attr { key: "T" value { type: DT_FLOAT } } %s }'


def identity(name: str, *inputs: str, more: str = "") -> str:
    return IDENTITY % (name, " ".join(f'input: "{i}"' for i in inputs), more)


def graph_def(text: str) -> Any:
    message = tf.GraphDef()
    text_format.Merge(text, message)
    return message


A, B = CONST % "a", CONST % "b"


def names() -> list[str]:
    return [op.name for op in tf.get_default_graph().get_operations()]


#: three imports into a graph that has `a` and `q/r`, then two constants, as TensorFlow 1.15.5 names them
NAMED = {
    "": "a q/r a_1 b q_1 q/s a_2 b_1 a_3 a_1_1 b_2 b_3 A_4",
    None: "a q/r import/a import/b import/q import/q/s import_1/a import_1/b import_2/a import_2/a_1 import_2/b b A_1",
    "x": "a q/r x/a x/b x/q x/q/s x_1/a x_1/b x_2/a x_2/a_1 x_2/b b A_1",
    "x/": "a q/r x/a x/b x/q x/q/s x/a_1 x/b_1 x/a_2 x/a_1_1 x/b_2 b A_1",
}


@pytest.mark.parametrize("name", NAMED)
def test_names_are_numbered_as_tensorflow_numbers_them(name: str | None) -> None:
    tf.constant(1.0, name="a")
    tf.constant(1.0, name="q/r")
    first = A + B + CONST % "q" + identity("q/s", "q")
    for text in (first, A + B, A + CONST % "a_1" + B):
        tf.import_graph_def(graph_def(text), name=name)
    tf.constant(2.0, name="b")
    tf.constant(1.0, name="A")
    assert names() == NAMED[name].split()


def test_nodes_come_in_an_order_in_which_they_can_run() -> None:
    tf.import_graph_def(graph_def(identity("j", "i") + identity("i", "a") + B + A), name="")
    assert names() == ["b", "a", "i", "j"]


def test_what_surrounds_the_call_holds_for_the_nodes() -> None:
    placed = A.replace('op: "Const"', 'op: "Const" device: "/gpu:3"')
    with tf.device("/cpu:0"), tf.control_dependencies([tf.constant(1)]), tf.name_scope("sc"):
        tf.import_graph_def(graph_def(placed + B))
    made = tf.get_default_graph().get_operations()
    found = [(op.name, op.device, [c.name for c in op.control_inputs]) for op in made]
    assert found == [
        ("Const", "/device:CPU:0", []),
        ("sc/import/a", "/device:GPU:3", ["Const"]),
        ("sc/import/b", "/device:CPU:0", ["Const"]),
    ]


def test_gradient_overrides_hold_for_the_nodes() -> None:
    with tf.get_default_graph().gradient_override_map({"Identity": "Mine"}):
        tf.import_graph_def(graph_def(A + identity("i", "a")), name="")
    op = tf.get_default_graph().get_operation_by_name("i")
    assert op.get_attr("_gradient_op_type") == b"Mine"


@pytest.mark.parametrize(("name", "moved"), [("", b"loc:@a"), (None, b"loc:@import/a")])
def test_neighbours_move_along(name: str | None, moved: bytes) -> None:
    beside = 'attr { key: "_class" value { list { s: "loc:@a" } } }'
    tf.import_graph_def(graph_def(A + identity("i", "a", more=beside)), name=name)
    op = tf.get_default_graph().get_operations()[-1]
    assert op.get_attr("_class") == [moved]
    assert op.colocation_groups() == [moved]


def test_neighbours_of_renamed_nodes() -> None:
    tf.constant(1.0, name="a")
    beside = 'attr { key: "_class" value { list { s: "loc:@a" } } }'
    tf.import_graph_def(graph_def(A + identity("i", "a", more=beside)), name="")
    assert tf.get_default_graph().get_operations()[-1].get_attr("_class") == [b"loc:@a_1"]


def test_attributes_nobody_knows_are_carried_along() -> None:
    more = 'attr { key: "_mine" value { i: 7 } } attr { key: "shape_hint" value { s: "x" } }'
    tf.import_graph_def(graph_def(A + identity("i", "a", more=more)), name="")
    op = tf.get_default_graph().get_operation_by_name("i")
    assert op.get_attr("_mine") == 7
    assert op.node_def.attr["shape_hint"].s == b"x"


def test_op_ids_go_on_as_if_every_node_of_the_file_had_been_made(recorded: Any) -> None:
    """They seed random ops."""
    written = recorded("loops", "powers").graph_def()
    tf.import_graph_def(written, name="")
    assert tf.get_default_graph()._last_id == len(written.node)


def test_returned_elements() -> None:
    found = tf.import_graph_def(graph_def(A), return_elements=["a", "a:0", b"a:0"])
    op = tf.get_default_graph().get_operation_by_name("import/a")
    assert found == [op, op.outputs[0], op.outputs[0]]
    assert tf.import_graph_def(graph_def(A), return_elements="a")[0].name == "import_1/a"
    assert tf.import_graph_def(graph_def(A), return_elements=[]) == []
    assert tf.import_graph_def(graph_def(A)) is None


TEXT = A + B + identity("i", "a", "^b")


def inputs_of(op: str, input_map: dict[Any, Any], text: str = TEXT, **more: Any) -> list[str]:
    tf.import_graph_def(graph_def(text), input_map, **more)
    node = tf.get_default_graph().get_operation_by_name(f"import/{op}")
    return [*(t.name for t in node.inputs), *(f"^{c.name}" for c in node.control_inputs)]


def test_input_map_replaces_values_and_control_inputs() -> None:
    c = tf.constant(5.0, name="c")
    assert inputs_of("i", {"a": c}) == ["c:0", "^import/b"]
    tf.reset_default_graph()
    c = tf.constant(5.0, name="c")
    assert inputs_of("i", {b"a:0": c}) == ["c:0", "^import/b"]
    tf.reset_default_graph()
    c = tf.constant(5.0, name="c")
    assert inputs_of("i", {"^b": c}) == ["import/a:0", "^c"]
    tf.reset_default_graph()
    c = tf.constant(5.0, name="c")
    assert inputs_of("i", {"b": c}) == ["import/a:0", "^import/b"]


def test_input_map_gives_what_the_file_lacks() -> None:
    c = tf.constant(5.0, name="c")
    assert inputs_of("i", {"outside:3": c}, identity("i", "outside:3")) == ["c:0"]


def test_input_map_of_python_values() -> None:
    assert inputs_of("i", {"a": 7.0}) == ["import/_inputs/Const:0", "^import/b"]


def test_mapped_elements_are_returned() -> None:
    c = tf.constant(5.0, name="c")
    found = tf.import_graph_def(graph_def(TEXT), {"a:0": c}, ["a:0", "a", "i:0"])
    assert [f.name for f in found] == ["c:0", "import/a", "import/i:0"]
    with tf.Session() as session:
        assert session.run(found[2]) == 5.0
