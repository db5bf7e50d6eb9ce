"""Orders: tf.sort, tf.argsort, tf.searchsorted."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.ir import build, raw
from graphflow.ir.convert import const, convert
from graphflow.ir.dtype import int32, int64
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, transpose
from graphflow.ops.reduce_idioms import constant_for_gradient, sequence

__all__ = ["argsort", "searchsorted", "sort"]


def sort(
    values: Any, axis: Any = -1, direction: str = "ASCENDING", name: str | None = None
) -> Tensor:
    """The values in order along an axis."""
    with build.name_scope(name, "sort"):
        return _ordered(values, axis, direction, 0)


def argsort(
    values: Any,
    axis: Any = -1,
    direction: str = "ASCENDING",
    stable: bool = False,
    name: str | None = None,
) -> Tensor:
    """The places from which the values in order along an axis come; equal ones stay in order."""
    with build.name_scope(name, "argsort"):
        return _ordered(values, axis, direction, 1)


def _ordered(values: Any, axis: Any, direction: str, which: int) -> Tensor:
    if direction not in ("ASCENDING", "DESCENDING"):
        raise ValueError(f"{direction} should be one of ASCENDING, DESCENDING")
    axis = convert(axis, name="axis")
    at = constant_for_gradient(axis)
    if axis.shape.rank != 0 or at is None:
        raise ValueError("axis must be a constant scalar")
    values = convert(values, name="values")
    if direction == "DESCENDING":
        return _descending(values, int(at), which)
    found = _descending(-values, int(at), which)
    return found if which else -found


def _descending(values: Tensor, axis: int, which: int) -> Tensor:
    """The values (0) or the places (1), greatest first; the axis is swapped with the last and back."""
    count = idioms.shape(values)[axis]
    rank, static = idioms.rank(values), values.shape.rank
    swap: Any = None
    if axis != -1 and axis + 1 != static:
        swap = _exchange(axis, rank, static)
        values = transpose(values, swap)
    found: Tensor = raw.TopKV2(values, count)[which]
    return found if swap is None else transpose(found, swap)


def _exchange(axis: Any, rank: Tensor, static: int | None) -> Tensor:
    """The order of axes that exchanges one with the last."""
    if axis < 0:
        axis = axis + (rank if static is None else static)
    if static is None:
        rest = [sequence(axis), [rank - 1], sequence(axis + 1, rank - 1), [axis]]
        return concat(rest, axis=0)
    order = np.arange(static)
    order[[axis, -1]] = order[[-1, axis]]
    return const(order.astype(np.int64), int64, "transposition")


def searchsorted(
    sorted_sequence: Any,
    values: Any,
    side: str = "left",
    out_type: Any = int32,
    name: str | None = None,
) -> Tensor:
    """Where each value would go in its sorted row, before ("left") or after its equals."""
    row = idioms.shape(sorted_sequence)[-1]
    wanted = idioms.shape(values)[-1]
    rows = raw.Reshape(sorted_sequence, [-1, row])
    columns = raw.Reshape(values, [-1, wanted])
    if side not in ("left", "right"):
        raise ValueError(f"side must be either 'right' or 'left'.  Saw: {side}.")
    op = raw.UpperBound if side == "right" else raw.LowerBound
    found = op(rows, columns, out_type=out_type, name=name)
    out: Tensor = raw.Reshape(found, idioms.shape(values))
    return out
