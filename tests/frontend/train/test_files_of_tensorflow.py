"""Files that a training with TensorFlow left behind: it goes on from them, number for number."""

from __future__ import annotations

import gzip
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf

DATA = Path(__file__).parent.parent.parent / "data" / "train"
EXPECTED = json.loads((DATA / "expected.json").read_text())
X = [[1.0, 2.0], [3.0, -1.0]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The files, in a folder that a test may write to."""
    home = tmp_path / "train"
    shutil.copytree(DATA, home)
    for packed in home.rglob("*.gz"):
        packed.with_suffix("").write_bytes(gzip.decompress(packed.read_bytes()))
    return home


def check(found: Any, expected: Any) -> None:
    for one, other in zip(found, expected, strict=True):
        np.testing.assert_allclose(one, other, rtol=2e-6)


def test_training_goes_on(folder: Path) -> None:
    saver = tf.train.import_meta_graph(str(folder / "model-3.meta"))
    with tf.Session() as session:
        path = tf.train.latest_checkpoint(str(folder))
        assert path == str(folder / "model-3")
        saver.restore(session, path)
        check(session.run(["y:0", "c:0", "l:0"], {"x:0": X}), EXPECTED["found"])
        for variable in tf.global_variables():
            if variable.op.name in EXPECTED["values"]:
                wanted = EXPECTED["values"][variable.op.name]
                np.testing.assert_array_equal(session.run(variable), np.float32(wanted))
        assert session.run("text:0").tolist() == [b"a", b"bc"]
        session.run("update", {"x:0": X})
        later = session.run(["net/w:0", "net/w/ExponentialMovingAverage:0"])
        check(later, EXPECTED["later"])
    assert [t.name for t in tf.get_collection("things")] == ["y:0"]
    assert tf.get_collection("names") == [b"a name"]
    assert tf.train.get_global_step() is tf.get_collection("global_step")[0]
    parts = [v for v in tf.global_variables() if v.op.name.startswith("net/p/part_")]
    assert [v._get_save_slice_info().spec for v in parts if "Adam" not in v.name] == [
        "2 0,1",
        "2 1,1",
    ]


def test_what_was_imported_has_gradients(folder: Path) -> None:
    saver = tf.train.import_meta_graph(str(folder / "model-3.meta"))
    w = tf.trainable_variables()[0]
    total = tf.reduce_sum(tf.get_default_graph().get_tensor_by_name("c:0"))
    (gradient,) = tf.gradients(total, [w])
    with tf.Session() as session:
        saver.restore(session, str(folder / "model-3"))
        found = session.run(gradient, {"x:0": X})
        start, step = session.run(w), 1e-2
        session.run(w.assign(start + np.float32([[step, 0, 0], [0, 0, 0]])))
        above = session.run(total, {"x:0": X})
        session.run(w.assign(start - np.float32([[step, 0, 0], [0, 0, 0]])))
        below = session.run(total, {"x:0": X})
    np.testing.assert_allclose(found[0, 0], (above - below) / (2 * step), rtol=1e-3)


@pytest.mark.parametrize("name", ["model-3", "objects"])
def test_another_graph_takes_what_it_knows(folder: Path, name: str) -> None:
    w = tf.get_variable("net/w", [2, 3])
    with tf.Session() as session:
        tf.train.Saver().restore(session, str(folder / name))
        np.testing.assert_array_equal(session.run(w), np.float32(EXPECTED["values"]["net/w"]))


def test_a_checkpoint_of_objects_without_a_variable(folder: Path) -> None:
    tf.get_variable("net/w", [2, 3])
    tf.get_variable("other", [2])
    with tf.Session() as session, pytest.raises(tf.errors.NotFoundError, match="other"):
        tf.train.Saver().restore(session, str(folder / "objects"))


def test_warm_start_from_objects(folder: Path) -> None:
    w = tf.get_variable("net/w", [2, 3])
    tf.train.warm_start(str(folder / "objects"))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        np.testing.assert_array_equal(session.run(w), np.float32(EXPECTED["values"]["net/w"]))


def test_the_saved_model(folder: Path) -> None:
    with tf.Session() as session:
        made = tf.saved_model.loader.load(session, ["serve"], str(folder / "saved_model"))
        signature = made.signature_def["serving_default"]
        given = {signature.inputs["x"].name: X}
        found = session.run(signature.outputs["y"].name, given)
    check([found], EXPECTED["found"][:1])


def test_the_events(folder: Path) -> None:
    path = next((folder / "events").iterdir())
    events = list(tf.train.summary_iterator(str(path)))
    assert [e.step for e in events] == [0, 3]
    assert events[0].file_version == "brain.Event:2"
    loss, histogram = events[1].summary.value
    assert loss.tag == "loss_1"
    np.testing.assert_allclose(
        loss.simple_value, np.mean(np.square(EXPECTED["found"][0])), rtol=1e-6
    )
    assert histogram.histo.num == 6


def test_damaged_graphs_are_refused(folder: Path) -> None:
    data = (folder / "model-3.meta").read_bytes()
    path = folder / "damaged.meta"
    for size in (17, 1000, len(data) // 2, len(data) - 1):
        path.write_bytes(data[:size])
        with tf.Graph().as_default(), pytest.raises((OSError, ValueError)):
            tf.train.import_meta_graph(str(path))
    rng = np.random.default_rng(1)
    for _ in range(20):
        damaged = bytearray(data)
        for at in rng.integers(0, len(data), 20):
            damaged[at] = rng.integers(256)
        path.write_bytes(bytes(damaged))
        with tf.Graph().as_default():
            try:
                tf.train.import_meta_graph(str(path))
            except (OSError, ValueError, tf.errors.OpError):
                continue


def test_assets_stay_in_their_folder(folder: Path) -> None:
    home = folder / "saved_model"
    model = tf.MetaGraphDef()
    asset = model.asset_file_def.add(filename="../../../etc/passwd")
    asset.tensor_info.name = "path:0"
    loader = tf.python.saved_model.loader_impl.SavedModelLoader(str(home))
    assert loader._asset_paths(model, None) == {"path:0": str(home / "assets" / "passwd").encode()}
