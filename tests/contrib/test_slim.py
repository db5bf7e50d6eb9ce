"""Scopes of arguments, variables by name, and the training loop of slim."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf

slim = tf.contrib.slim


@pytest.fixture(autouse=True)
def graph() -> Iterator[Any]:
    with tf.Graph().as_default() as fresh:
        yield fresh


@slim.add_arg_scope  # type: ignore[untyped-decorator]
def shown(value: int, left: str = "(", right: str = ")") -> str:
    """Any function can take arguments from scopes."""
    return f"{left}{value}{right}"


def test_the_innermost_scope_wins_and_a_call_wins_over_all() -> None:
    with slim.arg_scope([shown], left="<", right=">") as outer:
        assert shown(1) == "<1>"
        with slim.arg_scope([shown], right="]"):
            assert shown(1) == "<1]"
            assert shown(1, right="}") == "<1}"
        assert shown(1) == "<1>"
    assert shown(1) == "(1)"
    with slim.arg_scope(outer):
        assert shown(1) == "<1>"
    assert slim.arg_scoped_arguments(shown) == ("left", "right")
    assert slim.current_arg_scope() == {}


def test_a_scope_ends_with_an_error_in_it() -> None:
    with pytest.raises(KeyError), slim.arg_scope([shown], left="<"):
        raise KeyError
    assert shown(1) == "(1)"


def test_a_scope_holds_in_its_own_thread() -> None:
    found = []
    with slim.arg_scope([shown], left="<"):
        thread = threading.Thread(target=lambda: found.append(shown(1)))
        thread.start()
        thread.join()
    assert found == ["(1)"]


def test_what_takes_no_arguments_from_scopes_is_refused() -> None:
    with pytest.raises(ValueError, match="not decorated with @add_arg_scope"):
        slim.arg_scope([max], a=1).__enter__()
    with pytest.raises(TypeError, match="list/tuple or reused scope"):
        slim.arg_scope(shown, left="<").__enter__()
    with pytest.raises(ValueError, match="kwargs must be empty"):
        slim.arg_scope({}, left="<").__enter__()
    assert slim.has_arg_scope(shown)
    assert not slim.has_arg_scope(max)


def network(x: Any) -> Any:
    with slim.arg_scope([slim.fully_connected], weights_regularizer=slim.l2_regularizer(0.01)):
        hidden = slim.fully_connected(x, 6, normalizer_fn=slim.batch_norm, scope="hidden")
        return slim.fully_connected(hidden, 1, activation_fn=None, scope="out")


def test_variables_by_name() -> None:
    network(tf.placeholder(tf.float32, [None, 3]))
    names = [v.op.name for v in slim.get_variables_to_restore(exclude=["hidden/BatchNorm"])]
    assert names == ["hidden/weights", "out/weights", "out/biases"]
    assert slim.get_unique_variable("out/biases").shape.as_list() == [1]
    with pytest.raises(ValueError, match="Couldn't find variable nowhere"):
        slim.get_unique_variable("nowhere")
    with pytest.raises(ValueError, match="does not uniquely"):
        slim.get_unique_variable("out")
    kept = slim.filter_variables(tf.global_variables(), ["weights"], ["^out"])
    assert [v.op.name for v in kept] == ["hidden/weights"]
    with pytest.raises(TypeError, match="include"):
        slim.get_variables_to_restore(include="hidden")


def test_values_from_memory_and_from_a_checkpoint(tmp_path: Path) -> None:
    v = slim.model_variable("v", [2, 2], initializer=tf.ones_initializer())
    w = slim.model_variable("w", [3], initializer=tf.ones_initializer())
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        slim.assign_from_values_fn({"v": np.arange(4.0)})(session)
        path = tf.train.Saver([v]).save(session, str(tmp_path / "model"))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        with pytest.raises(ValueError, match=r"missing variable \[w\]"):
            slim.assign_from_checkpoint(path, [v, w])
        restore = slim.assign_from_checkpoint_fn(path, [v, w], ignore_missing_vars=True)
        assert restore is not None
        restore(session)
        np.testing.assert_array_equal(session.run(v), [[0, 1], [2, 3]])
        assign, feed = slim.assign_from_checkpoint(path, {"v": v})
        session.run(v.assign(np.zeros([2, 2])))
        session.run(assign, feed)
        np.testing.assert_array_equal(session.run(v), [[0, 1], [2, 3]])
        with pytest.raises(ValueError, match="unchanged for v"):
            slim.assign_from_checkpoint(path, {"v": w})
    assert slim.assign_from_checkpoint_fn(path, {"x": w}, ignore_missing_vars=True) is None


def regression() -> Any:
    x = np.random.RandomState(1).standard_normal((32, 3)).astype("float32")
    tf.set_random_seed(1)
    tf.losses.mean_squared_error(x.sum(1, keepdims=True), network(tf.constant(x)))
    return slim.learning.create_train_op(
        tf.losses.get_total_loss(), tf.train.AdamOptimizer(0.05), summarize_gradients=True
    )


def test_training_goes_on_where_it_ended(tmp_path: Path) -> None:
    folder = str(tmp_path / "model")
    first = slim.learning.train(regression(), folder, number_of_steps=5)
    assert tf.train.latest_checkpoint(folder) == os.path.join(folder, "model.ckpt-5")
    with tf.Graph().as_default():
        last = slim.learning.train(
            regression(), folder, number_of_steps=40, save_summaries_secs=1e-9
        )
    assert tf.train.latest_checkpoint(folder) == os.path.join(folder, "model.ckpt-40")
    assert last < first / 2
    with tf.Graph().as_default():
        alone = slim.learning.train(regression(), None, number_of_steps=40, log_every_n_steps=0)
    np.testing.assert_allclose(last, alone, rtol=1e-4)


def test_training_needs_a_step_and_a_start() -> None:
    with pytest.raises(ValueError, match="train_op cannot be None"):
        slim.learning.train(None, None)
    op = regression()
    with pytest.raises(ValueError, match="positive number"):
        slim.learning.train(op, None, number_of_steps=0)
    with pytest.raises(ValueError, match="logdir=None"):
        slim.learning.train(op, None, saver=tf.train.Saver())
    with pytest.raises(RuntimeError, match="did not make model ready"):
        slim.learning.train(op, None, number_of_steps=1, init_op=None)


def test_the_sizes_of_a_model(capsys: pytest.CaptureFixture[str]) -> None:
    network(tf.placeholder(tf.float32, [None, 3]))
    size, in_bytes = slim.model_analyzer.analyze_vars(tf.trainable_variables(), print_info=True)
    assert size == 3 * 6 + 6 + 6 + 1
    assert in_bytes == 4 * size
    assert "hidden/weights:0 (float32_ref 3x6) [18, bytes: 72]" in capsys.readouterr().out


def test_named_outputs_of_layers() -> None:
    x = tf.placeholder(tf.float32, [None, 3])
    with tf.variable_scope("net"):
        made = slim.fully_connected(x, 2, scope="fc", outputs_collections="points")
        slim.dropout(made, outputs_collections=["points"])
    points = tf.contrib.layers.python.layers.utils.convert_collection_to_dict("points")
    assert list(points) == ["net/fc", "net/Dropout"]
    assert points["net/fc"] is made
