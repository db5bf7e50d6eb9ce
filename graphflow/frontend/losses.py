"""tf.losses: how far predictions lie from labels, weighted, and summed up into one number."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.confusion import remove_squeezable_dimensions
from graphflow.frontend.control_flow import cond
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.loss_reduction import (
    Reduction,
    add_loss,
    compute_weighted_loss,
    number_present,
)
from graphflow.frontend.nn_losses import (
    sigmoid_cross_entropy_with_logits,
    softmax_cross_entropy_with_logits_v2,
    sparse_softmax_cross_entropy_with_logits,
)
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.spelling import one_of_two
from graphflow.frontend.weights_broadcast import assert_broadcastable
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32
from graphflow.ops import idioms
from graphflow.ops.reduce_idioms import sequence

_LOSSES, _MEAN = GraphKeys.LOSSES, Reduction.SUM_BY_NONZERO_WEIGHTS


def _given(**values: Any) -> None:
    for name, value in values.items():
        if value is None:
            raise ValueError(f"{name} must not be None.")


def _floats(predictions: Any, labels: Any) -> tuple[Any, Any]:
    """Both as floats, of one shape."""
    predictions, labels = idioms.cast(predictions, float32), idioms.cast(labels, float32)
    predictions.shape.assert_is_compatible_with(labels.shape)
    return predictions, labels


def absolute_difference(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = _LOSSES,
    reduction: str = _MEAN,
) -> Any:
    """|predictions - labels|."""
    _given(labels=labels, predictions=predictions)
    values = (predictions, labels, weights)
    with build.name_scope(scope, "absolute_difference", values) as scope:
        predictions, labels = _floats(predictions, labels)
        losses = raw.Abs(raw.Sub(predictions, labels))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def cosine_distance(
    labels: Any,
    predictions: Any,
    axis: int | None = None,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = _LOSSES,
    reduction: str = _MEAN,
    dim: int | None = None,
) -> Any:
    """1 - sum(predictions * labels) along an axis; both are taken to be of length 1."""
    axis = one_of_two("axis", axis, "dim", dim)
    if axis is None:
        raise ValueError("You must specify 'axis'.")
    _given(labels=labels, predictions=predictions)
    values = (predictions, labels, weights)
    with build.name_scope(scope, "cosine_distance_loss", values) as scope:
        predictions, labels = _floats(predictions, labels)
        losses = 1 - reduce_sum(raw.Mul(predictions, labels), axis=(axis,), keepdims=True)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def hinge_loss(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = _LOSSES,
    reduction: str = _MEAN,
) -> Any:
    """max(1 - logits * (2 * labels - 1), 0)."""
    _given(labels=labels, logits=logits)
    with build.name_scope(scope, "hinge_loss", (logits, labels, weights)) as scope:
        logits, labels = _floats(logits, labels)
        ones = idioms.ones_like(labels)
        signs = raw.Sub(2 * labels, ones)
        losses = raw.Relu(raw.Sub(ones, raw.Mul(signs, logits)))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def huber_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    delta: float = 1.0,
    scope: Any = None,
    loss_collection: Any = _LOSSES,
    reduction: str = _MEAN,
) -> Any:
    """error ** 2 / 2 up to delta, and linear beyond."""
    _given(labels=labels, predictions=predictions)
    with build.name_scope(scope, "huber_loss", (predictions, labels, weights)) as scope:
        predictions, labels = _floats(predictions, labels)
        error = raw.Abs(raw.Sub(predictions, labels))
        near = raw.Minimum(error, delta)
        beyond = raw.Sub(error, near)
        half = convert(0.5, near.dtype)
        losses = raw.Add(raw.Mul(half, raw.Mul(near, near)), raw.Mul(delta, beyond))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def log_loss(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    epsilon: float = 1e-7,
    scope: Any = None,
    loss_collection: Any = _LOSSES,
    reduction: str = _MEAN,
) -> Any:
    """-labels * log(predictions) - (1 - labels) * log(1 - predictions)."""
    _given(labels=labels, predictions=predictions)
    with build.name_scope(scope, "log_loss", (predictions, labels, weights)) as scope:
        predictions, labels = _floats(predictions, labels)
        there = -raw.Mul(labels, raw.Log(predictions + epsilon))
        losses = there - raw.Mul(1 - labels, raw.Log(1 - predictions + epsilon))
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def mean_pairwise_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = _LOSSES,
) -> Any:
    """The mean over all pairs of elements of an example of the square of the error in their difference."""
    _given(labels=labels, predictions=predictions)
    values = (predictions, labels, weights)
    with build.name_scope(scope, "mean_pairwise_squared_error", values) as scope:
        weights, labels = idioms.cast(weights, float32), idioms.cast(labels, float32)
        check = assert_broadcastable(weights, labels)
        with build.current_graph().control_dependencies([check]):
            predictions = idioms.cast(predictions, float32)
            predictions.shape.assert_is_compatible_with(labels.shape)
            errors = raw.Sub(predictions, labels)
            axes = sequence(1, idioms.rank(errors))
            squares = reduce_sum(raw.Square(errors), axis=axes, keepdims=True)
            present = number_present(errors, weights, per_batch=True)
            others = raw.Maximum(present - 1, 0)
            first = 2.0 * idioms.div_no_nan(squares, others, name="value")
            total = reduce_sum(errors, axis=axes, keepdims=True)
            squared = raw.Square(total)
            pairs = raw.Maximum(raw.Mul(present, present - 1), 0)
            second = 2.0 * idioms.div_no_nan(squared, pairs, name="value")
            loss = reduce_sum(raw.Mul(first - second, weights))
            some = reduce_sum(present) > 0
            mean = raw.Select(some, loss, idioms.zeros_like(loss), name="value")
            add_loss(mean, loss_collection)
            return mean


def mean_squared_error(
    labels: Any,
    predictions: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = _LOSSES,
    reduction: str = _MEAN,
) -> Any:
    """(predictions - labels) ** 2."""
    _given(labels=labels, predictions=predictions)
    values = (predictions, labels, weights)
    with build.name_scope(scope, "mean_squared_error", values) as scope:
        predictions, labels = _floats(predictions, labels)
        losses = raw.SquaredDifference(predictions, labels)
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def sigmoid_cross_entropy(
    multi_class_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: Any = None,
    loss_collection: Any = _LOSSES,
    reduction: str = _MEAN,
) -> Any:
    """-labels * log(sigmoid(logits)) - (1 - labels) * log(1 - sigmoid(logits))."""
    _given(multi_class_labels=multi_class_labels, logits=logits)
    values = (logits, multi_class_labels, weights)
    with build.name_scope(scope, "sigmoid_cross_entropy_loss", values) as scope:
        logits = convert(logits)
        labels = idioms.cast(multi_class_labels, logits.dtype)
        logits.shape.assert_is_compatible_with(labels.shape)
        if label_smoothing > 0:
            labels = labels * (1 - label_smoothing) + 0.5 * label_smoothing
        losses = sigmoid_cross_entropy_with_logits(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def softmax_cross_entropy(
    onehot_labels: Any,
    logits: Any,
    weights: Any = 1.0,
    label_smoothing: float = 0,
    scope: Any = None,
    loss_collection: Any = _LOSSES,
    reduction: str = _MEAN,
) -> Any:
    """-sum(labels * log(softmax(logits)))."""
    _given(onehot_labels=onehot_labels, logits=logits)
    values = (logits, onehot_labels, weights)
    with build.name_scope(scope, "softmax_cross_entropy_loss", values) as scope:
        logits = convert(logits)
        labels = idioms.cast(onehot_labels, logits.dtype)
        logits.shape.assert_is_compatible_with(labels.shape)
        if label_smoothing > 0:
            classes = idioms.cast(idioms.shape(labels)[-1], logits.dtype)
            rest = label_smoothing / classes
            labels = labels * (1.0 - label_smoothing) + rest
        labels = raw.StopGradient(labels, name="labels_stop_gradient")
        losses = softmax_cross_entropy_with_logits_v2(labels=labels, logits=logits, name="xentropy")
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def sparse_softmax_cross_entropy(
    labels: Any,
    logits: Any,
    weights: Any = 1.0,
    scope: Any = None,
    loss_collection: Any = _LOSSES,
    reduction: str = _MEAN,
) -> Any:
    """-log(softmax(logits)) at the one class that each label names."""
    _given(labels=labels, logits=logits)
    values = (logits, labels, weights)
    with build.name_scope(scope, "sparse_softmax_cross_entropy_loss", values) as scope:
        labels, logits = remove_squeezable_dimensions(labels, logits, expected_rank_diff=1)
        if weights is not None:
            weights = _beside(labels, convert(weights))
        losses = sparse_softmax_cross_entropy_with_logits(
            labels=labels, logits=logits, name="xentropy"
        )
        return compute_weighted_loss(losses, weights, scope, loss_collection, reduction)


def _beside(labels: Any, weights: Any) -> Any:
    """The weights without the last axis of size 1 that they may have too much."""
    rank, wanted = weights.shape.rank, labels.shape.rank
    if rank is not None and wanted is not None:
        return raw.Squeeze(weights, squeeze_dims=[-1]) if rank - wanted == 1 else weights
    difference = idioms.rank(weights) - idioms.rank(labels)
    if rank is None or (rank > 0 and weights.shape.dims[-1].is_compatible_with(1)):
        return cond(
            raw.Equal(1, difference),
            lambda: raw.Squeeze(weights, squeeze_dims=[-1]),
            lambda: weights,
        )
    return weights


__all__: list[str] = []
NAMESPACES = {
    "losses": [
        *("absolute_difference", "cosine_distance", "hinge_loss", "huber_loss", "log_loss"),
        *("mean_pairwise_squared_error", "mean_squared_error", "sigmoid_cross_entropy"),
        *("softmax_cross_entropy", "sparse_softmax_cross_entropy"),
    ]
}
