"""The verifier notices each kind of damage."""

from __future__ import annotations

from collections.abc import Callable

import pytest

import graphflow as tf
from graphflow.ir.graph import Graph
from graphflow.ir.shape import TensorShape
from graphflow.ir.verify import INVARIANTS, InvalidGraph, verify


def small() -> Graph:
    graph = tf.Graph()
    with graph.as_default():
        x = tf.placeholder(tf.float32, [2, 3], name="x")
        y = tf.add(x, 1.0, name="y")
        with graph.control_dependencies([y]):
            tf.matmul(y, y, transpose_b=True, name="z")
    return graph


def swap(graph: Graph) -> None:
    graph.nodes[0], graph.nodes[1] = graph.nodes[1], graph.nodes[0]


def rename(graph: Graph) -> None:
    graph.nodes[0].name = "other"


def look_ahead(graph: Graph) -> None:
    y, z = graph.get_operation_by_name("y"), graph.get_operation_by_name("z")
    y.inputs = (z.out, y.inputs[1])


def wait_ahead(graph: Graph) -> None:
    graph.get_operation_by_name("y").controls = (graph.get_operation_by_name("z"),)


def foreign(graph: Graph) -> None:
    node = graph.get_operation_by_name("z")
    node.inputs = (small().get_tensor_by_name("y:0"), node.inputs[1])


def lose_an_input(graph: Graph) -> None:
    node = graph.get_operation_by_name("z")
    node.inputs = node.inputs[:1]


def wrong_type(graph: Graph) -> None:
    graph.get_tensor_by_name("z:0").dtype = tf.int32


def wrong_shape(graph: Graph) -> None:
    graph.get_tensor_by_name("z:0").shape = TensorShape([7, 7])


def wrong_input_type(graph: Graph) -> None:
    graph.get_tensor_by_name("x:0").dtype = tf.string


def extra_attribute(graph: Graph) -> None:
    op = graph.get_operation_by_name("z").op
    changed = object.__new__(type(op))
    changed.__dict__.update(op.__dict__, colour="red")
    graph.get_operation_by_name("z").op = changed


DAMAGE: dict[Callable[[Graph], None], str] = {
    swap: "position",
    rename: "name",
    look_ahead: "inputs_first",
    wait_ahead: "inputs_first",
    foreign: "inputs_first",
    lose_an_input: "signature",
    wrong_type: "outputs",
    wrong_shape: "outputs",
    wrong_input_type: "signature",
    extra_attribute: "attributes",
}


def test_a_sound_graph_passes() -> None:
    verify(small())


@pytest.mark.parametrize("damage", DAMAGE, ids=lambda f: f.__name__)
def test_damage_is_named(damage: Callable[[Graph], None]) -> None:
    graph = small()
    damage(graph)
    with pytest.raises(InvalidGraph) as info:
        verify(graph)
    assert f"[{DAMAGE[damage]}]" in str(info.value)


def test_every_invariant_has_its_damage() -> None:
    # bodies have tests of their own, beside the ops that hold them
    names = {i.__name__ for i in INVARIANTS} - {"inner_graphs"}
    assert set(DAMAGE.values()) == names
