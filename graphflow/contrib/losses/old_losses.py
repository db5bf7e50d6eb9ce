"""tf.contrib.losses: predictions before labels, and weights for examples or elements."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.framework.argument_scopes import add_arg_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.loss_reduction import get_losses, get_regularization_losses
from graphflow.frontend.math_more import add_n
from graphflow.frontend.nn_losses import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits,
    sparse_softmax_cross_entropy_with_logits,
)
from graphflow.frontend.reduce import reduce_prod, reduce_sum
from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms


@add_arg_scope
def add_loss(loss: Any, loss_collection: Any = GraphKeys.LOSSES) -> None:
    """Take down a loss."""
    if loss_collection:
        current_graph().add_to_collection(loss_collection, loss)


def get_total_loss(add_regularization_losses: bool = True, name: str = "total_loss") -> Any:
    """The sum of all losses."""
    losses = get_losses()
    if add_regularization_losses:
        losses += get_regularization_losses()
    return add_n(losses, name=name)


def _scaled(losses: Tensor, weights: Tensor) -> Tensor:
    """The sum of losses * weights; a weight holds for all axes that it lacks."""
    ranks = weights.shape.rank, losses.shape.rank
    assert None not in ranks
    reduced = reduce_sum(losses, axis=list(range(*ranks)))  # type: ignore[arg-type]
    total: Tensor = reduce_sum(raw.Mul(reduced, weights))
    return total


def _present(losses: Tensor, weights: Tensor, per_batch: bool = False) -> Tensor:
    """How many losses have a weight other than 0: in all, or of each example."""
    rank = weights.shape.rank
    assert rank is not None
    if rank == 0:
        first = raw.Slice(idioms.shape(losses), [0], [1])
        batch = raw.Reshape(first, [])
        each = raw.RealDiv(
            idioms.cast(idioms.size(losses), float32), idioms.cast(batch, float32), name="div"
        )
        each = raw.Select(raw.Equal(weights, 0), 0.0, each)
        counts = raw.Mul(idioms.ones(raw.Reshape(batch, [1])), each)
    else:
        weighted = idioms.cast(raw.NotEqual(weights, 0), float32)
        nonzero = reduce_sum(weighted, axis=list(range(1, rank)))
        rest = raw.Slice(idioms.shape(losses), [rank], [-1])
        counts = raw.Mul(nonzero, idioms.cast(reduce_prod(rest), float32))
    return counts if per_batch else reduce_sum(counts)


def _known_ranks(losses: Tensor, weights: Tensor, name: str) -> None:
    if losses.shape.rank is None:
        raise ValueError(f"{name}.get_shape().ndims cannot be None")
    if weights.shape.rank is None:
        raise ValueError("weights.get_shape().ndims cannot be None")


def compute_weighted_loss(losses: Any, weights: Any = 1.0, scope: Any = None) -> Tensor:
    """The mean of losses * weights over all whose weight is not 0."""
    with build.name_scope(scope, "weighted_loss", [losses, weights]):
        losses = convert(losses)
        dtype = losses.dtype
        losses = idioms.cast(losses, float32)
        weights = idioms.cast(convert(weights), float32)
        _known_ranks(losses, weights, "losses")
        if weights.shape.rank > 1 and weights.shape.dims[-1].is_compatible_with(1):
            weights = raw.Squeeze(weights, squeeze_dims=[-1])
        total = _scaled(losses, weights)
        present = _present(losses, weights)
        mean = idioms.div_no_nan(reduce_sum(total), present, name="value")
        mean = idioms.cast(mean, dtype)
        add_loss(mean)
        return mean


def _floats(predictions: Any, labels: Any) -> tuple[Tensor, Tensor]:
    predictions.shape.assert_is_compatible_with(labels.shape)
    return idioms.cast(predictions, float32), idioms.cast(labels, float32)


def absolute_difference(
    predictions: Any, labels: Any = None, weights: Any = 1.0, scope: Any = None
) -> Tensor:
    """|predictions - labels|."""
    values = [predictions, labels, weights]
    with build.name_scope(scope, "absolute_difference", values) as scope:
        predictions, labels = _floats(predictions, labels)
        losses = raw.Abs(raw.Sub(predictions, labels))
        return compute_weighted_loss(losses, weights, scope=scope)


def sigmoid_cross_entropy(
    logits: Any,
    multi_class_labels: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: Any = None,
) -> Tensor:
    """-labels * log(sigmoid(logits)) - (1 - labels) * log(1 - sigmoid(logits))."""
    values = [logits, multi_class_labels, weights]
    with build.name_scope(scope, "sigmoid_cross_entropy_loss", values) as scope:
        logits.shape.assert_is_compatible_with(multi_class_labels.shape)
        labels = idioms.cast(multi_class_labels, logits.dtype)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=scope)


def softmax_cross_entropy(
    logits: Any,
    onehot_labels: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: Any = None,
) -> Tensor:
    """-sum(labels * log(softmax(logits)))."""
    values = [logits, onehot_labels, weights]
    with build.name_scope(scope, "softmax_cross_entropy_loss", values) as scope:
        logits.shape.assert_is_compatible_with(onehot_labels.shape)
        labels = idioms.cast(onehot_labels, logits.dtype)
        if label_smoothing > 0:
            classes = idioms.cast(idioms.shape(labels)[1], logits.dtype)
            rest = label_smoothing / classes
            labels = labels * (1.0 - label_smoothing) + rest
        losses = softmax_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope=scope)


def sparse_softmax_cross_entropy(
    logits: Any, labels: Any, weights: Any = 1.0, scope: Any = None
) -> Tensor:
    """-log(softmax(logits)) at the one class that each label names."""
    values = [logits, labels, weights]
    with build.name_scope(scope, "sparse_softmax_cross_entropy_loss", values) as scope:
        labels = raw.Reshape(labels, [idioms.shape(labels)[0]])
        losses = sparse_softmax_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(losses, weights, scope=scope)


def log_loss(
    predictions: Any,
    labels: Any = None,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: Any = None,
) -> Tensor:
    """-labels * log(predictions) - (1 - labels) * log(1 - predictions)."""
    with build.name_scope(scope, "log_loss", [predictions, labels, weights]) as scope:
        predictions, labels = _floats(predictions, labels)
        there = -raw.Mul(labels, raw.Log(predictions + epsilon))
        losses = there - raw.Mul(1 - labels, raw.Log(1 - predictions + epsilon))
        return compute_weighted_loss(losses, weights, scope=scope)


def hinge_loss(logits: Any, labels: Any = None, scope: Any = None) -> Tensor:
    """max(1 - logits * (2 * labels - 1), 0) of each element."""
    with build.name_scope(scope, "hinge_loss", [logits, labels]):
        logits.shape.assert_is_compatible_with(labels.shape)
        labels = idioms.cast(labels, float32)
        ones = idioms.ones_like(labels)
        signs = raw.Sub(2 * labels, ones)
        losses: Tensor = raw.Relu(raw.Sub(ones, raw.Mul(signs, logits)))
        return losses


def mean_squared_error(
    predictions: Any, labels: Any = None, weights: Any = 1.0, scope: Any = None
) -> Tensor:
    """(predictions - labels) ** 2."""
    values = [predictions, labels, weights]
    with build.name_scope(scope, "mean_squared_error", values) as scope:
        predictions, labels = _floats(predictions, labels)
        losses = raw.SquaredDifference(predictions, labels)
        return compute_weighted_loss(losses, weights, scope=scope)


def mean_pairwise_squared_error(
    predictions: Any, labels: Any = None, weights: Any = 1.0, scope: Any = None
) -> Tensor:
    """The mean over all pairs of elements of an example of the square of the error in their difference."""
    values = [predictions, labels, weights]
    with build.name_scope(scope, "mean_pairwise_squared_error", values):
        predictions, labels = _floats(predictions, labels)
        weights = idioms.cast(convert(weights), float32)
        errors = raw.Sub(predictions, labels)
        _known_ranks(errors, weights, "diffs")
        axes = list(range(1, errors.shape.rank))
        squares = reduce_sum(raw.Square(errors), axis=axes)
        present = _present(errors, weights, per_batch=True)
        first = 2.0 * idioms.div_no_nan(squares, present, name="value")
        total = reduce_sum(errors, axis=axes)
        second = 2.0 * idioms.div_no_nan(raw.Square(total), raw.Square(present), name="value")
        loss = _scaled(first - second, weights)
        some = reduce_sum(present) > 0
        mean: Tensor = raw.Select(some, loss, idioms.zeros_like(loss), name="value")
        add_loss(mean)
        return mean


def cosine_distance(
    predictions: Any,
    labels: Any = None,
    axis: int | None = None,
    weights: Any = 1.0,
    scope: Any = None,
    dim: int | None = None,
) -> Tensor:
    """1 - sum(predictions * labels) along an axis; both are taken to be of length 1."""
    axis = one_of_two("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    values = [predictions, labels, weights]
    with build.name_scope(scope, "cosine_distance_loss", values) as scope:
        predictions, labels = _floats(predictions, labels)
        losses = 1 - reduce_sum(raw.Mul(predictions, labels), axis=[axis])
        return compute_weighted_loss(losses, weights, scope=scope)


__all__: list[str] = []
NAMESPACES = {
    "contrib.losses": [
        *("absolute_difference", "add_loss", "compute_weighted_loss", "cosine_distance"),
        *("get_losses", "get_regularization_losses", "get_total_loss", "hinge_loss", "log_loss"),
        *("mean_pairwise_squared_error", "mean_squared_error", "sigmoid_cross_entropy"),
        *("softmax_cross_entropy", "sparse_softmax_cross_entropy"),
    ],
    "contrib.slim.losses": [
        *("absolute_difference", "add_loss", "compute_weighted_loss", "cosine_distance"),
        *("get_losses", "get_regularization_losses", "get_total_loss", "hinge_loss", "log_loss"),
        *("mean_pairwise_squared_error", "mean_squared_error", "sigmoid_cross_entropy"),
        *("softmax_cross_entropy", "sparse_softmax_cross_entropy"),
    ],
}
