"""tf.confusion_matrix: how often each class was taken for each."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array import SparseTensor
from graphflow.frontend.checks import assert_less, assert_non_negative
from graphflow.frontend.control_flow import cond
from graphflow.frontend.sparse_math import sparse_add
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype, int32, int64
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import stack
from graphflow.ops.dependencies import with_dependencies
from graphflow.ops.reduce_idioms import fold

__all__ = ["confusion_matrix"]


def remove_squeezable_dimensions(
    labels: Any, predictions: Any, expected_rank_diff: int = 0, name: str | None = None
) -> tuple[Any, Any]:
    """Labels and predictions without the last axis of size 1 that one of them may have too much."""
    with build.name_scope(name, "remove_squeezable_dimensions", [labels, predictions]):
        predictions, labels = convert(predictions), convert(labels)
        wide, narrow = expected_rank_diff + 1, expected_rank_diff - 1
        ranks = predictions.shape.rank, labels.shape.rank
        if ranks[0] is not None and ranks[1] is not None:
            difference = ranks[0] - ranks[1]
            if difference == wide:
                predictions = _squeezed(predictions)
            elif difference == narrow:
                labels = _squeezed(labels)
            return labels, predictions
        measured = idioms.rank(predictions) - idioms.rank(labels)
        return _squeezed_if(labels, narrow, measured, predictions, wide)


def _squeezed(x: Any) -> Any:
    return raw.Squeeze(x, squeeze_dims=[-1])


def _squeezed_if(
    labels: Any, narrow: int, measured: Tensor, predictions: Any, wide: int
) -> tuple[Any, Any]:
    """The same, decided in the run."""
    if predictions.shape.rank is None or predictions.shape[-1].is_compatible_with(1):
        given = predictions
        predictions = cond(raw.Equal(wide, measured), lambda: _squeezed(given), lambda: given)
    if labels.shape.rank is None or labels.shape[-1].is_compatible_with(1):
        kept = labels
        labels = cond(raw.Equal(narrow, measured), lambda: _squeezed(kept), lambda: kept)
    return labels, predictions


def confusion_matrix(
    labels: Any,
    predictions: Any,
    num_classes: Any = None,
    dtype: Any = int32,
    name: str | None = None,
    weights: Any = None,
) -> Any:
    """The matrix whose entry [i, j] counts the examples of class i that were taken for class j."""
    values = (predictions, labels, num_classes, weights)
    target = as_dtype(dtype)
    with build.name_scope(name, "confusion_matrix", values):
        labels, predictions = (
            convert(labels, name="labels"),
            convert(predictions, name="predictions"),
        )
        labels, predictions = remove_squeezable_dimensions(labels, predictions)
        predictions, labels = idioms.cast(predictions, int64), idioms.cast(labels, int64)
        check = assert_non_negative(labels, message="`labels` contains negative values")
        labels = with_dependencies([check], labels)
        check = assert_non_negative(predictions, message="`predictions` contains negative values")
        predictions = with_dependencies([check], predictions)
        if num_classes is None:
            num_classes = raw.Maximum(fold("Max", predictions), fold("Max", labels)) + 1
        else:
            count = idioms.cast(num_classes, int64)
            check = assert_less(labels, count, message="`labels` out of bound")
            labels = with_dependencies([check], labels)
            check = assert_less(predictions, count, message="`predictions` out of bound")
            predictions = with_dependencies([check], predictions)
        if weights is not None:
            weights = convert(weights, name="weights")
            predictions.shape.assert_is_compatible_with(weights.shape)
            weights = idioms.cast(weights, target)
        shape = stack([num_classes, num_classes])
        indices = stack([labels, predictions], axis=1)
        ones = idioms.ones_like(predictions, target) if weights is None else weights
        counted = SparseTensor(indices, ones, idioms.cast(shape, int64))
        return sparse_add(idioms.zeros(idioms.cast(shape, int32), target), counted)


NAMESPACES = {"math": ["confusion_matrix"]}
