"""Boxes in images: which of those that overlap to keep, and how to draw them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.ir.known import known_scalar
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, Dim, Symbol, TensorShape
from graphflow.numeric import boxes as numeric_boxes
from graphflow.ops.windows import same_dim, with_rank

_TYPES = "T: float16, float32 = float32; T_threshold: float16, float32 = float32"


def _check_boxes(boxes: Tensor, scores: Tensor, *scalars: Tensor) -> None:
    count, corners = with_rank("boxes", boxes, 2)
    same_dim("the numbers of a box and 4", corners, 4)
    same_dim("the numbers of boxes and scores", count, with_rank("scores", scores, 1)[0])
    for scalar in scalars:
        with_rank("a threshold", scalar, 0)


def _padded(found: Any, size: int) -> Any:
    """The vector with zeros behind, up to `size` elements."""
    return np.pad(found, (0, max(0, size - len(found))))


class NonMaxSuppression(Op):
    """The best boxes, without those that overlap a better one too much."""

    signature = "boxes:float32, scores:float32, max_output_size:int32 -> selected_indices:int32"
    differentiable = False
    iou_threshold: float = 0.5

    def infer(self, boxes: Tensor, scores: Tensor, size: Tensor) -> Any:
        _check_boxes(boxes, scores, size)
        return TensorShape([None])

    def reference(self, boxes: Any, scores: Any, size: Any) -> Any:
        return numeric_boxes.non_max_suppression(boxes, scores, int(size), self.iou_threshold)[0]


class NonMaxSuppressionV2(Op):
    """NonMaxSuppression with its threshold as an input."""

    signature = (
        "boxes:T, scores:T, max_output_size:int32, iou_threshold:T_threshold -> selected_indices:int32 "
        f"| {_TYPES}"
    )
    differentiable = False

    def infer(self, boxes: Tensor, scores: Tensor, *scalars: Tensor) -> Any:
        _check_boxes(boxes, scores, *scalars)
        return TensorShape([None])

    def reference(self, boxes: Any, scores: Any, size: Any, overlap: Any) -> Any:
        return numeric_boxes.non_max_suppression(boxes, scores, int(size), float(overlap))[0]


class NonMaxSuppressionV3(Op):
    """NonMaxSuppressionV2 of the boxes above a score."""

    signature = (
        "boxes:T, scores:T, max_output_size:int32, iou_threshold:T_threshold, "
        f"score_threshold:T_threshold -> selected_indices:int32 | {_TYPES}"
    )

    def infer(self, boxes: Tensor, scores: Tensor, *scalars: Tensor) -> Any:
        _check_boxes(boxes, scores, *scalars)
        return TensorShape([None])

    def reference(self, boxes: Any, scores: Any, size: Any, overlap: Any, least: Any) -> Any:
        return numeric_boxes.non_max_suppression(
            boxes, scores, int(size), float(overlap), float(least)
        )[0]


def _selected(size: Tensor, padded: bool) -> TensorShape:
    known = known_scalar(size) if padded else None
    dim: Dim = Symbol() if known is None else max(0, known)
    return TensorShape.of((dim,))


class NonMaxSuppressionV4(Op):
    """NonMaxSuppressionV3 with as many results as asked for, and how many of them count."""

    signature = (
        "boxes:T, scores:T, max_output_size:int32, iou_threshold:T_threshold, "
        f"score_threshold:T_threshold -> selected_indices:int32, valid_outputs:int32 | {_TYPES}"
    )
    by_value = True
    pad_to_max_output_size: bool = False

    def infer(self, boxes: Tensor, scores: Tensor, size: Tensor, *scalars: Tensor) -> Any:
        _check_boxes(boxes, scores, size, *scalars)
        return _selected(size, self.pad_to_max_output_size), SCALAR

    def reference(self, boxes: Any, scores: Any, size: Any, overlap: Any, least: Any) -> Any:
        found, _ = numeric_boxes.non_max_suppression(
            boxes, scores, int(size), float(overlap), float(least)
        )
        count = np.array(len(found), np.int32)
        return _padded(found, int(size)) if self.pad_to_max_output_size else found, count


class NonMaxSuppressionV5(Op):
    """NonMaxSuppressionV4 that may lower the scores of overlapping boxes instead of dropping them."""

    signature = (
        "boxes:T, scores:T, max_output_size:int32, iou_threshold:T, score_threshold:T, "
        "soft_nms_sigma:T -> selected_indices:int32, selected_scores:T, valid_outputs:int32 "
        "| T: float16, float32 = float32"
    )
    by_value = True
    pad_to_max_output_size: bool = False

    def infer(self, boxes: Tensor, scores: Tensor, size: Tensor, *scalars: Tensor) -> Any:
        _check_boxes(boxes, scores, size, *scalars)
        selected = _selected(size, self.pad_to_max_output_size)
        return selected, selected, SCALAR

    def reference(
        self, boxes: Any, scores: Any, size: Any, overlap: Any, least: Any, sigma: Any
    ) -> Any:
        found, kept = numeric_boxes.non_max_suppression(
            boxes, scores, int(size), float(overlap), float(least), float(sigma)
        )
        count = np.array(len(found), np.int32)
        kept = kept.astype(scores.dtype, copy=False)
        if self.pad_to_max_output_size:
            found, kept = _padded(found, int(size)), _padded(kept, int(size))
        return found, kept, count


class NonMaxSuppressionWithOverlaps(Op):
    """The best boxes, without those that overlap a better one too much by a given matrix of overlaps."""

    signature = (
        "overlaps:float32, scores:float32, max_output_size:int32, overlap_threshold:float32, "
        "score_threshold:float32 -> selected_indices:int32"
    )
    differentiable = False

    def infer(self, overlaps: Tensor, scores: Tensor, *scalars: Tensor) -> Any:
        rows, columns = with_rank("overlaps", overlaps, 2)
        count = same_dim("the numbers of boxes and scores", rows, with_rank("scores", scores, 1)[0])
        same_dim("the rows and columns of overlaps", count, columns)
        for scalar in scalars:
            with_rank("a threshold", scalar, 0)
        return TensorShape([None])

    def reference(self, overlaps: Any, scores: Any, size: Any, overlap: Any, least: Any) -> Any:
        return numeric_boxes.non_max_suppression_with_overlaps(
            overlaps, scores, int(size), float(overlap), float(least)
        )


class DrawBoundingBoxes(Op):
    """The images with a frame, one pixel wide, around each box."""

    signature = "images:T, boxes:float32 -> output:T | T: float32, float16 = float32"
    differentiable = False

    def infer(self, images: Tensor, boxes: Tensor) -> Any:
        with_rank("images", images, 4)
        same_dim("the numbers of a box and 4", with_rank("boxes", boxes, 3)[2], 4)
        return images.shape

    def reference(self, images: Any, boxes: Any) -> Any:
        colours = _COLOURS[:, : images.shape[3]].copy()
        if images.shape[3] == 1:
            colours[:] = 1
        return _framed(images, boxes, colours)


class DrawBoundingBoxesV2(Op):
    """DrawBoundingBoxes in given colours."""

    signature = (
        "images:T, boxes:float32, colors:float32 -> output:T | T: float32, float16 = float32"
    )

    def infer(self, images: Tensor, boxes: Tensor, colors: Tensor) -> Any:
        return DrawBoundingBoxes().infer(images, boxes)

    def reference(self, images: Any, boxes: Any, colors: Any) -> Any:
        if colors.size == 0:
            return DrawBoundingBoxes().reference(images, boxes)
        if colors.ndim != 2 or colors.shape[1] < images.shape[3]:
            raise ValueError(
                f"colors must have a row of {images.shape[3]} channels each, got shape {colors.shape}"
            )
        return _framed(images, boxes, colors[:, : images.shape[3]])


#: yellow, blue, red, lime, purple, olive, maroon, navy, aqua, fuchsia; RGBA
_COLOURS = np.array(
    [
        *([1, 1, 0, 1], [0, 0, 1, 1], [1, 0, 0, 1], [0, 1, 0, 1], [0.5, 0, 0.5, 1]),
        *([0.5, 0.5, 0, 1], [0.5, 0, 0, 1], [0, 0, 0.5, 1], [0, 1, 1, 1], [1, 0, 1, 1]),
    ],
    np.float32,
)


def _framed(images: Any, boxes: Any, colours: Any) -> Any:
    """Copies of the images with frames; what lies outside of an image is not drawn."""
    depth = images.shape[3]
    if depth not in (1, 3, 4):
        raise ValueError(
            f"channel depth should be either 1 (GRY), 3 (RGB) or 4 (RGBA), got {depth}"
        )
    if len(boxes) != len(images):
        raise ValueError(f"there must be boxes for each image: got {len(boxes)} for {len(images)}")
    framed = images.copy()
    height, width = images.shape[1:3]
    corners = np.nan_to_num(boxes * np.array([height - 1, width - 1] * 2, np.float32))
    for image, rows in zip(framed, np.clip(corners, -(2**31), 2**31).astype(np.int64), strict=True):
        for i, (top, left, bottom, right) in enumerate(rows.tolist()):
            if (
                top > bottom
                or left > right
                or bottom < 0
                or right < 0
                or top >= height
                or left >= width
            ):
                continue
            colour = colours[i % len(colours)]
            across = slice(max(left, 0), min(right, width - 1) + 1)
            down = slice(max(top, 0), min(bottom, height - 1) + 1)
            for y in (top, bottom):
                if 0 <= y < height:
                    image[y, across] = colour
            for x in (left, right):
                if 0 <= x < width:
                    image[down, x] = colour
    return framed
