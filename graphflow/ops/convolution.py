"""Convolutions of images and their gradients, each of which is a convolution again."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.known import known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.numeric import convolution
from graphflow.ops import idioms
from graphflow.ops.dims import refusal
from graphflow.ops.windows import convolved, one_of, with_rank


class _Convolution(Op, abstract=True, kw_only=True):
    """The attributes that a convolution of images shares with its gradients."""

    strides: tuple[int, ...]
    use_cudnn_on_gpu: bool = True
    padding: str
    explicit_paddings: tuple[int, ...] = ()
    data_format: str = "NHWC"
    dilations: tuple[int, ...] = (1, 1, 1, 1)

    def window(self) -> dict[str, Any]:
        """The attributes that say where the window stands."""
        return {k: v for k, v in self.attrs() if k != "use_cudnn_on_gpu"}


class Conv2D(_Convolution):
    """y[n, o, :] = sum_p x[n, stride * o + dilation * p, :] @ w[p]."""

    signature = "input:T, filter:T -> output:T | T: floating"

    def infer(self, x: Tensor, w: Tensor) -> Any:
        one_of("data_format", self.data_format, ("NHWC", "NCHW"))
        one_of("padding", self.padding, ("SAME", "VALID", "EXPLICIT"))
        sizes, (*kernel, depth, filters) = with_rank("input", x, 4), with_rank("filter", w, 4)
        channels = sizes[self.data_format.index("C")]
        if (
            isinstance(channels, int)
            and isinstance(depth, int)
            and (channels % depth if depth else channels)
        ):
            raise refusal(
                f"Depth of input ({channels}) is not a multiple of input depth of filter ({depth})",
                "a filter is [height, width, in, out], and the channels of the input are where "
                f"data_format={self.data_format!r} says",
            )
        return convolved(
            sizes,
            kernel,
            filters,
            self.strides,
            self.dilations,
            self.padding,
            self.explicit_paddings,
            self.data_format,
        )

    def reference(self, x: Any, w: Any) -> Any:
        return convolution.conv2d(x, w, **self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, w = n.inputs
        x_sizes, w_sizes = raw.ShapeN([x, w])
        attrs = dict(self.attrs())
        return [
            raw.Conv2DBackpropInput(x_sizes, w, g, **attrs),
            raw.Conv2DBackpropFilter(x, w_sizes, g, **attrs),
        ]


class Conv2DBackpropInput(_Convolution):
    """The gradient of Conv2D with respect to its input."""

    signature = "input_sizes:int32, filter:T, out_backprop:T -> output:T | T: floating"
    by_value = True

    def infer(self, sizes: Tensor, w: Tensor, dy: Tensor) -> Any:
        with_rank("filter", w, 4)
        with_rank("out_backprop", dy, 4)
        return known_shape(sizes).with_rank(4)

    def reference(self, sizes: Any, w: Any, dy: Any) -> Any:
        return convolution.conv2d_backprop_input(sizes, w, dy, **self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        _, w, dy = n.inputs
        attrs = dict(self.attrs())
        return [
            None,
            raw.Conv2DBackpropFilter(g, idioms.shape(w), dy, **attrs),
            raw.Conv2D(g, w, **attrs),
        ]


class Conv2DBackpropFilter(_Convolution):
    """The gradient of Conv2D with respect to its filter."""

    signature = "input:T, filter_sizes:int32, out_backprop:T -> output:T | T: floating"
    by_value = True

    def infer(self, x: Tensor, sizes: Tensor, dy: Tensor) -> Any:
        with_rank("input", x, 4)
        with_rank("out_backprop", dy, 4)
        return known_shape(sizes).with_rank(4)

    def reference(self, x: Any, sizes: Any, dy: Any) -> Any:
        return convolution.conv2d_backprop_filter(x, sizes, dy, **self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, _, dy = n.inputs
        attrs = dict(self.attrs())
        return [
            raw.Conv2DBackpropInput(idioms.shape(x), g, dy, **attrs),
            None,
            raw.Conv2D(x, g, **attrs),
        ]
