"""Measures class by class: mean_iou, mean_per_class_accuracy."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.confusion import confusion_matrix
from graphflow.frontend.math import div
from graphflow.frontend.metrics.metric_variables import collected, metric_variable
from graphflow.frontend.reduce import reduce_mean, reduce_sum
from graphflow.frontend.state import assign_add, scatter_add
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import raw
from graphflow.ir.dtype import float32, float64, int64
from graphflow.ops import idioms


def _flat(x: Any) -> Any:
    return raw.Reshape(x, [-1]) if x.shape.rank > 1 else x


def _streaming_confusion_matrix(
    labels: Any, predictions: Any, num_classes: Any, weights: Any = None
) -> tuple[Any, Any]:
    """The sum of the confusion matrices of all batches, and its update."""
    total = metric_variable([num_classes] * 2, float64, name="total_confusion_matrix")
    predictions, labels = idioms.cast(predictions, int64), idioms.cast(labels, int64)
    count = idioms.cast(num_classes, int64)
    predictions, labels = _flat(predictions), _flat(labels)
    weights = None if weights is None else _flat(weights)
    current = confusion_matrix(labels, predictions, count, weights=weights, dtype=float64)
    return total, assign_add(total, current)


def mean_iou(
    labels: Any,
    predictions: Any,
    num_classes: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The mean over the classes of true positives / (true positives + false positives + false negatives)."""
    with variable_scope(name, "mean_iou", (predictions, labels, weights)):
        predictions.shape.assert_is_compatible_with(labels.shape)
        total, update = _streaming_confusion_matrix(labels, predictions, num_classes, weights)
        rows = idioms.cast(reduce_sum(total, 0), float32)
        columns = idioms.cast(reduce_sum(total, 1), float32)
        both = idioms.cast(raw.DiagPart(total), float32)
        either = rows + columns - both
        seen = reduce_sum(idioms.cast(raw.NotEqual(either, 0), float32))
        either = raw.Select(raw.Greater(either, 0), either, idioms.ones_like(either))
        shares = div(both, either)
        some = raw.Greater(seen, 0)
        value = raw.Select(some, reduce_sum(shares, name="mean_iou") / seen, 0)
        return collected(metrics_collections, value), collected(updates_collections, update)


def mean_per_class_accuracy(
    labels: Any,
    predictions: Any,
    num_classes: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The mean over the classes of how often a label of the class is predicted."""
    with variable_scope(name, "mean_accuracy", (predictions, labels, weights)):
        labels = _flat(idioms.cast(labels, int64))
        predictions = _flat(predictions)
        predictions.shape.assert_is_compatible_with(labels.shape)
        total = metric_variable([num_classes], float32, name="total")
        count = metric_variable([num_classes], float32, name="count")
        ones = idioms.ones([idioms.size(labels)], float32)
        if labels.dtype.base_dtype is not predictions.dtype.base_dtype:
            predictions = idioms.cast(predictions, labels.dtype)
        right = idioms.cast(raw.Equal(predictions, labels), float32)
        if weights is not None:
            weights = idioms.cast(_flat(weights), float32)
            right, ones = right * weights, ones * weights
        new_total = scatter_add(total, labels, ones)
        new_count = scatter_add(count, labels, right)
        each = idioms.div_no_nan(count, raw.Maximum(total, 0))
        value = collected(metrics_collections, reduce_mean(each, name="mean_accuracy"))
        update = idioms.div_no_nan(new_count, raw.Maximum(new_total, 0), name="update_op")
        return value, collected(updates_collections, update)


__all__: list[str] = []
NAMESPACES = {
    "metrics": ["mean_iou", "mean_per_class_accuracy"],
    "python.ops.metrics_impl": ["_streaming_confusion_matrix"],
}
