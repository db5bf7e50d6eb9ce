"""Means over sliding windows of images and volumes, and their gradients."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.known import known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.numeric import pooling
from graphflow.ops import idioms
from graphflow.ops.windows import one_of, pooled, with_rank

#: the data formats of images and of volumes
IMAGES, VOLUMES = ("NHWC", "NCHW"), ("NDHWC", "NCDHW")


class Pooling(Op, abstract=True, kw_only=True):
    """The attributes of a pooling of images."""

    ksize: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str
    data_format: str = "NHWC"

    def window(self) -> tuple[Any, ...]:
        """The attributes that say where the window stands."""
        return self.ksize, self.strides, self.padding


class Pooling3D(Op, abstract=True, kw_only=True):
    """The attributes of a pooling of volumes."""

    ksize: tuple[int, ...]
    strides: tuple[int, ...]
    padding: str
    data_format: str = "NDHWC"

    def window(self) -> tuple[Any, ...]:
        """The attributes that say where the window stands."""
        return self.ksize, self.strides, self.padding


def infer_pooled(op: Any, x: Tensor, formats: tuple[str, ...]) -> Any:
    """The shape of a pooling with the attributes of `op`."""
    one_of("data_format", op.data_format, formats)
    one_of("padding", op.padding, ("SAME", "VALID"))
    return pooled(with_rank("input", x, len(formats[0])), op.ksize, op.strides, op.padding)


class AvgPool(Pooling):
    """y[o] = the mean of x over the window at o; padding does not count."""

    signature = "value:T -> output:T | T: floating"

    def infer(self, x: Tensor) -> Any:
        return infer_pooled(self, x, IMAGES)

    def reference(self, x: Any) -> Any:
        return pooling.avg_pool(x, *self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.AvgPoolGrad(idioms.shape(n.inputs[0]), g, **dict(self.attrs()))]


class AvgPoolGrad(Pooling):
    """Each gradient of a mean, shared by the elements of its window."""

    signature = "orig_input_shape:int32, grad:T -> output:T | T: floating"
    by_value = True

    def infer(self, sizes: Tensor, dy: Tensor) -> Any:
        with_rank("grad", dy, 4)
        return known_shape(sizes).with_rank(4)

    def reference(self, sizes: Any, dy: Any) -> Any:
        return pooling.avg_pool_grad(sizes, dy, *self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.StopGradient(n.inputs[0]), raw.AvgPool(g, **dict(self.attrs()))]


class AvgPool3D(Pooling3D):
    """y[o] = the mean of x over the window at o; padding does not count."""

    signature = "input:T -> output:T | T: floating"

    def infer(self, x: Tensor) -> Any:
        return infer_pooled(self, x, VOLUMES)

    def reference(self, x: Any) -> Any:
        return pooling.avg_pool(x, *self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.AvgPool3DGrad(idioms.shape(n.inputs[0]), g, **dict(self.attrs()))]


class AvgPool3DGrad(Pooling3D):
    """Each gradient of a mean, shared by the elements of its window."""

    signature = "orig_input_shape:int32, grad:T -> output:T | T: floating"
    by_value = True

    def infer(self, sizes: Tensor, dy: Tensor) -> Any:
        with_rank("grad", dy, 5)
        return known_shape(sizes).with_rank(5)

    def reference(self, sizes: Any, dy: Any) -> Any:
        return pooling.avg_pool_grad(sizes, dy, *self.window())

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.StopGradient(n.inputs[0]), raw.AvgPool3D(g, **dict(self.attrs()))]
