"""Reading a GraphDef into the default graph."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import Any

from graphflow.io.graphdef.attributes import normalised
from graphflow.io.graphdef.flat import FlatNode, flatten, in_order, parse_endpoint
from graphflow.io.graphdef.functions import Library
from graphflow.io.graphdef.raising import raise_control_flow
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import REGISTRY, Op
from graphflow.ir.signature import Signature


class Names:
    """What the names of a file stand for in the graph."""

    def __init__(self, graph: Graph, prefix: str, library: Library) -> None:
        self.graph, self.prefix, self.library = graph, prefix, library
        self.nodes: dict[str, Node] = {}
        #: endpoints that stand for something else than an output of the node of that name
        self.tensors: dict[tuple[str, int], Tensor] = {}

    def tensor(self, name: str, index: int, wanted_by: str) -> Tensor:
        found = self.tensors.get((name, index))
        if found is not None:
            return found
        node = self.nodes.get(name)
        if node is None:
            raise ValueError(f"Node '{wanted_by}': Unknown input node '{name}'")
        outputs = node.outputs
        if index >= len(outputs):
            raise ValueError(
                f"Node '{wanted_by}': Connecting to invalid output {index} of source node {name} "
                f"which has {len(outputs)} outputs"
            )
        return outputs[index]


def import_graph_def(
    graph_def: Any,
    input_map: Mapping[str, Any] | None = None,
    return_elements: Iterable[str] | None = None,
    name: str | None = None,
    op_dict: Any = None,
    producer_op_list: Any = None,
) -> list[Any] | None:
    """The nodes of a GraphDef, under the scope `name`; returns the tensors and nodes asked for."""
    if not hasattr(graph_def, "node") or not hasattr(graph_def, "library"):
        raise TypeError("graph_def must be a GraphDef proto.")
    wanted = _checked_elements(return_elements)
    flat = flatten(graph_def.node)
    library = Library(graph_def.library)
    check_known(flat, library)
    given = _checked_map(input_map, flat)
    values = list(given.values())
    with build.name_scope(name, "import", values) as scope:
        graph = current_graph()
        prefix = scope[:-1] if scope else ""
        graph_scope, graph.scope = graph.scope, ""
        try:
            names = Names(graph, prefix, library)
            for key, value in given.items():
                if key.startswith("^"):
                    names.nodes[key[1:]] = graph.as_node(value)
                else:
                    names.tensors[parse_endpoint(key)] = build.converter[0](value)
            build_nodes(raise_control_flow(in_file_order(flat)), names)
        finally:
            graph.scope = graph_scope
    return None if wanted is None else [_element(names, w) for w in wanted]


def in_file_order(flat: list[FlatNode]) -> list[FlatNode]:
    return flat


def _checked_elements(elements: Iterable[str] | None) -> list[str] | None:
    if elements is None:
        return None
    found = list(elements)
    if not all(isinstance(e, str) for e in found):
        raise TypeError("return_elements must be a list of strings.")
    return found


def _checked_map(input_map: Mapping[str, Any] | None, flat: list[FlatNode]) -> dict[str, Any]:
    if input_map is None:
        return {}
    if not isinstance(input_map, Mapping) or not all(isinstance(k, str | bytes) for k in input_map):
        raise TypeError("input_map must be a dictionary mapping strings to Tensor objects.")
    given = {k.decode() if isinstance(k, bytes) else k: v for k, v in input_map.items()}
    used = {n.name for n in flat}
    unknown = [k for k in given if k.lstrip("^").rpartition(":")[0 if ":" in k else 2] not in used]
    if unknown:
        raise ValueError(
            f"Attempted to map inputs that were not found in graph_def: [{', '.join(sorted(unknown))}]"
        )
    return given


def check_known(flat: Iterable[FlatNode], library: Library) -> None:
    """ValueError with every op of the file that graphflow does not know, and who uses it."""
    users: dict[str, list[str]] = {}
    for node in (*flat, *library.nodes()):
        if node.op not in REGISTRY and node.op not in library and node.op not in V1_CONTROL_FLOW:
            users.setdefault(node.op, []).append(node.name)
    if not users:
        return
    lines = [f"{len(users)} op types of this graph are not known to graphflow:"]
    for op, nodes in sorted(users.items()):
        near = difflib.get_close_matches(op, REGISTRY, 1, 0.8)
        more = f" and {len(nodes) - 3} more" if len(nodes) > 3 else ""
        hint = f"; did you mean {near[0]!r}?" if near else ""
        lines.append(f"  {op}: used by {', '.join(repr(n) for n in nodes[:3])}{more}{hint}")
    raise ValueError("\n".join(lines))


#: raised to If and While, so they never reach the graph
V1_CONTROL_FLOW = frozenset(
    [
        "Switch",
        "RefSwitch",
        "Merge",
        "RefMerge",
        "Enter",
        "RefEnter",
        "Exit",
        "RefExit",
        "NextIteration",
        "RefNextIteration",
        "LoopCond",
        "ControlTrigger",
    ]
)


def build_nodes(items: Iterable[Any], names: Names) -> None:
    """Make the nodes of a file; an item is a FlatNode, or a piece of raised control flow that builds itself."""
    for item in items:
        if isinstance(item, FlatNode):
            names.nodes[item.name] = build_node(item, names)
        else:
            item.build(names)


def build_node(flat: FlatNode, names: Names) -> Node:
    """One node, under its own name, in the graph of `names`."""
    if flat.op in names.library and flat.op not in REGISTRY:
        return names.library.call(flat, names)
    cls = REGISTRY[flat.op]
    tensors = [names.tensor(n, i, flat.name) for n, i in flat.inputs]
    attrs, extra = split_attributes(cls, flat, names.library)
    grouped = group_inputs(cls.sig(), flat, tensors)
    full = f"{names.prefix}/{flat.name}" if names.prefix else flat.name
    try:
        node = build.restore(names.graph, cls, grouped, attrs, full)
    except (TypeError, ValueError) as error:
        raise ValueError(f"Node '{flat.name}' ({flat.op}): {error}") from None
    _check_types(node, flat)
    node.controls = tuple(
        dict.fromkeys(
            (*node.controls, *(names.nodes[c] for c in flat.controls if c in names.nodes))
        )
    )
    node.device = flat.device or node.device
    if "_class" in extra and names.prefix:
        extra["_class"] = [_moved(c, names.prefix) for c in extra["_class"]]
    node.extra = extra or None
    shapes = flat.attrs.get("_output_shapes")
    for tensor, shape in zip(node.outputs, shapes or (), strict=False):
        if tensor.shape.is_compatible_with(shape):
            tensor.shape = tensor.shape.merge_with(shape)
    return node


def _moved(group: bytes, prefix: str) -> bytes:
    """A colocation with a node of the file, which now has a prefix."""
    head, _, name = group.partition(b"@")
    return head + b"@" + prefix.encode() + b"/" + name


def _check_types(node: Node, flat: FlatNode) -> None:
    """What a file says of types must be what the inputs say."""
    for key, value in node.type_attrs().items():
        said = flat.attrs.get(key)
        if said is None or key in node.op.fields:
            continue
        said = list(said) if isinstance(said, tuple) else said
        if said != value:
            raise ValueError(
                f"Node '{flat.name}' ({flat.op}): the attribute {key} says {said!r}, the inputs are {value!r}"
            )


def split_attributes(
    cls: type[Op], flat: FlatNode, library: Library
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The attributes that the op takes, and those that are carried along."""
    fields: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for key, value in flat.attrs.items():
        if key in cls.fields:
            if value is not None:
                fields[key] = normalised(cls, key, value)
        elif key.startswith("_") and value is not None and key != "_output_shapes":
            extra[key] = list(value) if isinstance(value, tuple) else value
    return fields, extra


def group_inputs(sig: Signature, flat: FlatNode, tensors: list[Tensor]) -> list[Any]:
    """The flat inputs of a file, grouped as the signature has them."""
    grouped: list[Any] = []
    at = 0
    for position, arg in enumerate(sig.inputs):
        if not arg.is_list:
            if at >= len(tensors):
                raise ValueError(
                    f"Node '{flat.name}' ({flat.op}) has {len(tensors)} inputs; it lacks '{arg.name}'"
                )
            grouped.append(tensors[at])
            at += 1
            continue
        said = flat.attrs.get(arg.count if arg.count else arg.variable)
        rest = sum(1 for a in sig.inputs[position + 1 :] if not a.is_list)
        if said is None:
            size = len(tensors) - at - rest
        else:
            size = int(said) if arg.count else len(said)
        if size < 0 or at + size > len(tensors):
            raise ValueError(
                f"Node '{flat.name}' ({flat.op}): {len(tensors)} inputs do not fill its lists"
            )
        grouped.append(tensors[at : at + size])
        at += size
    if at != len(tensors):
        raise ValueError(
            f"Node '{flat.name}' ({flat.op}) takes {at} inputs, the GraphDef gives {len(tensors)}"
        )
    return grouped


def _element(names: Names, wanted: str) -> Any:
    name, colon, _ = wanted.rpartition(":")
    try:
        if colon:
            return names.tensor(*parse_endpoint(wanted), wanted)
        return names.nodes[wanted]
    except (KeyError, ValueError):
        raise ValueError(f"Requested return_element {wanted!r} not found in graph_def.") from None


__all__ = ["Names", "build_node", "build_nodes", "import_graph_def", "in_order"]
