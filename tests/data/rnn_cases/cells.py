"""The cells of tf.nn.rnn_cell, and cells around cells."""

from __future__ import annotations

import json

import numpy as np

CASES = {}
X = np.random.RandomState(0).randn(2, 5, 3).astype(np.float32)


def case(f):
    def build(tf):
        tf.set_random_seed(7)
        return f(tf, tf.nn.rnn_cell)

    CASES[f.__name__] = build
    return f


def given(tf, value, shape=None):
    """A value that is not known when the graph is built."""
    value = np.asarray(value)
    return tf.placeholder_with_default(value, value.shape if shape is None else shape)


def run(tf, cell, x=X, times=1, grad=True, **options):
    """A cell in a loop; with a random part, as often as asked."""
    x = given(tf, x, [None, *x.shape[1:]])
    options.setdefault("dtype", tf.float32)
    # side by side, TensorFlow's iterations draw random numbers in any order
    outputs, state = tf.nn.dynamic_rnn(cell, x, parallel_iterations=1, **options)
    fetches = [outputs, state]
    if grad:
        fetches.append(tf.gradients(outputs, [*tf.trainable_variables(), x]))
    return fetches, times


@case
def called_twice(tf, C):
    cell, x = C.LSTMCell(4), given(tf, X[:, 0])
    state = cell.zero_state(2, tf.float32)
    out, state = cell(x, state)
    out, state = cell(x, state)
    with tf.variable_scope("a"):
        other = C.LSTMCell(4)
        other(x, state)
        other(x, state)
    with tf.variable_scope("a", reuse=True):
        third = C.LSTMCell(4)
        out, state = third(x, state)
    assert cell.scope_name == "lstm_cell"
    assert other.scope_name == third.scope_name == "a/lstm_cell"
    assert [v.name for v in third.variables] == ["a/lstm_cell/kernel:0", "a/lstm_cell/bias:0"]
    return [out, state]


@case
def every_cell(tf, C):
    x = given(tf, X[:, 0], [None, 3])
    cells = [
        C.BasicRNNCell(4, activation=tf.nn.relu, name="plain"),
        C.BasicRNNCell(4, activation="sigmoid"),
        C.GRUCell(4, kernel_initializer=tf.ones_initializer(), bias_initializer="zeros"),
        C.BasicLSTMCell(4, forget_bias=0.5, state_is_tuple=False),
        C.LSTMCell(4, initializer=tf.constant_initializer(0.1), state_is_tuple=False, num_proj=3),
        C.LSTMCell(4, num_unit_shards=2, num_proj_shards=2, num_proj=4),
    ]
    return [cell(x, cell.zero_state(tf.shape(x)[0], tf.float32)) for cell in cells]


@case
def weights_in_parts(tf, C):
    with tf.variable_scope("m", partitioner=tf.fixed_size_partitioner(2)):
        return run(tf, C.LSTMCell(4), grad=False)


@case
def weights_by_a_getter(tf, C):
    def doubled(getter, *args, **kwargs):
        return getter(*args, **kwargs) * 2.0

    with tf.variable_scope("m", custom_getter=doubled):
        return run(tf, C.BasicRNNCell(4), grad=False)


@case
def weights_that_are_resources(tf, C):
    with tf.variable_scope("m", use_resource=True):
        return run(tf, C.LSTMCell(3))


@case
def on_a_device(tf, C):
    cell = C.DeviceWrapper(C.GRUCell(3), "/cpu:0")
    found = run(tf, cell, grad=False)
    devices = [v.device for v in tf.global_variables()]
    return found[0] + [tf.constant(devices)], 1


@case
def the_same_cell_twice(tf, C):
    cell = C.GRUCell(3)
    return run(tf, C.MultiRNNCell([cell] * 2), grad=False)


@case
def the_same_cell_twice_with_other_inputs(tf, C):
    return run(tf, C.MultiRNNCell([C.GRUCell(4)] * 2), grad=False)


@case
def in_two_scopes(tf, C):
    cell = C.GRUCell(3)
    first = run(tf, cell, grad=False, scope="a")
    return first[0] + run(tf, cell, X * 2, grad=False, scope="b")[0], 1


@case
def in_a_branch(tf, C):
    x = given(tf, X, [None, 5, 3])
    true = given(tf, np.array(True), [])
    found = tf.cond(
        true, lambda: tf.nn.dynamic_rnn(C.GRUCell(3), x, dtype=tf.float32)[0], lambda: x
    )
    return [found, tf.random_uniform([2])]


@case
def in_a_loop(tf, C):
    def step(i, x):
        lengths = tf.stack([2, i + 1])
        return i + 1, tf.nn.dynamic_rnn(C.GRUCell(3), x, lengths, dtype=tf.float32)[0]

    x = given(tf, X, [None, 5, 3])
    found = tf.while_loop(lambda i, _: i < 2, step, (0, x))[1]
    return [found, tf.random_uniform([2])]


@case
def in_a_loop_with_gradients(tf, C):
    def step(i, x):
        lengths = tf.stack([2, i + 1])
        return i + 1, tf.nn.dynamic_rnn(C.GRUCell(3), x, lengths, dtype=tf.float32)[0]

    x = given(tf, X, [None, 5, 3])
    found = tf.while_loop(lambda i, _: i < 2, step, (0, x))[1]
    return [found, tf.gradients(found, [x, *tf.trainable_variables()])]


@case
def zero_states(tf, C):
    n = given(tf, np.int32(3), [])
    cell = C.MultiRNNCell([C.GRUCell(2), C.DropoutWrapper(C.LSTMCell(3)), C.BasicRNNCell(1)])
    flat = C.MultiRNNCell([C.GRUCell(2), C.BasicRNNCell(1)], state_is_tuple=False)
    x = given(tf, X[:, 0], [None, 3])
    return [
        cell.zero_state(n, tf.float32),
        cell.zero_state(2, tf.float64),
        flat.zero_state(n, tf.float32),
        C.GRUCell(2).get_initial_state(x),
        C.GRUCell(2).get_initial_state(batch_size=4, dtype=tf.float32),
    ]


@case
def configurations(tf, C):
    found = [
        C.BasicRNNCell(3, activation="relu").get_config(),
        C.GRUCell(3).get_config(),
        C.BasicLSTMCell(3).get_config(),
        C.LSTMCell(3, num_proj=2, dtype=tf.float32).get_config(),
        C.DropoutWrapper(C.GRUCell(3), 0.5).get_config(),
        C.ResidualWrapper(C.GRUCell(3)).get_config(),
        C.DeviceWrapper(C.GRUCell(3), "/cpu:0").get_config(),
        C.LSTMCell.from_config(C.LSTMCell(3, num_proj=2, name="x").get_config()).get_config(),
    ]
    return tf.constant([json.dumps(c, sort_keys=True) for c in found])


@case
def weights(tf, C):
    x = given(tf, X[:, 0])
    stack = C.MultiRNNCell([C.GRUCell(3), C.BasicLSTMCell(2)])
    stack(x, stack.zero_state(2, tf.float32))
    around = C.DropoutWrapper(C.LSTMCell(4), 0.5)
    around(x, around.zero_state(2, tf.float32))
    names = [[v.name for v in c.trainable_weights] for c in (stack, around, around.wrapped_cell)]
    return tf.constant(repr([names, stack.name, around.name, stack.dtype]))


@case
def stack(tf, C):
    cells = [C.DropoutWrapper(C.BasicLSTMCell(n), output_keep_prob=0.5) for n in (4, 2)]
    cell = C.MultiRNNCell(cells)
    return run(tf, cell, initial_state=cell.zero_state(2, tf.float32), times=2)


@case
def stack_of_one_state(tf, C):
    cell = C.MultiRNNCell(
        [C.BasicLSTMCell(4, state_is_tuple=False), C.BasicRNNCell(2)], state_is_tuple=False
    )
    return run(tf, cell)


@case
def dropout_by_tensors(tf, C):
    keep = given(tf, np.float32(0.5), [])
    cell = C.DropoutWrapper(
        C.ResidualWrapper(C.DeviceWrapper(C.GRUCell(3), "/cpu:0")), keep, keep, keep
    )
    return run(tf, cell, times=3)


@case
def dropout_by_seeds(tf, C):
    cell = C.DropoutWrapper(C.LSTMCell(3), 0.5, 0.6, 0.7, seed=3)
    return run(tf, cell, times=2, grad=False)


@case
def variational_dropout(tf, C):
    cells = [
        C.DropoutWrapper(
            C.BasicLSTMCell(3), 0.3, 0.4, 0.5, True, input_size=3, dtype=tf.float32, seed=seed
        )
        for seed in (3, None)
    ]
    return run(tf, C.MultiRNNCell(cells), times=2)


@case
def dropout_of_chosen_states(tf, C):
    def chosen(state):
        return C.LSTMStateTuple(True, False) if isinstance(state, C.LSTMStateTuple) else True

    cell = C.DropoutWrapper(C.LSTMCell(3), state_keep_prob=0.5, dropout_state_filter_visitor=chosen)
    return run(tf, cell, times=2, grad=False)


@case
def residual_function(tf, C):
    cell = C.ResidualWrapper(C.GRUCell(2), residual_fn=lambda i, o: tf.concat([i, o], 1))
    x = given(tf, X[:, 0])
    return list(cell(x, cell.zero_state(2, tf.float32)))


@case
def old_spelling(tf, C):
    class Mine(C.RNNCell):
        @property
        def state_size(self):
            return 3

        @property
        def output_size(self):
            return 3

        def __call__(self, i, s, scope=None):
            with tf.variable_scope(scope or "mine"):
                r = tf.matmul(i, tf.get_variable("w", [3, 3])) + s
                return r, r

    x = given(tf, X[:, 0])
    return list(tf.nn.static_rnn(Mine(), [x, x, x], dtype=tf.float32))


def refused(name, build):
    CASES["refused_" + name] = lambda tf: build(tf, tf.nn.rnn_cell)


def called(tf, cell, dtype="float32", depth=3):
    return cell(tf.placeholder("float32", [2, depth]), cell.zero_state(2, dtype))


refused("integers", lambda tf, C: called(tf, C.BasicLSTMCell(4), tf.int32))
refused("integer_weights", lambda tf, C: C.GRUCell(4, dtype=tf.int32))
refused("unknown_depth", lambda tf, C: called(tf, C.GRUCell(4), depth=None))
refused("batch_of_three", lambda tf, C: C.GRUCell(3).get_initial_state(tf.zeros([3, 2]), 4))
refused("other_type", lambda tf, C: C.GRUCell(3).get_initial_state(tf.zeros([3, 2]), dtype="int32"))
refused("nothing_known", lambda tf, C: C.GRUCell(3).get_initial_state())
refused("abstract", lambda tf, C: C.RNNCell().state_size)
refused("unknown_option", lambda tf, C: C.LSTMCell(3, foo=3))
refused("probability", lambda tf, C: C.DropoutWrapper(C.GRUCell(3), input_keep_prob=1.5))
refused(
    "variational_without_type",
    lambda tf, C: C.DropoutWrapper(C.GRUCell(3), variational_recurrent=True),
)
refused(
    "variational_without_size",
    lambda tf, C: C.DropoutWrapper(C.GRUCell(3), 0.5, variational_recurrent=True, dtype="float32"),
)
refused("filter", lambda tf, C: C.DropoutWrapper(C.GRUCell(3), dropout_state_filter_visitor=3))
refused("wrapped_number", lambda tf, C: C.DropoutWrapper(3))
refused("no_cells", lambda tf, C: C.MultiRNNCell([]))
refused("one_cell", lambda tf, C: C.MultiRNNCell(C.GRUCell(3)))
refused(
    "states_of_tuples", lambda tf, C: C.MultiRNNCell([C.BasicLSTMCell(3)], state_is_tuple=False)
)
refused("residual_shape", lambda tf, C: called(tf, C.ResidualWrapper(C.GRUCell(4))))
refused(
    "matrix_of_states",
    lambda tf, C: C.MultiRNNCell([C.GRUCell(3)])(tf.zeros([2, 3]), tf.zeros([2, 3])),
)
refused("mixed_state", lambda tf, C: C.LSTMStateTuple(tf.zeros([1]), tf.zeros([1], tf.int32)).dtype)
