"""Gradients of network ops in float64 against differences of values, first and second order."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphflow as tf

RNG = np.random.default_rng(11)


def _array(*shape: int) -> Any:
    return RNG.standard_normal(shape)


def _apart(*shape: int) -> Any:
    """Numbers of which no two are so near that a small step changes their order."""
    count = int(np.prod(shape))
    return (RNG.permutation(count).reshape(shape) - count / 2 + 0.3) * 0.1


IMAGE, PLANES, ROWS = _array(2, 5, 6, 3), _array(2, 3, 5, 6), _array(2, 7, 3)
VOLUME, SPREAD, DEEP = _array(1, 3, 4, 5, 2), _apart(2, 5, 6, 2), _apart(1, 3, 4, 5, 2)
KERNEL, THIN, SOLID = _array(3, 2, 3, 4), _array(3, 2, 3, 2), _array(2, 3, 2, 2, 3)
LOGITS, LABELS = _array(4, 5), RNG.dirichlet(np.ones(5), 4)

Case = tuple[Callable[..., Any], list[Any]]


def _conv(**k: Any) -> Callable[..., Any]:
    return lambda x, w: tf.nn.conv2d(x, w, **k)


def _depthwise(**k: Any) -> Callable[..., Any]:
    return lambda x, w: tf.nn.depthwise_conv2d_native(x, w, **k)


ONES = [1, 1, 1, 1]
EXPLICIT = [[0, 0], [2, 1], [0, 3], [0, 0]]
CASES: dict[str, Case] = {
    "relu": (tf.nn.relu, [SPREAD]),
    "relu6": (lambda x: tf.nn.relu6(x * 4), [SPREAD]),
    "elu": (tf.nn.elu, [SPREAD]),
    "selu": (tf.nn.selu, [SPREAD]),
    "leaky relu": (tf.nn.leaky_relu, [SPREAD]),
    "crelu": (tf.nn.crelu, [SPREAD]),
    "softplus": (tf.nn.softplus, [LOGITS]),
    "swish": (tf.nn.swish, [LOGITS]),
    "bias": (tf.nn.bias_add, [IMAGE, _array(3)]),
    "bias of planes": (lambda x, b: tf.nn.bias_add(x, b, "NCHW"), [PLANES, _array(3)]),
    "softmax": (tf.nn.softmax, [LOGITS]),
    "softmax along the first axis": (lambda x: tf.nn.softmax(x, axis=0), [LOGITS]),
    "log softmax": (tf.nn.log_softmax, [LOGITS]),
    "cross entropy": (
        lambda x: tf.nn.softmax_cross_entropy_with_logits_v2(labels=LABELS, logits=x),
        [LOGITS],
    ),
    "logistic loss": (
        lambda p, x: tf.nn.sigmoid_cross_entropy_with_logits(labels=p, logits=x),
        [LABELS, LOGITS],
    ),
    "l2 loss": (tf.nn.l2_loss, [LOGITS]),
    "l2 normalize": (lambda x: tf.nn.l2_normalize(x, 1), [LOGITS]),
    "conv2d, same": (_conv(strides=1, padding="SAME"), [IMAGE, KERNEL]),
    "conv2d, strides": (_conv(strides=[2, 3], padding="VALID"), [IMAGE, KERNEL]),
    "conv2d, dilated": (_conv(strides=1, padding="SAME", dilations=[1, 2]), [IMAGE, KERNEL]),
    "conv2d, explicit": (_conv(strides=2, padding=EXPLICIT), [IMAGE, KERNEL]),
    "conv2d, planes": (
        _conv(strides=2, padding="SAME", data_format="NCHW"),
        [PLANES, KERNEL],
    ),
    "conv2d, dilated planes": (
        _conv(strides=1, padding="VALID", data_format="NCHW", dilations=[2, 3]),
        [PLANES, KERNEL],
    ),
    "conv1d": (lambda x, w: tf.nn.conv1d(x, w, 2, "SAME"), [ROWS, _array(3, 3, 4)]),
    "conv3d": (
        lambda x, w: tf.nn.conv3d(x, w, [1, 1, 2, 1, 1], "SAME"),
        [VOLUME, SOLID],
    ),
    "conv2d transposed": (
        lambda x, w: tf.nn.conv2d_transpose(x, w, [2, 10, 12, 2], 2),
        [IMAGE, _array(3, 3, 2, 3)],
    ),
    "depthwise": (_depthwise(strides=ONES, padding="SAME"), [IMAGE, THIN]),
    "depthwise, planes": (
        _depthwise(strides=[1, 1, 2, 2], padding="VALID", data_format="NCHW"),
        [PLANES, THIN],
    ),
    "depthwise, dilated": (
        _depthwise(strides=ONES, padding="VALID", dilations=[1, 2, 2, 1]),
        [IMAGE, THIN],
    ),
    "separable": (
        lambda x, d, p: tf.nn.separable_conv2d(x, d, p, ONES, "SAME", rate=[2, 1]),
        [IMAGE, THIN, _array(1, 1, 6, 2)],
    ),
    "atrous": (lambda x, w: tf.nn.atrous_conv2d(x, w, 2, "SAME"), [IMAGE, KERNEL]),
    "max pool": (lambda x: tf.nn.max_pool(x, 3, 2, "SAME"), [SPREAD]),
    "max pool, planes": (
        lambda x: tf.nn.max_pool(x, 2, 2, "VALID", data_format="NCHW"),
        [_apart(1, 2, 5, 4)],
    ),
    "avg pool": (lambda x: tf.nn.avg_pool(x, [3, 2], [2, 1], "SAME"), [IMAGE]),
    "avg pool, planes": (
        lambda x: tf.nn.avg_pool(x, 2, 2, "SAME", data_format="NCHW"),
        [PLANES],
    ),
    "avg pool of volumes": (lambda x: tf.nn.avg_pool3d(x, 2, 2, "SAME"), [VOLUME]),
}
#: TensorFlow differentiates these once: their gradients have none, or stop at what is constant to first order
ONCE: dict[str, Case] = {
    "moments": (lambda x: tf.stack(tf.nn.moments(x, [0, 2])), [ROWS]),
    "batch normalization": (
        lambda x, s, o: tf.nn.batch_normalization(x, *tf.nn.moments(x, [0]), o, s, 0.1),
        [LOGITS, _array(5), _array(5)],
    ),
    "cross entropy of both": (
        tf.nn.softmax_cross_entropy_with_logits_v2,
        [LABELS, LOGITS],
    ),
    "dilation": (
        lambda x, w: tf.nn.dilation2d(x, w, ONES, [1, 2, 1, 1], "SAME"),
        [_apart(1, 5, 6, 2), _apart(3, 2, 2) * np.sqrt(2)],
    ),
    "softsign": (tf.nn.softsign, [LOGITS]),
    "argmax pool": (lambda x: tf.nn.max_pool_with_argmax(x, ONES, ONES, "SAME")[0], [SPREAD]),
}


def _weighted(y: Any) -> Any:
    """A scalar of which each element of y is a part of its own."""
    weights = np.cos(np.arange(int(np.prod(y.shape.as_list()))) + 0.5)
    return tf.reduce_sum(y * weights.reshape(y.shape.as_list()))


def _assert_slope(
    session: Any, total: Any, slopes: Any, inputs: list[Any], values: list[Any]
) -> None:
    """The slopes along a random direction are the difference of values along it."""
    directions = [np.random.default_rng(i).standard_normal(v.shape) for i, v in enumerate(values)]
    found = session.run(slopes, dict(zip(inputs, values, strict=True)))
    along = sum(float((g * d).sum()) for g, d in zip(found, directions, strict=True))
    step, ends = 1e-6, []
    for sign in (1, -1):
        moved = [v + sign * step * d for v, d in zip(values, directions, strict=True)]
        ends.append(float(session.run(total, dict(zip(inputs, moved, strict=True)))))
    difference = (ends[0] - ends[1]) / (2 * step)
    assert along == pytest.approx(difference, rel=1e-5, abs=1e-6)


def _check(function: Callable[..., Any], values: list[Any], orders: int) -> None:
    inputs = [tf.placeholder(tf.float64, v.shape) for v in values]
    total = _weighted(function(*inputs))
    with tf.Session() as session:
        for _ in range(orders):
            slopes = tf.gradients(total, inputs)
            kept = [(x, g) for x, g in zip(inputs, slopes, strict=True) if g is not None]
            if not kept:
                return
            zeros = [
                np.zeros(v.shape) if g is None else g for v, g in zip(values, slopes, strict=True)
            ]
            filled = [tf.convert_to_tensor(z) for z in zeros]
            _assert_slope(session, total, filled, inputs, values)
            total = tf.add_n([_weighted(tf.square(g)) for _, g in kept])


@pytest.mark.parametrize("name", CASES)
def test_gradients_to_the_second_order(name: str) -> None:
    _check(*CASES[name], orders=2)


@pytest.mark.parametrize("name", ONCE)
def test_gradients(name: str) -> None:
    _check(*ONCE[name], orders=1)


@pytest.mark.parametrize("training", [True, False])
def test_fused_batch_norm_to_the_second_order(training: bool) -> None:
    """The op is float32 alone: its gradients against those of the same function made of small ops in float64."""
    x, scale, offset = _array(2, 3, 4, 2), _array(2), _array(2)
    mean, variance = _array(2), np.abs(_array(2))
    results = []
    for kind in (tf.float32, tf.float64):
        inputs = [tf.placeholder(kind, v.shape) for v in (x, scale, offset)]
        feed = dict(zip(inputs, (x, scale, offset), strict=True))
        if kind is tf.float32:
            given = () if training else (mean.astype("f"), variance.astype("f"))
            y = tf.nn.fused_batch_norm(*inputs, *given, epsilon=0.01, is_training=training)[0]
        else:
            given = tf.nn.moments(inputs[0], [0, 1, 2]) if training else (mean, variance)
            y = tf.nn.batch_normalization(inputs[0], *given, inputs[2], inputs[1], 0.01)
        first = tf.gradients(tf.reduce_sum(y * y * y), inputs)
        second = tf.gradients([tf.square(g) for g in first], inputs)
        with tf.Session() as session:
            results.append(session.run([*first, *[g for g in second if g is not None]], feed))
    assert len(results[0]) >= 5
    for narrow, wide in zip(*results, strict=False):
        np.testing.assert_allclose(narrow, wide, rtol=1e-3, atol=1e-3 * np.abs(wide).max())
