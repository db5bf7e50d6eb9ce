"""tf.contrib.metrics.streaming_*: the metrics of tf.metrics with predictions before labels."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from graphflow.frontend import nn
from graphflow.frontend.metrics import average_precision, classes, counts, curves, means, top_k
from graphflow.frontend.metrics import thresholds as at_thresholds
from graphflow.ir.dtype import float32
from graphflow.ops import idioms


def _predictions_first(metric: Callable[..., Any], **renamed: str) -> Any:
    """The metric, its first two arguments exchanged and some under other names."""
    first, second, *rest = inspect.signature(metric).parameters.values()
    names = {first.name: "labels", second.name: "predictions"} | renamed
    own = [
        p.replace(name=names.get(p.name, p.name))
        for p in (second, first, *rest)
        if p.name not in ("summation_method", "thresholds") or metric is not curves.auc
    ]
    signature = inspect.Signature(own)
    given_as = {new: old for old, new in names.items()}

    def streaming(*args: Any, **kwargs: Any) -> Any:
        given = signature.bind(*args, **kwargs).arguments
        return metric(**{given_as.get(name, name): value for name, value in given.items()})

    streaming.__name__ = streaming.__qualname__ = f"streaming_{metric.__name__}"
    streaming.__doc__ = metric.__doc__
    streaming.__dict__["__signature__"] = signature
    return streaming


streaming_accuracy = _predictions_first(means.accuracy)
streaming_auc = _predictions_first(curves.auc)
streaming_false_negatives = _predictions_first(counts.false_negatives)
streaming_false_positives = _predictions_first(counts.false_positives)
streaming_mean_absolute_error = _predictions_first(means.mean_absolute_error)
streaming_mean_cosine_distance = _predictions_first(means.mean_cosine_distance)
streaming_mean_iou = _predictions_first(classes.mean_iou)
streaming_mean_relative_error = _predictions_first(means.mean_relative_error)
streaming_mean_squared_error = _predictions_first(means.mean_squared_error)
streaming_precision = _predictions_first(counts.precision)
streaming_precision_at_thresholds = _predictions_first(at_thresholds.precision_at_thresholds)
streaming_recall = _predictions_first(counts.recall)
streaming_recall_at_thresholds = _predictions_first(at_thresholds.recall_at_thresholds)
streaming_root_mean_squared_error = _predictions_first(means.root_mean_squared_error)
streaming_sensitivity_at_specificity = _predictions_first(curves.sensitivity_at_specificity)
streaming_specificity_at_sensitivity = _predictions_first(curves.specificity_at_sensitivity)
streaming_true_negatives = _predictions_first(counts.true_negatives)
streaming_true_positives = _predictions_first(counts.true_positives)
streaming_sparse_average_precision_at_k = _predictions_first(
    average_precision.average_precision_at_k
)
streaming_sparse_average_precision_at_top_k = _predictions_first(
    average_precision.average_precision_at_top_k, predictions_idx="top_k_predictions"
)
streaming_sparse_precision_at_k = _predictions_first(top_k.precision_at_k)
streaming_sparse_recall_at_k = _predictions_first(top_k.recall_at_k)
streaming_mean, streaming_mean_tensor = means.mean, means.mean_tensor
streaming_percentage_less = means.percentage_below


def streaming_recall_at_k(
    predictions: Any,
    labels: Any,
    k: int,
    weights: Any = None,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """How often the one label is among the k classes with the highest predictions."""
    found = idioms.cast(nn.in_top_k(predictions, labels, k), float32)
    name = name or top_k.at_k_name("recall", k)
    return means.mean(found, weights, metrics_collections, updates_collections, name)


__all__: list[str] = []
NAMESPACES = {
    "contrib.metrics": [
        *("streaming_accuracy", "streaming_auc", "streaming_false_negatives"),
        *("streaming_false_positives", "streaming_mean", "streaming_mean_absolute_error"),
        *("streaming_mean_cosine_distance", "streaming_mean_iou"),
        *("streaming_mean_relative_error", "streaming_mean_squared_error"),
        *("streaming_mean_tensor", "streaming_percentage_less", "streaming_precision"),
        *("streaming_precision_at_thresholds", "streaming_recall", "streaming_recall_at_k"),
        *("streaming_recall_at_thresholds", "streaming_root_mean_squared_error"),
        *("streaming_sensitivity_at_specificity", "streaming_sparse_average_precision_at_k"),
        *("streaming_sparse_average_precision_at_top_k", "streaming_sparse_precision_at_k"),
        *("streaming_sparse_recall_at_k", "streaming_specificity_at_sensitivity"),
        *("streaming_true_negatives", "streaming_true_positives"),
    ]
}
