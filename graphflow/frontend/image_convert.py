"""tf.image: element types and colours of images."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.image_checks import checked_grayscale
from graphflow.frontend.math_more import saturate_cast
from graphflow.frontend.tensordot import tensordot
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype, float32, int32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.operators import div


def convert_image_dtype(
    image: Any, dtype: Any, saturate: bool = False, name: str | None = None
) -> Tensor:
    """The image in another type: 0 stays 0, and 1.0 of floats is the greatest number of integers."""
    image = convert(image, name="image")
    source, target = image.dtype.base_dtype, as_dtype(dtype)
    if not target.is_floating and not target.is_integer:
        raise AttributeError("dtype must be either floating point or integer")
    if target is source:
        return raw.Identity(image, name=name)
    to = saturate_cast if saturate else idioms.cast
    with build.name_scope(name, "convert_image", [image]) as scope:
        if source.is_floating and target.is_floating:
            return idioms.cast(image, target, scope)
        if source.is_floating:
            # the half keeps the cast, which cuts, from losing the greatest number
            return to(raw.Mul(image, target.max + 0.5), target, name=scope)
        if target.is_floating:
            return raw.Mul(idioms.cast(image, target), 1.0 / source.max, name=scope)
        most, wanted = int(source.max), int(target.max)
        if most > wanted:
            return to(div(image, (most + 1) // (wanted + 1)), target, name=scope)
        return raw.Mul(to(image, target), (wanted + 1) // (most + 1), name=scope)


def rgb_to_grayscale(images: Any, name: str | None = None) -> Tensor:
    """0.2989 red + 0.587 green + 0.114 blue."""
    with build.name_scope(name, "rgb_to_grayscale", [images]) as scope:
        images = convert(images, name="images")
        floats = convert_image_dtype(images, float32)
        gray = raw.ExpandDims(tensordot(floats, [0.2989, 0.5870, 0.1140], [-1, -1]), -1)
        return convert_image_dtype(gray, images.dtype.base_dtype, name=scope)


def grayscale_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """The gray channel three times."""
    with build.name_scope(name, "grayscale_to_rgb", [images]) as scope:
        images = convert(checked_grayscale(images), name="images")
        others = raw.ExpandDims(idioms.rank(images) - 1, 0)
        ones = idioms.ones(others, dtype=int32)
        times = concat([ones, raw.ExpandDims(3, 0)], 0)
        rgb = raw.Tile(images, times, name=scope)
        rgb.set_shape(images.shape[:-1].concatenate([3]))
        return rgb


def rgb_to_hsv(images: Any, name: str | None = None) -> Tensor:
    """Hue, saturation and value, all in [0, 1]."""
    return raw.RGBToHSV(images, name=name)


def hsv_to_rgb(images: Any, name: str | None = None) -> Tensor:
    """Red, green and blue."""
    return raw.HSVToRGB(images, name=name)


def _times_matrix(images: Any, matrix: list[list[float]]) -> Tensor:
    images = convert(images, name="images")
    kernel = convert(matrix, dtype=images.dtype, name="kernel")
    return tensordot(images, kernel, axes=[[images.shape.rank - 1], [0]])


def rgb_to_yiq(images: Any) -> Tensor:
    """Luma, and the colour along two axes."""
    return _times_matrix(
        images,
        [
            [0.299, 0.59590059, 0.2115],
            [0.587, -0.27455667, -0.52273617],
            [0.114, -0.32134392, 0.31119955],
        ],
    )


def yiq_to_rgb(images: Any) -> Tensor:
    """Red, green and blue of luma and the colour along two axes."""
    return _times_matrix(
        images,
        [[1, 1, 1], [0.95598634, -0.27201283, -1.10674021], [0.6208248, -0.64720424, 1.70423049]],
    )


def rgb_to_yuv(images: Any) -> Tensor:
    """Luma, and the differences of blue and red from it."""
    return _times_matrix(
        images,
        [
            [0.299, -0.14714119, 0.61497538],
            [0.587, -0.28886916, -0.51496512],
            [0.114, 0.43601035, -0.10001026],
        ],
    )


def yuv_to_rgb(images: Any) -> Tensor:
    """Red, green and blue of luma and the differences of blue and red from it."""
    return _times_matrix(
        images, [[1, 1, 1], [0, -0.394642334, 2.03206185], [1.13988303, -0.58062185, 0]]
    )


__all__: list[str] = []

NAMESPACES = {
    "image": [
        *(
            "convert_image_dtype",
            "grayscale_to_rgb",
            "hsv_to_rgb",
            "rgb_to_grayscale",
            "rgb_to_hsv",
        ),
        *("rgb_to_yiq", "rgb_to_yuv", "yiq_to_rgb", "yuv_to_rgb"),
    ]
}
