"""tf.contrib.rnn: further cells, cells around cells, stacks that go both ways, fused cells, block ops."""

from __future__ import annotations

import numpy as np

CASES = {}
DRAWN = np.random.RandomState(0)
X = DRAWN.randn(2, 5, 3).astype(np.float32)


def case(f):
    def build(tf):
        tf.set_random_seed(7)
        return f(tf, tf.contrib.rnn)

    CASES[f.__name__] = build
    return f


def given(tf, value, shape=None):
    """A value that is not known when the graph is built."""
    value = np.asarray(value)
    return tf.placeholder_with_default(value, value.shape if shape is None else shape)


def inputs(tf):
    return given(tf, X, [None, 5, 3])


def cell(name, make, times=1, wide=False, gradients=False):
    """A cell in a loop."""

    def build(tf):
        tf.set_random_seed(7)
        x = inputs(tf)
        if wide:
            x = tf.concat([x, x], 2)
        # side by side, TensorFlow's iterations draw random numbers in any order
        found = tf.nn.dynamic_rnn(make(tf.contrib.rnn), x, dtype=tf.float32, parallel_iterations=1)
        found = list(found)
        if gradients:
            found.append(tf.gradients(tf.square(found[0]), tf.trainable_variables()))
        return found, times

    CASES[name] = build


cell("layer_norm", lambda R: R.LayerNormBasicLSTMCell(4, dropout_keep_prob=0.5), 2)
cell("layer_norm_gradients", lambda R: R.LayerNormBasicLSTMCell(4, norm_gain=0.5), gradients=True)
cell("layer_norm_left_out", lambda R: R.LayerNormBasicLSTMCell(4, layer_norm=False))
cell(
    "coupled",
    lambda R: R.CoupledInputForgetGateLSTMCell(
        4, use_peepholes=True, num_proj=3, proj_clip=0.1, num_unit_shards=2, num_proj_shards=2
    ),
)
cell(
    "coupled_layer_norm",
    lambda R: R.CoupledInputForgetGateLSTMCell(4, layer_norm=True, state_is_tuple=False),
)
cell("nas", lambda R: R.NASCell(4))
cell("nas_gradients", lambda R: R.NASCell(4, num_proj=2, use_bias=True), gradients=True)
cell("attention", lambda R: R.AttentionCellWrapper(R.LSTMCell(4), 3))
cell(
    "attention_of_one_state",
    lambda R: R.AttentionCellWrapper(R.GRUCell(4), 2, 3, 2, state_is_tuple=False),
)
cell("highway", lambda R: R.HighwayWrapper(R.GRUCell(3)))
cell("highway_of_two_gates", lambda R: R.HighwayWrapper(R.GRUCell(3), False), gradients=True)
cell("update_gate", lambda R: R.UGRNNCell(4))
cell("intersection", lambda R: R.IntersectionRNNCell(3))
cell("intersection_projected", lambda R: R.IntersectionRNNCell(4, num_in_proj=4))
cell("simple_unit", lambda R: R.SRUCell(4))
cell("independent", lambda R: R.IndRNNCell(4))
cell("independent_gru", lambda R: R.IndyGRUCell(4))
cell("independent_lstm", lambda R: R.IndyLSTMCell(4))
cell("groups", lambda R: R.GLSTMCell(4, number_of_groups=2, num_proj=2), wide=True)
cell("one_group", lambda R: R.GLSTMCell(4))
cell("gru_block", lambda R: R.GRUBlockCell(4))
cell("gru_block_gradients", lambda R: R.GRUBlockCellV2(4), gradients=True)
cell("lstm_block", lambda R: R.LSTMBlockCell(4, use_peephole=True))
cell("lstm_block_gradients", lambda R: R.LSTMBlockCell(4), gradients=True)
cell(
    "projections",
    lambda R: R.InputProjectionWrapper(R.OutputProjectionWrapper(R.LSTMCell(3), 4), 5),
)


@case
def phased(tf, R):
    time = tf.expand_dims(tf.cumsum(tf.abs(inputs(tf)[:, :, 0]), 1), 2)
    both = (time, inputs(tf))
    return list(tf.nn.dynamic_rnn(R.PhasedLSTMCell(4, use_peepholes=True), both, dtype=tf.float32))


def convolved(tf, cell, shape):
    x = given(tf, np.random.RandomState(1).randn(*shape).astype(np.float32), [None, *shape[1:]])
    return list(tf.nn.dynamic_rnn(cell, x, dtype=tf.float32))


@case
def images(tf, R):
    cell = R.Conv2DLSTMCell(input_shape=[4, 4, 2], output_channels=3, kernel_shape=[3, 3])
    return convolved(tf, cell, [2, 3, 4, 4, 2])


@case
def lines(tf, R):
    cell = R.Conv1DLSTMCell(
        input_shape=[4, 2],
        output_channels=3,
        kernel_shape=[3],
        use_bias=False,
        skip_connection=False,
    )
    return convolved(tf, cell, [2, 3, 4, 2])


@case
def volumes(tf, R):
    cell = R.Conv3DLSTMCell(input_shape=[2, 3, 2, 2], output_channels=2, kernel_shape=[2, 2, 2])
    return convolved(tf, cell, [1, 2, 2, 3, 2, 2])


@case
def embedding(tf, R):
    words = given(tf, np.array([[1, 2], [0, 6]]), [None, 2])
    found = tf.nn.dynamic_rnn(
        R.EmbeddingWrapper(R.LSTMCell(3), 7, 4), tf.expand_dims(words, 2), dtype=tf.float32
    )
    return list(found)


@case
def unrolled_blocks(tf, R):
    x = inputs(tf)
    rows = tf.unstack(x, axis=1)
    found = []
    for i, cell in enumerate(
        [R.GRUBlockCell(4), R.LSTMBlockCell(4, cell_clip=0.1, use_peephole=True)]
    ):
        outputs, _ = tf.nn.static_rnn(cell, rows, dtype=tf.float32, scope=f"rnn{i}")
        weights = tf.trainable_variables(f"rnn{i}")
        found += [outputs, tf.gradients(outputs, [*weights, x])]
    return found


def fused(tf, cell, **options):
    x = inputs(tf)
    outputs, state = cell(tf.transpose(x, [1, 0, 2]), dtype=tf.float32, **options)
    return [outputs, state, tf.gradients(outputs, [*tf.trainable_variables(), x])]


@case
def fused_lstm(tf, R):
    return fused(tf, R.LSTMBlockFusedCell(4))


@case
def fused_lstm_with_lengths(tf, R):
    lengths = given(tf, np.array([2, 4], np.int32), [None])
    return fused(tf, R.LSTMBlockFusedCell(4, use_peephole=True), sequence_length=lengths)


@case
def fused_from_a_state(tf, R):
    x = tf.transpose(inputs(tf), [1, 0, 2])
    begin = (tf.ones([2, 4]), tf.zeros([2, 4]))
    outputs, state = R.LSTMBlockFusedCell(4, cell_clip=0.5)(x, initial_state=begin)
    return [outputs, state]


@case
def reversed_in_time(tf, R):
    x = tf.transpose(inputs(tf), [1, 0, 2])
    lengths = given(tf, [2, 4], [None])
    first = R.TimeReversedFusedRNN(R.FusedRNNCellAdaptor(R.GRUCell(4)))
    second = R.TimeReversedFusedRNN(R.FusedRNNCellAdaptor(R.GRUCell(4), True))
    return [
        first(x, dtype=tf.float32, sequence_length=lengths),
        second(tf.unstack(x), dtype=tf.float32, scope="second"),
    ]


@case
def stacked_both_ways(tf, R):
    forwards, backwards = ([R.GRUCell(3), R.LSTMCell(2)] for _ in "ab")
    return list(
        R.stack_bidirectional_dynamic_rnn(forwards, backwards, inputs(tf), dtype=tf.float32)
    )


@case
def stacked_both_ways_unrolled(tf, R):
    forwards, backwards = ([R.GRUCell(3), R.LSTMCell(2)] for _ in "ab")
    rows = tf.unstack(inputs(tf), axis=1)
    return list(
        R.stack_bidirectional_rnn(
            forwards,
            backwards,
            rows,
            initial_states_fw=[tf.ones([2, 3]), R.LSTMStateTuple(tf.ones([2, 2]), tf.ones([2, 2]))],
            dtype=tf.float32,
            sequence_length=[1, 2],
        )
    )


def drawn(*shape):
    return DRAWN.randn(*shape).astype(np.float32)


WEIGHTS = {"w": drawn(7, 16), "wci": drawn(4), "wcf": drawn(4), "wco": drawn(4), "b": drawn(16)}
STEP = dict(WEIGHTS, x=drawn(2, 3), cs_prev=drawn(2, 4), h_prev=drawn(2, 4))
LOOP = dict(STEP, x=drawn(4, 2, 3), seq_len_max=np.int64(2))
GRADS = {"cs_grad": drawn(4, 2, 4), "h_grad": drawn(4, 2, 4)}
PARTS = ("i", "cs", "f", "o", "ci", "co", "h")


def step(tf, dtype, **options):
    values = {k: tf.constant(v.astype(dtype)) for k, v in STEP.items()}
    outputs = tf.raw_ops.LSTMBlockCell(**dict(values, **options))
    kept = {name: outputs[i] for i, name in enumerate(PARTS[:6])}
    grads = {k: tf.constant(v[0].astype(dtype)) for k, v in GRADS.items()}
    peephole = options.get("use_peephole", False)
    found = tf.raw_ops.LSTMBlockCellGrad(
        use_peephole=peephole, **dict(values, **dict(kept, **grads))
    )
    return [list(outputs), list(found)]


@case
def lstm_step(tf, R):
    return [
        step(tf, np.float32),
        step(tf, np.float32, use_peephole=True, forget_bias=0.3, cell_clip=0.5),
        step(tf, np.float16, use_peephole=True),
    ]


@case
def lstm_steps(tf, R):
    values = {k: tf.constant(v) for k, v in LOOP.items()}
    found = []
    for peephole in (False, True):
        outputs = tf.raw_ops.BlockLSTM(use_peephole=peephole, **values)
        kept = {name: outputs[i] for i, name in enumerate(PARTS)}
        kept.update((k, tf.constant(v)) for k, v in GRADS.items())
        grads = tf.raw_ops.BlockLSTMGrad(use_peephole=peephole, **dict(values, **kept))
        # past the longest sequence, TensorFlow leaves but the memory and the output well defined
        found += [outputs[1], outputs[6], [o[:2] for o in outputs], list(grads)]
    return found


def refused(name, build):
    CASES["refused_" + name] = lambda tf: build(tf, tf.contrib.rnn)


refused("no_size", lambda tf, R: R.GRUBlockCell())
refused("two_sizes", lambda tf, R: R.GRUBlockCell(3, 3))
refused("no_attention", lambda tf, R: R.AttentionCellWrapper(R.LSTMCell(3), 0))
refused("one_state", lambda tf, R: R.AttentionCellWrapper(R.LSTMCell(3), 2, state_is_tuple=False))
refused("odd_groups", lambda tf, R: R.GLSTMCell(5, number_of_groups=2))
refused("shape", lambda tf, R: R.ConvLSTMCell(2, [3, 3], 3, [2]))
refused("no_words", lambda tf, R: R.EmbeddingWrapper(R.LSTMCell(3), 0, 4))
refused("no_output", lambda tf, R: R.OutputProjectionWrapper(R.LSTMCell(3), 0))
refused("no_cells", lambda tf, R: R.stack_bidirectional_rnn([], [R.GRUCell(3)], [tf.zeros([2, 3])]))
refused(
    "unequal_stacks",
    lambda tf, R: R.stack_bidirectional_dynamic_rnn(
        [R.GRUCell(3)], [R.GRUCell(3)] * 2, tf.zeros([2, 3, 3])
    ),
)
refused(
    "no_list",
    lambda tf, R: R.stack_bidirectional_rnn(R.GRUCell(3), R.GRUCell(3), [tf.zeros([2, 3])]),
)
refused(
    "not_projected",
    lambda tf, R: tf.nn.dynamic_rnn(R.IntersectionRNNCell(4), inputs(tf), dtype=tf.float32),
)
