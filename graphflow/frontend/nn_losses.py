"""tf.nn: cross entropies and other losses of single examples."""

from __future__ import annotations

import math
from typing import Any

from graphflow.frontend.checks import assert_equal
from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import bfloat16, float16, float32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, transpose
from graphflow.ops.reduce_idioms import sequence


def _check_given(function: str, sentinel: Any, labels: Any, logits: Any) -> None:
    if sentinel is not None:
        raise ValueError(
            f"Only call `{function}` with named arguments (labels=..., logits=..., ...)"
        )
    if labels is None or logits is None:
        raise ValueError("Both labels and logits must be provided.")


def softmax_cross_entropy_with_logits(
    _sentinel: Any = None,
    labels: Any = None,
    logits: Any = None,
    dim: int = -1,
    name: str | None = None,
    axis: int | None = None,
) -> Tensor:
    """-sum(labels * log_softmax(logits)), whose gradient does not flow into the labels."""
    if axis is not None:
        dim = one_of_two("axis", axis, "dim", dim)
    _check_given("softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with build.name_scope(name, "softmax_cross_entropy_with_logits_sg", [logits, labels]) as scope:
        labels = raw.StopGradient(labels, name="labels_stop_gradient")
    return softmax_cross_entropy_with_logits_v2(labels, logits, dim, scope)


def softmax_cross_entropy_with_logits_v2(
    labels: Any,
    logits: Any,
    axis: int | None = None,
    name: str | None = None,
    dim: int | None = None,
) -> Tensor:
    """-sum(labels * log_softmax(logits)) along `axis`."""
    axis = one_of_two("axis", axis, "dim", dim)
    axis = -1 if axis is None else axis
    with build.name_scope(name, "softmax_cross_entropy_with_logits", [logits, labels]) as scope:
        logits, labels = convert(logits, name="logits"), convert(labels, name="labels")
        narrow = logits.dtype.base_dtype in (float16, bfloat16)
        precise = idioms.cast(logits, float32) if narrow else logits
        labels = idioms.cast(labels, precise.dtype)
        rank, shape = idioms.rank(precise), logits.shape
        if axis != -1:
            precise = _with_axis_last(precise, axis, rank)
            labels = _with_axis_last(labels, axis, rank)
        sizes = idioms.shape(precise)
        precise, labels = _rows(precise), _rows(labels)
        cost, _ = raw.SoftmaxCrossEntropyWithLogits(precise, labels, name=scope)
        cost = raw.Reshape(cost, raw.Slice(sizes, [0], [raw.Sub(rank, 1)]))
        if shape.known is not None:
            left = list(shape.known)
            del left[axis]
            cost.set_shape(left)
        return idioms.cast(cost, logits.dtype) if narrow else cost


def _with_axis_last(x: Tensor, axis: int, rank: Tensor) -> Tensor:
    order = [sequence(axis), sequence(axis + 1, rank), [axis]]
    return transpose(x, concat(order, 0))


def _rows(x: Tensor) -> Tensor:
    """x as a matrix: all axes but the last are one."""
    rank = idioms.rank(x)
    last = raw.Slice(idioms.shape(x), [raw.Sub(rank, 1)], [1])
    matrix = raw.Reshape(x, concat([[-1], last], 0))
    known = x.shape.known
    if known is not None and all(isinstance(d, int) for d in known[:-1]):
        matrix.set_shape([math.prod(d for d in known[:-1] if isinstance(d, int)), known[-1]])
    return matrix


def sparse_softmax_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """-log_softmax(logits) at the one class that each label names."""
    _check_given("sparse_softmax_cross_entropy_with_logits", _sentinel, labels, logits)
    with build.name_scope(name, "SparseSoftmaxCrossEntropyWithLogits", [labels, logits]):
        labels, logits = convert(labels), convert(logits)
        narrow = logits.dtype.base_dtype is float16
        precise = idioms.cast(logits, float32) if narrow else logits
        label_shape, sizes = labels.shape, idioms.shape(labels)
        settled = label_shape.is_static and logits.shape[:-1].is_static
        _check_shapes(label_shape, logits.shape, settled)
        if logits.shape.rank == 2:
            cost, _ = raw.SparseSoftmaxCrossEntropyWithLogits(precise, labels, name=name)
        else:
            checks = (
                [] if settled else [assert_equal(idioms.shape(labels), idioms.shape(logits)[:-1])]
            )
            with build.current_graph().control_dependencies(checks):
                shape = idioms.shape(logits)
                classes = shape[idioms.rank(logits) - 1]
                precise = raw.Reshape(precise, [-1, classes])
                flat = raw.Reshape(labels, [-1])
                cost, _ = raw.SparseSoftmaxCrossEntropyWithLogits(precise, flat, name=name)
                cost = raw.Reshape(cost, sizes)
                cost.set_shape(label_shape)
                return idioms.cast(cost, float16) if narrow else cost
        return idioms.cast(cost, float16) if narrow else cost


def _check_shapes(labels: Any, logits: Any, settled: bool) -> None:
    if logits.rank == 0:
        raise ValueError(f"Logits cannot be scalars - received shape {logits}.")
    if None not in (logits.rank, labels.rank) and labels.rank != logits.rank - 1:
        raise ValueError(
            f"Rank mismatch: Rank of labels (received {labels.rank}) should equal rank of logits minus 1 "
            f"(received {logits.rank})."
        )
    if settled and labels != logits[:-1]:
        raise ValueError(
            f"Shape mismatch: The shape of labels (received {labels}) should equal the shape of logits "
            f"except for the last dimension (received {logits})."
        )


def sigmoid_cross_entropy_with_logits(
    _sentinel: Any = None, labels: Any = None, logits: Any = None, name: str | None = None
) -> Tensor:
    """max(x, 0) - x * labels + log1p(exp(-|x|)) of the logits x."""
    _check_given("sigmoid_cross_entropy_with_logits", _sentinel, labels, logits)
    with build.name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits, labels = _alike("logits", logits, "labels", labels)
        zeros = idioms.zeros_like(logits, dtype=logits.dtype)
        positive = logits >= zeros
        above = raw.Select(positive, logits, zeros)
        minus_abs = raw.Select(positive, -logits, logits)
        return raw.Add(above - logits * labels, raw.Log1p(raw.Exp(minus_abs)), name=scope)


def weighted_cross_entropy_with_logits(
    labels: Any = None,
    logits: Any = None,
    pos_weight: Any = None,
    name: str | None = None,
    targets: Any = None,
) -> Tensor:
    """sigmoid_cross_entropy_with_logits in which positive labels weigh `pos_weight` times as much."""
    labels = one_of_two("labels", labels, "targets", targets)
    with build.name_scope(name, "logistic_loss", [logits, labels]) as scope:
        logits, labels = _alike("logits", logits, "labels", labels)
        weight = 1 + (pos_weight - 1) * labels
        negative = (1 - labels) * logits
        tail = raw.Log1p(raw.Exp(-raw.Abs(logits))) + raw.Relu(-logits)
        return raw.Add(negative, weight * tail, name=scope)


def log_poisson_loss(
    targets: Any, log_input: Any, compute_full_loss: bool = False, name: str | None = None
) -> Tensor:
    """exp(log_input) - log_input * targets, with Stirling's approximation of log(targets!) if asked."""
    with build.name_scope(name, "log_poisson_loss", [log_input, targets]):
        log_input, targets = _alike("log_input", log_input, "targets", targets)
        loss = raw.Exp(log_input) - log_input * targets
        if compute_full_loss:
            half = constant(0.5, targets.dtype)
            two_pi = constant(2 * math.pi, targets.dtype)
            stirling = targets * raw.Log(targets) - targets + half * raw.Log(two_pi * targets)
            zeros = idioms.zeros_like(targets, dtype=targets.dtype)
            ones = idioms.ones_like(targets, dtype=targets.dtype)
            small = raw.LogicalAnd(targets >= zeros, targets <= ones)
            loss = loss + raw.Select(small, zeros, stirling)
        return loss


def _alike(first_name: str, first: Any, second_name: str, second: Any) -> tuple[Tensor, Tensor]:
    """Two tensors that must have one shape."""
    first, second = convert(first, name=first_name), convert(second, name=second_name)
    if not first.shape.is_compatible_with(second.shape):
        raise ValueError(
            f"{first_name} and {second_name} must have the same shape ({first.shape} vs {second.shape})"
        )
    return first, second


__all__: list[str] = []

NAMESPACES = {
    "nn": [
        *(
            "log_poisson_loss",
            "sigmoid_cross_entropy_with_logits",
            "softmax_cross_entropy_with_logits",
        ),
        *("softmax_cross_entropy_with_logits_v2", "sparse_softmax_cross_entropy_with_logits"),
        "weighted_cross_entropy_with_logits",
    ]
}
