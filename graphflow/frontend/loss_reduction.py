"""Losses of many examples as one number, and the collections that losses belong to."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.math_more import add_n
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.weights_broadcast import assert_broadcastable, broadcast_weights
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import float32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.reduce_idioms import sequence


class Reduction:
    """How losses become one number."""

    NONE = "none"
    SUM = "weighted_sum"
    SUM_OVER_BATCH_SIZE = "weighted_sum_over_batch_size"
    MEAN = "weighted_mean"
    SUM_BY_NONZERO_WEIGHTS = "weighted_sum_by_nonzero_weights"
    SUM_OVER_NONZERO_WEIGHTS = SUM_BY_NONZERO_WEIGHTS

    @classmethod
    def all(cls) -> tuple[str, ...]:
        return (
            cls.NONE,
            cls.SUM,
            cls.MEAN,
            cls.SUM_OVER_BATCH_SIZE,
            cls.SUM_OVER_NONZERO_WEIGHTS,
            cls.SUM_BY_NONZERO_WEIGHTS,
        )

    @classmethod
    def validate(cls, key: str) -> None:
        if key not in cls.all():
            raise ValueError(f"Invalid Reduction Key {key}.")


def compute_weighted_loss(
    losses: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = GraphKeys.LOSSES,
    reduction: str = Reduction.SUM_BY_NONZERO_WEIGHTS,
) -> Tensor:
    """losses * weights, reduced to one number: usually the mean over all whose weight is not 0."""
    Reduction.validate(reduction)
    with build.name_scope(scope, "weighted_loss", (losses, weights)):
        check = assert_broadcastable(weights, losses)
        with current_graph().control_dependencies([check]):
            losses = convert(losses)
            dtype = losses.dtype.base_dtype
            losses = idioms.cast(losses, float32)
            weights = idioms.cast(weights, float32)
            loss = idioms.cast(_reduced(losses, weights, reduction), dtype)
            add_loss(loss, loss_collection)
            return loss


def _reduced(losses: Tensor, weights: Tensor, reduction: str) -> Tensor:
    weighted: Tensor = raw.Mul(losses, weights)
    if reduction == Reduction.NONE:
        return weighted
    total = reduce_sum(weighted)
    if reduction == Reduction.SUM:
        return total
    if reduction == Reduction.MEAN:
        count = reduce_sum(idioms.ones_like(losses) * weights)
    elif reduction == Reduction.SUM_OVER_BATCH_SIZE:
        count = _number_of_elements(losses)
    else:
        count = number_present(losses, weights)
    return idioms.div_no_nan(reduce_sum(total), count, name="value")


def number_present(losses: Tensor, weights: Any, per_batch: bool = False) -> Tensor:
    """How many losses have a weight other than 0: in all, or of each example."""
    if isinstance(weights, float) and weights != 0.0:
        return _number_of_elements(losses)
    with build.name_scope(None, "num_present", (losses, weights)) as scope:
        weights = idioms.cast(weights, float32)
        absent = raw.Equal(weights, 0.0)
        present = raw.Select(absent, idioms.zeros_like(weights), idioms.ones_like(weights))
        present = broadcast_weights(present, losses)
        if not per_batch:
            return reduce_sum(present, name=scope)
        axes = sequence(1, idioms.rank(present))
        return reduce_sum(present, axis=axes, keepdims=True, name=scope)


def _number_of_elements(losses: Tensor) -> Tensor:
    with build.name_scope(None, "num_elements", [losses]) as scope:
        return idioms.cast(idioms.size(losses, name=scope), losses.dtype)


def add_loss(loss: Any, loss_collection: Any = GraphKeys.LOSSES) -> None:
    """Take down a loss."""
    if loss_collection:
        current_graph().add_to_collection(loss_collection, loss)


def get_losses(scope: Any = None, loss_collection: Any = GraphKeys.LOSSES) -> list[Any]:
    return current_graph().get_collection(loss_collection, scope)


def get_regularization_losses(scope: Any = None) -> list[Any]:
    return current_graph().get_collection(GraphKeys.REGULARIZATION_LOSSES, scope)


def get_regularization_loss(scope: Any = None, name: str = "total_regularization_loss") -> Any:
    """The sum of the regularisation losses."""
    losses = get_regularization_losses(scope)
    return add_n(losses, name=name) if losses else constant(0.0)


def get_total_loss(
    add_regularization_losses: bool = True, name: str = "total_loss", scope: Any = None
) -> Any:
    """The sum of all losses."""
    losses = get_losses(scope=scope)
    if add_regularization_losses:
        losses += get_regularization_losses(scope=scope)
    return add_n(losses, name=name)


__all__: list[str] = []
NAMESPACES = {
    "losses": [
        *("Reduction", "add_loss", "compute_weighted_loss", "get_losses"),
        *("get_regularization_loss", "get_regularization_losses", "get_total_loss"),
    ]
}
