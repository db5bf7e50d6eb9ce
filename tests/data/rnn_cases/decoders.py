"""tf.contrib.seq2seq: sequence_loss, dynamic_decode, what decoders are given in each step."""

from __future__ import annotations

import numpy as np

CASES = {}
DRAWN = np.random.RandomState(0)
X = DRAWN.randn(2, 5, 3).astype(np.float32)
WORDS = DRAWN.randint(0, 7, [2, 5])
TABLE = DRAWN.randn(7, 3).astype(np.float32)
WEIGHTS = (X[..., 0] > 0).astype(np.float32)


def case(f):
    def build(tf):
        tf.set_random_seed(7)
        return f(tf, tf.contrib.seq2seq, tf.nn.rnn_cell)

    CASES[f.__name__] = build
    return f


def given(tf, value, shape=None):
    """A value that is not known when the graph is built."""
    value = np.asarray(value)
    return tf.placeholder_with_default(value, value.shape if shape is None else shape)


def inputs(tf):
    return given(tf, X, [None, None, 3]), given(tf, np.array([2, 5], np.int32), [None])


def decoded(tf, helper, cell, layer=None, times=1, **options):
    begin = cell.zero_state(2, tf.float32)
    layer = None if layer is None else tf.layers.Dense(layer)
    decoder = tf.contrib.seq2seq.BasicDecoder(cell, helper, begin, layer)
    # side by side, TensorFlow's iterations draw random numbers in any order
    found = tf.contrib.seq2seq.dynamic_decode(decoder, parallel_iterations=1, **options)
    return list(found), times


@case
def training(tf, S, C):
    return decoded(tf, S.TrainingHelper(*inputs(tf)), C.GRUCell(4), 6)


@case
def training_with_gradients(tf, S, C):
    x, lengths = inputs(tf)
    (outputs, _, _), _ = decoded(tf, S.TrainingHelper(x, lengths), C.GRUCell(4), 6)
    wanted = [*tf.trainable_variables(), x]
    return [outputs, tf.gradients(tf.square(outputs.rnn_output), wanted)]


@case
def training_imputed(tf, S, C):
    x, _ = inputs(tf)
    helper = S.TrainingHelper(tf.transpose(x, [1, 0, 2]), [1, 3], time_major=True)
    return decoded(
        tf,
        helper,
        C.LSTMCell(4),
        output_time_major=True,
        impute_finished=True,
        maximum_iterations=2,
    )


@case
def greedy(tf, S, C):
    helper = S.GreedyEmbeddingHelper(tf.constant(TABLE), [1, 2], 0)
    cell = C.MultiRNNCell([C.LSTMCell(4), C.GRUCell(3)])
    return decoded(tf, helper, cell, 7, maximum_iterations=6)


@case
def greedy_by_function(tf, S, C):
    start = given(tf, np.array([1, 2], np.int32), [None])
    helper = S.GreedyEmbeddingHelper(lambda i: tf.one_hot(i, 3), start, 0)
    most = given(tf, np.int32(6), [])
    return decoded(tf, helper, C.LSTMCell(4), 3, maximum_iterations=most, impute_finished=True)


@case
def sampled(tf, S, C):
    helper = S.SampleEmbeddingHelper(tf.constant(TABLE), [1, 2], 0, 0.5, seed=3)
    return decoded(tf, helper, C.GRUCell(4), 7, 2, maximum_iterations=6)


@case
def sampled_by_graph_seed(tf, S, C):
    helper = S.SampleEmbeddingHelper(tf.constant(TABLE), [1, 2], 0)
    return decoded(tf, helper, C.GRUCell(4), 7, 2, maximum_iterations=6)


@case
def scheduled_embedding(tf, S, C):
    helper = S.ScheduledEmbeddingTrainingHelper(*inputs(tf), tf.constant(TABLE), 0.5)
    return decoded(tf, helper, C.GRUCell(4), 7, 2)


@case
def scheduled_output(tf, S, C):
    helper = S.ScheduledOutputTrainingHelper(*inputs(tf), 0.5)
    return decoded(tf, helper, C.GRUCell(3), None, 2)


@case
def scheduled_output_with_more(tf, S, C):
    x, lengths = inputs(tf)
    helper = S.ScheduledOutputTrainingHelper(
        x,
        lengths,
        0.5,
        seed=4,
        next_inputs_fn=lambda q: q[:, :3],
        auxiliary_inputs=x[:, :, :2],
    )
    return decoded(tf, helper, C.GRUCell(4), None, 2)


@case
def inference(tf, S, C):
    helper = S.InferenceHelper(
        lambda o: o, [3], tf.float32, tf.ones([2, 3]), lambda i: tf.reduce_sum(i, 1) > 1.0
    )
    return decoded(tf, helper, C.GRUCell(3), maximum_iterations=4)


@case
def custom(tf, S, C):
    helper = S.CustomHelper(
        lambda: (tf.zeros([2], tf.bool), tf.ones([2, 3])),
        lambda time, outputs, state: tf.cast(tf.argmax(outputs, 1), tf.int32),
        lambda time, outputs, state, sample_ids: (time >= tf.constant([1, 3]), outputs, state),
    )
    return decoded(tf, helper, C.GRUCell(3), maximum_iterations=4)


@case
def losses(tf, S, C):
    logits, _ = inputs(tf)
    targets = given(tf, WORDS % 3, [None, None])
    weights = given(tf, WEIGHTS, [None, None])
    ways = [
        (True, True),
        (True, False),
        (False, True),
        (False, False),
        (False, False, True, True),
        (False, False, True),
        (False, False, False, True),
    ]
    found = [S.sequence_loss(logits, targets, weights, *way) for way in ways]
    return [
        found,
        S.sequence_loss(
            logits,
            targets,
            weights,
            softmax_loss_function=lambda labels, logits: tf.reduce_max(logits, 1),
        ),
        tf.gradients(found[0], logits),
    ]


@case
def trees(tf, S, C):
    drawn = np.random.RandomState(5)
    steps = drawn.randint(0, 6, [5, 3, 2]).astype(np.int32)
    parents = drawn.randint(0, 2, [5, 3, 2]).astype(np.int32)
    small = np.array([[[1, 2, 3]], [[4, 5, 6]], [[7, 8, 9]], [[-1, -1, -1]]], np.int32)
    before = np.array([[[0, 0, 0]], [[0, 1, 1]], [[2, 1, 2]], [[-1, -1, -1]]], np.int32)
    empty = np.zeros([0, 3, 2], np.int32)
    return [
        S.gather_tree(small, before, [3], 10),
        S.gather_tree(steps, parents, [5, 0, 9], 2),
        S.gather_tree(steps, parents - 3, [1, 0, 1], 2),
        S.gather_tree(empty, empty, [5, 0, 9], 2),
    ]


@case
def tree_without_parent(tf, S, C):
    steps = np.zeros([5, 3, 2], np.int32)
    return [S.gather_tree(steps, steps + 3, [5, 0, 9], 2)]


@case
def tree_of_two_sizes(tf, S, C):
    def unknown(steps):
        return given(tf, np.zeros([steps, 3, 2], np.int32), [None, None, None])

    return [S.gather_tree(unknown(2), unknown(1), [2, 2, 2], 2)]


def refused(name, build):
    CASES["refused_" + name] = lambda tf: build(tf, tf.contrib.seq2seq, tf.nn.rnn_cell)


refused("no_decoder", lambda tf, S, C: S.dynamic_decode(3))
refused("no_helper", lambda tf, S, C: S.BasicDecoder(C.GRUCell(3), 3, 3))
refused(
    "no_layer", lambda tf, S, C: S.BasicDecoder(C.GRUCell(3), S.TrainingHelper(X, [2, 5]), 3, 3)
)
refused("one_length", lambda tf, S, C: S.TrainingHelper(X, 3))
refused("one_token", lambda tf, S, C: S.GreedyEmbeddingHelper(TABLE, 1, 2))
refused("two_ends", lambda tf, S, C: S.GreedyEmbeddingHelper(TABLE, [1], [2]))
refused(
    "most",
    lambda tf, S, C: decoded(
        tf, S.TrainingHelper(*inputs(tf)), C.GRUCell(4), maximum_iterations=[2]
    ),
)
refused("probability", lambda tf, S, C: S.ScheduledOutputTrainingHelper(X, [2, 5], [[0.5]]))
refused(
    "logits", lambda tf, S, C: S.sequence_loss(tf.zeros([2, 3]), tf.zeros([2, 3]), tf.zeros([2, 3]))
)
refused("ways", lambda tf, S, C: S.sequence_loss(X, WEIGHTS, WEIGHTS, sum_over_batch=True))
refused(
    "sums",
    lambda tf, S, C: S.sequence_loss(
        tf.constant(X), tf.constant(WORDS), tf.constant(WEIGHTS), sum_over_batch=True
    ),
)
refused(
    "tree",
    lambda tf, S, C: S.gather_tree(np.zeros([0, 3, 2], "i"), np.zeros([1, 3, 2], "i"), [0] * 3, 2),
)
refused(
    "long_tree", lambda tf, S, C: S.gather_tree(np.zeros([1, 1, 1]), np.zeros([1, 1, 1]), [0], 2)
)
