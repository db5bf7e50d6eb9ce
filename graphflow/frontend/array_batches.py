"""Gathering row by row: tf.batch_gather and tf.gather_nd with batch dimensions."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array_joins import meshgrid
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack, transpose, unstack

__all__ = ["batch_gather"]


def batch_gather(params: Any, indices: Any, name: str | None = None) -> Tensor:
    """The elements of each row at the indices of that row."""
    with build.name_scope(name, "BatchGather", [params, indices]):
        indices, params = convert(indices, name="indices"), convert(params, name="params")
        if indices.shape.rank is None:
            raise ValueError("batch_gather does not allow indices with unknown shape.")
        return _by_row(params, indices, indices.shape.rank - 1)


def _by_row(params: Tensor, indices: Tensor, batch: int) -> Tensor:
    """Indices are made to count through the rows of all batches, and those are gathered at once."""
    rank = len(indices.shape)
    if not 0 <= batch < rank:
        raise ValueError(f"batch_dims = {batch} must be less than rank(indices) = {rank}")
    if params.shape.rank is not None and batch >= params.shape.rank:
        raise ValueError(
            f"batch_dims = {batch} must be less than rank(params) = {params.shape.rank}"
        )
    indices_shape, params_shape = idioms.shape(indices), idioms.shape(params)
    dtype = indices.dtype.base_dtype
    places, stride = indices, idioms.ones((), dtype)
    sizes = raw.Cast(params_shape, DstT=dtype)
    for dim in range(batch, 0, -1):
        size = sizes[dim - 1]
        stride = stride * sizes[dim]
        start, step = idioms.zeros((), dtype), idioms.ones((), dtype)
        offsets = raw.Range(start, size, step) * stride
        column = stack([1] * (dim - 1) + [size] + [1] * (rank - dim), axis=0)
        places = places + raw.Reshape(offsets, column)
    flat = raw.Reshape(places, [-1])
    outer = params_shape[batch + 1 :]
    rows = raw.Prod(params_shape[: batch + 1], [0], keep_dims=False)
    table = raw.Reshape(params, concat([[rows], outer], axis=0))
    found = raw.GatherV2(table, flat, 0)
    out: Tensor = raw.Reshape(found, concat([indices_shape, outer], axis=0))
    lead = indices.shape[:batch].merge_with(params.shape[:batch])
    out.set_shape(lead.concatenate(indices.shape[batch:]).concatenate(params.shape[batch + 1 :]))
    return out


def batch_gather_nd(params: Any, indices: Any, batch_dims: Any, name: str | None = None) -> Tensor:
    """The elements or slices at coordinates that leave the batch dimensions out."""
    with build.name_scope(name, "BatchGatherND", [params, indices]):
        indices, params = convert(indices, name="indices"), convert(params, name="params")
        _check_batch(batch_dims, params, indices)
        params_shape, indices_shape = idioms.shape(params), idioms.shape(indices)
        batch_shape = params_shape[:batch_dims]
        batch_size = raw.Prod(batch_shape, [0])
        inner_rank = idioms.rank(indices) - batch_dims - 1
        inner = indices_shape[batch_dims:-1]
        steps = [
            raw.Cast(raw.Range(0, size, 1), DstT=indices.dtype.base_dtype)
            for size in unstack(batch_shape, axis=0)
        ]
        flat = [raw.Reshape(x, (-1,)) for x in meshgrid(*steps, indexing="ij")]
        grid = transpose(stack(flat, axis=0))
        grid_shape = idioms.shape(grid)
        row = [grid_shape[:1], idioms.ones(inner_rank, int32), grid_shape[1:]]
        grid = raw.Reshape(grid, concat(row, axis=0))
        grid = raw.Tile(grid, concat(((1,), inner, (1,)), axis=0))
        flat_shape = concat(([batch_size], indices_shape[batch_dims:]), axis=0)
        places = concat((grid, raw.Reshape(indices, flat_shape)), axis=-1)
        found = raw.GatherNd(params, places)
        rest = idioms.shape(found)
        out: Tensor = raw.Reshape(found, concat((batch_shape, rest[1:]), axis=0))
        return out


def _check_batch(batch_dims: Any, params: Tensor, indices: Tensor) -> None:
    if not isinstance(batch_dims, int):
        raise TypeError(f"batch_dims must be an int; got {batch_dims!r}")
    if batch_dims < 0:
        raise ValueError("tf.gather_nd does not allow negative batch_dims.")
    for name, tensor in (("indices", indices), ("params", params)):
        if tensor.shape.rank is not None and batch_dims >= tensor.shape.rank:
            raise ValueError(
                f"batch_dims = {batch_dims} must be less than rank({name}) = {tensor.shape.rank}"
            )
