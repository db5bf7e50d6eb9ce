"""Softmax and the cross entropies of its outputs, over the last axis.

With s = x - max(x), which leaves every result as it is and keeps exp from overflowing,

    softmax(x) = exp(s) / sum(exp(s))        log_softmax(x) = s - log(sum(exp(s)))
"""

from __future__ import annotations

import numpy as np

from graphflow.numeric.elements import Array, narrowed, quiet, widened


def _shifted(logits: Array) -> Array:
    """x - max(x) along the last axis, in the compute type."""
    wide = widened(logits)
    if wide.ndim == 0:
        raise ValueError("logits must have at least one dimension, got a scalar")
    # The initial value serves rows without classes; NaN stays NaN.
    return wide - wide.max(-1, keepdims=True, initial=-np.inf)


@quiet
def softmax(logits: Array) -> Array:
    """exp(s) / sum(exp(s))."""
    e = np.exp(_shifted(logits))
    return narrowed(e / e.sum(-1, keepdims=True), np.asarray(logits).dtype)


@quiet
def log_softmax(logits: Array) -> Array:
    """s - log(sum(exp(s)))."""
    s = _shifted(logits)
    return narrowed(s - np.log(np.exp(s).sum(-1, keepdims=True)), np.asarray(logits).dtype)


@quiet
def softmax_cross_entropy(features: Array, labels: Array) -> tuple[Array, Array]:
    """loss = -sum(labels * log_softmax(features)), backprop = softmax(features) - labels."""
    features, labels = np.asarray(features), np.asarray(labels)
    try:
        shape = np.broadcast_shapes(features.shape, labels.shape)
    except ValueError:
        shape = ()
    if len(shape) != 2:
        raise ValueError(
            f"logits and labels must broadcast to a matrix: got {features.shape} and {labels.shape}"
        )
    x, p = np.broadcast_to(features, shape), np.broadcast_to(widened(labels), shape)
    s = _shifted(x)
    e = np.exp(s)
    total = e.sum(-1, keepdims=True)
    loss = (p * (np.log(total) - s)).sum(-1)
    return narrowed(loss, features.dtype), narrowed(e / total - p, features.dtype)


@quiet
def sparse_softmax_cross_entropy(features: Array, labels: Array) -> tuple[Array, Array]:
    """`softmax_cross_entropy` with each row of labels given by the place of its one."""
    features, labels = np.asarray(features), np.asarray(labels)
    if features.ndim != 2 or labels.ndim != 1:
        raise ValueError(
            f"logits must be a matrix and labels a vector: got shapes {features.shape} and {labels.shape}"
        )
    rows, classes = features.shape
    if labels.shape[0] != rows:
        raise ValueError(
            "logits and labels must have the same first dimension: "
            f"got shapes {features.shape} and {labels.shape}"
        )
    if classes == 0:
        raise ValueError(f"there must be at least one class: got logits of shape {features.shape}")
    outside = (labels < 0) | (labels >= classes)
    if outside.any():
        row = int(outside.argmax())
        raise ValueError(
            f"labels[{row}] = {labels[row]} is outside the valid range [0, {classes}) of the classes"
        )
    s = _shifted(features)
    e = np.exp(s)
    total = e.sum(-1, keepdims=True)
    own = np.arange(rows), labels
    loss = np.log(total[:, 0]) - s[own]
    backprop = e / total
    backprop[own] -= 1
    return narrowed(loss, features.dtype), narrowed(backprop, features.dtype)
