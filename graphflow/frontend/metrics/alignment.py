"""Predictions, labels and weights in shapes that fit each other."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array import SparseTensor, convert_to_tensor_or_sparse_tensor
from graphflow.frontend.confusion import remove_squeezable_dimensions
from graphflow.frontend.control_flow import cond
from graphflow.frontend.sparse import sparse_reshape
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ops import idioms
from graphflow.ops.arrays import concat


def aligned(predictions: Any, labels: Any, weights: Any) -> tuple[Any, Any, Any]:
    """All three, without or with a last axis of size 1 where one of them has it too much or too little."""
    predictions = convert(predictions)
    if labels is not None:
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
    if weights is None:
        return predictions, labels, None
    weights = convert(weights)
    rank, wanted = weights.shape.rank, predictions.shape.rank
    if rank == 0:
        return predictions, labels, weights
    if rank is not None and wanted is not None:
        if rank - wanted == 1:
            weights = raw.Squeeze(weights, squeeze_dims=[-1])
        elif wanted - rank == 1:
            weights = raw.ExpandDims(weights, [-1])
        return predictions, labels, weights
    return predictions, labels, _aligned_in_the_run(weights, predictions)


def _aligned_in_the_run(weights: Any, predictions: Any) -> Any:
    measured = idioms.rank(weights)
    difference = measured - idioms.rank(predictions)
    rank = weights.shape.rank
    narrow = rank is not None and not weights.shape.dims[-1].is_compatible_with(1)

    def expanded() -> Any:
        return cond(
            raw.Equal(difference, -1), lambda: raw.ExpandDims(weights, [-1]), lambda: weights
        )

    def squeezed() -> Any:
        return weights if narrow else raw.Squeeze(weights, squeeze_dims=[-1])

    def adjusted() -> Any:
        return cond(raw.Equal(difference, 1), squeezed, expanded)

    return cond(raw.Equal(measured, 0), lambda: weights, adjusted)


def labels_in_lists(labels: Any, predictions: Any) -> Any:
    """Labels with a last axis for the labels of one example, which may be missing where there is one label each."""
    with build.name_scope(None, "expand_labels", (labels, predictions)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            sparse = labels
            return cond(
                raw.Equal(idioms.rank(predictions), idioms.size(sparse.dense_shape) + 1),
                lambda: sparse_reshape(
                    sparse, shape=concat((sparse.dense_shape, (1,)), 0), name=scope
                ),
                lambda: sparse,
            )
        rank, wanted = labels.shape.rank, predictions.shape.rank
        if rank is not None and wanted is not None:
            if wanted == rank:
                return labels
            if wanted == rank + 1:
                return raw.ExpandDims(labels, -1, name=scope)
            raise ValueError(
                f"Unexpected labels shape {labels.shape} for predictions shape {predictions.shape}."
            )
        dense = labels
        return cond(
            raw.Equal(idioms.rank(predictions), idioms.rank(dense) + 1),
            lambda: raw.ExpandDims(dense, -1, name=scope),
            lambda: dense,
        )
