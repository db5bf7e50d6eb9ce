"""Reductions of rows that share a segment id.

    out[s] = reduction of data[i] over all i with ids[i] = s

Rows of one segment are taken in their order. Sorted forms have ids along the first axis and as many
outputs as the last id says; a segment without rows is 0 there (1 for products). Unsorted forms have
ids for any leading axes and `num_segments` outputs, drop rows with negative ids, and give an empty
segment the identity: 0, 1, the greatest or the lowest finite number. Minima and maxima keep NaN.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphflow.numeric.elements import Array, compute_type, is_float, narrowed, quiet, widened
from graphflow.numeric.exact import truncate_div


def reduce_rows(ufunc: np.ufunc, data: Array, ids: Array, segments: int, fill: Any) -> Array:
    """out[s] = ufunc over the rows data[i] with ids[i] = s, in order; `fill` where there is none."""
    out = np.full((segments, *data.shape[1:]), fill, data.dtype)
    if not ids.size:
        return out
    if (ids[1:] < ids[:-1]).any():
        order = np.argsort(ids, kind="stable")
        ids, data = ids[order], data[order]
    starts = np.flatnonzero(np.concatenate(([True], ids[1:] != ids[:-1])))
    out[ids[starts]] = ufunc.reduceat(data, starts, axis=0)
    return out


def check_sorted(ids: Array, rows: int) -> None:
    """Refuse segment ids that are not one sorted vector of non-negative numbers, one for each row."""
    if ids.ndim != 1:
        raise ValueError(f"segment ids must be a vector, got shape {ids.shape}")
    if ids.size != rows:
        raise ValueError(f"there must be a segment id for each row: {ids.size} ids for {rows} rows")
    if ids.size and ids.min() < 0:
        raise ValueError(f"segment ids must be >= 0, got {ids.min()}")
    falls = ids[1:] < ids[:-1]
    if falls.any():
        i = int(falls.argmax()) + 1
        raise ValueError(
            f"segment ids must be sorted: ids[{i}] = {ids[i]} comes after {ids[i - 1]}"
        )


def _sorted(ufunc: np.ufunc, data: Array, ids: Array, fill: int) -> tuple[Array, Array]:
    """The reduction of sorted segments in the compute type, and the ids."""
    data, ids = widened(data), np.asarray(ids)
    if data.ndim == 0:
        raise ValueError("data of segments must have at least one dimension, got a scalar")
    check_sorted(ids, data.shape[0])
    ids = ids.astype(np.int64)
    return reduce_rows(ufunc, data, ids, int(ids[-1]) + 1 if ids.size else 0, fill), ids


@quiet
def segment_sum(data: Array, ids: Array) -> Array:
    """out[s] = sum of data[i] with ids[i] = s."""
    return narrowed(_sorted(np.add, data, ids, 0)[0], np.asarray(data).dtype)


@quiet
def segment_prod(data: Array, ids: Array) -> Array:
    """out[s] = product of data[i] with ids[i] = s."""
    return narrowed(_sorted(np.multiply, data, ids, 1)[0], np.asarray(data).dtype)


@quiet
def segment_min(data: Array, ids: Array) -> Array:
    """out[s] = least data[i] with ids[i] = s."""
    return narrowed(_sorted(np.minimum, data, ids, 0)[0], np.asarray(data).dtype)


@quiet
def segment_max(data: Array, ids: Array) -> Array:
    """out[s] = greatest data[i] with ids[i] = s."""
    return narrowed(_sorted(np.maximum, data, ids, 0)[0], np.asarray(data).dtype)


@quiet
def segment_mean(data: Array, ids: Array) -> Array:
    """out[s] = segment_sum[s] / number of rows, truncated for integers."""
    sums, flat = _sorted(np.add, data, ids, 0)
    counts = np.maximum(np.bincount(flat, minlength=len(sums)), 1)
    counts = counts.reshape(-1, *(1,) * (sums.ndim - 1))
    dtype = np.asarray(data).dtype
    if sums.dtype.kind in "iu":
        return truncate_div(sums, counts.astype(sums.dtype))
    return narrowed(sums / counts.astype(sums.dtype), dtype)


def _unsorted(ufunc: np.ufunc, data: Array, ids: Array, num_segments: int, fill: Any) -> Array:
    data, ids, n = np.asarray(data), np.asarray(ids), int(num_segments)
    if n < 0:
        raise ValueError(f"num_segments must be >= 0, got {n}")
    if data.shape[: ids.ndim] != ids.shape:
        raise ValueError(
            f"the shape of data must start with that of the segment ids: {data.shape} vs {ids.shape}"
        )
    wide = widened(data).reshape(ids.size, *data.shape[ids.ndim :])
    flat = ids.ravel().astype(np.int64)
    if flat.size and flat.max() >= n:
        i = np.unravel_index(int((flat >= n).argmax()), ids.shape)
        place = ",".join(map(str, i))
        raise ValueError(f"segment_ids[{place}] = {ids[i]} is out of range [0, {n})")
    kept = flat >= 0
    if not kept.all():
        flat, wide = flat[kept], wide[kept]
    return narrowed(reduce_rows(ufunc, wide, flat, n, fill), data.dtype)


@quiet
def unsorted_segment_sum(data: Array, ids: Array, num_segments: int) -> Array:
    """out[s] = sum of data[i] with ids[i] = s."""
    return _unsorted(np.add, data, ids, num_segments, 0)


@quiet
def unsorted_segment_prod(data: Array, ids: Array, num_segments: int) -> Array:
    """out[s] = product of data[i] with ids[i] = s."""
    return _unsorted(np.multiply, data, ids, num_segments, 1)


@quiet
def unsorted_segment_min(data: Array, ids: Array, num_segments: int) -> Array:
    """out[s] = least data[i] with ids[i] = s; the greatest finite number where there is none."""
    return _unsorted(np.minimum, data, ids, num_segments, _finite_limit(np.asarray(data).dtype, 1))


@quiet
def unsorted_segment_max(data: Array, ids: Array, num_segments: int) -> Array:
    """out[s] = greatest data[i] with ids[i] = s; the lowest finite number where there is none."""
    return _unsorted(np.maximum, data, ids, num_segments, _finite_limit(np.asarray(data).dtype, -1))


def _finite_limit(dtype: Any, sign: int) -> Any:
    """The greatest (sign 1) or the lowest (sign -1) finite element, in the compute type."""
    if dtype.name == "bfloat16":
        return sign * math.ldexp(255, 120)
    if is_float(dtype):
        return sign * compute_type(dtype).type(np.finfo(dtype).max)
    limits = np.iinfo(dtype)
    return limits.max if sign > 0 else limits.min
