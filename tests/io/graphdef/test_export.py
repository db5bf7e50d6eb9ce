"""What is imported can be exported: nodes as they were, control flow so that it computes the same."""

from __future__ import annotations

from typing import Any

import pytest

import graphflow as tf
from graphflow.io.graphdef.importer import import_graph_def
from graphflow.ir.graph import Graph

GROUPS = ("arithmetic", "arrays", "networks")


def test_nodes_come_back_as_they_were(case: Any) -> None:
    """Every attribute that TensorFlow 1.15.5 wrote, and no other."""
    for which in ("graph", "gradient_graph"):
        if which in case.facts:
            expected = case.graph_def(which)
            found = case.imported(which).as_graph_def()
            assert [n.name for n in found.node] == [n.name for n in expected.node]
            for node, other in zip(found.node, expected.node, strict=True):
                assert node == other
            assert found.versions == expected.versions


FLOWS = [
    ("loops", "captured_matrix"),
    ("loops", "growing"),
    ("loops", "tensor_array"),
    ("loops", "variable_read"),
    ("loops", "resource_read"),
    ("loops", "assigns_inside"),
    ("loops", "dtypes"),
    ("loops", "gathers"),
    ("loops", "never_runs"),
    ("branches", "taken"),
    ("branches", "assigns"),
    ("branches", "assigns_in_group"),
    ("branches", "batch_norm_like"),
    ("branches", "nested_three_deep"),
    ("branches", "later_part"),
    ("branches", "sparse_gradient_one_side"),
    ("branches.2b", "switch_case"),
    ("nests", "everything"),
    ("nests", "arrays_in_loop_in_loop"),
    ("nests", "condition_with_loop"),
    ("nests.2b", "branch_in_inner_loop"),
    ("sequences", "rnn_lstm"),
    ("sequences", "scan_pairs"),
    ("calls.2b", "nested"),
]


@pytest.mark.parametrize(("group", "name"), FLOWS)
def test_control_flow_computes_the_same(group: str, name: str, recorded: Any, close: Any) -> None:
    """With graphflow's own gradients, whose loops go through lists."""
    case = recorded(group, name)
    graph = case.imported()
    expected = list(case.outputs)
    if "gradients" in case.facts:
        tensors = case.differentiated(graph)
        for tensor, (_, _, number) in zip(tensors, case.facts["gradients"], strict=True):
            if tensor is not None:
                expected.append((tensor.name, case.array(number)))
    written = graph.as_graph_def()
    again = Graph()
    with again.as_default():
        import_graph_def(written, name="")
    values = case.run(again, [n for n, _ in expected])
    for value, (_, wanted) in zip(values, expected, strict=True):
        close(value, wanted)


def test_bodies_become_functions() -> None:
    x = tf.placeholder(tf.float32, [2], "x")
    p = tf.placeholder(tf.bool, [], "p")
    tf.cond(p, lambda: x * 2.0, lambda: tf.exp(x))
    tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, h * x), [0, x])
    written = tf.get_default_graph().as_graph_def()
    nodes = {n.op: n for n in written.node}
    functions = {f.signature.name: f for f in written.library.function}
    branch = nodes["StatelessIf"]
    then = functions[branch.attr["then_branch"].func.name]
    assert [n.op for n in then.node_def] == ["Const", "Mul"]
    assert [a.type for a in then.signature.input_arg] == list(branch.attr["Tin"].list.type)
    assert [a.type for a in then.signature.output_arg] == list(branch.attr["Tout"].list.type)
    loop = nodes["StatelessWhile"]
    assert set(loop.attr) == {
        *("T", "cond", "body", "output_shapes", "parallel_iterations"),
        "_lower_using_switch_merge",
    }
    body = functions[loop.attr["body"].func.name]
    assert [a.type for a in body.signature.output_arg] == list(loop.attr["T"].list.type)
    assert len(loop.input) == len(loop.attr["T"].list.type)
    assert set(body.ret) == {a.name for a in body.signature.output_arg}


def test_histories_become_lists() -> None:
    x = tf.placeholder(tf.float32, [2], "x")
    _, y = tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, tf.sin(h) * x), [0, x])
    tf.gradients(y, x)
    written = tf.get_default_graph().as_graph_def()
    ops = {n.op for f in written.library.function for n in f.node_def} | {
        n.op for n in written.node
    }
    assert {"TensorListPushBack", "TensorListGetItem", "TensorListLength"} <= ops
    assert not {"ListAdd", "ListZerosLike", "Absent", "Arg"} & ops


def test_a_body_that_assigns_stays_control_flow_of_version_1() -> None:
    """Functions take no references."""
    v = tf.get_variable("v", initializer=1.0, use_resource=False)
    p = tf.placeholder(tf.bool, [], "p")
    tf.cond(p, lambda: tf.assign_add(v, 2.0), lambda: tf.assign(v, 0.0))
    written = tf.get_default_graph().as_graph_def()
    ops = [n.op for n in written.node]
    assert "RefSwitch" in ops
    assert "Merge" in ops
    assert not written.library.function


def test_shapes_are_added_when_asked_for() -> None:
    x = tf.placeholder(tf.float32, [2, None], "x")
    tf.split(x, 2, 0)
    plain, added = (tf.get_default_graph().as_graph_def(add_shapes=a) for a in (False, True))
    assert not any("_output_shapes" in n.attr for n in plain.node)
    shapes = {n.name: n.attr["_output_shapes"].list.shape for n in added.node}
    assert [d.size for d in shapes["x"][0].dim] == [2, -1]
    assert len(shapes["split"]) == 2


def test_from_version_gives_the_later_nodes() -> None:
    tf.constant(1.0, name="a")
    graph = tf.get_default_graph()
    version = graph.version
    tf.constant(2.0, name="b")
    assert [n.name for n in graph.as_graph_def(from_version=version).node] == ["b"]


def test_control_inputs_are_sorted_and_devices_written() -> None:
    b, a = tf.constant(1.0, name="b"), tf.constant(1.0, name="a")
    with tf.control_dependencies([b, a]), tf.device("/gpu:1"):
        tf.constant(2.0, name="c")
    node = tf.get_default_graph().as_graph_def().node[-1]
    assert list(node.input) == ["^a", "^b"]
    assert node.device == "/device:GPU:1"


def test_a_repeated_element_is_written_once() -> None:
    """As TensorFlow writes tf.zeros; what was given in full is written in full."""
    nodes = [
        t.op.node_def
        for t in (tf.zeros([3, 2]), tf.constant(2.0, shape=[4]), tf.constant([0.0, 0.0]))
    ]
    protos = [n.attr["value"].tensor for n in nodes]
    assert list(protos[0].float_val) == [0.0]
    assert list(protos[1].float_val) == [2.0]
    assert len(protos[2].tensor_content) == 8


def test_nodes_inside_bodies_are_no_neighbours_outside() -> None:
    """A colocation with a node that went into a function is dropped: TensorFlow refuses strangers."""
    v = tf.get_variable("v", initializer=1.0, use_resource=True)
    y = tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, h * v), [0, tf.constant(1.0)])[1]
    tf.train.GradientDescentOptimizer(0.1).minimize(y, colocate_gradients_with_ops=True)
    written = tf.get_default_graph().as_graph_def()
    names = {n.name for n in written.node}
    for node in written.node:
        for group in node.attr["_class"].list.s if "_class" in node.attr else ():
            assert group.decode().removeprefix("loc:@") in names
