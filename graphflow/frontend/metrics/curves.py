"""Measures of whole curves: auc, and one rate at a given other one."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from graphflow.frontend.math import div
from graphflow.frontend.metrics.metric_variables import collected
from graphflow.frontend.metrics.thresholds import confusion_at_thresholds
from graphflow.frontend.reduce import argmax, argmin, cumsum, reduce_min, reduce_sum
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import raw
from graphflow.ir.dtype import int32, int64
from graphflow.ops import idioms

_log = logging.getLogger("tensorflow")
_AROUND = 1e-7
_METHODS = ("trapezoidal", "careful_interpolation", "minoring", "majoring")


def _thresholds(count: int) -> list[float]:
    return [(i + 1) * 1.0 / (count - 1) for i in range(count - 2)]


def auc(
    labels: Any,
    predictions: Any,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    curve: str = "ROC",
    name: Any = None,
    summation_method: str = "trapezoidal",
    thresholds: Any = None,
) -> tuple[Any, Any]:
    """The area under the curve of the true positive rate over the false positive rate, or of precision over recall."""
    with variable_scope(name, "auc", (labels, predictions, weights)):
        if curve not in ("ROC", "PR"):
            raise ValueError(f"curve must be either ROC or PR, {curve} unknown")
        inner = _thresholds(num_thresholds) if thresholds is None else sorted(thresholds)
        limits = [0.0 - _AROUND, *inner, 1.0 + _AROUND]
        values, updates = confusion_at_thresholds(labels, predictions, limits, weights)
        last = len(limits) - 1

        def area(counts: dict[str, Any], name: str) -> Any:
            return _area(**counts, curve=curve, method=summation_method, last=last, name=name)

        value = collected(metrics_collections, area(values, "value"))
        return value, collected(updates_collections, area(updates, "update_op"))


def _area(tp: Any, fn: Any, tn: Any, fp: Any, curve: str, method: str, last: int, name: str) -> Any:
    if curve == "PR":
        if method == "trapezoidal":
            _log.warning(
                "Trapezoidal rule is known to produce incorrect PR-AUCs; "
                'please switch to "careful_interpolation" instead.'
            )
        elif method == "careful_interpolation":
            return _interpolated(tp, fp, fn, last)
    small = 1e-6
    recall = div(tp + small, tp + fn + small)
    if curve == "ROC":
        x, y = div(fp, fp + tn + small), recall
    else:
        x, y = recall, div(tp + small, tp + fp + small)
    if method not in _METHODS:
        raise ValueError(f"Invalid summation_method: {method}")
    widths = x[:last] - x[1:]
    if method == "minoring":
        heights = raw.Minimum(y[:last], y[1:])
    elif method == "majoring":
        heights = raw.Maximum(y[:last], y[1:])
    else:
        heights = (y[:last] + y[1:]) / 2.0
    return reduce_sum(raw.Mul(widths, heights), name=name)


def _interpolated(tp: Any, fp: Any, fn: Any, last: int) -> Any:
    """The area under precision over recall where positives and negatives lie evenly between two thresholds."""
    more = tp[:last] - tp[1:]
    positives = tp + fp
    slope = idioms.div_no_nan(
        more, raw.Maximum(positives[:last] - positives[1:], 0), name="prec_slope"
    )
    start = tp[1:] - raw.Mul(slope, positives[1:])
    some = raw.LogicalAnd(positives[:last] > 0, positives[1:] > 0)
    ratio = idioms.div_no_nan(
        positives[:last], raw.Maximum(positives[1:], 0), name="recall_relative_ratio"
    )
    ratio = raw.Select(some, ratio, idioms.ones_like(positives[1:]))
    parts = slope * (more + start * raw.Log(ratio))
    whole = raw.Maximum(tp[1:] + fn[1:], 0)
    shares = idioms.div_no_nan(parts, whole, name="pr_auc_increment")
    return reduce_sum(shares, name="interpolate_pr_auc")


def _one_rate(
    scope: str,
    labels: Any,
    predictions: Any,
    weights: Any,
    limits: list[float],
    collections: tuple[Any, Any],
    name: Any,
    rate: Callable[..., Any],
) -> tuple[Any, Any]:
    with variable_scope(name, scope, (predictions, labels, weights)):
        values, updates = confusion_at_thresholds(labels, predictions, limits, weights)
        value = collected(collections[0], rate(**values, name="value"))
        return value, collected(collections[1], rate(**updates, name="update_op"))


def sensitivity_at_specificity(
    labels: Any,
    predictions: Any,
    specificity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The true positive rate at the threshold whose true negative rate is nearest to a given one."""
    if not 0 <= specificity <= 1:
        raise ValueError("`specificity` must be in the range [0, 1].")

    def rate(tp: Any, fn: Any, tn: Any, fp: Any, name: str) -> Any:
        rates = div(tn, tn + fp + _AROUND)
        nearest = idioms.cast(argmin(raw.Abs(rates - specificity), 0), int32)
        return div(tp[nearest], tp[nearest] + fn[nearest] + _AROUND, name)

    limits = [0.0 - _AROUND, *_thresholds(num_thresholds), 1.0 + _AROUND]
    collections = (metrics_collections, updates_collections)
    scope = "sensitivity_at_specificity"
    return _one_rate(scope, labels, predictions, weights, limits, collections, name, rate)


def specificity_at_sensitivity(
    labels: Any,
    predictions: Any,
    sensitivity: float,
    weights: Any = None,
    num_thresholds: int = 200,
    metrics_collections: Any = None,
    updates_collections: Any = None,
    name: Any = None,
) -> tuple[Any, Any]:
    """The true negative rate at the last threshold whose true positive rate is nearest to a given one."""
    if not 0 <= sensitivity <= 1:
        raise ValueError("`sensitivity` must be in the range [0, 1].")

    def rate(tp: Any, fn: Any, tn: Any, fp: Any, name: str) -> Any:
        rates = div(tp, tp + fn + _AROUND)
        least = reduce_min(raw.Abs(rates - sensitivity))
        nearest = raw.Equal(raw.Abs(rates - sensitivity), least)
        last = idioms.cast(argmax(cumsum(idioms.cast(nearest, int64)), 0), int32)
        return div(tn[last], tn[last] + fp[last] + _AROUND, name)

    limits = [0.0 - _AROUND, *_thresholds(num_thresholds), 1.0 - _AROUND]
    collections = (metrics_collections, updates_collections)
    scope = "specificity_at_sensitivity"
    return _one_rate(scope, labels, predictions, weights, limits, collections, name, rate)


__all__: list[str] = []
NAMESPACES = {"metrics": ["auc", "sensitivity_at_specificity", "specificity_at_sensitivity"]}
