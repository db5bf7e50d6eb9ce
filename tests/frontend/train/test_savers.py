"""Savers: what the recorded sessions do not show."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.frontend.train import saver as saver_module


def started() -> Any:
    session = tf.Session()
    session.run(tf.global_variables_initializer())
    return session


def test_without_protobuf_the_variables_are_saved_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(saver_module, "find_spec", lambda name: None)
    v = tf.Variable([1.0, 2.0], name="v")
    saver = tf.train.Saver()
    with started() as session, caplog.at_level(logging.WARNING, "tensorflow"):
        path = saver.save(session, str(tmp_path / "m"))
        session.run(v.assign([0.0, 0.0]))
        saver.restore(session, path)
        assert session.run(v).tolist() == [1.0, 2.0]
    assert "protobuf" in caplog.text
    assert not list(tmp_path.glob("*.meta"))


def test_a_missing_name_is_explained(tmp_path: Path) -> None:
    tf.Variable(1.0, name="v")
    with started() as session:
        path = tf.train.Saver().save(session, str(tmp_path / "m"))
    with tf.Graph().as_default():
        tf.Variable(1.0, name="w")
        saver = tf.train.Saver()
        with tf.Session() as session:
            with pytest.raises(tf.errors.NotFoundError, match="Key w not found") as error:
                saver.restore(session, path)
            assert "Restoring from checkpoint failed" in str(error.value)
            assert error.value.op.type == "RestoreV2"


def test_a_failed_save_leaves_the_last_checkpoint(tmp_path: Path) -> None:
    v = tf.Variable([1.0, 2.0], name="v")
    w = tf.Variable([3.0], name="w")
    saver = tf.train.Saver()
    with started() as session:
        path = saver.save(session, str(tmp_path / "m"))
    with tf.Session() as session:
        session.run(v.initializer)
        with pytest.raises(tf.errors.FailedPreconditionError):
            saver.save(session, path)
        saver.restore(session, path)
        assert session.run(w).tolist() == [3.0]
    assert sorted(p.suffix for p in tmp_path.iterdir() if p.name != "checkpoint") == [
        ".data-00000-of-00001",
        ".index",
        ".meta",
    ]


def test_names_of_folders_may_look_like_patterns(tmp_path: Path) -> None:
    folder = tmp_path / "run[1] *"
    folder.mkdir()
    tf.Variable(1.0, name="v")
    saver = tf.train.Saver(max_to_keep=1)
    with started() as session:
        for step in range(3):
            saver.save(session, str(folder / "m"), step)
    assert tf.train.latest_checkpoint(str(folder)) == str(folder / "m-2")
    assert sorted(p.name for p in folder.iterdir()) == [
        "checkpoint",
        "m-2.data-00000-of-00001",
        "m-2.index",
        "m-2.meta",
    ]


def test_paths_may_be_path_objects(tmp_path: Path) -> None:
    v = tf.Variable(1.0, name="v")
    with started() as session:
        path = tf.train.Saver().save(session, tmp_path / "m")
        tf.train.Saver().restore(session, tmp_path / "m")
        assert path == str(tmp_path / "m")
        assert tf.train.load_variable(tmp_path, "v") == session.run(v)
        assert tf.train.list_variables(tmp_path) == [("v", [])]


@pytest.mark.parametrize(
    "value",
    [
        np.float64([[np.nan, -0.0], [np.inf, 1e-320]]),
        np.array([np.iinfo(np.int64).min, -1], np.int64),
        np.zeros((0, 3), np.float32),
        np.array([True, False]),
        np.float16([65504.0, 6e-8]),
        np.complex64([1 + 2j]),
        np.array([b"\xff\x00", b""], object),
        np.uint8([0, 255]),
    ],
    ids=lambda v: v.dtype.name,
)
def test_every_bit_comes_back(tmp_path: Path, value: Any) -> None:
    v = tf.Variable(value, name="v")
    saver = tf.train.Saver()
    with started() as session:
        path = saver.save(session, str(tmp_path / "m"))
    with tf.Session() as session:
        saver.restore(session, path)
        found = session.run(v)
    assert found.dtype == value.dtype
    assert found.tolist() == value.tolist() if value.dtype == object else True
    if value.dtype != object:
        assert found.tobytes() == value.tobytes()


def test_a_slot_of_a_part_is_a_part_of_a_slot(tmp_path: Path) -> None:
    p = tf.get_variable("p", [4, 2], partitioner=tf.fixed_size_partitioner(2))
    loss = tf.reduce_sum(tf.square(tf.convert_to_tensor(p)))
    tf.train.MomentumOptimizer(0.1, 0.9).minimize(loss)
    with started() as session:
        path = tf.train.Saver().save(session, str(tmp_path / "m"))
    assert tf.train.list_variables(path) == [("p", [4, 2]), ("p/Momentum", [4, 2])]


def test_objects_with_a_state_of_their_own(tmp_path: Path) -> None:
    v = tf.Variable(1.0, name="v")

    class Doubled(tf.python.training.saver.BaseSaverBuilder.SaveableObject):
        """It is saved as twice its value."""

        def __init__(self) -> None:
            spec = tf.python.training.saver.BaseSaverBuilder.SaveSpec(v * 2, "", "twice")
            super().__init__(v, [spec], "twice")

        def restore(self, restored_tensors: Any, restored_shapes: Any) -> Any:
            return v.assign(restored_tensors[0] / 2).op

    tf.add_to_collection(tf.GraphKeys.SAVEABLE_OBJECTS, Doubled())
    saver = tf.train.Saver(tf.get_collection(tf.GraphKeys.SAVEABLE_OBJECTS))
    with started() as session:
        path = saver.save(session, str(tmp_path / "m"))
        assert tf.train.load_variable(path, "twice") == 2.0
        session.run(v.assign(7.0))
        saver.restore(session, path)
        assert session.run(v) == 1.0


def test_an_average_follows_the_step_it_waits_for() -> None:
    v = tf.Variable(0.0)
    train = tf.train.GradientDescentOptimizer(1.0).minimize(-v)
    averages = tf.train.ExponentialMovingAverage(0.5)
    with tf.control_dependencies([train]):
        update = averages.apply([v])
    with started() as session:
        wanted = 0.0
        for step in range(1, 5):
            session.run(update)
            wanted = (wanted + step) / 2
            assert session.run(averages.average(v)) == wanted
