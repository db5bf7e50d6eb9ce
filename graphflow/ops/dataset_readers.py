"""Datasets of what files hold: lines, records, pieces of one length."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir import doors
from graphflow.ops.dataset_elements import DatasetOp, Element, Elements, Steps, number, text


def _through(files: Any, read: Callable[[bytes], Iterator[bytes]]) -> Elements:
    """The records of one file after the other; a file that fails is left behind."""
    names: Sequence[bytes] = np.ravel(files).tolist()

    def begin() -> Iterator[Element]:
        waiting = list(reversed(names))
        current: Iterator[bytes] = iter(())

        def step() -> Element:
            nonlocal current
            while True:
                for record in current:
                    return (_scalar(record),)
                if not waiting:
                    raise StopIteration
                current = read(waiting.pop())

        return Steps(step)

    return Elements(begin)


def _scalar(value: bytes) -> Any:
    found = np.empty((), object)
    found[()] = value
    return found


def _compression(value: Any) -> str:
    kind = text(value)
    if kind not in ("", "ZLIB", "GZIP"):
        raise InvalidArgumentError(message=f"Unsupported compression_type: {kind}")
    return kind


class TextLineDataset(DatasetOp):
    """The lines of files."""

    signature = "filenames:string, compression_type:string, buffer_size:int64 -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        files, compression, size = inputs
        if number(size) < 0:
            raise InvalidArgumentError(message="`buffer_size` must be >= 0 (0 == default)")
        kind = _compression(compression)
        return _through(files, lambda name: doors.enter("read_lines")(name, kind))


class TFRecordDataset(DatasetOp):
    """The records of TFRecord files."""

    signature = "filenames:string, compression_type:string, buffer_size:int64 -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        files, compression, size = inputs
        if number(size) < 0:
            raise InvalidArgumentError(message="`buffer_size` must be >= 0 (0 == no buffering)")
        kind = text(compression)
        if kind not in ("", "ZLIB", "GZIP"):
            kind = ""
        return _through(files, lambda name: doors.enter("read_records")(name, kind))


class FixedLengthRecordDatasetV2(DatasetOp):
    """Pieces of one length of files, between a header and a footer."""

    signature = (
        "filenames:string, header_bytes:int64, record_bytes:int64, footer_bytes:int64, "
        "buffer_size:int64, compression_type:string -> handle:variant"
    )

    def reference(self, *inputs: Any) -> Any:
        files, compression = inputs[0], inputs[5]
        header, record, footer, size = map(number, inputs[1:5])
        checks = (("header_bytes", header, 0), ("record_bytes", record, 1))
        for name, value, least in (*checks, ("footer_bytes", footer, 0), ("buffer_size", size, 0)):
            if value < least:
                raise InvalidArgumentError(message=f"`{name}` must be {'> 0' if least else '>= 0'}")
        kind = _compression(compression)
        read = doors.enter("read_fixed_records")
        return _through(files, lambda name: read(name, header, record, footer, kind))
