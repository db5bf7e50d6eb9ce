"""Gradients in float64 against finite differences of what they are gradients of."""

from __future__ import annotations

import numpy as np
import pytest

from graphflow.numeric import (
    batch_norm,
    crops,
    dilation,
    gathering,
    local_response,
    max_pool_gradients,
    padding,
    pooling,
    resize,
    resize_gradients,
    scattering,
    slicing,
    softmax,
    sparse_segments,
    special,
)

RNG = np.random.default_rng(1)


def slope(f, x, step=1e-6):
    """df / dx of a scalar function, by central differences in every element."""
    out = np.empty_like(x)
    for i in np.ndindex(x.shape):
        ends = []
        for sign in (1, -1):
            moved = x.copy()
            moved[i] += sign * step
            ends.append(f(moved))
        out[i] = (ends[0] - ends[1]) / (2 * step)
    return out


def check(f, x, gradient, tolerance=1e-6, step=1e-6):
    """`gradient(dy)` is the gradient of <f(x), dy> for a random dy."""
    dy = RNG.normal(size=np.shape(f(x)))
    np.testing.assert_allclose(
        gradient(dy), slope(lambda v: (f(v) * dy).sum(), x, step), tolerance, tolerance
    )


POOLS = [
    ((2, 5, 4, 2), [1, 3, 2, 1], [1, 2, 1, 1], "SAME"),
    ((2, 5, 4, 2), [1, 2, 2, 1], [1, 3, 2, 1], "VALID"),
    ((1, 2, 5, 4), [1, 1, 3, 2], [1, 1, 2, 1], "SAME"),
    ((1, 3, 4, 3, 2), [1, 2, 3, 2, 1], [1, 1, 2, 1, 1], "SAME"),
]


@pytest.mark.parametrize(("shape", "ksize", "strides", "pad"), POOLS)
def test_pooling(shape, ksize, strides, pad):
    window = (ksize, strides, pad)
    x = RNG.permutation(np.prod(shape)).reshape(shape) / 7.0
    y = pooling.max_pool(x, *window)
    check(
        lambda v: pooling.max_pool(v, *window),
        x,
        lambda dy: max_pool_gradients.max_pool_grad(x, y, dy, *window),
    )
    check(
        lambda v: pooling.avg_pool(v, *window),
        x,
        lambda dy: pooling.avg_pool_grad(shape, dy, *window),
    )
    # The second gradient is the first one's transpose.
    dy, ddx = RNG.normal(size=y.shape), RNG.normal(size=shape)
    first = max_pool_gradients.max_pool_grad(x, y, dy, *window)
    second = max_pool_gradients.max_pool_grad_grad(x, y, ddx, *window)
    np.testing.assert_allclose((first * ddx).sum(), (second * dy).sum())
    if len(shape) == 4:
        for include in (False, True):
            _, argmax = max_pool_gradients.max_pool_with_argmax(
                x, *window, include_batch_in_index=include
            )
            again = max_pool_gradients.max_pool_grad_with_argmax(x, dy, argmax, include)
            np.testing.assert_allclose(again, first)
            again = max_pool_gradients.max_pool_grad_grad_with_argmax(x, ddx, argmax, include)
            np.testing.assert_array_equal(again, second)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("layout", ["NHWC", "NCHW"])
def test_batch_norm(layout, training):
    x = RNG.normal(size=(2, 3, 2, 3))
    depth = x.shape[layout.index("C")]
    scale, offset, mean = RNG.normal(size=(3, depth))
    variance = RNG.uniform(0.5, 2, depth)
    fixed = (np.zeros(0), np.zeros(0)) if training else (mean, variance)
    keywords = {"epsilon": 0.1, "data_format": layout, "is_training": training}

    def forward(v, s, o):
        return batch_norm.fused_batch_norm(v, s, o, *fixed, **keywords)

    saved = forward(x, scale, offset)[3:]

    def gradient(dy, which):
        return batch_norm.fused_batch_norm_grad(dy, x, scale, *saved, **keywords)[which]

    check(lambda v: forward(v, scale, offset)[0], x, lambda dy: gradient(dy, 0))
    check(lambda v: forward(x, v, offset)[0], scale, lambda dy: gradient(dy, 1))
    check(lambda v: forward(x, scale, v)[0], offset, lambda dy: gradient(dy, 2))


def test_local_response():
    x = RNG.normal(size=(1, 2, 1, 6))
    keywords = {"depth_radius": 2, "bias": 0.7, "alpha": 0.3, "beta": 0.6}
    y = local_response.lrn(x, **keywords)
    check(
        lambda v: local_response.lrn(v, **keywords),
        x,
        lambda dy: local_response.lrn_grad(dy, x, y, **keywords),
    )


def test_cross_entropies():
    x, p = RNG.normal(size=(4, 5)), RNG.dirichlet(np.ones(5), 4)
    labels = np.array([0, 4, 2, 2])
    check(
        lambda v: softmax.softmax_cross_entropy(v, p)[0],
        x,
        lambda dy: dy[:, None] * softmax.softmax_cross_entropy(x, p)[1],
    )
    check(
        lambda v: softmax.sparse_softmax_cross_entropy(v, labels)[0],
        x,
        lambda dy: dy[:, None] * softmax.sparse_softmax_cross_entropy(x, labels)[1],
    )


def transposed(forward, backward, x, like):
    """<forward(x), dy> = <x, backward(dy)>: both are one linear map and its transpose."""
    y = forward(x)
    dy = RNG.normal(size=y.shape).astype(like)
    np.testing.assert_allclose(
        (y.astype(np.float64) * dy).sum(), (x * backward(dy)).astype(np.float64).sum(), 1e-4
    )


@pytest.mark.parametrize(("corners", "half"), [(False, False), (True, False), (False, True)])
@pytest.mark.parametrize("sizes", [((4, 5), (7, 3)), ((6, 3), (2, 9)), ((1, 1), (3, 3))])
def test_resizing(sizes, corners, half):
    source, target = sizes
    x = RNG.normal(size=(2, *source, 3)).astype(np.float32)
    transposed(
        lambda v: resize.resize_bilinear(v, target, corners, half),
        lambda dy: resize_gradients.resize_bilinear_grad(dy, x, corners, half),
        x,
        np.float32,
    )
    transposed(
        lambda v: resize.resize_bicubic(v, target, corners, half),
        lambda dy: resize_gradients.resize_bicubic_grad(dy, x, corners, half),
        x,
        np.float32,
    )
    transposed(
        lambda v: resize.resize_nearest_neighbor(v, target, corners, half),
        lambda dy: resize_gradients.resize_nearest_neighbor_grad(dy, source, corners, half),
        x,
        np.float32,
    )


def test_crops():
    image = RNG.normal(size=(2, 6, 7, 2)).astype(np.float32)
    boxes = np.array([[0.1, 0.2, 0.83, 0.77], [0.9, 0.15, 0.23, 1.4]], np.float32)
    index = np.array([1, 0])
    for size in ((3, 4), (1, 1)):
        for method in ("bilinear", "nearest"):
            transposed(
                lambda v, size=size, method=method: crops.crop_and_resize(
                    v, boxes, index, size, method
                ),
                lambda dy, method=method: crops.crop_and_resize_grad_image(
                    dy, boxes, index, image.shape, np.float32, method
                ),
                image,
                np.float32,
            )
        check(
            lambda v, size=size: crops.crop_and_resize(image, v, index, size).astype(np.float64),
            boxes,
            lambda dy: crops.crop_and_resize_grad_boxes(dy, image, boxes, index),
            tolerance=0.05,
            step=1e-3,
        )


def test_dilation():
    window = ([1, 2, 1, 1], [1, 1, 2, 1], "SAME")
    x, w = RNG.normal(size=(2, 5, 6, 2)), RNG.normal(size=(2, 3, 2))
    check(
        lambda v: dilation.dilation2d(v, w, *window),
        x,
        lambda dy: dilation.dilation2d_backprop_input(x, w, dy, *window),
    )
    check(
        lambda v: dilation.dilation2d(x, v, *window),
        w,
        lambda dy: dilation.dilation2d_backprop_filter(x, w, dy, *window),
    )


@pytest.mark.parametrize("mode", ["REFLECT", "SYMMETRIC"])
def test_mirror_pad(mode):
    x, pads = RNG.normal(size=(3, 4, 2)), [[2, 1], [0, 3], [1, 1]]
    check(
        lambda v: padding.mirror_pad(v, pads, mode),
        x,
        lambda dy: padding.mirror_pad_grad(dy, pads, mode),
    )


@pytest.mark.parametrize("how", ["sum", "mean", "sqrt_n"])
def test_sparse_segments(how):
    x, indices, ids = RNG.normal(size=(5, 2)), np.array([4, 0, 0, 3]), np.array([0, 0, 2, 2])
    check(
        lambda v: getattr(sparse_segments, f"sparse_segment_{how}")(v, indices, ids),
        x,
        lambda dy: getattr(sparse_segments, f"sparse_segment_{how}_grad")(dy, indices, ids, 5),
    )


def test_slices_and_gathers():
    x, spec = RNG.normal(size=(4, 5)), ([3, 1], [0, 5], [-1, 3])
    check(
        lambda v: slicing.strided_slice(v, *spec),
        x,
        lambda dy: slicing.strided_slice_grad(x.shape, *spec, dy),
    )
    places = np.array([[1, 2], [3, 0], [1, 2]])
    check(
        lambda v: gathering.gather_nd(v, places),
        x,
        lambda dy: scattering.scatter_nd(places, dy, x.shape),
    )


def test_incomplete_gamma():
    a, x = RNG.uniform(0.1, 400, 40), RNG.uniform(0.1, 400, 40)
    x[::2] = a[::2] * RNG.uniform(0.7, 1.3, 20)
    want = slope(lambda v: special.igamma(v, x).sum(), a, 1e-5)
    np.testing.assert_allclose(special.igamma_grad_a(a, x), want, 1e-6, 1e-9)
