"""Colour spaces and adjustments of images whose last axis is red, green, blue.

Hue is in [0, 1): a sixth for each step from red by yellow, green, cyan, blue and magenta.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.numeric.elements import Array, narrowed, quiet, widened


def _channels(x: Array) -> tuple[Array, Array, Array]:
    if x.ndim == 0 or x.shape[-1] != 3:
        raise ValueError(f"images must have 3 channels in the last dimension, got shape {x.shape}")
    return x[..., 0], x[..., 1], x[..., 2]


def _to_hsv(x: Array) -> tuple[Array, Array, Array]:
    r, g, b = _channels(x)
    value = np.maximum(np.maximum(r, g), b)
    spread = value - np.minimum(np.minimum(r, g), b)
    saturation = np.where(value > 0, spread / value, 0)
    unit = 1 / (6 * spread)
    third = x.dtype.type(2 / 6)
    hue = np.where(
        r == value,
        unit * (g - b),
        np.where(g == value, unit * (b - r) + third, unit * (r - g) + 2 * third),
    )
    hue = np.where(spread > 0, hue, 0)
    return np.where(hue < 0, hue + 1, hue), saturation, value


def _to_rgb(hue: Array, saturation: Array, value: Array) -> Array:
    sixth = hue * 6
    ramps = np.abs(sixth - 3) - 1, 2 - np.abs(sixth - 2), 2 - np.abs(sixth - 4)
    grey = 1 - saturation
    return np.stack([(grey + saturation * np.clip(p, 0, 1)) * value for p in ramps], -1)


@quiet
def rgb_to_hsv(x: Array) -> Array:
    """Hue, saturation (max - min) / max and value max."""
    x = np.asarray(x)
    return narrowed(np.stack(_to_hsv(widened(x)), -1), x.dtype)


@quiet
def hsv_to_rgb(x: Array) -> Array:
    """(1 - s + s * ramp(h)) * v for the ramp of each colour."""
    x = np.asarray(x)
    return narrowed(_to_rgb(*_channels(widened(x))), x.dtype)


def _check_image(x: Array) -> None:
    if x.ndim < 3:
        raise ValueError(f"images must have at least 3 dimensions, got shape {x.shape}")


@quiet
def adjust_hue(x: Array, delta: Any) -> Array:
    """The image with `delta` turns of the wheel of colours added to its hue."""
    x = np.asarray(x)
    _check_image(x)
    wide = widened(x)
    hue, saturation, value = _to_hsv(wide)
    return narrowed(_to_rgb(np.mod(hue + wide.dtype.type(delta), 1), saturation, value), x.dtype)


@quiet
def adjust_saturation(x: Array, scale: Any) -> Array:
    """The image with its saturation times `scale`, at most 1."""
    x = np.asarray(x)
    _check_image(x)
    wide = widened(x)
    hue, saturation, value = _to_hsv(wide)
    return narrowed(
        _to_rgb(hue, np.clip(saturation * wide.dtype.type(scale), 0, 1), value), x.dtype
    )


@quiet
def adjust_contrast(x: Array, factor: Any) -> Array:
    """(x - mean) * factor + mean with the mean over height and width of each channel."""
    x = np.asarray(x)
    _check_image(x)
    wide = widened(x)
    count = max(wide.shape[-3] * wide.shape[-2], 1)
    mean = (wide.sum((-3, -2), dtype=np.float64, keepdims=True) / count).astype(wide.dtype)
    return narrowed((wide - mean) * wide.dtype.type(factor) + mean, x.dtype)
