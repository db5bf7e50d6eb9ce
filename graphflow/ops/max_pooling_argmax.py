"""Maxima over sliding windows together with their places."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.dtype import DType, int64
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.numeric import max_pool_gradients
from graphflow.ops.windows import one_of, pooled, with_rank


class MaxPoolWithArgmax(Op, kw_only=True):
    """The maximum of x over each window, and its flat place in the image (or in the batch)."""

    signature = "input:T -> output:T, argmax:Targmax | T: real; Targmax: index"
    ksize: tuple[int, ...]
    strides: tuple[int, ...]
    Targmax: DType = int64
    padding: str
    include_batch_in_index: bool = False

    def infer(self, x: Tensor) -> Any:
        one_of("padding", self.padding, ("SAME", "VALID"))
        shape = pooled(with_rank("input", x, 4), self.ksize, self.strides, self.padding)
        return shape, shape

    def reference(self, x: Any) -> Any:
        return max_pool_gradients.max_pool_with_argmax(
            x,
            self.ksize,
            self.strides,
            self.padding,
            self.Targmax.numpy,
            self.include_batch_in_index,
        )

    def gradient(self, n: Node, g: Tensor, _: Tensor | None) -> Sequence[Tensor | None]:
        attrs = {k: v for k, v in self.attrs() if k != "Targmax"}
        return [raw.MaxPoolGradWithArgmax(n.inputs[0], g, n.outputs[1], **attrs)]


class _AtPlaces(Op, abstract=True, kw_only=True):
    """The attributes of a gradient that follows recorded places."""

    signature = "input:T, grad:T, argmax:Targmax -> output:T | T: real; Targmax: index"
    ksize: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str
    include_batch_in_index: bool = False


class MaxPoolGradWithArgmax(_AtPlaces):
    """Each gradient of a maximum, at the recorded place of the maximum."""

    def infer(self, x: Tensor, dy: Tensor, argmax: Tensor) -> Any:
        return x.shape.with_rank(4)

    def reference(self, x: Any, dy: Any, argmax: Any) -> Any:
        return max_pool_gradients.max_pool_grad_with_argmax(
            x, dy, argmax, self.include_batch_in_index
        )


class MaxPoolGradGradWithArgmax(_AtPlaces):
    """What lies at the recorded places of the maxima."""

    def infer(self, x: Tensor, ddx: Tensor, argmax: Tensor) -> Any:
        one_of("padding", self.padding, ("SAME", "VALID"))
        return pooled(with_rank("input", x, 4), self.ksize, self.strides, self.padding)

    def reference(self, x: Any, ddx: Any, argmax: Any) -> Any:
        return max_pool_gradients.max_pool_grad_grad_with_argmax(
            x, ddx, argmax, self.include_batch_in_index
        )
