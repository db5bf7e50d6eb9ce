"""tf.read_file, tf.write_file, tf.matching_files, tf.decode_compressed."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.variables import Variable
from graphflow.ir import build, raw
from graphflow.ir.node import Node, Tensor

__all__ = ["decode_compressed", "matching_files", "read_file", "write_file"]


def read_file(filename: Any, name: str | None = None) -> Tensor:
    """What a file holds."""
    tensor: Tensor = raw.ReadFile(filename, name=name)
    return tensor


def write_file(filename: Any, contents: Any, name: str | None = None) -> Node:
    """An op after which the file holds these bytes."""
    node: Node = raw.WriteFile(filename, contents, name=name)
    return node


def matching_files(pattern: Any, name: str | None = None) -> Tensor:
    """The names of the files that match."""
    tensor: Tensor = raw.MatchingFiles(pattern, name=name)
    return tensor


def decode_compressed(bytes: Any, compression_type: str = "", name: str | None = None) -> Tensor:
    """Each string unpacked."""
    tensor: Tensor = raw.DecodeCompressed(bytes, compression_type=compression_type, name=name)
    return tensor


def match_filenames_once(pattern: Any, name: str | None = None) -> Any:
    """The names of the files that match, looked up once: a local variable."""
    with build.name_scope(name, "matching_filenames", [pattern]) as scope:
        return Variable(
            name=scope,
            initial_value=matching_files(pattern),
            trainable=False,
            validate_shape=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )


NAMESPACES = {
    "io": [
        "decode_compressed",
        "match_filenames_once",
        "matching_files",
        "read_file",
        "write_file",
    ],
    "train": ["match_filenames_once"],
}
