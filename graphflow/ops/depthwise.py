"""Depthwise convolutions of images and their gradients: each channel of the input meets its own filters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.known import known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import Symbol
from graphflow.numeric import depthwise
from graphflow.ops import idioms
from graphflow.ops.windows import convolved, one_of, same_dim, with_rank


class _Depthwise(Op, abstract=True, kw_only=True):
    """The attributes that a depthwise convolution shares with its gradients."""

    strides: tuple[int, ...]
    padding: str
    data_format: str = "NHWC"
    dilations: tuple[int, ...] = (1, 1, 1, 1)


class DepthwiseConv2dNative(_Depthwise):
    """y[n, o, c * M + m] = sum_p x[n, stride * o + dilation * p, c] * w[p, c, m]."""

    signature = "input:T, filter:T -> output:T | T: floating"

    def infer(self, x: Tensor, w: Tensor) -> Any:
        one_of("data_format", self.data_format, ("NHWC", "NCHW"))
        one_of("padding", self.padding, ("SAME", "VALID"))
        sizes, (*kernel, depth, times) = with_rank("input", x, 4), with_rank("filter", w, 4)
        channels = same_dim(
            "the depths of input and filter", sizes[self.data_format.index("C")], depth
        )
        filters = (
            channels * times if isinstance(channels, int) and isinstance(times, int) else Symbol()
        )
        return convolved(
            sizes, kernel, filters, self.strides, self.dilations, self.padding, (), self.data_format
        )

    def reference(self, x: Any, w: Any) -> Any:
        return depthwise.depthwise_conv2d(x, w, **dict(self.attrs()))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, w = n.inputs
        attrs = dict(self.attrs())
        return [
            raw.DepthwiseConv2dNativeBackpropInput(idioms.shape(x), w, g, **attrs),
            raw.DepthwiseConv2dNativeBackpropFilter(x, idioms.shape(w), g, **attrs),
        ]


class DepthwiseConv2dNativeBackpropInput(_Depthwise):
    """The gradient of DepthwiseConv2dNative with respect to its input."""

    signature = "input_sizes:int32, filter:T, out_backprop:T -> output:T | T: floating"
    by_value = True

    def infer(self, sizes: Tensor, w: Tensor, dy: Tensor) -> Any:
        with_rank("filter", w, 4)
        with_rank("out_backprop", dy, 4)
        return known_shape(sizes).with_rank(4)

    def reference(self, sizes: Any, w: Any, dy: Any) -> Any:
        return depthwise.depthwise_conv2d_backprop_input(sizes, w, dy, **dict(self.attrs()))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        _, w, dy = n.inputs
        attrs = dict(self.attrs())
        return [
            None,
            raw.DepthwiseConv2dNativeBackpropFilter(g, idioms.shape(w), dy, **attrs),
            raw.DepthwiseConv2dNative(g, w, **attrs),
        ]


class DepthwiseConv2dNativeBackpropFilter(_Depthwise):
    """The gradient of DepthwiseConv2dNative with respect to its filter."""

    signature = "input:T, filter_sizes:int32, out_backprop:T -> output:T | T: floating"
    by_value = True

    def infer(self, x: Tensor, sizes: Tensor, dy: Tensor) -> Any:
        with_rank("input", x, 4)
        with_rank("out_backprop", dy, 4)
        return known_shape(sizes).with_rank(4)

    def reference(self, x: Any, sizes: Any, dy: Any) -> Any:
        return depthwise.depthwise_conv2d_backprop_filter(x, sizes, dy, **dict(self.attrs()))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, _, dy = n.inputs
        attrs = dict(self.attrs())
        return [
            raw.DepthwiseConv2dNativeBackpropInput(idioms.shape(x), g, dy, **attrs),
            None,
            raw.DepthwiseConv2dNative(x, g, **attrs),
        ]
