"""Sliding windows laid out as depth."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from graphflow.numeric.elements import Array
from graphflow.numeric.windows import Axis, pad_axes, window_view


def _extract(
    x: Array, ksizes: Sequence[int], strides: Sequence[int], rates: Sequence[int], padding: str
) -> Array:
    x = np.asarray(x)
    for name, value in (("ksizes", ksizes), ("strides", strides), ("rates", rates)):
        if len(value) != x.ndim or value[0] != 1 or value[-1] != 1:
            raise ValueError(
                f"{name} must be {x.ndim} sizes, the first and the last 1, got {list(value)}"
            )
    if padding not in ("SAME", "VALID"):
        raise ValueError(f"padding must be SAME or VALID, got {padding!r}")
    batch = x.shape[0]
    axes = [
        Axis(batch, 1, 1, 1, 0, 0, batch),
        *(
            Axis.of(n, int(k), int(s), int(r), padding)
            for n, k, s, r in zip(
                x.shape[1:-1], ksizes[1:-1], strides[1:-1], rates[1:-1], strict=True
            )
        ),
    ]
    view = window_view(pad_axes(x, axes), axes)
    depth = math.prod(a.kernel for a in axes) * x.shape[-1]
    return view.reshape(*(a.outputs for a in axes), depth)


def extract_image_patches(
    x: Array, ksizes: Sequence[int], strides: Sequence[int], rates: Sequence[int], padding: str
) -> Array:
    """out[n, i, j, (p * kw + q) * C + c] = X[n, si * i + ri * p, sj * j + rj * q, c], X the padded x."""
    if np.ndim(x) != 4:
        raise ValueError(f"images must have 4 dimensions, got shape {np.shape(x)}")
    return _extract(x, ksizes, strides, rates, padding)


def extract_volume_patches(
    x: Array, ksizes: Sequence[int], strides: Sequence[int], padding: str
) -> Array:
    """`extract_image_patches` of volumes, without rates."""
    if np.ndim(x) != 5:
        raise ValueError(f"volumes must have 5 dimensions, got shape {np.shape(x)}")
    return _extract(x, ksizes, strides, (1,) * 5, padding)
