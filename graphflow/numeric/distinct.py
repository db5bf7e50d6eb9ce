"""Distinct elements in their order of coming; NaN equals nothing, zeros of two signs are one."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphflow.numeric.elements import Array, widened
from graphflow.numeric.gathering import normal_axis


def _codes(x: Array) -> tuple[Array, Array, Array]:
    """For a vector: places of first occurrences in order, the number of each element, and counts."""
    _, first, inverse, counts = np.unique(
        widened(x), return_index=True, return_inverse=True, return_counts=True, equal_nan=False
    )
    order = np.argsort(first, kind="stable")
    rank = np.empty(order.size, np.int64)
    rank[order] = np.arange(order.size)
    return first[order], rank[inverse.reshape(-1)], counts[order]


def unique(
    x: Array, axis: int | None = None, out_idx: Any = np.int32
) -> tuple[Array, Array, Array]:
    """(y, idx, counts) with x[i] = y[idx[i]], over a vector or over the slices along `axis`."""
    x = np.asarray(x)
    if axis is None:
        if x.ndim != 1:
            raise ValueError(f"without an axis unique takes a vector, got shape {x.shape}")
        axis = 0
    axis = normal_axis(axis, x.ndim)
    rows = np.moveaxis(x, axis, 0)
    code = np.zeros(rows.shape[0], np.int64)
    if rows.size:
        _, numbers, _ = _codes(rows.reshape(-1))
        columns = numbers.reshape(rows.shape[0], math.prod(rows.shape[1:]))
        _, code = np.unique(columns, axis=0, return_inverse=True)
    first, idx, counts = _codes(code.reshape(-1))
    y = np.moveaxis(rows[first], 0, axis)
    return np.ascontiguousarray(y), idx.astype(out_idx), counts.astype(out_idx)


def list_diff(x: Array, y: Array, out_idx: Any = np.int32) -> tuple[Array, Array]:
    """(out, idx): the elements of the vector x that are not in y, in order, and their places."""
    x, y = np.asarray(x), np.asarray(y)
    if x.ndim != 1 or y.ndim != 1:
        raise ValueError(f"both lists must be vectors, got shapes {x.shape} and {y.shape}")
    # Numbers in the place of elements, since numpy compares lists of strings one by one.
    both = np.concatenate([widened(x), widened(y)])
    _, numbers = np.unique(both, return_inverse=True, equal_nan=False)
    idx = np.flatnonzero(~np.isin(numbers[: x.size], numbers[x.size :]))
    return x[idx], idx.astype(out_idx)
