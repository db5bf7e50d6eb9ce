"""If and Case of functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from graphflow.io.graphdef.attributes import FunctionName
from graphflow.io.graphdef.calls import Put, function_of, inputs_of, put_in_place
from graphflow.io.graphdef.flat import FlatNode
from graphflow.io.graphdef.names import Names, fresh
from graphflow.io.graphdef.nodes import wait
from graphflow.io.graphdef.pieces import ImportedBody, add, constant, waited
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ops.bodies import seen_from, stateful_inside, united, wait_for
from graphflow.ops.control_flow import open_to_waiters

#: fills a body: its results, and the nodes that must run for their effects
Side = Callable[[ImportedBody], tuple[list[Tensor], list[Node]]]


def build_if(flat: FlatNode, names: Names) -> None:
    """An If whose bodies are functions."""
    functions = [function_of(flat, key) for key in ("else_branch", "then_branch")]
    given = inputs_of(flat, names)
    if not given:
        raise ValueError(f"Node '{flat.name}' ({flat.op}) lacks its condition")
    sides = [_called(flat, names, function, given[1:]) for function in functions]
    _name(flat, names, _if_node(names.graph, given[0], sides, _label(flat, names)))


def build_case(flat: FlatNode, names: Names) -> None:
    """One of several functions by a number: by halves, and halves of halves; a number out of range means the last one."""
    functions = flat.attrs.get("branches")
    given = inputs_of(flat, names)
    if not functions or not given or not all(isinstance(f, FunctionName) for f in functions):
        raise ValueError(f"Node '{flat.name}' ({flat.op}) has no functions to choose from")
    if len(functions) == 1:
        call = FlatNode(flat.name, flat.op, flat.inputs[1:], flat.controls, flat.device)
        put_in_place(call, names, functions[0])
        return
    graph, label = names.graph, _label(flat, names)
    last = constant(graph, np.int32(len(functions) - 1), fresh(graph, f"{label}/last"))
    zero = constant(graph, np.int32(0), fresh(graph, f"{label}/first"))

    def made(op: str, *inputs: Tensor) -> Tensor:
        return add(graph, op, list(inputs), fresh(graph, f"{label}/{op}")).outputs[0]

    outside = made("LogicalOr", made("Less", given[0], zero), made("Greater", given[0], last))
    index = made("Select", outside, last, given[0])
    sides = [_called(flat, names, function, given[1:]) for function in functions]
    _name(flat, names, _halves(graph, index, 0, sides, label))


def _label(flat: FlatNode, names: Names) -> str:
    return fresh(names.graph, names.spelling.full(flat.name))


def _name(flat: FlatNode, names: Names, node: Node) -> None:
    wait(node, flat.controls, names)
    names.define(flat.name, node)


def _called(
    flat: FlatNode, names: Names, function: FunctionName, arguments: Sequence[Tensor]
) -> Side:
    def fill(body: ImportedBody) -> tuple[list[Tensor], list[Node]]:
        with names.library.calling(function, flat.name) as instance:
            put = Put(flat, names, instance, arguments, body, body.label + "/")
        return put.results, put.effects

    return fill


def _halves(graph: Graph, index: Tensor, start: int, sides: Sequence[Side], label: str) -> Node:
    """An If between the lower and the upper half of the sides, whose numbers begin at `start`."""
    half = (len(sides) + 1) // 2
    middle = constant(graph, np.int32(start + half), fresh(graph, f"{label}/half"))
    upper = add(graph, "GreaterEqual", [index, middle], fresh(graph, f"{label}/upper"))

    def part(some: Sequence[Side], at: int) -> Side:
        if len(some) == 1:
            return some[0]

        def fill(body: ImportedBody) -> tuple[list[Tensor], list[Node]]:
            inner = _halves(
                body, seen_from(body, index), at, some, fresh(body, f"{body.label}/half")
            )
            return inner.outputs, [inner]

        return fill

    parts = [part(sides[:half], start), part(sides[half:], start + half)]
    return _if_node(graph, upper.outputs[0], parts, label)


def _if_node(graph: Graph, condition: Tensor, sides: Sequence[Side], label: str) -> Node:
    """An If of an else side and a then side."""
    bodies = [ImportedBody(graph, f"{label}/{name}") for name in ("else", "then")]
    effects = []
    for body, fill in zip(bodies, sides, strict=True):
        body.outputs, nodes = fill(body)
        effects.append(nodes)
    if any(effects) or not bodies[0].outputs:
        for body, nodes in zip(bodies, effects, strict=True):
            body.outputs.append(waited(body, nodes, fresh(graph, f"{body.label}/done")))
    node = add(
        graph,
        "If" if stateful_inside(bodies) else "StatelessIf",
        [condition, united(bodies)],
        label,
        Tout=[t.dtype.base_dtype for t in bodies[0].outputs],
        then_branch=bodies[1],
        else_branch=bodies[0],
    )
    wait_for(node, bodies)
    open_to_waiters(node)
    return node
