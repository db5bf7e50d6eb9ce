"""Blocks of pixels moved between space and batch, and between space and depth."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.known import known_list, known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape
from graphflow.numeric import spaces
from graphflow.ops.dims import product, total


def _pairs(vectors: Tensor, blocks: int) -> list[tuple[Any, Any]] | None:
    """What is put before and after, or cut off, in each blocked dimension."""
    value = known_value(vectors)
    if value is None:
        return None
    if value.shape != (blocks, 2):
        raise ValueError(f"there must be 2 numbers for each of {blocks} blocks, got {value.shape}")
    for pair in value:
        if any(not isinstance(v, Symbol) and v < 0 for v in pair):
            raise ValueError(f"paddings and crops cannot be negative: {list(pair)}")
    return [(_dim(a), _dim(b)) for a, b in value]


def _dim(value: Any) -> Dim:
    return value if isinstance(value, Symbol) else int(value)


def _quotient(size: Dim, block: int, what: str) -> Dim:
    if isinstance(size, Symbol):
        return size if block == 1 else Symbol()
    if size % block:
        raise ValueError(f"{what} of {size} is not evenly divisible by the block size {block}")
    return size // block


def _check_blocks(x: Tensor, blocks: list[int]) -> None:
    if x.shape.rank is not None and x.shape.rank < 1 + len(blocks):
        raise ValueError(f"Shape must be at least rank {1 + len(blocks)} but is {x.shape}")
    if min(blocks, default=1) < 1:
        raise ValueError(f"block sizes must be positive, got {blocks}")


def _blocks(x: Tensor, block_shape: Tensor) -> list[int] | TensorShape:
    """The sizes of the blocks, or what is known of the result where they are not."""
    count = block_shape.shape.with_rank(1).num_elements()
    found, dims = known_list(block_shape), x.shape.known
    if found is not None:
        return found
    if dims is None:
        return UNKNOWN
    kept = () if count is None else dims[1 + count :]
    return TensorShape([None] * (len(dims) - len(kept))).concatenate(TensorShape.of(kept))


def _to_batch(x: Tensor, blocks: list[int] | TensorShape, paddings: Tensor) -> TensorShape:
    """The shape after blocks have become batch entries."""
    dims = x.shape.known
    if isinstance(blocks, TensorShape):
        return blocks
    _check_blocks(x, blocks)
    pairs = _pairs(paddings, len(blocks))
    if dims is None:
        return UNKNOWN
    sizes: list[Dim] = []
    for i, block in enumerate(blocks):
        whole = Symbol() if pairs is None else total([dims[1 + i], *pairs[i]])
        sizes.append(_quotient(whole, block, f"the padded dimension {i + 1}"))
    batch = product(dims[0], int(np.prod(blocks)))
    return TensorShape.of((batch, *sizes, *dims[1 + len(blocks) :]))


def _from_batch(x: Tensor, blocks: list[int] | TensorShape, crops: Tensor) -> TensorShape:
    """The shape after batch entries have become blocks."""
    dims = x.shape.known
    if isinstance(blocks, TensorShape):
        return blocks
    _check_blocks(x, blocks)
    pairs = _pairs(crops, len(blocks))
    if dims is None:
        return UNKNOWN
    sizes: list[Dim] = []
    for i, block in enumerate(blocks):
        size = product(dims[1 + i], block)
        cut = [None] if pairs is None else pairs[i]
        if isinstance(size, int) and all(isinstance(c, int) for c in cut):
            if sum(cut) > size:
                raise ValueError(f"crops {cut} exceed the size {size} of dimension {i + 1}")
            size -= sum(cut)
        elif any(c != 0 for c in cut):
            size = Symbol()
        sizes.append(size)
    batch = _quotient(dims[0], int(np.prod(blocks)), "the batch")
    return TensorShape.of((batch, *sizes, *dims[1 + len(blocks) :]))


class SpaceToBatchND(Op):
    """y[(p, n), i] = x[n, i * block + p] of the padded x: places in a block become batch entries."""

    signature = (
        "input:T, block_shape:Tblock_shape, paddings:Tpaddings -> output:T "
        "| Tblock_shape: index = int32; Tpaddings: index = int32"
    )
    by_value = True

    def infer(self, x: Tensor, blocks: Tensor, paddings: Tensor) -> Any:
        return _to_batch(x, _blocks(x, blocks), paddings)

    def reference(self, x: Any, blocks: Any, paddings: Any) -> Any:
        return spaces.space_to_batch_nd(x, blocks, paddings)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.BatchToSpaceND(g, *n.inputs[1:]), None, None]


class BatchToSpaceND(Op):
    """The inverse of SpaceToBatchND, with crops in the place of paddings."""

    signature = (
        "input:T, block_shape:Tblock_shape, crops:Tcrops -> output:T "
        "| Tblock_shape: index = int32; Tcrops: index = int32"
    )
    by_value = True

    def infer(self, x: Tensor, blocks: Tensor, crops: Tensor) -> Any:
        return _from_batch(x, _blocks(x, blocks), crops)

    def reference(self, x: Any, blocks: Any, crops: Any) -> Any:
        return spaces.batch_to_space_nd(x, blocks, crops)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.SpaceToBatchND(g, *n.inputs[1:]), None, None]


class SpaceToBatch(Op):
    """SpaceToBatchND of images with square blocks."""

    signature = "input:T, paddings:Tpaddings -> output:T | Tpaddings: index = int32"
    by_value = True
    block_size: int

    def infer(self, x: Tensor, paddings: Tensor) -> Any:
        x.shape.with_rank(4)
        return _to_batch(x, [self.block_size] * 2, paddings)

    def reference(self, x: Any, paddings: Any) -> Any:
        return spaces.space_to_batch_nd(x, [self.block_size] * 2, paddings)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        blocks = np.array([self.block_size] * 2, np.int64)
        return [raw.BatchToSpaceND(g, blocks, n.inputs[1]), None]


class BatchToSpace(Op):
    """BatchToSpaceND of images with square blocks."""

    signature = "input:T, crops:Tidx -> output:T | Tidx: index = int32"
    by_value = True
    block_size: int

    def infer(self, x: Tensor, crops: Tensor) -> Any:
        x.shape.with_rank(4)
        return _from_batch(x, [self.block_size] * 2, crops)

    def reference(self, x: Any, crops: Any) -> Any:
        return spaces.batch_to_space_nd(x, [self.block_size] * 2, crops)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        blocks = np.array([self.block_size] * 2, np.int64)
        return [raw.SpaceToBatchND(g, blocks, n.inputs[1]), None]


class _Depth(Op, abstract=True):
    """What SpaceToDepth and DepthToSpace share."""

    signature = "input:T -> output:T"
    block_size: int
    data_format: str = "NHWC"

    def image(self, x: Tensor) -> tuple[Dim, Dim, Dim, Dim] | None:
        """(batch, height, width, depth)."""
        if self.data_format not in ("NHWC", "NCHW"):
            raise ValueError(f"the data format must be NHWC or NCHW, got {self.data_format}")
        dims = x.shape.with_rank(4).known
        if dims is None:
            return None
        order = (0, 1, 2, 3) if self.data_format == "NHWC" else (0, 2, 3, 1)
        n, h, w, c = (dims[i] for i in order)
        return n, h, w, c

    def laid_out(self, n: Dim, h: Dim, w: Dim, c: Dim) -> TensorShape:
        return TensorShape.of((n, h, w, c) if self.data_format == "NHWC" else (n, c, h, w))


class SpaceToDepth(_Depth):
    """y[n, i, j, (p, q, c)] = x[n, i * b + p, j * b + q, c]."""

    def infer(self, x: Tensor) -> Any:
        image = self.image(x)
        if image is None:
            return TensorShape([None] * 4)
        n, h, w, c = image
        b = self.block_size
        return self.laid_out(
            n, _quotient(h, b, "the height"), _quotient(w, b, "the width"), product(c, b * b)
        )

    def reference(self, x: Any) -> Any:
        return spaces.space_to_depth(x, self.block_size, self.data_format)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.DepthToSpace(g, block_size=self.block_size, data_format=self.data_format)]


class DepthToSpace(_Depth):
    """y[n, i * b + p, j * b + q, c] = x[n, i, j, (p, q, c)]."""

    def infer(self, x: Tensor) -> Any:
        image = self.image(x)
        if image is None:
            return TensorShape([None] * 4)
        n, h, w, c = image
        b = self.block_size
        return self.laid_out(n, product(h, b), product(w, b), _quotient(c, b * b, "the depth"))

    def reference(self, x: Any) -> Any:
        return spaces.depth_to_space(x, self.block_size, self.data_format)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.SpaceToDepth(g, block_size=self.block_size, data_format=self.data_format)]
