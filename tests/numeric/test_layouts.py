"""The same results with channels first as with channels last, and for empty and scalar operands."""

from __future__ import annotations

import numpy as np
import pytest

from graphflow.numeric import batch_norm, max_pool_gradients, pooling, spaces

RNG = np.random.default_rng(3)


def first(a):
    return np.moveaxis(a, -1, 1)


@pytest.mark.parametrize("training", [True, False])
def test_batch_norm(training):
    x, dy = RNG.normal(size=(2, 3, 4, 5, 2)).astype(np.float32)[0], None
    dy = RNG.normal(size=x.shape).astype(np.float32)
    scale, offset, mean = RNG.normal(size=(3, 2)).astype(np.float32)
    variance = np.array([0.5, 2], np.float32)
    fixed = (mean[:0], mean[:0]) if training else (mean, variance)
    last = batch_norm.fused_batch_norm(x, scale, offset, *fixed, is_training=training)
    other = batch_norm.fused_batch_norm(
        first(x), scale, offset, *fixed, data_format="NCHW", is_training=training
    )
    np.testing.assert_allclose(other[0], first(last[0]), 1e-5, 1e-6)
    for one, two in zip(last[1:], other[1:], strict=True):
        np.testing.assert_allclose(one, two, 1e-5)
    saved = last[3:]
    last = batch_norm.fused_batch_norm_grad(dy, x, scale, *saved, is_training=training)
    other = batch_norm.fused_batch_norm_grad(
        first(dy), first(x), scale, *saved, data_format="NCHW", is_training=training
    )
    np.testing.assert_allclose(other[0], first(last[0]), 1e-5, 1e-6)
    for one, two in zip(last[1:], other[1:], strict=True):
        np.testing.assert_allclose(one, two, 1e-5, 1e-5)


@pytest.mark.parametrize("padding", ["SAME", "VALID"])
def test_pooling(padding):
    x = RNG.integers(-3, 4, (2, 5, 6, 3)).astype(np.float32)
    window, turned = ([1, 3, 2, 1], [1, 2, 2, 1]), ([1, 1, 3, 2], [1, 1, 2, 2])
    y = pooling.max_pool(x, *window, padding)
    np.testing.assert_array_equal(pooling.max_pool(first(x), *turned, padding), first(y))
    mean = pooling.avg_pool(x, *window, padding)
    np.testing.assert_array_equal(pooling.avg_pool(first(x), *turned, padding), first(mean))
    dy = RNG.normal(size=y.shape).astype(np.float32)
    one = max_pool_gradients.max_pool_grad(x, y, dy, *window, padding)
    two = max_pool_gradients.max_pool_grad(first(x), first(y), first(dy), *turned, padding)
    np.testing.assert_array_equal(two, first(one))
    one = pooling.avg_pool_grad(x.shape, dy, *window, padding)
    two = pooling.avg_pool_grad(first(x).shape, first(dy), *turned, padding)
    np.testing.assert_array_equal(two, first(one))


def test_space_and_depth():
    x = RNG.integers(0, 99, (2, 4, 6, 3))
    deep = spaces.space_to_depth(x, 2)
    np.testing.assert_array_equal(spaces.space_to_depth(first(x), 2, "NCHW"), first(deep))
    np.testing.assert_array_equal(spaces.depth_to_space(first(deep), 2, "NCHW"), first(x))
    np.testing.assert_array_equal(spaces.depth_to_space(deep, 2), x)


def test_space_and_batch_are_inverse():
    x = RNG.integers(0, 99, (2, 5, 4, 3))
    pads = [[1, 0], [2, 2]]
    there = spaces.space_to_batch_nd(x, [3, 2], pads)
    assert there.shape == (12, 2, 4, 3)
    np.testing.assert_array_equal(spaces.batch_to_space_nd(there, [3, 2], pads), x)


def test_windows_of_nothing_but_infinity_or_nan():
    for row, want in (
        ([-np.inf] * 4, -np.inf),
        ([np.nan] * 4, -np.inf),
        ([np.nan, 1, 2, np.nan], 2),
    ):
        x = np.array(row, np.float32).reshape(1, 2, 2, 1)
        assert pooling.max_pool(x, [1, 2, 2, 1], [1, 2, 2, 1], "VALID").item() == want


@pytest.mark.parametrize(
    ("ksize", "strides"),
    [([2, 1, 1, 1], [1, 1, 1, 1]), ([1, 2, 2], [1, 1, 1, 1]), ([1, 0, 1, 1], [1] * 4)],
)
def test_bad_windows_are_refused(ksize, strides):
    with pytest.raises(ValueError, match=r"batch|entries|> 0"):
        pooling.max_pool(np.ones((1, 2, 2, 1)), ksize, strides, "SAME")
