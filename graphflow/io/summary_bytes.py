"""Serialised summaries, as the ops that make them return them; graphflow.ir.doors leads here."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from graphflow import errors
from graphflow.io import protos, summary_values, tensor_proto


def _text(tag: bytes) -> str:
    return tag.decode("utf-8", "replace")


def _serialized(values: Iterable[Any]) -> bytes:
    data: bytes = protos.Summary(value=values).SerializeToString()
    return data


def scalars(tags: Any, values: Any) -> bytes:
    """A number for each tag."""
    if tags.shape != values.shape:
        raise errors.InvalidArgumentError(
            message=f"tags and values not the same shape: {list(tags.shape)} != {list(values.shape)}"
        )
    pairs = zip(tags.reshape(-1).tolist(), values.reshape(-1).tolist(), strict=True)
    return _serialized(summary_values.scalar(_text(tag), _single(v)) for tag, v in pairs)


def _single(value: float) -> float:
    """The value in 32 bits: beyond their range it is infinite."""
    with np.errstate(over="ignore"):
        return float(np.float32(value))


def histogram(tag: bytes, values: Any) -> bytes:
    return _serialized([summary_values.histogram(_text(tag), values)])


def images(tag: bytes, batch: Any, most: int, bad_color: Any) -> bytes:
    return _serialized(summary_values.images(_text(tag), batch, most, bad_color))


def audio(tag: bytes, batch: Any, sample_rate: float, most: int) -> bytes:
    return _serialized(summary_values.audio(_text(tag), batch, sample_rate, most))


def tensor(tag: bytes, value: Any, metadata: bytes) -> bytes:
    described = protos.parse("SummaryMetadata", metadata)
    return _serialized([summary_values.tensor(_text(tag), value, described)])


def unnamed_tensor(node_name: str, value: Any) -> bytes:
    """A tensor under the name of the node that made it."""
    message = tensor_proto.from_array(np.asarray(value), content=True)
    return _serialized([protos.Summary.Value(node_name=node_name, tensor=message)])


def merged(summaries: Iterable[bytes]) -> bytes:
    try:
        return summary_values.merge(summaries)
    except errors.DataLossError as error:
        text = f"Could not parse one of the summary inputs: {error.message}"
        raise errors.InvalidArgumentError(message=text) from error
