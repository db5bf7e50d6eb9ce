"""Gradients of resampled images: what each output took of an input goes back to it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphflow.numeric.elements import Array, narrowed, quiet, widened
from graphflow.numeric.resize import (
    check_centers,
    check_image,
    cubic_taps,
    linear_taps,
    nearest_taps,
)
from graphflow.numeric.segments import reduce_rows


def _spread(dy: Array, axis: int, inputs: int, taps: Sequence[tuple[Array, Array | None]]) -> Array:
    """dx[places[o]] += dy[o] * weights[o] along `axis` for each (places, weights) of taps."""
    rows = np.moveaxis(dy, axis, 0)
    column = (-1, *(1,) * (rows.ndim - 1))
    total = np.zeros((inputs, *rows.shape[1:]), dy.dtype)
    for places, weights in taps:
        shares = rows if weights is None else rows * weights.astype(dy.dtype).reshape(column)
        total += reduce_rows(np.add, shares, places, inputs, 0)
    return np.moveaxis(total, 0, axis)


def _check_gradient(dy: Array, x: Array) -> None:
    check_image(x, x.shape[1:3])
    if dy.ndim != 4 or dy.shape[0] != x.shape[0] or dy.shape[3] != x.shape[3]:
        raise ValueError(f"a gradient of shape {dy.shape} is not one of images of shape {x.shape}")
    check_image(dy, dy.shape[1:3])


@quiet
def resize_bilinear_grad(
    dy: Array, x: Array, align_corners: bool = False, half_pixel_centers: bool = False
) -> Array:
    """The gradient of `resize_bilinear`, in the type of x, of which it needs the shape only."""
    dy, x = np.asarray(dy), np.asarray(x)
    _check_gradient(dy, x)
    check_centers(align_corners, half_pixel_centers)
    dx = dy.astype(np.float64 if x.dtype == np.float64 else np.float32)
    for axis in (1, 2):
        a, b, t = linear_taps(x.shape[axis], dy.shape[axis], align_corners, half_pixel_centers)
        dx = _spread(dx, axis, x.shape[axis], [(a, 1 - t), (b, t)])
    return narrowed(np.ascontiguousarray(dx), x.dtype)


@quiet
def resize_bicubic_grad(
    dy: Array, x: Array, align_corners: bool = False, half_pixel_centers: bool = False
) -> Array:
    """The gradient of `resize_bicubic`, in the type of x, of which it needs the shape only."""
    dy, x = np.asarray(dy), np.asarray(x)
    _check_gradient(dy, x)
    check_centers(align_corners, half_pixel_centers)
    dx = dy.astype(np.float64 if x.dtype == np.float64 else np.float32)
    for axis in (1, 2):
        places, weights = cubic_taps(
            x.shape[axis], dy.shape[axis], align_corners, half_pixel_centers
        )
        dx = _spread(dx, axis, x.shape[axis], list(zip(places, weights, strict=True)))
    return narrowed(np.ascontiguousarray(dx), x.dtype)


@quiet
def resize_nearest_neighbor_grad(
    dy: Array, size: Sequence[int], align_corners: bool = False, half_pixel_centers: bool = False
) -> Array:
    """The gradient of `resize_nearest_neighbor` for images of `size`."""
    dy = np.asarray(dy)
    height, width = check_image(dy, size)
    check_centers(align_corners, half_pixel_centers)
    dx = widened(dy)
    for axis, inputs in ((1, height), (2, width)):
        places = nearest_taps(inputs, dy.shape[axis], align_corners, half_pixel_centers)
        dx = _spread(dx, axis, inputs, [(places, None)])
    return narrowed(np.ascontiguousarray(dx), dy.dtype)
