"""Variables of a GraphDef as constants: the whole of a trained network in one file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any

from graphflow.io import protos
from graphflow.io.graphdef.frozen_functions import READERS, FrozenFunctions
from graphflow.io.graphdef.frozen_reads import constant, frozen_read
from graphflow.io.graphdef.subgraphs import extract_sub_graph, node_name

_VARIABLES = ("Variable", "VariableV2", "VarHandleOp")
#: what may lie between a resource variable and those who read it
_PASSING = ("Switch", "Enter", "Exit", "Identity", "Merge", "NextIteration")


def convert_variables_to_constants(
    read: Callable[[list[str]], Sequence[Any]],
    graph_def: Any,
    output_node_names: Sequence[str],
    whitelist: Collection[str] | None = None,
    blacklist: Collection[str] | None = None,
) -> Any:
    """The part of a graph that some nodes need, with constants for variables; `read` gives values of tensors by name."""
    part = extract_sub_graph(graph_def, output_node_names)
    chosen = [
        n
        for n in part.node
        if n.op in _VARIABLES
        and (whitelist is None or n.name in whitelist)
        and (blacklist is None or n.name not in blacklist)
    ]
    ends = {"VarHandleOp": "/Read/ReadVariableOp:0"}
    names = [n.name + ends.get(n.op, ":0") for n in chosen]
    values = dict(zip((n.name for n in chosen), read(names) if names else (), strict=True))
    handles = _handles(
        part, {n.name: n.attr["dtype"].type for n in chosen if n.op == "VarHandleOp"}
    )
    functions = FrozenFunctions(part.library)
    out = protos.GraphDef()
    for node in part.node:
        if node.name in values:
            out.node.append(constant(node.name, node.attr["dtype"].type, values[node.name]))
        elif node.op in READERS and node_name(node.input[0]) in handles:
            out.node.extend(frozen_read(node))
        else:
            frozen = {
                i: handles[node_name(t)]
                for i, t in enumerate(node.input)
                if node_name(t) in handles
            }
            copied = functions.call(node, frozen)
            if node.name in handles:
                copied.attr["T"].type = handles[node.name]
                copied.attr.pop("_output_shapes", None)
            out.node.append(copied)
    out.library.CopyFrom(functions.library)
    return out


def _handles(part: Any, variables: dict[str, int]) -> dict[str, int]:
    """The nodes that give a handle of a variable that becomes a constant, with the variable's type."""
    nodes = {n.name: n for n in part.node}
    found = dict(variables)
    for node in part.node:
        if node.op not in READERS:
            continue
        todo, between = [node_name(node.input[0])], []
        while todo:
            name = todo.pop()
            source = nodes[name]
            if source.op in _PASSING and name not in between:
                between.append(name)
                todo.extend(node_name(i) for i in source.input[: 2 if source.op == "Merge" else 1])
            elif source.op not in (*_PASSING, "VarHandleOp"):
                raise ValueError("Cannot find the variable that is an input to the ReadVariableOp.")
            elif source.op == "VarHandleOp" and name in variables:
                found.update((n, node.attr["dtype"].type) for n in between)
    return found
