"""Reads checkpoints of the second format: ``prefix.index``, ``prefix.data-00000-of-00001``, ..."""

from __future__ import annotations

import functools
import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from graphflow import errors
from graphflow.io import string_block
from graphflow.io.bundle_entry import BIG_ENDIAN, LITTLE_ENDIAN, VERSION, Entry, Header
from graphflow.io.crc32c import masked_crc32c
from graphflow.io.files import Path, RandomAccessFile, text_path
from graphflow.io.table import Table
from graphflow.io.tensor_slice import Array, Bounds, TensorSlice, assemble, shape_of, whole
from graphflow.ir import dtype as dtypes


class VariableInfo(NamedTuple):
    """What a checkpoint holds under one name."""

    dtype: dtypes.DType
    shape: tuple[int, ...]


def index_path(prefix: Path) -> str:
    return text_path(prefix) + ".index"


def data_path(prefix: Path, shard: int, num_shards: int) -> str:
    return f"{text_path(prefix)}.data-{shard:05d}-of-{num_shards:05d}"


def element_type(enum: int, name: str) -> dtypes.DType:
    """The type of that number, for the tensor called `name`."""
    try:
        return dtypes.as_dtype(enum)
    except TypeError:
        raise errors.InvalidArgumentError(message=f"{name}: there is no DataType {enum}") from None


class BundleReader:
    """A checkpoint, of which tensors are read as they are asked for."""

    def __init__(self, prefix: Path) -> None:
        self.prefix = text_path(prefix)
        self._shards: dict[int, RandomAccessFile] = {}
        with Table(index_path(self.prefix)) as table:
            self.header, self._entries = self._read_index(table)
        # The keys of slices begin with a zero byte, and no variable's name does.
        names = sorted(
            key.decode("utf-8", "surrogateescape") for key in self._entries if key[:1] != b"\0"
        )
        self._names = dict.fromkeys(names)

    def _read_index(self, table: Table) -> tuple[Header, dict[bytes, Entry]]:
        items = table.items()
        key, value = next(items, (None, b""))
        if key != b"":
            raise self._damaged("", "its index has no header")
        header = Header.decode(value)
        if (
            header.endianness not in (LITTLE_ENDIAN, BIG_ENDIAN)
            or not 0 <= header.num_shards < 100000
        ):
            raise self._damaged("", f"the impossible header {header}")
        if header.min_consumer > VERSION:
            raise errors.InvalidArgumentError(
                message=f"{self.prefix}: needs a reader of version {header.min_consumer} or later",
            )
        return header, {key: Entry.decode(value) for key, value in items}

    def close(self) -> None:
        for file in self._shards.values():
            file.close()
        self._shards.clear()

    def __enter__(self) -> BundleReader:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @functools.cached_property
    def variables(self) -> Mapping[str, VariableInfo]:
        """Types and shapes by name, in the order of the names."""
        return MappingProxyType({name: self.info(name) for name in self._names})

    def entries(self) -> Iterable[tuple[bytes, Entry]]:
        """What the index says under each key, the keys of slices included."""
        return self._entries.items()

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def info(self, name: str) -> VariableInfo:
        entry = self._entry(name)
        return VariableInfo(element_type(entry.dtype, name), entry.shape)

    def read(self, name: str, part: TensorSlice | None = None) -> Array:
        """The tensor called `name`, or a slice of it."""
        entry = self._entry(name)
        info = self.info(name)
        wanted = (part or whole(len(entry.shape))).bounds(entry.shape)
        if not entry.slices:
            array = self._read_entry(name, entry, info)
            return array[wanted] if wanted else array
        return self._read_slices(name, entry, wanted)

    def _read_slices(self, name: str, entry: Entry, wanted: Bounds) -> Array:
        dtype = element_type(entry.dtype, name).numpy
        keys = [part.key(name) for part in entry.slices]
        stored = [self._entries.get(key) for key in keys]
        room = sum(
            {shard: self._shard(shard).size for shard in {e.shard for e in stored if e}}.values()
        )
        if math.prod(shape_of(wanted)) * dtype.itemsize > room:
            raise self._damaged(name, f"its slices cannot fill the shape {list(entry.shape)}")

        def read(which: int) -> Array:
            found = stored[which]
            if found is None:
                raise self._damaged(name, f"its slice {entry.slices[which]} is missing")
            if found.shape != shape_of(bounds[which]) or found.dtype != entry.dtype or found.slices:
                raise self._damaged(
                    name, f"its slice {entry.slices[which]} has another shape or type"
                )
            return self._read_entry(
                name, found, VariableInfo(element_type(entry.dtype, name), found.shape)
            )

        bounds = [part.bounds(entry.shape) for part in entry.slices]
        result = assemble(wanted, dtype, bounds, read)
        if result is None:
            raise self._damaged(name, "its slices leave a gap")
        return result

    def _entry(self, name: str) -> Entry:
        if name not in self._names:
            raise errors.NotFoundError(message=f"Key {name} not found in checkpoint {self.prefix}")
        return self._entries[name.encode("utf-8", "surrogateescape")]

    def _damaged(self, name: str, what: str) -> errors.DataLossError:
        return errors.DataLossError(message=": ".join(filter(None, (self.prefix, name, what))))

    def _shard(self, shard: int) -> RandomAccessFile:
        if not 0 <= shard < max(self.header.num_shards, 1):
            raise self._damaged("", f"there is no shard {shard} of {self.header.num_shards}")
        if shard not in self._shards:
            path = data_path(self.prefix, shard, self.header.num_shards)
            self._shards[shard] = RandomAccessFile(path)
        return self._shards[shard]

    def _read_entry(self, name: str, entry: Entry, info: VariableInfo) -> Array:
        file = self._shard(entry.shard)
        count = math.prod(entry.shape)
        file.check(entry.offset, entry.size)
        if info.dtype.kind == "s":
            data = file.read(entry.offset, entry.size)
            return string_block.decode(data, count, entry.checksum).reshape(entry.shape)
        if not info.dtype.is_numpy_compatible and not info.dtype.is_quantized:
            raise errors.UnimplementedError(message=f"{name}: a checkpoint of {info.dtype.name}")
        numpy_type = info.dtype.numpy
        if entry.size != count * numpy_type.itemsize:
            raise self._damaged(
                name, f"{entry.size} bytes for {info.dtype.name} of {list(entry.shape)}"
            )
        raw: npt.NDArray[np.uint8] = np.empty(entry.size, np.uint8)
        file.read_into(entry.offset, raw.data)
        if masked_crc32c(raw) != entry.checksum:
            raise self._damaged(name, "the checksum does not match the bytes")
        array = raw.view(numpy_type)
        if self.header.endianness == BIG_ENDIAN:
            array = array.byteswap()
        return array.reshape(entry.shape)
