"""FileWriter: threads, times, and what happens after its end."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import Any

import pytest

import graphflow as tf


def events(folder: Path) -> list[Any]:
    return [e for path in folder.iterdir() for e in tf.train.summary_iterator(str(path))]


def summary(value: float, tag: str = "a") -> Any:
    return tf.Summary(value=[tf.Summary.Value(tag=tag, simple_value=value)])


def test_no_file_before_the_first_event(tmp_path: Path) -> None:
    writer = tf.summary.FileWriter(tmp_path / "logs")
    writer.flush()
    assert not list((tmp_path / "logs").iterdir())
    writer.add_summary(summary(1.0), 1)
    writer.close()
    assert [e.step for e in events(tmp_path / "logs")] == [0, 1]


def test_the_first_events_can_be_seen_at_once(tmp_path: Path) -> None:
    writer = tf.summary.FileWriter(tmp_path, flush_secs=3600)
    writer.add_summary(summary(1.0), 1)
    assert len(events(tmp_path)) == 2
    writer.add_summary(summary(2.0), 2)
    writer.flush()
    assert len(events(tmp_path)) == 3
    writer.close()


def test_times_are_those_of_the_clock(tmp_path: Path) -> None:
    before = time.time()
    with tf.summary.FileWriter(tmp_path) as writer:
        writer.add_summary(summary(1.0))
    after = time.time()
    assert int(before) <= events(tmp_path)[0].wall_time <= after
    assert before <= events(tmp_path)[1].wall_time <= after


def test_many_threads_write_whole_events(tmp_path: Path) -> None:
    writer = tf.summary.FileWriter(tmp_path)

    def write(first: int) -> None:
        for step in range(first, first + 50):
            writer.add_summary(summary(step), step)

    threads = [threading.Thread(target=write, args=(1000 * i,)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    writer.close()
    found = [e for e in events(tmp_path) if e.HasField("summary")]
    assert sorted(e.step for e in found) == [1000 * i + j for i in range(8) for j in range(50)]
    assert all(e.summary.value[0].simple_value == e.step for e in found)


def test_a_closed_writer_warns_and_a_reopened_one_writes(tmp_path: Path) -> None:
    writer = tf.summary.FileWriter(tmp_path)
    writer.add_summary(summary(1.0), 1)
    writer.close()
    with pytest.warns(UserWarning, match="closed FileWriter"):
        writer.add_summary(summary(2.0), 2)
    with pytest.warns(UserWarning, match="closed FileWriter"):
        writer.flush()
    writer.reopen()
    writer.add_summary(summary(3.0), 3)
    writer.close()
    assert sorted(e.step for e in events(tmp_path) if e.HasField("summary")) == [1, 3]


def test_metadata_are_written_once_for_a_tag(tmp_path: Path) -> None:
    text = tf.summary.text("t", tf.constant("hello"))
    with tf.Session() as session, tf.summary.FileWriter(tmp_path) as writer:
        for step in range(3):
            writer.add_summary(session.run(text), step)
    plugins = [
        v.metadata.plugin_data.plugin_name for e in events(tmp_path) for v in e.summary.value
    ]
    assert plugins == ["text", "", ""]


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(OSError, match="file"):
        tf.summary.FileWriter(tmp_path / "file" / "logs")


def test_the_graph_of_a_run_is_shown(tmp_path: Path) -> None:
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    tf.reduce_sum(x, name="y")
    with tf.Session() as session, tf.summary.FileWriter(tmp_path, session.graph):
        pass
    graphs = [tf.GraphDef.FromString(e.graph_def) for e in events(tmp_path) if e.graph_def]
    (shape,) = next(n for n in graphs[0].node if n.name == "x").attr["_output_shapes"].list.shape
    assert [d.size for d in shape.dim] == [-1, 3]


def test_event_files_of_one_second_have_two_names(tmp_path: Path) -> None:
    for i in range(3):
        with tf.summary.FileWriter(tmp_path) as writer:
            writer.add_summary(summary(i), i)
    assert len(os.listdir(tmp_path)) == 3
    assert sorted(e.step for e in events(tmp_path) if e.HasField("summary")) == [0, 1, 2]
