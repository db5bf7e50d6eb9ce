"""Image files and the images in them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType, int32, uint8, uint16
from graphflow.ir.known import known_list
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, Dim, Symbol, TensorShape
from graphflow.numeric import png
from graphflow.ops.image_files import (
    MODES,
    MOST_PIXELS,
    STILL,
    as_text,
    channels_of,
    check_channels,
    jpeg,
    jpeg_file,
    loaded,
    opened,
    pillow,
    still_image,
)
from graphflow.ops.windows import one_of, same_dim, with_rank


def _image_shape(contents: Tensor, channels: int) -> TensorShape:
    contents.shape.with_rank(0)
    if channels < 0:
        raise ValueError(f"channels must be non-negative, got {channels}")
    last: Dim = channels or Symbol()
    return TensorShape.of((Symbol(), Symbol(), last))


class DecodePng(Op):
    """The image in a PNG file (or in a JPEG or a GIF of one frame)."""

    signature = "contents:string -> image:dtype | dtype: uint8, uint16"
    channels: int = 0
    dtype: DType = uint8

    def infer(self, contents: Tensor) -> Any:
        if self.dtype not in (uint8, uint16):
            raise ValueError(f"dtype must be uint8 or uint16, got {self.dtype.name}")
        return _image_shape(contents, self.channels)

    def reference(self, contents: Any) -> Any:
        check_channels(self.channels, (0, 1, 3, 4))
        return still_image(contents, self.channels, self.dtype.numpy)


class _Jpeg(Op, abstract=True):
    """How a JPEG is decoded."""

    channels: int = 0
    ratio: int = 1
    fancy_upscaling: bool = True
    try_recover_truncated: bool = False
    acceptable_fraction: float = 1.0
    dct_method: str = ""

    def pixels(self, contents: Any) -> Any:
        """The image [height, width, channels] in the file."""
        check_channels(self.channels, (0, 1, 3))
        if self.ratio not in (1, 2, 4, 8):
            raise InvalidArgumentError(message=f"ratio must be 1, 2, 4, or 8, got {self.ratio}")
        picture = opened(contents, STILL)
        if picture.format != "JPEG":
            return still_image(contents, self.channels, np.uint8)
        return jpeg(picture, self.channels, self.ratio, self.fancy_upscaling, self.dct_method)


class DecodeJpeg(_Jpeg):
    """The image in a JPEG file (or in a PNG or a GIF of one frame)."""

    signature = "contents:string -> image:uint8"

    def infer(self, contents: Tensor) -> Any:
        one_of("dct_method", self.dct_method, ("", "INTEGER_FAST", "INTEGER_ACCURATE"))
        return _image_shape(contents, self.channels)

    def reference(self, contents: Any) -> Any:
        return self.pixels(contents)


class DecodeAndCropJpeg(_Jpeg):
    """The window [y, x, height, width] of the image in a JPEG file."""

    signature = "contents:string, crop_window:int32 -> image:uint8"
    by_value = True

    def infer(self, contents: Tensor, window: Tensor) -> Any:
        *_, depth = _image_shape(contents, self.channels).known or ()
        same_dim("the numbers of a window and 4", with_rank("crop_window", window, 1)[0], 4)
        known = known_list(window)
        sizes: list[Dim] = [Symbol(), Symbol()] if known is None else list(known[2:])
        return TensorShape.of((*sizes, depth))

    def reference(self, contents: Any, window: Any) -> Any:
        y, x, height, width = (int(v) for v in window)
        image = self.pixels(contents)
        if (
            y < 0
            or x < 0
            or height <= 0
            or width <= 0
            or y + height > image.shape[0]
            or x + width > image.shape[1]
        ):
            raise InvalidArgumentError(
                message=f"Invalid JPEG data or crop window: {window.tolist()} of an image {image.shape}"
            )
        return image[y : y + height, x : x + width]


class DecodeGif(Op):
    """All frames of a GIF (or the one image of a PNG or JPEG)."""

    signature = "contents:string -> image:uint8"

    def infer(self, contents: Tensor) -> Any:
        contents.shape.with_rank(0)
        return TensorShape([None, None, None, 3])

    def reference(self, contents: Any) -> Any:
        picture = opened(contents, STILL)
        if picture.format != "GIF":
            return still_image(contents, 3, np.uint8)[None]
        _, sequence = pillow()
        if getattr(picture, "n_frames", 1) * picture.width * picture.height > MOST_PIXELS:
            raise InvalidArgumentError(message="a GIF has too many frames of this size")
        return np.stack([loaded(frame, "RGB") for frame in sequence.Iterator(picture)])


class DecodeBmp(Op):
    """The image in a BMP file."""

    signature = "contents:string -> image:uint8"
    channels: int = 0

    def infer(self, contents: Tensor) -> Any:
        return _image_shape(contents, self.channels)

    def reference(self, contents: Any) -> Any:
        check_channels(self.channels, (0, 1, 3, 4))
        picture = opened(contents, ("BMP",))
        own = channels_of(picture)
        if self.channels not in (0, own):
            raise InvalidArgumentError(
                message=f"channels attribute {self.channels} does not match bits per pixel from file {8 * own}"
            )
        found = loaded(picture, MODES[own])
        return found.reshape(*found.shape[:2], own)


class ExtractJpegShape(Op):
    """Height, width and channels of the image in a JPEG file."""

    signature = "contents:string -> image_shape:output_type | output_type: index"
    output_type: DType = int32

    def infer(self, contents: Tensor) -> Any:
        contents.shape.with_rank(0)
        return TensorShape.of((3,))

    def reference(self, contents: Any) -> Any:
        picture = opened(contents, ("JPEG",))
        sizes = [picture.height, picture.width, len(picture.getbands())]
        return np.array(sizes, self.output_type.numpy)


class EncodePng(Op):
    """A PNG file of an image."""

    signature = "image:T -> contents:string | T: uint8, uint16 = uint8"
    compression: int = -1

    def infer(self, image: Tensor) -> Any:
        with_rank("image", image, 3)
        return SCALAR

    def reference(self, image: Any) -> Any:
        return as_text(png.encode(image, self.compression))


class EncodeJpeg(Op):
    """A JPEG file of an image."""

    signature = "image:uint8 -> contents:string"
    format: str = ""
    quality: int = 95
    progressive: bool = False
    optimize_size: bool = False
    chroma_downsampling: bool = True
    density_unit: str = "in"
    x_density: int = 300
    y_density: int = 300
    xmp_metadata: str = ""

    def infer(self, image: Tensor) -> Any:
        one_of("format", self.format, ("", "grayscale", "rgb"))
        one_of("density_unit", self.density_unit, ("in", "cm"))
        with_rank("image", image, 3)
        return SCALAR

    def reference(self, image: Any) -> Any:
        wanted = {"": (1, 3), "grayscale": (1,), "rgb": (3,)}[self.format]
        if image.ndim != 3 or image.shape[2] not in wanted:
            raise InvalidArgumentError(
                message=f"image must have {wanted} channels, got shape {image.shape}"
            )
        per_inch = 1.0 if self.density_unit == "in" else 2.54
        return jpeg_file(
            image,
            quality=self.quality,
            progressive=self.progressive,
            optimize=self.optimize_size,
            subsampling="4:2:0" if self.chroma_downsampling else "4:4:4",
            dpi=(round(self.x_density * per_inch), round(self.y_density * per_inch)),
            **({"xmp": self.xmp_metadata.encode()} if self.xmp_metadata else {}),
        )


class EncodeJpegVariableQuality(Op):
    """A JPEG file of an image, with its quality as an input."""

    signature = "images:uint8, quality:int32 -> contents:string"

    def infer(self, image: Tensor, quality: Tensor) -> Any:
        with_rank("images", image, 3)
        with_rank("quality", quality, 0)
        return SCALAR

    def reference(self, image: Any, quality: Any) -> Any:
        if image.shape[2] not in (1, 3):
            raise InvalidArgumentError(
                message=f"image must have 1 or 3 channels, got shape {image.shape}"
            )
        return jpeg_file(image, quality=int(quality), subsampling="4:2:0")
