"""Sorted tables of keys and values in a file: the container of both formats of checkpoint.

Blocks of entries, each entry sharing a prefix of its key with the one before; after a block one
byte of compression and the masked checksum of both; then an index block, whose entries hold the
places of the other blocks, and a footer with the place of the index.
"""

from __future__ import annotations

import bisect
import itertools
import struct
from collections.abc import Iterator
from typing import NamedTuple

from graphflow import errors
from graphflow.io import snappy, varint
from graphflow.io.crc32c import masked_crc32c
from graphflow.io.files import Path, RandomAccessFile

MAGIC = 0xDB4775248B80FB57
FOOTER_BYTES = 48
TRAILER_BYTES = 5
UNCOMPRESSED, SNAPPY = 0, 1

#: Keys with long common prefixes take more room than their block; by this factor it is an attack.
_GREATEST_KEY_RATIO = 256


class Handle(NamedTuple):
    """Where a block is; its trailer follows."""

    offset: int
    size: int

    @staticmethod
    def decode(data: bytes, at: int = 0) -> tuple[Handle, int]:
        offset, at = varint.decode(data, at)
        size, at = varint.decode(data, at)
        return Handle(offset, size), at

    def encode(self) -> bytes:
        return varint.encode(self.offset) + varint.encode(self.size)


class Table:
    """A table in a file; blocks are read, and checked, when they are needed."""

    def __init__(self, path: Path) -> None:
        self._file = RandomAccessFile(path)
        try:
            self._last_keys, self._handles = self._read_index()
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        self._file.close()

    def __enter__(self) -> Table:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def items(self, start: bytes = b"") -> Iterator[tuple[bytes, bytes]]:
        """All entries whose keys are not before `start`, in order."""
        previous: bytes | None = None
        for which in range(bisect.bisect_left(self._last_keys, start), len(self._handles)):
            for key, value in self._entries(self._handles[which]):
                if previous is not None and key <= previous:
                    raise self._damaged(f"the key {key!r} follows {previous!r}")
                previous = key
                if key >= start:
                    yield key, value

    def get(self, key: bytes) -> bytes | None:
        """The value of `key`, or None."""
        for found, value in self.items(key):
            return value if found == key else None
        return None

    def _damaged(self, what: str) -> errors.DataLossError:
        return errors.DataLossError(message=f"{self._file.path}: {what}")

    def _read_index(self) -> tuple[list[bytes], list[Handle]]:
        size = self._file.size
        if size < FOOTER_BYTES:
            raise self._damaged(f"a file of {size} bytes is too short to be a table (a checkpoint)")
        footer = self._file.read(size - FOOTER_BYTES, FOOTER_BYTES)
        if struct.unpack("<Q", footer[-8:])[0] != MAGIC:
            raise self._damaged(
                "not a table (bad magic number): perhaps no checkpoint, or one of another format"
            )
        _, at = Handle.decode(footer)
        index, _ = Handle.decode(footer, at)
        entries = list(self._entries(index))
        keys = [key for key, _ in entries]
        for before, after in itertools.pairwise(keys):
            if after < before:
                raise self._damaged(f"its index is out of order at {after!r}")
        return keys, [Handle.decode(value)[0] for _, value in entries]

    def _block(self, handle: Handle) -> bytes:
        stored = self._file.read(handle.offset, handle.size + TRAILER_BYTES)
        (checksum,) = struct.unpack("<I", stored[-4:])
        if masked_crc32c(memoryview(stored)[:-4]) != checksum:
            raise self._damaged(
                f"the checksum of the block at {handle.offset} does not match its bytes"
            )
        block, kind = stored[:-TRAILER_BYTES], stored[-TRAILER_BYTES]
        if kind == SNAPPY:
            block = snappy.decompress(block)
        elif kind != UNCOMPRESSED:
            raise self._damaged(f"the block at {handle.offset} has the unknown compression {kind}")
        return block

    def _entries(self, handle: Handle) -> Iterator[tuple[bytes, bytes]]:
        block = self._block(handle)
        restarts = int.from_bytes(block[-4:], "little")
        end = len(block) - 4 * (restarts + 1)
        if len(block) < 4 or end < 0:
            raise self._damaged(
                f"the block at {handle.offset} is shorter than its {restarts} restarts"
            )
        key = b""
        at = key_bytes = 0
        while at < end:
            shared, at = varint.decode(block, at)
            unshared, at = varint.decode(block, at)
            length, at = varint.decode(block, at)
            if shared > len(key) or unshared + length > end - at:
                raise self._damaged(f"the block at {handle.offset} has an entry that overruns it")
            key = key[:shared] + block[at : at + unshared]
            at += unshared
            key_bytes += len(key)
            if key_bytes > _GREATEST_KEY_RATIO * len(block):
                raise self._damaged(f"the keys of the block at {handle.offset} outgrow it")
            yield key, block[at : at + length]
            at += length
