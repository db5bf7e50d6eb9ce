"""What nodes print, to the letter; that a graph cannot end the process; that functions stay where they were made."""

from __future__ import annotations

import logging
import threading
from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.ops.summaries import summarized

COUNTED = np.arange(12)
#: (array, summarize, what TensorFlow 1.15.5 prints between the brackets)
TEXTS = [
    (np.float32(1.5), 3, "1.5"),
    (np.float32(1.5), 0, "..."),
    (COUNTED.astype(np.float32), 3, "0 1 2..."),
    (COUNTED, -1, "0 1 2 3 4 5 6 7 8 9 10 11"),
    (COUNTED, 0, "..."),
    (COUNTED.reshape(3, 4), 3, "[0 1 2...]..."),
    (COUNTED.reshape(3, 4), 1, "[0...]..."),
    (COUNTED.reshape(3, 4), 5, "[0 1 2 3][4...]..."),
    (COUNTED.reshape(3, 4), -1, "[0 1 2 3][4 5 6 7][8 9 10 11]"),
    (COUNTED.reshape(2, 3, 2), 3, "[[0 1][2...]]..."),
    (COUNTED.reshape(2, 3, 2), 1, "[[0...]]..."),
    (COUNTED.reshape(2, 3, 2), 5, "[[0 1][2 3][4...]]..."),
    (COUNTED.reshape(2, 3, 2), -1, "[[0 1][2 3][4 5]][[6 7][8 9][10 11]]"),
    (np.array([True, False]), 1, "1..."),
    (np.array([b"a\n", b'b"', "é".encode()], object), -1, r"a\n b\" \303\251"),
    (np.array([1 + 2j]), 3, "?"),
    (np.array([1e-10, 1e20, np.nan, np.inf, 0.1], np.float32), -1, "1e-10 1e+20 nan inf 0.1"),
    (np.array([0.1, 1 / 3]), 3, "0.1 0.33333333333333331"),
    (np.zeros((2, 0, 2)), 3, ""),
    (np.array([200], np.uint8), 3, "200"),
    (np.float16(1.1), 3, "1.09960938"),
    (np.array([[1]]), 1, "[1]"),
]


@pytest.mark.parametrize(("array", "most", "text"), TEXTS)
def test_arrays_are_summarized_as_tensorflow_does(array: Any, most: int, text: str) -> None:
    assert summarized(array, most) == text


def test_print_shows_its_data_as_often_as_it_may(capsys: pytest.CaptureFixture[str]) -> None:
    x = tf.Print(tf.constant(1.0), [tf.constant(1), tf.constant([2, 3])], "m ", first_n=2)
    with tf.Session() as session:
        for _ in range(4):
            assert session.run(x) == 1.0
    with tf.Session() as session:
        session.run(x)
    assert capsys.readouterr().err == "m [1][2 3]\n" * 3


def test_print_is_silent_unless_it_runs(capsys: pytest.CaptureFixture[str]) -> None:
    a = tf.constant(1.0)
    tf.Print(a, [a])
    tf.print("unheard", a)
    with tf.Session() as session:
        session.run(a)
    assert capsys.readouterr() == ("", "")


def test_new_print_goes_where_it_is_told(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    a = tf.constant([1, 2])
    with tf.Session() as session:
        session.run(tf.print("a", a))
        session.run(tf.print("b", a, output_stream=tf.logging.warn))
    assert capsys.readouterr().err.startswith("a [1 2]\n")
    assert (logging.WARNING, "b [1 2]") in [(r.levelno, r.getMessage()) for r in caplog.records]


def test_abort_is_an_error_and_no_end() -> None:
    for exit_without_error in (False, True):
        node = tf.raw_ops.Abort(error_msg="told", exit_without_error=exit_without_error)
        with tf.Session() as session, pytest.raises(tf.errors.AbortedError, match="told"):
            session.run(node)


def test_the_clock_goes() -> None:
    now = tf.timestamp()
    with tf.Session() as session:
        first, second = session.run(now), session.run(now)
    assert first.dtype == np.float64
    assert 1.5e9 < first <= second


def test_functions_belong_to_their_graph() -> None:
    with tf.Graph().as_default() as graph:
        tf.py_func(lambda: np.float32(1), [], tf.float32, name="f")
        message = graph.as_graph_def()
    with tf.Graph().as_default() as other:
        tf.import_graph_def(message, name="")
        with (
            tf.Session() as session,
            pytest.raises(tf.errors.InvalidArgumentError, match="pyfunc_0 is not found"),
        ):
            session.run(other.get_tensor_by_name("f:0"))


def test_an_array_that_a_function_keeps_is_not_the_result() -> None:
    kept = np.zeros(2, np.float32)

    def function(x: Any) -> Any:
        x += 100
        kept[:] += 1
        return kept

    a = tf.constant([1.0, 2.0])
    y = tf.py_func(function, [a], tf.float32)
    with tf.Session() as session:
        first = session.run([y, a])
        second = session.run([y, a])
    assert [v.tolist() for v in (*first, *second)] == [[1, 1], [1, 2], [2, 2], [1, 2]]


def test_ctrl_c_in_a_function_reaches_the_caller() -> None:
    def function() -> Any:
        raise KeyboardInterrupt

    y = tf.py_func(function, [], tf.float32)
    with tf.Session() as session, pytest.raises(KeyboardInterrupt):
        session.run(y)


def test_the_cause_of_a_failure_is_kept() -> None:
    def function() -> Any:
        return {}["missing"]

    y = tf.py_func(function, [], tf.float32, name="f")
    with tf.Session() as session, pytest.raises(tf.errors.UnknownError, match="KeyError") as info:
        session.run(y)
    assert info.value.op.name == "f"
    causes, error = [], info.value
    while error is not None:
        causes.append(type(error))
        error = error.__cause__
    assert KeyError in causes


def test_a_waiting_function_does_not_hold_other_runs() -> None:
    started, go_on = threading.Event(), threading.Event()

    def wait() -> Any:
        started.set()
        assert go_on.wait(10)
        return np.float32(1)

    y = tf.py_func(wait, [], tf.float32)
    v = tf.Variable(1.0)
    more = v.assign_add(1.0)
    with tf.Session() as session:
        session.run(v.initializer)
        thread = threading.Thread(target=session.run, args=(y,), daemon=True)
        thread.start()
        assert started.wait(10)
        assert session.run(more) == 2.0
        go_on.set()
        thread.join(10)
        assert not thread.is_alive()
