"""Convolutions of volumes and their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.known import known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.numeric import convolution
from graphflow.ops import idioms
from graphflow.ops.windows import convolved, one_of, same_dim, with_rank


class _Volume(Op, abstract=True, kw_only=True):
    """The attributes that a convolution of volumes shares with its gradients."""

    strides: tuple[int, ...]
    padding: str
    data_format: str = "NDHWC"
    dilations: tuple[int, ...] = (1, 1, 1, 1, 1)


class Conv3D(_Volume):
    """y[n, o, :] = sum_p x[n, stride * o + dilation * p, :] @ w[p]."""

    signature = "input:T, filter:T -> output:T | T: floating"

    def infer(self, x: Tensor, w: Tensor) -> Any:
        one_of("data_format", self.data_format, ("NDHWC", "NCDHW"))
        one_of("padding", self.padding, ("SAME", "VALID"))
        sizes, (*kernel, depth, filters) = with_rank("input", x, 5), with_rank("filter", w, 5)
        same_dim("the depths of input and filter", sizes[self.data_format.index("C")], depth)
        return convolved(
            sizes, kernel, filters, self.strides, self.dilations, self.padding, (), self.data_format
        )

    def reference(self, x: Any, w: Any) -> Any:
        return convolution.conv3d(x, w, **dict(self.attrs()))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, w = n.inputs
        attrs = dict(self.attrs())
        return [
            raw.Conv3DBackpropInputV2(idioms.shape(x), w, g, **attrs),
            raw.Conv3DBackpropFilterV2(x, idioms.shape(w), g, **attrs),
        ]


class Conv3DBackpropInputV2(_Volume):
    """The gradient of Conv3D with respect to its input."""

    signature = "input_sizes:Tshape, filter:T, out_backprop:T -> output:T | T: floating; Tshape: index = int32"
    by_value = True

    def infer(self, sizes: Tensor, w: Tensor, dy: Tensor) -> Any:
        with_rank("filter", w, 5)
        with_rank("out_backprop", dy, 5)
        return known_shape(sizes).with_rank(5)

    def reference(self, sizes: Any, w: Any, dy: Any) -> Any:
        return convolution.conv3d_backprop_input(sizes, w, dy, **dict(self.attrs()))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        _, w, dy = n.inputs
        attrs = dict(self.attrs())
        return [
            None,
            raw.Conv3DBackpropFilterV2(g, idioms.shape(w), dy, **attrs),
            raw.Conv3D(g, w, **attrs),
        ]


class Conv3DBackpropFilterV2(_Volume):
    """The gradient of Conv3D with respect to its filter."""

    signature = "input:T, filter_sizes:int32, out_backprop:T -> output:T | T: floating"
    by_value = True

    def infer(self, x: Tensor, sizes: Tensor, dy: Tensor) -> Any:
        with_rank("input", x, 5)
        with_rank("out_backprop", dy, 5)
        return known_shape(sizes).with_rank(5)

    def reference(self, x: Any, sizes: Any, dy: Any) -> Any:
        return convolution.conv3d_backprop_filter(x, sizes, dy, **dict(self.attrs()))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, _, dy = n.inputs
        attrs = dict(self.attrs())
        return [
            raw.Conv3DBackpropInputV2(idioms.shape(x), g, dy, **attrs),
            None,
            raw.Conv3D(x, g, **attrs),
        ]
