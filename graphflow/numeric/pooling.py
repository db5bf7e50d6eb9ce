"""Maxima and means over sliding windows, for any layout: `ksize` and `strides` have one entry per
axis.

Padding belongs to no window. A maximum is over the numbers in the window: NaN is passed over, and
-inf is what is left of a window of NaNs.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphflow.numeric.elements import Array, compute_type, lowest, narrowed, quiet, widened
from graphflow.numeric.windows import Axis, crop_axes, pad_axes, taps


def pool_axes(
    shape: Sequence[int], ksize: Sequence[int], strides: Sequence[int], padding: str
) -> list[Axis]:
    """The pooling window along every axis of a tensor of `shape`."""
    rank = len(shape)
    if not len(ksize) == len(strides) == rank:
        raise ValueError(
            f"ksize and strides must have {rank} entries, got {list(ksize)} and {list(strides)}"
        )
    if ksize[0] != 1 or strides[0] != 1:
        raise ValueError(
            f"no pooling over the batch: got ksize {list(ksize)}, strides {list(strides)}"
        )
    if padding not in ("SAME", "VALID"):
        raise ValueError(f"the padding of a pooling window must be SAME or VALID, got {padding!r}")
    return [
        Axis.of(int(n), int(k), int(s), 1, padding)
        for n, k, s in zip(shape, ksize, strides, strict=True)
    ]


@quiet
def max_pool(x: Array, ksize: Sequence[int], strides: Sequence[int], padding: str) -> Array:
    """y[o] = max_p x[s * o + p]; of equal elements (zeros of two signs) the first."""
    x = np.asarray(x)
    axes = pool_axes(x.shape, ksize, strides, padding)
    wide = widened(x)
    padded = pad_axes(wide, axes, lowest(wide.dtype))
    y = np.full([a.outputs for a in axes], lowest(wide.dtype), wide.dtype)
    for _, elements in taps(axes):
        values = padded[elements]
        np.copyto(y, values, where=values > y)
    return narrowed(y, x.dtype)


def _counts(axes: Sequence[Axis]) -> Array:
    """How many elements each window holds that are not padding, as float64 of the rank of the tensor."""
    total = np.ones((1,) * len(axes))
    for i, a in enumerate(axes):
        start = np.arange(a.outputs) * a.stride - a.before
        held = np.minimum(start + a.kernel, a.size) - np.maximum(start, 0)
        total = total * held.reshape([-1 if j == i else 1 for j in range(len(axes))])
    return total


@quiet
def avg_pool(x: Array, ksize: Sequence[int], strides: Sequence[int], padding: str) -> Array:
    """y[o] = mean_p x[s * o + p] over the elements that are not padding."""
    x = np.asarray(x)
    axes = pool_axes(x.shape, ksize, strides, padding)
    padded = pad_axes(widened(x), axes)
    y = np.zeros([a.outputs for a in axes], padded.dtype)
    for _, elements in taps(axes):
        y += padded[elements]
    return narrowed(y / _counts(axes).astype(padded.dtype), x.dtype)


@quiet
def avg_pool_grad(
    input_shape: Sequence[int],
    dy: Array,
    ksize: Sequence[int],
    strides: Sequence[int],
    padding: str,
) -> Array:
    """dx[s * o + p] += dy[o] / elements in the window o."""
    dy = np.asarray(dy)
    axes = pool_axes([int(n) for n in input_shape], ksize, strides, padding)
    check_pooled(dy.shape, axes)
    share = widened(dy) / _counts(axes).astype(compute_type(dy.dtype))
    dx = np.zeros([a.padded for a in axes], share.dtype)
    for _, elements in taps(axes):
        dx[elements] += share
    return narrowed(np.ascontiguousarray(crop_axes(dx, axes)), dy.dtype)


def check_pooled(shape: Sequence[int], axes: Sequence[Axis]) -> None:
    """Refuse a tensor of another shape than the outputs of the window."""
    want = tuple(a.outputs for a in axes)
    if tuple(shape) != want:
        raise ValueError(f"Expected a tensor of the pooled shape {want}, got {tuple(shape)}")
