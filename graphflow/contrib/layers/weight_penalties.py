"""Regularisers: functions that make a loss of a weight."""

from __future__ import annotations

import logging
import numbers
from collections.abc import Callable
from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.math_more import add_n
from graphflow.frontend.reduce import reduce_sum
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant, convert

Regularizer = Callable[[Any], Any]
_log = logging.getLogger("tensorflow")


def _scaled(scale: Any, scope: str | None, name: str, measure: Callable[[Any], Any]) -> Regularizer:
    """scale times a measure of the weight; nothing for a scale of 0."""
    if isinstance(scale, numbers.Integral):
        raise ValueError(f"scale cannot be an integer: {scale}")
    if isinstance(scale, numbers.Real):
        if scale < 0.0:
            raise ValueError(f"Setting a scale less than 0 on a regularizer: {scale:g}")
        if scale == 0.0:
            _log.info("Scale of 0 disables regularizer.")
            return lambda _: None

    def regularizer(weights: Any) -> Any:
        with build.name_scope(scope, name, [weights]) as opened:
            factor = convert(scale, weights.dtype.base_dtype, name="scale")
            return raw.Mul(factor, measure(weights), name=opened)

    return regularizer


def l1_regularizer(scale: Any, scope: str | None = None) -> Regularizer:
    """scale * sum(|weights|)."""
    return _scaled(scale, scope, "l1_regularizer", lambda w: reduce_sum(raw.Abs(w)))


def l2_regularizer(scale: Any, scope: str | None = None) -> Regularizer:
    """scale * sum(weights ** 2) / 2."""
    return _scaled(scale, scope, "l2_regularizer", raw.L2Loss)


def l1_l2_regularizer(
    scale_l1: Any = 1.0, scale_l2: Any = 1.0, scope: str | None = None
) -> Regularizer | None:
    """scale_l1 * sum(|weights|) + scale_l2 * sum(weights ** 2) / 2."""
    for name, scale in (("scale_l1", scale_l1), ("scale_l2", scale_l2)):
        if isinstance(scale, numbers.Integral):
            raise ValueError(f"{name} cannot be an integer: {scale}")
    scope = scope or "l1_l2_regularizer"
    if scale_l1 == 0.0:
        return l2_regularizer(scale_l2, scope)
    if scale_l2 == 0.0:
        return l1_regularizer(scale_l1, scope)
    return sum_regularizer([l1_regularizer(scale_l1), l2_regularizer(scale_l2)], scope=scope)


def sum_regularizer(regularizer_list: Any, scope: str | None = None) -> Regularizer | None:
    """The sum of what several regularisers make."""
    regularizers = [r for r in regularizer_list if r is not None]
    if not regularizers:
        return None

    def regularizer(weights: Any) -> Any:
        with build.name_scope(scope, "sum_regularizer", [weights]) as opened:
            penalties = [r(weights) for r in regularizers]
            penalties = [p for p in penalties if p is not None]
            return add_n(penalties, name=opened) if penalties else None

    return regularizer


def apply_regularization(regularizer: Regularizer, weights_list: Any = None) -> Any:
    """The sum of the penalties of all weights, which is also added to the regularisation losses."""
    graph = current_graph()
    weights = weights_list or graph.get_collection(GraphKeys.WEIGHTS)
    if not weights:
        raise ValueError("No weights to regularize.")
    with build.name_scope("get_regularization_penalty", values=weights) as scope:
        penalties = [regularizer(w) for w in weights]
        penalties = [constant(0.0) if p is None else p for p in penalties]
        for penalty in penalties:
            if penalty.shape.rank != 0:
                raise ValueError(
                    "regularizer must return a scalar Tensor instead of a Tensor with rank "
                    f"{penalty.shape.rank}."
                )
        total = add_n(penalties, name=scope)
        graph.add_to_collection(GraphKeys.REGULARIZATION_LOSSES, total)
        return total


__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": [
        *("apply_regularization", "l1_l2_regularizer", "l1_regularizer", "l2_regularizer"),
        "sum_regularizer",
    ],
    "contrib.layers.python.layers": [
        *("apply_regularization", "l1_l2_regularizer", "l1_regularizer", "l2_regularizer"),
        "sum_regularizer",
    ],
    "contrib.layers.python.layers.regularizers": [
        *("apply_regularization", "l1_l2_regularizer", "l1_regularizer", "l2_regularizer"),
        "sum_regularizer",
    ],
    "contrib.slim": [
        *("apply_regularization", "l1_l2_regularizer", "l1_regularizer", "l2_regularizer"),
        "sum_regularizer",
    ],
    "contrib.slim.regularizers": [
        *("apply_regularization", "l1_l2_regularizer", "l1_regularizer", "l2_regularizer"),
        "sum_regularizer",
    ],
}
