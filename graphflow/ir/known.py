"""What is known of small integer values at build time: sizes, axes, and shapes half of whose parts are symbols."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np

from graphflow.ir.node import Tensor
from graphflow.ir.shape import UNKNOWN, Symbol, TensorShape
from graphflow.ir.signature import split

#: values longer than this are data, not shapes
LIMIT = 4096
#: TensorFlow has no tensors of more
MOST_DIMENSIONS = 254


class _Asked(threading.local):
    """What one question has found so far: values that several ops use are worked out once."""

    def __init__(self) -> None:
        self.values: dict[Tensor, np.ndarray[Any, Any] | None] | None = None


_asked = _Asked()


def known_value(tensor: Any) -> np.ndarray[Any, Any] | None:
    """The value of `tensor` as an array, or as an object array with Symbols where only a name is known, or None."""
    if not isinstance(tensor, Tensor):
        return np.asarray(tensor)
    op = tensor.node.op
    if op.type == "Const":
        array: np.ndarray[Any, Any] = op.__dict__["value"].array
        return array
    if op.type == "Arg":
        outer = next((o for o, a in tensor.graph.captures.items() if a is tensor), None)
        return None if outer is None else known_value(outer)
    values = _asked.values
    if values is not None:
        if tensor not in values:
            values[tensor] = _worked_out(tensor)
        return values[tensor]
    _asked.values = {}
    try:
        return _worked_out(tensor)
    except RecursionError:
        return None  # a chain of thousands of small sums: not to know is always right
    finally:
        _asked.values = None


def _worked_out(tensor: Tensor) -> np.ndarray[Any, Any] | None:
    """What the op says of its output; a vector of unknown length may still be known."""
    size = tensor.shape.num_elements()
    if size is not None and size > LIMIT:
        return None
    op = tensor.node.op
    found = op.known(*split(type(op).sig().inputs, tensor.node.inputs, tensor.node.type_attrs()))
    if isinstance(found, tuple):
        found = found[tensor.index]
    if found is None:
        return None
    value = found if isinstance(found, np.ndarray) else np.array(found, dtype=object)
    return None if value.size > LIMIT else value


def constant_value(tensor: Any) -> np.ndarray[Any, Any] | None:
    """The value of `tensor` where it is wholly known when the graph is built, or None."""
    found = known_value(tensor)
    if found is None or found.dtype != object or tensor.dtype.kind == "s":
        return found
    if any(not isinstance(v, int | np.integer | bool | np.bool_ | float) for v in found.ravel()):
        return None
    return found.astype(tensor.dtype.base_dtype.numpy)


def known_shape(tensor: Any) -> TensorShape:
    """The shape that a vector of sizes spells; -1 and what is not known are unknown dimensions."""
    rank = tensor.shape.known
    if (
        rank is not None
        and len(rank) == 1
        and isinstance(rank[0], int)
        and rank[0] > MOST_DIMENSIONS
    ):
        raise ValueError(f"a shape of {rank[0]} dimensions: there may be {MOST_DIMENSIONS}")
    found = known_value(tensor)
    if found is not None and found.ndim == 1:
        return TensorShape.of(tuple(_dim(v) for v in found.tolist()))
    if rank is not None and len(rank) == 1 and isinstance(rank[0], int):
        return TensorShape([None] * rank[0])
    return UNKNOWN


def _dim(value: Any) -> Any:
    if isinstance(value, Symbol):
        return value
    if value is None or value == -1:
        return Symbol()
    if value < -1:
        raise ValueError(f"Dimension {value} must be >= -1")
    return int(value)


def known_scalar(tensor: Any) -> int | None:
    """The value of a scalar or of a single element, where it is known as a number."""
    found = known_value(tensor)
    if found is None or found.size != 1:
        return None
    value = found.ravel()[0]
    return int(value) if isinstance(value, int | np.integer) else None


def known_list(tensor: Any) -> list[int] | None:
    """The elements of a vector (or the one of a scalar) where all are known as numbers."""
    found = constant_value(tensor)
    return None if found is None else [int(v) for v in found.ravel()]
