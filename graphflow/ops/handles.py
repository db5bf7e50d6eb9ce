"""What is known, when a graph is built, of the variable behind a handle: its node, its shape, its type."""

from __future__ import annotations

from graphflow.ir.dtype import DType
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import UNKNOWN, TensorShape

#: nodes that hand a handle on as it is
_PASSING = frozenset({"Identity", "IdentityN", "StopGradient"})


def holder(handle: Tensor) -> Node | None:
    """The VarHandleOp node that made a handle, looked up through bodies to the outside."""
    while True:
        node = handle.node
        if node.type == "VarHandleOp":
            return node
        if node.type in _PASSING:
            handle = node.inputs[handle.index]
            continue
        outer = captured(handle)
        if outer is None:
            return None
        handle = outer


def captured(handle: Tensor) -> Tensor | None:
    """The outer tensor that an argument of a body stands for."""
    if handle.node.inputs or handle.graph.outer is None:
        return None
    return next((o for o, inner in handle.graph.captures.items() if inner is handle), None)


def held_shape(handle: Tensor) -> TensorShape:
    """The shape that the variable was declared with."""
    node = holder(handle)
    return UNKNOWN if node is None else node.op.__dict__["shape"]


def held_dtype(handle: Tensor) -> DType | None:
    """The element type of the variable."""
    node = holder(handle)
    return None if node is None else node.op.__dict__["dtype"]


def check_dtype(handle: Tensor, dtype: DType) -> None:
    """Refuse to treat a variable of one type as one of another."""
    held = held_dtype(handle)
    if held is not None and held is not dtype.base_dtype:
        raise ValueError(
            f"Trying to read variable with wrong dtype. Expected {held.name} got {dtype.base_dtype.name}"
        )
