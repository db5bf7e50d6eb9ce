"""Boxes cut out of images and brought to one size, and the gradients of that."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.errors import OutOfRangeError
from graphflow.ir import raw
from graphflow.ir.dtype import DType, float16, float32, float64
from graphflow.ir.known import known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.numeric import crops
from graphflow.ops import idioms
from graphflow.ops.image_resizing import known_size
from graphflow.ops.windows import one_of, same_dim, with_rank

_IMAGES = "uint8, uint16, int8, int16, int32, int64, float16, float32, float64"


def boxes_of(boxes: Tensor, box_index: Tensor) -> Any:
    """The number of boxes."""
    count, corners = with_rank("boxes", boxes, 2)
    same_dim("the numbers of a box and 4", corners, 4)
    return same_dim(
        "the numbers of boxes and of their images", with_rank("box_ind", box_index, 1)[0], count
    )


class CropAndResize(Op):
    """The boxes of images, each resized to `crop_size`."""

    signature = (
        f"image:T, boxes:float32, box_ind:int32, crop_size:int32 -> crops:float32 | T: {_IMAGES}"
    )
    by_value = True
    method: str = "bilinear"
    extrapolation_value: float = 0.0

    def infer(self, image: Tensor, boxes: Tensor, box_index: Tensor, size: Tensor) -> Any:
        one_of("method", self.method, ("bilinear", "nearest"))
        depth = with_rank("image", image, 4)[3]
        return TensorShape.of((boxes_of(boxes, box_index), *known_size(size), depth))

    def reference(self, image: Any, boxes: Any, box_index: Any, size: Any) -> Any:
        if ((box_index < 0) | (box_index >= len(image))).any():
            raise OutOfRangeError(
                message=f"box_index has values outside [0, {len(image)}): {box_index}"
            )
        return crops.crop_and_resize(
            image, boxes, box_index, size, self.method, self.extrapolation_value
        )

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        image, boxes, box_index, _ = n.inputs
        size: Any = image.shape.as_list() if image.shape.is_static else idioms.shape(image)
        kind = image.dtype.base_dtype
        to_image = None
        if kind in (float16, float32, float64):
            to_image = raw.CropAndResizeGradImage(
                g, boxes, box_index, size, T=kind, method=self.method
            )
        return [to_image, raw.CropAndResizeGradBoxes(g, image, boxes, box_index), None, None]


class CropAndResizeGradImage(Op, kw_only=True):
    """The gradient of CropAndResize with respect to the images."""

    signature = (
        "grads:float32, boxes:float32, box_ind:int32, image_size:int32 -> output:T "
        "| T: float32, float16, float64"
    )
    by_value = True
    T: DType
    method: str = "bilinear"

    def infer(self, g: Tensor, boxes: Tensor, box_index: Tensor, size: Tensor) -> Any:
        with_rank("grads", g, 4)
        boxes_of(boxes, box_index)
        return known_shape(size).with_rank(4)

    def reference(self, g: Any, boxes: Any, box_index: Any, size: Any) -> Any:
        return crops.crop_and_resize_grad_image(
            g, boxes, box_index, size, self.T.numpy, self.method
        )


class CropAndResizeGradBoxes(Op):
    """The gradient of CropAndResize with respect to the corners of the boxes."""

    signature = (
        f"grads:float32, image:T, boxes:float32, box_ind:int32 -> output:float32 | T: {_IMAGES}"
    )
    method: str = "bilinear"

    def infer(self, g: Tensor, image: Tensor, boxes: Tensor, box_index: Tensor) -> Any:
        one_of("method", self.method, ("bilinear",))
        with_rank("grads", g, 4)
        with_rank("image", image, 4)
        boxes_of(boxes, box_index)
        return boxes.shape

    def reference(self, g: Any, image: Any, boxes: Any, box_index: Any) -> Any:
        return crops.crop_and_resize_grad_boxes(g, image, boxes, box_index)
