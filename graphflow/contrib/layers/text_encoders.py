"""Sequences of symbols as vectors: embed_sequence, bow_encoder."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.framework.model_variables import model_variable
from graphflow.frontend.array import SparseTensor
from graphflow.frontend.array_parts import gather, gather_nd, where
from graphflow.frontend.nn_embedding import embedding_lookup
from graphflow.frontend.nn_safe_embedding import (
    safe_embedding_lookup_sparse as nn_safe_embedding_lookup_sparse,
)
from graphflow.frontend.reduce import reduce_mean, reduce_prod
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int64
from graphflow.ops import idioms
from graphflow.ops.arrays import concat


def embed_sequence(
    ids: Any,
    vocab_size: int | None = None,
    embed_dim: int | None = None,
    unique: bool = False,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    scope: Any = None,
    reuse: Any = None,
) -> Any:
    """The row of a table for each symbol."""
    if not (reuse or (vocab_size and embed_dim)):
        raise ValueError(
            "Must specify vocab size and embedding dimension when not reusing. "
            f"Got vocab_size={vocab_size} and embed_dim={embed_dim}"
        )
    with variable_scope(scope, "EmbedSequence", [ids], reuse=reuse):
        unknown = (reuse and vocab_size is None) or embed_dim is None
        shape = None if unknown else [vocab_size, embed_dim]
        embeddings = _table(shape, initializer, regularizer, trainable)
        if unique:
            return embedding_lookup_unique(embeddings, ids)
        return embedding_lookup(embeddings, ids)


def _table(shape: Any, initializer: Any, regularizer: Any, trainable: bool) -> Any:
    return model_variable(
        "embeddings",
        shape=shape,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
    )


def bow_encoder(
    ids: Any,
    vocab_size: int,
    embed_dim: int,
    sparse_lookup: bool = True,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    scope: Any = None,
    reuse: Any = None,
) -> Any:
    """The mean of the rows of a table for the symbols of each sequence."""
    if not vocab_size or not embed_dim:
        raise ValueError("Must specify vocab size and embedding dimension")
    with variable_scope(scope, "bow_encoder", [ids], reuse=reuse):
        embeddings = _table([vocab_size, embed_dim], initializer, regularizer, trainable)
        sparse = isinstance(ids, SparseTensor)
        if sparse_lookup:
            sparse_ids = ids if sparse else _sparse(ids)
            return safe_embedding_lookup_sparse(
                [embeddings], sparse_ids, combiner="mean", default_id=0
            )
        if sparse:
            raise TypeError("ids are expected to be dense Tensor, got: %s", ids)
        return reduce_mean(embedding_lookup(embeddings, ids), axis=1)


def _sparse(dense: Any) -> SparseTensor:
    """The elements that are not 0 (not the empty string)."""
    with build.name_scope("DenseToSparseTensor"):
        dense = convert(dense)
        nothing = dense.dtype.as_numpy_dtype(b"" if dense.dtype.kind == "s" else 0)
        other = raw.NotEqual(dense, idioms.cast(nothing, dense.dtype, name="ignore_value"))
        indices = where(other, name="indices")
        values = gather_nd(dense, indices, name="values")
        return SparseTensor(
            indices, values, idioms.shape(dense, name="dense_shape", out_type=int64)
        )


def safe_embedding_lookup_sparse(
    embedding_weights: Any,
    sparse_ids: Any,
    sparse_weights: Any = None,
    combiner: str | None = None,
    default_id: int | None = None,
    name: str | None = None,
    partition_strategy: str = "div",
    max_norm: float | None = None,
) -> Any:
    """Combined rows of a table for ids of which some may be missing."""
    return nn_safe_embedding_lookup_sparse(
        embedding_weights,
        sparse_ids,
        sparse_weights,
        combiner or "mean",
        default_id,
        name,
        partition_strategy,
        max_norm,
    )


def embedding_lookup_unique(
    params: Any, ids: Any, partition_strategy: str = "mod", name: str | None = None
) -> Any:
    """The row of a table for each id; what occurs often is looked up once."""
    with build.name_scope(name, "EmbeddingLookupUnique", [params, ids]):
        ids = convert(ids)
        shape = idioms.shape(ids)
        unique, places = raw.Unique(raw.Reshape(ids, reduce_prod(shape, keepdims=True)))
        rows = embedding_lookup(params, unique, partition_strategy)
        flat = gather(rows, places)
        found = raw.Reshape(flat, concat([shape, idioms.shape(rows)[1:]], 0))
        found.set_shape(ids.shape.concatenate(rows.shape[1:]))
        return found


__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": [
        *("bow_encoder", "embed_sequence", "embedding_lookup_unique"),
        "safe_embedding_lookup_sparse",
    ],
    "contrib.layers.python.layers": [
        *("bow_encoder", "embed_sequence", "embedding_lookup_unique"),
        "safe_embedding_lookup_sparse",
    ],
    "contrib.layers.python.layers.encoders": [
        *("bow_encoder", "embed_sequence", "embedding_lookup_unique"),
        "safe_embedding_lookup_sparse",
    ],
    "contrib.slim": [
        *("bow_encoder", "embed_sequence", "embedding_lookup_unique"),
        "safe_embedding_lookup_sparse",
    ],
}
