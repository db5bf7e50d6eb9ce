"""The reader behind a handle: it takes the names of files from a queue and hands out their records."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from typing import Any

from graphflow.errors import InvalidArgumentError, OutOfRangeError
from graphflow.ir import doors
from graphflow.ir.dtype import string
from graphflow.ops.queue_values import Queue

#: (key, value)
Record = tuple[bytes, bytes]

_CHUNK = 1 << 18
_PACKED = ("ZLIB", "GZIP")


class Reader:
    """Records of one unit of work after another."""

    key: Any = None

    def __init__(self, opened: Callable[[bytes], Iterator[Record]]) -> None:
        self._opened = opened
        self._lock = threading.Lock()
        self._records: Iterator[Record] | None = None
        self.produced = self.completed = 0

    def read(self, run: Any, queue: Queue, count: int) -> list[Record]:
        """The next `count` records, fewer where a unit of work ends; waits for the queue."""
        found: list[Record] = []
        with self._lock:
            while len(found) < count:
                if self._records is None:
                    self._records = self._opened(_next_work(run, queue))
                record = self._advanced(self._records)
                if record is not None:
                    found.append(record)
                    self.produced += 1
                    continue
                self._records = None
                self.completed += 1
                if found:
                    break
        return found

    def _advanced(self, records: Iterator[Record]) -> Record | None:
        try:
            return next(records, None)
        except BaseException:
            # what cannot be read is given up: the next call goes on with the next unit
            self._records = None
            raise

    def reset(self) -> None:
        """Forget the current unit of work, and the counts."""
        with self._lock:
            self._records = None
            self.produced = self.completed = 0


def _next_work(run: Any, queue: Queue) -> bytes:
    if len(queue.types) != 1:
        raise InvalidArgumentError(message="Expected single component queue")
    if queue.types[0] is not string:
        raise InvalidArgumentError(message="Expected queue with single string component")
    element = queue.take(run, 1)[0][0]
    if element.size != 1:
        raise InvalidArgumentError(
            message=f"Expected to dequeue a one-element string tensor, got {list(element.shape)}"
        )
    work: bytes = element.item()
    return work


def path_of(name: bytes) -> str:
    """The path that a file's name means."""
    return os.fsdecode(name.removeprefix(b"file://"))


def whole_file(name: bytes) -> Iterator[Record]:
    """The file as one record."""
    path = path_of(name)
    with doors.enter("translated_errors")(path), open(path, "rb") as file:
        yield name, file.read()


def nothing_but_the_name(name: bytes) -> Iterator[Record]:
    """The name itself as a record."""
    yield name, name


def lines(name: bytes, skipped: int) -> Iterator[Record]:
    """Each line, without its end, under the number it has."""
    path = path_of(name)
    with doors.enter("translated_errors")(path), open(path, "rb") as file:
        for number, line in enumerate(file, 1):
            if number > skipped:
                text = line.removesuffix(b"\n").removesuffix(b"\r") if line[-1:] == b"\n" else line
                yield b"%b:%d" % (name, number), text


def framed(name: bytes, compression: str) -> Iterator[Record]:
    """The records of a TFRecord file, each under the place where it begins."""
    at = 0
    for record in doors.enter("read_records")(path_of(name), compression):
        yield b"%b:%d" % (name, at), record
        at += len(record) + 16


def of_one_length(
    name: bytes, header: int, length: int, footer: int, hop: int, encoding: str
) -> Iterator[Record]:
    """The pieces of `length` bytes between header and footer, `hop` bytes apart."""
    chunks = _chunks(path_of(name), encoding)
    held, skip, number = bytearray(), header, 0
    while True:
        while len(held) < skip + length + footer:
            chunk = next(chunks, None)
            if chunk is None:
                if skip and not number:
                    raise OutOfRangeError(message=f"{path_of(name)} ends within its header")
                return
            held += chunk
            dropped = min(skip, len(held))
            del held[:dropped]
            skip -= dropped
        del held[:skip]
        yield b"%b:%d" % (name, number), bytes(held[:length])
        skip, number = hop or length, number + 1


def _chunks(path: str, encoding: str) -> Iterator[bytes]:
    """What a file holds, maybe compressed, piece by piece."""
    with doors.enter("translated_errors")(path), open(path, "rb") as file:
        # TensorFlow takes an encoding that it does not know for none
        stream = doors.enter("byte_stream")(file, path, encoding if encoding in _PACKED else "")
        while chunk := stream.read(_CHUNK):
            yield chunk
