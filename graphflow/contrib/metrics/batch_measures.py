"""Measures of one batch, and some that tf.metrics lacks: f1_score, covariance, correlation."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import confusion, sets
from graphflow.frontend.math import div, truediv
from graphflow.frontend.metrics.alignment import aligned
from graphflow.frontend.metrics.metric_variables import collected, metric_variable
from graphflow.frontend.metrics.thresholds import confusion_at_thresholds
from graphflow.frontend.reduce import reduce_max, reduce_mean, reduce_sum
from graphflow.frontend.state import assign_add
from graphflow.frontend.variable_scope import variable_scope
from graphflow.frontend.weights_broadcast import broadcast_weights
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import float32
from graphflow.ops import idioms

confusion_matrix = confusion.confusion_matrix
set_difference, set_intersection = sets.set_difference, sets.set_intersection
set_size, set_union = sets.set_size, sets.set_union


def accuracy(predictions: Any, labels: Any, weights: Any = None, name: Any = None) -> Any:
    """The share of predictions of this batch that are the labels."""
    kind = labels.dtype.base_dtype
    if not (kind.is_integer or kind.name in ("bool", "string")):
        raise ValueError(f"Labels should have bool, integer, or string dtype, not {labels.dtype!r}")
    if not labels.dtype.is_compatible_with(predictions.dtype):
        raise ValueError(
            "Dtypes of predictions and labels should match. "
            f"Given: predictions ({predictions.dtype!r}) and labels ({labels.dtype!r})"
        )
    with build.name_scope(name, "accuracy", [predictions, labels]):
        right = idioms.cast(raw.Equal(predictions, labels), float32)
        if weights is None:
            return reduce_mean(right)
        right = raw.Mul(right, weights)
        count = raw.Mul(weights, idioms.ones_like(right))
        return div(reduce_sum(right), reduce_sum(count))


def f1_score(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The best harmonic mean of precision and recall over many thresholds."""
    small = 1e-7

    def best(tp: Any, fp: Any, fn: Any, name: str) -> Any:
        precision = div(tp, small + tp + fp, name="precision_" + name)
        recall = div(tp, small + tp + fn, name="recall_" + name)
        return reduce_max(2.0 * precision * recall / (precision + recall + small))

    with variable_scope(name, "f1", (labels, predictions, weights)):
        predictions, labels, weights = aligned(predictions, labels, weights)
        inner = [(i + 1) * 1.0 / (num_thresholds - 1) for i in range(num_thresholds - 2)]
        limits = [0.0 - small, *inner, 1.0 + small]
        kinds = ("tp", "fp", "fn")
        values, updates = confusion_at_thresholds(labels, predictions, limits, weights, kinds)
        value = collected(metrics_collections, best(**values, name="value"))
        return value, collected(updates_collections, best(**updates, name="update"))


def count(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """How many values there were, or the sum of their weights."""
    with variable_scope(name, "count", (values, weights)):
        total = metric_variable([], float32, name="count")
        if weights is None:
            number = idioms.cast(idioms.size(values), float32)
        else:
            values, _, weights = aligned(idioms.cast(values, float32), None, weights)
            weights = broadcast_weights(idioms.cast(weights, float32), values)
            number = reduce_sum(weights)
        with current_graph().control_dependencies([values]):
            update = assign_add(total, number)
        value = collected(metrics_collections, raw.Identity(total))
        return value, collected(updates_collections, update)


def streaming_covariance(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """sum((predictions - their mean) * (labels - their mean)) / (count - 1)."""
    with variable_scope(name, "covariance", (predictions, labels, weights)):
        predictions, labels, weights = aligned(predictions, labels, weights)
        predictions.shape.assert_is_compatible_with(labels.shape)
        number = metric_variable([], float32, name="count")
        mean_prediction = metric_variable([], float32, name="mean_prediction")
        mean_label = metric_variable([], float32, name="mean_label")
        comoment = metric_variable([], float32, name="comoment")
        if weights is None:
            batch = idioms.cast(idioms.size(labels), float32)
            weighted = predictions, labels
        else:
            weights = broadcast_weights(weights, labels)
            batch = reduce_sum(weights)
            weighted = raw.Mul(predictions, weights), raw.Mul(labels, weights)
        new_number = assign_add(number, batch)
        before = new_number - batch

        def followed(mean: Any, values: Any) -> tuple[Any, Any]:
            """The mean before this batch, and that of this batch."""
            own = idioms.div_no_nan(reduce_sum(values), batch)
            change = idioms.div_no_nan((own - mean) * batch, new_number)
            return assign_add(mean, change) - change, own

        old_prediction, own_prediction = followed(mean_prediction, weighted[0])
        old_label, own_label = followed(mean_label, weighted[1])
        products = (predictions - own_prediction) * (labels - own_label)
        if weights is not None:
            products = products * weights
        own = reduce_sum(products)
        apart = (old_prediction - own_prediction) * (old_label - own_label)
        update = assign_add(comoment, own + apart * (before * batch / new_number))

        def covariance(name: str) -> Any:
            few = raw.LessEqual(number, 1.0)
            return raw.Select(few, float("nan"), truediv(comoment, number - 1), name=name)

        value = covariance("covariance")
        with current_graph().control_dependencies([update]):
            updated = covariance("update_op")
    return collected(metrics_collections, value), collected(updates_collections, updated)


def streaming_pearson_correlation(
    predictions: Any,
    labels: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The covariance over the root of the product of the variances."""
    with variable_scope(name, "pearson_r", (predictions, labels, weights)):
        predictions, labels, weights = aligned(predictions, labels, weights)
        predictions.shape.assert_is_compatible_with(labels.shape)
        if weights is not None:
            weights = broadcast_weights(weights, labels)
        both = streaming_covariance(predictions, labels, weights, name="covariance")
        one = streaming_covariance(predictions, predictions, weights, name="variance_predictions")
        other = streaming_covariance(labels, labels, weights, name="variance_labels")
        value, update = (
            truediv(both[i], raw.Mul(raw.Sqrt(one[i]), raw.Sqrt(other[i])), name=label)
            for i, label in enumerate(("pearson_r", "update_op"))
        )
    return collected(metrics_collections, value), collected(updates_collections, update)


def aggregate_metrics(*value_update_tuples: Any) -> tuple[list[Any], list[Any]]:
    """Several metrics as the list of their values and that of their updates."""
    if not value_update_tuples:
        raise ValueError("Expected at least one value_tensor/update_op pair")
    values, updates = zip(*value_update_tuples, strict=True)
    return list(values), list(updates)


def aggregate_metric_map(names_to_tuples: Any) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """Several metrics by name as their values and their updates by name."""
    pairs = names_to_tuples.items()
    return {name: pair[0] for name, pair in pairs}, {name: pair[1] for name, pair in pairs}


__all__: list[str] = []
NAMESPACES = {
    "contrib.metrics": [
        *("accuracy", "aggregate_metric_map", "aggregate_metrics", "confusion_matrix", "count"),
        *("f1_score", "set_difference", "set_intersection", "set_size", "set_union"),
        *("streaming_covariance", "streaming_pearson_correlation"),
    ],
    "contrib.slim.metrics": ["aggregate_metric_map", "aggregate_metrics"],
}
