"""Maxima over sliding windows of images and volumes, and their gradients to the third order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.known import known_list
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN
from graphflow.numeric import max_pool_gradients, pooling
from graphflow.ops.idioms import zeros_shaped_like
from graphflow.ops.pooling import IMAGES, VOLUMES, Pooling, Pooling3D, infer_pooled
from graphflow.ops.windows import one_of, pooled, with_rank

_MAX_TYPES = "floating, int32, int64, uint8, int16, int8, uint16, qint8"
_THREE = "orig_input:T, orig_output:T, grad:T -> output:T"


class MaxPool(Pooling):
    """y[o] = the maximum of x over the window at o."""

    signature = f"input:T -> output:T | T: {_MAX_TYPES} = float32"

    def infer(self, x: Tensor) -> Any:
        return infer_pooled(self, x, IMAGES)

    def reference(self, x: Any) -> Any:
        return pooling.max_pool(x, *self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.MaxPoolGrad(n.inputs[0], n.out, g, **dict(self.attrs()))]


class MaxPoolGrad(Pooling):
    """Each gradient of a maximum, at the place of the maximum."""

    signature = f"{_THREE} | T: real = float32"

    def infer(self, x: Tensor, y: Tensor, dy: Tensor) -> Any:
        return x.shape.with_rank(4)

    def reference(self, x: Any, y: Any, dy: Any) -> Any:
        return max_pool_gradients.max_pool_grad(x, y, dy, *self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, y, _ = n.inputs
        attrs = dict(self.attrs())
        return [zeros_shaped_like(x), zeros_shaped_like(y), raw.MaxPoolGradGrad(x, y, g, **attrs)]


class MaxPoolGradGrad(Pooling):
    """What lies at the places of the maxima."""

    signature = f"{_THREE} | T: real"

    def infer(self, x: Tensor, y: Tensor, ddx: Tensor) -> Any:
        return y.shape.with_rank(4)

    def reference(self, x: Any, y: Any, ddx: Any) -> Any:
        return max_pool_gradients.max_pool_grad_grad(x, y, ddx, *self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, y, _ = n.inputs
        attrs = dict(self.attrs())
        return [zeros_shaped_like(x), zeros_shaped_like(y), raw.MaxPoolGrad(x, y, g, **attrs)]


class MaxPool3D(Pooling3D):
    """y[o] = the maximum of x over the window at o."""

    signature = "input:T -> output:T | T: float16, bfloat16, float32"

    def infer(self, x: Tensor) -> Any:
        return infer_pooled(self, x, VOLUMES)

    def reference(self, x: Any) -> Any:
        return pooling.max_pool(x, *self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.MaxPool3DGrad(n.inputs[0], n.out, g, **dict(self.attrs()))]


class MaxPool3DGrad(Pooling3D):
    """Each gradient of a maximum, at every place that attains the maximum."""

    signature = (
        "orig_input:TInput, orig_output:TInput, grad:T -> output:T "
        "| T: float16, bfloat16, float32 = float32; TInput: float16, bfloat16, float32 = float32"
    )

    def infer(self, x: Tensor, y: Tensor, dy: Tensor) -> Any:
        return x.shape.with_rank(5)

    def reference(self, x: Any, y: Any, dy: Any) -> Any:
        return max_pool_gradients.max_pool_grad(x, y, dy, *self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, y, _ = n.inputs
        attrs = dict(self.attrs())
        return [zeros_shaped_like(x), zeros_shaped_like(y), raw.MaxPool3DGradGrad(x, y, g, **attrs)]


class MaxPool3DGradGrad(Pooling3D):
    """What lies at the first places of the maxima."""

    signature = f"{_THREE} | T: real"

    def infer(self, x: Tensor, y: Tensor, ddx: Tensor) -> Any:
        return y.shape.with_rank(5)

    def reference(self, x: Any, y: Any, ddx: Any) -> Any:
        return max_pool_gradients.max_pool_grad_grad(x, y, ddx, *self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, y, _ = n.inputs
        attrs = dict(self.attrs())
        return [zeros_shaped_like(x), zeros_shaped_like(y), raw.MaxPool3DGrad(x, y, g, **attrs)]


class _ByInput(Op, abstract=True, kw_only=True):
    """A pooling whose window is given by inputs."""

    by_value = True
    padding: str
    data_format: str = "NHWC"


class MaxPoolV2(_ByInput):
    """MaxPool with the window and its strides as inputs."""

    signature = f"input:T, ksize:int32, strides:int32 -> output:T | T: {_MAX_TYPES} = float32"

    def infer(self, x: Tensor, ksize: Tensor, strides: Tensor) -> Any:
        one_of("data_format", self.data_format, IMAGES)
        one_of("padding", self.padding, ("SAME", "VALID"))
        sizes, size, step = with_rank("input", x, 4), known_list(ksize), known_list(strides)
        if size is None or step is None:
            return UNKNOWN
        return pooled(sizes, size, step, self.padding)

    def reference(self, x: Any, ksize: Any, strides: Any) -> Any:
        return pooling.max_pool(x, ksize.tolist(), strides.tolist(), self.padding)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, ksize, strides = n.inputs
        attrs = dict(self.attrs())
        return [raw.MaxPoolGradV2(x, n.out, g, ksize, strides, **attrs), None, None]


class MaxPoolGradV2(_ByInput):
    """MaxPoolGrad with the window and its strides as inputs."""

    signature = "orig_input:T, orig_output:T, grad:T, ksize:int32, strides:int32 -> output:T | T: real = float32"

    def infer(self, x: Tensor, y: Tensor, dy: Tensor, ksize: Tensor, strides: Tensor) -> Any:
        return x.shape.with_rank(4)

    def reference(self, x: Any, y: Any, dy: Any, ksize: Any, strides: Any) -> Any:
        return max_pool_gradients.max_pool_grad(
            x, y, dy, ksize.tolist(), strides.tolist(), self.padding
        )

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x, y, _, ksize, strides = n.inputs
        attrs = dict(self.attrs())
        second = [
            zeros_shaped_like(x),
            zeros_shaped_like(y),
            raw.MaxPoolGradGradV2(x, y, g, ksize, strides, **attrs),
        ]
        return [*second, None, None]


class MaxPoolGradGradV2(_ByInput):
    """MaxPoolGradGrad with the window and its strides as inputs."""

    signature = (
        "orig_input:T, orig_output:T, grad:T, ksize:int32, strides:int32 -> output:T | T: real"
    )

    def infer(self, x: Tensor, y: Tensor, ddx: Tensor, ksize: Tensor, strides: Tensor) -> Any:
        return y.shape.with_rank(4)

    def reference(self, x: Any, y: Any, ddx: Any, ksize: Any, strides: Any) -> Any:
        return max_pool_gradients.max_pool_grad_grad(
            x, y, ddx, ksize.tolist(), strides.tolist(), self.padding
        )
