"""Recurrent networks in sessions: states fed and fetched as they are, steps against numpy, gradients of gradients."""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np
import pytest

import graphflow as tf

X = np.random.default_rng(3).normal(size=(2, 6, 3))


def sigmoid(x: Any) -> Any:
    return 1 / (1 + np.exp(-x))


def test_lstm_steps_against_numpy() -> None:
    lengths = [4, 0]
    x = tf.placeholder(tf.float64, [None, None, 3])
    cell = tf.nn.rnn_cell.BasicLSTMCell(5, forget_bias=0.7)
    outputs, state = tf.nn.dynamic_rnn(cell, x, sequence_length=lengths, dtype=tf.float64)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        kernel, bias = session.run(cell.variables)
        bias = bias + np.linspace(-1, 1, 20)
        found, last = session.run([outputs, state], {x: X, cell.variables[1]: bias})
    c, h = np.zeros((2, 5)), np.zeros((2, 5))
    for t in range(6):
        i, j, f, o = np.split(np.concatenate([X[:, t], h], 1) @ kernel + bias, 4, axis=1)
        new_c = c * sigmoid(f + 0.7) + sigmoid(i) * np.tanh(j)
        new_h = np.tanh(new_c) * sigmoid(o)
        going = (t < np.array(lengths))[:, None]
        np.testing.assert_allclose(found[:, t], np.where(going, new_h, 0), atol=1e-12)
        c, h = np.where(going, new_c, c), np.where(going, new_h, h)
    assert type(last) is tf.nn.rnn_cell.LSTMStateTuple
    np.testing.assert_allclose(last.c, c, atol=1e-12)
    np.testing.assert_allclose(last.h, h, atol=1e-12)


def test_state_carried_over_by_feeding() -> None:
    C = tf.nn.rnn_cell
    cell = C.MultiRNNCell([C.LSTMCell(4), C.GRUCell(3)])
    x = tf.placeholder(tf.float64, [2, None, 3])
    begin = cell.zero_state(2, tf.float64)
    outputs, end = tf.nn.dynamic_rnn(cell, x, initial_state=begin)
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        whole, last = session.run([outputs, end], {x: X})
        state = session.run(begin)
        parts = []
        for half in (X[:, :3], X[:, 3:]):
            part, state = session.run([outputs, end], {x: half, begin: state})
            parts.append(part)
    assert isinstance(state, tuple)
    assert isinstance(state[0], C.LSTMStateTuple)
    np.testing.assert_allclose(np.concatenate(parts, 1), whole, atol=1e-12)
    np.testing.assert_allclose(state[0].c, last[0].c, atol=1e-12)
    np.testing.assert_allclose(state[1], last[1], atol=1e-12)


def test_loop_and_unrolled_steps_agree() -> None:
    x = tf.constant(X)
    cell = tf.nn.rnn_cell.GRUCell(4)
    with tf.variable_scope("net", reuse=tf.AUTO_REUSE) as scope:
        loop, _ = tf.nn.dynamic_rnn(cell, x, [6, 3], dtype=tf.float64, scope=scope)
        steps, _ = tf.nn.static_rnn(
            cell, tf.unstack(x, axis=1), dtype=tf.float64, sequence_length=[6, 3], scope=scope
        )
    assert len(tf.trainable_variables()) == 4
    unrolled = tf.stack(steps, axis=1)
    weights = tf.trainable_variables()
    pairs = [(tf.gradients(loop**2, w)[0], tf.gradients(unrolled**2, w)[0]) for w in weights]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        for a, b in session.run([(loop, unrolled), *pairs]):
            np.testing.assert_allclose(a, b, atol=1e-12)


@pytest.mark.parametrize("lengths", [None, [5, 2]])
def test_gradient_of_a_gradient(lengths: Any) -> None:
    x = tf.placeholder(tf.float64, [None, None, 3])
    cell = tf.nn.rnn_cell.LSTMCell(3, use_peepholes=True)
    outputs, _ = tf.nn.dynamic_rnn(cell, x, lengths, dtype=tf.float64)
    first = tf.gradients(tf.reduce_sum(outputs**2), x)[0]
    direction = np.random.default_rng(4).normal(size=X.shape)
    second = tf.gradients(tf.reduce_sum(first * direction), x)[0]
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        found = session.run(second, {x: X})
        h = 1e-5
        ahead, behind = (session.run(first, {x: X + s * h * direction}) for s in (1, -1))
    np.testing.assert_allclose(found, (ahead - behind) / (2 * h), atol=1e-7)


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("contrib.rnn", "BasicLSTMCell"),
        ("contrib.rnn", "static_rnn"),
        ("contrib.rnn.python.ops.core_rnn_cell", "_Linear"),
        ("contrib.rnn.python.ops.rnn_cell", "NASCell"),
        ("contrib.rnn.core_rnn_cell", "GRUCell"),
        ("contrib.seq2seq", "BeamSearchDecoder"),
        ("contrib.seq2seq.python.ops.attention_wrapper", "_bahdanau_score"),
        ("contrib.legacy_seq2seq", "rnn_decoder"),
        ("contrib.crf", "viterbi_decode"),
        ("nn.rnn_cell", "LSTMCell"),
        ("python.ops.rnn_cell_impl", "LayerRNNCell"),
        ("python.ops.rnn", "_transpose_batch_time"),
    ],
)
def test_importable_where_programs_look(path: str, name: str) -> None:
    module = importlib.import_module(f"graphflow.{path}")
    assert callable(getattr(module, name))
    assert name in dir(module)
