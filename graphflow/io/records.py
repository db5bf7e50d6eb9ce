"""Files of records (TFRecord): length, its checksum, bytes, their checksum; maybe compressed."""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from graphflow import errors
from graphflow.io.crc32c import masked_crc32c
from graphflow.io.files import Path, text_path, translated_errors

COMPRESSIONS = ("", "GZIP", "ZLIB")
HEADER_BYTES = 12
_CHUNK = 1 << 18

#: A record is a message, and no message is larger.
GREATEST_RECORD = 1 << 31

#: Compressed records above this size must not be larger than their file by this factor.
_EXPANDED = 1 << 28
_GREATEST_EXPANSION = 100

#: zlib's window, and what it adds to say that the gzip format is meant.
_WINDOW = {"GZIP": 15 + 16, "ZLIB": 15}


def check_compression(compression: str | None) -> str:
    """`compression`, if it is one that exists."""
    if (compression or "") not in COMPRESSIONS:
        raise ValueError(
            f'Not a valid compression_type: "{compression}"; use one of {COMPRESSIONS}'
        )
    return compression or ""


def frame(record: bytes) -> bytes:
    """A record as it stands in a file."""
    length = struct.pack("<Q", len(record))
    return b"%b%b%b%b" % (
        length,
        struct.pack("<I", masked_crc32c(length)),
        record,
        struct.pack("<I", masked_crc32c(record)),
    )


class RecordWriter:
    """Writes records to a new file."""

    def __init__(self, path: Path, compression: str | None = None, level: int = -1) -> None:
        kind = check_compression(compression)
        self._path = text_path(path)
        self._squeeze = zlib.compressobj(level, zlib.DEFLATED, _WINDOW[kind]) if kind else None
        with translated_errors(path):
            self._file = open(path, "wb")  # noqa: SIM115  # closed by close()

    def write(self, record: bytes) -> None:
        data = frame(bytes(record))
        with translated_errors(self._path):
            self._file.write(self._squeeze.compress(data) if self._squeeze else data)

    def flush(self) -> None:
        """Let other processes see what was written so far."""
        with translated_errors(self._path):
            if self._squeeze:
                self._file.write(self._squeeze.flush(zlib.Z_SYNC_FLUSH))
            self._file.flush()

    def close(self) -> None:
        if self._file.closed:
            return
        with translated_errors(self._path):
            if self._squeeze:
                self._file.write(self._squeeze.flush(zlib.Z_FINISH))
            self._file.close()

    def __del__(self) -> None:
        # Programs written for TensorFlow may leave it to the end of the object.
        if hasattr(self, "_file"):
            self.close()

    def __enter__(self) -> RecordWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Stream:
    """The bytes of a file, inflated; at most a chunk more than was asked for is in memory."""

    def __init__(self, file: BinaryIO, path: str, kind: str) -> None:
        self._file = file
        self._path = path
        self._window = _WINDOW.get(kind)
        self._inflate = zlib.decompressobj(self._window) if self._window else None
        self._compressed = b""
        self._ready = bytearray()

    def read(self, size: int) -> bytes:
        """The next `size` bytes, fewer where the file ends."""
        while len(self._ready) < size:
            chunk = self._next()
            if not chunk:
                break
            self._ready += chunk
        taken = bytes(self._ready[:size])
        del self._ready[:size]
        return taken

    def _next(self) -> bytes:
        with translated_errors(self._path):
            if self._inflate is None:
                return self._file.read(_CHUNK)
            while True:
                data = self._compressed or self._file.read(_CHUNK)
                if self._inflate.eof:
                    # Another stream may follow, as in files that were put together with `cat`.
                    if not data or not data.startswith(
                        b"\x1f\x8b" if self._window != 15 else b"\x78"
                    ):
                        return b""
                    self._inflate = zlib.decompressobj(self._window or 0)
                try:
                    chunk = self._inflate.decompress(data, _CHUNK)
                except zlib.error as error:
                    raise errors.DataLossError(message=f"{self._path}: {error}") from error
                self._compressed = self._inflate.unconsumed_tail or self._inflate.unused_data
                if chunk or not data:
                    return chunk


def read_records(path: Path, compression: str | None = None) -> Iterator[bytes]:
    """The records of a file, in order.

    An incomplete header is where another process is still writing: the end, for now.
    """
    kind = check_compression(compression)
    return _records(path, kind)


def _records(path: Path, kind: str) -> Iterator[bytes]:
    name = text_path(path)
    with translated_errors(path):
        file = open(path, "rb")  # noqa: SIM115  # closed by the `with` below
    with file:
        stream = Stream(file, name, kind)
        limit = min(
            GREATEST_RECORD, max(_EXPANDED, _GREATEST_EXPANSION * os.fstat(file.fileno()).st_size)
        )
        offset = 0
        while len(header := stream.read(HEADER_BYTES)) == HEADER_BYTES:
            length, checksum = struct.unpack("<QI", header)
            if masked_crc32c(header[:8]) != checksum:
                raise errors.DataLossError(message=f"{name}: corrupted record at {offset}")
            if length > (limit if kind else GREATEST_RECORD):
                raise errors.DataLossError(
                    message=f"{name}: a record of {length} bytes at {offset}"
                )
            data = stream.read(length + 4)
            if len(data) != length + 4:
                raise errors.DataLossError(message=f"{name}: truncated record at {offset}")
            record = data[:-4]
            if masked_crc32c(record) != int.from_bytes(data[-4:], "little"):
                raise errors.DataLossError(
                    message=f"{name}: corrupted record at {offset + HEADER_BYTES}"
                )
            yield record
            offset += HEADER_BYTES + length + 4
