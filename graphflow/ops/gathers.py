"""Elements and slices at computed places: GatherV2, GatherNd, Where."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import build, raw
from graphflow.ir.dtype import int64
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.known import constant_value, known_scalar, known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, TensorShape
from graphflow.numeric import sequences
from graphflow.numeric.gathering import gather, gather_nd
from graphflow.ops import arrays, idioms
from graphflow.ops.dims import constant_axis
from graphflow.ops.reduce_idioms import constant_for_gradient, sequence


class Gather(Op):
    """y[i, ...] = params[indices[i], ...]."""

    signature = "params:Tparams, indices:Tindices -> output:Tparams | Tindices: index"
    validate_indices: bool = True

    def infer(self, params: Tensor, indices: Tensor) -> Any:
        return indices.shape.concatenate(params.shape.with_rank_at_least(1)[1:])

    def known(self, params: Tensor, indices: Tensor) -> Any:
        return _known_gather(params, indices)

    def reference(self, params: Any, indices: Any) -> Any:
        return gather(params, indices)

    def gradient(self, n: Node, g: Any) -> Sequence[Any]:
        params, indices = n.inputs
        shape = _shape_beside(params)
        count = raw.ExpandDims(idioms.size(indices), 0)
        values_shape = arrays.concat([count, shape[1:]], 0)
        values = raw.Reshape(g, values_shape)
        return [IndexedSlices(values, raw.Reshape(indices, count), shape), None]


class GatherV2(Op):
    """y[b, p, i, s] = params[b, p, indices[b, i], s], where `axis` is that of the index."""

    signature = (
        "params:Tparams, indices:Tindices, axis:Taxis -> output:Tparams "
        "| Tindices: index; Taxis: index"
    )
    by_value = True
    batch_dims: int = 0

    def infer(self, params: Tensor, indices: Tensor, axis: Tensor) -> Any:
        axis.shape.with_rank_at_most(0)
        batch = self.batch_dims
        if batch < 0 and indices.shape.rank is not None:
            batch += indices.shape.rank
        if params.shape.rank is None:
            return UNKNOWN
        params.shape.with_rank_at_least(1)
        at = constant_axis(axis, params.shape.rank)
        if indices.shape.rank is None or batch < 0:
            return UNKNOWN
        if batch > indices.shape.rank or (at is not None and batch > at):
            raise ValueError(
                f"batch_dims = {batch} must be at most axis ({at}) and rank(indices) = "
                f"{indices.shape.rank}"
            )
        if at is None:
            return TensorShape([None] * (params.shape.rank + indices.shape.rank - 1 - batch))
        lead = params.shape[:batch].merge_with(indices.shape[:batch])
        return lead + params.shape[batch:at] + indices.shape[batch:] + params.shape[at + 1 :]

    def known(self, params: Tensor, indices: Tensor, axis: Tensor) -> Any:
        return None if known_scalar(axis) != 0 else _known_gather(params, indices)

    def reference(self, params: Any, indices: Any, axis: Any) -> Any:
        return gather(params, indices, axis, self.batch_dims)

    def gradient(self, n: Node, g: Any) -> Sequence[Any]:
        params, indices, axis = n.inputs
        shape = _shape_beside(params)
        count = raw.ExpandDims(idioms.size(indices), 0)
        at = constant_for_gradient(axis)
        if at is not None and at == 0:
            values = raw.Reshape(g, arrays.concat([count, shape[1:]], 0))
            return [IndexedSlices(values, raw.Reshape(indices, count), shape), None, None]
        batch = self.batch_dims
        if batch < 0:
            batch += len(indices.shape)
        return [_gradient_along(axis, batch, shape, indices, g), None, None]


def _known_gather(params: Tensor, indices: Tensor) -> Any:
    value, at = known_value(params), constant_value(indices)
    if value is None or at is None or (at.size and not 0 <= at.min() <= at.max() < len(value)):
        return None
    return value[at.astype(int)] if at.ndim else np.asarray(value[int(at)], value.dtype)


def _shape_beside(params: Tensor) -> Tensor:
    """The shape of params as int32, computed where params is."""
    with build.current_graph().colocate_with(params):
        return idioms.cast(idioms.shape(params, out_type=int64), "int32")


def _gradient_along(axis: Tensor, batch: int, shape: Tensor, indices: Tensor, g: Any) -> Tensor:
    """The axis is moved behind the batch dimensions, the rows are summed, and it is moved back."""
    outer, inner = shape[:axis], shape[axis:][1:]
    values_shape = arrays.concat([outer, [-1], inner], 0)
    rank, place = idioms.size(values_shape), idioms.size(outer)
    before = sequence(batch)
    between = sequence(batch, place)
    after = sequence(place + 1, rank)
    values = raw.Reshape(g, values_shape)
    order = arrays.concat([before, [place], between, after], 0)
    moved = arrays.transpose(values, order)
    summed = _summed_rows(shape, moved, indices, batch, shape[axis])
    back = arrays.concat([before, between + 1, [batch], after], 0)
    return arrays.transpose(summed, back)


def _summed_rows(
    shape: Tensor, values: Tensor, indices: Tensor, batch: int, rows: Tensor
) -> Tensor:
    """The values summed by index, batch for batch."""
    count = raw.ExpandDims(idioms.size(indices), 0)
    if not batch:
        summed: Tensor = raw.UnsortedSegmentSum(values, raw.Reshape(indices, count), rows)
        return summed
    sizes = idioms.shape(values)
    outer, inner = sizes[:batch], sizes[batch:][1:]
    batches = raw.Prod(outer, [0], keep_dims=False)
    flat = arrays.concat([[-1], inner], 0)
    rows = rows * batches
    indices = _offset_by_batch(shape, indices, batch)
    values = raw.Reshape(values, flat)
    summed = raw.UnsortedSegmentSum(values, raw.Reshape(indices, count), rows)
    whole: Tensor = raw.Reshape(summed, arrays.concat([outer, flat], 0))
    return whole


def _offset_by_batch(shape: Tensor, indices: Tensor, batch: int) -> Tensor:
    """The indices into the rows of all batches, one batch after the other."""
    rank, dtype = len(indices.shape), indices.dtype.base_dtype
    sizes = idioms.cast(shape, dtype)
    stride = idioms.ones((), dtype)
    for dim in range(batch, 0, -1):
        size = sizes[dim - 1]
        stride = stride * sizes[dim]
        start, step = idioms.zeros((), dtype), idioms.ones((), dtype)
        offsets = sequence(start, size, step) * stride
        column = arrays.stack([1] * (dim - 1) + [size] + [1] * (rank - dim), axis=0)
        indices = indices + raw.Reshape(offsets, column)
    return indices


class GatherNd(Op):
    """y[i, ...] = params[indices[i, 0], indices[i, 1], ..., ...]."""

    signature = "params:Tparams, indices:Tindices -> output:Tparams | Tindices: index"

    def infer(self, params: Tensor, indices: Tensor) -> Any:
        places = indices.shape.with_rank_at_least(1).known
        if places is None or params.shape.rank is None:
            return UNKNOWN
        depth = places[-1]
        if not isinstance(depth, int):
            return UNKNOWN
        if depth > params.shape.rank:
            raise ValueError(
                f"indices.shape[-1] must be <= params.rank, but saw indices shape: {indices.shape} "
                f"and params shape: {params.shape}"
            )
        return indices.shape[:-1].concatenate(params.shape[depth:])

    def reference(self, params: Any, indices: Any) -> Any:
        return gather_nd(params, indices)

    def gradient(self, n: Node, g: Any) -> Sequence[Any]:
        params, indices = n.inputs
        shape = idioms.shape(params, out_type=indices.dtype)
        if indices.shape.rank == 2 and indices.shape[-1].value == 1:
            rows = raw.Squeeze(indices, squeeze_dims=[-1])
            return [IndexedSlices(g, rows, shape), None]
        return [raw.ScatterNd(indices, g, shape), None]


class Where(Op):
    """The coordinates of the elements that are not zero, in row-major order."""

    signature = "input:T -> index:int64 | T: number, qint8, quint8, qint32, bool = bool"

    def infer(self, x: Tensor) -> Any:
        return TensorShape([None, x.shape.rank])

    def reference(self, x: Any) -> Any:
        return sequences.where(x)


class UnravelIndex(Op):
    """The coordinates of flat places in a tensor of the given shape, a row for each dimension."""

    signature = "indices:Tidx, dims:Tidx -> output:Tidx | Tidx: index = int32"

    def infer(self, indices: Tensor, dims: Tensor) -> Any:
        rank = dims.shape.with_rank(1)
        return rank.concatenate(indices.shape.with_rank_at_most(1))

    def reference(self, indices: Any, dims: Any) -> Any:
        sizes = tuple(int(d) for d in dims)
        return np.array(np.unravel_index(indices, sizes), indices.dtype)
