"""Which function gives the gradient of a node: the op's own, or one registered under a name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.ir.graph import Graph
from graphflow.ir.node import Node
from graphflow.ir.op import Op

#: (node, *gradients of its outputs) -> gradients of its inputs; None: no gradient flows
GradientFunction = Callable[..., Any]

_registered: dict[str, GradientFunction | None] = {}


class RegisterGradient:
    """Decorator: the gradient of ops of type `op_type`, or of nodes that override theirs by that name."""

    def __init__(self, op_type: str) -> None:
        if not isinstance(op_type, str):
            raise TypeError("op_type must be a string")
        self._op_type = op_type

    def __call__(self, f: GradientFunction) -> GradientFunction:
        if self._op_type in _registered:
            raise KeyError(f"Registering two gradient with name '{self._op_type}'!")
        _registered[self._op_type] = f
        return f


def not_differentiable(op_type: str) -> None:
    """State that no gradient flows through ops of this type."""
    if not isinstance(op_type, str):
        raise TypeError("op_type must be a string")
    _registered[op_type] = None


def gradient_functions(graph: Graph) -> dict[str, GradientFunction]:
    """The gradient functions that belong to one graph, and end with it."""
    found: dict[str, GradientFunction] = graph.notes.setdefault("gradient_functions", {})
    return found


def gradient_function(node: Node) -> GradientFunction | None:
    """The gradient function of a node, None where no gradient flows, LookupError where nobody gave one."""
    name = (node.extra or {}).get("_gradient_op_type", node.type)
    if isinstance(name, bytes):
        name = name.decode()
    own = gradient_functions(node.graph).get(name)
    if own is not None:
        return own
    if name in _registered:
        return _registered[name]
    if name != node.type:
        raise LookupError(
            f"No gradient is registered under {name!r}, which '{node.name}' (op type: {node.type}) overrides its own with"
        )
    if not node.op.differentiable:
        return None
    if type(node.op).gradient is Op.gradient:
        raise LookupError(f"No gradient defined for operation '{node.name}' (op type: {node.type})")
    return node.op.gradient
