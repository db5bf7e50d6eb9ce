"""Local response normalisation over neighbouring channels, and its gradient.

y[c] = x[c] * n[c] ** -beta        n[c] = bias + alpha * sum of x[k] ** 2 over |k - c| <=
depth_radius
"""

from __future__ import annotations

import numpy as np

from graphflow.numeric.elements import Array, narrowed, quiet, widened


def _band_sum(x: Array, radius: int) -> Array:
    """s[c] = sum of x[k] over |k - c| <= radius along the last axis."""
    depth, reach = x.shape[-1], min(radius, x.shape[-1])
    total = np.zeros_like(x)
    for shift in range(-reach, reach + 1):
        total[..., max(0, -shift) : depth - max(0, shift)] += x[
            ..., max(0, shift) : depth + min(0, shift)
        ]
    return total


def _check(x: Array, depth_radius: int) -> None:
    if x.ndim != 4:
        raise ValueError(
            f"local response normalisation takes 4-dimensional images, got shape {x.shape}"
        )
    if depth_radius < 0:
        raise ValueError(f"depth_radius must be >= 0, got {depth_radius}")


@quiet
def lrn(
    x: Array, depth_radius: int = 5, bias: float = 1.0, alpha: float = 1.0, beta: float = 0.5
) -> Array:
    """y = x * n ** -beta."""
    x = np.asarray(x)
    _check(x, depth_radius)
    wide = widened(x)
    kind = wide.dtype.type
    n = kind(bias) + kind(alpha) * _band_sum(wide * wide, depth_radius)
    return narrowed(wide * n ** kind(-beta), x.dtype)


@quiet
def lrn_grad(
    dy: Array,
    x: Array,
    y: Array,
    depth_radius: int = 5,
    bias: float = 1.0,
    alpha: float = 1.0,
    beta: float = 0.5,
) -> Array:
    """dx = dy * n ** -beta - 2 * alpha * beta * x * bandsum(dy * y / n)."""
    dy, x, y = np.asarray(dy), np.asarray(x), np.asarray(y)
    _check(x, depth_radius)
    if not dy.shape == x.shape == y.shape:
        raise ValueError(
            f"dy, x and y must have one shape, got {dy.shape}, {x.shape} and {y.shape}"
        )
    wide, grads = widened(x), widened(dy)
    kind = wide.dtype.type
    n = kind(bias) + kind(alpha) * _band_sum(wide * wide, depth_radius)
    spread = _band_sum(grads * widened(y) / n, depth_radius)
    return narrowed(grads * n ** kind(-beta) - kind(2 * alpha * beta) * wide * spread, x.dtype)
