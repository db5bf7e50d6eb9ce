"""Event files, which TensorBoard reads: records of Event messages."""

from __future__ import annotations

import os
import socket
import time
from collections.abc import Iterator
from typing import Any

from graphflow import errors
from graphflow.io import protos, records
from graphflow.io.files import Path, text_path, translated_errors

FILE_VERSION = "brain.Event:2"


def file_name(seconds: float, host: str, suffix: str = "") -> str:
    """The name that TensorBoard looks for."""
    return f"events.out.tfevents.{int(seconds):010d}.{host}{suffix}"


class EventFileWriter:
    """Appends events to a new file in a directory."""

    def __init__(self, directory: Path, suffix: str = "") -> None:
        self._directory = text_path(directory)
        self._suffix = suffix
        self._file: Any = None
        self.path = ""
        self.reopen()

    def reopen(self) -> None:
        """Begin another file, unless this one is still open."""
        if self._file is not None:
            return
        now = time.time()
        with translated_errors(self._directory):
            os.makedirs(self._directory, exist_ok=True)
            self.path, self._file = self._open(now)
        self.add_event(protos.Event(wall_time=float(int(now)), file_version=FILE_VERSION))
        self.flush()

    def _open(self, now: float) -> tuple[str, Any]:
        """A file that no other writer has, even one that began in the same second."""
        attempt = 0
        while True:
            suffix = f".{attempt}{self._suffix}" if attempt else self._suffix
            path = os.path.join(self._directory, file_name(now, socket.gethostname(), suffix))
            try:
                return path, open(path, "xb")
            except FileExistsError:
                attempt += 1

    def add_event(self, event: Any) -> None:
        """Append an Event message."""
        self.add_serialized(event.SerializeToString())

    def add_serialized(self, event: bytes) -> None:
        """Append an Event message that is bytes already."""
        if self._file is None:
            raise errors.FailedPreconditionError(message=f"{self.path}: the event file is closed")
        with translated_errors(self.path):
            self._file.write(records.frame(event))

    def flush(self) -> None:
        """Let other processes see what was added so far."""
        if self._file is not None:
            with translated_errors(self.path):
                self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            with translated_errors(self.path):
                self._file.close()
            self._file = None

    def __del__(self) -> None:
        # Programs written for TensorFlow may leave it to the end of the object.
        if hasattr(self, "_file"):
            self.close()

    def __enter__(self) -> EventFileWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def summary_iterator(path: Path) -> Iterator[Any]:
    """The Event messages of a file, in order."""
    for record in records.read_records(path):
        yield protos.parse("Event", record)
