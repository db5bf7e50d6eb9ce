"""Moments and normalizations by them."""

from __future__ import annotations

import numpy as np

CASES = {}
#: no kernel of TensorFlow can run these, or nothing is fed
GRAPH_ONLY = ["fbn_nchw"]
#: these are other nodes here: branches are functions, and shapes are known better
VALUES_ONLY = ["fbn_second_values", "fbn_second_frozen"]


def _case(build):
    CASES[build.__name__] = build
    return build


def X(*s, dtype=np.float32, seed=0):
    return np.random.RandomState(seed).randn(*s).astype(dtype)


def _fbn(train, fmt="NHWC", dt="float32"):

    def f(tf):
        x = tf.placeholder(dt, [None, 3, 4, 2], name="x")
        s = tf.placeholder(tf.float32, [2])
        o = tf.placeholder(tf.float32, [2])
        m = None if train else tf.placeholder(tf.float32, [2])
        v = None if train else tf.placeholder(tf.float32, [2])
        y, bm, bv = tf.nn.fused_batch_norm(x, s, o, m, v, is_training=train, epsilon=0.01)
        w = tf.constant(X(2, 3, 4, 2, seed=7).astype(dt))
        g = tf.gradients(y * w, [x, s, o])
        fd = {x: X(2, 3, 4, 2), s: X(2), o: X(2, seed=3)}
        if not train:
            fd.update({m: X(2, seed=4), v: X(2, seed=5) ** 2})
        return (([y, bm, bv] if train else [y]) + g, fd)

    return f


CASES["fbn_train"] = _fbn(True)
CASES["fbn_infer"] = _fbn(False)
CASES["fbn_half"] = _fbn(True, dt="float16")


@_case
def fbn_unknown(tf):
    x = tf.placeholder(tf.float32)
    y = tf.nn.fused_batch_norm(x, [1.0, 2.0], [0.0, 1.0], name="bn")
    return (list(y), {x: X(2, 3, 4, 2)})


@_case
def fbn_both(tf):
    return tf.nn.fused_batch_norm(X(1, 2, 2, 2), [1.0, 2], [1.0, 2], mean=[1.0, 2])


@_case
def fbn_shape(tf):
    return tf.nn.fused_batch_norm(X(1, 2, 2, 2), [1.0, 2], [1.0, 2, 3])


@_case
def fbn_rank(tf):
    return tf.nn.fused_batch_norm(X(1, 2, 2), [1.0, 2], [1.0, 2])


@_case
def fbn_v1(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4, 2])
    o = []
    for n in ("FusedBatchNorm", "FusedBatchNormV2"):
        r = getattr(tf.raw_ops, n)(x=x, scale=[1.0, 2], offset=[0.0, 1], mean=[], variance=[])
        o += list(r) + tf.gradients(r[0] * r[0] * r[0], x)
    return (o, {x: X(2, 3, 4, 2)})


@_case
def fbn_nchw(tf):
    x = tf.placeholder(tf.float32, [2, 2, 3, 4])
    r = tf.raw_ops.FusedBatchNormV3(
        x=x,
        scale=[1.0, 2],
        offset=[0.0, 1],
        mean=[1.0, 2],
        variance=[1.0, 2],
        is_training=False,
        data_format="NCHW",
    )
    return (list(r) + tf.gradients(r[0] * r[0], x), {x: X(2, 2, 3, 4)})


@_case
def fbn_second_values(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4, 2])
    s = tf.placeholder(tf.float32, [2])
    y, _, _ = tf.nn.fused_batch_norm(x, s, [0.0, 1])
    g = tf.gradients(y * y * y, [x, s])
    return (tf.gradients([g[0] * g[0], g[1] * g[1] * 2.0], [x, s]), {x: X(2, 3, 4, 2), s: X(2)})


@_case
def fbn_second_frozen(tf):
    x = tf.placeholder(tf.float32, [2, 3, 4, 2])
    s = tf.placeholder(tf.float32, [2])
    y, _, _ = tf.nn.fused_batch_norm(x, s, [0.0, 1], [1.0, 2], [1.0, 2], is_training=False)
    g = tf.gradients(y * y * y, [x, s])
    return (tf.gradients([g[0] * g[0], g[1] * g[1] * 2.0], [x, s]), {x: X(2, 3, 4, 2), s: X(2)})


def _old(tf, x, m, v, b, g, after):
    try:
        return tf.raw_ops.BatchNormWithGlobalNormalization(
            t=x, m=m, v=v, beta=b, gamma=g, variance_epsilon=0.1, scale_after_normalization=after
        )
    except AttributeError:
        from tensorflow.python.ops import gen_nn_ops

        return gen_nn_ops._batch_norm_with_global_normalization(x, m, v, b, g, 0.1, after)


@_case
def lrn(tf):
    x = tf.placeholder(tf.float32, [None, 2, 2, 6])
    y = tf.nn.lrn(x, 2, 1.0, 0.1, 0.7)
    return (
        [
            y,
            *tf.gradients(y * y, x),
            tf.nn.local_response_normalization(x, name="z"),
            tf.nn.lrn(x, 1),
        ],
        {x: X(2, 2, 2, 6)},
    )


@_case
def lrn_rank(tf):
    return tf.nn.lrn(tf.placeholder(tf.float32, [2, 6]))


@_case
def moments(tf):
    x = tf.placeholder(tf.float32, [None, 3, 4])
    a = tf.nn.moments(x, [0])
    b = tf.nn.moments(x, [0, 1], keep_dims=True, name="mm")
    c = tf.nn.moments(x, [1, -1])
    return (list(a) + list(b) + list(c) + tf.gradients(list(a) + list(b), x), {x: X(2, 3, 4)})


@_case
def moments_half(tf):
    return list(tf.nn.moments(tf.constant(X(3, 4, dtype=np.float16)), [0]))


@_case
def moments_axis(tf):
    return list(tf.nn.moments(tf.constant(X(3, 4)), 0))


@_case
def moments_both(tf):
    return tf.nn.moments(tf.constant(X(3, 4)), [0], keep_dims=True, keepdims=True)


@_case
def weighted(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    return (
        list(tf.nn.weighted_moments(x, [0], [[1.0, 2, 3]]))
        + list(
            tf.nn.weighted_moments(x, [0, 1], tf.constant([[1], [2]]), keep_dims=True, name="w")
        ),
        {x: X(2, 3)},
    )


@_case
def sufficient(tf):
    x = tf.placeholder(tf.float32, [None, 3, 2])
    a = tf.nn.sufficient_statistics(x, [0, 1])
    b = tf.nn.sufficient_statistics(x, [1, 2], shift=1.0, keep_dims=True, name="s")
    m = tf.nn.normalize_moments(a[0], a[1], a[2], None)
    n = tf.nn.normalize_moments(*b)
    return (list(a[:3]) + list(b) + list(m) + list(n), {x: X(2, 3, 2)})


@_case
def batchnorm(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    m = tf.placeholder(tf.float32, [3])
    v = tf.placeholder(tf.float32, [3])
    s = tf.placeholder(tf.float32, [3])
    y = tf.nn.batch_normalization(x, m, v, s, s, 0.001)
    return (
        [
            y,
            *tf.gradients(y, [x, m, v, s]),
            tf.nn.batch_normalization(x, m, v, None, None, 0.001, name="b"),
            tf.nn.batch_norm_with_global_normalization(x, m, v, s, s, 0.001, True),
            tf.nn.batch_norm_with_global_normalization(x, m, v, s, s, 0.001, False),
        ],
        {x: X(2, 3), m: X(3), v: X(3, seed=1) ** 2, s: X(3, seed=2)},
    )
