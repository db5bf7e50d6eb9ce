"""Resizing, crops, boxes and colours, and their gradients."""

from __future__ import annotations

import numpy as np

CASES = {}


def _case(build):
    CASES[build.__name__] = build
    return build


def X(*s, dtype=np.float32, seed=0):
    return np.random.RandomState(seed).rand(*s).astype(dtype)


def _rs(n, size, dt="float32", **k):

    def f(tf):
        x = tf.placeholder(dt, [None, 5, 4, 2])
        y = getattr(tf.raw_ops, n)(images=x, size=size, **k)
        o = [y]
        if n != "ResizeArea" and dt == "float32":
            o += tf.gradients(y * y, x)
        return (o, {x: (X(2, 5, 4, 2) * 50).astype(dt)})

    return f


for n in ("ResizeBilinear", "ResizeBicubic", "ResizeNearestNeighbor", "ResizeArea"):
    CASES[n + "_up"] = _rs(n, [9, 7])
    CASES[n + "_down"] = _rs(n, [2, 3])
    CASES[n + "_u8"] = _rs(n, [7, 3], dt="uint8")
    CASES[n + "_f64"] = _rs(n, [7, 3], dt="float64")
    CASES[n + "_ac"] = _rs(n, [7, 9], align_corners=True)
    if n != "ResizeArea":
        CASES[n + "_hp"] = _rs(n, [7, 9], half_pixel_centers=True)


@_case
def nn_unknown(tf):
    x = tf.placeholder(tf.float32)
    s = tf.placeholder(tf.int32)
    y = tf.raw_ops.ResizeNearestNeighbor(images=x, size=s)
    return ([y, *tf.gradients(y, x)], {x: X(1, 3, 3, 1), s: [5, 5]})


@_case
def rank3(tf):
    return tf.raw_ops.ResizeBilinear(images=tf.placeholder(tf.float32, [4, 4, 3]), size=[8, 8])


@_case
def size3(tf):
    return tf.raw_ops.ResizeBilinear(
        images=tf.placeholder(tf.float32, [1, 4, 4, 3]), size=[8, 8, 8]
    )


@_case
def zero(tf):
    return tf.raw_ops.ResizeBilinear(images=tf.constant(X(1, 4, 4, 3)), size=[0, 8])


def _car(method, dt="float32"):

    def f(tf):
        x = tf.placeholder(dt, [2, 8, 7, 3])
        b = tf.placeholder(tf.float32, [None, 4])
        i = tf.placeholder(tf.int32, [None])
        y = tf.image.crop_and_resize(x, b, i, [3, 4], method=method, extrapolation_value=0.5)
        return (
            [y]
            + (list(tf.gradients(y * y, [x, b])) if dt != "uint8" else [tf.gradients(y * y, b)[0]]),
            {
                x: (X(2, 8, 7, 3) * 9).astype(dt),
                b: [[0, 0, 1, 1], [0.2, 0.1, 0.7, 0.9], [0.5, 0.5, 1.5, 0.2]],
                i: [0, 1, 1],
            },
        )

    return f


CASES["car_b"] = _car("bilinear")
CASES["car_n"] = _car("nearest")
CASES["car_u8"] = _car("bilinear", "uint8")


@_case
def car_dyn(tf):
    x = tf.placeholder(tf.float32, [2, None, None, 3])
    y = tf.image.crop_and_resize(x, [[0, 0, 1, 1.0]], box_indices=[0], crop_size=[2, 2], name="c")
    return ([y, *tf.gradients(y, x)], {x: X(2, 4, 4, 3)})


@_case
def car_bad(tf):
    return tf.image.crop_and_resize(tf.constant(X(1, 4, 4, 3)), [[0, 0, 1, 1.0]], [5], [2, 2])


@_case
def car_both(tf):
    return tf.image.crop_and_resize(
        tf.constant(X(1, 4, 4, 3)), [[0, 0, 1, 1.0]], [5], [2, 2], box_indices=[1]
    )


B = np.array(
    [
        [0, 0, 1, 1],
        [0, 0.1, 1, 1.1],
        [0, -0.1, 1, 0.9],
        [0, 10, 1, 11],
        [0, 10.1, 1, 11.1],
        [0, 100, 1, 101],
    ],
    np.float32,
)
S = np.array([0.9, 0.75, 0.6, 0.95, 0.5, 0.3], np.float32)


@_case
def nms(tf):
    b = tf.constant(B)
    s = tf.constant(S)
    r = tf.raw_ops
    return [
        r.NonMaxSuppression(boxes=b, scores=s, max_output_size=3),
        r.NonMaxSuppressionV2(boxes=b, scores=s, max_output_size=3, iou_threshold=0.5),
        tf.image.non_max_suppression(b, s, 3),
        tf.image.non_max_suppression(B, S, 3, 0.5, 0.6, name="n"),
        *list(tf.image.non_max_suppression_padded(b, s, 5, 0.5, 0.6, True)),
        *list(tf.image.non_max_suppression_padded(b, s, 5, 0.5, 0.6)),
        *list(tf.image.non_max_suppression_with_scores(b, s, 5, soft_nms_sigma=0.5)),
        tf.image.non_max_suppression_overlaps(np.eye(6, dtype=np.float32), s, 3),
    ]


@_case
def nms_dyn(tf):
    b = tf.placeholder(tf.float32, [None, 4])
    s = tf.placeholder(tf.float32, [None])
    m = tf.placeholder(tf.int32, [])
    return (
        [
            tf.image.non_max_suppression(b, s, m),
            *list(tf.image.non_max_suppression_padded(b, s, m, pad_to_max_output_size=True)),
        ],
        {b: B, s: S, m: 8},
    )


@_case
def hsv(tf):
    x = tf.placeholder(tf.float32, [None, 3])
    y = tf.image.rgb_to_hsv(x)
    return (
        [y, tf.image.hsv_to_rgb(y, name="r"), *tf.gradients(y * [[1.0, 2, 3]], x)],
        {
            x: np.concatenate(
                [X(6, 3), [[0.5, 0.5, 0.5], [0, 0, 0], [1, 0, 0], [0, 1, 1], [0.2, 0.2, 0.7]]]
            )
        },
    )


@_case
def hsv4(tf):
    x = tf.placeholder(tf.float32, [2, 2, 2, 3])
    y = tf.image.rgb_to_hsv(x)
    return ([y, *tf.gradients(y, x)], {x: X(2, 2, 2, 3)})


@_case
def colours(tf):
    x = tf.constant(X(2, 3, 4, 3))
    r = tf.raw_ops
    return [
        r.AdjustContrastv2(images=x, contrast_factor=1.7),
        r.AdjustHue(images=x, delta=0.3),
        r.AdjustSaturation(images=x, scale=1.5),
        r.AdjustHue(images=x, delta=-0.9),
    ]


@_case
def draw(tf):
    bx = [[[0, 0, 1, 1], [0.2, 0.1, 0.7, 0.9]], [[0.5, 0.5, 1.5, 0.6], [-0.5, -0.5, 0.2, 0.2]]]
    return [
        tf.image.draw_bounding_boxes(X(2, 7, 8, 3), bx),
        tf.image.draw_bounding_boxes(X(2, 7, 8, 1), bx, name="d"),
        tf.image.draw_bounding_boxes(X(2, 7, 8, 4), bx, colors=[[0.1, 0.2, 0.3, 0.4]]),
        tf.image.draw_bounding_boxes(
            X(1, 7, 8, 3), [[[0.9, 0.9, 0.1, 0.1], [2.0, 2, 3, 3], [0.3, 0.3, 0.3, 0.3]]]
        ),
    ]
