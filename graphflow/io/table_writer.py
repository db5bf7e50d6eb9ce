"""Writes the sorted tables that `table` reads, byte for byte as TensorFlow 1.15: uncompressed."""

from __future__ import annotations

import struct
from typing import Protocol

from graphflow.io import varint
from graphflow.io.crc32c import masked_crc32c
from graphflow.io.table import FOOTER_BYTES, MAGIC, UNCOMPRESSED, Handle

BLOCK_BYTES = 256 * 1024
RESTART_INTERVAL = 16


class Sink(Protocol):
    """What takes the bytes."""

    def write(self, data: bytes, /) -> object: ...


def _common(left: bytes, right: bytes) -> int:
    """The length of the prefix that both have."""
    for at, (a, b) in enumerate(zip(left, right, strict=False)):
        if a != b:
            return at
    return min(len(left), len(right))


class _Block:
    """A block in the making; every `interval`-th entry holds its whole key."""

    def __init__(self, interval: int) -> None:
        self._interval = interval
        self.clear()

    def clear(self) -> None:
        self.data = bytearray()
        self._restarts = [0]
        self._since_restart = 0
        self._last = b""

    @property
    def size(self) -> int:
        return len(self.data) + 4 * len(self._restarts) + 4

    def add(self, key: bytes, value: bytes) -> None:
        shared = 0
        if self._since_restart < self._interval:
            shared = _common(self._last, key)
        else:
            self._restarts.append(len(self.data))
            self._since_restart = 0
        self.data += (
            varint.encode(shared) + varint.encode(len(key) - shared) + varint.encode(len(value))
        )
        self.data += key[shared:] + value
        self._last = key
        self._since_restart += 1

    def finish(self) -> bytes:
        count = len(self._restarts)
        return bytes(self.data) + struct.pack(f"<{count + 1}I", *self._restarts, count)


def _shortest_separator(start: bytes, limit: bytes) -> bytes:
    """A short key that is not before `start` but before `limit`."""
    same = _common(start, limit)
    if same < min(len(start), len(limit)) and start[same] + 1 < limit[same]:
        return start[:same] + bytes([start[same] + 1])
    return start


def _short_successor(key: bytes) -> bytes:
    """A short key that is not before `key`."""
    for at, byte in enumerate(key):
        if byte != 255:
            return key[:at] + bytes([byte + 1])
    return key


class TableWriter:
    """Writes entries, whose keys must come in increasing order, to `sink`."""

    def __init__(self, sink: Sink, block_bytes: int = BLOCK_BYTES) -> None:
        self._sink = sink
        self._block_bytes = block_bytes
        self._offset = 0
        self._last: bytes | None = None
        self._data = _Block(RESTART_INTERVAL)
        self._index = _Block(1)
        self._pending: Handle | None = None

    def add(self, key: bytes, value: bytes) -> None:
        if self._last is not None:
            if key <= self._last:
                raise ValueError(f"The key {key!r} must come after {self._last!r}.")
            self._index_pending(_shortest_separator(self._last, key))
        self._last = key
        self._data.add(key, value)
        if self._data.size >= self._block_bytes:
            self._flush()

    def finish(self) -> None:
        self._flush()
        meta = self._write(_Block(RESTART_INTERVAL))
        if self._last is not None:
            self._index_pending(_short_successor(self._last))
        index = self._write(self._index)
        handles = meta.encode() + index.encode()
        self._sink.write(handles.ljust(FOOTER_BYTES - 8, b"\0") + struct.pack("<Q", MAGIC))

    def _index_pending(self, key: bytes) -> None:
        if self._pending is not None:
            self._index.add(key, self._pending.encode())
            self._pending = None

    def _flush(self) -> None:
        if self._data.data:
            self._pending = self._write(self._data)
            self._data.clear()

    def _write(self, block: _Block) -> Handle:
        data = block.finish()
        handle = Handle(self._offset, len(data))
        stored = data + bytes([UNCOMPRESSED])
        self._sink.write(stored + struct.pack("<I", masked_crc32c(stored)))
        self._offset += len(stored) + 4
        return handle
