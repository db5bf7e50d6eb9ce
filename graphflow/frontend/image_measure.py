"""tf.image: how images change from pixel to pixel, and how much two of them differ."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphflow.frontend.array_joins import pad
from graphflow.frontend.control_flow import Assert, cond
from graphflow.frontend.image_convert import convert_image_dtype
from graphflow.frontend.nn_depthwise import depthwise_conv2d
from graphflow.frontend.nn_pooling import avg_pool
from graphflow.frontend.nn_softmax import softmax
from graphflow.frontend.reduce import reduce_all, reduce_any, reduce_mean, reduce_prod, reduce_sum
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import float32, int32
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack, unstack
from graphflow.ops.operators import absolute
from graphflow.ops.reduce_idioms import sequence


def total_variation(images: Any, name: str | None = None) -> Tensor:
    """The sum of the absolute differences of neighbouring pixels, of each image."""
    with build.name_scope(name, "total_variation"):
        rank = images.shape.rank
        if rank not in (3, 4):
            raise ValueError("'images' must be either 3 or 4-dimensional.")
        whole, rest = slice(None), slice(1, None)
        ahead = (whole,) * (rank - 3)
        down = images[(*ahead, rest, whole, whole)] - images[(*ahead, slice(-1), whole, whole)]
        across = images[(*ahead, whole, rest, whole)] - images[(*ahead, whole, slice(-1), whole)]
        axes = [1, 2, 3] if rank == 4 else None
        return reduce_sum(absolute(down), axis=axes) + reduce_sum(absolute(across), axis=axes)


def image_gradients(image: Any) -> tuple[Tensor, Tensor]:
    """The differences of neighbouring rows and columns, with zeros at the far edge."""
    if image.shape.rank != 4:
        raise ValueError(
            f"image_gradients expects a 4D tensor [batch_size, h, w, d], not {image.shape}."
        )
    shape = idioms.shape(image)
    batch, height, width, depth = unstack(shape)
    dy = image[:, 1:, :, :] - image[:, :-1, :, :]
    dx = image[:, :, 1:, :] - image[:, :, :-1, :]
    edge = stack([batch, 1, width, depth])
    dy = raw.Reshape(concat([dy, idioms.zeros(edge, image.dtype)], 1), shape)
    edge = stack([batch, height, 1, depth])
    dx = raw.Reshape(concat([dx, idioms.zeros(edge, image.dtype)], 2), shape)
    return dy, dx


_SOBEL = [[[-1, -2, -1], [0, 0, 0], [1, 2, 1]], [[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]]]


def sobel_edges(image: Any) -> Tensor:
    """Smoothed differences of rows and of columns, as a new last axis."""
    known, shape = image.shape, idioms.shape(image)
    kernels = np.transpose(np.asarray(_SOBEL), (1, 2, 0))[:, :, None, :]
    filters = constant(kernels, image.dtype)
    filters = raw.Tile(filters, [1, 1, shape[-1], 1], name="sobel_filters")
    padded = pad(image, [[0, 0], [1, 1], [1, 1], [0, 0]], mode="REFLECT")
    edges = depthwise_conv2d(padded, filters, [1, 1, 1, 1], "VALID")
    y = raw.Reshape(edges, concat([shape, [len(_SOBEL)]], 0))
    y.set_shape(known.concatenate([len(_SOBEL)]))
    return y


def _compatible(first: Tensor, second: Tensor) -> tuple[Tensor, Tensor, list[Any]]:
    """The shapes of two images, and the checks that the last three sizes agree."""
    shapes = [image.shape.with_rank_at_least(3) for image in (first, second)]
    if all(s.known is not None for s in shapes):
        one, two = shapes
        one[-3:].assert_is_compatible_with(two[-3:])
        for p, q in zip(reversed(list(one)[:-3]), reversed(list(two)[:-3]), strict=False):
            if not (p == 1 or q == 1 or p.is_compatible_with(q)):
                raise ValueError(f"Two images are not compatible: {one} and {two}")
    one, two = raw.ShapeN([first, second])
    enough = Assert(raw.GreaterEqual(idioms.size(one), 3), [one, two], summarize=10)
    same = Assert(reduce_all(raw.Equal(one[-3:], two[-3:])), [one, two], summarize=10)
    return one, two, [enough, same]


def psnr(a: Any, b: Any, max_val: Any, name: str | None = None) -> Tensor:
    """The ratio of the greatest value to the mean squared difference, in decibels."""
    with build.name_scope(name, "PSNR", [a, b]):
        top = convert_image_dtype(idioms.cast(max_val, a.dtype), float32)
        a, b = convert_image_dtype(a, float32), convert_image_dtype(b, float32)
        error = reduce_mean(raw.SquaredDifference(a, b), [-3, -2, -1])
        ratio = raw.Sub(
            20 * raw.Log(top) / raw.Log(10.0),
            np.float32(10 / np.log(10)) * raw.Log(error),
            name="psnr",
        )
        _, _, checks = _compatible(a, b)
        with build.current_graph().control_dependencies(checks):
            return raw.Identity(ratio)


def _gaussian(size: Any, sigma: Any) -> Tensor:
    """A square filter of weights that fall off as a Gaussian does, and add up to 1."""
    size, sigma = convert(size, dtype=int32), convert(sigma)
    places = idioms.cast(sequence(size), sigma.dtype)
    places = places - idioms.cast(size - 1, sigma.dtype) / 2.0
    weights = raw.Square(places)
    weights = weights * (-0.5 / raw.Square(sigma))
    square = raw.Reshape(weights, [1, -1]) + raw.Reshape(weights, [-1, 1])
    square = softmax(raw.Reshape(square, [1, -1]))
    return raw.Reshape(square, [size, size, 1, 1])


def _similarity(
    x: Tensor, y: Tensor, local_mean: Callable[[Any], Any], max_val: Any, k1: float, k2: float
) -> tuple[Tensor, Tensor]:
    """Luminance, and contrast with structure, at each pixel."""
    c1, c2 = (k1 * max_val) ** 2, (k2 * max_val) ** 2
    mean_x, mean_y = local_mean(x), local_mean(y)
    product = mean_x * mean_y * 2.0
    squares = raw.Square(mean_x) + raw.Square(mean_y)
    luminance = (product + c1) / (squares + c1)
    products = local_mean(x * y) * 2.0
    spread = local_mean(raw.Square(x) + raw.Square(y))
    c2 = c2 * 1.0
    return luminance, (products - product + c2) / (spread - squares + c2)


def _ssim_per_channel(
    first: Tensor, second: Tensor, max_val: Any, size: Any, sigma: float, k1: float, k2: float
) -> tuple[Tensor, Tensor]:
    size = constant(size, int32)
    width = constant(sigma, first.dtype)
    shapes = raw.ShapeN([first, second])
    checks = [
        Assert(reduce_all(raw.GreaterEqual(shape[-3:-1], size)), [shape, size], summarize=8)
        for shape in shapes
    ]
    with build.current_graph().control_dependencies(checks):
        first = raw.Identity(first)
    kernel = _gaussian(size, width)
    kernel = raw.Tile(kernel, [1, 1, shapes[0][-1], 1])

    def local_mean(x: Tensor) -> Tensor:
        shape = idioms.shape(x)
        flat = raw.Reshape(x, concat([[-1], shape[-3:]], 0))
        y = depthwise_conv2d(flat, kernel, [1, 1, 1, 1], "VALID")
        return raw.Reshape(y, concat([shape[:-3], idioms.shape(y)[1:]], 0))

    luminance, structure = _similarity(first, second, local_mean, max_val, k1, k2)
    axes = constant([-3, -2], int32)
    return reduce_mean(luminance * structure, axes), reduce_mean(structure, axes)


def _prepared(
    first: Any, second: Any, max_val: Any, checks: list[Any]
) -> tuple[Tensor, Tensor, Tensor]:
    """Both images as floats, the first after the checks, and the greatest value on their scale."""
    with build.current_graph().control_dependencies(checks):
        first = raw.Identity(first)
    top = convert_image_dtype(idioms.cast(max_val, first.dtype), float32)
    return convert_image_dtype(first, float32), convert_image_dtype(second, float32), top


def ssim(
    img1: Any,
    img2: Any,
    max_val: Any,
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Tensor:
    """The structural similarity of two images, 1 where they are the same."""
    _, _, checks = _compatible(img1, img2)
    first, second, top = _prepared(img1, img2, max_val, checks)
    found, _ = _ssim_per_channel(first, second, top, filter_size, filter_sigma, k1, k2)
    return reduce_mean(found, [-1])


def ssim_multiscale(
    img1: Any,
    img2: Any,
    max_val: Any,
    power_factors: Sequence[float] = (0.0448, 0.2856, 0.3001, 0.2363, 0.1333),
    filter_size: int = 11,
    filter_sigma: float = 1.5,
    k1: float = 0.01,
    k2: float = 0.03,
) -> Tensor:
    """The structural similarity of two images, multiplied over scales that halve."""
    with build.name_scope(None, "MS-SSIM", [img1, img2]):
        img1, img2 = convert(img1, name="img1"), convert(img2, name="img2")
        one, two, checks = _compatible(img1, img2)
        shapes = [one, two]
        first, second, top = _prepared(img1, img2, max_val, checks)
        images = [first, second]
        heads, tails = [s[:-3] for s in shapes], [s[-3:] for s in shapes]
        block = constant([2, 2, 1], int32)
        structures = []
        for k in range(len(power_factors)):
            with build.name_scope(None, f"Scale{k}", images):
                if k > 0:
                    halves = _halved(images, tails, block)
                    tails = [shape[1:] for shape in raw.ShapeN(halves)]
                    images = [
                        raw.Reshape(x, concat([h, t], 0))
                        for x, h, t in zip(halves, heads, tails, strict=True)
                    ]
                found, structure = _ssim_per_channel(
                    images[0], images[1], top, filter_size, filter_sigma, k1, k2
                )
                structures.append(raw.Relu(structure))
        structures.pop()
        scales = stack([*structures, raw.Relu(found)], axis=-1)
        product = reduce_prod(raw.Pow(scales, list(power_factors)), [-1])
        return reduce_mean(product, [-1])


def _halved(images: list[Tensor], tails: list[Tensor], block: Tensor) -> list[Tensor]:
    """Images of half the height and width; odd ones get a row or column more."""
    flat = [raw.Reshape(x, concat([[-1], t], 0)) for x, t in zip(images, tails, strict=True)]
    odd = tails[0] % block
    uneven = reduce_any(raw.NotEqual(odd, 0))

    def evened() -> list[Tensor]:
        amounts = pad(raw.ExpandDims(odd, -1), [[1, 0], [1, 0]])
        return [pad(x, amounts, mode="SYMMETRIC") for x in flat]

    even = cond(uneven, evened, lambda: flat)
    window = [1, 2, 2, 1]
    return [avg_pool(x, window, window, "VALID") for x in even]


__all__: list[str] = []

NAMESPACES = {
    "image": [
        *("image_gradients", "psnr", "sobel_edges", "ssim", "ssim_multiscale", "total_variation"),
    ]
}
