"""Where the maxima of pooling windows lie, and the gradients that go there.

The argmax of a window starts at its first element and moves only to a greater one: of equal
elements the first wins, and a leading NaN stays. Volumes differ, as they do in TensorFlow: there
every element that equals the maximum takes the whole gradient.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.numeric.elements import Array, is_float, narrowed, quiet, widened
from graphflow.numeric.pooling import check_pooled, pool_axes
from graphflow.numeric.windows import Axis, crop_axes, pad_axes, taps


def _argmax(x: Array, axes: Sequence[Axis]) -> tuple[Array, Array]:
    """The maximum of each window and its place in x.ravel()."""
    padded = pad_axes(x, axes)
    places = pad_axes(np.arange(x.size).reshape(x.shape), axes, -1)
    outputs = [a.outputs for a in axes]
    best, where = np.zeros(outputs, x.dtype), np.full(outputs, -1)
    for _, elements in taps(axes):
        values, place = padded[elements], places[elements]
        better = (place >= 0) & ((where < 0) | (values > best))
        np.copyto(best, values, where=better)
        np.copyto(where, place, where=better)
    return best, where


def _deposit(where: Array, dy: Array, shape: Sequence[int]) -> Array:
    """Zeros of `shape` with dy added at flat places; sums of floats are taken in float64."""
    size = math.prod(shape)
    if where.size and (where.min() < 0 or where.max() >= size):
        bad = where[(where < 0) | (where >= size)].flat[0]
        raise ValueError(f"argmax {bad} is not in [0, {size})")
    if is_float(dy.dtype):
        sums = np.bincount(where.ravel(), widened(dy).ravel().astype(np.float64), size)
        return narrowed(sums.reshape(shape), dy.dtype)
    dx = np.zeros(size, dy.dtype)
    np.add.at(dx, where.ravel(), dy.ravel())
    return dx.reshape(shape)


@quiet
def max_pool_grad(
    x: Array, y: Array, dy: Array, ksize: Sequence[int], strides: Sequence[int], padding: str
) -> Array:
    """dx[argmax of window o] += dy[o]; of volumes, dx[e] += dy[o] for each e in window o with x[e] = y[o]."""
    x, y, dy = np.asarray(x), np.asarray(y), np.asarray(dy)
    axes = pool_axes(x.shape, ksize, strides, padding)
    check_pooled(y.shape, axes)
    check_pooled(dy.shape, axes)
    if x.ndim == 4:
        return _deposit(_argmax(widened(x), axes)[1], dy, x.shape)
    padded, grads = pad_axes(widened(x), axes), widened(dy)
    dx = np.zeros(padded.shape, grads.dtype)
    for _, elements in taps(axes):
        dx[elements] += np.where(padded[elements] == widened(y), grads, 0)
    return narrowed(np.ascontiguousarray(crop_axes(dx, axes)), dy.dtype)


@quiet
def max_pool_grad_grad(
    x: Array, y: Array, ddx: Array, ksize: Sequence[int], strides: Sequence[int], padding: str
) -> Array:
    """ddy[o] = ddx at the first element of window o that equals y[o]; 0 where none does."""
    x, y, ddx = np.asarray(x), np.asarray(y), np.asarray(ddx)
    axes = pool_axes(x.shape, ksize, strides, padding)
    check_pooled(y.shape, axes)
    if ddx.shape != x.shape:
        raise ValueError(
            f"Expected a gradient of the shape {x.shape} of the input, got {ddx.shape}"
        )
    padded, grads, maxima = pad_axes(widened(x), axes), pad_axes(ddx, axes), widened(y)
    inside = pad_axes(np.ones(x.shape, np.bool_), axes, False)
    ddy, open_ = np.zeros(y.shape, ddx.dtype), np.ones(y.shape, np.bool_)
    for _, elements in taps(axes):
        hit = open_ & inside[elements] & (padded[elements] == maxima)
        np.copyto(ddy, grads[elements], where=hit)
        open_ &= ~hit
    return ddy


@quiet
def max_pool_with_argmax(
    x: Array,
    ksize: Sequence[int],
    strides: Sequence[int],
    padding: str,
    argmax_dtype: Any = np.int64,
    include_batch_in_index: bool = False,
) -> tuple[Array, Array]:
    """The maxima, and (y * width + x) * channels + c of each, after batch * height * ... where asked."""
    x = np.asarray(x)
    best, where = _argmax(widened(x), pool_axes(x.shape, ksize, strides, padding))
    if not include_batch_in_index and where.size:
        where = where % math.prod(x.shape[1:])
    return narrowed(best, x.dtype), where.astype(argmax_dtype)


def _flat_places(argmax: Array, shape: Sequence[int], include_batch_in_index: bool) -> Array:
    """Places in the whole flat input of indices as `max_pool_with_argmax` gives them."""
    where = np.asarray(argmax).astype(np.int64)
    if include_batch_in_index:
        return where
    image = math.prod(shape[1:])
    if where.size and (where.min() < 0 or where.max() >= image):
        bad = where[(where < 0) | (where >= image)].flat[0]
        raise ValueError(f"argmax {bad} is not in [0, {image})")
    return where + (np.arange(where.shape[0]) * image).reshape(-1, *(1,) * (where.ndim - 1))


@quiet
def max_pool_grad_with_argmax(
    x: Array, dy: Array, argmax: Array, include_batch_in_index: bool = False
) -> Array:
    """dx[argmax[o]] += dy[o]; x only gives its shape."""
    shape = np.shape(x)
    return _deposit(_flat_places(argmax, shape, include_batch_in_index), np.asarray(dy), shape)


@quiet
def max_pool_grad_grad_with_argmax(
    x: Array, ddx: Array, argmax: Array, include_batch_in_index: bool = False
) -> Array:
    """ddy[o] = ddx[argmax[o]]; x only gives its shape."""
    ddx = np.asarray(ddx)
    where = _flat_places(argmax, np.shape(x), include_batch_in_index)
    if where.size and (where.min() < 0 or where.max() >= ddx.size):
        bad = where[(where < 0) | (where >= ddx.size)].flat[0]
        raise ValueError(f"argmax {bad} is not in [0, {ddx.size})")
    return ddx.ravel()[where]
