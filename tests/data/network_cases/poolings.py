"""Pooling of rows, images and volumes, and its gradients to the third order."""

from __future__ import annotations

import numpy as np

CASES = {}
#: no kernel of TensorFlow can run these, or nothing is fed
GRAPH_ONLY = ["nchw", "partial"]


def _case(build):
    CASES[build.__name__] = build
    return build


def X(*s, dtype=np.float32, seed=0):
    return np.random.RandomState(seed).randn(*s).astype(dtype)


def _pool(kind, xs, *a, dt="float32", **k):

    def f(tf):
        x = tf.placeholder(dt, [None, *list(xs[1:])], name="x")
        y = getattr(tf.nn, kind)(x, *a, **k)
        g = tf.gradients(y * y, x)[0]
        return ([y, g, *tf.gradients(g * g, x)], {x: X(*xs, dtype=getattr(np, dt))})

    return f


for k in ("max_pool", "avg_pool"):
    CASES[k + "_same"] = _pool(k, (2, 5, 6, 3), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    CASES[k + "_valid"] = _pool(k, (2, 5, 6, 3), [1, 3, 2, 1], [1, 1, 2, 1], "VALID")
    CASES[k + "_int"] = _pool(k, (2, 5, 6, 3), 2, 2, "SAME", name="p")
    CASES[k + "_two"] = _pool(k, (2, 5, 6, 3), [3, 2], [2, 1], "SAME")
    CASES[k + "_f16"] = _pool(k, (2, 5, 6, 3), 2, 2, "SAME", dt="float16")
    CASES[k + "_f64"] = _pool(k, (2, 5, 6, 3), 2, 2, "SAME", dt="float64")
    CASES[k + "1d"] = _pool(k + "1d", (2, 5, 3), 2, 2, "SAME")
    CASES[k + "2d"] = _pool(k + "2d", (2, 5, 4, 3), 2, 2, "SAME")
    CASES[k + "3d"] = _pool(k + "3d", (2, 4, 5, 4, 3), 2, 2, "SAME")
    CASES[k + "3dv"] = _pool(k + "3d", (2, 4, 5, 4, 3), [1, 2, 3, 2, 1], [1, 1, 2, 1, 1], "VALID")
    CASES[k + "_v2_1"] = _pool(k + "_v2", (2, 5, 3), 2, 2, "SAME")
    CASES[k + "_v2_2"] = _pool(k + "_v2", (2, 5, 4, 3), 2, 2, "VALID")
    CASES[k + "_v2_3"] = _pool(k + "_v2", (2, 4, 5, 4, 3), 2, 2, "SAME")


@_case
def argmax(tf):
    x = tf.placeholder(tf.float32, [None, 5, 4, 3])
    y, a = tf.nn.max_pool_with_argmax(x, [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    return ([y, a, *tf.gradients(y, x)], {x: X(2, 5, 4, 3)})


@_case
def v2op(tf):
    x = tf.placeholder(tf.float32, [None, 5, 4, 3])
    k = tf.placeholder(tf.int32, [4])
    y = tf.raw_ops.MaxPoolV2(input=x, ksize=k, strides=[1, 2, 2, 1], padding="SAME")
    z = tf.raw_ops.MaxPoolV2(input=x, ksize=[1, 2, 2, 1], strides=[1, 2, 2, 1], padding="VALID")
    g = tf.gradients(y * y, x)[0]
    return ([y, z, g, *tf.gradients(g * g, x)], {x: X(2, 5, 4, 3), k: [1, 2, 2, 1]})


@_case
def nchw(tf):
    x = tf.placeholder(tf.float32, [None, 3, 5, 4])
    return [
        tf.nn.max_pool(x, 2, 2, "SAME", data_format="NCHW"),
        tf.nn.avg_pool(x, [1, 1, 2, 2], [1, 1, 2, 2], "SAME", data_format="NCHW"),
        tf.nn.max_pool1d(tf.placeholder(tf.float32, [2, 3, 4]), 2, 1, "VALID", data_format="NCW"),
    ]


@_case
def zero(tf):
    return tf.nn.max_pool(tf.placeholder(tf.float32, [None, 5, 4, 3]), 0, 1, "SAME")


@_case
def big(tf):
    return tf.nn.max_pool(tf.placeholder(tf.float32, [None, 5, 4, 3]), 7, 1, "VALID")


@_case
def rank(tf):
    return tf.nn.max_pool(tf.placeholder(tf.float32, [5, 4, 3]), 2, 1, "VALID")


@_case
def seq(tf):
    return tf.nn.max_pool(tf.placeholder(tf.float32, [1, 5, 4, 3]), [1, 2, 3], 1, "VALID")


@_case
def padding(tf):
    return tf.nn.max_pool(tf.placeholder(tf.float32, [1, 5, 4, 3]), 2, 1, "EXPLICIT")


@_case
def listed(tf):
    return [
        tf.nn.max_pool(X(1, 4, 4, 1).tolist(), 2, 2, "SAME"),
        tf.nn.avg_pool(input=X(1, 4, 4, 1), value=None, ksize=2, strides=2, padding="SAME"),
    ]


@_case
def unknown(tf):
    x = tf.placeholder(tf.float32)
    y = tf.nn.max_pool(x, 2, 2, "SAME")
    z = tf.nn.avg_pool(x, 2, 2, "SAME")
    return ([y, z, *tf.gradients([y, z], x)], {x: X(2, 5, 4, 3)})


@_case
def partial(tf):
    x = tf.placeholder(tf.float32, [None, None, 5, 3])
    return [tf.nn.max_pool(x, 2, s, p) for s in (1, 2) for p in ("SAME", "VALID")]


@_case
def pool(tf):
    x = tf.placeholder(tf.float32, [None, 6, 5, 3])
    return (
        [
            tf.nn.pool(x, [2, 2], "MAX", "SAME"),
            tf.nn.pool(x, [2, 2], "AVG", "VALID", strides=[2, 1], name="p"),
            tf.nn.pool(x, [2, 2], "AVG", "VALID", dilation_rate=[2, 1]),
        ],
        {x: X(2, 6, 5, 3)},
    )


@_case
def pool1(tf):
    x = tf.placeholder(tf.float32, [None, 6, 3])
    return (
        [tf.nn.pool(x, [2], "MAX", "SAME"), tf.nn.pool(x, [2], "AVG", "VALID", dilations=[2])],
        {x: X(2, 6, 3)},
    )


@_case
def pool3(tf):
    x = tf.placeholder(tf.float32, [None, 4, 4, 4, 3])
    return (
        [
            tf.nn.pool(x, [2, 2, 2], "MAX", "SAME"),
            tf.nn.pool(x, [2, 1, 2], "AVG", "VALID", dilations=[2, 2, 1]),
        ],
        {x: X(2, 4, 4, 4, 3)},
    )


@_case
def pool_bad(tf):
    return tf.nn.pool(
        tf.placeholder(tf.float32, [None, 6, 5, 3]), [2, 2], "MAX", "SAME", dilation_rate=[2, 2]
    )


@_case
def pool_bad2(tf):
    return tf.nn.pool(
        tf.placeholder(tf.float32, [None, 6, 5, 3]), [2, 2], "MAX", "SAME", strides=[3, 3]
    )


@_case
def pool_bad3(tf):
    return tf.nn.pool(tf.placeholder(tf.float32, [None, 6, 5, 3]), [2, 2], "MIN", "SAME")


@_case
def ints(tf):
    return [
        tf.nn.max_pool(tf.constant(np.arange(16).reshape(1, 4, 4, 1), dtype=d), 2, 2, "VALID")
        for d in ("int32", "uint8", "int64")
    ]


@_case
def depthpool(tf):
    return [tf.nn.max_pool(tf.constant(X(1, 2, 2, 4)), [1, 1, 1, 2], [1, 1, 1, 2], "VALID")]
