"""Reads checkpoints of the first format: one file, or several that a pattern names."""

from __future__ import annotations

import functools
import glob
import math
import os
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, NamedTuple

from graphflow import errors
from graphflow.io import protos
from graphflow.io.bundle import VariableInfo, element_type
from graphflow.io.bundle_entry import decode_shape
from graphflow.io.files import Path, text_path
from graphflow.io.table import Table
from graphflow.io.tensor_proto import typed_values
from graphflow.io.tensor_slice import Array, TensorSlice, assemble, shape_of, whole

#: The most elements that a byte of a file can stand for: a varint of one byte, compressed.
_ELEMENTS_PER_BYTE = 22


class _Stored(NamedTuple):
    """A slice of a tensor, and the table that has it."""

    table: Table
    part: TensorSlice


def matching_files(pattern: Path) -> list[str]:
    """The files of a checkpoint: the one of that very name, or all that match."""
    path = text_path(pattern)
    return [path] if os.path.isfile(path) else sorted(filter(os.path.isfile, glob.glob(path)))


class V1Reader:
    """A checkpoint, of which tensors are read as they are asked for."""

    def __init__(self, pattern: Path) -> None:
        self.prefix = text_path(pattern)
        self._infos: dict[str, VariableInfo] = {}
        self._stored: dict[str, list[_Stored]] = {}
        self._tables: list[Table] = []
        self._bytes = 0
        paths = matching_files(pattern)
        if not paths:
            raise errors.NotFoundError(
                message=f"Failed to find any matching files for {self.prefix}"
            )
        try:
            for path in paths:
                self._tables.append(Table(path))
                self._bytes += os.path.getsize(path)
                self._read_meta(self._tables[-1])
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        for table in self._tables:
            table.close()

    def __enter__(self) -> V1Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @functools.cached_property
    def variables(self) -> Mapping[str, VariableInfo]:
        """Types and shapes by name, in the order of the names."""
        return MappingProxyType({name: self._infos[name] for name in sorted(self._infos)})

    def __contains__(self, name: object) -> bool:
        return name in self._infos

    def info(self, name: str) -> VariableInfo:
        if name not in self._infos:
            raise errors.NotFoundError(message=f"Key {name} not found in checkpoint {self.prefix}")
        return self._infos[name]

    def read(self, name: str, part: TensorSlice | None = None) -> Array:
        """The tensor called `name`, or a slice of it."""
        info = self.info(name)
        wanted = (part or whole(len(info.shape))).bounds(info.shape)
        stored = self._stored[name]
        if math.prod(shape_of(wanted)) > _ELEMENTS_PER_BYTE * self._bytes:
            raise self._damaged(name, f"the file is too short for the shape {list(info.shape)}")
        bounds = [each.part.bounds(info.shape) for each in stored]
        result = assemble(
            wanted,
            info.dtype.numpy,
            bounds,
            lambda i: self._read_slice(name, stored[i], shape_of(bounds[i])),
        )
        if result is None:
            raise self._damaged(name, "its slices leave a gap")
        return result

    def _read_slice(self, name: str, stored: _Stored, shape: tuple[int, ...]) -> Array:
        value = stored.table.get(stored.part.key(name))
        if value is None:
            raise self._damaged(name, f"its slice {stored.part} is missing")
        values = typed_values(self._parse(value).data.data, self._infos[name].dtype)
        if values.size != math.prod(shape):
            raise self._damaged(name, f"{values.size} values for a slice of shape {list(shape)}")
        return values.reshape(shape)

    def _read_meta(self, table: Table) -> None:
        value = table.get(b"")
        if value is None:
            raise self._damaged("", "not a checkpoint: it has no description")
        for tensor in self._parse(value).meta.tensor:
            shape = decode_shape(tensor.shape.SerializeToString())
            info = VariableInfo(element_type(tensor.type, tensor.name), shape)
            if self._infos.setdefault(tensor.name, info) != info:
                raise self._damaged(tensor.name, "its files disagree on shape or type")
            parts = self._stored.setdefault(tensor.name, [])
            parts += [
                _Stored(table, TensorSlice.decode(s.SerializeToString())) for s in tensor.slice
            ]

    def _parse(self, value: bytes) -> Any:
        try:
            return protos.parse("SavedTensorSlices", value)
        except errors.DataLossError as error:
            raise self._damaged("", error.message) from error

    def _damaged(self, name: str, what: str) -> errors.DataLossError:
        return errors.DataLossError(message=": ".join(filter(None, (self.prefix, name, what))))
