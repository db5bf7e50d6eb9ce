"""Activations, biases and softmax, and their gradients to the second order."""

from __future__ import annotations

import numpy as np

CASES = {}


def _case(build):
    CASES[build.__name__] = build
    return build


def X(*s, dtype=np.float32, seed=0):
    return (np.random.RandomState(seed).randn(*s) * 3).astype(dtype)


def _act(n, dt):

    def f(tf):
        x = tf.placeholder(dt, [None, 4], name="x")
        y = getattr(tf.nn, n)(x)
        (g,) = tf.gradients(y, x)
        z = [y, g]
        if n not in ("softsign",):
            gg = tf.gradients(g * g, x)[0]
            z.append(gg)
        return (z, {x: X(3, 4, dtype=getattr(np, dt))})

    return f


for n in ["relu", "relu6", "elu", "selu", "leaky_relu", "softplus", "softsign", "crelu", "swish"]:
    for dt in ("float32", "float64", "float16"):
        CASES[n + "_" + dt] = _act(n, dt)


@_case
def relu_list(tf):
    return tf.nn.relu([1, -2, 3])


@_case
def relu_floats(tf):
    return [
        tf.nn.relu([1.0, -2, 3], name="r"),
        tf.nn.relu6([1.0, -2, 30]),
        tf.nn.elu([1.0, -1]),
        tf.nn.leaky_relu([1.0, -1], alpha=0.3),
        tf.nn.leaky_relu([1, -1]),
        tf.nn.softplus([1.0, 2.0]),
    ]


@_case
def relu_bool(tf):
    return tf.nn.relu([True])


@_case
def relu_int(tf):
    return [tf.nn.relu(tf.constant([1, -2], dtype=d)) for d in ("int8", "int16", "int64")] + [
        tf.nn.relu6(tf.constant([1, 9], dtype="uint8"))
    ]


@_case
def static(tf):
    x = tf.constant(X(2, 3))
    y = tf.nn.relu(x)
    g = tf.gradients(y, x)[0]
    return [y, g, *tf.gradients(g, [x])]


@_case
def relugrad2(tf):
    x = tf.placeholder(tf.float32, [2, 3])
    d = tf.placeholder(tf.float32, [2, 3])
    y = tf.raw_ops.ReluGrad(gradients=d, features=x)
    return ([y, *tf.gradients(y, [d, x])], {x: X(2, 3), d: X(2, 3, seed=1)})


@_case
def elugrad2(tf):
    out = []
    fd = {}
    for n in ["EluGrad", "SeluGrad"]:
        x = tf.placeholder(tf.float32, [2, 3])
        d = tf.placeholder(tf.float32, [2, 3])
        y = getattr(tf.raw_ops, n)(gradients=d, outputs=x)
        out += [y, *tf.gradients(y, [d, x])]
        fd.update({x: X(2, 3), d: X(2, 3, seed=1)})
    for n in ["Relu6Grad", "LeakyReluGrad", "SoftplusGrad"]:
        x = tf.placeholder(tf.float32, [2, None])
        d = tf.placeholder(tf.float32, None)
        y = getattr(tf.raw_ops, n)(gradients=d, features=x)
        out += [y, *tf.gradients(y, [d, x])]
        fd.update({x: X(2, 3), d: X(2, 3, seed=1)})
    return (out, fd)


@_case
def bias(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    b = tf.placeholder(tf.float32, [3])
    y = tf.nn.bias_add(x, b)
    g = tf.gradients(y, [x, b])
    gg = tf.gradients(g[1] * g[1] * b, [b])
    return ([y, *g, *gg], {x: X(2, 3), b: X(3)})


@_case
def bias_second(tf):
    x = tf.placeholder(tf.float32, [None, 2, 3])
    b = tf.placeholder(tf.float32, [3])
    y = tf.raw_ops.BiasAddGrad(out_backprop=x)
    return ([y, *tf.gradients(y * b, [x])], {x: X(4, 2, 3), b: X(3)})


@_case
def bias_second_nchw(tf):
    x = tf.placeholder(tf.float32, [None, 3, 2, 2])
    b = tf.placeholder(tf.float32, [3])
    y = tf.raw_ops.BiasAddGrad(out_backprop=x, data_format="NCHW")
    return ([y, *tf.gradients(y * b, [x])], {x: X(4, 3, 2, 2), b: X(3)})


@_case
def bias_nchw(tf):
    x = tf.placeholder(tf.float32, [None, 3, 2, 2])
    y = tf.nn.bias_add(x, [1.0, 2, 3], data_format="NCHW", name="b")
    return ([tf.gradients(y, x)[0]], {x: X(4, 3, 2, 2)})


@_case
def bias_v1(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    b = tf.placeholder(tf.float32, [3])
    y = tf.raw_ops.BiasAddV1(value=x, bias=b)
    return ([y, *tf.gradients(y, [x, b])], {x: X(2, 3), b: X(3)})


@_case
def bias_v1_unknown(tf):
    x = tf.placeholder(tf.float32)
    b = tf.placeholder(tf.float32, [3])
    y = tf.raw_ops.BiasAddV1(value=x, bias=b)
    return ([y, *tf.gradients(y, [x, b])], {x: X(2, 3), b: X(3)})


@_case
def bias_errors(tf):
    return tf.nn.bias_add(tf.placeholder(tf.float32, [2, 3]), tf.placeholder(tf.float32, [4]))


@_case
def bias_rank(tf):
    return tf.nn.bias_add(tf.placeholder(tf.float32, [3]), tf.placeholder(tf.float32, [3]))


@_case
def bias_format(tf):
    return tf.nn.bias_add(tf.placeholder(tf.float32, [3, 3]), tf.placeholder(tf.float32, [3]), "HW")


@_case
def bias_int(tf):
    return tf.nn.bias_add([[1, 2], [3, 4]], [1, 2])


@_case
def bias_ncw(tf):
    return tf.nn.bias_add(tf.constant(X(2, 3, 4)), [1.0, 2, 3], data_format="NCW")


@_case
def xwb(tf):
    x = tf.placeholder(tf.float32, [None, 2])
    return (
        [
            tf.nn.xw_plus_b(x, [[1.0, 2, 3], [3, 4, 5]], [1.0, 2, 3]),
            tf.nn.relu_layer(x, [[1.0, 2, 3], [3, 4, 5]], [1.0, 2, -300]),
        ],
        {x: X(3, 2)},
    )


@_case
def l2(tf):
    x = tf.placeholder(tf.float64, [None, 2])
    y = tf.nn.l2_loss(x)
    return (
        [
            y,
            *tf.gradients(y, x),
            tf.nn.l2_normalize(x, 1),
            tf.nn.l2_normalize(x, dim=[0, 1], epsilon=0.1, name="q"),
            tf.nn.l2_normalize(x),
        ],
        {x: X(3, 2, dtype=np.float64)},
    )


@_case
def topk(tf):
    x = tf.placeholder(tf.float32, [None, 5])
    v = tf.nn.top_k(x, 2)
    return ([v.values, v.indices, tf.nn.in_top_k(x, [1, 2, 3], 2)], {x: X(3, 5)})


@_case
def softmax1(tf):
    x = tf.placeholder(tf.float32, [None, 5])
    y = tf.nn.softmax(x)
    g = tf.gradients(y[:, 0], x)
    return ([y, *g, *tf.gradients(g[0][:, 1], x)], {x: X(3, 5)})


@_case
def logsoftmax1(tf):
    x = tf.placeholder(tf.float32, [None, 5])
    y = tf.nn.log_softmax(x)
    g = tf.gradients(y[:, 0], x)
    return ([y, *g, *tf.gradients(g[0][:, 1], x)], {x: X(3, 5)})


@_case
def softmax_axes(tf):
    x = tf.placeholder(tf.float32, [2, None, 5])
    return (
        [
            tf.nn.softmax(x, axis=1),
            tf.nn.softmax(x, dim=0, name="n"),
            tf.nn.log_softmax(x, -2),
            tf.nn.softmax(x, 2),
        ],
        {x: X(2, 3, 5)},
    )


@_case
def softmax_tensor_axis(tf):
    x = tf.placeholder(tf.float32, [2, 3, 5])
    d = tf.placeholder(tf.int32, [])
    return ([tf.nn.softmax(x, axis=d), tf.nn.softmax(x, tf.constant(1))], {x: X(2, 3, 5), d: 0})


@_case
def softmax_unknown(tf):
    x = tf.placeholder(tf.float32)
    return ([tf.nn.softmax(x)], {x: X(2, 3, 5)})


@_case
def softmax_unknown_axis(tf):
    x = tf.placeholder(tf.float32)
    return ([tf.nn.softmax(x, 1)], {x: X(2, 3, 5)})


@_case
def softmax_range(tf):
    return tf.nn.softmax(tf.placeholder(tf.float32, [2, 3]), 2)


@_case
def softmax_scalar(tf):
    return tf.nn.softmax(tf.constant(1.0))


@_case
def softmax_half(tf):
    return (
        tf.nn.softmax(tf.constant(X(2, 3, dtype=np.float16))),
        tf.nn.log_softmax(tf.constant(X(2, 3, dtype=np.float64))),
    )


@_case
def softmax_both(tf):
    return tf.nn.softmax(tf.placeholder(tf.float32, [2, 3]), axis=1, dim=1)
