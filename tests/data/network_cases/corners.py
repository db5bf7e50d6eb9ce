"""Empty batches, NaN, infinities and numbers too small to be normal."""

from __future__ import annotations

import numpy as np

CASES = {}


def _case(build):
    CASES[build.__name__] = build
    return build


def Z(*s, dtype=np.float32):
    return np.zeros(s, dtype)


@_case
def conv0(tf):
    x = tf.constant(Z(0, 5, 5, 3))
    w = tf.constant(np.ones((3, 3, 3, 2), np.float32))
    y = tf.nn.conv2d(x, w, 1, "SAME")
    return [y, *tf.gradients(y, [x, w])]


@_case
def pool0(tf):
    x = tf.constant(Z(0, 5, 5, 3))
    y = tf.nn.max_pool(x, 2, 2, "SAME")
    z = tf.nn.avg_pool(x, 2, 2, "VALID")
    return [y, z, *tf.gradients([y, z], x)]


@_case
def soft0(tf):
    x = tf.constant(Z(0, 3))
    y = tf.nn.softmax(x)
    z = tf.nn.log_softmax(x)
    c = tf.nn.softmax_cross_entropy_with_logits_v2(labels=x, logits=x)
    d = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=Z(0, dtype=np.int32), logits=x)
    return [y, z, c, d, *tf.gradients([y, z, c, d], x)]


@_case
def bias0(tf):
    x = tf.constant(Z(0, 3))
    y = tf.nn.bias_add(x, [1.0, 2, 3])
    b = tf.raw_ops.BiasAddGrad(out_backprop=x)
    return [y, b]


@_case
def bn0(tf):
    x = tf.constant(Z(0, 2, 2, 3))
    return list(tf.nn.fused_batch_norm(x, [1.0, 2, 3], [1.0, 2, 3]))


@_case
def act0(tf):
    return [
        getattr(tf.nn, n)(tf.constant(Z(0, 3)))
        for n in [
            "relu",
            "relu6",
            "elu",
            "selu",
            "leaky_relu",
            "softplus",
            "softsign",
            "crelu",
            "swish",
        ]
    ]


@_case
def l20(tf):
    return [tf.nn.l2_loss(Z(0)), tf.nn.l2_normalize(tf.constant(Z(0, 3)), 1)]


@_case
def mom0(tf):
    return list(tf.nn.moments(tf.constant(Z(0, 3)), [0]))


@_case
def resize0(tf):
    return tf.image.resize_images(tf.constant(Z(0, 4, 4, 3)), [2, 2])


@_case
def emb0(tf):
    return tf.nn.embedding_lookup(Z(4, 3), Z(0, dtype=np.int32))


@_case
def topk0(tf):
    return list(tf.nn.top_k(tf.constant(Z(0, 3)), 2))


@_case
def depth0(tf):
    x = tf.constant(Z(0, 5, 5, 3))
    return tf.nn.depthwise_conv2d(x, tf.constant(Z(3, 3, 3, 2)), [1, 1, 1, 1], "SAME")


@_case
def tr0(tf):
    return tf.nn.conv2d_transpose(
        tf.constant(Z(0, 5, 5, 3)), tf.constant(Z(3, 3, 2, 3)), [0, 10, 10, 2], 2
    )


@_case
def filt0(tf):
    return tf.nn.conv2d(tf.constant(Z(2, 5, 5, 3)), tf.constant(Z(3, 3, 3, 0)), 1, "SAME")


@_case
def crop0(tf):
    return tf.image.crop_and_resize(
        tf.constant(Z(2, 5, 5, 3)), Z(0, 4), Z(0, dtype=np.int32), [2, 2]
    )


@_case
def nms0(tf):
    return tf.image.non_max_suppression(tf.constant(Z(0, 4)), tf.constant(Z(0)), 3)


@_case
def drop0(tf):
    return tf.nn.dropout(tf.constant(Z(0, 3)), 0.5)


NAN = np.array(
    [[np.nan, 1, -np.inf, np.inf], [0.0, -0.0, 1e-40, -1e-40], [3e38, -3e38, 1e30, 1]], np.float32
)


@_case
def nans(tf):
    x = tf.constant(NAN)
    return [
        tf.nn.softmax(x),
        tf.nn.log_softmax(x),
        tf.nn.sigmoid_cross_entropy_with_logits(labels=tf.zeros([3, 4]), logits=x),
        tf.nn.l2_loss(x),
        tf.nn.bias_add(x, [1.0, 2, 3, 4]),
    ]


@_case
def nanconv(tf):
    x = tf.constant(NAN.reshape(1, 3, 4, 1))
    return [
        tf.nn.conv2d(x, tf.ones([2, 2, 1, 1]), 1, "SAME"),
        tf.nn.max_pool(x, 2, 1, "SAME"),
        tf.nn.avg_pool(x, 2, 1, "SAME"),
    ]
