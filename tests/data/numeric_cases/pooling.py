"""Pooling over odd sizes, ties, NaN, strides beyond the window, depth windows and integers."""

# Each lambda runs before its loop moves on; and the Python of TensorFlow 1 has no strict zip.

from __future__ import annotations

import numpy as np

NAN, INF = np.nan, np.inf


def cases(tf, record):
    rng = np.random.RandomState(2)
    raw = tf.raw_ops

    def array(*shape, dtype=np.float32):
        return rng.randint(-4, 5, shape).astype(dtype)

    def maxima(shape, ksize, strides, padding, dtype=np.float32, x=None):
        x = array(*shape, dtype=dtype) if x is None else x
        keywords = {"ksize": ksize, "strides": strides, "padding": padding}
        five = len(ksize) == 5
        op, grad, second = (
            (raw.MaxPool3D, raw.MaxPool3DGrad, raw.MaxPool3DGradGrad)
            if five
            else (raw.MaxPool, raw.MaxPoolGrad, raw.MaxPoolGradGrad)
        )
        record("pooling.max_pool", [x], op(input=tf.constant(x), **keywords), 0, **keywords)
        if x.dtype.kind != "f" or ksize[-1] != 1:
            return
        y = record.session.run(op(input=tf.constant(x), **keywords))
        dy, ddx = array(*y.shape, dtype=dtype), array(*x.shape, dtype=dtype)
        dx = grad(orig_input=tf.constant(x), orig_output=y, grad=dy, **keywords)
        record("max_pool_gradients.max_pool_grad", [x, y, dy], dx, **keywords)
        ddy = second(orig_input=tf.constant(x), orig_output=y, grad=ddx, **keywords)
        record("max_pool_gradients.max_pool_grad_grad", [x, y, ddx], ddy, 0, **keywords)
        if five or x.size == 0:  # TensorFlow dies of an empty MaxPoolGradWithArgmax
            return
        for include in (False, True):
            pair = raw.MaxPoolWithArgmax(input=x, include_batch_in_index=include, **keywords)
            where = {"include_batch_in_index": include}
            record("max_pool_gradients.max_pool_with_argmax", [x], pair, 0, **where, **keywords)
            argmax = record.session.run(pair)[1]
            dx = raw.MaxPoolGradWithArgmax(input=x, grad=dy, argmax=argmax, **where, **keywords)
            record("max_pool_gradients.max_pool_grad_with_argmax", [x, dy, argmax], dx, **where)

    maxima((2, 5, 7, 3), [1, 3, 3, 1], [1, 2, 2, 1], "SAME")
    maxima((2, 5, 7, 3), [1, 3, 2, 1], [1, 1, 2, 1], "VALID")
    maxima((1, 7, 7, 2), [1, 2, 2, 1], [1, 3, 4, 1], "SAME")
    maxima((1, 7, 7, 2), [1, 2, 2, 1], [1, 3, 4, 1], "VALID")
    maxima((1, 3, 3, 2), [1, 5, 5, 1], [1, 1, 1, 1], "SAME")
    maxima((1, 1, 1, 2), [1, 1, 1, 1], [1, 1, 1, 1], "VALID")
    maxima((2, 4, 3, 2), [1, 2, 2, 1], [1, 2, 2, 1], "SAME", np.float64)
    maxima((2, 4, 3, 2), [1, 2, 2, 1], [1, 1, 2, 1], "SAME", np.float16)
    maxima((0, 5, 5, 2), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    maxima((1, 2, 2, 4), [1, 1, 1, 2], [1, 1, 1, 2], "VALID")
    for dtype in (np.int32, np.int64, np.uint8, np.int16, np.int8, np.uint16):
        maxima(
            (2, 4, 3, 2),
            [1, 2, 2, 1],
            [1, 1, 2, 1],
            "SAME",
            dtype,
            np.abs(array(2, 4, 3, 2, dtype=dtype)),
        )
    maxima((1, 3, 5, 4, 2), [1, 2, 3, 2, 1], [1, 1, 2, 2, 1], "SAME")
    maxima((1, 3, 5, 4, 2), [1, 2, 3, 2, 1], [1, 2, 2, 3, 1], "VALID")
    rows = [
        [1, NAN, 2, 3],
        [NAN, 1, NAN, NAN],
        [1, 1, NAN, 1],
        [2, NAN, 1, NAN],
        [0.0, -0.0, -0.0, 0.0],
    ]
    x = np.array([*rows, [-0.0, 0.0, -1, -2]], np.float32).reshape(6, 2, 2, 1)
    maxima(x.shape, [1, 2, 2, 1], [1, 2, 2, 1], "VALID", x=x)

    def means(shape, ksize, strides, padding, dtype=np.float32, x=None):
        x = array(*shape, dtype=dtype) if x is None else x
        keywords = {"ksize": ksize, "strides": strides, "padding": padding}
        five = len(ksize) == 5
        op, grad = (raw.AvgPool3D, raw.AvgPool3DGrad) if five else (raw.AvgPool, raw.AvgPoolGrad)
        y = op(**{"input" if five else "value": tf.constant(x)}, **keywords)
        record("pooling.avg_pool", [x], y, **keywords)
        if ksize[-1] != 1:
            return
        dy, sizes = array(*record.session.run(y).shape, dtype=dtype), list(x.shape)
        dx = grad(orig_input_shape=sizes, grad=dy, **keywords)
        record("pooling.avg_pool_grad", [sizes, dy], dx, **keywords)

    means((2, 5, 7, 3), [1, 3, 3, 1], [1, 2, 2, 1], "SAME")
    means((2, 5, 7, 3), [1, 3, 2, 1], [1, 1, 2, 1], "VALID")
    means((1, 7, 7, 2), [1, 2, 2, 1], [1, 3, 4, 1], "SAME")
    means((1, 3, 3, 2), [1, 5, 5, 1], [1, 1, 1, 1], "SAME")
    means((2, 4, 3, 2), [1, 2, 2, 1], [1, 2, 2, 1], "SAME", np.float64)
    means((2, 4, 3, 2), [1, 2, 2, 1], [1, 1, 2, 1], "SAME", np.float16)
    means((0, 5, 5, 2), [1, 2, 2, 1], [1, 2, 2, 1], "SAME")
    means((1, 3, 5, 4, 2), [1, 2, 3, 2, 1], [1, 1, 2, 2, 1], "SAME")
    means((1, 3, 5, 4, 2), [1, 2, 3, 2, 1], [1, 2, 2, 3, 1], "VALID")
    x = np.array([[1, NAN, 2, 3], [INF, 1, 2, -INF], [INF, 1, INF, 2]], np.float32).reshape(
        3, 2, 2, 1
    )
    means(x.shape, [1, 2, 2, 1], [1, 2, 2, 1], "VALID", x=x)
