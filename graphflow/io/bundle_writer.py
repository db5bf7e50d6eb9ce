"""Writes checkpoints of the second format, such as TensorFlow 1.15 restores."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow import errors
from graphflow.io import string_block, tensor_slice
from graphflow.io.bundle import data_path, index_path
from graphflow.io.bundle_entry import LITTLE_ENDIAN, Entry, Header
from graphflow.io.crc32c import masked_crc32c
from graphflow.io.files import AtomicFile, Path, text_path
from graphflow.io.table_writer import TableWriter
from graphflow.ir import dtype as dtypes


class BundleWriter:
    """Collects tensors; nothing is to be seen of the checkpoint before `finish`."""

    def __init__(self, prefix: Path) -> None:
        self.prefix = text_path(prefix)
        self._entries: dict[bytes, Entry] = {}
        self._offset = 0
        self._data = AtomicFile(data_path(prefix, 0, 1))

    def add(self, name: str, value: Any, dtype: Any = None) -> None:
        """Store `value` under `name`; `dtype` tells quantised types from plain ones."""
        key = name.encode("utf-8", "surrogateescape")
        if not key or key[0] == 0:
            raise errors.InvalidArgumentError(
                message=f"{name!r} cannot name a tensor in a checkpoint"
            )
        self._store(key, name, np.asarray(value), dtype)

    def add_slice(self, name: str, shape_and_slice: str, value: Any, dtype: Any = None) -> None:
        """Store `value`, a slice of the tensor called `name`, such as ``4 5 0,2:-``."""
        if not shape_and_slice:
            self.add(name, value, dtype)
            return
        shape, part = tensor_slice.parse_spec(shape_and_slice)
        array = np.asarray(value)
        if array.shape != tensor_slice.shape_of(part.bounds(shape)):
            raise errors.InvalidArgumentError(
                message=f"{name}: {shape_and_slice!r} is not of shape {list(array.shape)}",
            )
        stored = self._store(part.key(name), f"{name} {part}", array, dtype)
        key = name.encode("utf-8", "surrogateescape")
        known = self._entries.get(key) or Entry(stored.dtype, shape)
        if (
            known.shape != shape
            or known.dtype != stored.dtype
            or (key in self._entries and not known.slices)
        ):
            raise errors.InvalidArgumentError(
                message=f"{name}: its slices disagree on shape or type"
            )
        self._entries[key] = Entry(stored.dtype, shape, slices=(*known.slices, part))

    def _store(self, key: bytes, name: str, array: np.ndarray[Any, Any], dtype: Any) -> Entry:
        if key in self._entries:
            raise errors.InvalidArgumentError(message=f"{name} is stored twice")
        kind = dtypes.as_dtype(array.dtype.newbyteorder("=") if dtype is None else dtype).base_dtype
        data: bytes | memoryview
        if kind.kind == "s":
            strings = [
                s.encode() if isinstance(s, str) else bytes(s) for s in array.ravel().tolist()
            ]
            data, checksum = string_block.encode(strings)
        elif kind.kind == "o":
            raise errors.UnimplementedError(message=f"{name}: {kind.name} cannot be stored")
        else:
            flat = np.ascontiguousarray(array, kind.numpy).reshape(-1)
            data = flat.view(np.uint8).data
            checksum = masked_crc32c(data)
        entry = Entry(kind.as_datatype_enum, array.shape, 0, self._offset, len(data), checksum)
        self._data.write(data)
        self._offset += len(data)
        self._entries[key] = entry
        return entry

    def finish(self) -> None:
        """Publish the checkpoint: the data first, then the index, both already safe on the disk."""
        index = AtomicFile(index_path(self.prefix))
        try:
            write_index(index, Header(1, LITTLE_ENDIAN), self._entries)
            self._data.complete()
            index.complete()
            self._data.publish()
            index.publish()
        except BaseException:
            index.discard()
            self.discard()
            raise

    def discard(self) -> None:
        """Give up; what had that prefix before is still there."""
        self._data.discard()

    def __enter__(self) -> BundleWriter:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.finish()
        else:
            self.discard()


def write_index(sink: AtomicFile, header: Header, entries: dict[bytes, Entry]) -> None:
    """Write the table of `entries`."""
    table = TableWriter(sink)
    table.add(b"", header.encode())
    for key in sorted(entries):
        table.add(key, entries[key].encode())
    table.finish()
