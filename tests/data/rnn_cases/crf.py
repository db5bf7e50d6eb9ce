"""tf.contrib.crf: scores, norms and the likeliest tags."""

from __future__ import annotations

import numpy as np

CASES = {}
DRAWN = np.random.RandomState(0)
X = DRAWN.randn(2, 5, 3).astype(np.float32)
TAGS = DRAWN.randint(0, 3, [2, 5]).astype(np.int32)
TRANSITIONS = DRAWN.randn(3, 3).astype(np.float32)


def case(f):
    def build(tf):
        tf.set_random_seed(7)
        return f(tf, tf.contrib.crf)

    CASES[f.__name__] = build
    return f


def given(tf, value, shape=None):
    """A value that is not known when the graph is built."""
    value = np.asarray(value)
    return tf.placeholder_with_default(value, value.shape if shape is None else shape)


def inputs(tf, steps=5, dtype=np.int32):
    """Scores and tags of so many steps, and lengths."""
    lengths = np.array([min(2, steps), steps], dtype)
    return (
        given(tf, X[:, :steps], [None, None, 3]),
        given(tf, TAGS[:, :steps].astype(dtype), [None, None]),
        given(tf, lengths, [None]),
    )


@case
def likelihood(tf, K):
    return list(K.crf_log_likelihood(*inputs(tf)))


@case
def likelihood_with_gradients(tf, K):
    x, tags, lengths = inputs(tf)
    transitions = given(tf, TRANSITIONS)
    found, _ = K.crf_log_likelihood(x, tags, lengths, transitions)
    return [found, tf.gradients(found, [x, transitions])]


@case
def known_length_with_gradients(tf, K):
    x, transitions = given(tf, X, [None, 5, 3]), given(tf, TRANSITIONS)
    _, tags, lengths = inputs(tf, dtype=np.int64)
    found, _ = K.crf_log_likelihood(x, tags, lengths, transitions)
    return [found, tf.gradients(found, [x, transitions])]


@case
def one_step(tf, K):
    transitions = tf.constant(TRANSITIONS)
    x, tags, _ = inputs(tf, 1)
    known = tf.constant(X[:, :1])
    lengths = tf.constant([1, 0])
    return [
        K.crf_log_likelihood(x, tags, lengths, transitions),
        K.crf_log_likelihood(known, tf.constant(TAGS[:, :1]), lengths, transitions),
        K.crf_decode(x, transitions, lengths),
        K.crf_decode(known, transitions, lengths),
        K.crf_multitag_sequence_score(known, known > -0.5, lengths, transitions),
    ]


@case
def scores(tf, K):
    x, tags, lengths = inputs(tf)
    transitions = given(tf, TRANSITIONS)
    return [
        K.crf_unary_score(tf.cast(tags, tf.int64), lengths, x),
        K.crf_binary_score(tags, lengths, transitions),
        K.crf_sequence_score(x, tags, lengths, transitions),
        K.crf_log_norm(x, lengths, transitions),
        K.crf_multitag_sequence_score(x, tf.constant(X > -0.5), lengths, transitions),
    ]


@case
def decoded(tf, K):
    x, _, lengths = inputs(tf)
    return list(K.crf_decode(x, given(tf, TRANSITIONS), lengths))


@case
def decoded_known_length(tf, K):
    return list(K.crf_decode(tf.constant(X), given(tf, TRANSITIONS), tf.constant([0, 5], tf.int64)))


@case
def decoded_arrays(tf, K):
    tags, score = K.viterbi_decode(X[0], TRANSITIONS)
    one, best = K.viterbi_decode(X[0][:1], TRANSITIONS)
    assert isinstance(tags, list)
    return [tf.constant(np.array(a)) for a in (tags, score, one, best)]


@case
def decoded_equal_scores(tf, K):
    zeros = np.zeros((4, 3), np.float32)
    tags, _ = K.viterbi_decode(zeros, np.zeros((3, 3), np.float32))
    also, _ = K.crf_decode(tf.constant(zeros[None]), tf.zeros([3, 3]), tf.constant([4]))
    return [tf.constant(np.array(tags)), also]
