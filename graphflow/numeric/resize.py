"""Images [n, height, width, c] resampled to another size.

Output o of an axis of n inputs and m outputs stands at

    s * o                    with s = n / m, or (n - 1) / (m - 1) with align_corners and m > 1
    s * (o + 0.5) - 0.5      with half_pixel_centers

in float32, as all of this arithmetic: the results are float32, but of nearest neighbours, which
keep their type.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphflow.numeric.elements import Array, quiet

_HALF = np.float32(0.5)


def check_image(x: Array, size: Sequence[int]) -> tuple[int, int]:
    """The output size of an image batch, checked."""
    if x.ndim != 4:
        raise ValueError(f"images must have 4 dimensions, got shape {x.shape}")
    if len(size) != 2:
        raise ValueError(f"size must be a height and a width, got {list(size)}")
    height, width = int(size[0]), int(size[1])
    if height <= 0 or width <= 0:
        raise ValueError(f"the output must have positive sizes, got {height} by {width}")
    if x.shape[1] <= 0 or x.shape[2] <= 0:
        raise ValueError(f"images must have positive sizes, got shape {x.shape}")
    return height, width


def check_centers(align_corners: bool, half_pixel_centers: bool) -> None:
    if align_corners and half_pixel_centers:
        raise ValueError("align_corners and half_pixel_centers exclude each other")


def scale_of(inputs: int, outputs: int, align_corners: bool) -> np.float32:
    """The step between outputs in units of inputs."""
    if align_corners and outputs > 1:
        return np.float32(inputs - 1) / np.float32(outputs - 1)
    return np.float32(inputs) / np.float32(outputs)


def positions(inputs: int, outputs: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    """Where the outputs stand among the inputs, as float32."""
    scale = scale_of(inputs, outputs, align_corners)
    places = np.arange(outputs, dtype=np.float32)
    return (places + _HALF) * scale - _HALF if half_pixel_centers else places * scale


def linear_taps(
    inputs: int, outputs: int, align_corners: bool, half_pixel_centers: bool
) -> tuple[Array, Array, Array]:
    """For each output the inputs at both sides and the weight of the second."""
    at = positions(inputs, outputs, align_corners, half_pixel_centers)
    floor = np.floor(at)
    lower = np.maximum(floor.astype(np.int64), 0)
    upper = np.minimum(np.ceil(at).astype(np.int64), inputs - 1)
    return np.minimum(lower, inputs - 1), upper, at - floor


@quiet
def resize_bilinear(
    x: Array, size: Sequence[int], align_corners: bool = False, half_pixel_centers: bool = False
) -> Array:
    """a + (b - a) * t between neighbours a and b along the width, then along the height."""
    x = np.asarray(x)
    height, width = check_image(x, size)
    check_centers(align_corners, half_pixel_centers)
    top, bottom, v = linear_taps(x.shape[1], height, align_corners, half_pixel_centers)
    left, right, u = linear_taps(x.shape[2], width, align_corners, half_pixel_centers)
    wide = x.astype(np.float32)
    across = wide[:, :, left] + (wide[:, :, right] - wide[:, :, left]) * u[:, None]
    return across[:, top] + (across[:, bottom] - across[:, top]) * v[:, None, None]


def rounded(at: Array) -> Array:
    """The nearest whole numbers of places >= 0, halves upward."""
    floor = np.floor(at)
    return floor + (at - floor >= _HALF)


def nearest_taps(inputs: int, outputs: int, align_corners: bool, half_pixel_centers: bool) -> Array:
    """For each output the input that it repeats."""
    scale = scale_of(inputs, outputs, align_corners)
    places = np.arange(outputs, dtype=np.float32)
    at = (places + _HALF) * scale if half_pixel_centers else places * scale
    whole = rounded(at) if align_corners else np.floor(at)
    return np.clip(whole.astype(np.int64), 0, inputs - 1)


def resize_nearest_neighbor(
    x: Array, size: Sequence[int], align_corners: bool = False, half_pixel_centers: bool = False
) -> Array:
    """Each output repeats one input."""
    x = np.asarray(x)
    height, width = check_image(x, size)
    check_centers(align_corners, half_pixel_centers)
    rows = nearest_taps(x.shape[1], height, align_corners, half_pixel_centers)
    columns = nearest_taps(x.shape[2], width, align_corners, half_pixel_centers)
    return np.ascontiguousarray(x[:, rows][:, :, columns])


#: The cubic's weights are tabulated at so many steps between two pixels.
_STEPS = 1024


def _cubic(distance: Array, a: float) -> Array:
    """The piecewise cubic of parameter `a` at distances in [0, 2]."""
    d = distance
    near = ((a + 2) * d - (a + 3)) * d * d + 1
    far = ((a * d - 5 * a) * d + 8 * a) * d - 4 * a
    return np.where(d <= 1, near, far).astype(np.float32)


def cubic_taps(
    inputs: int, outputs: int, align_corners: bool, half_pixel_centers: bool
) -> tuple[Array, Array]:
    """For each output four inputs and their weights, as arrays (4, outputs).

    Half pixel centers take a = -1/2 and weights that leave out what lies beyond the border; without
    them a = -3/4, and the border repeats.
    """
    at = positions(inputs, outputs, align_corners, half_pixel_centers)
    floor = np.floor(at)
    step = np.rint((at - floor) * np.float32(_STEPS)) / _STEPS
    reach = np.arange(-1, 3)[:, None]
    wanted = floor.astype(np.int64) + reach
    weights = _cubic(np.abs(step - reach), -0.5 if half_pixel_centers else -0.75)
    inside = np.clip(wanted, 0, inputs - 1)
    if half_pixel_centers:
        weights = np.where(inside == wanted, weights, np.float32(0))
        total = weights.sum(0)
        weights = weights / np.where(np.abs(total) < 1e-35, np.float32(1), total)
    return inside, weights


@quiet
def resize_bicubic(
    x: Array, size: Sequence[int], align_corners: bool = False, half_pixel_centers: bool = False
) -> Array:
    """Weighted sums of four rows, then of four columns."""
    x = np.asarray(x)
    height, width = check_image(x, size)
    check_centers(align_corners, half_pixel_centers)
    rows, v = cubic_taps(x.shape[1], height, align_corners, half_pixel_centers)
    columns, u = cubic_taps(x.shape[2], width, align_corners, half_pixel_centers)
    wide = x.astype(np.float32)
    down = sum(wide[:, rows[k]] * v[k][:, None, None] for k in range(4))
    return np.asarray(sum(down[:, :, columns[k]] * u[k][:, None] for k in range(4)))


def _area_taps(inputs: int, outputs: int, align_corners: bool) -> tuple[Array, Array, Array]:
    """For each output the inputs that it covers, how much of each, and which of these entries count."""
    scale = scale_of(inputs, outputs, align_corners)
    start = np.arange(outputs, dtype=np.float32) * scale
    end = np.arange(1, outputs + 1, dtype=np.float32) * scale
    first, last = np.floor(start).astype(np.int64), np.ceil(end).astype(np.int64)
    covered = first + np.arange(int((last - first).max()))[:, None]
    share = np.minimum(covered + 1, end) - np.maximum(covered, start)
    return np.clip(covered, 0, inputs - 1), share.astype(np.float32), covered < last


@quiet
def resize_area(x: Array, size: Sequence[int], align_corners: bool = False) -> Array:
    """The mean of the input under each output pixel, parts of pixels counted as such."""
    x = np.asarray(x)
    height, width = check_image(x, size)
    rows, v, own_rows = _area_taps(x.shape[1], height, align_corners)
    columns, u, own_columns = _area_taps(x.shape[2], width, align_corners)
    wide = x.astype(np.float32)
    down = np.zeros((x.shape[0], height, *x.shape[2:]), np.float32)
    for k in range(len(rows)):
        own = own_rows[k]
        down[:, own] += wide[:, rows[k][own]] * v[k][own][:, None, None]
    out = np.zeros((x.shape[0], height, width, x.shape[3]), np.float32)
    for k in range(len(columns)):
        own = own_columns[k]
        out[:, :, own] += down[:, :, columns[k][own]] * u[k][own][:, None]
    area = scale_of(x.shape[1], height, align_corners) * scale_of(x.shape[2], width, align_corners)
    return out * (np.float32(1) / area)
