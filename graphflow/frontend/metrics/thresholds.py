"""Positives and negatives at each of several thresholds of the predictions."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.checks import assert_greater_equal, assert_less_equal
from graphflow.frontend.math import div
from graphflow.frontend.metrics.alignment import aligned
from graphflow.frontend.metrics.metric_variables import collected, metric_variable
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.state import assign_add
from graphflow.frontend.variable_scope import variable_scope
from graphflow.frontend.weights_broadcast import broadcast_weights
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant
from graphflow.ir.dtype import bool_, float32
from graphflow.ops import idioms
from graphflow.ops.arrays import stack, transpose

#: kind -> variable, whether the label is positive, whether the prediction is
_KINDS = {
    "tp": ("true_positives", True, True),
    "fn": ("false_negatives", True, False),
    "tn": ("true_negatives", False, False),
    "fp": ("false_positives", False, True),
}


def confusion_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Any,
    weights: Any = None,
    includes: tuple[str, ...] = ("tp", "fn", "tn", "fp"),
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The counts of each kind, one for each threshold, and their updates."""
    message = "predictions must be in [0, 1]"
    checks = [
        assert_greater_equal(predictions, idioms.cast(0.0, predictions.dtype), message=message),
        assert_less_equal(predictions, idioms.cast(1.0, predictions.dtype), message=message),
    ]
    with current_graph().control_dependencies(checks):
        predictions, labels, weights = aligned(
            idioms.cast(predictions, float32), idioms.cast(labels, bool_), weights
        )
    count = len(thresholds)
    column = raw.Reshape(predictions, [-1, 1])
    row = raw.Reshape(idioms.cast(labels, bool_), [1, -1])
    examples = column.shape[0].value
    if examples is None:
        examples = idioms.shape(column)[0]
    limits = raw.ExpandDims(constant(thresholds), [1])
    limits = raw.Tile(limits, stack([1, examples]))
    found = {True: raw.Greater(raw.Tile(transpose(column), [count, 1]), limits)}
    if {"fn", "tn"} & set(includes):
        found[False] = raw.LogicalNot(found[True])
    has = {True: raw.Tile(row, [count, 1])}
    if {"fp", "tn"} & set(includes):
        has[False] = raw.LogicalNot(has[True])
    if weights is not None:
        weights = broadcast_weights(idioms.cast(weights, float32), predictions)
        weights = raw.Tile(raw.Reshape(weights, [1, -1]), [count, 1])
        limits.shape.assert_is_compatible_with(weights.shape)
    values, updates = {}, {}
    for kind, (name, label, prediction) in _KINDS.items():
        if kind in includes:
            values[kind] = metric_variable([count], float32, name=name)
            hits = idioms.cast(raw.LogicalAnd(has[label], found[prediction]), float32)
            if weights is not None:
                hits = hits * weights
            updates[kind] = assign_add(values[kind], reduce_sum(hits, 1))
    return values, updates


def _counter(name: str, kind: str) -> Any:
    """The count of one kind at each threshold."""
    scope = _KINDS[kind][0]

    def counter(
        labels: Any,
        predictions: Any,
        thresholds: Any,
        weights: Any = None,
        metrics_collections: Any = None,
        updates_collections: Any = None,
        name: Any = None,
    ) -> tuple[Any, Any]:
        with variable_scope(name, scope, (predictions, labels, weights)):
            values, updates = confusion_at_thresholds(
                labels, predictions, thresholds, weights, (kind,)
            )
            value = collected(metrics_collections, raw.Identity(values[kind]))
            return value, collected(updates_collections, updates[kind])

    counter.__name__ = counter.__qualname__ = name
    counter.__doc__ = f"{scope.replace('_', ' ').capitalize()} at each threshold."
    return counter


false_negatives_at_thresholds = _counter("false_negatives_at_thresholds", "fn")
false_positives_at_thresholds = _counter("false_positives_at_thresholds", "fp")
true_negatives_at_thresholds = _counter("true_negatives_at_thresholds", "tn")
true_positives_at_thresholds = _counter("true_positives_at_thresholds", "tp")


def _share(part: Any, rest: Any, name: str) -> Any:
    """part / (part + rest), kept away from a division by 0."""
    return div(part, 1e-7 + part + rest, name=name)


def precision_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """true positives / (true positives + false positives) at each threshold."""
    with variable_scope(name, "precision_at_thresholds", (predictions, labels, weights)):
        values, updates = confusion_at_thresholds(
            labels, predictions, thresholds, weights, ("tp", "fp")
        )
        value = _share(values["tp"], values["fp"], "precision_value")
        collected(metrics_collections, value)
        update = _share(updates["tp"], updates["fp"], "precision_update_op")
        return value, collected(updates_collections, update)


def recall_at_thresholds(
    labels: Any,
    predictions: Any,
    thresholds: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """true positives / (true positives + false negatives) at each threshold."""
    with variable_scope(name, "recall_at_thresholds", (predictions, labels, weights)):
        values, updates = confusion_at_thresholds(
            labels, predictions, thresholds, weights, ("tp", "fn")
        )
        value = _share(values["tp"], values["fn"], "recall_value")
        collected(metrics_collections, value)
        update = _share(updates["tp"], updates["fn"], "recall_update_op")
        return value, collected(updates_collections, update)


__all__: list[str] = []
NAMESPACES = {
    "metrics": [
        *("false_negatives_at_thresholds", "false_positives_at_thresholds"),
        *("precision_at_thresholds", "recall_at_thresholds", "true_negatives_at_thresholds"),
        "true_positives_at_thresholds",
    ]
}
