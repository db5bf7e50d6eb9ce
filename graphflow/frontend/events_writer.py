"""pywrap_tensorflow.EventsWriter: event files written message by message."""

from __future__ import annotations

import os
import socket
import time
from typing import Any

from graphflow.io import protos
from graphflow.io.events import FILE_VERSION, file_name
from graphflow.io.records import RecordWriter

NAMESPACES = {"python.pywrap_tensorflow": ["EventsWriter"]}
__all__: list[str] = []


class EventsWriter:
    """Writes to a new file whose name begins with the prefix."""

    def __init__(self, file_prefix: Any) -> None:
        self._prefix = os.fsdecode(file_prefix)
        self._suffix = ""
        self._path = ""
        self._writer: RecordWriter | None = None

    def InitWithSuffix(self, suffix: Any) -> None:
        """Open the file, which gets this ending."""
        self._suffix = os.fsdecode(suffix)
        self._opened()

    def _opened(self) -> RecordWriter:
        if self._writer is None:
            now = protos.Event(wall_time=time.time(), file_version=FILE_VERSION)
            name = file_name(now.wall_time, socket.gethostname(), self._suffix).removeprefix(
                "events"
            )
            self._path = self._prefix + name
            self._writer = RecordWriter(self._path)
            self._writer.write(now.SerializeToString())
            self._writer.flush()
        return self._writer

    def FileName(self) -> bytes:
        self._opened()
        return os.fsencode(self._path)

    def WriteEvent(self, event: Any) -> None:
        self._opened().write(event.SerializeToString())

    def _WriteSerializedEvent(self, event: bytes) -> None:
        self._opened().write(event)

    def Flush(self) -> bool:
        self._opened().flush()
        return True

    def Close(self) -> bool:
        if self._writer is not None:
            self._writer.close()
        return True
