"""Grey-scale morphological dilation with a structuring function for each channel, and its gradients.

    y[n, o, c] = max_p X[n, stride * o + rate * p, c] + w[p, c]

Padding belongs to no window; of equal sums the first takes the gradient.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphflow.numeric.elements import Array, compute_type, lowest, narrowed, quiet, widened
from graphflow.numeric.windows import Axis, crop_axes, pad_axes, taps


def _axes(
    x: Array, w: Array, strides: Sequence[int], rates: Sequence[int], padding: str
) -> list[Axis]:
    if x.ndim != 4 or w.ndim != 3 or x.shape[3] != w.shape[2]:
        raise ValueError(
            f"images and filters must have one depth, got shapes {x.shape} and {w.shape}"
        )
    if padding not in ("SAME", "VALID"):
        raise ValueError(f"padding must be SAME or VALID, got {padding!r}")
    for name, value in (("strides", strides), ("rates", rates)):
        if len(value) != 4 or value[0] != 1 or value[3] != 1:
            raise ValueError(f"{name} must be 4 sizes, the first and the last 1, got {list(value)}")
    batch = x.shape[0]
    return [
        Axis(batch, 1, 1, 1, 0, 0, batch),
        *(
            Axis.of(x.shape[i], w.shape[i - 1], int(strides[i]), int(rates[i]), padding)
            for i in (1, 2)
        ),
    ]


def _argmax(x: Array, w: Array, axes: Sequence[Axis]) -> tuple[Array, Array]:
    """The greatest sum of each window and the number of the tap that gives it."""
    wide, filters = widened(x), widened(w)
    padded = pad_axes(wide, axes)
    inside = pad_axes(np.ones((*x.shape[:3], 1), np.bool_), axes, False)
    outputs = (*(a.outputs for a in axes), x.shape[3])
    best = np.full(outputs, lowest(wide.dtype), wide.dtype)
    which = np.zeros(outputs, np.int64)
    for number, (place, elements) in enumerate(taps(axes)):
        sums = padded[elements] + filters[place[1:]]
        better = inside[elements] & (sums > best)
        np.copyto(best, sums, where=better)
        which[better] = number
    return best, which


@quiet
def dilation2d(
    x: Array, w: Array, strides: Sequence[int], rates: Sequence[int], padding: str
) -> Array:
    """y[n, o, c] = max_p X[n, s * o + r * p, c] + w[p, c]."""
    x, w = np.asarray(x), np.asarray(w)
    return narrowed(_argmax(x, w, _axes(x, w, strides, rates, padding))[0], x.dtype)


@quiet
def dilation2d_backprop_input(
    x: Array, w: Array, dy: Array, strides: Sequence[int], rates: Sequence[int], padding: str
) -> Array:
    """dx at the element of each greatest sum += dy."""
    x, w, dy = np.asarray(x), np.asarray(w), np.asarray(dy)
    axes = _axes(x, w, strides, rates, padding)
    which, grads = _argmax(x, w, axes)[1], widened(dy)
    _check(dy, which)
    dx = np.zeros((*(a.padded for a in axes), x.shape[3]), compute_type(x.dtype))
    for number, (_, elements) in enumerate(taps(axes)):
        dx[elements] += np.where(which == number, grads, 0)
    return narrowed(np.ascontiguousarray(crop_axes(dx, axes)), x.dtype)


@quiet
def dilation2d_backprop_filter(
    x: Array, w: Array, dy: Array, strides: Sequence[int], rates: Sequence[int], padding: str
) -> Array:
    """dw at the tap of each greatest sum += dy."""
    x, w, dy = np.asarray(x), np.asarray(w), np.asarray(dy)
    axes = _axes(x, w, strides, rates, padding)
    which, grads = _argmax(x, w, axes)[1], widened(dy)
    _check(dy, which)
    dw = np.zeros(w.shape, compute_type(w.dtype))
    for number, (place, _) in enumerate(taps(axes)):
        dw[place[1:]] = np.where(which == number, grads, 0).sum((0, 1, 2), dtype=np.float64)
    return narrowed(dw, w.dtype)


def _check(dy: Array, which: Array) -> None:
    if dy.shape != which.shape:
        raise ValueError(
            f"the gradient must have the shape {which.shape} of the outputs, got {dy.shape}"
        )
