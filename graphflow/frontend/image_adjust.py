"""tf.image: brightness, contrast, hue and saturation, given or random."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.image_checks import checked_image, refuse_unless
from graphflow.frontend.image_convert import convert_image_dtype
from graphflow.frontend.random import random_uniform
from graphflow.frontend.reduce import reduce_mean, reduce_prod, reduce_std
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float16, float32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.dependencies import with_dependencies
from graphflow.ops.operators import div


def _as_floats(image: Tensor) -> Tensor:
    narrow = image.dtype.base_dtype in (float16, float32)
    return image if narrow else convert_image_dtype(image, float32)


def adjust_brightness(image: Any, delta: Any) -> Tensor:
    """image + delta, on the scale of floats."""
    with build.name_scope(None, "adjust_brightness", [image, delta]) as scope:
        image = convert(image, name="image")
        floats = _as_floats(image)
        adjusted = raw.Add(floats, idioms.cast(delta, floats.dtype), name=scope)
        return convert_image_dtype(adjusted, image.dtype.base_dtype, saturate=True)


def adjust_contrast(images: Any, contrast_factor: Any) -> Tensor:
    """(image - mean) * contrast_factor + mean, by channel."""
    with build.name_scope(None, "adjust_contrast", [images, contrast_factor]) as scope:
        images = convert(images, name="images")
        adjusted = raw.AdjustContrastv2(_as_floats(images), contrast_factor, name=scope)
        return convert_image_dtype(adjusted, images.dtype.base_dtype, saturate=True)


def adjust_gamma(image: Any, gamma: Any = 1, gain: Any = 1) -> Tensor:
    """gain * image ** gamma, on the scale of floats."""
    with build.name_scope(None, "adjust_gamma", [image, gamma, gain]):
        image = convert(image, name="image")
        floats = _as_floats(image)
        checks = refuse_unless(gamma >= 0, "Gamma should be a non-negative real number.")
        if checks:
            gamma = with_dependencies(checks, gamma)
        return convert_image_dtype(gain * floats**gamma, image.dtype.base_dtype, saturate=True)


def adjust_hue(image: Any, delta: Any, name: str | None = None) -> Tensor:
    """The image with `delta` added to its hue."""
    with build.name_scope(name, "adjust_hue", [image]):
        image = convert(image, name="image")
        adjusted = raw.AdjustHue(_as_floats(image), delta)
        return convert_image_dtype(adjusted, image.dtype.base_dtype)


def adjust_saturation(image: Any, saturation_factor: Any, name: str | None = None) -> Tensor:
    """The image with its saturation multiplied."""
    with build.name_scope(name, "adjust_saturation", [image]):
        image = convert(image, name="image")
        adjusted = raw.AdjustSaturation(_as_floats(image), saturation_factor)
        return convert_image_dtype(adjusted, image.dtype.base_dtype)


def random_brightness(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """adjust_brightness by a random amount of at most `max_delta`."""
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_brightness(image, random_uniform([], -max_delta, max_delta, seed=seed))


def random_hue(image: Any, max_delta: float, seed: int | None = None) -> Tensor:
    """adjust_hue by a random amount of at most `max_delta`."""
    if max_delta > 0.5:
        raise ValueError("max_delta must be <= 0.5.")
    if max_delta < 0:
        raise ValueError("max_delta must be non-negative.")
    return adjust_hue(image, random_uniform([], -max_delta, max_delta, seed=seed))


def _in_range(
    f: Callable[..., Tensor], image: Any, lower: float, upper: float, seed: int | None
) -> Tensor:
    if upper <= lower:
        raise ValueError("upper must be > lower.")
    if lower < 0:
        raise ValueError("lower must be non-negative.")
    return f(image, random_uniform([], lower, upper, seed=seed))


def random_contrast(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """adjust_contrast by a random factor in [lower, upper]."""
    return _in_range(adjust_contrast, image, lower, upper, seed)


def random_saturation(image: Any, lower: float, upper: float, seed: int | None = None) -> Tensor:
    """adjust_saturation by a random factor in [lower, upper]."""
    return _in_range(adjust_saturation, image, lower, upper, seed)


def per_image_standardization(image: Any) -> Tensor:
    """(image - mean) / max(stddev, 1 / sqrt(number of its elements))."""
    with build.name_scope(None, "per_image_standardization", [image]) as scope:
        image = checked_image(convert(image, name="image"))
        source = image.dtype.base_dtype
        image = _as_floats(image)
        count = reduce_prod(idioms.shape(image)[-3:])
        mean = reduce_mean(image, axis=[-1, -2, -3], keepdims=True)
        spread = reduce_std(image, axis=[-1, -2, -3], keepdims=True)
        least = raw.Rsqrt(idioms.cast(count, image.dtype))
        spread = raw.Maximum(spread, least)
        image = div(image - mean, spread, name=scope)
        return convert_image_dtype(image, source, saturate=True)


__all__: list[str] = []

NAMESPACES = {
    "image": [
        *(
            "adjust_brightness",
            "adjust_contrast",
            "adjust_gamma",
            "adjust_hue",
            "adjust_saturation",
        ),
        *("per_image_standardization", "random_brightness", "random_contrast", "random_hue"),
        "random_saturation",
    ]
}
