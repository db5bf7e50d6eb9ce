"""True and false positives and negatives, precision and recall."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.math import div
from graphflow.frontend.metrics.alignment import aligned
from graphflow.frontend.metrics.metric_variables import collected, metric_variable
from graphflow.frontend.rank_checks import assert_rank_in
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.state import assign_add
from graphflow.frontend.type_checks import assert_type
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import bool_, float32
from graphflow.ops import idioms


def _as_bools(labels: Any, predictions: Any, weights: Any) -> tuple[Any, Any, Any]:
    return aligned(idioms.cast(predictions, bool_), idioms.cast(labels, bool_), weights)


def _counted(
    values: Any, weights: Any, metrics_collections: Any, updates_collections: Any
) -> tuple[Any, Any]:
    """How many values are true."""
    assert_type(values, bool_)
    count = metric_variable([], float32, name="count")
    values = idioms.cast(values, float32)
    if weights is not None:
        check = assert_rank_in(weights, (0, idioms.rank(values)))
        with current_graph().control_dependencies([check]):
            weights = idioms.cast(weights, float32)
            values = raw.Mul(values, weights)
    value = collected(metrics_collections, raw.Identity(count))
    return value, collected(updates_collections, assign_add(count, reduce_sum(values)))


def _counter(name: str, label: bool, prediction: bool) -> Any:
    """The count of examples with this label and this prediction."""
    scope = name

    def counter(
        labels: Any,
        predictions: Any,
        weights: Any = None,
        metrics_collections: Any = None,
        updates_collections: Any = None,
        name: Any = None,
    ) -> tuple[Any, Any]:
        with variable_scope(name, scope, (predictions, labels, weights)):
            predictions, labels, weights = _as_bools(labels, predictions, weights)
            has, found = raw.Equal(labels, label), raw.Equal(predictions, prediction)
            both = raw.LogicalAnd(has, found)
            return _counted(both, weights, metrics_collections, updates_collections)

    counter.__name__ = counter.__qualname__ = name
    counter.__doc__ = f"How often the label is {label} and the prediction {prediction}."
    return counter


false_negatives = _counter("false_negatives", True, False)
false_positives = _counter("false_positives", False, True)
true_negatives = _counter("true_negatives", False, False)
true_positives = _counter("true_positives", True, True)


def _share(part: Any, rest: Any, name: str) -> Any:
    """part / (part + rest), 0 where both are 0."""
    some = raw.Greater(part + rest, 0)
    return raw.Select(some, div(part, part + rest), 0, name=name)


def precision(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """true positives / (true positives + false positives)."""
    with variable_scope(name, "precision", (predictions, labels, weights)):
        predictions, labels, weights = _as_bools(labels, predictions, weights)
        right, new_right = true_positives(labels, predictions, weights)
        wrong, new_wrong = false_positives(labels, predictions, weights)
        value = collected(metrics_collections, _share(right, wrong, "value"))
        return value, collected(updates_collections, _share(new_right, new_wrong, "update_op"))


def recall(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """true positives / (true positives + false negatives)."""
    with variable_scope(name, "recall", (predictions, labels, weights)):
        predictions, labels, weights = _as_bools(labels, predictions, weights)
        found, new_found = true_positives(labels, predictions, weights)
        missed, new_missed = false_negatives(labels, predictions, weights)
        value = collected(metrics_collections, _share(found, missed, "value"))
        return value, collected(updates_collections, _share(new_found, new_missed, "update_op"))


__all__: list[str] = []
NAMESPACES = {
    "metrics": [
        *("false_negatives", "false_positives", "precision", "recall", "true_negatives"),
        "true_positives",
    ]
}
