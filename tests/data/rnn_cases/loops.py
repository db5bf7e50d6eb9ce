"""dynamic_rnn, bidirectional_dynamic_rnn, raw_rnn, static_rnn and its kin: outputs, states, gradients, training."""

from __future__ import annotations

import numpy as np

CASES = {}
X = np.random.RandomState(0).randn(2, 5, 3).astype(np.float32)


def case(f):
    def build(tf):
        tf.set_random_seed(7)
        return f(tf)

    CASES[f.__name__] = build
    return f


def given(tf, value, shape=None):
    """A value that is not known when the graph is built."""
    value = np.asarray(value)
    return tf.placeholder_with_default(value, value.shape if shape is None else shape)


def inputs(tf, steps=5):
    return given(tf, X, [None, steps, 3])


def trained(tf, out, *more):
    """Loss, gradients of variables and of `more`, and a step of training, three times."""
    loss = tf.reduce_sum(tf.square(out - 0.3))
    weights = tf.trainable_variables()
    grads = tf.gradients(loss, weights + list(more))
    found = [out, loss] + [g for g in grads if g is not None]
    # all is computed before the weights change
    with tf.control_dependencies(found):
        optimizer = tf.train.GradientDescentOptimizer(0.1)
        step = optimizer.apply_gradients([(grads[i], v) for i, v in enumerate(weights)])
    return [found, step], 3


def run(tf, cell, x, grad=True, **options):
    options.setdefault("dtype", tf.float32)
    outputs, state = tf.nn.dynamic_rnn(cell, x, **options)
    return trained(tf, outputs, x) if grad else [outputs, state]


@case
def lstm_graph(tf):
    return run(tf, tf.nn.rnn_cell.BasicLSTMCell(4), inputs(tf), grad=False)


@case
def lstm_trained(tf):
    return run(tf, tf.nn.rnn_cell.BasicLSTMCell(4), inputs(tf))


@case
def known_batch(tf):
    return run(tf, tf.nn.rnn_cell.GRUCell(4), given(tf, X), grad=False)


@case
def lengths_graph(tf):
    cell = tf.nn.rnn_cell.GRUCell(4)
    return run(tf, cell, inputs(tf, None), False, sequence_length=given(tf, [2, 4], [None]))


@case
def lengths_trained(tf):
    cell = tf.nn.rnn_cell.GRUCell(4)
    return run(tf, cell, inputs(tf, None), sequence_length=given(tf, [2, 4], [None]))


@case
def peepholes_and_projection(tf):
    cell = tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True, num_proj=2, cell_clip=0.2, proj_clip=0.1)
    return run(tf, cell, inputs(tf, None), False, sequence_length=given(tf, [0, 4], [None]))


@case
def peepholes_and_projection_trained(tf):
    cell = tf.nn.rnn_cell.LSTMCell(4, use_peepholes=True, num_proj=2, cell_clip=0.2, proj_clip=0.1)
    return run(tf, cell, inputs(tf, None), sequence_length=given(tf, [0, 4], [None]))


@case
def time_major_from_a_state(tf):
    x, begin = inputs(tf, None), given(tf, np.ones((5, 4), np.float32), [None, 4])
    outputs, state = tf.nn.dynamic_rnn(
        tf.nn.rnn_cell.BasicRNNCell(4),
        x,
        initial_state=begin,
        time_major=True,
        sequence_length=[1, 2, 2, 0, 1],
    )
    return trained(tf, tf.concat([outputs, [state]], 0), x, begin)


@case
def loss_on_the_last_state(tf):
    x = inputs(tf)
    _, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(3), x, [3, 5], dtype=tf.float32)
    return trained(tf, state.h * state.c, x)


@case
def one_after_the_other(tf):
    x, cell = inputs(tf), tf.nn.rnn_cell.LSTMCell(4)
    with tf.variable_scope("a", reuse=tf.AUTO_REUSE):
        first, state = tf.nn.dynamic_rnn(cell, x, dtype=tf.float32)
        second, _ = tf.nn.dynamic_rnn(cell, x * 2.0, initial_state=state)
    # the number of ops before it decides what is drawn here
    return trained(tf, tf.random_normal([2])[0] * (first + second), x)


@case
def structures(tf):
    class Two(tf.nn.rnn_cell.RNNCell):
        @property
        def state_size(self):
            return (3, 2)

        @property
        def output_size(self):
            return (3, tf.TensorShape([2, 2]))

        def call(self, i, s):
            a, b = i
            wide = tf.reshape(tf.tile(b, [1, 2]), [-1, 2, 2])
            return (a + s[0], wide), (s[0] + 1.0, b)

    x = (given(tf, X), given(tf, X[:, :, :2]))
    return run(tf, Two(), x, False, sequence_length=[2, 3])


@case
def variables_made_in_call(tf):
    class Mine(tf.nn.rnn_cell.RNNCell):
        @property
        def state_size(self):
            return 3

        @property
        def output_size(self):
            return 3

        def call(self, i, s):
            r = tf.tanh(tf.matmul(i, tf.get_variable("w", [3, 3])) + s)
            return r, r

    cell = Mine()
    found = run(tf, cell, inputs(tf))
    assert [v.name for v in cell.variables] == ["rnn/mine/w:0"]
    return found


@case
def no_steps(tf):
    x = given(tf, X[:, :0], [None, None, 3])
    return run(tf, tf.nn.rnn_cell.GRUCell(3), x, False)


@case
def no_examples(tf):
    x = given(tf, X[:0], [None, None, 3])
    return run(tf, tf.nn.rnn_cell.GRUCell(3), x, False)


@case
def float64(tf):
    x = given(tf, X.astype(np.float64), [None, None, 3])
    outputs, state = tf.nn.dynamic_rnn(tf.nn.rnn_cell.LSTMCell(3), x, dtype=tf.float64)
    return [outputs, state, tf.gradients(outputs, tf.trainable_variables())]


@case
def too_few_lengths(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell(3)
    return run(tf, cell, inputs(tf), False, sequence_length=given(tf, [2], [None]))


@case
def too_great_lengths(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell(3)
    return run(tf, cell, inputs(tf), False, sequence_length=given(tf, [2, 6], [None]))


@case
def both_ways(tf):
    C = tf.nn.rnn_cell
    return [
        tf.nn.bidirectional_dynamic_rnn(C.LSTMCell(4), C.GRUCell(2), inputs(tf), dtype=tf.float32),
    ]


@case
def both_ways_trained(tf):
    C, x = tf.nn.rnn_cell, inputs(tf)
    lengths = given(tf, [3, 4], [None])
    outputs, _ = tf.nn.bidirectional_dynamic_rnn(
        C.LSTMCell(4), C.GRUCell(2), x, sequence_length=lengths, dtype=tf.float32
    )
    return trained(tf, tf.concat(outputs, 2), x)


def raw(tf, grad):
    cell = tf.nn.rnn_cell.BasicLSTMCell(4)
    x = given(tf, X.transpose(1, 0, 2), [5, None, 3])
    lengths = given(tf, np.array([2, 5], np.int32), [None])
    rows = tf.TensorArray("float32", size=5).unstack(x)

    def loop(time, output, state, _):
        if output is None:
            state = cell.zero_state(tf.shape(x)[1], tf.float32)
        finished = time >= lengths
        now = tf.cond(
            tf.reduce_all(finished),
            lambda: tf.zeros([tf.shape(x)[1], 3]),
            lambda: rows.read(time),
        )
        now.set_shape([None, 3])
        return finished, now, state, output, None

    outputs, state, nothing = tf.nn.raw_rnn(cell, loop)
    assert nothing is None
    return trained(tf, outputs.stack(), x) if grad else [outputs.stack(), state]


@case
def raw_graph(tf):
    return raw(tf, False)


@case
def raw_trained(tf):
    return raw(tf, True)


@case
def raw_with_a_state_of_its_own(tf):
    cell = tf.nn.rnn_cell.GRUCell(3)

    def loop(time, output, state, total):
        if output is None:
            return (
                tf.zeros([2], tf.bool),
                tf.constant(X[:, 0]),
                cell.zero_state(2, tf.float32),
                tf.zeros([]),
                0.0,
            )
        sums = tf.reduce_sum(output)
        return [time > 3, time > 5], output, state, tf.zeros([2]) + sums, total + sums

    outputs, state, total = tf.nn.raw_rnn(cell, loop, scope="mine")
    return [outputs.stack(), state, total]


@case
def unrolled(tf):
    cell = tf.nn.rnn_cell.BasicLSTMCell(4, state_is_tuple=False)
    x = inputs(tf)
    outputs, _ = tf.nn.static_rnn(cell, tf.unstack(x, axis=1), dtype=tf.float32)
    return trained(tf, tf.stack(outputs), x)


@case
def unrolled_lengths(tf):
    C = tf.nn.rnn_cell
    lengths = given(tf, [3, 4], [None])
    rows = tf.unstack(inputs(tf), axis=1)
    return list(tf.nn.static_rnn(C.LSTMCell(4), rows, dtype=tf.float32, sequence_length=lengths))


@case
def unrolled_lengths_trained(tf):
    x = inputs(tf)
    outputs, _ = tf.nn.static_rnn(
        tf.nn.rnn_cell.BasicLSTMCell(4),
        tf.unstack(x, axis=1),
        dtype=tf.float32,
        sequence_length=given(tf, [3, 4], [None]),
    )
    return trained(tf, tf.stack(outputs), x)


@case
def unrolled_both_ways(tf):
    C, x = tf.nn.rnn_cell, inputs(tf)
    rows = tf.unstack(x, axis=1)
    lengths = given(tf, [3, 4], [None])
    first, _, _ = tf.nn.static_bidirectional_rnn(C.GRUCell(4), C.GRUCell(2), rows, dtype=tf.float32)
    second, a, b = tf.nn.static_bidirectional_rnn(
        C.LSTMCell(4), C.GRUCell(2), rows, dtype=tf.float32, sequence_length=lengths, scope="b"
    )
    return [first, second, a, b]


@case
def saved_states(tf):
    class Saver:
        def state(self, name):
            return tf.zeros([2, 4], name=name)

        def save_state(self, name, value):
            return tf.identity(value, name="save_" + name)

    rows = tf.unstack(given(tf, X), axis=1)
    C = tf.nn.rnn_cell
    return list(tf.nn.static_state_saving_rnn(C.GRUCell(4), rows, Saver(), "h")) + list(
        tf.nn.static_state_saving_rnn(C.LSTMCell(4), rows, Saver(), ("a", "b"))
    )


def refused(name, build):
    CASES["refused_" + name] = build


refused("no_dtype", lambda tf: run(tf, tf.nn.rnn_cell.GRUCell(4), given(tf, X), dtype=None))
refused("no_cell", lambda tf: run(tf, 4, given(tf, X)))
refused("unknown_depth", lambda tf: run(tf, tf.nn.rnn_cell.GRUCell(4), given(tf, X, [2, 5, None])))
refused("matrix", lambda tf: run(tf, tf.nn.rnn_cell.GRUCell(4), given(tf, X[0])))
refused(
    "matrix_of_lengths",
    lambda tf: run(tf, tf.nn.rnn_cell.GRUCell(4), given(tf, X), sequence_length=[[1]]),
)
refused(
    "twice_in_a_scope",
    lambda tf: [
        tf.nn.dynamic_rnn(tf.nn.rnn_cell.GRUCell(4), given(tf, X), dtype=tf.float32, scope="a")
        for _ in "ab"
    ],
)
refused(
    "no_list", lambda tf: tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(4), given(tf, X), dtype="float32")
)
refused("empty_list", lambda tf: tf.nn.static_rnn(tf.nn.rnn_cell.GRUCell(4), [], dtype=tf.float32))
refused("no_function", lambda tf: tf.nn.raw_rnn(tf.nn.rnn_cell.GRUCell(4), 3))
