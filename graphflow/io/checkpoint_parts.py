"""What the ops of a saver do with files: save tensors and parts of tensors, restore them, join shards."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow import errors
from graphflow.io import bundle_merge
from graphflow.io.bundle_writer import BundleWriter
from graphflow.io.checkpoint import open_checkpoint
from graphflow.io.files import text_path, translated_errors
from graphflow.io.tensor_slice import Array, parse_spec
from graphflow.ir.dtype import DType


def save(
    prefix: bytes,
    names: Sequence[bytes],
    specs: Sequence[bytes],
    tensors: Sequence[Any],
    dtypes: Sequence[DType],
) -> None:
    """A checkpoint of the second format; a folder that is missing is made, folders above it are not."""
    path = text_path(prefix)
    folder = os.path.dirname(path)
    if folder and not os.path.isdir(folder):
        with translated_errors(folder), contextlib.suppress(FileExistsError):
            os.mkdir(folder)
    with BundleWriter(path) as writer:
        for name, spec, value, dtype in zip(names, specs, tensors, dtypes, strict=True):
            writer.add_slice(_text(name), _text(spec), value, dtype)


def restore(
    prefix: bytes, names: Sequence[bytes], specs: Sequence[bytes], dtypes: Sequence[DType]
) -> list[Array]:
    """Tensors or parts of tensors of a checkpoint of either format."""
    reader = open_checkpoint(text_path(prefix))
    try:
        return [
            _restored(reader, _text(name), _text(spec), dtype)
            for name, spec, dtype in zip(names, specs, dtypes, strict=True)
        ]
    finally:
        reader.close()


def _restored(reader: Any, name: str, spec: str, dtype: DType) -> Array:
    info = reader.info(name)
    if info.dtype is not dtype.base_dtype:
        raise errors.InvalidArgumentError(
            message=f"tensor_name = {name}; expected dtype {dtype.base_dtype.name} does not equal "
            f"original dtype {info.dtype.name}"
        )
    if not spec:
        return np.asarray(reader.read(name))
    shape, part = parse_spec(spec)
    if tuple(info.shape) != shape:
        raise errors.InvalidArgumentError(
            message=f"tensor_name = {name}; shape in shape_and_slice spec {list(shape)} does not match "
            f"the shape stored in checkpoint: {list(info.shape)}"
        )
    return np.asarray(reader.read(name, part))


def merge(prefixes: Sequence[bytes], destination: bytes, delete_old_dirs: bool) -> None:
    """One checkpoint of several; the folders they were in go, if nothing else is in them."""
    paths = [text_path(p) for p in prefixes]
    bundle_merge.merge(paths, text_path(destination))
    if delete_old_dirs:
        for folder in dict.fromkeys(os.path.dirname(p) for p in paths):
            with contextlib.suppress(OSError):
                os.rmdir(folder)


def slice_shape(spec: bytes) -> tuple[int, ...]:
    """The shape of the part that a text such as ``4 5 0,2:-`` describes."""
    shape, part = parse_spec(_text(spec))
    return tuple(b.stop - b.start for b in part.bounds(shape))


def _text(value: bytes) -> str:
    return value.decode("utf-8", "surrogateescape")
