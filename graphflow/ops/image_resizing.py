"""Images in other sizes, and the gradients of that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.dtype import float32, float64
from graphflow.ir.known import known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import Dim, TensorShape
from graphflow.numeric import resize, resize_gradients
from graphflow.ops import idioms
from graphflow.ops.windows import same_dim, with_rank

_WHOLE = "int8, uint8, int16, uint16, int32, int64"


def known_size(size: Tensor) -> tuple[Dim, ...]:
    """The height and width that a vector of two sizes spells."""
    for length in with_rank("size", size, 1):
        same_dim("the number of sizes and 2", length, 2)
    found: tuple[Dim, ...] = known_shape(size).with_rank(2).known or ()
    return found


class _Resize(Op, abstract=True):
    """Where the centers of pixels lie."""

    by_value = True
    align_corners: bool = False
    half_pixel_centers: bool = False

    def infer(self, x: Tensor, size: Tensor) -> Any:
        batch, _, _, depth = with_rank("images", x, 4)
        return TensorShape.of((batch, *known_size(size), depth))


class ResizeBilinear(_Resize):
    """Linear interpolation between the four nearest pixels."""

    signature = f"images:T, size:int32 -> resized_images:float32 | T: {_WHOLE}, floating"

    def reference(self, x: Any, size: Any) -> Any:
        return resize.resize_bilinear(x, size, **dict(self.attrs()))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.ResizeBilinearGrad(g, n.inputs[0], **dict(self.attrs())), None]


class ResizeBicubic(_Resize):
    """Cubic interpolation between the sixteen nearest pixels."""

    signature = (
        f"images:T, size:int32 -> resized_images:float32 | T: {_WHOLE}, float16, float32, float64"
    )

    def reference(self, x: Any, size: Any) -> Any:
        return resize.resize_bicubic(x, size, **dict(self.attrs()))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x = n.inputs[0]
        if x.dtype.base_dtype not in (float32, float64):
            return [None, None]
        return [raw.ResizeBicubicGrad(g, x, **dict(self.attrs())), None]


class ResizeNearestNeighbor(_Resize):
    """The nearest pixel."""

    signature = f"images:T, size:int32 -> resized_images:T | T: {_WHOLE}, float16, float32, float64"

    def reference(self, x: Any, size: Any) -> Any:
        return resize.resize_nearest_neighbor(x, size, **dict(self.attrs()))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x = n.inputs[0]
        size: Any = x.shape[1:3]
        if not size.is_static:
            size = idioms.shape(x)[1:3]
        return [raw.ResizeNearestNeighborGrad(g, size, **dict(self.attrs())), None]


class ResizeArea(Op):
    """The mean over the area that a pixel covers."""

    signature = (
        f"images:T, size:int32 -> resized_images:float32 | T: {_WHOLE}, float16, float32, float64"
    )
    by_value = True
    align_corners: bool = False

    def infer(self, x: Tensor, size: Tensor) -> Any:
        batch, _, _, depth = with_rank("images", x, 4)
        return TensorShape.of((batch, *known_size(size), depth))

    def reference(self, x: Any, size: Any) -> Any:
        return resize.resize_area(x, size, self.align_corners)


class _ResizeGrad(Op, abstract=True):
    """Where the centers of pixels lie."""

    align_corners: bool = False
    half_pixel_centers: bool = False

    def infer(self, g: Tensor, x: Tensor) -> Any:
        return x.shape.with_rank(4)


class ResizeBilinearGrad(_ResizeGrad):
    """The gradient of ResizeBilinear."""

    signature = "grads:float32, original_image:T -> output:T | T: floating"

    def reference(self, g: Any, x: Any) -> Any:
        return resize_gradients.resize_bilinear_grad(g, x, **dict(self.attrs()))


class ResizeBicubicGrad(_ResizeGrad):
    """The gradient of ResizeBicubic."""

    signature = "grads:float32, original_image:T -> output:T | T: float32, float64"

    def reference(self, g: Any, x: Any) -> Any:
        return resize_gradients.resize_bicubic_grad(g, x, **dict(self.attrs()))


class ResizeNearestNeighborGrad(_Resize):
    """The gradient of ResizeNearestNeighbor."""

    signature = "grads:T, size:int32 -> output:T | T: uint8, int8, int32, float16, float32, float64"

    def reference(self, g: Any, size: Any) -> Any:
        return resize_gradients.resize_nearest_neighbor_grad(g, size, **dict(self.attrs()))
