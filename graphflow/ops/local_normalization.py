"""Normalization by neighbouring channels, and the batch normalization of the first hour."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.numeric import local_response
from graphflow.numeric.elements import narrowed, widened
from graphflow.ops.windows import same_dim, with_rank

_FLOATS = "float16, bfloat16, float32"
_NUMBERS = "number, qint8, quint8, qint32"


class _LocalResponse(Op, abstract=True):
    """The attributes that the normalization shares with its gradient."""

    depth_radius: int = 5
    bias: float = 1.0
    alpha: float = 1.0
    beta: float = 0.5


class LRN(_LocalResponse):
    """x / (bias + alpha * the sum of squares of neighbouring channels) ** beta."""

    signature = f"input:T -> output:T | T: {_FLOATS} = float32"

    def infer(self, x: Tensor) -> Any:
        return x.shape.with_rank(4)

    def reference(self, x: Any) -> Any:
        return local_response.lrn(x, **dict(self.attrs()))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.LRNGrad(g, n.inputs[0], n.out, **dict(self.attrs()))]


class LRNGrad(_LocalResponse):
    """The gradient of LRN."""

    signature = f"input_grads:T, input_image:T, output_image:T -> output:T | T: {_FLOATS} = float32"

    def infer(self, g: Tensor, x: Tensor, y: Tensor) -> Any:
        return g.shape.with_rank(4).merge_with(x.shape).merge_with(y.shape)

    def reference(self, g: Any, x: Any, y: Any) -> Any:
        return local_response.lrn_grad(g, x, y, **dict(self.attrs()))


class BatchNormWithGlobalNormalization(Op, kw_only=True):
    """(t - m) / sqrt(v + epsilon) + beta, times gamma before beta if asked."""

    signature = f"t:T, m:T, v:T, beta:T, gamma:T -> result:T | T: {_NUMBERS}"
    variance_epsilon: float
    scale_after_normalization: bool

    def infer(self, t: Tensor, *vectors: Tensor) -> Any:
        *sizes, channels = with_rank("t", t, 4)
        for vector in vectors:
            channels = same_dim(
                "the channels of t and the size of its vectors",
                channels,
                with_rank("a vector", vector, 1)[0],
            )
        return TensorShape.of((*sizes, channels))

    def reference(self, t: Any, m: Any, v: Any, beta: Any, gamma: Any) -> Any:
        x, mean, variance, shift, scale = (widened(a) for a in (t, m, v, beta, gamma))
        with np.errstate(all="ignore"):
            factor = 1 / np.sqrt(variance + x.dtype.type(self.variance_epsilon))
            if self.scale_after_normalization:
                factor = factor * scale
            return narrowed((x - mean) * factor + shift, t.dtype)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        t, m, v, _, gamma = n.inputs
        return raw.BatchNormWithGlobalNormalizationGrad(t, m, v, gamma, g, **dict(self.attrs()))


class BatchNormWithGlobalNormalizationGrad(Op, kw_only=True):
    """The gradients of all inputs of BatchNormWithGlobalNormalization."""

    signature = (
        f"t:T, m:T, v:T, gamma:T, backprop:T -> dx:T, dm:T, dv:T, db:T, dg:T | T: {_NUMBERS}"
    )
    variance_epsilon: float
    scale_after_normalization: bool

    def infer(self, t: Tensor, m: Tensor, v: Tensor, gamma: Tensor, g: Tensor) -> Any:
        shape = t.shape.with_rank(4).merge_with(g.shape)
        *sizes, channels = shape.known or ()
        for vector in (m, v, gamma):
            channels = same_dim(
                "the channels of t and the size of its vectors",
                channels,
                with_rank("a vector", vector, 1)[0],
            )
        return TensorShape.of((*sizes, channels)), *[TensorShape.of((channels,))] * 4

    def reference(self, t: Any, m: Any, v: Any, gamma: Any, g: Any) -> Any:
        x, mean, variance, scale, dy = (widened(a) for a in (t, m, v, gamma, g))
        with np.errstate(all="ignore"):
            spread = variance + x.dtype.type(self.variance_epsilon)
            root, axes = 1 / np.sqrt(spread), (0, 1, 2)
            scaled = dy * scale if self.scale_after_normalization else dy
            total, products = scaled.sum(axes), (scaled * (x - mean)).sum(axes)
            db = dy.sum(axes)
            dg = (
                (dy * (x - mean)).sum(axes) * root
                if self.scale_after_normalization
                else np.zeros_like(db)
            )
            found = (scaled * root, -total * root, products * root / spread / -2, db, dg)
        return tuple(narrowed(f, t.dtype) for f in found)
