"""The cross-entropy of lists of logits, one for each step, and models that share weights over lengths."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.math_more import add_n
from graphflow.frontend.nn_losses import sparse_softmax_cross_entropy_with_logits
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.variable_scope import get_variable_scope, variable_scope
from graphflow.ir import build, raw
from graphflow.ops import idioms


def sequence_loss_by_example(
    logits: Any,
    targets: Any,
    weights: Any,
    average_across_timesteps: bool = True,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Any:
    """The weighted cross-entropy of each example: the mean over the steps, or the sum."""
    if len(targets) != len(logits) or len(weights) != len(logits):
        raise ValueError(
            "Lengths of logits, weights, and targets must be the same "
            f"{len(logits)}, {len(weights)}, {len(targets)}."
        )
    with build.name_scope(name, "sequence_loss_by_example", logits + targets + weights):
        weighted = []
        for logit, target, weight in zip(logits, targets, weights, strict=True):
            if softmax_loss_function is None:
                loss = sparse_softmax_cross_entropy_with_logits(
                    labels=raw.Reshape(target, [-1]), logits=logit
                )
            else:
                loss = softmax_loss_function(labels=target, logits=logit)
            weighted.append(loss * weight)
        total = add_n(weighted)
        if average_across_timesteps:
            size = add_n(weights)
            size += 1e-12  # all weights may be 0
            total /= size
    return total


def sequence_loss(
    logits: Any,
    targets: Any,
    weights: Any,
    average_across_timesteps: bool = True,
    average_across_batch: bool = True,
    softmax_loss_function: Callable[..., Any] | None = None,
    name: str | None = None,
) -> Any:
    """The weighted cross-entropy: the mean over the batch, or the sum."""
    with build.name_scope(name, "sequence_loss", logits + targets + weights):
        cost = reduce_sum(
            sequence_loss_by_example(
                logits,
                targets,
                weights,
                average_across_timesteps=average_across_timesteps,
                softmax_loss_function=softmax_loss_function,
            )
        )
        if not average_across_batch:
            return cost
        batch_size = idioms.shape(targets[0])[0]
        return cost / idioms.cast(batch_size, cost.dtype)


def model_with_buckets(
    encoder_inputs: Any,
    decoder_inputs: Any,
    targets: Any,
    weights: Any,
    buckets: Any,
    seq2seq: Callable[[Any, Any], Any],
    softmax_loss_function: Callable[..., Any] | None = None,
    per_example_loss: bool = False,
    name: str | None = None,
) -> tuple[list[Any], list[Any]]:
    """Outputs and losses of one model for several pairs of lengths: (steps to read, steps to write)."""
    longest = buckets[-1]
    lengths = (
        ("encoder_inputs", encoder_inputs, longest[0]),
        ("targets", targets, longest[1]),
        ("weights", weights, longest[1]),
    )
    for what, given, wanted in lengths:
        if len(given) < wanted:
            raise ValueError(
                f"Length of {what} ({len(given)}) must be at least that of last bucket ({wanted})."
            )
    loss = sequence_loss_by_example if per_example_loss else sequence_loss
    outputs, losses = [], []
    values = encoder_inputs + decoder_inputs + targets + weights
    with build.name_scope(name, "model_with_buckets", values):
        for j, (read, written) in enumerate(buckets):
            with variable_scope(get_variable_scope(), reuse=True if j > 0 else None):
                found, _ = seq2seq(encoder_inputs[:read], decoder_inputs[:written])
                outputs.append(found)
                losses.append(
                    loss(
                        found,
                        targets[:written],
                        weights[:written],
                        softmax_loss_function=softmax_loss_function,
                    )
                )
    return outputs, losses


__all__: list[str] = []
NAMESPACES = {
    "contrib.legacy_seq2seq": ["model_with_buckets", "sequence_loss", "sequence_loss_by_example"],
    "contrib.legacy_seq2seq.python.ops.seq2seq": [
        *("model_with_buckets", "sequence_loss", "sequence_loss_by_example"),
    ],
}
