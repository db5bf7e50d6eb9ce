"""A vector added to every position of a batch, along its channels."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, TensorShape
from graphflow.numeric.elements import narrowed, widened
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.windows import one_of, same_dim

_TYPES = "number, qint8, quint8, qint32"


def _channel_axis(rank: int, data_format: str) -> int:
    """Where the channels are: behind, or next to the batch."""
    return 1 if data_format == "NCHW" else rank - 1


class BiasAdd(Op):
    """y[..., c] = x[..., c] + b[c]."""

    signature = f"value:T, bias:T -> output:T | T: {_TYPES}"
    data_format: str = "NHWC"

    def infer(self, x: Tensor, b: Tensor) -> Any:
        one_of("data_format", self.data_format, ("NHWC", "NCHW"))
        bias = b.shape.with_rank(1).known
        known = x.shape.with_rank_at_least(3 if self.data_format == "NCHW" else 2).known
        if known is None or bias is None:
            return UNKNOWN
        axis = _channel_axis(len(known), self.data_format)
        channels = same_dim("the channels of value and the size of bias", known[axis], bias[0])
        return TensorShape.of((*known[:axis], channels, *known[axis + 1 :]))

    def reference(self, x: Any, b: Any) -> Any:
        axis = _channel_axis(x.ndim, self.data_format)
        if b.shape != (x.shape[axis],):
            raise ValueError(
                f"bias must have the size of the channels {x.shape[axis]}, got {b.shape}"
            )
        with np.errstate(all="ignore"):
            return x + b.reshape(-1, *(1,) * (x.ndim - 1 - axis))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [g, raw.BiasAddGrad(g, data_format=self.data_format)]


class BiasAddV1(Op):
    """y[..., c] = x[..., c] + b[c]: the first form, without data formats."""

    signature = f"value:T, bias:T -> output:T | T: {_TYPES}"

    def infer(self, x: Tensor, b: Tensor) -> Any:
        return BiasAdd().infer(x, b)

    def reference(self, x: Any, b: Any) -> Any:
        return BiasAdd().reference(x, b)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        others = raw.Range(0, idioms.rank(g) - 1, 1, name="range")
        return [g, raw.Sum(g, others)]


class BiasAddGrad(Op):
    """b[c] = sum of y[..., c] over all other axes."""

    signature = f"out_backprop:T -> output:T | T: {_TYPES}"
    data_format: str = "NHWC"

    def infer(self, y: Tensor) -> Any:
        one_of("data_format", self.data_format, ("NHWC", "NCHW"))
        known = y.shape.with_rank_at_least(3 if self.data_format == "NCHW" else 2).known
        if known is None:
            return TensorShape([None])
        return TensorShape.of((known[_channel_axis(len(known), self.data_format)],))

    def reference(self, y: Any) -> Any:
        axis = _channel_axis(y.ndim, self.data_format)
        others = tuple(i for i in range(y.ndim) if i != axis)
        wide = widened(y)
        with np.errstate(all="ignore"):
            return narrowed(wide.sum(others, dtype=wide.dtype), y.dtype)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        shape = idioms.shape(n.inputs[0])
        bias_shape = idioms.shape(g)
        if self.data_format == "NCHW":
            ahead, behind = idioms.ones_like(shape[:1]), idioms.ones_like(shape[2:])
            expanded = concat([ahead, bias_shape, behind], 0)
            times = concat([shape[:1], [1], shape[2:]], 0)
        else:
            expanded = concat([idioms.ones_like(shape[:-1]), bias_shape], 0)
            times = concat([shape[:-1], [1]], 0)
        return [raw.Tile(raw.Reshape(g, expanded), times)]
