"""One node of a file as a node of the graph."""

from __future__ import annotations

from typing import Any

from graphflow.io.graphdef.attributes import normalised
from graphflow.io.graphdef.flat import FlatNode
from graphflow.io.graphdef.names import Names, fresh
from graphflow.io.graphdef.versions import settled_attributes
from graphflow.ir import build
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import REGISTRY, Op
from graphflow.ir.signature import Signature


def build_node(flat: FlatNode, names: Names) -> Node:
    """One node, under its own name, in the graph of `names`."""
    cls = REGISTRY.get(flat.op)
    if cls is None:
        raise ValueError(f"Node '{flat.name}' ({flat.op}) belongs to no branch and to no loop")
    graph = names.graph
    if flat.device:
        graph.devices.append(flat.device)
    try:
        tensors = [names.tensor(n, i, flat.name) for n, i in flat.inputs]
        attrs, extra = _split_attributes(cls, flat)
        grouped = _group_inputs(cls.sig(), flat, tensors)
        full = fresh(graph, names.spelling.full(flat.name))
        node = build.restore(graph, cls, grouped, attrs, full)
    except Exception as error:  # whatever a file makes an op stumble over is the file's fault
        raise _refused(flat, error) from error
    finally:
        if flat.device:
            graph.devices.pop()
    _check_types(node, flat)
    wait(node, flat.controls, names)
    _annotate(node, extra, names, flat)
    names.define(flat.name, node)
    return node


def _refused(flat: FlatNode, error: Exception) -> ValueError:
    """The error for a node that cannot be built."""
    if isinstance(error, ValueError) and str(error).startswith("Node '"):
        return error
    text = str(error) if isinstance(error, ValueError | TypeError) else repr(error)
    return ValueError(f"Node '{flat.name}' ({flat.op}): {text}")


def wait(node: Node, controls: list[str], names: Names) -> None:
    """Control edges: to nodes of the same graph, or from the body's holder to nodes around it."""
    if not controls:
        return
    found: dict[Node, None] = dict.fromkeys(node.controls)
    for name in controls:
        other = names.control(name)
        if other is None or _is_given(other):
            continue
        if other.graph is node.graph:
            found[other] = None
        else:
            waits: dict[Node, None] | None = getattr(node.graph, "waits", None)
            if waits is not None:
                waits[other] = None
    node.controls = tuple(found)


def _is_given(node: Node) -> bool:
    """Whether a body has the node's value before it starts: such edges only kept a node inside."""
    if node.graph.outer is None or node.controls:
        return False
    return node.type == "Arg" or (node.type == "Identity" and node.inputs[0].node.type == "Arg")


def _check_types(node: Node, flat: FlatNode) -> None:
    """What a file says of types must be what the inputs say."""
    for key, value in node.type_attrs().items():
        said = flat.attrs.get(key)
        if said is None or key in node.op.fields:
            continue
        said = list(said) if isinstance(said, tuple) else said
        if type(said) is type(value) and said == value:
            continue
        raise ValueError(
            f"Node '{flat.name}' ({flat.op}): the attribute {key} says {said!r}, "
            f"its inputs are {value!r}: {', '.join(map(str, node.inputs))}"
        )


def _split_attributes(cls: type[Op], flat: FlatNode) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes that the op takes, and those that are carried along."""
    fields: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    variables = cls.sig().variables
    for key, value in settled_attributes(cls, flat).items():
        if value is None or key == "_output_shapes":
            continue
        if key in cls.fields:
            fields[key] = normalised(cls, key, value)
        elif key not in variables:
            extra[key] = list(value) if isinstance(value, tuple) else value
    return fields, extra


def _group_inputs(sig: Signature, flat: FlatNode, tensors: list[Tensor]) -> list[Any]:
    """The flat inputs of a file, grouped as the signature has them."""
    grouped: list[Any] = []
    at = 0
    for position, arg in enumerate(sig.inputs):
        if not arg.is_list:
            grouped.extend(tensors[at : at + 1])
            at += 1
            continue
        said = flat.attrs.get(arg.count or arg.variable)
        if said is None:
            later = sum(1 for a in sig.inputs[position + 1 :] if not a.is_list)
            size = len(tensors) - at - later
        else:
            size = said if isinstance(said, int) else len(said)
        grouped.append(tensors[at : at + max(size, 0)])
        at += size
    if at != len(tensors) or len(grouped) < len(sig.inputs):
        expected = ", ".join(a.name for a in sig.inputs)
        raise ValueError(
            f"Node '{flat.name}' ({flat.op}): NodeDef expected inputs '{expected}' "
            f"do not match {len(tensors)} inputs specified"
        )
    return grouped


def _annotate(node: Node, extra: dict[str, Any], names: Names, flat: FlatNode) -> None:
    """What the file says of a node beyond its op: colocation, shapes, what others left there."""
    kept = dict(node.extra or ())
    if not node.graph.colocated:
        kept.pop("_class", None)
    if "_class" in extra:
        extra["_class"] = [_moved(c, names) for c in extra["_class"]]
    node.extra = {**kept, **extra} or None
    shapes = flat.attrs.get("_output_shapes")
    for i, (tensor, shape) in enumerate(zip(node.outputs, shapes or (), strict=False)):
        try:
            tensor.shape = tensor.shape.merge_with(shape)
        except ValueError as error:
            raise ValueError(
                f"Node '{flat.name}' has an _output_shapes attribute inconsistent with the GraphDef "
                f"for output #{i}: {error}"
            ) from None


def _moved(group: Any, names: Names) -> Any:
    """A colocation with a node of the file, under the name that it has here."""
    if not isinstance(group, bytes) or not group.startswith(b"loc:@"):
        return group
    return b"loc:@" + names.spelling.full(group[5:].decode("utf-8", "replace")).encode()


def append(graph: Graph, op: str, inputs: list[Any], name: str, **attrs: Any) -> Node:
    """A node that the file has no record of, made to put raised pieces together."""
    return build.restore(graph, REGISTRY[op], inputs, attrs, name)
