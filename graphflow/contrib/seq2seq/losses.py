"""The cross-entropy of sequences of logits."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.nn_losses import sparse_softmax_cross_entropy_with_logits
from graphflow.frontend.reduce import count_nonzero, reduce_sum
from graphflow.ir import build, raw
from graphflow.ops import idioms


def sequence_loss(
    logits: Any,
    targets: Any,
    weights: Any,
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    sum_over_timesteps: bool = False,
    sum_over_batch: bool = False,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Any:
    """The weighted cross-entropy, divided by the weights or, for sums, by how many of them are not 0."""
    wanted = (
        ("Logits", logits, 3, "[batch_size x sequence_length x logits]"),
        ("Targets", targets, 2, "[batch_size x sequence_length]"),
        ("Weights", weights, 2, "[batch_size x sequence_length]"),
    )
    for what, value, rank, shape in wanted:
        if len(value.get_shape()) != rank:
            raise ValueError(f"{what} must be a {shape} tensor")
    for what, average, whole in (
        ("timesteps", average_across_timesteps, sum_over_timesteps),
        ("batch", average_across_batch, sum_over_batch),
    ):
        if average and whole:
            raise ValueError(
                f"average_across_{what} and sum_over_{what} cannot be set to True at same time."
            )
    with build.name_scope(name, "sequence_loss", [logits, targets, weights]):
        classes = idioms.shape(logits)[2]
        flat = raw.Reshape(logits, [-1, classes])
        targets = raw.Reshape(targets, [-1])
        if softmax_loss_function is None:
            loss = sparse_softmax_cross_entropy_with_logits(labels=targets, logits=flat)
        else:
            loss = softmax_loss_function(labels=targets, logits=flat)
        loss *= raw.Reshape(weights, [-1])
        if average_across_timesteps and average_across_batch:
            return _mean(loss, weights, None)
        if sum_over_timesteps and sum_over_batch:
            return _sum(loss, weights, None)
        loss = raw.Reshape(loss, idioms.shape(logits)[0:2])
        if average_across_timesteps or average_across_batch:
            return _mean(loss, weights, [0] if average_across_batch else [1])
        if sum_over_timesteps or sum_over_batch:
            return _sum(loss, weights, [0] if sum_over_batch else [1])
        return loss


def _mean(loss: Any, weights: Any, axis: Any) -> Any:
    loss = reduce_sum(loss, axis=axis)
    return idioms.div_no_nan(loss, reduce_sum(weights, axis=axis))


def _sum(loss: Any, weights: Any, axis: Any) -> Any:
    loss = reduce_sum(loss, axis=axis)
    return idioms.div_no_nan(loss, idioms.cast(count_nonzero(weights, axis=axis), loss.dtype))


__all__: list[str] = []
NAMESPACES = {
    "contrib.seq2seq": ["sequence_loss"],
    "contrib.seq2seq.python.ops.loss": ["sequence_loss"],
}
