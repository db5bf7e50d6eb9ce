"""Blocks of pixels moved between space and batch, and between space and depth."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from graphflow.numeric.elements import Array
from graphflow.numeric.padding import pad


def _blocks(
    x: Array, block_shape: Sequence[int], ends: Array, name: str
) -> tuple[list[int], list[tuple[int, int]]]:
    """Block sizes and pairs of paddings or crops, checked against the rank of x."""
    blocks = [int(b) for b in np.asarray(block_shape).ravel()]
    pairs = [(int(a), int(b)) for a, b in np.asarray(ends, np.int64).reshape(len(blocks), 2)]
    if x.ndim < 1 + len(blocks):
        raise ValueError(
            f"{len(blocks)} blocks need as many dimensions beside the batch, got shape {x.shape}"
        )
    if min(blocks, default=1) < 1:
        raise ValueError(f"block sizes must be >= 1, got {blocks}")
    if min((min(p) for p in pairs), default=0) < 0:
        raise ValueError(f"{name} must be >= 0, got {pairs}")
    return blocks, pairs


def space_to_batch_nd(x: Array, block_shape: Sequence[int], paddings: Array) -> Array:
    """out[(p, n), i, ...] = X[n, i * block + p, ...] with X the padded x and p a place in a block."""
    x = np.asarray(x)
    blocks, pairs = _blocks(x, block_shape, paddings, "paddings")
    m = len(blocks)
    padded = pad(x, np.array([(0, 0), *pairs, *[(0, 0)] * (x.ndim - 1 - m)]))
    for i, (size, block) in enumerate(zip(padded.shape[1:], blocks, strict=False)):
        if size % block:
            raise ValueError(
                f"the padded size {size} of dimension {i + 1} is not divisible by its block {block}"
            )
    rest = padded.shape[1 + m :]
    counts = [s // b for s, b in zip(padded.shape[1:], blocks, strict=False)]
    split = [n for pair in zip(counts, blocks, strict=True) for n in pair]
    cut = padded.reshape(x.shape[0], *split, *rest)
    order = [*range(2, 2 * m + 1, 2), 0, *range(1, 2 * m, 2), *range(2 * m + 1, cut.ndim)]
    return cut.transpose(order).reshape(x.shape[0] * math.prod(blocks), *counts, *rest)


def batch_to_space_nd(x: Array, block_shape: Sequence[int], crops: Array) -> Array:
    """The inverse of `space_to_batch_nd`, with crops in the place of paddings."""
    x = np.asarray(x)
    blocks, pairs = _blocks(x, block_shape, crops, "crops")
    m, places = len(blocks), math.prod(blocks)
    if x.shape[0] % places:
        raise ValueError(
            f"the batch {x.shape[0]} is not divisible by the {places} places of a block"
        )
    batch, rest = x.shape[0] // places, x.shape[1 + m :]
    cut = x.reshape(*blocks, batch, *x.shape[1:])
    order = [m, *(i for j in range(m) for i in (m + 1 + j, j)), *range(2 * m + 1, cut.ndim)]
    sizes = [s * b for s, b in zip(x.shape[1:], blocks, strict=False)]
    for i, (size, (before, after)) in enumerate(zip(sizes, pairs, strict=True)):
        if before + after > size:
            raise ValueError(
                f"crops {before} and {after} exceed the size {size} of dimension {i + 1}"
            )
    whole = cut.transpose(order).reshape(batch, *sizes, *rest)
    kept = tuple(slice(a, s - b) for s, (a, b) in zip(sizes, pairs, strict=True))
    return np.ascontiguousarray(whole[(slice(None), *kept)])


def _check_image(x: Array, block_size: int) -> None:
    if x.ndim != 4:
        raise ValueError(f"the input must have 4 dimensions, got shape {x.shape}")
    if block_size < 2:
        raise ValueError(f"block_size must be >= 2, got {block_size}")


def space_to_depth(x: Array, block_size: int, data_format: str = "NHWC") -> Array:
    """out[n, i, j, (p * b + q) * C + c] = x[n, i * b + p, j * b + q, c]."""
    x, b = np.asarray(x), block_size
    _check_image(x, b)
    (n, h, w, c), last = _sizes(x, data_format)
    if h % b or w % b:
        raise ValueError(f"height {h} and width {w} must be divisible by the block size {b}")
    if last:
        cut = x.reshape(n, h // b, b, w // b, b, c).transpose(0, 1, 3, 2, 4, 5)
        return cut.reshape(n, h // b, w // b, b * b * c)
    cut = x.reshape(n, c, h // b, b, w // b, b).transpose(0, 3, 5, 1, 2, 4)
    return cut.reshape(n, b * b * c, h // b, w // b)


def depth_to_space(x: Array, block_size: int, data_format: str = "NHWC") -> Array:
    """out[n, i * b + p, j * b + q, c] = x[n, i, j, (p * b + q) * C + c]."""
    x, b = np.asarray(x), block_size
    _check_image(x, b)
    (n, h, w, depth), last = _sizes(x, data_format)
    if depth % (b * b):
        raise ValueError(f"the depth {depth} must be divisible by the square of the block size {b}")
    c = depth // (b * b)
    if last:
        cut = x.reshape(n, h, w, b, b, c).transpose(0, 1, 3, 2, 4, 5)
        return cut.reshape(n, h * b, w * b, c)
    cut = x.reshape(n, b, b, c, h, w).transpose(0, 3, 4, 1, 5, 2)
    return cut.reshape(n, c, h * b, w * b)


def _sizes(x: Array, data_format: str) -> tuple[tuple[int, int, int, int], bool]:
    """(batch, height, width, depth) and whether the depth is last."""
    if data_format not in ("NHWC", "NCHW"):
        raise ValueError(f"the data format must be NHWC or NCHW, got {data_format}")
    last = data_format == "NHWC"
    n, h, w, c = x.shape if last else (x.shape[0], *x.shape[2:], x.shape[1])
    return (n, h, w, c), last
