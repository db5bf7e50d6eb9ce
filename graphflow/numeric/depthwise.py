"""Depthwise convolution: each channel of the input meets its own filters.

y[n, o, c * M + m] = sum_p X[n, stride * o + dilation * p, c] * w[p, c, m]
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphflow.numeric.convolution import channels_back, channels_last, check_outputs, window_axes
from graphflow.numeric.elements import Array, compute_type, narrowed, quiet, widened
from graphflow.numeric.windows import Axis, crop_axes, pad_axes, taps


def _axes(
    sizes: Sequence[int],
    filter_sizes: Sequence[int],
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int],
    data_format: str,
    dilations: Sequence[int],
) -> list[Axis]:
    """The whole batch, and the window along height and width."""
    axes = window_axes(
        sizes, filter_sizes[:-2], strides, padding, explicit_paddings, data_format, dilations
    )
    depth = sizes[data_format.index("C")]
    if filter_sizes[2] != depth:
        raise ValueError(f"input and filter must have the same depth: {depth} vs {filter_sizes[2]}")
    batch = sizes[0]
    return [Axis(batch, 1, 1, 1, 0, 0, batch), *axes]


@quiet
def depthwise_conv2d(
    x: Array,
    w: Array,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    data_format: str = "NHWC",
    dilations: Sequence[int] = (1, 1, 1, 1),
) -> Array:
    """y[n, o, c * M + m] = sum_p X[n, s * o + d * p, c] * w[p, c, m]."""
    x, w = np.asarray(x), np.asarray(w)
    axes = _axes(x.shape, w.shape, strides, padding, explicit_paddings, data_format, dilations)
    padded, filters = pad_axes(channels_last(widened(x), data_format), axes), widened(w)
    y = np.zeros((*(a.outputs for a in axes), *w.shape[2:]), compute_type(x.dtype))
    for place, elements in taps(axes):
        y += padded[elements][..., None] * filters[place[1:]]
    y = y.reshape(*y.shape[:3], w.shape[2] * w.shape[3])
    return channels_back(narrowed(y, x.dtype), data_format)


@quiet
def depthwise_conv2d_backprop_input(
    input_sizes: Sequence[int],
    w: Array,
    dy: Array,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    data_format: str = "NHWC",
    dilations: Sequence[int] = (1, 1, 1, 1),
) -> Array:
    """dX[n, s * o + d * p, c] += sum_m dy[n, o, c * M + m] * w[p, c, m], without the padding."""
    w, dy = np.asarray(w), np.asarray(dy)
    sizes = tuple(int(n) for n in input_sizes)
    axes = _axes(sizes, w.shape, strides, padding, explicit_paddings, data_format, dilations)
    depth, multiplier = w.shape[2:]
    grads = channels_last(widened(dy), data_format)
    check_outputs(grads, sizes[0], axes[1:], depth * multiplier)
    grads, filters = grads.reshape(*grads.shape[:3], depth, multiplier), widened(w)
    dx = np.zeros((*(a.padded for a in axes), depth), compute_type(dy.dtype))
    for place, elements in taps(axes):
        dx[elements] += (grads * filters[place[1:]]).sum(-1)
    return channels_back(narrowed(np.ascontiguousarray(crop_axes(dx, axes)), dy.dtype), data_format)


@quiet
def depthwise_conv2d_backprop_filter(
    x: Array,
    filter_sizes: Sequence[int],
    dy: Array,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    data_format: str = "NHWC",
    dilations: Sequence[int] = (1, 1, 1, 1),
) -> Array:
    """dw[p, c, m] = sum_no X[n, s * o + d * p, c] * dy[n, o, c * M + m]."""
    x, dy = np.asarray(x), np.asarray(dy)
    sizes = tuple(int(n) for n in filter_sizes)
    axes = _axes(x.shape, sizes, strides, padding, explicit_paddings, data_format, dilations)
    depth, multiplier = sizes[2:]
    padded = pad_axes(channels_last(widened(x), data_format), axes)
    grads = channels_last(widened(dy), data_format)
    check_outputs(grads, x.shape[0], axes[1:], depth * multiplier)
    grads = grads.reshape(*grads.shape[:3], depth, multiplier)
    dw = np.zeros(sizes, compute_type(x.dtype))
    for place, elements in taps(axes):
        dw[place[1:]] = (padded[elements][..., None] * grads).sum((0, 1, 2), dtype=np.float64)
    return narrowed(dw, x.dtype)
