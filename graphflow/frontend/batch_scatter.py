"""Updates of elements along the last axis that indices name, batch by batch."""

from __future__ import annotations

from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat


def batch_scatter_update(
    ref: Any, indices: Any, updates: Any, use_locking: bool = True, name: str | None = None
) -> Any:
    """ref[b, indices[b, i]] = updates[b, i] for every batch b."""
    with build.name_scope(name):
        return ref._scatter_nd_update(_coordinates(indices), updates, use_locking)


def _coordinates(indices: Any) -> Tensor:
    """The coordinates of the elements: those of the batch before the index."""
    indices = convert(indices, name="indices")
    sizes = idioms.shape(indices)
    rank = indices.shape.rank
    if rank is None:
        raise ValueError("batch_gather does not allow indices with unknown shape.")
    last = raw.ExpandDims(indices, -1)
    columns = []
    for axis in range(rank - 1):
        size = sizes[axis]
        places = raw.Range(0, size, 1)
        places = raw.Reshape(places, [1] * axis + [size] + [1] * (rank - axis))
        if places.dtype.base_dtype is not last.dtype.base_dtype:
            places = raw.Cast(places, DstT=last.dtype)
        columns.append(places * idioms.ones_like(last))
    return concat([*columns, last], -1)
