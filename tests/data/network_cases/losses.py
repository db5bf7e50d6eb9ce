"""Cross entropies and other losses, and what they refuse."""

from __future__ import annotations

import numpy as np

CASES = {}


def _case(build):
    CASES[build.__name__] = build
    return build


def X(*s, dtype=np.float32, seed=0):
    return np.random.RandomState(seed).randn(*s).astype(dtype)


def P(*s):
    v = np.random.RandomState(5).rand(*s).astype(np.float32)
    return v / v.sum(-1, keepdims=True)


@_case
def v1(tf):
    x = tf.placeholder(tf.float32, [None, 4])
    labels = tf.placeholder(tf.float32, [None, 4])
    y = tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=x)
    return ([y, *tf.gradients(y, [x, labels])], {x: X(3, 4), labels: P(3, 4)})


@_case
def v2(tf):
    x = tf.placeholder(tf.float32, [None, 4])
    labels = tf.placeholder(tf.float32, [None, 4])
    y = tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=x, name="q")
    g = tf.gradients(y, [x, labels])
    return ([y, *g, *tf.gradients(g[0] * g[0], [x])], {x: X(3, 4), labels: P(3, 4)})


@_case
def v2s(tf):
    x = tf.constant(X(3, 4))
    labels = tf.constant(P(3, 4))
    y = tf.nn.softmax_cross_entropy_with_logits_v2(labels, x)
    g = tf.gradients(y, [x, labels])
    return [y, *g]


@_case
def v2axis(tf):
    x = tf.placeholder(tf.float32, [2, None, 4])
    labels = tf.placeholder(tf.float32, [2, None, 4])
    return (
        [
            tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=x, dim=1),
            tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=x, axis=0),
            tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=x),
        ],
        {x: X(2, 3, 4), labels: P(2, 3, 4)},
    )


@_case
def v1dim(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    labels = tf.placeholder(tf.float32, [2, 3, 4])
    return (
        [tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=x, dim=1)],
        {x: X(2, 3, 4), labels: P(2, 3, 4)},
    )


@_case
def v1axis(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4])
    labels = tf.placeholder(tf.float32, [2, 3, 4])
    return (
        [tf.nn.softmax_cross_entropy_with_logits(labels=labels, logits=x, axis=1)],
        {x: X(2, 3, 4), labels: P(2, 3, 4)},
    )


@_case
def half(tf):
    x = tf.constant(X(2, 3, dtype=np.float16))
    return [
        tf.nn.softmax_cross_entropy_with_logits_v2(labels=[[1, 0, 0], [0, 1, 0]], logits=x),
        tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1, 2], logits=x),
    ]


@_case
def sentinel(tf):
    return tf.nn.softmax_cross_entropy_with_logits(X(2, 3), X(2, 3))


@_case
def missing(tf):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[1])


@_case
def unknown(tf):
    x = tf.placeholder(tf.float32)
    labels = tf.placeholder(tf.float32)
    return (
        [tf.nn.softmax_cross_entropy_with_logits_v2(labels=labels, logits=x)],
        {x: X(3, 4), labels: P(3, 4)},
    )


@_case
def sparse(tf):
    x = tf.placeholder(tf.float32, [None, 4])
    labels = tf.placeholder(tf.int32, [None])
    y = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x)
    return ([y, *tf.gradients(y, [x])], {x: X(3, 4), labels: [0, 3, 1]})


@_case
def sparse3(tf):
    x = tf.placeholder(tf.float32, [None, None, 4])
    labels = tf.placeholder(tf.int64, [None, None])
    y = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x, name="s")
    return ([y, *tf.gradients(y, [x])], {x: X(2, 2, 4), labels: [[0, 3], [1, 1]]})


@_case
def sparse3s(tf):
    x = tf.placeholder(tf.float32, [2, 2, 4])
    labels = tf.placeholder(tf.int64, [2, 2])
    y = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x)
    return ([y, *tf.gradients(y, [x])], {x: X(2, 2, 4), labels: [[0, 3], [1, 1]]})


@_case
def sparse_second(tf):
    x = tf.placeholder(tf.float32, [2, 4])
    labels = tf.placeholder(tf.int64, [2])
    y = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x)
    g = tf.gradients(y, x)[0]
    return tf.gradients(g, x)


@_case
def sparse_range(tf):
    x = tf.placeholder(tf.float32, [2, 4])
    return (tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 4], logits=x), {x: X(2, 4)})


@_case
def sparse_rank(tf):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=tf.placeholder(tf.int32, [2, 1]), logits=tf.placeholder(tf.float32, [2, 3])
    )


@_case
def sparse_shape(tf):
    return tf.nn.sparse_softmax_cross_entropy_with_logits(
        labels=tf.placeholder(tf.int32, [3]), logits=tf.placeholder(tf.float32, [2, 3])
    )


@_case
def sparse_scalar(tf):
    x = tf.placeholder(tf.float32, [3])
    labels = tf.placeholder(tf.int32, [])
    return (
        [tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x)],
        {x: X(3), labels: 1},
    )


@_case
def sparse_unknown(tf):
    x = tf.placeholder(tf.float32)
    labels = tf.placeholder(tf.int32)
    return (
        [tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=x)],
        {x: X(2, 3), labels: [1, 0]},
    )


@_case
def shapes(tf):
    return tf.nn.softmax_cross_entropy_with_logits_v2(
        labels=tf.placeholder(tf.float32, [2, 4]), logits=tf.placeholder(tf.float32, [2, 3])
    )


@_case
def sigmoid(tf):
    x = tf.placeholder(tf.float32, [None, 4])
    labels = tf.placeholder(tf.float32, [None, 4])
    y = tf.nn.sigmoid_cross_entropy_with_logits(labels=labels, logits=x)
    g = tf.gradients(y, [x, labels])
    return ([y, *g, *tf.gradients(g[0] * g[0], x)], {x: X(3, 4), labels: P(3, 4)})


@_case
def sigmoid_lists(tf):
    return tf.nn.sigmoid_cross_entropy_with_logits(
        labels=[[0.0, 1.0]], logits=[[2.0, -3.0]], name="z"
    )


@_case
def sigmoid_bad(tf):
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=[[0.0, 1.0]], logits=[2.0, -3.0])


@_case
def sigmoid_int(tf):
    return tf.nn.sigmoid_cross_entropy_with_logits(labels=[0, 1], logits=[2.0, -3.0])


@_case
def weighted(tf):
    x = tf.placeholder(tf.float32, [None, 4])
    labels = tf.placeholder(tf.float32, [None, 4])
    y = tf.nn.weighted_cross_entropy_with_logits(targets=labels, logits=x, pos_weight=3.0)
    return (
        [
            y,
            *tf.gradients(y, [x, labels]),
            tf.nn.weighted_cross_entropy_with_logits(labels, x, tf.constant(2.0), name="w"),
        ],
        {x: X(3, 4), labels: P(3, 4)},
    )


@_case
def poisson(tf):
    x = tf.placeholder(tf.float32, [None, 4])
    labels = tf.placeholder(tf.float32, [None, 4])
    y = tf.nn.log_poisson_loss(labels, x)
    z = tf.nn.log_poisson_loss(labels, x, True, name="f")
    return ([y, z, *tf.gradients([y, z], [x])], {x: X(3, 4), labels: P(3, 4) * 3 + 0.01})


@_case
def poisson_static(tf):
    return tf.nn.log_poisson_loss([1.0, 2.0, 0.5], [1.0, 0.2, 0.3], compute_full_loss=True)


@_case
def raw_broadcast(tf):
    x = tf.placeholder(tf.float32, [3, 4])
    r = tf.raw_ops.SoftmaxCrossEntropyWithLogits(features=x, labels=[[0.0, 1, 0, 0]])
    return (list(r), {x: X(3, 4)})
