"""A graph as a GraphDef message."""

from __future__ import annotations

from typing import Any

from graphflow.io import protos
from graphflow.io.graphdef.attributes import to_message
from graphflow.io.graphdef.functions import function_defs, function_name
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor

#: what TensorFlow 1.15 writes as its version of the format, and the oldest reader of it
PRODUCER, MIN_CONSUMER = 134, 0


def graph_def(graph: Graph, add_shapes: bool = False, from_version: int | None = None) -> Any:
    """The whole graph, or its nodes from the `from_version`th on."""
    message = protos.GraphDef()
    message.versions.producer = PRODUCER
    if MIN_CONSUMER:
        message.versions.min_consumer = MIN_CONSUMER
    for node in graph.nodes[from_version or 0 :]:
        message.node.append(node_def(node, add_shapes))
    for definition in function_defs(graph, node_def):
        message.library.function.append(definition)
    return message


def node_def(node: Node, add_shapes: bool = False) -> Any:
    """One node."""
    message = protos.NodeDef(name=node.name, op=node.type, device=node.device)
    message.input.extend(endpoint(t) for t in node.inputs)
    message.input.extend(f"^{c.name}" for c in node.controls)
    for name, value in attributes_of(node).items():
        if isinstance(value, Graph):
            message.attr[name].func.name = function_name(node, name)
        else:
            message.attr[name].CopyFrom(to_message(value, node.op.fields.get(name, "")))
    if add_shapes and node.out is not None:
        shapes = tuple(t.shape for t in node.outputs)
        message.attr["_output_shapes"].CopyFrom(to_message(shapes, "tuple[TensorShape, ...]"))
    return message


def endpoint(tensor: Tensor) -> str:
    """ "x" for the first output of x, "x:1" for the second."""
    return f"{tensor.node.name}:{tensor.index}" if tensor.index else tensor.node.name


def attributes_of(node: Node) -> dict[str, Any]:
    """The attributes that TensorFlow's NodeDef of this op has: fields, inferred types, extras."""
    found = {k: v for k, v in node.type_attrs().items() if v is not None}
    for key, value in (node.extra or {}).items():
        found[key] = value
    return {k: found[k] for k in sorted(found)}


def attr_value(value: Any) -> Any:
    """The AttrValue of one attribute."""
    return to_message(value)
