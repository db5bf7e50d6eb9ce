"""FileWriter: summaries, graphs and logs as the event files that TensorBoard reads."""

from __future__ import annotations

import os
import threading
import time
import warnings
from typing import Any

from graphflow.frontend.train.meta_graph import export_meta_graph
from graphflow.io import protos
from graphflow.io.events import EventFileWriter
from graphflow.io.events import summary_iterator as summary_iterator  # it is public here
from graphflow.ir.build import current_graph
from graphflow.ir.graph import Graph


class FileWriter:
    """Appends to an event file in a folder; the file is made with the first event."""

    def __init__(
        self,
        logdir: Any,
        graph: Any = None,
        max_queue: int = 10,
        flush_secs: float = 120,
        graph_def: Any = None,
        filename_suffix: str | None = None,
        session: Any = None,
    ) -> None:
        self._logdir = os.fspath(logdir)
        os.makedirs(self._logdir, exist_ok=True)
        self._flush_seconds, self._suffix = flush_secs, filename_suffix or ""
        self._lock = threading.RLock()
        self._file: EventFileWriter | None = None
        self._next_flush = 0.0
        self._closed = False
        self._run_tags: set[str] = set()
        #: metadata of a summary are written once for each tag
        self._described: set[str] = set()
        if self._suffix:
            self._open()
        if graph is not None or graph_def is not None:
            self.add_graph(graph, graph_def=graph_def)
            self._add_meta_graph_of(graph if graph_def is None else graph_def)

    def _open(self) -> EventFileWriter:
        if self._file is None:
            self._file = EventFileWriter(self._logdir, self._suffix)
        return self._file

    def _add_meta_graph_of(self, graph: Any) -> None:
        if isinstance(graph, Graph):
            self.add_meta_graph(export_meta_graph(graph=graph))
        else:
            self.add_meta_graph(export_meta_graph(graph_def=graph))

    @property
    def event_writer(self) -> FileWriter:
        return self

    def get_logdir(self) -> str:
        return self._logdir

    # ---- what can be written -----------------------------------------------------------------------

    def add_summary(self, summary: Any, global_step: Any = None) -> None:
        """A Summary, or the bytes of one as sess.run returns them."""
        if isinstance(summary, bytes):
            summary = protos.parse("Summary", summary)
        with self._lock:
            for value in summary.value:
                if value.tag in self._described:
                    value.ClearField("metadata")
                else:
                    self._described.add(value.tag)
        self._add(protos.Event(summary=summary), global_step)

    def add_session_log(self, session_log: Any, global_step: Any = None) -> None:
        """Say that a session started, stopped, or saved a checkpoint."""
        self._add(protos.Event(session_log=session_log), global_step)

    def add_graph(self, graph: Any, global_step: Any = None, graph_def: Any = None) -> None:
        """A graph, with the shapes of its tensors."""
        if graph is not None and graph_def is not None:
            raise ValueError("Please pass only graph, or graph_def (deprecated), but not both.")
        given = graph if graph_def is None else graph_def
        if isinstance(given, Graph):
            given = given.as_graph_def(add_shapes=True)
        elif not hasattr(given, "SerializeToString"):
            raise TypeError(
                f"The passed graph must be a Graph, or a GraphDef (deprecated), not {given!r}"
            )
        self._add(protos.Event(graph_def=given.SerializeToString()), global_step)

    def add_meta_graph(self, meta_graph_def: Any, global_step: Any = None) -> None:
        """A graph with its collections."""
        if not hasattr(meta_graph_def, "collection_def"):
            raise TypeError(
                f"meta_graph_def must be type MetaGraphDef, saw type: {type(meta_graph_def)}"
            )
        self._add(protos.Event(meta_graph_def=meta_graph_def.SerializeToString()), global_step)

    def add_run_metadata(self, run_metadata: Any, tag: str, global_step: Any = None) -> None:
        """What a traced run reported, once for each tag."""
        if tag in self._run_tags:
            raise ValueError("The provided tag was already used for this event type")
        self._run_tags.add(tag)
        tagged = protos.TaggedRunMetadata(tag=tag, run_metadata=run_metadata.SerializeToString())
        self._add(protos.Event(tagged_run_metadata=tagged), global_step)

    def _add(self, event: Any, step: Any) -> None:
        event.wall_time = time.time()
        if step is not None:
            event.step = int(step)
        self.add_event(event)

    def add_event(self, event: Any) -> None:
        """An Event as it is."""
        if self._warned():
            return
        with self._lock:
            self._open().add_event(event)
            now = time.monotonic()
            if now > self._next_flush:
                self._open().flush()
                self._next_flush = now + self._flush_seconds

    # ---- the file ----------------------------------------------------------------------------------

    def _warned(self) -> bool:
        if self._closed:
            warnings.warn(
                "Attempting to use a closed FileWriter. The operation will be a noop unless the "
                "FileWriter is explicitly reopened.",
                stacklevel=4,
            )
        return self._closed

    def flush(self) -> None:
        """Let TensorBoard see what was written so far."""
        if not self._warned() and self._file is not None:
            with self._lock:
                self._file.flush()

    def close(self) -> None:
        with self._lock:
            if self._file is not None:
                self._file.close()
            self._closed = True

    def reopen(self) -> None:
        """Begin another file after a close."""
        with self._lock:
            self._closed, self._file = False, None

    def __enter__(self) -> FileWriter:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class FileWriterCache:
    """One writer for each folder."""

    _writers: dict[str, FileWriter] = {}  # noqa: RUF012  shared on purpose
    _lock = threading.RLock()

    @staticmethod
    def clear() -> None:
        """Close all writers and forget them."""
        with FileWriterCache._lock:
            for writer in FileWriterCache._writers.values():
                writer.close()
            FileWriterCache._writers.clear()

    @staticmethod
    def get(logdir: Any) -> FileWriter:
        """The writer of a folder, made at the first call."""
        with FileWriterCache._lock:
            path = os.fspath(logdir)
            if path not in FileWriterCache._writers:
                FileWriterCache._writers[path] = FileWriter(path, graph=current_graph())
            return FileWriterCache._writers[path]


NAMESPACES = {
    "summary": ["FileWriter", "FileWriterCache"],
    "train": ["summary_iterator"],
    "python.summary.summary_iterator": ["summary_iterator"],
}
