"""Reductions of selected rows that share a segment id, without the selection ever being laid out by
the user.

    out[s] = w[s] * sum of data[indices[i]] over all i with ids[i] = s

with w = 1, 1 / n or 1 / sqrt(n), n the number of those i. The ids are sorted; a segment without
rows is 0.
"""

from __future__ import annotations

import numpy as np

from graphflow.numeric.elements import Array, narrowed, quiet, widened
from graphflow.numeric.segments import check_sorted, reduce_rows


def check_range(name: str, values: Array, limit: int) -> None:
    """Refuse elements of a vector outside [0, limit)."""
    outside = (values < 0) | (values >= limit)
    if outside.any():
        i = int(outside.argmax())
        raise ValueError(f"{name}[{i}] = {values[i]} is out of range [0, {limit})")


def _weights(ids: Array, segments: int, power: float) -> Array:
    """n ** -power for each segment of n rows, as float64; 1 where there is none."""
    counts = np.bincount(ids, minlength=segments)
    return np.asarray(np.maximum(counts, 1).astype(np.float64) ** -power)


def _column(weights: Array, like: Array) -> Array:
    return weights.astype(like.dtype).reshape(-1, *(1,) * (like.ndim - 1))


def _reduce(
    data: Array, indices: Array, ids: Array, num_segments: int | None, power: float
) -> Array:
    data, indices, ids = np.asarray(data), np.asarray(indices), np.asarray(ids)
    if data.ndim == 0 or indices.ndim != 1:
        raise ValueError(
            f"indices must be a vector and data no scalar: got shapes {indices.shape} and {data.shape}"
        )
    check_sorted(ids, indices.size)
    ids = ids.astype(np.int64)
    segments = int(ids[-1]) + 1 if ids.size else 0
    if num_segments is not None:
        if int(num_segments) < 0:
            raise ValueError(f"num_segments must be >= 0, got {num_segments}")
        check_range("segment_ids", ids, int(num_segments))
        segments = int(num_segments)
    check_range("indices", indices, data.shape[0])
    sums = reduce_rows(np.add, widened(data[indices]), ids, segments, 0)
    if power:
        sums = sums * _column(_weights(ids, segments, power), sums)
    return narrowed(sums, data.dtype)


@quiet
def sparse_segment_sum(
    data: Array, indices: Array, ids: Array, num_segments: int | None = None
) -> Array:
    """out[s] = sum of data[indices[i]]; without `num_segments` the last id says how many there are."""
    return _reduce(data, indices, ids, num_segments, 0)


@quiet
def sparse_segment_mean(
    data: Array, indices: Array, ids: Array, num_segments: int | None = None
) -> Array:
    """out[s] = sum of data[indices[i]] / n."""
    return _reduce(data, indices, ids, num_segments, 1)


@quiet
def sparse_segment_sqrt_n(
    data: Array, indices: Array, ids: Array, num_segments: int | None = None
) -> Array:
    """out[s] = sum of data[indices[i]] / sqrt(n)."""
    return _reduce(data, indices, ids, num_segments, 0.5)


def _gradient(grad: Array, indices: Array, ids: Array, output_dim0: int, power: float) -> Array:
    grad, indices, ids, rows = (
        np.asarray(grad),
        np.asarray(indices),
        np.asarray(ids),
        int(output_dim0),
    )
    if rows < 0:
        raise ValueError(f"output_dim0 must be >= 0, got {rows}")
    if ids.ndim != 1 or ids.shape != indices.shape:
        raise ValueError(
            f"indices and segment ids must be vectors of one size: got {indices.shape} and {ids.shape}"
        )
    check_range("segment_ids", ids, grad.shape[0])
    check_range("indices", indices, rows)
    ids = ids.astype(np.int64)
    shares = widened(grad)
    if power:
        shares = shares * _column(_weights(ids, len(shares), power), shares)
    out = reduce_rows(np.add, shares[ids], indices.astype(np.int64), rows, 0)
    return narrowed(out, grad.dtype)


@quiet
def sparse_segment_sum_grad(grad: Array, indices: Array, ids: Array, output_dim0: int) -> Array:
    """ddata[indices[i]] += grad[ids[i]]."""
    return _gradient(grad, indices, ids, output_dim0, 0)


@quiet
def sparse_segment_mean_grad(grad: Array, indices: Array, ids: Array, output_dim0: int) -> Array:
    """ddata[indices[i]] += grad[ids[i]] / n."""
    return _gradient(grad, indices, ids, output_dim0, 1)


@quiet
def sparse_segment_sqrt_n_grad(grad: Array, indices: Array, ids: Array, output_dim0: int) -> Array:
    """ddata[indices[i]] += grad[ids[i]] / sqrt(n)."""
    return _gradient(grad, indices, ids, output_dim0, 0.5)
