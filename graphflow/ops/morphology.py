"""Morphology of grey images: the greatest sum of a window and a structuring element, and its gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.numeric import dilation
from graphflow.ops.windows import convolved, one_of, same_dim, with_rank


class _Morphology(Op, abstract=True, kw_only=True):
    """The attributes that a dilation shares with its gradients."""

    strides: tuple[int, ...]
    rates: tuple[int, ...]
    padding: str


class Dilation2D(_Morphology):
    """y[n, o, c] = max_p x[n, stride * o + rate * p, c] + w[p, c]."""

    signature = "input:T, filter:T -> output:T | T: real"

    def infer(self, x: Tensor, w: Tensor) -> Any:
        one_of("padding", self.padding, ("SAME", "VALID"))
        sizes, (*kernel, depth) = with_rank("input", x, 4), with_rank("filter", w, 3)
        depth = same_dim("the depths of input and filter", sizes[3], depth)
        return convolved(sizes, kernel, depth, self.strides, self.rates, self.padding, (), "NHWC")

    def reference(self, x: Any, w: Any) -> Any:
        return dilation.dilation2d(x, w, self.strides, self.rates, self.padding)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, w = n.inputs
        attrs = dict(self.attrs())
        return [
            raw.Dilation2DBackpropInput(x, w, g, **attrs),
            raw.Dilation2DBackpropFilter(x, w, g, **attrs),
        ]


class Dilation2DBackpropInput(_Morphology):
    """Each gradient, at the element of the greatest sum."""

    signature = "input:T, filter:T, out_backprop:T -> in_backprop:T | T: real"

    def infer(self, x: Tensor, w: Tensor, dy: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any, w: Any, dy: Any) -> Any:
        return dilation.dilation2d_backprop_input(x, w, dy, self.strides, self.rates, self.padding)


class Dilation2DBackpropFilter(_Morphology):
    """Each gradient, at the tap of the greatest sum."""

    signature = "input:T, filter:T, out_backprop:T -> filter_backprop:T | T: real"

    def infer(self, x: Tensor, w: Tensor, dy: Tensor) -> Any:
        return w.shape

    def reference(self, x: Any, w: Any, dy: Any) -> Any:
        return dilation.dilation2d_backprop_filter(x, w, dy, self.strides, self.rates, self.padding)
