"""Writing elements and slices at computed places; duplicates apply in the order of their indices."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from graphflow.numeric.elements import Array, quiet
from graphflow.numeric.exact import truncate_div
from graphflow.numeric.gathering import check_indices, flat_rows, index_depth

_UFUNCS = {
    "add": np.add,
    "sub": np.subtract,
    "mul": np.multiply,
    "div": np.true_divide,
    "min": np.minimum,
    "max": np.maximum,
}


def _apply(target: Array, rows: Array, updates: Array, how: str) -> None:
    """target[rows[i]] = how(target[rows[i]], updates[i]) for each i in order, in place."""
    if how == "update":
        target[rows] = updates
    elif how == "div" and target.dtype.kind in "iu":
        # No ufunc truncates; each round takes the next update of every row.
        for turn in _turns(rows):
            target[rows[turn]] = truncate_div(target[rows[turn]], updates[turn])
    elif how in _UFUNCS:
        _UFUNCS[how].at(target, rows, updates)
    else:
        known = ", ".join(["update", *_UFUNCS])
        raise ValueError(f"unknown way to scatter {how!r}: it must be one of {known}")


def _turns(rows: Array) -> list[Array]:
    """The places of the first occurrence of each row, then those of the second, and so on."""
    order = np.argsort(rows, kind="stable")
    ranked = rows[order]
    starts = np.flatnonzero(np.concatenate(([True], ranked[1:] != ranked[:-1])))
    lengths = np.diff(np.append(starts, rows.size))
    turn = np.empty(rows.size, np.int64)
    turn[order] = np.arange(rows.size) - np.repeat(starts, lengths)
    return [np.flatnonzero(turn == t) for t in range(int(lengths.max()))] if rows.size else []


@quiet
def scatter(target: Array, indices: Array, updates: Array, how: str) -> Array:
    """target[indices[i]] = how(target[indices[i]], updates[i]), in place; a scalar update is for all."""
    indices, updates = np.asarray(indices), np.asarray(updates)
    if target.ndim == 0:
        raise ValueError("the target of a scatter must have at least one dimension, got a scalar")
    want = indices.shape + target.shape[1:]
    if updates.shape not in (want, ()):
        raise ValueError(
            f"updates must have the shape of indices and the slices {want}, got {updates.shape}"
        )
    check_indices(indices, target.shape[0])
    flat = np.broadcast_to(updates, want).reshape(indices.size, *target.shape[1:])
    _apply(target, indices.ravel().astype(np.int64), flat, how)
    return target


def _nd_rows(indices: Array, updates: Array, shape: tuple[int, ...]) -> tuple[Array, Array, Array]:
    """Row numbers, updates row by row, and the shape of the target as rows."""
    depth = index_depth(indices, len(shape))
    lead, rest = shape[:depth], shape[depth:]
    want = indices.shape[:-1] + rest
    if updates.shape != want:
        raise ValueError(
            f"updates must have the shape {want} of the indices and slices, got {updates.shape}"
        )
    rows = flat_rows(indices, lead, f"shape {list(shape)}").ravel()
    as_rows = np.array([math.prod(lead), *rest], np.int64)
    return rows, updates.reshape(rows.size, *rest), as_rows


@quiet
def scatter_nd_in_place(target: Array, indices: Array, updates: Array, how: str) -> Array:
    """target[indices[i, :]] = how(target[indices[i, :]], updates[i]), in place."""
    if not target.flags.c_contiguous:
        raise ValueError("the target of a scatter in place must be contiguous")
    rows, flat, as_rows = _nd_rows(np.asarray(indices), np.asarray(updates), target.shape)
    _apply(target.reshape(as_rows), rows, flat, how)
    return target


@quiet
def scatter_nd(indices: Array, updates: Array, shape: Sequence[int]) -> Array:
    """Zeros of `shape` with updates[i] added at indices[i, :]."""
    sizes = tuple(int(n) for n in shape)
    if min(sizes, default=0) < 0:
        raise ValueError(f"the sizes of a shape must be >= 0, got {list(sizes)}")
    updates = np.asarray(updates)
    return scatter_nd_in_place(np.zeros(sizes, updates.dtype), indices, updates, "add")
