"""The pixels in image files, read by the optional package pillow; PNG with 16 bits a channel is read here."""

from __future__ import annotations

import io
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError, UnimplementedError
from graphflow.numeric import png

#: the most pixels that an image may have
MOST_PIXELS = 1 << 29


def pillow() -> Any:
    try:
        from PIL import Image, ImageSequence
    except ImportError:
        raise UnimplementedError(
            message="reading images and writing JPEG need the package pillow: "
            "pip install 'graphflow-compiler[image]'"
        ) from None
    return Image, ImageSequence


def opened(contents: Any, formats: tuple[str, ...]) -> Any:
    """The image in a file of one of the formats, of which only the header has been read."""
    data = _bytes(contents)
    image, _ = pillow()
    kinds = "JPEG, PNG, or GIF" if "JPEG" in formats else formats[0]
    if not data:
        raise InvalidArgumentError(message=f"Expected image ({kinds}), got empty file")
    try:
        found = image.open(io.BytesIO(data), formats=formats)
    except (OSError, ValueError, SyntaxError, image.DecompressionBombError) as error:
        raise InvalidArgumentError(
            message=f"Expected image ({kinds}), got unknown format starting with {data[:8]!r}: {error}"
        ) from None
    if found.width * found.height > MOST_PIXELS:
        raise InvalidArgumentError(
            message=f"an image of {found.width} by {found.height} pixels is too large"
        )
    return found


def _bytes(contents: Any) -> bytes:
    data = np.asarray(contents).item()
    return data if isinstance(data, bytes) else str(data).encode()


def loaded(picture: Any, mode: str | None = None) -> Any:
    """The pixels, in the given mode if any; what is wrong with the file shows here."""
    try:
        return np.asarray(
            picture if mode is None or picture.mode == mode else picture.convert(mode)
        )
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise InvalidArgumentError(message=f"Invalid {picture.format} data: {error}") from None


MODES = {1: "L", 2: "LA", 3: "RGB", 4: "RGBA"}
STILL = ("JPEG", "PNG", "GIF")


def still_image(contents: Any, channels: int, dtype: Any) -> Any:
    """A still image [height, width, channels] of any format, in uint8 or uint16."""
    picture = opened(contents, STILL)
    if picture.format == "JPEG" and channels != 4:
        return _as_type(jpeg(picture, channels, 1, True, ""), dtype)
    if picture.format == "PNG":
        wide = _wide(picture, _bytes(contents), channels)
        if wide is not None:
            return _as_type(wide, dtype)
    if picture.format == "GIF":
        if getattr(picture, "n_frames", 1) > 1:
            raise InvalidArgumentError(message="Got more than one frame of a GIF: use decode_gif")
        if channels not in (0, 3) or dtype != np.uint8:
            raise InvalidArgumentError(message="a GIF is read as 3 channels of uint8")
    if picture.mode == "P" and "transparency" in picture.info:
        # where a colour is transparent, only this keeps the colour
        return _as_type(_with_channels(loaded(picture, "RGBA"), channels or 4), dtype)
    if channels == 0:
        channels = channels_of(picture)
    if channels == 1 and picture.mode not in ("1", "L", "LA", "I;16"):
        return _as_type(_gray(loaded(picture, "RGB")), dtype)
    found = loaded(picture, MODES[channels])
    return _as_type(found.reshape(*found.shape[:2], channels), dtype)


def channels_of(picture: Any) -> int:
    if picture.mode == "P":
        return 4 if "transparency" in picture.info and picture.format == "PNG" else 3
    return {"1": 1, "L": 1, "I;16": 1, "LA": 2, "RGBA": 4}.get(picture.mode, 3)


def _wide(picture: Any, data: bytes, channels: int) -> Any:
    """The pixels in uint16 of a PNG with 16 bits a channel, or None."""
    head = png.header(data)
    if head.depth != 16:
        return None
    if picture.mode == "I;16":
        found = loaded(picture)[..., None].astype(np.uint16)
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


def jpeg(picture: Any, channels: int, ratio: int, fancy: bool, method: str) -> Any:
    """The pixels of a JPEG, made smaller by `ratio` while they are decoded."""
    channels = channels or (1 if picture.mode == "L" else 3)
    mode = MODES[channels]
    smaller = (max(1, picture.width // ratio), max(1, picture.height // ratio))
    picture.draft(mode, smaller)
    whole = all(layer[1] == layer[2] == 1 for layer in getattr(picture, "layer", ()))
    if method != "INTEGER_ACCURATE" and (whole or channels == 1 or not fancy):
        # the quick transform; pillow joins it with plain upsampling, which shows where colours are coarser
        picture.decoderconfig = (ratio, 1)
    found = loaded(picture, mode)
    return found.reshape(*found.shape[:2], channels)


def check_channels(channels: int, allowed: tuple[int, ...]) -> None:
    if channels not in allowed:
        raise InvalidArgumentError(message=f"channels must be one of {allowed}, got {channels}")


def jpeg_file(image: Any, quality: int, **options: Any) -> Any:
    if not 0 <= quality <= 100:
        raise InvalidArgumentError(message=f"quality must be in [0,100], got {quality}")
    if image.size == 0 or max(image.shape[:2]) > 65500:
        raise InvalidArgumentError(message=f"no JPEG has the shape {image.shape}")
    image_class, _ = pillow()
    file = io.BytesIO()
    pixels = np.ascontiguousarray(image[..., 0] if image.shape[2] == 1 else image)
    image_class.fromarray(pixels).save(file, "JPEG", quality=quality, **options)
    return as_text(file.getvalue())


def as_text(data: bytes) -> Any:
    out = np.empty((), object)
    out[()] = data
    return out
