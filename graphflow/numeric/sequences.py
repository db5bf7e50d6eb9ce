"""Vectors of places: one-hot rows, coordinates, permutations, reversals, sparse values and histograms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.numeric.elements import Array, is_float, narrowed, quiet, widened
from graphflow.numeric.gathering import check_indices, normal_axis


def one_hot(indices: Array, depth: int, on_value: Any, off_value: Any, axis: int = -1) -> Array:
    """out[i, d] = on_value where indices[i] = d, else off_value; the axis of d is `axis`."""
    indices, depth = np.asarray(indices), int(depth)
    if depth < 0:
        raise ValueError(f"depth must be >= 0, got {depth}")
    on, off = np.asarray(on_value), np.asarray(off_value)
    axis = normal_axis(axis, indices.ndim + 1)
    places = np.arange(depth).reshape([-1 if j == axis else 1 for j in range(indices.ndim + 1)])
    return np.where(np.expand_dims(indices, axis) == places, on, off)


def where(condition: Array) -> Array:
    """The int64 coordinates, in row-major order, of elements that are not zero."""
    return np.argwhere(np.asarray(condition) != 0).astype(np.int64)


def invert_permutation(x: Array) -> Array:
    """y[x[i]] = i."""
    x = np.asarray(x)
    if x.ndim != 1:
        raise ValueError(f"a permutation must be a vector, got shape {x.shape}")
    check_indices(x, x.size, "x")
    counts = np.bincount(x, minlength=x.size)
    if (counts > 1).any():
        raise ValueError(
            f"a permutation has each number once: {int((counts > 1).argmax())} is duplicated"
        )
    y = np.empty_like(x)
    y[x] = np.arange(x.size, dtype=x.dtype)
    return y


def reverse_sequence(x: Array, seq_lengths: Array, seq_dim: int, batch_dim: int = 0) -> Array:
    """out[b, j] = x[b, n - 1 - j] for j < n = seq_lengths[b], x[b, j] beyond."""
    x, lengths = np.asarray(x), np.asarray(seq_lengths)
    seq, batch = (
        normal_axis(seq_dim, x.ndim, "seq_dim"),
        normal_axis(batch_dim, x.ndim, "batch_dim"),
    )
    if seq == batch:
        raise ValueError(f"seq_dim and batch_dim must differ, both are {seq}")
    if lengths.shape != (x.shape[batch],):
        raise ValueError(
            f"seq_lengths must have the shape ({x.shape[batch]},), got {lengths.shape}"
        )
    steps = x.shape[seq]
    outside = (lengths < 0) | (lengths > steps)
    if outside.any():
        i = int(outside.argmax())
        raise ValueError(f"seq_lengths[{i}] = {lengths[i]} is not in [0, {steps}]")
    n = lengths.astype(np.int64).reshape([-1 if j == batch else 1 for j in range(x.ndim)])
    j = np.arange(steps).reshape([-1 if a == seq else 1 for a in range(x.ndim)])
    return np.take_along_axis(x, np.where(j < n, n - 1 - j, j), seq)


def sparse_to_dense(
    indices: Array,
    shape: Sequence[int],
    values: Array,
    default_value: Any,
    validate_indices: bool = True,
) -> Array:
    """An array of the default with values[i] at indices[i]; checked indices are sorted and distinct."""
    values, sizes = np.asarray(values), tuple(int(n) for n in shape)
    places = np.asarray(indices)
    if places.ndim > 2 or min(sizes, default=0) < 0:
        raise ValueError(f"bad indices of shape {places.shape} or output shape {list(sizes)}")
    places = places.reshape(-1, 1) if places.ndim < 2 else places
    if places.shape[1] != len(sizes):
        raise ValueError(f"indices have {places.shape[1]} coordinates, the output {len(sizes)}")
    if values.shape not in ((), places.shape[:1]):
        raise ValueError(
            f"values must be a scalar or have the shape {places.shape[:1]}, got {values.shape}"
        )
    outside = ((places < 0) | (places >= np.array(sizes, np.int64))).any(1)
    if outside.any():
        i = int(outside.argmax())
        raise ValueError(
            f"indices[{i}] = {places[i].tolist()} is out of bounds: need 0 <= index < {list(sizes)}"
        )
    flat = places.astype(np.int64) @ _weights(sizes)
    if validate_indices:
        for bad, what in (
            (flat[1:] < flat[:-1], "out of order"),
            (flat[1:] == flat[:-1], "repeated"),
        ):
            if bad.any():
                i = int(bad.argmax()) + 1
                raise ValueError(f"indices[{i}] = {places[i].tolist()} is {what}")
    dense = np.full(sizes, default_value, values.dtype)
    dense.reshape(-1)[flat] = values
    return dense


def _weights(sizes: Sequence[int]) -> Array:
    """How far apart in memory neighbours along each axis are, in elements."""
    return np.cumprod([1, *sizes[:0:-1]], dtype=np.int64)[::-1][: len(sizes)]


@quiet
def bincount(arr: Array, size: int, weights: Array) -> Array:
    """out[v] = sum of weights[i] (1 if there are none) over all i with arr[i] = v < size."""
    arr, weights, size = np.asarray(arr).ravel(), np.asarray(weights), int(size)
    if size < 0:
        raise ValueError(f"size must be >= 0, got {size}")
    if (arr < 0).any():
        raise ValueError(f"the values to count must be >= 0, got {arr.min()}")
    counted = arr < size
    shares = weights.ravel() if weights.size else np.ones(arr.size, weights.dtype)
    if shares.size != arr.size:
        raise ValueError(
            f"there must be a weight for each value or none: {shares.size} for {arr.size}"
        )
    if is_float(weights.dtype):
        wide = widened(shares[counted]).astype(np.float64)
        return narrowed(np.bincount(arr[counted], wide, size), weights.dtype)
    bins = np.zeros(size, weights.dtype)
    np.add.at(bins, arr[counted], shares[counted])
    return bins
