"""Connectionist temporal classification, crops at random, embeddings of sparse ids."""

from __future__ import annotations

import numpy as np

CASES = {}
#: these are other nodes here: branches are functions, and shapes are known better
VALUES_ONLY = ["zf", "safe"]


def _case(build):
    CASES[build.__name__] = build
    return build


def X(*s, dtype=np.float32, seed=0):
    return np.random.RandomState(seed).randn(*s).astype(dtype)


def _sp(tf, ind, val, shape):
    return tf.SparseTensor(
        tf.constant(ind, tf.int64), tf.constant(val, tf.int32), tf.constant(shape, tf.int64)
    )


def _loss(ind=None, val=None, seq=None, dt="float32", second=False, **k):

    if seq is None:
        seq = [5, 4]
    if val is None:
        val = [0, 0, 2]
    if ind is None:
        ind = [[0, 0], [0, 1], [1, 0]]

    def f(tf):
        x = tf.placeholder(dt, [None, 2, 4])
        y = tf.nn.ctc_loss(_sp(tf, ind, val, [2, 3]), x, seq, **k)
        return ([y, *tf.gradients(y, x)], {x: X(5, 2, 4, dtype=getattr(np, dt)) * 2})

    return f


CASES["plain"] = _loss()
CASES["nomerge"] = _loss(ctc_merge_repeated=False)
CASES["coll"] = _loss(preprocess_collapse_repeated=True)
CASES["short"] = _loss(seq=[2, 4])
CASES["ign"] = _loss(seq=[1, 4], ignore_longer_outputs_than_inputs=True)
CASES["toolong"] = _loss(seq=[1, 4])
CASES["past"] = _loss(seq=[6, 4])
CASES["blank"] = _loss(val=[0, 3, 2])
CASES["afterblank"] = _loss(val=[3, 0, 2])
CASES["neg"] = _loss(val=[0, -1, 2])
CASES["empty"] = _loss(ind=[[0, 0], [0, 1], [0, 2]], val=[0, 1, 2])
CASES["zero"] = _loss(seq=[5, 0])
CASES["zeroign"] = _loss(seq=[5, 0], ignore_longer_outputs_than_inputs=True)


@_case
def batch_major(tf):
    x = tf.constant(X(2, 5, 4))
    return tf.nn.ctc_loss(
        _sp(tf, [[0, 0], [1, 0]], [1, 2], [2, 1]),
        logits=x,
        sequence_length=[5, 5],
        time_major=False,
    )


@_case
def dense(tf):
    return tf.nn.ctc_loss([1], X(5, 2, 4), [5, 5])


@_case
def second(tf):
    x = tf.constant(X(5, 2, 4))
    y = tf.nn.ctc_loss(_sp(tf, [[0, 0], [1, 0]], [1, 2], [2, 1]), x, [5, 5])
    g = tf.gradients(y, x)[0]
    return tf.gradients(g, x)


@_case
def greedy(tf):
    x = tf.placeholder(tf.float32, [None, 3, 4])
    o = []
    for m in (True, False):
        (d,), p = tf.nn.ctc_greedy_decoder(x, [12, 7, 0], m)
        o += [d.indices, d.values, d.dense_shape, p]
    return (o, {x: X(12, 3, 4) * 2})


def _beam(w, k, m, seed=0, T=9, C=4):

    def f(tf):
        x = tf.placeholder(tf.float32, [None, 3, C])
        d, p = tf.nn.ctc_beam_search_decoder(x, [T, T - 3, 2], w, k, m)
        o = [p]
        for q in d:
            o += [q.indices, q.values, q.dense_shape]
        return (o, {x: X(T, 3, C, seed=seed) * 2})

    return f


for w, k, m in ((100, 3, True), (100, 3, False), (3, 2, False), (5, 5, True), (2, 1, False)):
    for seed in range(3):
        CASES[f"beam_{w}_{k}_{m}_{seed}"] = _beam(w, k, m, seed)
CASES["beam_long"] = _beam(7, 4, False, 5, 25, 6)


@_case
def beam_v2(tf):
    d, p = tf.nn.ctc_beam_search_decoder_v2(tf.constant(X(5, 1, 4)), [5])
    return [p, d[0].values]


@_case
def zf(tf):
    return tf.nn.zero_fraction([1.0, 0, 0, 2])


@_case
def rc(tf):
    tf.set_random_seed(3)
    x = tf.placeholder(tf.float32, [None, 7, 3])
    return (
        [
            tf.random_crop(x, [2, 3, 3]),
            tf.image.random_crop(tf.constant(X(5, 5)), [2, 2], seed=4, name="c"),
        ],
        {x: X(6, 7, 3)},
    )


@_case
def rc_bad(tf):
    return tf.random_crop(tf.constant(X(5, 5)), [6, 2])


@_case
def safe(tf):
    ids = tf.SparseTensor(
        tf.constant([[0, 0], [0, 1], [2, 0], [3, 1]], tf.int64),
        tf.constant([1, -1, 0, 2], tf.int64),
        tf.constant([5, 2], tf.int64),
    )
    w = tf.SparseTensor(
        tf.constant([[0, 0], [0, 1], [2, 0], [3, 1]], tf.int64),
        tf.constant([1.0, 2.0, 0.0, 3.0]),
        tf.constant([5, 2], tf.int64),
    )
    return [
        tf.nn.safe_embedding_lookup_sparse(X(4, 3), ids),
        tf.nn.safe_embedding_lookup_sparse(
            [tf.constant(X(4, 3))], ids, w, combiner="sum", default_id=3, name="q"
        ),
        tf.nn.safe_embedding_lookup_sparse([tf.constant(X(4, 3))], ids, w, combiner="sqrtn"),
    ]
