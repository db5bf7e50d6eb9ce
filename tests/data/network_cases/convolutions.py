"""Convolutions of all kinds, transposed, dilated and depthwise, and their gradients."""

from __future__ import annotations

import numpy as np

CASES = {}
#: no kernel of TensorFlow can run these, or nothing is fed
GRAPH_ONLY = ["nchw", "conv1d_ncw", "convolution_nchw", "dil", "dilv"]


def _case(build):
    CASES[build.__name__] = build
    return build


def X(*s, dtype=np.float32, seed=0):
    return np.random.RandomState(seed).randn(*s).astype(dtype)


def _conv(xs, ws, second=False, dt="float32", **k):

    def f(tf):
        x = tf.placeholder(dt, [None, *list(xs[1:])], name="x")
        w = tf.placeholder(dt, ws, name="w")
        y = tf.nn.conv2d(x, w, **k)
        g = tf.gradients(y * y, [x, w])
        out = [y, *g]
        if second:
            out += tf.gradients([g[0] * g[0], g[1] * g[1]], [x, w])
        return (out, {x: X(*xs, dtype=getattr(np, dt)), w: X(*ws, dtype=getattr(np, dt), seed=1)})

    return f


CASES["same"] = _conv((2, 5, 6, 3), (3, 3, 3, 4), True, strides=[1, 1, 1, 1], padding="SAME")
CASES["valid2"] = _conv((2, 5, 7, 3), (3, 2, 3, 4), True, strides=[1, 2, 2, 1], padding="VALID")
CASES["stride2"] = _conv((2, 5, 7, 3), (3, 2, 3, 4), strides=2, padding="SAME", name="cc")
CASES["int2"] = _conv((2, 5, 7, 3), (3, 2, 3, 4), strides=(2, 1), padding="SAME", dilations=[1])
CASES["f64"] = _conv((2, 5, 7, 3), (3, 2, 3, 4), dt="float64", strides=1, padding="SAME")
CASES["f16"] = _conv((2, 5, 7, 3), (3, 2, 3, 4), dt="float16", strides=1, padding="SAME")
CASES["explicit"] = _conv(
    (2, 5, 7, 3), (3, 2, 3, 4), strides=1, padding=[[0, 0], [1, 2], [0, 3], [0, 0]]
)
CASES["explicit2"] = _conv(
    (2, 5, 7, 3), (3, 2, 3, 4), strides=2, padding=((0, 0), (1, 2), (0, 3), (0, 0))
)
CASES["dil"] = _conv((2, 9, 9, 3), (3, 2, 3, 4), True, strides=1, padding="SAME", dilations=2)
CASES["dilv"] = _conv(
    (2, 9, 9, 3), (3, 2, 3, 4), strides=1, padding="VALID", dilations=[1, 2, 3, 1]
)
CASES["one"] = _conv((2, 4, 4, 3), (1, 1, 3, 4), strides=1, padding="SAME")


@_case
def rank3(tf):
    return tf.nn.conv2d(
        tf.placeholder(tf.float32, [2, 3, 4]), tf.placeholder(tf.float32, [1, 1, 4, 4]), 1, "SAME"
    )


@_case
def depth(tf):
    return tf.nn.conv2d(
        tf.placeholder(tf.float32, [2, 3, 4, 5]),
        tf.placeholder(tf.float32, [1, 1, 4, 4]),
        1,
        "SAME",
    )


@_case
def neg(tf):
    return tf.nn.conv2d(
        tf.placeholder(tf.float32, [2, 3, 4, 4]),
        tf.placeholder(tf.float32, [5, 1, 4, 4]),
        1,
        "VALID",
    )


@_case
def pad(tf):
    return tf.nn.conv2d(
        tf.placeholder(tf.float32, [2, 3, 4, 4]),
        tf.placeholder(tf.float32, [1, 1, 4, 4]),
        1,
        "SAMEY",
    )


@_case
def pade(tf):
    return tf.nn.conv2d(
        tf.placeholder(tf.float32, [2, 3, 4, 4]),
        tf.placeholder(tf.float32, [1, 1, 4, 4]),
        1,
        "EXPLICIT",
    )


@_case
def strz(tf):
    return tf.nn.conv2d(
        tf.placeholder(tf.float32, [2, 3, 4, 4]),
        tf.placeholder(tf.float32, [1, 1, 4, 4]),
        [1, 0, 1, 1],
        "SAME",
    )


@_case
def str3(tf):
    return tf.nn.conv2d(
        tf.placeholder(tf.float32, [2, 3, 4, 4]),
        tf.placeholder(tf.float32, [1, 1, 4, 4]),
        [1, 0, 1],
        "SAME",
    )


@_case
def fmt(tf):
    return tf.nn.conv2d(
        tf.placeholder(tf.float32, [2, 3, 4, 4]),
        tf.placeholder(tf.float32, [1, 1, 4, 4]),
        1,
        "SAME",
        data_format="NWHC",
    )


@_case
def types(tf):
    return tf.nn.conv2d(
        tf.placeholder(tf.int32, [2, 3, 4, 4]), tf.placeholder(tf.int32, [1, 1, 4, 4]), 1, "SAME"
    )


@_case
def mixed(tf):
    return tf.nn.conv2d(
        tf.placeholder(tf.float32, [2, 3, 4, 4]),
        tf.placeholder(tf.float64, [1, 1, 4, 4]),
        1,
        "SAME",
    )


@_case
def unk(tf):
    x = tf.placeholder(tf.float32)
    w = tf.placeholder(tf.float32)
    y = tf.nn.conv2d(x, w, 1, "SAME")
    g = tf.gradients(y, [x, w])
    return ([y, *g], {x: X(1, 3, 3, 2), w: X(2, 2, 2, 2)})


@_case
def partial(tf):
    x = tf.placeholder(tf.float32, [None, None, 7, 3])
    w = tf.placeholder(tf.float32, [3, 3, None, 4])
    return (
        [tf.nn.conv2d(x, w, s, p) for s in (1, 2) for p in ("SAME", "VALID")],
        {x: X(1, 9, 7, 3), w: X(3, 3, 3, 4)},
    )


@_case
def nchw(tf):
    x = tf.placeholder(tf.float32, [2, 3, None, 5])
    w = tf.placeholder(tf.float32, [3, 3, 3, 4])
    y = tf.nn.conv2d(x, w, 2, "SAME", data_format="NCHW")
    return [y, *tf.gradients(y, [x, w])]


@_case
def numpyin(tf):
    return tf.nn.conv2d(X(1, 3, 3, 2), filters=X(2, 2, 2, 2), strides=1, padding="SAME", name="z")


@_case
def nofilter(tf):
    return tf.nn.conv2d(
        X(1, 3, 3, 2), X(1, 3, 3, 2), filters=X(2, 2, 2, 2), strides=1, padding="SAME", name="z"
    )


@_case
def backprops(tf):
    dy = X(1, 3, 3, 4)
    return [
        tf.nn.conv2d_backprop_input([1, 3, 3, 2], X(2, 2, 2, 4), dy, [1, 1, 1, 1], "SAME"),
        tf.nn.conv2d_backprop_filter(
            X(1, 3, 3, 2), [2, 2, 2, 4], dy, [1, 1, 1, 1], "SAME", name="f"
        ),
    ]


@_case
def conv1d(tf):
    x = tf.placeholder(tf.float32, [None, 5, 2])
    w = tf.placeholder(tf.float32, [3, 2, 4])
    y = tf.nn.conv1d(x, w, 2, "SAME")
    return (
        [y, *tf.gradients(y, [x, w]), tf.nn.conv1d(x, w, [1], "VALID", name="v", dilations=2)],
        {x: X(2, 5, 2), w: X(3, 2, 4)},
    )


@_case
def conv1d_ncw(tf):
    x = tf.placeholder(tf.float32, [2, 3, 5])
    w = tf.placeholder(tf.float32, [3, 3, 4])
    return [tf.nn.conv1d(x, w, 2, "SAME", data_format="NCW")]


@_case
def conv3d(tf):
    x = tf.placeholder(tf.float32, [None, 4, 5, 6, 2])
    w = tf.placeholder(tf.float32, [2, 3, 2, 2, 3])
    y = tf.nn.conv3d(x, w, [1, 1, 2, 1, 1], "SAME")
    g = tf.gradients(y * y, [x, w])
    return (
        [y, *g, *tf.gradients([g[0] * g[0], g[1] * g[1]], [x, w])],
        {x: X(2, 4, 5, 6, 2), w: X(2, 3, 2, 2, 3)},
    )


@_case
def conv3d_valid(tf):
    x = tf.placeholder(tf.float64, [2, 4, 5, 6, 2])
    w = tf.placeholder(tf.float64, [2, 3, 2, 2, 3])
    y = tf.nn.conv3d(x, w, [1, 1, 2, 1, 1], "VALID")
    return ([y, *tf.gradients(y, [x, w])], {x: X(2, 4, 5, 6, 2), w: X(2, 3, 2, 2, 3)})


@_case
def transpose(tf):
    x = tf.placeholder(tf.float32, [None, 5, 5, 3])
    w = tf.placeholder(tf.float32, [3, 3, 2, 3])
    y = tf.nn.conv2d_transpose(x, w, [2, 10, 10, 2], [1, 2, 2, 1])
    z = tf.nn.conv2d_transpose(x, w, tf.stack([tf.shape(x)[0], 10, 10, 2]), 2, name="up")
    return ([y, z, *tf.gradients([y, z], [x, w])], {x: X(2, 5, 5, 3), w: X(3, 3, 2, 3)})


@_case
def transpose1(tf):
    x = tf.placeholder(tf.float32, [None, 5, 3])
    w = tf.placeholder(tf.float32, [3, 2, 3])
    y = tf.nn.conv1d_transpose(x, w, [2, 10, 2], 2)
    z = tf.nn.conv1d_transpose(x, w, tf.stack([tf.shape(x)[0], 10, 2]), 2, name="up")
    return ([y, z, *tf.gradients([y, z], [x, w])], {x: X(2, 5, 3), w: X(3, 2, 3)})


@_case
def transpose3(tf):
    x = tf.placeholder(tf.float32, [None, 2, 3, 2, 3])
    w = tf.placeholder(tf.float32, [3, 3, 3, 2, 3])
    y = tf.nn.conv3d_transpose(x, w, [2, 4, 6, 4, 2], [1, 2, 2, 2, 1])
    return (
        [y, *tf.gradients(y, [x, w]), tf.nn.conv_transpose(x, w, [2, 4, 6, 4, 2], 2)],
        {x: X(2, 2, 3, 2, 3), w: X(3, 3, 3, 2, 3)},
    )


@_case
def transpose_any(tf):
    x = tf.placeholder(tf.float32, [None, 5, 5, 3])
    w = tf.placeholder(tf.float32, [3, 3, 2, 3])
    return (
        [
            tf.nn.conv_transpose(x, w, [2, 10, 10, 2], 2),
            tf.nn.conv_transpose(x, w, tf.constant([2, 10, 10, 2]), 2),
        ],
        {x: X(2, 5, 5, 3), w: X(3, 3, 2, 3)},
    )


@_case
def convolution(tf):
    x = tf.placeholder(tf.float32, [None, 5, 5, 3])
    w = tf.placeholder(tf.float32, [3, 3, 3, 2])
    return (
        [
            tf.nn.convolution(x, w, "SAME"),
            tf.nn.convolution(x, w, "VALID", strides=[2, 1]),
            tf.nn.convolution(x, w, "SAME", dilation_rate=[2, 2]),
            tf.nn.convolution(x, w, "VALID", dilations=[2, 1], name="dd"),
        ],
        {x: X(2, 5, 5, 3), w: X(3, 3, 3, 2)},
    )


@_case
def convolution_unknown(tf):
    x = tf.placeholder(tf.float32, [None, None, None, 3])
    w = tf.placeholder(tf.float32, [3, 3, 3, 2])
    y = tf.nn.convolution(x, w, "SAME", dilation_rate=[2, 2])
    return ([y, *tf.gradients(y, [x, w])], {x: X(2, 5, 5, 3), w: X(3, 3, 3, 2)})


@_case
def convolution1(tf):
    x = tf.placeholder(tf.float32, [None, None, 3])
    w = tf.placeholder(tf.float32, [3, 3, 2])
    return (
        [
            tf.nn.convolution(x, w, "SAME"),
            tf.nn.convolution(x, w, "SAME", dilation_rate=[2]),
            tf.nn.convolution(x, w, "VALID", strides=[2]),
        ],
        {x: X(2, 7, 3), w: X(3, 3, 2)},
    )


@_case
def convolution3(tf):
    x = tf.placeholder(tf.float32, [None, 4, 4, 4, 3])
    w = tf.placeholder(tf.float32, [2, 2, 2, 3, 2])
    return (
        [
            tf.nn.convolution(x, w, "SAME"),
            tf.nn.convolution(x, w, "SAME", dilation_rate=[2, 1, 2]),
            tf.nn.convolution(x, w, "VALID", strides=[2, 1, 1]),
        ],
        {x: X(2, 4, 4, 4, 3), w: X(2, 2, 2, 3, 2)},
    )


@_case
def convolution_bad(tf):
    return tf.nn.convolution(
        tf.placeholder(tf.float32, [1, 4, 4, 3]),
        tf.placeholder(tf.float32, [1, 1, 3, 3]),
        "SAME",
        strides=[2, 2],
        dilation_rate=[2, 2],
    )


@_case
def convolution_depth(tf):
    return tf.nn.convolution(
        tf.placeholder(tf.float32, [1, 4, 4, 3]),
        tf.placeholder(tf.float32, [1, 1, 4, 3]),
        "SAME",
        dilation_rate=[2, 2],
    )


@_case
def convolution_filter_unknown(tf):
    return tf.nn.convolution(
        tf.placeholder(tf.float32, [1, 4, 4, 3]),
        tf.placeholder(tf.float32, [None, 1, 3, 3]),
        "SAME",
        dilation_rate=[2, 2],
    )


@_case
def convolution_nchw(tf):
    return tf.nn.convolution(
        tf.placeholder(tf.float32, [None, 3, None, 4]),
        tf.placeholder(tf.float32, [3, 3, 3, 2]),
        "SAME",
        dilation_rate=[2, 2],
        data_format="NCHW",
    )


@_case
def atrous(tf):
    x = tf.placeholder(tf.float32, [None, 6, 5, 3])
    w = tf.placeholder(tf.float32, [3, 3, 3, 2])
    return (
        [
            tf.nn.atrous_conv2d(x, w, 2, "SAME"),
            tf.nn.atrous_conv2d(x, w, 1, "VALID", name="a"),
            tf.nn.atrous_conv2d(x, w, 2, "VALID"),
        ],
        {x: X(2, 6, 5, 3), w: X(3, 3, 3, 2)},
    )


@_case
def atrous_t(tf):
    x = tf.placeholder(tf.float32, [2, 6, 5, 2])
    w = tf.placeholder(tf.float32, [3, 3, 3, 2])
    return (
        [
            tf.nn.atrous_conv2d_transpose(x, w, [2, 6, 5, 3], 2, "SAME"),
            tf.nn.atrous_conv2d_transpose(x, w, (2, 10, 9, 3), 2, "VALID"),
            tf.nn.atrous_conv2d_transpose(x, w, [2, 6, 5, 3], 1, "SAME", name="q"),
        ],
        {x: X(2, 6, 5, 2), w: X(3, 3, 3, 2)},
    )


@_case
def atrous_tt(tf):
    x = tf.placeholder(tf.float32, [None, 6, 5, 2])
    w = tf.placeholder(tf.float32, [3, 3, 3, 2])
    return (
        [tf.nn.atrous_conv2d_transpose(x, w, tf.stack([tf.shape(x)[0], 6, 5, 3]), 2, "SAME")],
        {x: X(2, 6, 5, 2), w: X(3, 3, 3, 2)},
    )


@_case
def depthwise(tf):
    x = tf.placeholder(tf.float32, [None, 6, 5, 3])
    w = tf.placeholder(tf.float32, [3, 3, 3, 2])
    y = tf.nn.depthwise_conv2d(x, w, [1, 1, 1, 1], "SAME")
    z = tf.nn.depthwise_conv2d(x, w, [1, 2, 2, 1], "VALID", name="z")
    g = tf.gradients(y * y, [x, w])
    return (
        [
            y,
            z,
            tf.nn.depthwise_conv2d(x, w, [1, 1, 1, 1], "SAME", rate=[2, 2]),
            *g,
            *tf.gradients([g[0] * g[0], g[1] * g[1]], [x, w]),
        ],
        {x: X(2, 6, 5, 3), w: X(3, 3, 3, 2)},
    )


@_case
def depthwise_native(tf):
    x = tf.placeholder(tf.float32, [None, 6, None, 3])
    w = tf.placeholder(tf.float32, [3, 3, 3, None])
    return (
        [
            tf.nn.depthwise_conv2d_native(x, w, [1, 1, 1, 1], "SAME", name="n"),
            tf.nn.depthwise_conv2d_native_backprop_input(
                [2, 6, 5, 3], w, X(2, 6, 5, 6), [1, 1, 1, 1], "SAME"
            ),
            tf.nn.depthwise_conv2d_native_backprop_filter(
                x, [3, 3, 3, 2], X(2, 6, 5, 6), [1, 1, 1, 1], "SAME"
            ),
        ],
        {x: X(2, 6, 5, 3), w: X(3, 3, 3, 2)},
    )


@_case
def depthwise_bad(tf):
    return tf.nn.depthwise_conv2d(
        tf.placeholder(tf.float32, [1, 4, 4, 3]),
        tf.placeholder(tf.float32, [1, 1, 4, 3]),
        [1, 1, 1, 1],
        "SAME",
    )


@_case
def separable(tf):
    x = tf.placeholder(tf.float32, [None, 6, 5, 3])
    w = tf.placeholder(tf.float32, [3, 3, 3, 2])
    p = tf.placeholder(tf.float32, [1, 1, 6, 4])
    y = tf.nn.separable_conv2d(x, w, p, [1, 1, 1, 1], "SAME")
    return (
        [
            y,
            *tf.gradients(y, [x, w, p]),
            tf.nn.separable_conv2d(x, w, p, [1, 1, 1, 1], "VALID", rate=[2, 2], name="s"),
        ],
        {x: X(2, 6, 5, 3), w: X(3, 3, 3, 2), p: X(1, 1, 6, 4)},
    )


@_case
def dilation(tf):
    x = tf.placeholder(tf.float32, [None, 6, 5, 3])
    w = tf.placeholder(tf.float32, [3, 2, 3])
    y = tf.nn.dilation2d(x, w, [1, 1, 1, 1], [1, 1, 2, 1], "SAME")
    return (
        [y, *tf.gradients(y, [x, w]), tf.nn.erosion2d(x, w, [1, 2, 1, 1], [1, 1, 1, 1], "VALID")],
        {x: X(2, 6, 5, 3), w: X(3, 2, 3)},
    )
