"""tf.nn: rows of tables for ids of which some may be missing."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.nn_embedding import as_parts, embedding_lookup_sparse
from graphflow.frontend.sparse import sparse_fill_empty_rows, sparse_reshape, sparse_retain
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bool_, int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack
from graphflow.ops.reduce_idioms import reduce_prod


def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: Any,
    sparse_weights: Any = None,
    combiner: str | None = "mean",
    default_id: int | None = None,
    name: str | None = None,
    partition_strategy: str = "div",
    max_norm: float | None = None,
) -> Tensor:
    """embedding_lookup_sparse that drops negative ids and weights, and gives empty rows zeros or a default."""
    if embedding_weights is None or not as_parts(embedding_weights):
        raise ValueError(f"Missing embedding_weights {embedding_weights}.")
    kind = None if sparse_weights is None else sparse_weights.dtype
    parts = [convert(w, dtype=kind) for w in as_parts(embedding_weights)]
    with build.name_scope(name, "embedding_lookup", [*parts, sparse_ids, sparse_weights]) as scope:
        shape = sparse_ids.dense_shape
        rank = shape.shape[0].value
        dims = idioms.size(shape) if rank is None else rank
        rows = reduce_prod(raw.Slice(shape, [0], [dims - 1]))
        matrix = sparse_reshape(sparse_ids, [rows, raw.GatherV2(shape, dims - 1, 0)])
        weights = None
        if sparse_weights is not None:
            weights = type(matrix)(matrix.indices, sparse_weights.values, matrix.dense_shape)
        matrix, weights = _only_valid(matrix, weights, combiner)
        matrix, empty = sparse_fill_empty_rows(matrix, default_id or 0)
        if weights is not None:
            weights, _ = sparse_fill_empty_rows(weights, 1.0)
        found = embedding_lookup_sparse(
            parts,
            matrix,
            weights,
            partition_strategy,
            None if default_id is None else scope,
            combiner,
            max_norm,
        )
        if default_id is None:
            column = raw.Reshape(empty, [-1, 1])
            empty = raw.Tile(column, stack([1, idioms.shape(found)[1]]))
            found = raw.Select(empty, idioms.zeros_like(found), found, name=scope)
        ahead = raw.Slice(idioms.cast(shape, int32), [0], [dims - 1])
        sizes = concat([ahead, raw.Slice(idioms.shape(found), [1], [-1])], 0)
        y = raw.Reshape(found, sizes)
        known = TensorShape(None) if rank is None else TensorShape([None] * (rank - 1))
        y.set_shape(known.concatenate(found.shape[1:]))
        return y


def _only_valid(ids: Any, weights: Any, combiner: str | None) -> tuple[Any, Any]:
    """What is left of ids and weights without negative ids, and without weights that are not positive."""
    valid = raw.GreaterEqual(ids.values, 0)
    if weights is not None:
        valid = raw.LogicalAnd(valid, idioms.ones_like(weights.values, dtype=bool_))
    ids = sparse_retain(ids, valid)
    if weights is None:
        return ids, None
    weights = sparse_retain(weights, valid)
    if combiner != "sum":
        positive = raw.Greater(weights.values, 0)
        ids, weights = sparse_retain(ids, positive), sparse_retain(weights, positive)
    return ids, weights


__all__: list[str] = []

NAMESPACES = {"nn": ["safe_embedding_lookup_sparse"]}
