"""The values of summaries, made from arrays as TensorFlow's summary ops make them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from graphflow import errors
from graphflow.io import png, protos, tensor_proto, wav
from graphflow.io.histogram import histogram as count

Array = npt.NDArray[Any]

#: What pixels become that are not finite: red.
BAD_COLOR = (255, 0, 0, 255)

#: Below it the greatest pixel counts as zero.
_ZERO = 1e-6


def scalar(tag: str, value: Any) -> Any:
    """A number."""
    return protos.Summary.Value(tag=tag, simple_value=float(value))


def histogram(tag: str, values: Any) -> Any:
    """The distribution of finite numbers."""
    return protos.Summary.Value(
        tag=tag, histo=protos.HistogramProto(**count(tag, values)._asdict())
    )


def tensor(tag: str, value: Any, metadata: Any = None) -> Any:
    """Any array, for the plugin that `metadata`, a SummaryMetadata, names."""
    array = np.asarray(value)
    made = protos.Summary.Value(tag=tag, tensor=tensor_proto.from_array(array, content=True))
    made.metadata.SetInParent()
    if metadata is not None:
        made.metadata.CopyFrom(metadata)
    return made


def text(tag: str, value: Any) -> Any:
    """Strings, which TensorBoard reads as Markdown."""
    plugin = protos.SummaryMetadata.PluginData(plugin_name="text")
    return tensor(tag, np.asarray(value, object), protos.SummaryMetadata(plugin_data=plugin))


def _tags(tag: str, kind: str, outputs: int, available: int) -> list[str]:
    """``tag/kind`` where at most one output was asked for, else numbered."""
    if outputs == 1:
        return [f"{tag}/{kind}"][:available]
    return [f"{tag}/{kind}/{i}" for i in range(min(outputs, available))]


def normalized(image: Array, bad_color: Array) -> Array:
    """A float image, [height, width, channels], as uint8, scaled by its finite pixels.

    Without negative values 0 stays 0 and the greatest becomes 255; else 0 becomes 128 and the
    greatest magnitude 127 more or less. As in TensorFlow the scale is a float32 and the
    arithmetic that of the image's own type.
    """
    dtype = image.dtype.type
    finite = np.isfinite(image).all(axis=-1)
    good = image[finite]
    low = good.min() if good.size else dtype(np.inf)
    high = good.max() if good.size else dtype(-np.inf)
    span, offset = (127, 128) if low < 0 else (255, 0)
    most = max(abs(low), abs(high)) if low < 0 else high
    with np.errstate(all="ignore"):
        wide = np.promote_types(image.dtype, np.float32).type
        scale = np.float32(wide(0 if most < dtype(_ZERO) else span) / wide(most))
        scaled = image * dtype(scale) + dtype(offset)
        levels = np.nan_to_num(scaled, nan=0.0, posinf=255.0, neginf=0.0)
        result: Array = np.clip(levels, 0, 255).astype(np.uint8)
    result[~finite] = bad_color[: image.shape[-1]]
    return result


def images(tag: str, batch: Any, max_images: int = 3, bad_color: Any = BAD_COLOR) -> list[Any]:
    """The first images of a batch, [batch, height, width, channels], of uint8 or floats."""
    array = np.asarray(batch)
    if array.ndim != 4 or array.shape[-1] not in (1, 3, 4):
        raise errors.InvalidArgumentError(
            message=f"Tensor must be 4-D with last dim 1, 3, or 4, not {list(array.shape)}"
        )
    if 0 in array.shape[1:]:
        raise errors.InvalidArgumentError(
            message=f"input tensor must have non-zero dims. Found: {list(array.shape)}."
        )
    height, width, depth = array.shape[1:]
    colour = np.asarray(bad_color, np.uint8)
    if colour.ndim != 1 or colour.size < depth:
        raise errors.InvalidArgumentError(
            message=f"expected depth <= bad_color.size, got depth = {depth}, "
            f"bad_color.size = {colour.size}",
        )
    values = []
    for each, image in zip(_tags(tag, "image", max_images, len(array)), array, strict=False):
        pixels = image if image.dtype == np.uint8 else normalized(image, colour)
        picture = protos.Summary.Image(
            height=height, width=width, colorspace=depth, encoded_image_string=png.encode(pixels)
        )
        values.append(protos.Summary.Value(tag=each, image=picture))
    return values


def audio(tag: str, batch: Any, sample_rate: float, max_outputs: int = 3) -> list[Any]:
    """The first sounds, floats of -1 to 1, of [batch, frames] or [batch, frames, channels]."""
    array = np.asarray(batch)
    if array.ndim not in (2, 3):
        raise errors.InvalidArgumentError(
            message=f"Tensor must be 3-D or 2-D, got: {list(array.shape)}"
        )
    array = array.reshape(*array.shape[:2], -1) if array.ndim == 2 else array
    values = []
    for each, sound in zip(_tags(tag, "audio", max_outputs, len(array)), array, strict=False):
        recording = protos.Summary.Audio(
            sample_rate=sample_rate,
            num_channels=sound.shape[1],
            length_frames=sound.shape[0],
            encoded_audio_string=wav.encode(sound, sample_rate),
            content_type="audio/wav",
        )
        values.append(protos.Summary.Value(tag=each, audio=recording))
    return values


def merge(summaries: Iterable[bytes]) -> bytes:
    """One serialised Summary of several, whose tags must differ."""
    merged = protos.Summary()
    tags = set()
    for data in summaries:
        for value in protos.parse("Summary", data).value:
            if value.tag in tags:
                raise errors.InvalidArgumentError(
                    message=f"Duplicate tag {value.tag} found in summary inputs"
                )
            tags.add(value.tag)
            merged.value.append(value)
    result: bytes = merged.SerializeToString()
    return result
