"""tf.contrib.legacy_seq2seq: decoders of unrolled steps, models from words to words, losses over lists."""

from __future__ import annotations

import numpy as np

CASES = {}
DRAWN = np.random.RandomState(0)
X = DRAWN.randn(5, 2, 3).astype(np.float32)
WORDS = DRAWN.randint(0, 7, [5, 2])


def case(f):
    def build(tf):
        tf.set_random_seed(7)
        return f(tf, tf.contrib.legacy_seq2seq, tf.nn.rnn_cell)

    CASES[f.__name__] = build
    return f


def given(tf, value, shape=None):
    """A value that is not known when the graph is built."""
    value = np.asarray(value)
    return tf.placeholder_with_default(value, value.shape if shape is None else shape)


def rows(tf, count=3):
    return [given(tf, X[i], [None, 3]) for i in range(count)]


def words(tf, count=3):
    return [given(tf, WORDS[i], [None]) for i in range(count)]


def with_gradients(tf, outputs, state):
    grads = tf.gradients([tf.square(o - 0.3) for o in outputs], tf.trainable_variables())
    return [outputs, state, [tf.convert_to_tensor(g) for g in grads if g is not None]]


@case
def decoder(tf, L, C):
    cell = C.GRUCell(4)
    return list(L.rnn_decoder(rows(tf), cell.zero_state(2, tf.float32), cell))


@case
def decoder_fed_with_outputs(tf, L, C):
    cell = C.GRUCell(3)
    begin = cell.zero_state(2, tf.float32)
    return list(L.rnn_decoder(rows(tf), begin, cell, loop_function=lambda p, i: p * i))


@case
def basic(tf, L, C):
    return with_gradients(tf, *L.basic_rnn_seq2seq(rows(tf), rows(tf), C.LSTMCell(3)))


@case
def tied(tf, L, C):
    return with_gradients(tf, *L.tied_rnn_seq2seq(rows(tf), rows(tf), C.BasicLSTMCell(3)))


def embedded(name, model, cell, tied_words=False, **options):
    def build(tf):
        tf.set_random_seed(7)
        chosen = {k: v(tf) if callable(v) else v for k, v in options.items()}
        make = getattr(tf.contrib.legacy_seq2seq, model)
        sizes = (8, 5) if tied_words else (7, 8, 5)
        found = make(words(tf), words(tf), cell(tf.nn.rnn_cell), *sizes, **chosen)
        if isinstance(options.get("feed_previous", False), bool):
            return with_gradients(tf, *found)
        return list(found)

    CASES[name] = build


def yes(tf):
    return given(tf, np.array(True), [])


def no(tf):
    return given(tf, np.array(False), [])


def projection(tf):
    return tf.get_variable("w", [3, 8]), tf.get_variable("b", [8])


def lstm(C):
    return C.BasicLSTMCell(3)


def gru(C):
    return C.GRUCell(3)


def stack(C):
    return C.MultiRNNCell([C.BasicLSTMCell(3), C.GRUCell(3)])


embedded("embedding", "embedding_rnn_seq2seq", lstm)
embedded("embedding_fed", "embedding_rnn_seq2seq", lstm, feed_previous=True)
embedded("embedding_fed_if", "embedding_rnn_seq2seq", gru, feed_previous=yes)
embedded("embedding_not_fed_if", "embedding_rnn_seq2seq", lstm, feed_previous=no)
embedded(
    "embedding_projected",
    "embedding_rnn_seq2seq",
    gru,
    feed_previous=True,
    output_projection=projection,
)
embedded("embedding_tied", "embedding_tied_rnn_seq2seq", lstm, True)
embedded("embedding_tied_fed", "embedding_tied_rnn_seq2seq", gru, True, feed_previous=True)
embedded("embedding_tied_if", "embedding_tied_rnn_seq2seq", lstm, True, feed_previous=yes)
embedded("attention", "embedding_attention_seq2seq", lstm)
embedded(
    "attention_of_two_heads",
    "embedding_attention_seq2seq",
    gru,
    num_heads=2,
    initial_state_attention=True,
    feed_previous=True,
)
embedded("attention_if", "embedding_attention_seq2seq", stack, feed_previous=yes)
embedded(
    "attention_projected",
    "embedding_attention_seq2seq",
    gru,
    feed_previous=True,
    output_projection=projection,
)


def one_to_many(tf, L, C, **options):
    cells = {"a": C.GRUCell(3), "b": C.GRUCell(3)}
    inputs = {"a": words(tf), "b": words(tf, 2)}
    outputs, states = L.one2many_rnn_seq2seq(
        words(tf), inputs, C.GRUCell(3), cells, 8, {"a": 8, "b": 9}, 5, **options
    )
    return [outputs["a"], outputs["b"], states["a"], states["b"]]


@case
def several_decoders(tf, L, C):
    return one_to_many(tf, L, C)


@case
def several_decoders_if(tf, L, C):
    return one_to_many(tf, L, C, feed_previous=yes(tf))


@case
def losses(tf, L, C):
    logits = rows(tf)
    targets = [tf.constant(WORDS[i] % 3) for i in range(3)]
    weights = [given(tf, np.abs(X[i, :, 0]), [None]) for i in range(3)]
    loss = L.sequence_loss(logits, targets, weights)
    return [
        L.sequence_loss_by_example(logits, targets, weights),
        loss,
        L.sequence_loss(logits, targets, weights, False, False),
        L.sequence_loss_by_example(logits, targets, weights, False),
        L.sequence_loss_by_example(
            logits[:1],
            targets[:1],
            weights[:1],
            softmax_loss_function=lambda labels, logits: (
                tf.reduce_sum(logits, 1) * tf.to_float(labels)
            ),
        ),
        tf.gradients(loss, logits),
    ]


@case
def no_weight(tf, L, C):
    zeros = [tf.zeros([2])] * 2
    return [L.sequence_loss(rows(tf, 2), [tf.constant(WORDS[i] % 3) for i in (0, 1)], zeros)]


def bucketed(tf, model, **options):
    ones = [tf.ones([2]) for _ in range(5)]
    pairs = [(2, 2), (3, 4)]
    return list(
        tf.contrib.legacy_seq2seq.model_with_buckets(
            words(tf, 4), words(tf, 4), words(tf, 5), ones, pairs, model, **options
        )
    )


@case
def buckets(tf, L, C):
    return bucketed(tf, lambda a, b: L.embedding_rnn_seq2seq(a, b, C.GRUCell(3), 7, 8, 5))


@case
def buckets_of_examples(tf, L, C):
    return bucketed(
        tf,
        lambda a, b: L.embedding_attention_seq2seq(a, b, C.GRUCell(3), 7, 8, 5, feed_previous=True),
        per_example_loss=True,
    )


def refused(name, build):
    CASES["refused_" + name] = lambda tf: build(tf, tf.contrib.legacy_seq2seq, tf.nn.rnn_cell)


refused("lengths", lambda tf, L, C: L.sequence_loss_by_example(rows(tf), words(tf), []))
refused(
    "no_inputs",
    lambda tf, L, C: L.attention_decoder([], tf.zeros([2, 3]), tf.zeros([2, 3, 4]), C.GRUCell(3)),
)
refused(
    "no_heads",
    lambda tf, L, C: L.attention_decoder(
        rows(tf), tf.zeros([2, 3]), tf.zeros([2, 3, 4]), C.GRUCell(3), num_heads=0
    ),
)
refused(
    "long_bucket",
    lambda tf, L, C: L.model_with_buckets(
        words(tf), words(tf), words(tf), words(tf), [(4, 4)], None
    ),
)
