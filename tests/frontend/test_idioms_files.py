"""Idioms of TensorFlow-1 programs that break a naive clone: flags, summaries and checkpoints."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf


def test_idiom_35_flags(monkeypatch: pytest.MonkeyPatch) -> None:
    flags = tf.app.flags
    FLAGS = flags.FLAGS
    flags.DEFINE_integer("idiom_batch_size", 64, "Batch size.")
    flags.DEFINE_float("idiom_rate", 1e-3, "Learning rate.")
    flags.DEFINE_boolean("idiom_train", False, "Train or test.")
    flags.DEFINE_string("idiom_dir", None, "Where to.")
    monkeypatch.setattr(
        sys,
        "argv",
        ["main.py", "--idiom_batch_size=32", "--idiom_train", "--idiom_rate", "0.5", "rest"],
    )
    seen: list[Any] = []

    def main(argv: Any) -> None:
        seen.append((argv, FLAGS.idiom_batch_size, FLAGS.idiom_train, FLAGS.idiom_rate))
        assert FLAGS.idiom_dir is None

    with pytest.raises(SystemExit) as info:
        tf.app.run(main)
    assert not info.value.code
    assert seen == [(["main.py", "rest"], 32, True, 0.5)]
    FLAGS.idiom_dir = "out"
    assert FLAGS.flag_values_dict()["idiom_dir"] == "out"
    assert FLAGS.__flags["idiom_rate"].value == 0.5
    assert "idiom_train" in dir(FLAGS)
    with pytest.raises(AttributeError):
        FLAGS.idiom_unknown  # noqa: B018
    with pytest.raises(Exception, match="idiom_rate"):
        flags.DEFINE_float("idiom_rate", 1.0, "Again.", flag_values=FLAGS)


def test_idiom_36_summaries(tmp_path: Path) -> None:
    assert tf.summary.merge_all() is None
    loss = tf.placeholder(tf.float32, [])
    with tf.name_scope("train"):
        first = tf.summary.scalar("loss", loss)
        second = tf.summary.scalar("loss", loss * 2)
    tf.summary.histogram("weights", tf.ones([3]))
    merged = tf.summary.merge_all()
    assert [first.name, second.name] == ["train/loss:0", "train/loss_1:0"]
    assert merged.op.type == "MergeSummary"
    with tf.Session() as sess, tf.summary.FileWriter(str(tmp_path), sess.graph) as writer:
        text = sess.run(merged, {loss: 1.5})
        assert isinstance(text, bytes)
        writer.add_summary(text, 7)
        by_hand = tf.Summary(value=[tf.Summary.Value(tag="reward", simple_value=2.5)])
        writer.add_summary(by_hand, global_step=8)
        writer.flush()
    parsed = tf.Summary()
    parsed.ParseFromString(text)
    assert [(v.tag, v.simple_value) for v in parsed.value][:2] == [
        ("train/loss", 1.5),
        ("train/loss_1", 3.0),
    ]
    (path,) = tmp_path.glob("events.out.tfevents.*")
    events = list(tf.train.summary_iterator(str(path)))
    assert events[0].file_version == "brain.Event:2"
    assert any(e.graph_def for e in events)
    steps = [(e.step, [v.tag for v in e.summary.value]) for e in events if e.summary.value]
    assert steps == [(7, ["train/loss", "train/loss_1", "weights"]), (8, ["reward"])]


def test_idiom_37_saver(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ValueError, match="No variables to save"):
        tf.train.Saver()
    w = tf.Variable([1.0, 2.0], name="w")
    step = tf.Variable(0, name="step", trainable=False)
    saver = tf.train.Saver(max_to_keep=2)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        paths = []
        for _ in range(3):
            sess.run([w.assign_add([1.0, 1.0]), step.assign_add(1)])
            paths.append(saver.save(sess, "./model", global_step=step))
        assert paths == ["./model-1", "./model-2", "./model-3"]
        assert [Path(p).name for p in saver.last_checkpoints] == ["model-2", "model-3"]
    files = {p.name for p in tmp_path.iterdir()}
    assert files == {"checkpoint"} | {
        f"model-{i}.{end}" for i in (2, 3) for end in ("index", "meta", "data-00000-of-00001")
    }
    state = tf.train.get_checkpoint_state(".")
    assert Path(state.model_checkpoint_path).name == "model-3"
    assert Path(tf.train.latest_checkpoint(".")).name == "model-3"
    assert tf.train.latest_checkpoint("nowhere") is None
    with tf.Session() as sess:
        saver.restore(sess, tf.train.latest_checkpoint("."))
        assert sess.run(w).tolist() == [4, 5]
        with pytest.raises(ValueError, match="not a valid checkpoint"):
            saver.restore(sess, "./model-1")
    tf.reset_default_graph()
    other = tf.Variable([0.0, 0.0], name="other")
    with tf.Session() as sess:
        tf.train.Saver({"w": other}).restore(sess, "./model-2")
        assert sess.run(other).tolist() == [3, 4]
        with pytest.raises(tf.errors.NotFoundError, match="other"):
            tf.train.Saver([other]).restore(sess, "./model-2")
    assert sorted(tf.train.list_variables("./model-3")) == [("step", []), ("w", [2])]
    reader = tf.train.NewCheckpointReader("./model-3")
    np.testing.assert_array_equal(reader.get_tensor("w"), [4, 5])
    tf.reset_default_graph()
    with tf.Session() as sess:
        again = tf.train.import_meta_graph("./model-3.meta")
        again.restore(sess, "./model-3")
        assert sess.run("w:0").tolist() == [4, 5]
        assert [v.name for v in tf.trainable_variables()] == ["w:0"]
