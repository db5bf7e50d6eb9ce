"""Sliding windows laid out as depth: ExtractImagePatches, ExtractVolumePatches."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.dtype import int64
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import Dim, TensorShape
from graphflow.ir.sparse_tensor import SparseTensor
from graphflow.numeric import patches
from graphflow.ops import arrays, idioms
from graphflow.ops.dims import product
from graphflow.ops.reduce_idioms import sequence
from graphflow.ops.sparse_idioms import dense_matmul, sparse_slice
from graphflow.ops.windows import per_axis, window_dim

_REAL = "T: float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64"


def _patched(
    x: Tensor, ksizes: Sequence[int], strides: Sequence[int], rates: Sequence[int], padding: str
) -> TensorShape:
    rank = len(ksizes)
    dims = x.shape.with_rank(rank).known
    if dims is None:
        return TensorShape([None] * rank)
    sizes: list[Dim] = [
        window_dim(d, k, s, r, padding)
        for d, k, s, r in zip(dims[1:-1], ksizes[1:-1], strides[1:-1], rates[1:-1], strict=True)
    ]
    return TensorShape.of((dims[0], *sizes, product(dims[-1], math.prod(ksizes))))


class ExtractImagePatches(Op):
    """y[n, i, j, (p, q, c)] = x[n, si * i + ri * p, sj * j + rj * q, c]."""

    signature = f"images:T -> patches:T | {_REAL}"
    ksizes: tuple[int, ...]
    strides: tuple[int, ...]
    rates: tuple[int, ...]
    padding: str

    def infer(self, x: Tensor) -> Any:
        for name in ("ksizes", "strides", "rates"):
            per_axis(name, getattr(self, name), 4)
        return _patched(x, self.ksizes, self.strides, self.rates, self.padding)

    def reference(self, x: Any) -> Any:
        return patches.extract_image_patches(x, self.ksizes, self.strides, self.rates, self.padding)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """The windows as a sparse matrix from pixels to taps, whose transpose brings g back."""
        sizes = idioms.shape(n.inputs[0], out_type=int64)
        batch, rows, cols, channels = sizes[0], sizes[1], sizes[2], sizes[3]
        pixels = 1 + rows * cols
        numbers = raw.Reshape(sequence(1, pixels, dtype=int64), (1, rows, cols, 1))
        numbered = raw.ExtractImagePatches(numbers, **dict(self.attrs()))
        out = idioms.shape(n.outputs[0], out_type=int64)
        rows_out, cols_out = out[1], out[2]
        _, high, wide, _ = self.ksizes
        taps = rows_out * cols_out * high * wide
        places = raw.Reshape(sequence(taps, dtype=int64), (1, rows_out, cols_out, high * wide))
        jacobian = _tap_matrix(numbered, places, pixels, taps, g)
        spread = arrays.transpose(
            raw.Reshape(g, (batch, rows_out, cols_out, high, wide, channels)), (1, 2, 3, 4, 0, 5)
        )
        flat = raw.Reshape(spread, (-1, batch * channels))
        summed = dense_matmul(jacobian, flat)
        dx = raw.Reshape(summed, (rows, cols, batch, channels))
        return [arrays.transpose(dx, (2, 0, 1, 3))]


def _tap_matrix(
    numbered: Tensor, places: Tensor, pixels: Any, taps: Any, g: Tensor
) -> SparseTensor:
    """One in row i, column j where tap j of the windows is pixel i; padding is no pixel."""
    pairs = arrays.concat([raw.ExpandDims(numbered, -1), raw.ExpandDims(places, -1)], -1)
    pairs = raw.Reshape(pairs, (-1, 2))
    whole = SparseTensor(pairs, idioms.ones([taps], g.dtype), (pixels, taps))
    return sparse_slice(whole, (1, 0), (pixels - 1, taps))


class ExtractVolumePatches(Op):
    """y[n, i, j, k, (p, q, r, c)] = x[n, si * i + p, sj * j + q, sk * k + r, c]."""

    signature = f"input:T -> patches:T | {_REAL}"
    ksizes: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str

    def infer(self, x: Tensor) -> Any:
        for name in ("ksizes", "strides"):
            per_axis(name, getattr(self, name), 5)
        return _patched(x, self.ksizes, self.strides, (1,) * 5, self.padding)

    def reference(self, x: Any) -> Any:
        return patches.extract_volume_patches(x, self.ksizes, self.strides, self.padding)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """As of images; the sizes of the volume must be known when the graph is built."""
        planes, rows, cols = n.inputs[0].shape[1:4].as_tuple()
        sizes = idioms.shape(n.inputs[0])
        batch, channels = sizes[0], sizes[4]
        pixels = 1 + planes * rows * cols
        numbers = raw.Reshape(sequence(1, pixels, dtype=int64), (1, planes, rows, cols, 1))
        numbered = raw.ExtractVolumePatches(numbers, **dict(self.attrs()))
        out = n.outputs[0].shape[1:4].as_tuple()
        window = self.ksizes[1:4]
        taps = math.prod(out) * math.prod(window)
        places = raw.Reshape(sequence(taps, dtype=int64), (1, *out, math.prod(window)))
        jacobian = _tap_matrix(numbered, places, pixels, taps, g)
        spread = arrays.transpose(
            raw.Reshape(g, (batch, *out, *window, channels)), (1, 2, 3, 4, 5, 6, 0, 7)
        )
        flat = raw.Reshape(spread, (-1, batch * channels))
        summed = dense_matmul(jacobian, flat)
        dx = raw.Reshape(summed, (planes, rows, cols, batch, channels))
        return [arrays.transpose(dx, (3, 0, 1, 2, 4))]
