"""map_fn, scan, foldl and recurrent networks."""

from __future__ import annotations

import numpy as np

X = np.array([1.5, -0.5, 0.25, 2.0], np.float32)


def map_fn(tf):
    x = tf.placeholder(tf.float32, [4], "x")
    return [tf.map_fn(lambda e: e * e + 1.0, x)], [x], {x: X}


def map_fn_pairs(tf):
    x = tf.placeholder(tf.float32, [4], "x")
    w = tf.placeholder(tf.float32, [4, 2], "w")
    y, z = tf.map_fn(lambda e: (e[0] * e[1], e[0]), (x, w), dtype=(tf.float32, tf.float32))
    return [y, z], [x, w], {x: X, w: np.arange(8, dtype="f").reshape(4, 2)}


def map_fn_of_nothing(tf):
    x = tf.placeholder(tf.float32, [None, 2], "x")
    return [tf.map_fn(lambda e: e * 2.0, x)], [], {x: np.zeros((0, 2), "f")}


def map_fn_unknown(tf):
    x = tf.placeholder(tf.float64, None, "x")
    return [tf.map_fn(lambda e: tf.reduce_sum(e * e), x)], [x], {x: np.arange(6.0).reshape(3, 2)}


def map_fn_to_integers(tf):
    x = tf.placeholder(tf.float32, [4], "x")
    return [tf.map_fn(lambda e: tf.cast(e * 10.0, tf.int32), x, dtype=tf.int32)], [], {x: X}


def foldl(tf):
    x = tf.placeholder(tf.float32, [4], "x")
    return [tf.foldl(lambda a, e: a * 0.5 + e * e, x)], [x], {x: X}


def foldr(tf):
    x = tf.placeholder(tf.float32, [4], "x")
    return [tf.foldr(lambda a, e: a * e + 1.0, x, initializer=tf.constant(2.0))], [x], {x: X}


def scan(tf):
    x = tf.placeholder(tf.float32, [4], "x")
    return [tf.scan(lambda a, e: a * 0.5 + tf.sin(e), x)], [x], {x: X}


def scan_initial(tf):
    x = tf.placeholder(tf.float32, [4, 2], "x")
    w = tf.placeholder(tf.float32, [2, 2], "w")
    y = tf.scan(
        lambda h, e: tf.tanh(tf.squeeze(tf.matmul(h[None], w), 0) + e), x, initializer=tf.zeros([2])
    )
    return (
        [y],
        [x, w],
        {x: np.arange(8, dtype="f").reshape(4, 2) / 4, w: np.eye(2, dtype="f") * 0.5},
    )


def scan_pairs(tf):
    x = tf.placeholder(tf.float32, [4], "x")
    y, z = tf.scan(
        lambda a, e: (a[0] + e, a[1] * e), x, initializer=(tf.constant(0.0), tf.constant(1.0))
    )
    return [y, z], [x], {x: X}


def scan_reverse(tf):
    x = tf.placeholder(tf.float32, [4], "x")
    return [tf.scan(lambda a, e: a * e, x, reverse=True)], [x], {x: X}


def _rnn(tf, cell, lengths=None, time_major=False):
    x = tf.placeholder(tf.float32, [2, 4, 3], "x")
    y, state = tf.nn.dynamic_rnn(
        cell, x, sequence_length=lengths, dtype=tf.float32, time_major=time_major
    )
    rng = np.random.RandomState(5)
    outputs = [y, *(state if isinstance(state, tuple) else [state])]
    return outputs, [x], {x: rng.randn(2, 4, 3).astype("f")}


def _weights(tf):
    tf.get_variable_scope().set_initializer(tf.random_uniform_initializer(-0.5, 0.5, seed=3))


def rnn_basic(tf):
    _weights(tf)
    return _rnn(tf, tf.nn.rnn_cell.BasicRNNCell(2))


def rnn_lengths(tf):
    _weights(tf)
    return _rnn(tf, tf.nn.rnn_cell.BasicRNNCell(2), lengths=[4, 2])


def rnn_gru(tf):
    _weights(tf)
    return _rnn(tf, tf.nn.rnn_cell.GRUCell(2), lengths=[1, 4])


def rnn_lstm(tf):
    _weights(tf)
    return _rnn(tf, tf.nn.rnn_cell.LSTMCell(2))


def rnn_time_major(tf):
    _weights(tf)
    return _rnn(tf, tf.nn.rnn_cell.BasicRNNCell(2), time_major=True)


def rnn_stacked(tf):
    _weights(tf)
    cells = [tf.nn.rnn_cell.BasicRNNCell(2) for _ in range(2)]
    return _rnn(tf, tf.nn.rnn_cell.MultiRNNCell(cells))


def rnn_both_ways(tf):
    _weights(tf)
    x = tf.placeholder(tf.float32, [2, 3, 3], "x")
    (a, b), _ = tf.nn.bidirectional_dynamic_rnn(
        tf.nn.rnn_cell.BasicRNNCell(2),
        tf.nn.rnn_cell.BasicRNNCell(2),
        x,
        sequence_length=[3, 2],
        dtype=tf.float32,
    )
    return [a, b], [x], {x: np.random.RandomState(6).randn(2, 3, 3).astype("f")}


for _cell in (
    rnn_basic,
    rnn_lengths,
    rnn_gru,
    rnn_lstm,
    rnn_time_major,
    rnn_stacked,
    rnn_both_ways,
):
    _cell.only_1 = True


def raw_rnn(tf):
    x = tf.placeholder(tf.float32, [4, 2, 3], "x")
    taken = tf.TensorArray(tf.float32, 4, clear_after_read=False).unstack(x)
    cell = tf.nn.rnn_cell.BasicRNNCell(2)

    def step(time, output, state, loop_state):
        done = time >= tf.constant([4, 2])
        state = cell.zero_state(2, tf.float32) if output is None else state
        over = tf.reduce_all(done)
        row = tf.cond(over, lambda: tf.zeros([2, 3]), lambda: taken.read(time))
        return done, row, state, output, None

    _weights(tf)
    made, state, _ = tf.nn.raw_rnn(cell, step)
    return [made.stack(), state], [x], {x: np.random.RandomState(7).randn(4, 2, 3).astype("f")}


raw_rnn.only_1 = True
