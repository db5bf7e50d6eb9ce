"""Dropout, embeddings, candidate samplers and sampled losses, with their random numbers."""

from __future__ import annotations

import numpy as np

CASES = {}
#: these are other nodes here: branches are functions, and shapes are known better
VALUES_ONLY = ["emb_sparse_default"]


def _case(build):
    CASES[build.__name__] = build
    return build


def X(*s, dtype=np.float32, seed=0):
    return np.random.RandomState(seed).randn(*s).astype(dtype)


def _drop(gseed, **k):

    def f(tf):
        tf.set_random_seed(gseed)
        x = tf.constant(X(4, 6))
        return tf.nn.dropout(x, **k)

    return f


CASES["d_keep"] = _drop(42, keep_prob=0.7)
CASES["d_rate"] = _drop(42, rate=0.3, name="dd")
CASES["d_seed"] = _drop(1, rate=0.6, seed=7)
CASES["d_noise"] = _drop(1, rate=0.6, noise_shape=[4, 1])
CASES["d_noise2"] = _drop(1, rate=0.6, noise_shape=[None, 1])
CASES["d_zero"] = _drop(1, rate=0)
CASES["d_one"] = _drop(1, keep_prob=1)
CASES["d_bad"] = _drop(1, rate=1.5)
CASES["d_both"] = _drop(1, rate=0.5, keep_prob=0.5)
CASES["d_none"] = _drop(1)
CASES["d_str"] = _drop(1, keep_prob="a")


@_case
def d_tensor(tf):
    tf.set_random_seed(3)
    x = tf.placeholder(tf.float32, [None, 4])
    k = tf.placeholder(tf.float32, [])
    y = tf.nn.dropout(x, k)
    z = tf.nn.dropout(x, rate=k)
    return ([y, z, *tf.gradients([y, z], x)], {x: X(3, 4), k: 0.4})


@_case
def d_tensor_const(tf):
    tf.set_random_seed(3)
    x = tf.placeholder(tf.float64, [None, 4])
    return (
        [
            tf.nn.dropout(x, tf.constant(0.5, tf.float64)),
            tf.nn.dropout(x, rate=tf.constant(0.0, tf.float64)),
            tf.nn.dropout(x, 0.5, noise_shape=tf.stack([tf.shape(x)[0], 1])),
        ],
        {x: X(3, 4)},
    )


@_case
def d_int(tf):
    return tf.nn.dropout([1, 2], 0.5)


@_case
def d_half(tf):
    tf.set_random_seed(3)
    return tf.nn.dropout(X(3, 4, dtype=np.float16), 0.5)


@_case
def d_rank(tf):
    return tf.nn.dropout(X(3, 4), tf.constant([0.5]))


@_case
def emb(tf):
    p = tf.placeholder(tf.float32, [5, 3])
    i = tf.placeholder(tf.int32, [None])
    y = tf.nn.embedding_lookup(p, i)
    g = tf.gradients(y, p)[0]
    return (
        [y, g.values, g.indices, tf.nn.embedding_lookup(p, i, max_norm=0.5, name="n")],
        {p: X(5, 3), i: [0, 4, 4]},
    )


@_case
def emb2(tf):
    i = tf.placeholder(tf.int64, [None, 2])
    return (
        [
            tf.nn.embedding_lookup([X(3, 2), X(2, 2, seed=1)], i),
            tf.nn.embedding_lookup(
                [tf.constant(X(3, 2)), tf.constant(X(2, 2, seed=1))], i, "div", name="e"
            ),
            tf.nn.embedding_lookup(
                [tf.constant(X(3, 2)), tf.constant(X(2, 2, seed=1))], i, "div", max_norm=1.0
            ),
        ],
        {i: [[0, 4], [3, 1]]},
    )


@_case
def emb3(tf):
    a = tf.placeholder(tf.float32, [None, 2])
    b = tf.placeholder(tf.float32, [None, 2])
    i = tf.placeholder(tf.int64)
    return (
        [tf.nn.embedding_lookup([a, b], i, "div")],
        {i: [[0, 4], [3, 1]], a: X(3, 2), b: X(2, 2)},
    )


@_case
def emb_grad(tf):
    a = tf.placeholder(tf.float32, [3, 2])
    b = tf.placeholder(tf.float32, [2, 2])
    i = tf.placeholder(tf.int64, [3])
    y = tf.nn.embedding_lookup([a, b], i)
    g = tf.gradients(y, [a, b])
    return ([g[0].values, g[0].indices, g[1].values], {i: [0, 3, 1], a: X(3, 2), b: X(2, 2)})


@_case
def emb_bad(tf):
    return tf.nn.embedding_lookup([X(3, 2), X(2, 2)], [1], "foo")


@_case
def emb_none(tf):
    return tf.nn.embedding_lookup(None, [1])


@_case
def emb_empty(tf):
    return tf.nn.embedding_lookup([], [1])


@_case
def emb_list(tf):
    return tf.nn.embedding_lookup(X(3, 2), [[1, 2], [0, 0]])


@_case
def emb_oob(tf):
    return tf.nn.embedding_lookup(X(3, 2), [1, 5])


def _sp(tf, w=False):
    ind = tf.constant([[0, 0], [0, 1], [2, 0]], tf.int64)
    return tf.SparseTensor(
        ind,
        tf.constant([0.5, 2.0, 3.0]) if w else tf.constant([1, 3, 0], tf.int64),
        tf.constant([3, 2], tf.int64),
    )


@_case
def emb_sparse(tf):
    o = []
    for c in ("sum", "mean", "sqrtn"):
        o += [
            tf.nn.embedding_lookup_sparse(X(5, 3), _sp(tf), None, combiner=c),
            tf.nn.embedding_lookup_sparse(
                tf.constant(X(5, 3)), _sp(tf), _sp(tf, True), combiner=c, name="w"
            ),
        ]
    return o


@_case
def emb_sparse_default(tf):
    return tf.nn.embedding_lookup_sparse([X(3, 3), X(2, 3)], _sp(tf), None, max_norm=1.0)


@_case
def emb_sparse_bad(tf):
    return tf.nn.embedding_lookup_sparse(X(5, 3), _sp(tf), None, combiner="x")


@_case
def emb_sparse_dense(tf):
    return tf.nn.embedding_lookup_sparse(X(5, 3), [1], None, combiner="sum")


def _cand(n, **k):

    def f(tf):
        tf.set_random_seed(5)
        return list(getattr(tf.nn, n)(tf.constant([[1], [3]], tf.int64), 1, 4, **k))

    return f


CASES["c_uni"] = _cand("uniform_candidate_sampler", unique=True, range_max=10)
CASES["c_log"] = _cand("log_uniform_candidate_sampler", unique=True, range_max=10, seed=3, name="q")
CASES["c_log2"] = _cand("log_uniform_candidate_sampler", unique=False, range_max=10)
CASES["c_learn"] = _cand("learned_unigram_candidate_sampler", unique=True, range_max=10)
CASES["c_fix"] = _cand(
    "fixed_unigram_candidate_sampler", unique=False, range_max=4, unigrams=[1.0, 2, 3, 4]
)
CASES["c_fix2"] = _cand(
    "fixed_unigram_candidate_sampler",
    unique=True,
    range_max=5,
    unigrams=[1.0, 2, 3, 4],
    num_reserved_ids=1,
    distortion=0.75,
)
CASES["c_all"] = _cand("all_candidate_sampler", unique=True)


@_case
def c_hits(tf):
    return list(
        tf.nn.compute_accidental_hits(
            tf.constant([[1, 2], [3, 4]], tf.int64), tf.constant([4, 1, 7], tf.int64), 2
        )
    )


@_case
def c_shape(tf):
    return tf.nn.uniform_candidate_sampler(tf.placeholder(tf.int64, [3]), 1, 4, True, 10)


@_case
def c_unk(tf):
    return (
        list(
            tf.nn.uniform_candidate_sampler(tf.placeholder(tf.int64, [None, 1]), 1, 4, True, 10)[1:]
        ),
        {},
    )


@_case
def c_small(tf):
    return tf.nn.uniform_candidate_sampler(tf.constant([[1]], tf.int64), 1, 14, True, 10)[0]


@_case
def nce(tf):
    tf.set_random_seed(5)
    w = tf.placeholder(tf.float32, [10, 3])
    b = tf.placeholder(tf.float32, [10])
    x = tf.placeholder(tf.float32, [None, 3])
    labels = tf.placeholder(tf.int64, [None, 1])
    y = tf.nn.nce_loss(w, b, labels, x, 4, 10)
    return ([y, *tf.gradients(y, [x])], {w: X(10, 3), b: X(10), x: X(2, 3), labels: [[1], [7]]})


@_case
def nce2(tf):
    tf.set_random_seed(5)
    w = tf.constant(X(10, 3))
    b = tf.constant(X(10))
    x = tf.constant(X(2, 3))
    labels = tf.constant([[1, 2], [7, 3]])
    y = tf.nn.nce_loss(
        w,
        b,
        labels,
        x,
        4,
        10,
        num_true=2,
        remove_accidental_hits=True,
        name="n",
        partition_strategy="div",
    )
    return [y]


@_case
def sampled(tf):
    tf.set_random_seed(5)
    w = tf.placeholder(tf.float32, [10, 3])
    b = tf.placeholder(tf.float32, [10])
    x = tf.placeholder(tf.float32, [None, 3])
    labels = tf.placeholder(tf.int64, [None, 1])
    y = tf.nn.sampled_softmax_loss(w, b, labels, x, 4, 10, seed=3)
    return ([y, *tf.gradients(y, [x])], {w: X(10, 3), b: X(10), x: X(2, 3), labels: [[1], [7]]})


@_case
def sampled2(tf):
    tf.set_random_seed(5)
    x = tf.constant(X(2, 3))
    labels = tf.constant([[1], [7]])
    return tf.nn.sampled_softmax_loss(
        [X(5, 3), X(5, 3)],
        [X(5), X(5)],
        labels,
        x,
        4,
        10,
        sampled_values=tf.nn.uniform_candidate_sampler(tf.cast(labels, tf.int64), 1, 4, True, 10),
    )
