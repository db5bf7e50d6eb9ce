"""Event files."""

from __future__ import annotations

import socket
import time
from pathlib import Path
from typing import Any

import pytest
from google.protobuf import text_format

from graphflow import errors
from graphflow.io import events, protos, records


def test_recorded_events(recorded: Any, events_name: str) -> None:
    found = list(events.summary_iterator(recorded.path(events_name)))
    assert [text_format.MessageToString(e, as_utf8=False) for e in found] == recorded.expected[
        "events"
    ]
    assert len(found) > 5


def test_the_same_events_make_the_same_file(
    recorded: Any, events_name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = list(events.summary_iterator(recorded.path(events_name)))
    monkeypatch.setattr(time, "time", lambda: found[0].wall_time + 0.75)
    with events.EventFileWriter(tmp_path / "new" / "folder") as writer:
        for event in found[1:]:
            writer.add_event(event)
    assert Path(writer.path).read_bytes() == recorded.path(events_name).read_bytes()


def test_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: 1234567.9)
    host = socket.gethostname()
    names = [f"events.out.tfevents.0001234567.{host}.v2"]
    names += [f"events.out.tfevents.0001234567.{host}.{i}.v2" for i in (1, 2)]
    writers = [events.EventFileWriter(tmp_path, ".v2") for _ in names]
    assert [Path(writer.path).name for writer in writers] == names
    for writer in writers:
        writer.close()
        (version,) = events.summary_iterator(writer.path)
        assert version == protos.Event(wall_time=1234567.0, file_version="brain.Event:2")


def test_flush_close_reopen(tmp_path: Path) -> None:
    writer = events.EventFileWriter(str(tmp_path))
    first = writer.path
    assert len(list(events.summary_iterator(first))) == 1
    writer.add_event(protos.Event(step=1))
    writer.reopen()
    assert writer.path == first
    writer.flush()
    assert [event.step for event in events.summary_iterator(first)] == [0, 1]
    writer.close()
    writer.close()
    writer.flush()
    with pytest.raises(errors.FailedPreconditionError, match="closed"):
        writer.add_event(protos.Event())
    writer.reopen()
    assert writer.path != first
    writer.add_serialized(protos.Event(step=2).SerializeToString())
    writer.close()
    assert [event.step for event in events.summary_iterator(writer.path)] == [0, 2]


def test_an_unclosed_writer_still_finishes(tmp_path: Path) -> None:
    events.EventFileWriter(tmp_path).add_event(protos.Event(step=7))
    (path,) = tmp_path.iterdir()
    assert [event.step for event in events.summary_iterator(path)] == [0, 7]


def test_files_that_hold_no_events(tmp_path: Path) -> None:
    with pytest.raises(errors.NotFoundError):
        list(events.summary_iterator(tmp_path / "absent"))
    path = tmp_path / "x"
    path.write_bytes(records.frame(b"\xff\xff\xff"))
    with pytest.raises(errors.DataLossError, match="no Event"):
        list(events.summary_iterator(path))
    path.write_bytes(b"")
    assert list(events.summary_iterator(path)) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(errors.OpError):
        events.EventFileWriter(tmp_path / "file" / "logs")
