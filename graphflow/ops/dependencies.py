"""Control edges as TensorFlow spells them: group, tuple, with_dependencies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor


def no_op(name: str | None = None) -> Node:
    """A node that does nothing, for others to wait on."""
    node: Node = raw.NoOp(name=name)
    return node


def group(*inputs: Any, name: str | None = None) -> Node:
    """A node that has run when all of `inputs` have."""
    with build.name_scope(name, "group_deps", inputs) as scope:
        graph = build.current_graph()
        by_device: dict[str, list[Node]] = {}
        for item in _flat(inputs):
            node = graph.as_node(item.op if isinstance(item, IndexedSlices) else item)
            by_device.setdefault(node.device, []).append(node)
        if len(by_device) < 2:
            for device, nodes in by_device.items():
                return _waiting(device, nodes, scope)
            return no_op(scope)
        parts = [_waiting(device, by_device[device], None) for device in sorted(by_device)]
        with graph.control_dependencies(parts):
            return no_op(scope)


def _flat(values: Any) -> list[Any]:
    found = []
    for value in values:
        if isinstance(value, list | tuple) and not isinstance(value, IndexedSlices):
            found.extend(_flat(value))
        elif isinstance(value, dict):
            found.extend(_flat([value[k] for k in sorted(value)]))
        elif value is None:
            continue
        elif not (
            hasattr(value, "_as_tensor")
            or hasattr(value, "_as_graph_element")
            or isinstance(value, Node | IndexedSlices)
        ):
            raise TypeError(
                f"Expected tf.group() expected Tensor objects not None or {type(value).__name__}: {value!r}"
            )
        else:
            found.append(value)
    return found


def _waiting(device: str, nodes: Sequence[Node], name: str | None) -> Node:
    graph = build.current_graph()
    with graph.control_dependencies(nodes):
        if not device:
            return no_op(name)
        with graph.device(device):
            return no_op(name)


def with_dependencies(dependencies: Sequence[Any], output: Any, name: str | None = None) -> Any:
    """`output`, available only after `dependencies` have run."""
    with build.name_scope(name, "control_dependency", [*dependencies, output]) as scope:
        graph = build.current_graph()
        at = output.values if isinstance(output, IndexedSlices) else output
        with graph.colocate_with(at), graph.control_dependencies(dependencies):
            if isinstance(output, IndexedSlices):
                values = raw.Identity(output.values, name=scope)
                return IndexedSlices(values, output.indices, output.dense_shape)
            output = convert(output)
            by_reference = output.dtype._is_ref_dtype
            return (raw.RefIdentity if by_reference else raw.Identity)(output, name=scope)


def tuple_(
    tensors: Sequence[Any], name: str | None = None, control_inputs: Any = None
) -> list[Any]:
    """`tensors`, each available only after all of them are computed."""
    with build.name_scope(name, "tuple", tensors):
        graph = build.current_graph()
        items = [
            t
            if t is None
            or isinstance(t, Node | Tensor | IndexedSlices)
            or hasattr(t, "_as_graph_element")
            else convert(t)
            for t in tensors
        ]
        nodes = {
            graph.as_node(t.op if isinstance(t, IndexedSlices) else t)
            for t in items
            if t is not None
        }
        nodes |= {graph.as_node(c) for c in control_inputs or ()}
        if not nodes:
            raise ValueError("Must have at least one Tensor: tensors is empty")
        gate = group(*sorted(nodes, key=lambda n: n.id))
        gated: list[Any] = []
        for item in items:
            if item is None:
                gated.append(None)
            elif isinstance(item, Node):
                with graph.control_dependencies([gate]):
                    gated.append(group(item))
            else:
                gated.append(with_dependencies([gate], item))
        return gated
