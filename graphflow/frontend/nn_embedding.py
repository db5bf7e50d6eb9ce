"""tf.nn: rows of tables, which may lie in several parts."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array_parts import gather
from graphflow.frontend.clipping import clip_by_norm
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import bfloat16, float16, float32, int32
from graphflow.ir.node import Tensor
from graphflow.ir.sparse_tensor import is_sparse
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack
from graphflow.ops.reduce_idioms import reduce_sum, sequence


def as_parts(params: Any) -> list[Any]:
    """A table as the list of its parts."""
    if isinstance(params, list):
        return params
    return list(params) if hasattr(params, "_variable_list") else [params]


def embedding_lookup(
    params: Any,
    ids: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    validate_indices: bool = True,
    max_norm: float | None = None,
) -> Tensor:
    """The rows of a table that `ids` name."""
    if params is None:
        raise ValueError("params must be specified")
    parts = as_parts(params)
    if not parts:
        raise ValueError("Need at least one param")
    with build.name_scope(name, "embedding_lookup", [*parts, ids]) as scope:
        # a variable that is a resource gathers by itself, without being read as a whole
        if not any(hasattr(p, "handle") for p in parts):
            parts = [convert(p, name=f"params_{i}") for i, p in enumerate(parts)]
        ids = convert(ids, name="ids")
        if len(parts) > 1:
            return _clipped(_from_parts(parts, ids, partition_strategy, scope), ids, max_norm)
        with build.current_graph().colocate_with(parts[0].op):
            found = _clipped(gather(parts[0], ids, name=scope), ids, max_norm)
        return raw.Identity(found)


def _clipped(rows: Tensor, ids: Tensor, max_norm: float | None) -> Tensor:
    """Rows whose norm is at most `max_norm`."""
    if max_norm is None:
        return rows
    ids_rank, rows_rank = ids.shape.rank, rows.shape.rank
    if ids_rank and rows_rank:
        axes: Any = list(range(ids_rank, rows_rank))
    else:
        axes = sequence(ids_rank or idioms.rank(ids), rows_rank or idioms.rank(rows))
    found: Tensor = clip_by_norm(rows, max_norm, axes=axes)
    return found


def _from_parts(parts: list[Any], ids: Tensor, strategy: str, scope: str) -> Tensor:
    """Rows gathered from the part in which each lies, in the order of `ids`."""
    flat = raw.Reshape(ids, [-1])
    order = sequence(idioms.size(flat))
    if strategy == "mod":
        part, row = flat % len(parts), flat // len(parts)
    elif strategy == "div":
        part, row = _by_division(parts, flat)
    else:
        raise ValueError(f"Unrecognized partition strategy: {strategy}")
    part = idioms.cast(part, int32)
    rows = raw.DynamicPartition(row, part, num_partitions=len(parts))
    places = raw.DynamicPartition(order, part, num_partitions=len(parts))
    found = []
    for tensor, wanted in zip(parts, rows, strict=True):
        with build.current_graph().colocate_with(tensor.op):
            found.append(gather(tensor, wanted))
    stitched = raw.ParallelDynamicStitch(places, found, name=scope)
    shape = parts[0].shape[1:]
    for tensor in parts[1:]:
        shape = shape.merge_with(tensor.shape[1:])
    sizes: Any = shape
    if not shape.is_static:
        with build.current_graph().colocate_with(parts[0].op):
            whole = idioms.shape(parts[0])
        sizes = whole[1:]
    y = raw.Reshape(stitched, concat([idioms.shape(ids), sizes], 0))
    y.set_shape(ids.shape.concatenate(shape))
    return y


def _by_division(parts: list[Any], flat: Tensor) -> tuple[Tensor, Tensor]:
    """The part of each id and its row there, where parts hold neighbouring ids and the first ones one more."""
    sizes = [p.shape[0].value for p in parts]
    if None not in sizes and sum(s for s in sizes if s is not None):
        total: Any = constant(sum(s for s in sizes if s is not None), flat.dtype)
    else:
        found: list[Any] = []
        for tensor, size in zip(parts, sizes, strict=True):
            if size is None:
                with build.current_graph().colocate_with(tensor.op):
                    found.append(idioms.shape(tensor)[0])
            else:
                found.append(size)
        total = reduce_sum(idioms.cast(stack(found), flat.dtype))
    each, extras = total // len(parts), total % len(parts)
    part = raw.Maximum(flat // (each + 1), (flat - extras) // each)
    row = raw.Select(part < extras, flat % (each + 1), (flat - extras) % each)
    return part, row


def embedding_lookup_sparse(
    params: Any,
    sp_ids: Any,
    sp_weights: Any,
    partition_strategy: str = "mod",
    name: str | None = None,
    combiner: str | None = None,
    max_norm: float | None = None,
) -> Tensor:
    """For each row of a sparse matrix of ids, the sum, mean or sum over sqrt(n) of their rows of a table."""
    combiner = "mean" if combiner is None else combiner
    if combiner not in ("mean", "sqrtn", "sum"):
        raise ValueError("combiner must be one of 'mean', 'sqrtn' or 'sum'")
    parts = as_parts(params)
    if not is_sparse(sp_ids):
        raise TypeError("sp_ids must be SparseTensor")
    if sp_weights is not None:
        if not is_sparse(sp_weights):
            raise TypeError("sp_weights must be either None or SparseTensor")
        for field in ("values", "indices", "dense_shape"):
            mine, theirs = getattr(sp_ids, field).shape, getattr(sp_weights, field).shape
            mine.assert_is_compatible_with(theirs)
    with build.name_scope(name, "embedding_lookup_sparse", [*parts, sp_ids]) as scope:
        segments = idioms.cast(sp_ids.indices[:, 0], int32)
        ids, places = raw.Unique(sp_ids.values)
        rows = embedding_lookup(parts, ids, partition_strategy, max_norm=max_norm)
        if rows.dtype.base_dtype in (float16, bfloat16):
            rows = idioms.cast(rows, float32)
        if sp_weights is None:
            op = {"sum": raw.SparseSegmentSum, "mean": raw.SparseSegmentMean}
            return op.get(combiner, raw.SparseSegmentSqrtN)(rows, places, segments, name=scope)
        return _weighted(rows, places, segments, sp_weights.values, combiner, scope)


def _weighted(
    rows: Tensor, places: Tensor, segments: Tensor, weights: Tensor, combiner: str, scope: str
) -> Tensor:
    """Sums of rows times weights, over the sum or the root of the sum of squares of the weights."""
    weights = idioms.cast(weights, rows.dtype)
    rows = gather(rows, places)
    ones = raw.Fill(raw.ExpandDims(idioms.rank(rows) - 1, 0), 1)
    given = weights.shape
    weights = raw.Reshape(weights, concat([idioms.shape(weights), ones], 0))
    if rows.shape.rank is not None:
        weights.set_shape(given.concatenate([1] * (rows.shape.rank - 1)))
    rows = rows * weights
    if combiner == "sum":
        return raw.SegmentSum(rows, segments, name=scope)
    total = raw.SegmentSum(rows, segments)
    if combiner == "mean":
        return _div(total, raw.SegmentSum(weights, segments), scope)
    squares = raw.SegmentSum(raw.Pow(weights, 2), segments)
    return _div(total, raw.Sqrt(squares), scope)


def _div(x: Tensor, y: Tensor, scope: str) -> Tensor:
    with build.name_scope(scope, "div", [x, y]) as name:
        return raw.RealDiv(x, y, name=name)


__all__: list[str] = []

NAMESPACES = {"nn": ["embedding_lookup", "embedding_lookup_sparse"]}
