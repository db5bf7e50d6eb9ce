"""tf.io.parse_sequence_example and tf.parse_single_sequence_example: a context, and lists of features in time."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.example_features import (
    FixedLenFeature,
    FixedLenSequenceFeature,
    VarLenFeature,
    Wanted,
    default_tensor,
    sparse_tensors,
    wanted,
)
from graphflow.ir import build, raw
from graphflow.ir.shape import as_shape

__all__ = ["parse_single_sequence_example"]
NAMESPACES = {"io": ["parse_sequence_example", "parse_single_sequence_example"]}


def _wanted(context: Any, sequence: Any) -> tuple[Wanted, Wanted]:
    if not (context or sequence):
        raise ValueError("Missing features.")
    in_context = wanted(context, (VarLenFeature, FixedLenFeature))
    in_lists = wanted(sequence, (VarLenFeature, FixedLenSequenceFeature))
    return in_context, in_lists


def _check(context: Wanted, lists: Wanted) -> None:
    for what, look in (("context", context), ("feature_list", lists)):
        both = set(look.dense_keys) & set(look.sparse_keys)
        if both:
            raise ValueError(
                f"{what}_dense and {what}_sparse keys must not intersect; intersection: {both}"
            )
    for key, value in lists.defaults.items():
        if value is not None:
            raise ValueError(f"Value feature_list_dense_defaults[{key}] must be None")


def _by_key(look: Wanted, indices: Any, values: Any, shapes: Any, dense: Any) -> dict[str, Any]:
    tensors = [*sparse_tensors(indices, values, shapes), *dense]
    return dict(zip(look.sparse_keys + look.dense_keys, tensors, strict=True))


def _types_and_shapes(context: Wanted, lists: Wanted) -> dict[str, Any]:
    return {
        "context_sparse_types": context.sparse_types,
        "context_dense_shapes": [as_shape(s) for s in context.dense_shapes],
        "feature_list_sparse_types": lists.sparse_types,
        "feature_list_dense_types": lists.dense_types,
        "feature_list_dense_shapes": [as_shape(s) for s in lists.dense_shapes],
    }


def parse_sequence_example(
    serialized: Any,
    context_features: dict[str, Any] | None = None,
    sequence_features: dict[str, Any] | None = None,
    example_names: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any], dict[str, Any]]:
    """The contexts and the lists of a batch of SequenceExamples, and the lengths of dense lists."""
    context, lists = _wanted(context_features, sequence_features)
    with build.name_scope(name, "ParseSequenceExample", [serialized]):
        _check(context, lists)
        defaults = [
            default_tensor(key, context.defaults.get(key), dtype)
            for key, dtype in zip(context.dense_keys, context.dense_types, strict=True)
        ]
        found = raw.ParseSequenceExample(
            serialized,
            [] if example_names is None else example_names,
            defaults,
            feature_list_dense_missing_assumed_empty=list(lists.defaults),
            context_sparse_keys=context.sparse_keys,
            context_dense_keys=context.dense_keys,
            feature_list_sparse_keys=lists.sparse_keys,
            feature_list_dense_keys=lists.dense_keys,
            Ncontext_sparse=len(context.sparse_keys),
            Ncontext_dense=len(context.dense_keys),
            Nfeature_list_sparse=len(lists.sparse_keys),
            Nfeature_list_dense=len(lists.dense_keys),
            **_types_and_shapes(context, lists),
            name=name,
        )
        lengths = dict(zip(lists.dense_keys, found[8], strict=True))
        return _by_key(context, *found[:4]), _by_key(lists, *found[4:8]), lengths


def parse_single_sequence_example(
    serialized: Any,
    context_features: dict[str, Any] | None = None,
    sequence_features: dict[str, Any] | None = None,
    example_name: Any = None,
    name: str | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The context and the lists of one SequenceExample."""
    context, lists = _wanted(context_features, sequence_features)
    with build.name_scope(name, "ParseSingleSequenceExample", [serialized]):
        _check(context, lists)
        defaults = [
            default_tensor(key, context.defaults.get(key), dtype, shape)
            for key, dtype, shape in zip(
                context.dense_keys, context.dense_types, context.dense_shapes, strict=True
            )
        ]
        found = raw.ParseSingleSequenceExample(
            serialized,
            list(lists.defaults),
            context.sparse_keys,
            context.dense_keys,
            lists.sparse_keys,
            lists.dense_keys,
            defaults,
            "" if example_name is None else example_name,
            **_types_and_shapes(context, lists),
            name=name,
        )
        return _by_key(context, *found[:4]), _by_key(lists, *found[4:8])
