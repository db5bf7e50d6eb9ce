"""A graph as a GraphDef message."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from graphflow.io import protos
from graphflow.io.graphdef.attributes import to_message
from graphflow.io.graphdef.flow_writer import can_be_flow, takes_references, write_flow
from graphflow.io.graphdef.function_writer import Functions
from graphflow.io.graphdef.loop_writer import write_loop
from graphflow.io.graphdef.node_writer import NodeWriter
from graphflow.io.graphdef.versions import MIN_CONSUMER, PRODUCER
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node

_LOOPS = ("While", "StatelessWhile")


def graph_def(graph: Graph, add_shapes: bool = False, from_version: int | None = None) -> Any:
    """The whole graph, or its nodes from the `from_version`th on."""
    message = protos.GraphDef()
    message.versions.producer = PRODUCER
    if MIN_CONSUMER:
        message.versions.min_consumer = MIN_CONSUMER
    functions = _functions(message.library)
    writer = NodeWriter(message.node, functions)
    for node in graph.nodes[from_version or 0 :]:
        written = writer.write(node)
        sort_controls(written)
        if add_shapes and written.op in _LOOPS:
            # it has outputs that graphflow's has not
            written.attr["_output_shapes"].CopyFrom(written.attr["output_shapes"])
        elif add_shapes and node.out is not None:
            shapes = tuple(t.shape for t in node.outputs)
            written.attr["_output_shapes"].CopyFrom(to_message(shapes))
    here = {n.name for n in message.node} | {n.name for n in graph.nodes}
    drop_strangers(message.node, here)
    for function in message.library.function:
        drop_strangers(function.node_def, {n.name for n in function.node_def})
    return message


def node_def(node: Node) -> Any:
    """One node."""
    library = protos.FunctionDefLibrary()
    nodes = protos.GraphDef().node
    return NodeWriter(nodes, _functions(library)).write(node)


def _functions(library: Any) -> Functions:
    return Functions(
        library, write_loop, lambda n: takes_references(n) and can_be_flow(n), write_flow
    )


def drop_strangers(messages: Any, here: Collection[str]) -> None:
    """A node may not be placed beside one that is not there: what TensorFlow has in one graph may lie in a body."""
    for message in messages:
        if "_class" not in message.attr:
            continue
        groups = message.attr["_class"].list.s
        kept = [g for g in groups if not g.startswith(b"loc:@") or g[5:].decode() in here]
        if not kept:
            del message.attr["_class"]
        elif len(kept) < len(groups):
            del groups[:]
            groups.extend(kept)


def sort_controls(message: Any) -> None:
    """TensorFlow lists control inputs by name."""
    inputs = list(message.input)
    controls = sorted(i for i in inputs if i.startswith("^"))
    if len(controls) > 1:
        del message.input[:]
        message.input.extend([*(i for i in inputs if not i.startswith("^")), *controls])


def attr_value(value: Any) -> Any:
    """The AttrValue of one attribute."""
    return to_message(value)
