"""Softmax along any axis: the op knows the last one alone, so others are swapped with it and back."""

from __future__ import annotations

from typing import Any

from graphflow.errors import InvalidArgumentError
from graphflow.frontend.spelling import one_of_two
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.known import constant_value
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, transpose
from graphflow.ops.reduce_idioms import sequence


def softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """exp(logits) / sum(exp(logits)) along `axis`, the last one unless said otherwise."""
    return _along(raw.Softmax, logits, one_of_two("axis", axis, "dim", dim), name)


def log_softmax(logits: Any, axis: Any = None, name: str | None = None, dim: Any = None) -> Tensor:
    """logits - log(sum(exp(logits))) along `axis`, the last one unless said otherwise."""
    return _along(raw.LogSoftmax, logits, one_of_two("axis", axis, "dim", dim), name)


def _along(f: Any, logits: Any, axis: Any, name: str | None) -> Tensor:
    logits = convert(logits)
    shape = logits.shape
    if axis is None or (
        axis is not None and not isinstance(axis, Tensor) and _is_last(axis, shape.rank)
    ):
        return f(logits, name=name)
    if shape.rank is None:
        raise TypeError(f"the rank of the logits must be known for the axis {axis}: {logits}")
    _check_range(constant_value(axis) if isinstance(axis, Tensor) else axis, shape.rank)
    rank = idioms.rank(logits)
    if isinstance(axis, Tensor):
        axis = raw.Select(raw.Less(axis, 0), axis + rank, axis)
    elif axis < 0:
        axis = axis + rank
    last_rank = idioms.rank(logits)
    axis = axis % shape.rank
    y = f(_swapped(logits, axis, raw.Sub(last_rank, 1), None))
    y = _swapped(y, axis, raw.Sub(last_rank, 1), name)
    y.set_shape(shape)
    return y


def _is_last(axis: Any, rank: int | None) -> bool:
    return bool(axis == -1 or (rank is not None and axis == rank - 1))


def _check_range(axis: Any, rank: int) -> None:
    if axis is not None and not -rank <= axis < rank:
        raise InvalidArgumentError(
            message=f"Dimension ({int(axis)}) must be in the range [{-rank}, {rank}) where {rank} "
            "is the number of dimensions in the input."
        )


def _swapped(x: Tensor, axis: Any, last: Tensor, name: str | None) -> Tensor:
    """x with two axes exchanged."""
    order = [sequence(axis), [last], sequence(axis + 1, last), [axis]]
    return transpose(x, concat(order, 0), name=name)


__all__: list[str] = []

NAMESPACES = {"nn": ["log_softmax", "softmax"], "math": ["log_softmax", "softmax"]}
