"""Calls of functions: what is called is put in the place of the call."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext

from graphflow.io.graphdef.attributes import FunctionName
from graphflow.io.graphdef.flat import FlatNode
from graphflow.io.graphdef.functions import Instance
from graphflow.io.graphdef.names import Names, Spelling, fresh
from graphflow.io.graphdef.nodes import wait
from graphflow.io.graphdef.pieces import add, build_pieces
from graphflow.io.graphdef.raising import raise_control_flow
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ops.bodies import seen_from


def function_of(flat: FlatNode, attr: str) -> FunctionName:
    """The function that an attribute names."""
    found = flat.attrs.get(attr)
    if not isinstance(found, FunctionName):
        raise ValueError(
            f"Node '{flat.name}' ({flat.op}): the attribute '{attr}' names no function"
        )
    return found


def inputs_of(flat: FlatNode, names: Names) -> list[Tensor]:
    """The tensors that a call is given, as its graph sees them."""
    return [seen_from(names.graph, names.tensor(*e, flat.name)) for e in flat.inputs]


class Put:
    """The nodes of a function in a graph: its results, and the nodes that must run for their effects."""

    def __init__(
        self,
        flat: FlatNode,
        names: Names,
        instance: Instance,
        arguments: Sequence[Tensor],
        graph: Graph,
        prefix: str,
    ) -> None:
        if len(arguments) != len(instance.arguments):
            raise ValueError(
                f"Node '{flat.name}' ({flat.op}): the function '{instance.name}' takes "
                f"{len(instance.arguments)} arguments, {len(arguments)} are given"
            )
        spelling = Spelling(prefix, names.library)
        level = Names(graph, spelling)
        for name, tensor in zip(instance.arguments, arguments, strict=True):
            level.bind((name, 0), tensor)
        build_pieces(raise_control_flow(instance.nodes, spelling), level)
        self.results = [seen_from(graph, level.tensor(*e, flat.name)) for e in instance.results]
        effects = [level.control(name) for name in instance.effects]
        self.effects = [n for n in effects if n is not None and n.graph is graph]


def name_results(
    flat: FlatNode, names: Names, results: Sequence[Tensor], effects: Sequence[Node]
) -> None:
    """A node under the name of a call, with its results for outputs."""
    graph, full = names.graph, fresh(names.graph, names.spelling.full(flat.name))
    if not results:
        node = add(graph, "NoOp", [], full)
    elif len(results) == 1:
        node = add(graph, "Identity", list(results), full)
    else:
        node = add(graph, "IdentityN", [list(results)], full)
    node.controls = tuple(dict.fromkeys((*node.controls, *effects)))
    wait(node, flat.controls, names)
    names.define(flat.name, node)
    if not node.controls:
        # each on its own: what uses one result needs not wait for the others
        for i, tensor in enumerate(results):
            names.bind((flat.name, i), tensor)


def put_in_place(flat: FlatNode, names: Names, called: FunctionName) -> None:
    """The nodes of a function where it is called."""
    graph = names.graph
    before = [c for c in map(names.control, flat.controls) if c is not None and c.graph is graph]
    around = graph.control_dependencies(before) if before else nullcontext()
    prefix = fresh(graph, names.spelling.full(flat.name)) + "/"
    with names.library.calling(called, flat.name) as instance, around:
        put = Put(flat, names, instance, inputs_of(flat, names), graph, prefix)
    name_results(flat, names, put.results, put.effects)
