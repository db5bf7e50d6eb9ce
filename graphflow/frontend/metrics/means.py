"""Means over all batches so far: of values, of errors, of what is right."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.confusion import remove_squeezable_dimensions
from graphflow.frontend.math import div
from graphflow.frontend.metrics.alignment import aligned
from graphflow.frontend.metrics.metric_variables import collected, metric_variable
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.state import assign_add
from graphflow.frontend.variable_scope import variable_scope
from graphflow.frontend.weights_broadcast import broadcast_weights
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import float32
from graphflow.ops import idioms


def _quotient(total: Any, count: Any, name: str) -> Any:
    return idioms.div_no_nan(total, raw.Maximum(count, 0), name=name)


def mean(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The weighted mean of values."""
    with variable_scope(name, "mean", (values, weights)):
        values = idioms.cast(values, float32)
        total = metric_variable([], float32, name="total")
        count = metric_variable([], float32, name="count")
        if weights is None:
            number = idioms.cast(idioms.size(values), float32)
        else:
            values, _, weights = aligned(values, None, weights)
            weights = broadcast_weights(idioms.cast(weights, float32), values)
            values = raw.Mul(values, weights)
            number = reduce_sum(weights)
        new_total = assign_add(total, reduce_sum(values))
        with current_graph().control_dependencies([values]):
            new_count = assign_add(count, number)
        value = collected(metrics_collections, _quotient(total, count, "value"))
        return value, collected(updates_collections, _quotient(new_total, new_count, "update_op"))


def mean_tensor(
    values: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The weighted mean of each element."""
    with variable_scope(name, "mean", (values, weights)):
        values = idioms.cast(values, float32)
        total = metric_variable(values.shape, float32, name="total_tensor")
        count = metric_variable(values.shape, float32, name="count_tensor")
        number = idioms.ones_like(values)
        if weights is not None:
            values, _, weights = aligned(values, None, weights)
            weights = broadcast_weights(idioms.cast(weights, float32), values)
            values = raw.Mul(values, weights)
            number = raw.Mul(number, weights)
        new_total = assign_add(total, values)
        with current_graph().control_dependencies([values]):
            new_count = assign_add(count, number)
        value = collected(metrics_collections, _quotient(total, count, "value"))
        return value, collected(updates_collections, _quotient(new_total, new_count, "update_op"))


def accuracy(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """How often predictions are the labels."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    predictions.shape.assert_is_compatible_with(labels.shape)
    if labels.dtype.base_dtype is not predictions.dtype.base_dtype:
        predictions = idioms.cast(predictions, labels.dtype)
    right = idioms.cast(raw.Equal(predictions, labels), float32)
    return mean(right, weights, metrics_collections, updates_collections, name or "accuracy")


def mean_absolute_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The mean of |predictions - labels|."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    errors = raw.Abs(predictions - labels)
    name = name or "mean_absolute_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The mean of (labels - predictions) ** 2."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    errors = raw.SquaredDifference(labels, predictions)
    name = name or "mean_squared_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


def root_mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The root of the mean of (labels - predictions) ** 2."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    name = name or "root_mean_squared_error"
    squared, update = mean_squared_error(labels, predictions, weights, None, None, name)
    value = collected(metrics_collections, raw.Sqrt(squared))
    return value, collected(updates_collections, raw.Sqrt(update))


def mean_relative_error(
    labels: Any,
    predictions: Any,
    normalizer: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The mean of |labels - predictions| / normalizer, 0 where the normalizer is 0."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    predictions, normalizer = remove_squeezable_dimensions(predictions, normalizer)
    predictions.shape.assert_is_compatible_with(normalizer.shape)
    nothing = raw.Equal(normalizer, 0.0)
    zeros = idioms.zeros_like(labels)
    errors = raw.Select(nothing, zeros, div(raw.Abs(labels - predictions), normalizer))
    name = name or "mean_relative_error"
    return mean(errors, weights, metrics_collections, updates_collections, name)


def mean_cosine_distance(
    labels: Any,
    predictions: Any,
    dim: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The mean of 1 - sum(predictions * labels) along an axis."""
    predictions, labels, weights = aligned(predictions, labels, weights)
    products = reduce_sum(raw.Mul(predictions, labels), axis=[dim], keepdims=True)
    value, update = mean(products, weights, None, None, name or "mean_cosine_distance")
    value, update = raw.Sub(1.0, value), raw.Sub(1.0, update)
    return collected(metrics_collections, value), collected(updates_collections, update)


def percentage_below(
    values: Any,
    threshold: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The share of values below a threshold."""
    below = idioms.cast(raw.Less(values, threshold), float32)
    name = name or "percentage_below_threshold"
    return mean(below, weights, metrics_collections, updates_collections, name)


__all__: list[str] = []
NAMESPACES = {
    "metrics": [
        *("accuracy", "mean", "mean_absolute_error", "mean_cosine_distance"),
        *("mean_relative_error", "mean_squared_error", "mean_tensor", "percentage_below"),
        "root_mean_squared_error",
    ]
}
