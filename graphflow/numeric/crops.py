"""Boxes cut out of images and resampled to one size, and the gradients to the images and to the boxes.

A box is (y1, x1, y2, x2) in units of the image: 0 is the middle of the first pixel, 1 that of the
last. Row i of a crop of m > 1 rows stands at y = y1 * (h - 1) + i * (y2 - y1) * (h - 1) / (m - 1),
a single row in the middle of its box. Places outside the image get the extrapolation value. All of
it is float32.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphflow.numeric.elements import Array, quiet
from graphflow.numeric.resize import rounded


@dataclass(frozen=True)
class _Places:
    """Where the rows (or columns) of each crop stand: arrays [boxes, crop]."""

    lower: Array
    upper: Array
    weight: Array
    nearest: Array
    inside: Array


def _places(first: Array, last: Array, size: int, crop: int) -> _Places:
    room = np.float32(size - 1)
    if crop > 1:
        step = (last - first) * room / np.float32(crop - 1)
        at = (first * room)[:, None] + np.arange(crop, dtype=np.float32) * step[:, None]
    else:
        at = (np.float32(0.5) * (first + last) * room)[:, None]
    inside = (at >= 0) & (at <= room)
    at = np.where(inside, at, np.float32(0))
    lower = np.floor(at)
    nearest = rounded(at).astype(np.int64)
    return _Places(
        lower.astype(np.int64),
        np.ceil(at).astype(np.int64),
        at - lower,
        np.minimum(nearest, size - 1),
        inside,
    )


def _check(
    shape: Sequence[int], boxes: Array, box_index: Array, crop_size: Sequence[int], method: str
) -> tuple[int, int]:
    if len(shape) != 4:
        raise ValueError(f"images must have 4 dimensions, got shape {tuple(shape)}")
    if boxes.ndim != 2 or boxes.shape[1] != 4 or box_index.shape != boxes.shape[:1]:
        raise ValueError(
            "boxes must be rows of 4 numbers with an index each, "
            f"got shapes {boxes.shape} and {box_index.shape}"
        )
    outside = (box_index < 0) | (box_index >= shape[0])
    if outside.any():
        i = int(outside.argmax())
        raise ValueError(f"box_index[{i}] = {box_index[i]} is not in [0, {shape[0]})")
    height, width = (int(n) for n in crop_size)
    if height <= 0 or width <= 0:
        raise ValueError(f"crops must have positive sizes, got {height} by {width}")
    if boxes.size and (shape[1] <= 0 or shape[2] <= 0):
        raise ValueError(f"images must have positive sizes, got shape {tuple(shape)}")
    if method not in ("bilinear", "nearest"):
        raise ValueError(f"the method must be bilinear or nearest, got {method!r}")
    return height, width


def _both(
    boxes: Array, shape: Sequence[int], height: int, width: int
) -> tuple[_Places, _Places, Array]:
    """The rows, the columns and which pixels [boxes, height, width, 1] of the crops are inside."""
    boxes = boxes.astype(np.float32)
    rows = _places(boxes[:, 0], boxes[:, 2], shape[1], height)
    columns = _places(boxes[:, 1], boxes[:, 3], shape[2], width)
    return rows, columns, (rows.inside[:, :, None] & columns.inside[:, None, :])[..., None]


def _pixels(image: Array, box_index: Array, rows: Array, columns: Array) -> Array:
    return np.asarray(image[box_index[:, None, None], rows[:, :, None], columns[:, None, :]])


@quiet
def crop_and_resize(
    image: Array,
    boxes: Array,
    box_index: Array,
    crop_size: Sequence[int],
    method: str = "bilinear",
    extrapolation_value: float = 0.0,
) -> Array:
    """The pixels of image[box_index[b]] under a grid over box b."""
    image, boxes, box_index = np.asarray(image), np.asarray(boxes), np.asarray(box_index)
    height, width = _check(image.shape, boxes, box_index, crop_size, method)
    rows, columns, inside = _both(boxes, image.shape, height, width)
    wide = image.astype(np.float32)
    if method == "nearest":
        values = _pixels(wide, box_index, rows.nearest, columns.nearest)
    else:
        u, v = columns.weight[:, None, :, None], rows.weight[:, :, None, None]
        lines = []
        for side in (rows.lower, rows.upper):
            left = _pixels(wide, box_index, side, columns.lower)
            right = _pixels(wide, box_index, side, columns.upper)
            lines.append(left + (right - left) * u)
        values = lines[0] + (lines[1] - lines[0]) * v
    return np.where(inside, values, np.float32(extrapolation_value))


@quiet
def crop_and_resize_grad_image(
    dy: Array,
    boxes: Array,
    box_index: Array,
    image_size: Sequence[int],
    dtype: Any,
    method: str = "bilinear",
) -> Array:
    """The gradient to images of `image_size` and `dtype`."""
    dy, boxes, box_index = np.asarray(dy), np.asarray(boxes), np.asarray(box_index)
    shape = [int(n) for n in image_size]
    height, width = _check(shape, boxes, box_index, dy.shape[1:3], method)
    rows, columns, inside = _both(boxes, shape, height, width)
    dx = np.zeros(shape)
    taps: list[tuple[Array, Array, Any]]
    if method == "nearest":
        taps = [(rows.nearest, columns.nearest, 1)]
    else:
        u, v = columns.weight[:, None, :, None], rows.weight[:, :, None, None]
        sides = [(rows.lower, 1 - v), (rows.upper, v)]
        ends = [(columns.lower, 1 - u), (columns.upper, u)]
        taps = [(r, c, p * q) for r, p in sides for c, q in ends]
    for r, c, weight in taps:
        shares = np.where(inside, dy * weight, 0)
        np.add.at(dx, (box_index[:, None, None], r[:, :, None], c[:, None, :]), shares)
    return dx.astype(dtype)


@quiet
def crop_and_resize_grad_boxes(dy: Array, image: Array, boxes: Array, box_index: Array) -> Array:
    """The gradient to the boxes of bilinear crops."""
    dy, image, boxes = np.asarray(dy), np.asarray(image), np.asarray(boxes)
    box_index = np.asarray(box_index)
    height, width = _check(image.shape, boxes, box_index, dy.shape[1:3], "bilinear")
    rows, columns, inside = _both(boxes, image.shape, height, width)
    wide = image.astype(np.float32)
    tl, tr = (_pixels(wide, box_index, rows.lower, c) for c in (columns.lower, columns.upper))
    bl, br = (_pixels(wide, box_index, rows.upper, c) for c in (columns.lower, columns.upper))
    u, v = columns.weight[:, None, :, None], rows.weight[:, :, None, None]
    slope_y = np.where(inside, dy * ((bl - tl) * (1 - u) + (br - tr) * u), 0).sum((2, 3))
    slope_x = np.where(inside, dy * ((tr - tl) * (1 - v) + (br - bl) * v), 0).sum((1, 3))
    gradients = []
    for slope, size, crop in ((slope_y, image.shape[1], height), (slope_x, image.shape[2], width)):
        # How far row i of the crop moves with either end of the box.
        last = np.arange(crop) / (crop - 1) if crop > 1 else np.full(1, 0.5)
        room = np.float32(size - 1)
        gradients.append([(slope * (1 - last) * room).sum(1), (slope * last * room).sum(1)])
    (y1, y2), (x1, x2) = gradients
    return np.stack([y1, x1, y2, x2], 1).astype(np.float32)
