"""Tensors as the bytes of TensorProto messages, and Examples that are spelled as JSON."""

from __future__ import annotations

from typing import Any

import numpy.typing as npt

from graphflow import errors
from graphflow.io import protos, tensor_proto
from graphflow.ir.dtype import DType


def to_bytes(array: npt.NDArray[Any]) -> bytes:
    """The message of `array`, its numbers as raw bytes, as TensorFlow's kernels write it."""
    proto = tensor_proto.from_array(array, content=True)
    data: bytes = proto.SerializeToString(deterministic=True)
    return data


def from_bytes(data: bytes) -> tuple[DType, npt.NDArray[Any]]:
    """The type and the values of the tensor whose message these bytes are."""
    proto = protos.parse("TensorProto", data)
    return tensor_proto.element_type(proto), tensor_proto.to_array(proto)


def example_from_json(text: bytes) -> bytes:
    """The Example that `text` spells."""
    from google.protobuf import json_format

    example: Any = protos.Example()
    try:
        json_format.Parse(text, example)
    except (json_format.ParseError, ValueError, RecursionError) as error:
        raise errors.InvalidArgumentError(message=f"Error while parsing JSON: {error}") from error
    data: bytes = example.SerializeToString(deterministic=True)
    return data
