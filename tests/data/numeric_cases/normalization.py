"""Softmax, cross entropies, batch and local response normalisation."""

# ruff: noqa: B023, E731
# Each lambda runs before its loop moves on; and the Python of TensorFlow 1 has no strict zip.

from __future__ import annotations

import numpy as np

NAN, INF = np.nan, np.inf


def cases(tf, record):
    rng = np.random.RandomState(3)
    raw = tf.raw_ops

    def array(*shape, dtype=np.float32, scale=1):
        return (scale * rng.standard_normal(shape)).astype(dtype)

    odd = np.array(
        [[INF, 1], [-INF, 1], [-INF, -INF], [NAN, 1], [1000, -1000], [0.0, -0.0]], np.float32
    )
    inputs = [
        array(3, 5),
        array(2, 3, 4),
        array(7),
        array(2, 0),
        array(0, 3),
        array(3, 1),
        odd,
        array(3, 50, scale=30),
    ]
    for x in [*inputs, array(3, 5, dtype=np.float64), array(3, 5, dtype=np.float16)]:
        record("softmax.softmax", [x], raw.Softmax(logits=tf.constant(x)))
        record("softmax.log_softmax", [x], raw.LogSoftmax(logits=tf.constant(x)))

    odd = np.array([[1, -INF, 2], [INF, 1, 1], [-INF] * 3, [NAN, 1, 1]], np.float32)
    hot = np.array([[1, 0, 0], [0, 1, 0], [0.5, 0.5, 0], [0, 0, 1]], np.float32)
    pairs = [
        (array(4, 3), hot),
        (odd, hot),
        (array(1, 3), hot),
        (array(4, 3), hot[:1]),
        (array(4, 1), hot[:1]),
    ]
    pairs += [
        (array(4, 3), hot[0]),
        (array(4, 0), array(4, 0)),
        (array(0, 3), array(0, 3)),
        (array(2, 3), hot),
    ]
    pairs += [
        (array(4, 3, dtype=np.float64), hot.astype(np.float64)),
        (hot.astype(np.float16), hot.astype(np.float16)),
    ]
    for x, p in pairs:
        hidden = tf.compat.v1.placeholder_with_default(x, [None, None])
        loss = lambda: raw.SoftmaxCrossEntropyWithLogits(features=hidden, labels=tf.constant(p))
        record("softmax.softmax_cross_entropy", [x, p], loss)
    for x, labels in [
        (array(4, 3), [0, 2, 1, 1]),
        (odd, [0, 1, 1, 2]),
        (array(4, 3), [0, 3, 1, 2]),
        (array(4, 3), [0, -1, 1, 2]),
        (array(4, 3), [0, 1, 2]),
        (array(0, 3), []),
        (array(2, 0), [0, 0]),
        (array(4, 3, dtype=np.float64), [0, 2, 1, 1]),
        (array(4, 3, dtype=np.float16), [0, 2, 1, 1]),
    ]:
        labels = np.array(labels, np.int64 if x.dtype == np.float64 else np.int32)
        hidden = tf.compat.v1.placeholder_with_default(x, None)
        loss = lambda: raw.SparseSoftmaxCrossEntropyWithLogits(
            features=hidden, labels=tf.constant(labels)
        )
        record("softmax.sparse_softmax_cross_entropy", [x, labels], loss)

    for shape, dtype in [
        ((2, 3, 4, 3), "f4"),
        ((1, 1, 1, 2), "f4"),
        ((0, 2, 2, 2), "f4"),
        ((3, 2, 1, 4), "f2"),
    ]:
        x, dy = array(*shape, dtype=dtype), array(*shape, dtype=dtype)
        scale, offset, mean = (array(shape[-1]) for _ in range(3))
        variance, empty = np.abs(array(shape[-1])), array(0)
        for training in (True, False):
            m, v = (empty, empty) if training else (mean, variance)
            keywords = {"epsilon": 0.01, "is_training": training}
            out = raw.FusedBatchNormV3(
                x=tf.constant(x), scale=scale, offset=offset, mean=m, variance=v, **keywords
            )
            # Without training TensorFlow leaves the statistics it gives back as it found the memory.
            record(
                "batch_norm.fused_batch_norm",
                [x, scale, offset, m, v],
                out[: 5 if training else 1],
                8,
                **keywords,
            )
            saved = record.session.run(out[3:5]) if training else (m, v)
            saved = [np.nan_to_num(s) for s in saved]
            grads = raw.FusedBatchNormGradV3(
                y_backprop=tf.constant(dy),
                x=tf.constant(x),
                scale=scale,
                reserve_space_1=saved[0],
                reserve_space_2=saved[1],
                reserve_space_3=empty,
                **keywords,
            )
            record(
                "batch_norm.fused_batch_norm_grad",
                [dy, x, scale, *saved],
                grads[:3],
                16,
                **keywords,
            )
    x = array(1, 2, 2, 2)
    v = array(2)
    out = lambda: raw.FusedBatchNormV3(
        x=tf.constant(x), scale=v, offset=v, mean=v, variance=v, is_training=True
    )
    record("batch_norm.fused_batch_norm", [x, v, v, v, v], out, is_training=True)

    for shape, keywords in [
        ((1, 2, 3, 7), {"depth_radius": 2, "bias": 1.0, "alpha": 0.5, "beta": 0.75}),
        ((2, 2, 1, 3), {"depth_radius": 5, "bias": 2.0, "alpha": 1.0, "beta": 0.5}),
        ((1, 1, 2, 4), {"depth_radius": 0, "bias": 0.5, "alpha": 1.0, "beta": 1.0}),
        ((0, 2, 2, 3), {"depth_radius": 1, "bias": 1.0, "alpha": 1.0, "beta": 0.5}),
    ]:
        x = array(*shape)
        y = record.session.run(raw.LRN(input=x, **keywords))
        dy = array(*shape)
        record("local_response.lrn", [x], raw.LRN(input=x, **keywords), 8, **keywords)
        if x.size:
            dx = raw.LRNGrad(input_grads=dy, input_image=x, output_image=y, **keywords)
            record("local_response.lrn_grad", [dy, x, y], dx, 16, **keywords)
