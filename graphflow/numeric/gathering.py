"""Reading elements and slices at computed places."""

from __future__ import annotations

import math

import numpy as np

from graphflow.numeric.elements import Array


def normal_axis(axis: int, rank: int, name: str = "axis") -> int:
    """`axis` counted from the front; refused outside [-rank, rank)."""
    if not -rank <= axis < rank:
        raise ValueError(f"{name} {axis} is not in [{-rank}, {rank})")
    return axis + rank if axis < 0 else axis


def place_text(i: tuple[np.intp, ...]) -> str:
    """The coordinates of an element as messages spell them: `[1,0]`, nothing for a scalar."""
    return f"[{','.join(map(str, i))}]" if i else ""


def check_indices(indices: Array, limit: int, name: str = "indices") -> None:
    """Refuse an index outside [0, limit)."""
    outside = (indices < 0) | (indices >= limit)
    if outside.any():
        i = np.unravel_index(int(outside.argmax()), indices.shape)
        raise ValueError(f"{name}{place_text(i)} = {indices[i]} is not in [0, {limit})")


def gather(params: Array, indices: Array, axis: int = 0, batch_dims: int = 0) -> Array:
    """out[b, p, i, s] = params[b, p, indices[b, i], s]; p are the axes from batch_dims to axis."""
    params, indices = np.asarray(params), np.asarray(indices)
    axis = normal_axis(int(axis), params.ndim)
    batch = batch_dims + indices.ndim if batch_dims < 0 else batch_dims
    if not 0 <= batch <= min(axis, indices.ndim):
        raise ValueError(
            f"batch_dims {batch_dims} must be at most axis {axis} and the rank {indices.ndim} of indices"
        )
    if params.shape[:batch] != indices.shape[:batch]:
        raise ValueError(
            f"the first {batch} dimensions of params and indices must agree: "
            f"{params.shape} vs {indices.shape}"
        )
    check_indices(indices, params.shape[axis])
    if batch == 0:
        return np.asarray(np.take(params, indices.astype(np.int64), axis))
    own = indices.shape[batch:]
    result_rank = axis + len(own)
    mesh = [
        np.arange(n).reshape([-1 if j == i else 1 for j in range(result_rank)])
        for i, n in enumerate(params.shape[:axis])
    ]
    placed = indices.reshape(*indices.shape[:batch], *(1,) * (axis - batch), *own)
    return np.asarray(params[(*mesh, placed)])


def flat_rows(indices: Array, shape: tuple[int, ...], of: str) -> Array:
    """Row numbers, in an array of shape (prod(shape), ...), of the coordinates in the last axis."""
    outside = ((indices < 0) | (indices >= np.array(shape, np.int64))).any(-1)
    if outside.any():
        i = np.unravel_index(int(outside.argmax()), outside.shape)
        raise ValueError(f"indices{place_text(i)} = {indices[i].tolist()} does not index into {of}")
    weights = [math.prod(shape[j + 1 :]) for j in range(len(shape))]
    return np.asarray((indices.astype(np.int64) * np.array(weights, np.int64)).sum(-1))


def index_depth(indices: Array, rank: int) -> int:
    """The number of coordinates in the last axis of `indices`, at most the rank."""
    if indices.ndim == 0:
        raise ValueError("indices must have at least one dimension, got a scalar")
    depth = indices.shape[-1]
    if depth > rank:
        raise ValueError(f"the last dimension of indices, {depth}, must be at most the rank {rank}")
    return depth


def gather_nd(params: Array, indices: Array) -> Array:
    """out[i, s] = params[indices[i, 0], indices[i, 1], ..., s]."""
    params, indices = np.asarray(params), np.asarray(indices)
    depth = index_depth(indices, params.ndim)
    lead, rest = params.shape[:depth], params.shape[depth:]
    rows = flat_rows(indices, lead, f"param shape {list(params.shape)}")
    return np.asarray(params.reshape(math.prod(lead), *rest)[rows])
