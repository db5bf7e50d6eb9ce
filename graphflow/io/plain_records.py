"""Files of lines and files of records of one length, maybe compressed."""

from __future__ import annotations

import os
from collections.abc import Iterator

from graphflow import errors
from graphflow.io.files import Path, text_path, translated_errors
from graphflow.io.records import Stream, check_compression

_CHUNK = 1 << 16
#: a longer line is no text
GREATEST_LINE = 1 << 31


def read_lines(
    path: Path, compression: str | None = None, *, returns: bool = False
) -> Iterator[bytes]:
    """The lines of a file, without what ends them; carriage returns are part of a line only with `returns`."""
    return _lines(path, check_compression(compression), b"" if returns else b"\r")


def _lines(path: Path, kind: str, dropped: bytes) -> Iterator[bytes]:
    with translated_errors(path):
        file = open(path, "rb")  # noqa: SIM115  # closed by the `with` below
    with file:
        stream = Stream(file, text_path(path), kind)
        begun: list[bytes] = []
        length = 0
        while chunk := stream.read(_CHUNK):
            *ended, rest = chunk.split(b"\n")
            for line in ended:
                yield b"".join((*begun, line)).replace(dropped, b"")
                begun, length = [], 0
            begun.append(rest)
            length += len(rest)
            if length > GREATEST_LINE:
                raise errors.ResourceExhaustedError(
                    message=f"{text_path(path)}: a line without end"
                )
        if line := b"".join(begun).replace(dropped, b""):
            yield line


def read_fixed_records(
    path: Path, header: int, record: int, footer: int, compression: str | None = None
) -> Iterator[bytes]:
    """The records of a file, each of `record` bytes, between a header and a footer."""
    return _fixed(path, header, record, footer, check_compression(compression))


def _fixed(path: Path, header: int, record: int, footer: int, kind: str) -> Iterator[bytes]:
    name = text_path(path)
    with translated_errors(path):
        file = open(path, "rb")  # noqa: SIM115  # closed by the `with` below
    with file:
        if not kind:
            body = os.fstat(file.fileno()).st_size - header - footer
            if body < 0 or body % record:
                raise errors.InvalidArgumentError(
                    message=f"Excluding the header ({header} bytes) and footer ({footer} bytes), input file "
                    f'"{name}" has body length {body} bytes, which is not an exact multiple of the record '
                    f"length ({record} bytes)."
                )
        stream = Stream(file, name, kind)
        stream.read(header)
        # what is held back may turn out to be the footer
        held = stream.read(record + footer)
        while len(held) == record + footer:
            yield held[:record]
            held = held[record:] + stream.read(record)
