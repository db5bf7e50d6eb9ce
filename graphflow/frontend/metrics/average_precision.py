"""average_precision_at_k: the mean of the precisions at each of the first k predictions that is a label."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nn
from graphflow.frontend.array import SparseTensor, convert_to_tensor_or_sparse_tensor
from graphflow.frontend.control_flow import cond
from graphflow.frontend.math import div
from graphflow.frontend.metrics.alignment import labels_in_lists
from graphflow.frontend.metrics.metric_variables import collected, metric_variable
from graphflow.frontend.metrics.top_k import at_k_name, hits
from graphflow.frontend.reduce import cumsum, reduce_max, reduce_sum
from graphflow.frontend.sets import set_size
from graphflow.frontend.sparse import sparse_concat, sparse_reshape
from graphflow.frontend.state import assign_add
from graphflow.frontend.weights_broadcast import broadcast_weights
from graphflow.ir import build, raw
from graphflow.ir.dtype import float64, int64
from graphflow.ops import idioms
from graphflow.ops.arrays import concat


def average_precision_at_k(
    labels: Any,
    predictions: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The mean over the examples of their average precision."""
    if k < 1:
        raise ValueError(f"Invalid k={k}.")
    values = (predictions, labels, weights)
    with build.name_scope(name, at_k_name("average_precision", k), values) as scope:
        top = nn.top_k(predictions, k).indices
        classes = idioms.cast(idioms.shape(predictions)[-1], int64)
        labels = _in_range(labels, classes)
        collections = (metrics_collections, updates_collections)
        return average_precision_at_top_k(labels, top, weights, *collections, name=scope)


def _in_range(labels: Any, classes: Any) -> Any:
    """-1 in the place of labels that name no class."""
    sparse = isinstance(labels, SparseTensor)
    given = labels.values if sparse else labels

    def cleaned() -> Any:
        absent = raw.GreaterEqual(given, classes)
        minus = -1 * idioms.ones_like(given)
        kept = raw.SelectV2(absent, minus, given)
        return SparseTensor(labels.indices, kept, labels.dense_shape) if sparse else kept

    return cond(raw.GreaterEqual(reduce_max(given), classes), cleaned, lambda: labels)


def average_precision_at_top_k(
    labels: Any,
    predictions_idx: Any,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The weighted mean over the examples of their average precision."""
    values = (predictions_idx, labels, weights)
    with build.name_scope(name, "average_precision_at_top_k", values) as scope:
        precision = _average_precision(labels, predictions_idx)
        if weights is not None:
            weights = broadcast_weights(idioms.cast(weights, float64), precision)
            precision = raw.Mul(precision, weights)
        with build.name_scope(None, "max", (precision,)) as inner:
            most = metric_variable([], float64, name=inner)
            batch = (
                idioms.cast(idioms.size(precision, name="batch_max"), float64)
                if weights is None
                else reduce_sum(weights, name="batch_max")
            )
            new_most = assign_add(most, batch, name="update")
        with build.name_scope(None, "total", (precision,)) as inner:
            total = metric_variable([], float64, name=inner)
            batch = reduce_sum(precision, name="batch_total")
            new_total = assign_add(total, batch, name="update")
        value = collected(metrics_collections, idioms.div_no_nan(total, most, name="mean"))
        update = idioms.div_no_nan(new_total, new_most, name=scope)
        return value, collected(updates_collections, update)


def _average_precision(labels: Any, predictions: Any) -> Any:
    """The average precision of each example."""
    with build.name_scope(None, "average_precision", (predictions, labels)) as scope:
        predictions = idioms.cast(predictions, int64, name="predictions_idx")
        if predictions.shape.rank == 0:
            raise ValueError("The rank of predictions_idx must be at least 1.")
        k = predictions.shape.as_list()[-1]
        if k is None:
            raise ValueError("The last dimension of predictions_idx must be set.")
        labels = labels_in_lists(labels, predictions)
        each = raw.ExpandDims(predictions, -1, name="predictions_idx_per_k")
        labels_for_each = _repeated(labels, k, "labels_per_k")
        relevant = hits("true_positive", labels_for_each, each, name="relevant_per_k")
        so_far = cumsum_last(relevant, "tp_per_k")
        retrieved = cumsum_last(idioms.ones_like(relevant), "retrieved_per_k")
        precision = div(
            idioms.cast(so_far, float64), idioms.cast(retrieved, float64), name="precision_per_k"
        )
        precision = raw.Mul(
            precision, idioms.cast(relevant, float64), name="relevant_precision_per_k"
        )
        total = reduce_sum(precision, axis=(-1,), name="precision_sum")
        count = idioms.cast(_number_relevant(labels, k), float64)
        return div(total, count, name=scope)


def cumsum_last(x: Any, name: str) -> Any:
    """The sums of the elements so far along the last axis."""
    return cumsum(x, axis=-1, name=name)


def _repeated(labels: Any, times: int, name: str) -> Any:
    """The labels of each example, so often, along a new axis before the last."""
    with build.name_scope(name, "expand_and_tile", (labels, times, -1)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            shape = labels.dense_shape
            ahead = raw.Reshape(idioms.size(shape) + -1, [1])
            parts = (raw.Slice(shape, [0], ahead), [1], raw.Slice(shape, ahead, [-1]))
            expanded = concat(parts, 0, name="expanded_shape")
            one = sparse_reshape(labels, shape=expanded, name="expand")
            return one if times == 1 else sparse_concat(-2, [one] * times, name=scope)
        expanded = raw.ExpandDims(labels, -2, name="expand")
        if times == 1:
            return expanded
        ones = idioms.ones_like(idioms.shape(labels))
        multiples = concat((ones[:-1], (times,), ones[-1:]), 0, name="multiples")
        return raw.Tile(expanded, multiples, name=scope)


def _number_relevant(labels: Any, k: int) -> Any:
    """How many labels each example has, k at most."""
    with build.name_scope(None, "num_relevant", (labels,)) as scope:
        labels = convert_to_tensor_or_sparse_tensor(labels)
        if isinstance(labels, SparseTensor):
            return raw.Minimum(set_size(labels), k, name=scope)
        there = raw.GreaterEqual(labels, 0)
        ones = idioms.ones_like(labels)
        count = reduce_sum(raw.SelectV2(there, ones, idioms.zeros_like(labels)), axis=-1)
        return raw.Minimum(count, k, name=scope)


sparse_average_precision_at_k = average_precision_at_k

__all__: list[str] = []
NAMESPACES = {"metrics": ["average_precision_at_k", "sparse_average_precision_at_k"]}
