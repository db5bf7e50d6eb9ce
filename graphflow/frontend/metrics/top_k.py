"""Precision and recall of the k classes that are predicted first, where an example may have several labels."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nn
from graphflow.frontend.array import SparseTensor, convert_to_tensor_or_sparse_tensor
from graphflow.frontend.math import div
from graphflow.frontend.metrics.alignment import labels_in_lists
from graphflow.frontend.metrics.metric_variables import collected, metric_variable
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.sets import set_difference, set_intersection, set_size
from graphflow.frontend.sparse import sparse_retain
from graphflow.frontend.state import assign_add
from graphflow.frontend.weights_broadcast import assert_broadcastable
from graphflow.ir import build, raw
from graphflow.ir.dtype import float64, int64
from graphflow.ops import idioms
from graphflow.ops.reduce_idioms import reduced_shape


def at_k_name(name: str, k: Any = None, class_id: Any = None) -> str:
    """The name of a metric at k, of one class."""
    name = f"{name}_at_{'k' if k is None else f'{k:d}'}"
    return name if class_id is None else f"{name}_class{class_id:d}"


def _only(ids: Any, class_id: Any) -> Any:
    """The ids of one class, each row without the others."""
    if class_id is None:
        return ids
    ids = convert_to_tensor_or_sparse_tensor(ids)
    if isinstance(ids, SparseTensor):
        return sparse_retain(ids, raw.Equal(ids.values, class_id))
    shape = idioms.shape(ids, out_type=int64)
    last = idioms.size(shape) - 1
    rows = reduced_shape(shape, raw.Reshape(last, [1]))
    wanted = raw.Fill(rows, idioms.cast(class_id, int64))
    found = set_intersection(wanted, ids)
    return SparseTensor(found.indices, found.values, shape)


_KINDS: dict[str, Any] = {
    "true_positive": lambda predictions, labels: set_intersection(predictions, labels),
    "false_positive": lambda predictions, labels: set_difference(predictions, labels),
    "false_negative": lambda predictions, labels: set_difference(
        predictions, labels, aminusb=False
    ),
}


def hits(
    kind: str,
    labels: Any,
    predictions: Any,
    class_id: Any = None,
    weights: Any = None,
    name: str | None = None,
) -> Any:
    """How many classes of each row are true or false positives or false negatives."""
    with build.name_scope(name, kind + "s", (predictions, labels, weights)):
        labels, predictions = _only(labels, class_id), _only(predictions, class_id)
        counts = idioms.cast(set_size(_KINDS[kind](predictions, labels)), float64)
        if weights is not None:
            check = assert_broadcastable(weights, counts)
            with build.current_graph().control_dependencies([check]):
                counts = raw.Mul(counts, idioms.cast(weights, float64))
        return counts


def _streamed(
    kind: str, labels: Any, predictions: Any, k: Any, class_id: Any, weights: Any
) -> tuple[Any, Any]:
    scope_name = at_k_name(kind, k, class_id)
    with build.name_scope(None, scope_name, (predictions, labels, weights)) as scope:
        counts = hits(kind, labels, predictions, class_id, weights)
        total = idioms.cast(reduce_sum(counts), float64)
        variable = metric_variable([], float64, name=scope)
        return variable, assign_add(variable, total, name="update")


def _share_at_top_k(
    what: str,
    other: str,
    labels: Any,
    predictions_idx: Any,
    k: Any,
    class_id: Any,
    weights: Any,
    collections: tuple[Any, Any],
    name: Any,
) -> tuple[Any, Any]:
    """true positives / (true positives + others)."""
    values = (predictions_idx, labels, weights)
    with build.name_scope(name, at_k_name(what, k, class_id), values) as scope:
        labels = labels_in_lists(labels, predictions_idx)
        top = idioms.cast(predictions_idx, int64)
        right, new_right = _streamed("true_positive", labels, top, k, class_id, weights)
        wrong, new_wrong = _streamed(other, labels, top, k, class_id, weights)
        value = collected(collections[0], div(right, raw.Add(right, wrong), name=scope))
        update = div(new_right, raw.Add(new_right, new_wrong), name="update")
        return value, collected(collections[1], update)


def precision_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: Any = None,
    class_id: Any = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The share of predicted classes that are labels."""
    collections = (metrics_collections, updates_collections)
    kinds = ("precision", "false_positive")
    given = (labels, predictions_idx, k, class_id, weights)
    return _share_at_top_k(*kinds, *given, collections, name)


def recall_at_top_k(
    labels: Any,
    predictions_idx: Any,
    k: Any = None,
    class_id: Any = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The share of labels that are predicted."""
    collections = (metrics_collections, updates_collections)
    kinds = ("recall", "false_negative")
    given = (labels, predictions_idx, k, class_id, weights)
    return _share_at_top_k(*kinds, *given, collections, name)


def precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: Any = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The share of the k classes with the highest predictions that are labels."""
    collections = (metrics_collections, updates_collections)
    values = (predictions, labels, weights)
    with build.name_scope(name, at_k_name("precision", k, class_id), values) as scope:
        top = nn.top_k(predictions, k).indices
        return precision_at_top_k(labels, top, k, class_id, weights, *collections, name=scope)


def recall_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    class_id: Any = None,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The share of labels that are among the k classes with the highest predictions."""
    collections = (metrics_collections, updates_collections)
    values = (predictions, labels, weights)
    with build.name_scope(name, at_k_name("recall", k, class_id), values) as scope:
        top = nn.top_k(predictions, k).indices
        return recall_at_top_k(labels, top, k, class_id, weights, *collections, name=scope)


sparse_precision_at_k = precision_at_k

__all__: list[str] = []
NAMESPACES = {
    "metrics": [
        *("precision_at_k", "precision_at_top_k", "recall_at_k", "recall_at_top_k"),
        "sparse_precision_at_k",
    ]
}
