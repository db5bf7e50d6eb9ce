"""Image files and the images in them. PNG is written here; all else is done by the optional package pillow."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError, UnimplementedError
from graphflow.ir.dtype import DType, int32, uint8, uint16
from graphflow.ir.known import known_list
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, Dim, Symbol, TensorShape
from graphflow.numeric import png
from graphflow.ops.windows import one_of, same_dim, with_rank

#: the most pixels that an image may have
_MOST_PIXELS = 1 << 29


def _pillow() -> Any:
    try:
        from PIL import Image, ImageSequence
    except ImportError:
        raise UnimplementedError(
            message="reading images and writing JPEG need the package pillow: "
            "pip install 'graphflow-compiler[image]'"
        ) from None
    return Image, ImageSequence


def _opened(contents: Any, formats: tuple[str, ...]) -> Any:
    """The image in a file of one of the formats, of which only the header has been read."""
    data = _bytes(contents)
    image, _ = _pillow()
    kinds = "JPEG, PNG, or GIF" if "JPEG" in formats else formats[0]
    if not data:
        raise InvalidArgumentError(message=f"Expected image ({kinds}), got empty file")
    try:
        found = image.open(io.BytesIO(data), formats=formats)
    except (OSError, ValueError, SyntaxError, image.DecompressionBombError) as error:
        raise InvalidArgumentError(
            message=f"Expected image ({kinds}), got unknown format starting with {data[:8]!r}: {error}"
        ) from None
    if found.width * found.height > _MOST_PIXELS:
        raise InvalidArgumentError(
            message=f"an image of {found.width} by {found.height} pixels is too large"
        )
    return found


def _bytes(contents: Any) -> bytes:
    data = np.asarray(contents).item()
    return data if isinstance(data, bytes) else str(data).encode()


def _loaded(picture: Any, mode: str | None = None) -> Any:
    """The pixels, in the given mode if any; what is wrong with the file shows here."""
    try:
        return np.asarray(
            picture if mode is None or picture.mode == mode else picture.convert(mode)
        )
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise InvalidArgumentError(message=f"Invalid {picture.format} data: {error}") from None


_MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
_ANY = ("JPEG", "PNG", "GIF")


def _pixels(contents: Any, channels: int, dtype: Any) -> Any:
    """A still image [height, width, channels] of any format, in uint8 or uint16."""
    picture = _opened(contents, _ANY)
    if picture.format == "JPEG" and channels != 4:
        return _as_type(_jpeg(picture, channels, 1, True, ""), dtype)
    if picture.format == "PNG":
        wide = _wide(picture, _bytes(contents), channels)
        if wide is not None:
            return _as_type(wide, dtype)
    if picture.format == "GIF" and getattr(picture, "n_frames", 1) > 1:
        raise InvalidArgumentError(message="Got more than one frame of a GIF: use decode_gif")
    if channels == 0:
        channels = _channels_of(picture)
    if channels == 1 and picture.mode not in ("1", "L", "LA", "I;16"):
        return _as_type(_gray(_loaded(picture, "RGB")), dtype)
    found = _loaded(picture, _MODES[channels])
    return _as_type(found.reshape(*found.shape[:2], channels), dtype)


def _channels_of(picture: Any) -> int:
    if picture.mode == "P":
        return 4 if "transparency" in picture.info and picture.format == "PNG" else 3
    return {"1": 1, "L": 1, "I;16": 1, "LA": 2, "RGBA": 4}.get(picture.mode, 3)


def _wide(picture: Any, data: bytes, channels: int) -> Any:
    """The pixels in uint16 of a PNG with 16 bits a channel, or None."""
    head = png.header(data)
    if head.depth != 16:
        return None
    if picture.mode == "I;16":
        found = _loaded(picture)[..., None].astype(np.uint16)
    elif head.interlaced:
        return None
    else:
        try:
            found = png.decode_16_bits(data)
        except ValueError as error:
            raise InvalidArgumentError(message=str(error)) from None
    return _with_channels(found, channels or found.shape[-1])


def _with_channels(pixels: Any, channels: int) -> Any:
    """The pixels with alpha dropped or added, and colours made of gray or gray of colours."""
    colours, alpha = pixels, None
    if pixels.shape[-1] in (2, 4):
        colours, alpha = pixels[..., :-1], pixels[..., -1:]
    if channels >= 3 and colours.shape[-1] == 1:
        colours = np.repeat(colours, 3, -1)
    elif channels <= 2 and colours.shape[-1] == 3:
        colours = _gray(colours)
    if channels in (1, 3):
        return colours
    opaque = np.full((*colours.shape[:-1], 1), np.iinfo(pixels.dtype).max, pixels.dtype)
    return np.concatenate([colours, opaque if alpha is None else alpha], -1)


def _gray(rgb: Any) -> Any:
    """0.299 red + 0.587 green + 0.114 blue in fixed point; 8 bits are cut and 16 bits rounded, as readers of PNG do."""
    r, g, b = (rgb[..., i].astype(np.int64) for i in range(3))
    half = 0 if rgb.dtype == np.uint8 else 1 << 14
    return ((9797 * r + 19234 * g + 3737 * b + half) >> 15)[..., None].astype(rgb.dtype)


def _as_type(pixels: Any, dtype: Any) -> Any:
    if pixels.dtype == dtype:
        return np.ascontiguousarray(pixels)
    if dtype == np.uint8:
        return (pixels >> 8).astype(np.uint8)
    return pixels.astype(np.uint16) * np.uint16(257)


def _jpeg(picture: Any, channels: int, ratio: int, fancy: bool, method: str) -> Any:
    """The pixels of a JPEG, made smaller by `ratio` while they are decoded."""
    channels = channels or (1 if picture.mode == "L" else 3)
    mode = _MODES[channels]
    smaller = (max(1, picture.width // ratio), max(1, picture.height // ratio))
    picture.draft(mode, smaller)
    whole = all(layer[1] == layer[2] == 1 for layer in getattr(picture, "layer", ()))
    if method != "INTEGER_ACCURATE" and (whole or channels == 1 or not fancy):
        # the quick transform; pillow joins it with plain upsampling, which shows where colours are coarser
        picture.decoderconfig = (ratio, 1)
    found = _loaded(picture, mode)
    return found.reshape(*found.shape[:2], channels)


def _check_channels(channels: int, allowed: tuple[int, ...]) -> None:
    if channels not in allowed:
        raise InvalidArgumentError(message=f"channels must be one of {allowed}, got {channels}")


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
        _check_channels(self.channels, (0, 1, 3, 4))
        return _pixels(contents, self.channels, self.dtype.numpy)


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
        _check_channels(self.channels, (0, 1, 3))
        if self.ratio not in (1, 2, 4, 8):
            raise InvalidArgumentError(message=f"ratio must be 1, 2, 4, or 8, got {self.ratio}")
        picture = _opened(contents, _ANY)
        if picture.format != "JPEG":
            return _pixels(contents, self.channels, np.uint8)
        return _jpeg(picture, self.channels, self.ratio, self.fancy_upscaling, self.dct_method)


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
        picture = _opened(contents, _ANY)
        if picture.format != "GIF":
            return _pixels(contents, 3, np.uint8)[None]
        _, sequence = _pillow()
        if getattr(picture, "n_frames", 1) * picture.width * picture.height > _MOST_PIXELS:
            raise InvalidArgumentError(message="a GIF has too many frames of this size")
        return np.stack([_loaded(frame, "RGB") for frame in sequence.Iterator(picture)])


class DecodeBmp(Op):
    """The image in a BMP file."""

    signature = "contents:string -> image:uint8"
    channels: int = 0

    def infer(self, contents: Tensor) -> Any:
        return _image_shape(contents, self.channels)

    def reference(self, contents: Any) -> Any:
        _check_channels(self.channels, (0, 1, 3, 4))
        picture = _opened(contents, ("BMP",))
        own = _channels_of(picture)
        if self.channels not in (0, own):
            raise InvalidArgumentError(
                message=f"channels attribute {self.channels} does not match bits per pixel from file {8 * own}"
            )
        found = _loaded(picture, _MODES[own])
        return found.reshape(*found.shape[:2], own)


class ExtractJpegShape(Op):
    """Height, width and channels of the image in a JPEG file."""

    signature = "contents:string -> image_shape:output_type | output_type: index"
    output_type: DType = int32

    def infer(self, contents: Tensor) -> Any:
        contents.shape.with_rank(0)
        return TensorShape.of((3,))

    def reference(self, contents: Any) -> Any:
        picture = _opened(contents, ("JPEG",))
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
        return _text(png.encode(image, self.compression))


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
        return _written(
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
        return _written(image, quality=int(quality), subsampling="4:2:0")


def _written(image: Any, quality: int, **options: Any) -> Any:
    if not 0 <= quality <= 100:
        raise InvalidArgumentError(message=f"quality must be in [0,100], got {quality}")
    if image.size == 0 or max(image.shape[:2]) > 65500:
        raise InvalidArgumentError(message=f"no JPEG has the shape {image.shape}")
    pillow, _ = _pillow()
    file = io.BytesIO()
    pixels = np.ascontiguousarray(image[..., 0] if image.shape[2] == 1 else image)
    pillow.fromarray(pixels).save(file, "JPEG", quality=quality, **options)
    return _text(file.getvalue())


def _text(data: bytes) -> Any:
    out = np.empty((), object)
    out[()] = data
    return out
