"""What programs use of TensorFlow's wrapped C++ code."""

from __future__ import annotations

from graphflow.io.events import EventFileWriter as EventsWriter

__all__: list[str] = []
_ = EventsWriter
