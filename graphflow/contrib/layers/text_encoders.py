"""Sequences of symbols as vectors: embed_sequence, bow_encoder."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.framework.model_variables import model_variable
from graphflow.frontend.array import SparseTensor
from graphflow.frontend.nn_embedding import embedding_lookup
from graphflow.frontend.reduce import reduce_mean
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ops import idioms


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
        embeddings = model_variable(
            "embeddings",
            shape=None if unknown else [vocab_size, embed_dim],
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
        )
        if unique:
            return embedding_lookup_unique(embeddings, ids)
        return embedding_lookup(embeddings, ids)


def embedding_lookup_unique(
    params: Any, ids: Any, partition_strategy: str = "mod", name: str | None = None
) -> Any:
    """The row of a table for each symbol; what occurs often is looked up once."""
    with build.name_scope(name, "EmbeddingLookupUnique", [params, ids]):
        ids = convert(ids)
        shape = idioms.shape(ids)
        flat = raw.Reshape(ids, raw.Prod(shape, [0], keep_dims=True, name="Prod"))
        unique, places = raw.Unique(flat)
        found = embedding_lookup(params, unique, partition_strategy)
        rows = raw.GatherV2(found, places, 0)
        depth = idioms.shape(found)
        raise NotImplementedError(depth, rows)


__all__: list[str] = []
NAMESPACES = {"contrib.layers": ["embed_sequence"]}
