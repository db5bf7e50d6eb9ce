"""Batch normalisation of a whole batch of images: y = (x - mean) / sqrt(variance + epsilon) * scale +
offset.

Scale, offset and statistics are float32 where x is a 16-bit float. The statistics are over all axes
but the channels.
"""

from __future__ import annotations

import numpy as np

from graphflow.numeric.convolution import channels_back, channels_last
from graphflow.numeric.elements import Array, compute_type, narrowed, quiet, widened


def _check_vectors(depth: int, vectors: dict[str, Array]) -> None:
    for name, vector in vectors.items():
        if vector.shape != (depth,):
            raise ValueError(
                f"{name} must have the shape ({depth},) of the channels, got {vector.shape}"
            )


def _sum(x: Array, axes: tuple[int, ...]) -> Array:
    """The sum over leading axes, of which numpy in float32 would lose digits."""
    return x.sum(axes, dtype=np.float64).astype(x.dtype)


def _mean(x: Array, axes: tuple[int, ...]) -> Array:
    """The mean over leading axes; NaN of nothing."""
    n = np.float64(x[..., :1].size)
    return (x.sum(axes, dtype=np.float64) / n).astype(x.dtype)


@quiet
def fused_batch_norm(
    x: Array,
    scale: Array,
    offset: Array,
    mean: Array,
    variance: Array,
    epsilon: float = 1e-4,
    data_format: str = "NHWC",
    is_training: bool = True,
) -> tuple[Array, Array, Array, Array, Array]:
    """(y, mean, variance, saved mean, saved variance); training takes the statistics from x.

    The variance that comes third is divided by n - 1, that of the fifth, which y and the gradient
    use, by n.
    """
    x = np.asarray(x)
    wide = channels_last(widened(x), data_format)
    axes, depth, n = tuple(range(wide.ndim - 1)), wide.shape[-1], wide[..., :1].size
    scale, offset, mean, variance = (np.asarray(v) for v in (scale, offset, mean, variance))
    _check_vectors(depth, {"scale": scale, "offset": offset})
    if is_training:
        if mean.size or variance.size:
            raise ValueError(
                f"mean and variance must be empty for training, got {mean.size} and {variance.size} elements"
            )
        mean = _mean(wide, axes)
        variance = _mean(np.square(wide - mean), axes)
        unbiased = variance * wide.dtype.type(n / max(n - 1, 1))
    else:
        _check_vectors(depth, {"mean": mean, "variance": variance})
        unbiased = variance
    factor = scale / np.sqrt(variance + wide.dtype.type(epsilon))
    y = channels_back(narrowed((wide - mean) * factor + offset, x.dtype), data_format)
    return y, mean, unbiased, mean, variance


@quiet
def fused_batch_norm_grad(
    dy: Array,
    x: Array,
    scale: Array,
    reserve_1: Array,
    reserve_2: Array,
    epsilon: float = 1e-4,
    data_format: str = "NHWC",
    is_training: bool = True,
) -> tuple[Array, Array, Array]:
    """(dx, dscale, doffset) from the saved mean and variance, which are constants unless training.

    With c = x - mean and r = 1 / sqrt(variance + epsilon): doffset = sum(dy), dscale = r sum(dy c),
    and dx = scale r (dy - mean(dy) - c r r mean(dy c)) in training, scale r dy otherwise.
    """
    dy, x, scale = np.asarray(dy), np.asarray(x), np.asarray(scale)
    if dy.shape != x.shape:
        raise ValueError(f"x and y_backprop must have the same shape: {x.shape} vs {dy.shape}")
    wide, grads = channels_last(widened(x), data_format), channels_last(widened(dy), data_format)
    reserve_1, reserve_2 = np.asarray(reserve_1), np.asarray(reserve_2)
    depth, n = wide.shape[-1], wide[..., :1].size
    _check_vectors(depth, {"scale": scale, "mean": reserve_1, "variance": reserve_2})
    axes = tuple(range(wide.ndim - 1))
    centred = wide - reserve_1
    r = 1 / np.sqrt(reserve_2 + compute_type(x.dtype).type(epsilon))
    doffset, products = _sum(grads, axes), _sum(grads * centred, axes)
    dx = grads
    if is_training and n:
        dx = (
            grads - doffset / wide.dtype.type(n) - centred * (r * r * products / wide.dtype.type(n))
        )
    dx = dx * (scale * r)
    return channels_back(narrowed(dx, x.dtype), data_format), products * r, doffset
