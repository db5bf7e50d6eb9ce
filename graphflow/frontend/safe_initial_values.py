"""Initial values that depend on other variables: they must not read one that has no value yet."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.control_flow import cond
from graphflow.frontend.framework import init_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.ir import build
from graphflow.ir.node import Node, Tensor
from graphflow.ir.signature import split
from graphflow.ops.bodies import counted

_HOLDERS = ("Variable", "VariableV2", "VarHandleOp")
_SAFE = ("IsVariableInitialized", "VarIsInitializedOp", "ReadVariableOp")
_CHOICES = ("If", "StatelessIf")


def initialized_value(variable: Any) -> Tensor:
    """cond(variable is initialized, its value, its initial value)."""
    with init_scope():
        initialized = variable._is_initialized()
        value: Tensor = cond(initialized, variable.read_value, lambda: variable.initial_value)
        return value


def guarded(name: str, value: Tensor) -> Tensor:
    """`value`, or a copy of its expression that takes initialized values where it read variables."""
    return _safe(name, value, {})


def _safe(name: str, tensor: Tensor, made: dict[Node, Node]) -> Tensor:
    node = made.get(tensor.node)
    if node is None:
        node = made[tensor.node] = _safe_node(name, tensor.node, made)
    return node.outputs[tensor.index]


def _safe_node(name: str, node: Node, made: dict[Node, Node]) -> Node:
    if node.type in _SAFE:
        return node
    if node.type in _CHOICES:
        return _safe_choice(name, node, made)
    if node.type in _HOLDERS:
        holder = _variable_held_by(node)
        return node if holder is None else initialized_value(holder).node
    inputs = [_safe(name, t, made) for t in node.inputs]
    if all(a is b for a, b in zip(inputs, node.inputs, strict=True)):
        return node
    attrs = dict(node.op.attrs())
    grouped = split(type(node.op).sig().inputs, inputs, node.type_attrs())
    copied = build.apply(type(node.op), grouped, attrs, f"{node.name}_{name}/".replace(":", "_"))
    copied.extra = node.extra
    return copied


def _safe_choice(name: str, node: Node, made: dict[Node, Node]) -> Node:
    """An initialized value is made safe a second time, as TensorFlow does; other choices guard themselves."""
    held = [t.node for t in node.inputs if t.node.type in _HOLDERS]
    if node.inputs[0].node.type != "IsVariableInitialized" or len(held) != 1:
        return node
    variable = _variable_held_by(held[0])
    if variable is None:
        return node
    # TensorFlow copies the nodes of both branches on the way to what changed; here they only count
    others = [t for t in node.inputs[1:] if t.node is not held[0]]
    changed = ["Switch_1" for t in others if _safe(name, t, made) is not t]
    again = initialized_value(variable).node
    prefix = node.name.removesuffix("Merge")
    copies = [*changed, "read/Switch", "read", "Merge"]
    counted(node.graph, *(f"{prefix}{copied}_{name}".replace(":", "_") for copied in copies))
    return again


def _variable_held_by(node: Node) -> Any:
    for key in (GraphKeys.GLOBAL_VARIABLES, GraphKeys.LOCAL_VARIABLES):
        for variable in node.graph.get_collection(key):
            if getattr(variable, "op", None) is node:
                return variable
    return None
