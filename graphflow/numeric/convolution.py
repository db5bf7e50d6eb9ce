"""Convolutions of images and volumes, and their gradients, over one core for any number of axes.

With p running over the places in the window and X the padded input,

    y[n, o, :] = sum_p X[n, stride * o + dilation * p, :] @ w[p]

The windows are laid out as rows of a matrix, so that each sum is one matrix product; padding takes
part in it, so that padding times an infinite weight is NaN. Batches are cut into pieces to bound
the memory of those rows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence

import numpy as np

from graphflow.numeric.elements import Array, compute_type, narrowed, quiet, widened
from graphflow.numeric.windows import Axis, crop_axes, pad_axes, spatial_axes, taps, window_view

#: The elements of laid-out windows that one matrix product may hold.
_ROOM = 1 << 24


def channels_last(x: Array, data_format: str) -> Array:
    """`x` of any data format as a view with its channels behind."""
    return np.moveaxis(x, 1, -1) if data_format.startswith("NC") else x


def channels_back(x: Array, data_format: str) -> Array:
    """The inverse of `channels_last`, contiguous."""
    return np.ascontiguousarray(np.moveaxis(x, -1, 1)) if data_format.startswith("NC") else x


def window_axes(
    shape: Sequence[int],
    kernel: Sequence[int],
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int],
    data_format: str,
    dilations: Sequence[int],
) -> list[Axis]:
    """The window along each spatial axis of a tensor of `shape`, attributes checked."""
    rank = len(data_format)
    for name, value in (("input", shape), ("strides", strides), ("dilations", dilations)):
        if len(value) != rank:
            raise ValueError(
                f"{name} must have {rank} entries for {data_format}, got {list(value)}"
            )
    if len(kernel) != rank - 2:
        raise ValueError(f"the filter must have {rank} dimensions for {data_format}")
    given = explicit_paddings if len(explicit_paddings) else [0] * (2 * rank)
    explicit = np.asarray(given, np.int64).reshape(-1, 2)
    if len(explicit) != rank or (explicit < 0).any():
        raise ValueError(
            f"explicit_paddings must be {2 * rank} sizes >= 0, got {explicit_paddings}"
        )
    spatial = spatial_axes(data_format)
    for i in set(range(rank)) - set(spatial):
        if strides[i] != 1 or dilations[i] != 1 or explicit[i].any():
            raise ValueError(
                f"no strides, dilations or paddings along batch and depth: got strides {list(strides)}, "
                f"dilations {list(dilations)}, explicit_paddings {list(explicit_paddings)}"
            )
    return [
        Axis.of(
            int(shape[i]),
            int(k),
            int(strides[i]),
            int(dilations[i]),
            padding,
            (int(explicit[i, 0]), int(explicit[i, 1])),
        )
        for i, k in zip(spatial, kernel, strict=True)
    ]


def _pieces(batch: int, axes: Sequence[Axis], channels: int) -> Iterator[slice]:
    """Cuts of the batch whose windows fit `_ROOM`."""
    windows = math.prod(a.outputs * a.kernel for a in axes) * channels
    step = max(1, _ROOM // max(1, windows))
    return (slice(i, i + step) for i in range(0, batch, step))


def _whole(n: int) -> Axis:
    return Axis(n, 1, 1, 1, 0, 0, n)


def _rows(x: Array, axes: Sequence[Axis], groups: int) -> Array:
    """The windows of x[n, *s, c] as (groups, n * outputs, places * c / groups)."""
    n, c = x.shape[0], x.shape[-1]
    batched = [_whole(n), *axes]
    view = window_view(pad_axes(x, batched), batched)
    positions, places = n * math.prod(a.outputs for a in axes), math.prod(a.kernel for a in axes)
    rows = view.reshape(positions, places, groups, c // groups)
    return rows.transpose(2, 0, 1, 3).reshape(groups, positions, places * (c // groups))


def _grouped_filter(w: Array, groups: int) -> Array:
    """w[*k, c, m] as (groups, places * c, m / groups)."""
    m = w.shape[-1]
    return np.moveaxis(w.reshape(math.prod(w.shape[:-1]), groups, m // groups), 1, 0)


def _grouped_outputs(y: Array, groups: int) -> Array:
    """y[n, *o, m] as (groups, n * outputs, m / groups)."""
    m = y.shape[-1]
    return np.moveaxis(y.reshape(math.prod(y.shape[:-1]), groups, m // groups), 1, 0)


def _groups(depth: int, filter_shape: Sequence[int]) -> int:
    """The number of groups of channels that a filter convolves apart."""
    c, m = filter_shape[-2:]
    if c == depth:
        return 1
    if c == 0 or depth % c != 0 or depth == 0:
        raise ValueError(f"the filter's input depth {c} must divide the depth {depth} of the input")
    if m % (depth // c) != 0:
        raise ValueError(f"output depth {m} must be divisible by the number of groups {depth // c}")
    return depth // c


def check_outputs(dy: Array, batch: int, axes: Sequence[Axis], depth: int) -> None:
    """Refuse a gradient of another shape than the outputs of the window (channels last)."""
    want = (batch, *(a.outputs for a in axes), depth)
    if dy.shape != want:
        raise ValueError(f"the gradient must have the shape {want} of the outputs, got {dy.shape}")


def _forward(
    x: Array,
    w: Array,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int],
    data_format: str,
    dilations: Sequence[int],
) -> Array:
    x, w = np.asarray(x), np.asarray(w)
    axes = window_axes(
        x.shape, w.shape[:-2], strides, padding, explicit_paddings, data_format, dilations
    )
    wide, filters = channels_last(widened(x), data_format), widened(w)
    groups = _groups(wide.shape[-1], w.shape)
    filters = _grouped_filter(filters, groups)
    outputs = tuple(a.outputs for a in axes)
    y = np.empty((wide.shape[0], *outputs, w.shape[-1]), compute_type(x.dtype))
    for piece in _pieces(wide.shape[0], axes, wide.shape[-1]):
        rows = _rows(wide[piece], axes, groups) @ filters
        y[piece] = np.moveaxis(rows, 0, 1).reshape(y[piece].shape)
    return channels_back(narrowed(y, x.dtype), data_format)


def _backprop_input(
    input_sizes: Sequence[int],
    w: Array,
    dy: Array,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int],
    data_format: str,
    dilations: Sequence[int],
) -> Array:
    w, dy = np.asarray(w), np.asarray(dy)
    sizes = tuple(int(n) for n in input_sizes)
    axes = window_axes(
        sizes, w.shape[:-2], strides, padding, explicit_paddings, data_format, dilations
    )
    batch, depth = sizes[0], sizes[data_format.index("C")]
    groups = _groups(depth, w.shape)
    filters = np.swapaxes(_grouped_filter(widened(w), groups), 1, 2)
    wide = channels_last(widened(dy), data_format)
    check_outputs(wide, batch, axes, w.shape[-1])
    outputs, places = tuple(a.outputs for a in axes), tuple(a.kernel for a in axes)
    dx = np.zeros((batch, *(a.padded for a in axes), depth), compute_type(dy.dtype))
    for piece in _pieces(batch, axes, depth):
        rows = _grouped_outputs(wide[piece], groups) @ filters
        rows = rows.reshape(groups, *dx[piece].shape[:1], *outputs, *places, depth // groups)
        windows = np.moveaxis(rows, 0, -2).reshape(*rows.shape[1:-1], depth)
        for place, elements in taps(axes):
            where = (slice(None),) * (1 + len(axes))
            dx[(piece, *elements)] += windows[where + place]
    cropped = crop_axes(dx, [_whole(batch), *axes])
    return channels_back(narrowed(np.ascontiguousarray(cropped), dy.dtype), data_format)


def _backprop_filter(
    x: Array,
    filter_sizes: Sequence[int],
    dy: Array,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int],
    data_format: str,
    dilations: Sequence[int],
) -> Array:
    x, dy = np.asarray(x), np.asarray(dy)
    sizes = tuple(int(n) for n in filter_sizes)
    axes = window_axes(
        x.shape, sizes[:-2], strides, padding, explicit_paddings, data_format, dilations
    )
    wide, grads = channels_last(widened(x), data_format), channels_last(widened(dy), data_format)
    check_outputs(grads, wide.shape[0], axes, sizes[-1])
    groups = _groups(wide.shape[-1], sizes)
    places = math.prod(sizes[:-1])
    dw = np.zeros((groups, places, sizes[-1] // groups), compute_type(x.dtype))
    for piece in _pieces(wide.shape[0], axes, wide.shape[-1]):
        rows = _rows(wide[piece], axes, groups)
        dw += np.swapaxes(rows, 1, 2) @ _grouped_outputs(grads[piece], groups)
    return narrowed(np.moveaxis(dw, 0, 1).reshape(sizes), x.dtype)


@quiet
def conv2d(
    x: Array,
    w: Array,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    data_format: str = "NHWC",
    dilations: Sequence[int] = (1, 1, 1, 1),
) -> Array:
    """y[n, i, j, :] = sum_pq X[n, si * i + di * p, sj * j + dj * q, :] @ w[p, q]."""
    return _forward(x, w, strides, padding, explicit_paddings, data_format, dilations)


@quiet
def conv2d_backprop_input(
    input_sizes: Sequence[int],
    w: Array,
    dy: Array,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    data_format: str = "NHWC",
    dilations: Sequence[int] = (1, 1, 1, 1),
) -> Array:
    """dX[n, s * o + d * p, :] += dy[n, o, :] @ w[p].T, without the padding."""
    return _backprop_input(
        input_sizes, w, dy, strides, padding, explicit_paddings, data_format, dilations
    )


@quiet
def conv2d_backprop_filter(
    x: Array,
    filter_sizes: Sequence[int],
    dy: Array,
    strides: Sequence[int],
    padding: str,
    explicit_paddings: Sequence[int] = (),
    data_format: str = "NHWC",
    dilations: Sequence[int] = (1, 1, 1, 1),
) -> Array:
    """dw[p] = sum_no X[n, s * o + d * p, :].T @ dy[n, o, :]."""
    return _backprop_filter(
        x, filter_sizes, dy, strides, padding, explicit_paddings, data_format, dilations
    )


@quiet
def conv3d(
    x: Array,
    w: Array,
    strides: Sequence[int],
    padding: str,
    data_format: str = "NDHWC",
    dilations: Sequence[int] = (1, 1, 1, 1, 1),
) -> Array:
    """`conv2d` of volumes."""
    return _forward(x, w, strides, padding, (), data_format, dilations)


@quiet
def conv3d_backprop_input(
    input_sizes: Sequence[int],
    w: Array,
    dy: Array,
    strides: Sequence[int],
    padding: str,
    data_format: str = "NDHWC",
    dilations: Sequence[int] = (1, 1, 1, 1, 1),
) -> Array:
    """`conv2d_backprop_input` of volumes."""
    return _backprop_input(input_sizes, w, dy, strides, padding, (), data_format, dilations)


@quiet
def conv3d_backprop_filter(
    x: Array,
    filter_sizes: Sequence[int],
    dy: Array,
    strides: Sequence[int],
    padding: str,
    data_format: str = "NDHWC",
    dilations: Sequence[int] = (1, 1, 1, 1, 1),
) -> Array:
    """`conv2d_backprop_filter` of volumes."""
    return _backprop_filter(x, filter_sizes, dy, strides, padding, (), data_format, dilations)
