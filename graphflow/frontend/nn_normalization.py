"""tf.nn: moments, and normalizations by them."""

from __future__ import annotations

import math
from typing import Any

from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import float16, float32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.reduce_idioms import fold, reduce_prod, reduce_sum


def moments(
    x: Any,
    axes: Any,
    shift: Any = None,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean and the variance of x over `axes`; `shift` is ignored."""
    keep = one_of_two("keepdims", keepdims, "keep_dims", keep_dims)
    with build.name_scope(name, "moments", [x, axes]):
        narrow = x.dtype.base_dtype is float16
        y = idioms.cast(x, float32) if narrow else x
        mean = fold("Mean", y, axes, True, name="mean")
        squares = raw.SquaredDifference(y, raw.StopGradient(mean))
        variance = fold("Mean", squares, axes, True, name="variance")
        if not keep:
            mean, variance = _squeezed(mean, axes), _squeezed(variance, axes)
        if narrow:
            return idioms.cast(mean, float16), idioms.cast(variance, float16)
        return mean, variance


def _squeezed(x: Tensor, axes: Any) -> Tensor:
    if isinstance(axes, int):
        axes = [axes]
    return raw.Squeeze(x, squeeze_dims=axes or ())


def weighted_moments(
    x: Any,
    axes: Any,
    frequency_weights: Any,
    name: str | None = None,
    keep_dims: bool | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor]:
    """The mean and the variance of x over `axes`, each element counted as often as its weight says."""
    keep = one_of_two("keepdims", keepdims, "keep_dims", keep_dims)
    with build.name_scope(name, "weighted_moments", [x, frequency_weights, axes]):
        x = convert(x, name="x")
        weights = convert(frequency_weights, name="frequency_weights")
        narrow = x.dtype.base_dtype is float16
        if narrow:
            x = idioms.cast(x, float32)
        if weights.dtype.base_dtype is not x.dtype.base_dtype:
            weights = idioms.cast(weights, x.dtype)
        total = reduce_sum(weights * x, axes, True, name="weighted_input_sum")
        spread = weights + idioms.zeros_like(x)
        count = reduce_sum(spread, axes, True, name="sum_of_weights")
        divisor = raw.Reciprocal(count, name="inv_weight_sum")
        mean = raw.Mul(total, divisor)
        squares = reduce_sum(
            weights * raw.SquaredDifference(x, mean), axes, True, name="weighted_distsq"
        )
        variance = raw.Mul(squares, divisor)
        if not keep:
            mean, variance = _squeezed(mean, axes), _squeezed(variance, axes)
        if narrow:
            return idioms.cast(mean, float16), idioms.cast(variance, float16)
        return mean, variance


def sufficient_statistics(
    x: Any,
    axes: Any,
    shift: Any = None,
    keep_dims: bool | None = None,
    name: str | None = None,
    keepdims: bool | None = None,
) -> tuple[Tensor, Tensor, Tensor, Tensor | None]:
    """The count, the sum and the sum of squares of x over `axes`, of which moments are made."""
    axes = list(set(axes))
    keep = bool(one_of_two("keepdims", keepdims, "keep_dims", keep_dims))
    with build.name_scope(name, "sufficient_statistics", [x, shift]):
        x = convert(x, name="x")
        known = x.shape.known
        sizes = [None] if known is None else [known[d] for d in axes]
        if all(isinstance(n, int) for n in sizes):
            count = constant(math.prod(n for n in sizes if isinstance(n, int)), x.dtype)
        else:
            dims = raw.GatherV2(idioms.cast(idioms.shape(x), x.dtype), axes, 0)
            count = reduce_prod(dims, name="count")
        if shift is None:
            first, second = x, raw.Square(x)
        else:
            shift = convert(shift, name="shift")
            first, second = raw.Sub(x, shift), raw.SquaredDifference(x, shift)
        total = reduce_sum(first, axes, keep, name="mean_ss")
        squares = reduce_sum(second, axes, keep, name="var_ss")
        return count, total, squares, shift


def normalize_moments(
    counts: Any, mean_ss: Any, variance_ss: Any, shift: Any, name: str | None = None
) -> tuple[Tensor, Tensor]:
    """The mean and the variance that sufficient statistics tell of."""
    with build.name_scope(name, "normalize", [counts, mean_ss, variance_ss, shift]):
        divisor = raw.Reciprocal(counts, name="divisor")
        if shift is None:
            shifted = mean = raw.Mul(mean_ss, divisor, name="mean")
        else:
            shifted = raw.Mul(mean_ss, divisor, name="shifted_mean")
            mean = raw.Add(shifted, shift, name="mean")
        second = raw.Mul(variance_ss, divisor)
        variance = raw.Sub(second, raw.Square(shifted), name="variance")
        return mean, variance


def batch_normalization(
    x: Any,
    mean: Any,
    variance: Any,
    offset: Any,
    scale: Any,
    variance_epsilon: Any,
    name: str | None = None,
) -> Tensor:
    """(x - mean) / sqrt(variance + variance_epsilon) * scale + offset."""
    with build.name_scope(name, "batchnorm", [x, mean, variance, scale, offset]):
        factor = raw.Rsqrt(variance + variance_epsilon)
        if scale is not None:
            factor = factor * scale
        product = x * idioms.cast(factor, x.dtype)
        rest = offset - mean * factor if offset is not None else -mean * factor
        return product + idioms.cast(rest, x.dtype)


def batch_norm_with_global_normalization(
    t: Any = None,
    m: Any = None,
    v: Any = None,
    beta: Any = None,
    gamma: Any = None,
    variance_epsilon: Any = None,
    scale_after_normalization: Any = None,
    name: str | None = None,
    input: Any = None,
    mean: Any = None,
    variance: Any = None,
) -> Tensor:
    """batch_normalization under its oldest name."""
    t = one_of_two("input", input, "t", t)
    m = one_of_two("mean", mean, "m", m)
    v = one_of_two("variance", variance, "v", v)
    scale = gamma if scale_after_normalization else None
    return batch_normalization(t, m, v, beta, scale, variance_epsilon, name)


#: what devices of old could divide by
_LEAST_EPSILON = 1.001e-5


def fused_batch_norm(
    x: Any,
    scale: Any,
    offset: Any,
    mean: Any = None,
    variance: Any = None,
    epsilon: float = 0.001,
    data_format: str = "NHWC",
    is_training: bool = True,
    name: str | None = None,
) -> tuple[Tensor, Tensor, Tensor]:
    """Batch normalization of images in one op; also the mean and the variance that were used."""
    x, scale = convert(x, name="input"), convert(scale, name="scale")
    offset = convert(offset, name="offset")
    if is_training and (mean is not None or variance is not None):
        raise ValueError("Both 'mean' and 'variance' must be None if is_training is True.")
    mean = constant([]) if mean is None else mean
    variance = constant([]) if variance is None else variance
    found = raw.FusedBatchNormV3(
        x,
        scale,
        offset,
        mean,
        variance,
        epsilon=max(epsilon, _LEAST_EPSILON),
        data_format=data_format,
        is_training=is_training,
        name=name,
    )
    return found[0], found[1], found[2]


def local_response_normalization(
    input: Any,
    depth_radius: int = 5,
    bias: float = 1,
    alpha: float = 1,
    beta: float = 0.5,
    name: str | None = None,
) -> Tensor:
    """input / (bias + alpha * the sum of squares of neighbouring channels) ** beta."""
    return raw.LRN(input, depth_radius=depth_radius, bias=bias, alpha=alpha, beta=beta, name=name)


lrn = local_response_normalization

__all__: list[str] = []

NAMESPACES = {
    "nn": [
        *("batch_norm_with_global_normalization", "batch_normalization", "fused_batch_norm"),
        *("local_response_normalization", "lrn", "moments", "normalize_moments"),
        *("sufficient_statistics", "weighted_moments"),
    ]
}
