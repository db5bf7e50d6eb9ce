"""tf.image and tf.io: image files."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.control_flow import Assert, cond
from graphflow.frontend.image_checks import is_symbolic
from graphflow.frontend.image_convert import convert_image_dtype
from graphflow.frontend.random import random_uniform
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype, int32, uint8, uint16
from graphflow.ir.node import Tensor


def decode_png(
    contents: Any, channels: int = 0, dtype: Any = uint8, name: str | None = None
) -> Tensor:
    """The image in a PNG file."""
    return raw.DecodePng(contents, channels=channels or 0, dtype=dtype, name=name)


def decode_jpeg(
    contents: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Tensor:
    """The image in a JPEG file, made smaller by `ratio` while it is decoded."""
    return raw.DecodeJpeg(
        contents,
        channels=channels or 0,
        ratio=ratio,
        fancy_upscaling=fancy_upscaling,
        try_recover_truncated=try_recover_truncated,
        acceptable_fraction=acceptable_fraction,
        dct_method=dct_method,
        name=name,
    )


def decode_and_crop_jpeg(
    contents: Any,
    crop_window: Any,
    channels: int = 0,
    ratio: int = 1,
    fancy_upscaling: bool = True,
    try_recover_truncated: bool = False,
    acceptable_fraction: float = 1,
    dct_method: str = "",
    name: str | None = None,
) -> Tensor:
    """The window [y, x, height, width] of the image in a JPEG file."""
    return raw.DecodeAndCropJpeg(
        contents,
        crop_window,
        channels=channels or 0,
        ratio=ratio,
        fancy_upscaling=fancy_upscaling,
        try_recover_truncated=try_recover_truncated,
        acceptable_fraction=acceptable_fraction,
        dct_method=dct_method,
        name=name,
    )


def decode_gif(contents: Any, name: str | None = None) -> Tensor:
    """All frames of a GIF file."""
    return raw.DecodeGif(contents, name=name)


def decode_bmp(contents: Any, channels: int = 0, name: str | None = None) -> Tensor:
    """The image in a BMP file."""
    return raw.DecodeBmp(contents, channels=channels or 0, name=name)


def extract_jpeg_shape(contents: Any, output_type: Any = int32, name: str | None = None) -> Tensor:
    """Height, width and channels of the image in a JPEG file."""
    return raw.ExtractJpegShape(contents, output_type=output_type, name=name)


def encode_png(image: Any, compression: int = -1, name: str | None = None) -> Tensor:
    """A PNG file of an image."""
    return raw.EncodePng(image, compression=compression, name=name)


def encode_jpeg(
    image: Any,
    format: str = "",
    quality: int = 95,
    progressive: bool = False,
    optimize_size: bool = False,
    chroma_downsampling: bool = True,
    density_unit: str = "in",
    x_density: int = 300,
    y_density: int = 300,
    xmp_metadata: str = "",
    name: str | None = None,
) -> Tensor:
    """A JPEG file of an image."""
    return raw.EncodeJpeg(
        image,
        format=format,
        quality=quality,
        progressive=progressive,
        optimize_size=optimize_size,
        chroma_downsampling=chroma_downsampling,
        density_unit=density_unit,
        x_density=x_density,
        y_density=y_density,
        xmp_metadata=xmp_metadata,
        name=name,
    )


def is_jpeg(contents: Any, name: str | None = None) -> Tensor:
    """Whether a file begins as JPEG files do."""
    with build.name_scope(name, "is_jpeg"):
        return raw.Equal(raw.Substr(contents, 0, 3), b"\xff\xd8\xff", name=name)


def _is_png(contents: Any) -> Tensor:
    with build.name_scope(None, "is_png"):
        return raw.Equal(raw.Substr(contents, 0, 3), b"\211PN")


def decode_image(
    contents: Any,
    channels: int | None = None,
    dtype: Any = uint8,
    name: str | None = None,
    expand_animations: bool = True,
) -> Tensor:
    """The image in a file that may be JPEG, PNG, GIF or BMP."""
    with build.name_scope(name, "decode_image"):
        if channels not in (None, 0, 1, 3, 4):
            raise ValueError("channels must be in (None, 0, 1, 3, 4)")
        start = raw.Substr(contents, 0, 3)
        wanted, target = channels or 0, as_dtype(dtype)

        def checked(good: Any, message: str) -> Any:
            return build.current_graph().control_dependencies([Assert(good, [message])])

        def bmp() -> Tensor:
            is_bmp = raw.Equal(raw.Substr(contents, 0, 2), "BM", name="is_bmp")
            with checked(is_bmp, "Unable to decode bytes as JPEG, PNG, GIF, or BMP"):
                return convert_image_dtype(raw.DecodeBmp(contents), target)

        def gif() -> Tensor:
            good = raw.LogicalAnd(
                raw.NotEqual(wanted, 1, name="check_gif_channels"),
                raw.NotEqual(wanted, 4, name="check_gif_channels"),
            )
            with checked(good, "Channels must be in (None, 0, 3) when decoding GIF images"):
                frames = convert_image_dtype(raw.DecodeGif(contents), target)
                return frames if expand_animations else raw.GatherV2(frames, 0, 0)

        def gif_or_bmp() -> Tensor:
            return cond(raw.Equal(start, b"GIF", name="is_gif"), gif, bmp, name="cond_gif")

        def from_png() -> Tensor:
            narrow = uint8 if target is uint8 else uint16
            return convert_image_dtype(decode_png(contents, wanted, narrow), target)

        def png_or_other() -> Tensor:
            return cond(_is_png(contents), from_png, gif_or_bmp, name="cond_png")

        def jpeg() -> Tensor:
            good = raw.NotEqual(wanted, 4, name="check_jpeg_channels")
            with checked(good, "Channels must be in (None, 0, 1, 3) when decoding JPEG images"):
                return convert_image_dtype(decode_jpeg(contents, wanted), target)

        return cond(is_jpeg(contents), jpeg, png_or_other, name="cond_jpeg")


def adjust_jpeg_quality(image: Any, jpeg_quality: Any, name: str | None = None) -> Tensor:
    """The image as a JPEG of that quality shows it."""
    with build.name_scope(name, "adjust_jpeg_quality", [image]):
        image = convert(image, name="image")
        source = image.dtype.base_dtype
        image = convert_image_dtype(image, uint8)
        if not is_symbolic(jpeg_quality):
            jpeg_quality = convert(jpeg_quality, dtype=int32)
        shown = raw.DecodeJpeg(raw.EncodeJpegVariableQuality(image, jpeg_quality))
        return convert_image_dtype(shown, source)


def random_jpeg_quality(
    image: Any, min_jpeg_quality: int, max_jpeg_quality: int, seed: int | None = None
) -> Tensor:
    """adjust_jpeg_quality to a random quality."""
    if not (0 <= min_jpeg_quality <= 100 and 0 <= max_jpeg_quality <= 100):
        raise ValueError("jpeg encoding range must be between 0 and 100.")
    if min_jpeg_quality >= max_jpeg_quality:
        raise ValueError("`min_jpeg_quality` must be less than `max_jpeg_quality`.")
    quality = random_uniform([], min_jpeg_quality, max_jpeg_quality, seed=seed, dtype=int32)
    return adjust_jpeg_quality(image, quality)


_FILES = [
    *("decode_and_crop_jpeg", "decode_bmp", "decode_gif", "decode_image", "decode_jpeg"),
    *("decode_png", "encode_jpeg", "extract_jpeg_shape", "is_jpeg"),
]

__all__: list[str] = []

NAMESPACES = {
    "image": [*_FILES, "adjust_jpeg_quality", "encode_png", "random_jpeg_quality"],
    "io": _FILES,
}
