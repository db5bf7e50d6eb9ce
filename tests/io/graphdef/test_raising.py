"""Switch, Merge, Enter and Exit become If and While: which ones, under which names, and what stays reachable."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow import errors
from graphflow.io.graphdef.importer import import_graph_def
from graphflow.ir.graph import Graph

ON = {"p:0": True, "x:0": [1.5, -2.0, 0.25]}


def kinds(graph: Graph) -> Counter[str]:
    return Counter(op.type for op in graph.get_operations())


@pytest.mark.parametrize(
    ("name", "ifs"),
    [
        ("taken", 1),
        ("several_results", 1),
        ("used_twice", 2),
        ("used_side_by_side", 3),
        ("nested", 1),
        ("nested_three_deep", 1),
        ("control_edges", 1),
        ("later_part", 2),
    ],
)
def test_each_condition_becomes_one_if(name: str, ifs: int, recorded: Any) -> None:
    found = kinds(recorded("branches", name).imported())
    assert found["If"] + found["StatelessIf"] == ifs
    assert not {"Switch", "Merge"} & found.keys()


@pytest.mark.parametrize(
    ("name", "loops"),
    [("powers", 1), ("two_in_a_row", 2), ("side_by_side", 3), ("unused_results", 1)],
)
def test_each_loop_becomes_one_while(name: str, loops: int, recorded: Any) -> None:
    found = kinds(recorded("loops", name).imported())
    assert found["While"] + found["StatelessWhile"] == loops
    assert not {"Enter", "Exit", "Merge", "Switch", "NextIteration", "LoopCond"} & found.keys()


def test_a_loop_in_a_loop_lies_in_its_body(recorded: Any) -> None:
    graph = recorded("nests", "loop_in_loop").imported()
    outer = next(op for op in graph.get_operations() if op.type == "StatelessWhile")
    inner = [n.type for n in outer.op.body.nodes]
    assert inner.count("StatelessWhile") == 1


def test_captured_values_stay_the_same_for_all_iterations(recorded: Any) -> None:
    """They are no loop variables, of which a gradient would keep every value."""
    for group in ("loops", "loops.2b"):
        graph = recorded(group, "captured_matrix").imported()
        loop = next(op for op in graph.get_operations() if op.type == "StatelessWhile")
        carried = {t.name for t in loop.inputs[: loop.op.carries]}
        kept = {t.name for t in loop.inputs[loop.op.carries :]}
        assert "w:0" in kept
        assert not {"w:0", "b:0"} & carried


def test_shapes_of_loop_variables(recorded: Any) -> None:
    shapes = {
        name: recorded("loops", name).imported().get_tensor_by_name("while/Exit_1:0").shape
        for name in ("captured_matrix", "growing", "rank_changes")
    }
    assert shapes["captured_matrix"].as_list() == [2, 3]
    assert shapes["growing"].as_list() == [None, 2]
    assert shapes["rank_changes"].rank is None


def test_a_first_shape_that_misleads(recorded: Any) -> None:
    """The condition looks at the last row, which the first value has not: the body must be tried again."""
    graph = recorded("loops", "grown_from_nothing").imported()
    assert graph.get_tensor_by_name("while/Exit_1:0").shape.as_list() == [None, 2]


# ---- names -----------------------------------------------------------------------------------------------


def test_endpoints_of_branches_can_be_fetched_where_they_have_a_value(recorded: Any) -> None:
    graph = recorded("branches", "taken").imported()
    x = np.array(ON["x:0"], np.float32)
    with tf.Session(graph=graph) as session:
        for name, expected in {
            "cond/Merge:0": x * x,
            "cond/Merge:1": 1,
            "cond/mul:0": x * x,
            "cond/mul/Switch:1": x,
            "cond/switch_t:0": True,
            "cond/pred_id:0": True,
        }.items():
            np.testing.assert_array_equal(session.run(name, ON), expected)
        off = ON | {"p:0": False}
        np.testing.assert_array_equal(session.run("cond/Exp/Switch:0", off), x)
        assert session.run("cond/Merge:1", off) == 0


@pytest.mark.parametrize("name", ["cond/Exp:0", "cond/Exp/Switch:0", "cond/mul/Switch:0"])
def test_endpoints_of_the_other_branch_are_an_error_of_the_run(name: str, recorded: Any) -> None:
    graph = recorded("branches", "taken").imported()
    with (
        tf.Session(graph=graph) as session,
        pytest.raises(errors.InvalidArgumentError, match="does not have a value"),
    ):
        session.run(name, ON)


def test_a_name_that_the_file_has_not(recorded: Any) -> None:
    graph = recorded("branches", "taken").imported()
    with pytest.raises(KeyError):
        graph.get_tensor_by_name("cond/nothing:0")
    with pytest.raises(KeyError):
        graph.get_tensor_by_name("cond/Merge:2")


def test_exits_can_be_fetched_and_insides_of_loops_cannot(recorded: Any) -> None:
    graph = recorded("loops", "powers").imported()
    with tf.Session(graph=graph) as session:
        assert session.run("while/Exit:0", {"x:0": 1.0}) == 5
        with pytest.raises(ValueError, match="lives inside a branch or loop body"):
            session.run("while/mul:0", {"x:0": 1.0})
    assert graph.get_tensor_by_name("while/mul:0").dtype is tf.float32


def test_ops_of_branches_can_be_run_and_waited_for(recorded: Any) -> None:
    graph = recorded("branches", "assigns_in_group").imported()
    with (
        graph.as_default(),
        tf.control_dependencies([graph.get_operation_by_name("cond/AssignAdd")]),
    ):
        after = tf.constant(1.0)
    with tf.Session(graph=graph) as session:
        session.run("init")
        session.run("cond/AssignAdd", {"p:0": True})
        assert session.run("v:0") == 3.0
        session.run("cond/AssignAdd", {"p:0": False})
        assert session.run("v:0") == 3.0
        session.run(after, {"p:0": True})
        assert session.run("v:0") == 5.0


def test_names_under_a_scope(recorded: Any) -> None:
    case = recorded("branches", "taken")
    graph = Graph()
    with graph.as_default():
        for _ in range(2):
            import_graph_def(case.graph_def(), return_elements=["cond/Merge:0"])
        assert graph.get_tensor_by_name("import_1/cond/Merge:1").dtype is tf.int32
        assert tf.constant(1.0, name="import/cond/Switch").name == "import/cond/Switch_1:0"


def test_return_elements_of_control_flow(recorded: Any) -> None:
    case = recorded("branches", "taken")
    with Graph().as_default():
        found = import_graph_def(
            case.graph_def(), return_elements=["cond/Merge", "cond/Merge:1", "x:0"], name=""
        )
        assert [f.name for f in found] == ["cond/Merge", "cond/If:1", "x:0"]


# ---- where the import goes ---------------------------------------------------------------------------------


def test_an_import_into_a_branch(recorded: Any) -> None:
    written = recorded("branches", "taken").graph_def()
    x = tf.placeholder(tf.float32, [3], "outer_x")
    q, p = tf.placeholder(tf.bool, []), tf.placeholder(tf.bool, [])

    def imported() -> Any:
        return import_graph_def(written, {"x:0": x, "p:0": p}, ["cond/Merge:0"])[0]

    y = tf.cond(q, imported, lambda: x * 10.0)
    slope = tf.gradients(y, x)[0]
    value = np.array([1.0, 2.0, 3.0], np.float32)
    with tf.Session() as session:
        squares, doubles = session.run([y, slope], {q: True, p: True, x: value})
        np.testing.assert_allclose(squares, value**2)
        np.testing.assert_allclose(doubles, value * 2)
        np.testing.assert_allclose(session.run(y, {q: False, p: True, x: value}), value * 10)


def test_an_import_into_a_loop(recorded: Any) -> None:
    written = recorded("loops", "powers").graph_def()
    x = tf.placeholder(tf.float64, [], "outer_x")

    def body(i: Any, h: Any) -> Any:
        power = import_graph_def(written, {"x:0": tf.cast(h, tf.float32)}, ["while/Exit_1:0"])[0]
        return i + 1, tf.cast(power, tf.float64)

    y = tf.while_loop(lambda i, h: i < 2, body, [0, x])[1]
    slope = tf.gradients(y, x)[0]
    with tf.Session() as session:
        found = session.run([y, slope], {x: 1.1})
    np.testing.assert_allclose(found, [1.1**25, 25 * 1.1**24], rtol=1e-5)
