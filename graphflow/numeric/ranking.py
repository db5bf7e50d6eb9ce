"""Orders: the greatest elements of rows, and places in sorted rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.numeric.elements import Array, widened


def top_k(x: Array, k: int) -> tuple[Array, Array]:
    """(values, int32 places) of the k greatest elements along the last axis, greatest first.

    Of equal elements the first comes first. NaN counts as greater than all: TensorFlow's order with
    NaN depends on its search.
    """
    x, k = np.asarray(x), int(k)
    if x.ndim == 0:
        raise ValueError("the input must have at least one dimension, got a scalar")
    if k < 0:
        raise ValueError(f"k must be >= 0, got {k}")
    n = x.shape[-1]
    if k > n:
        raise ValueError(f"the input must have at least k columns: it has {n}, k is {k}")
    # A stable ascending sort of the reversed row, read backwards, is a stable descending one.
    backwards = np.argsort(widened(x)[..., ::-1], axis=-1, kind="stable")[..., ::-1]
    places = (n - 1 - backwards)[..., :k]
    return np.take_along_axis(x, places, -1), places.astype(np.int32)


def in_top_k(predictions: Array, targets: Array, k: int) -> Array:
    """Whether fewer than k elements of row i exceed its element targets[i]; no where any is not finite."""
    predictions, targets = widened(predictions), np.asarray(targets)
    if predictions.ndim != 2 or targets.shape != predictions.shape[:1]:
        raise ValueError(
            "predictions must be a matrix and targets a vector with an element for each row, "
            f"got shapes {predictions.shape} and {targets.shape}"
        )
    inside = (targets >= 0) & (targets < predictions.shape[1])
    if not predictions.size:
        return np.zeros(targets.shape, np.bool_)
    column = np.where(inside, targets, 0).astype(np.int64)
    own = np.take_along_axis(predictions, column[:, None], 1)
    better = (predictions > own).sum(1)
    return np.asarray(inside & np.isfinite(predictions).all(1) & (better < int(k)))


def _bound(sorted_inputs: Array, values: Array, out_type: Any, upper: bool) -> Array:
    """Binary search of every value in its row at once."""
    rows, values = np.asarray(sorted_inputs), np.asarray(values)
    if rows.ndim != 2 or values.ndim != 2 or rows.shape[0] != values.shape[0]:
        raise ValueError(
            "sorted_inputs and values must be matrices with equal numbers of rows, "
            f"got shapes {rows.shape} and {values.shape}"
        )
    rows, values = widened(rows), widened(values)
    first = np.zeros(values.shape, np.int64)
    count = np.full(values.shape, rows.shape[1])
    for _ in range(int(rows.shape[1]).bit_length()):
        half = count // 2
        open_ = count > 0
        middle = np.take_along_axis(rows, np.where(open_, first + half, 0), 1)
        right = open_ & (~(values < middle) if upper else middle < values)
        first = np.where(right, first + half + 1, first)
        count = np.where(right, count - half - 1, half)
    return first.astype(out_type)


def lower_bound(sorted_inputs: Array, values: Array, out_type: Any = np.int32) -> Array:
    """The number of elements of each sorted row that are < the value."""
    return _bound(sorted_inputs, values, out_type, upper=False)


def upper_bound(sorted_inputs: Array, values: Array, out_type: Any = np.int32) -> Array:
    """The number of elements of each sorted row that are <= the value."""
    return _bound(sorted_inputs, values, out_type, upper=True)
