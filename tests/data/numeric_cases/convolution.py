"""Convolutions over odd sizes, strides beyond the kernel, dilation and empty batches."""

# Each lambda runs before its loop moves on; and the Python of TensorFlow 1 has no strict zip.

from __future__ import annotations

import numpy as np


def cases(tf, record):
    rng = np.random.RandomState(1)

    def array(*shape, dtype=np.float32):
        return rng.standard_normal(shape).astype(dtype)

    def image(x, w, strides, padding, dilations=(1, 1), explicit=(), dtype=np.float32, within=8):
        s, d = [1, *strides, 1], [1, *dilations, 1]
        x, w = array(*x, dtype=dtype), array(*w, dtype=dtype)
        pads = padding if not explicit else np.reshape(explicit, (4, 2)).tolist()
        y = tf.nn.conv2d(x, w, s, pads, dilations=d)
        keywords = {
            "strides": s,
            "padding": padding,
            "explicit_paddings": list(explicit),
            "dilations": d,
        }
        record("convolution.conv2d", [x, w], y, within=within, **keywords)
        if dilations != (1, 1):
            return
        dy = array(*record.session.run(y).shape, dtype=dtype)
        sizes = list(x.shape)
        dx = tf.nn.conv2d_backprop_input(sizes, w, dy, s, pads, dilations=d)
        record("convolution.conv2d_backprop_input", [sizes, w, dy], dx, within=within, **keywords)
        sizes = list(w.shape)
        dw = tf.nn.conv2d_backprop_filter(x, sizes, dy, s, pads, dilations=d)
        record("convolution.conv2d_backprop_filter", [x, sizes, dy], dw, within=within, **keywords)

    image((2, 5, 7, 3), (3, 3, 3, 4), (1, 1), "SAME")
    image((2, 5, 7, 3), (3, 3, 3, 4), (2, 2), "SAME")
    image((2, 6, 5, 3), (3, 2, 3, 4), (2, 3), "VALID")
    image((1, 9, 8, 2), (2, 2, 2, 3), (3, 4), "SAME")
    image((1, 9, 8, 2), (2, 2, 2, 3), (3, 4), "VALID")
    image((1, 4, 4, 2), (1, 1, 2, 3), (1, 1), "SAME")
    image((1, 5, 5, 2), (1, 1, 2, 3), (2, 2), "VALID")
    image((1, 3, 3, 1), (5, 4, 1, 2), (1, 1), "SAME")
    image((1, 1, 1, 4), (3, 3, 4, 2), (1, 1), "SAME")
    image((0, 5, 5, 2), (3, 3, 2, 3), (1, 1), "SAME")
    image((2, 7, 9, 2), (3, 2, 2, 3), (1, 1), "SAME", (2, 3))
    image((1, 9, 9, 2), (3, 3, 2, 3), (2, 1), "VALID", (2, 2))
    image((1, 5, 6, 2), (3, 3, 2, 3), (2, 1), "EXPLICIT", explicit=(0, 0, 2, 1, 0, 3, 0, 0))
    image((2, 5, 4, 3), (3, 3, 3, 4), (1, 2), "SAME", dtype=np.float64)
    image((2, 5, 4, 3), (3, 3, 3, 4), (1, 2), "SAME", dtype=np.float16)

    x = np.ones((1, 3, 3, 1), np.float32)
    w = np.ones((3, 3, 1, 1), np.float32)
    w[0, 0], dy = np.inf, x.copy()
    dy[0, 0, 0] = np.nan
    keywords = {"strides": [1, 1, 1, 1], "padding": "SAME"}
    record("convolution.conv2d", [x, w], tf.nn.conv2d(x, w, **keywords), 0, **keywords)
    grads = tf.nn.conv2d_backprop_input([1, 3, 3, 1], w, dy, **keywords)
    record("convolution.conv2d_backprop_input", [[1, 3, 3, 1], w, dy], grads, 0, **keywords)
    grads = tf.nn.conv2d_backprop_filter(x, [3, 3, 1, 1], dy, **keywords)
    record("convolution.conv2d_backprop_filter", [x, [3, 3, 1, 1], dy], grads, 0, **keywords)
    record(
        "depthwise.depthwise_conv2d",
        [x, w],
        tf.nn.depthwise_conv2d(x, w, **keywords),
        0,
        **keywords,
    )

    def refused(x, w, **keywords):
        x, w = array(*x), array(*w)
        hidden = tf.compat.v1.placeholder_with_default(x, [None] * 4)
        record(
            "convolution.conv2d", [x, w], lambda: tf.nn.conv2d(hidden, w, **keywords), **keywords
        )

    refused((1, 1, 1, 1), (3, 3, 1, 1), strides=[1, 2, 2, 1], padding="VALID")
    refused((1, 1, 1, 1), (5, 5, 1, 1), strides=[1, 2, 2, 1], padding="VALID")
    refused((1, 3, 3, 1), (2, 2, 1, 1), strides=[2, 1, 1, 1], padding="VALID")
    refused((1, 3, 3, 3), (2, 2, 2, 4), strides=[1, 1, 1, 1], padding="VALID")

    def depthwise(x, w, stride, padding, dilation=1, dtype=np.float32, within=8):
        s, d = [1, stride, stride, 1], [1, dilation, dilation, 1]
        x, w = array(*x, dtype=dtype), array(*w, dtype=dtype)
        xt, wt = tf.constant(x), tf.constant(w)
        y = tf.nn.depthwise_conv2d(xt, wt, s, padding, rate=d[1:3])
        keywords = {"strides": s, "padding": padding, "dilations": d}
        record("depthwise.depthwise_conv2d", [x, w], y, within=within, **keywords)
        dy = array(*record.session.run(y).shape, dtype=dtype)
        dx, dw = tf.gradients(y, [xt, wt], dy)
        sizes = list(x.shape)
        record(
            "depthwise.depthwise_conv2d_backprop_input",
            [sizes, w, dy],
            dx,
            within=within,
            **keywords,
        )
        sizes = list(w.shape)
        record(
            "depthwise.depthwise_conv2d_backprop_filter",
            [x, sizes, dy],
            dw,
            within=within,
            **keywords,
        )

    depthwise((2, 5, 7, 3), (3, 3, 3, 2), 1, "SAME")
    depthwise((2, 6, 5, 3), (3, 2, 3, 1), 2, "VALID")
    depthwise((1, 7, 7, 2), (2, 2, 2, 2), 3, "SAME")
    depthwise((1, 7, 8, 2), (3, 3, 2, 2), 1, "SAME", dilation=2)
    depthwise((1, 1, 1, 2), (3, 3, 2, 2), 1, "SAME")
    depthwise((1, 4, 4, 2), (1, 1, 2, 1), 1, "VALID", dtype=np.float64)
    depthwise((2, 4, 4, 2), (3, 3, 2, 1), 1, "SAME", dtype=np.float16)

    def volume(x, w, strides, padding, dtype=np.float32, within=8):
        s = [1, *strides, 1]
        x, w = array(*x, dtype=dtype), array(*w, dtype=dtype)
        xt, wt = tf.constant(x), tf.constant(w)
        y = tf.nn.conv3d(xt, wt, s, padding)
        keywords = {"strides": s, "padding": padding}
        record("convolution.conv3d", [x, w], y, within=within, **keywords)
        dy = array(*record.session.run(y).shape, dtype=dtype)
        dx, dw = tf.gradients(y, [xt, wt], dy)
        sizes = list(x.shape)
        record("convolution.conv3d_backprop_input", [sizes, w, dy], dx, within=within, **keywords)
        sizes = list(w.shape)
        record("convolution.conv3d_backprop_filter", [x, sizes, dy], dw, within=within, **keywords)

    volume((2, 3, 5, 4, 2), (2, 3, 3, 2, 3), (1, 1, 1), "SAME")
    volume((1, 5, 4, 5, 2), (3, 1, 2, 2, 2), (2, 1, 3), "VALID")
    volume((1, 5, 4, 5, 2), (1, 2, 2, 2, 2), (3, 3, 3), "SAME")
    volume((1, 3, 3, 3, 1), (2, 2, 2, 1, 2), (1, 2, 1), "SAME", dtype=np.float64)
