"""gfile, configuration records, logging, compat."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import pytest

import graphflow as tf


def test_files(tmp_path: Path) -> None:
    path = str(tmp_path / "a" / "b.txt")
    with pytest.raises(tf.errors.NotFoundError):
        tf.gfile.GFile(path).read()
    tf.gfile.MakeDirs(str(tmp_path / "a"))
    with tf.gfile.GFile(path, "w") as f:
        f.write("one\ntwo\n")
    assert tf.gfile.Exists(path)
    assert list(tf.gfile.Open(path)) == ["one\n", "two\n"]
    assert tf.gfile.FastGFile(path, "rb").read() == b"one\ntwo\n"
    assert tf.gfile.Stat(path).length == 8
    with pytest.raises(tf.errors.AlreadyExistsError):
        tf.gfile.Copy(path, path)
    tf.gfile.Copy(path, path + "2")
    assert tf.gfile.Glob(str(tmp_path / "a" / "*")) == [path, path + "2"]
    tf.gfile.Rename(path + "2", path, overwrite=True)
    assert tf.gfile.ListDirectory(str(tmp_path / "a")) == ["b.txt"]
    assert [d for d, _, _ in tf.gfile.Walk(str(tmp_path))] == [str(tmp_path), str(tmp_path / "a")]
    tf.gfile.Remove(path)
    tf.gfile.DeleteRecursively(str(tmp_path / "a"))
    assert not tf.gfile.IsDirectory(str(tmp_path / "a"))
    with pytest.raises(tf.errors.InvalidArgumentError):
        tf.gfile.GFile(path, "x")


def test_a_config_is_set_by_attribute_and_read_by_sessions() -> None:
    config = tf.ConfigProto(allow_soft_placement=True, gpu_options=tf.GPUOptions(allow_growth=True))
    config.gpu_options.per_process_gpu_memory_fraction = 0.4
    config.graph_options.optimizer_options.global_jit_level = tf.OptimizerOptions.ON_1
    config.intra_op_parallelism_threads = 2
    assert "per_process_gpu_memory_fraction: 0.4" in str(config)
    assert not tf.ConfigProto().gpu_options.allow_growth
    with pytest.raises(AttributeError, match="did you mean 'allow_soft_placement'"):
        config.allow_soft_placment = True
    with pytest.raises(TypeError):
        config.intra_op_parallelism_threads = "two"
    other = tf.ConfigProto()
    other.MergeFrom(config)
    assert other == config
    with tf.device("/gpu:0"):
        x = tf.constant(1.0)
    with tf.Session(config=config) as sess:
        assert sess.run(x) == 1
    assert tf.RunOptions(trace_level=tf.RunOptions.FULL_TRACE).trace_level == 3


def test_logging(capsys: Any) -> None:
    before = tf.logging.get_verbosity()
    try:
        tf.logging.set_verbosity(tf.logging.INFO)
        assert tf.logging.get_verbosity() == logging.INFO
        logger = logging.getLogger("tensorflow")
        seen: list[str] = []
        handler = logging.Handler()
        handler.emit = lambda record: seen.append(record.getMessage())  # type: ignore[method-assign]
        logger.addHandler(handler)
        tf.logging.info("step %d", 3)
        tf.logging.debug("hidden")
        for _ in range(4):
            tf.logging.log_first_n(tf.logging.WARN, "twice", 2)
            tf.logging.log_every_n(tf.logging.WARN, "every third", 3)
        logger.removeHandler(handler)
        assert seen == ["step 3", "twice", "every third", "twice", "every third"]
    finally:
        tf.logging.set_verbosity(before)


def test_compat() -> None:
    assert tf.compat.as_bytes("é") == b"\xc3\xa9"
    assert tf.compat.as_str(b"a") == tf.compat.as_text("a") == "a"
    assert tf.compat.as_str_any(3) == "3"
    with pytest.raises(TypeError):
        tf.compat.as_bytes(3)
    tf.disable_v2_behavior()
    assert not tf.executing_eagerly()
    with pytest.raises(NotImplementedError, match="no eager mode"):
        tf.enable_eager_execution()
    assert tuple(int(p) for p in tf.__version__.split(".")) == (1, 15, 5)


def test_compat_v1_is_the_same_face() -> None:
    import graphflow.compat.v1 as v1
    from graphflow.compat import v1 as again

    assert v1 is again
    assert v1.placeholder is tf.placeholder
    assert v1.nn.relu is tf.nn.relu
    assert v1.__version__ == tf.__version__
    v1.disable_v2_behavior()
