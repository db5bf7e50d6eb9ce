"""tf.image: boxes in images."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor

_NEVER = float("-inf")

NonMaxSuppressionV4 = namedtuple("NonMaxSuppressionV4", ["selected_indices", "valid_outputs"])


def _thresholds(overlap: Any, least: Any) -> tuple[Tensor, Tensor]:
    return convert(overlap, name="iou_threshold"), convert(least, name="score_threshold")


def non_max_suppression(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = _NEVER,
    name: str | None = None,
) -> Tensor:
    """The best boxes, without those that overlap a better one too much."""
    with build.name_scope(name, "non_max_suppression"):
        limits = _thresholds(iou_threshold, score_threshold)
        return raw.NonMaxSuppressionV3(boxes, scores, max_output_size, *limits)


def non_max_suppression_with_scores(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = _NEVER,
    soft_nms_sigma: Any = 0.0,
    name: str | None = None,
) -> tuple[Tensor, Tensor]:
    """non_max_suppression that may lower the scores of overlapping boxes instead of dropping them."""
    with build.name_scope(name, "non_max_suppression_with_scores"):
        limits = _thresholds(iou_threshold, score_threshold)
        sigma = convert(soft_nms_sigma, name="soft_nms_sigma")
        found, kept, _ = raw.NonMaxSuppressionV5(boxes, scores, max_output_size, *limits, sigma)
        return found, kept


def non_max_suppression_padded(
    boxes: Any,
    scores: Any,
    max_output_size: Any,
    iou_threshold: Any = 0.5,
    score_threshold: Any = _NEVER,
    pad_to_max_output_size: bool = False,
    name: str | None = None,
) -> NonMaxSuppressionV4:
    """non_max_suppression with as many results as asked for, and how many of them count."""
    with build.name_scope(name, "non_max_suppression_padded"):
        limits = _thresholds(iou_threshold, score_threshold)
        found = raw.NonMaxSuppressionV4(
            boxes, scores, max_output_size, *limits, pad_to_max_output_size=pad_to_max_output_size
        )
        return NonMaxSuppressionV4(*found)


def non_max_suppression_overlaps(
    overlaps: Any,
    scores: Any,
    max_output_size: Any,
    overlap_threshold: Any = 0.5,
    score_threshold: Any = _NEVER,
    name: str | None = None,
) -> Tensor:
    """non_max_suppression by a given matrix of overlaps."""
    with build.name_scope(name, "non_max_suppression_overlaps"):
        overlap = convert(overlap_threshold, name="overlap_threshold")
        return raw.NonMaxSuppressionWithOverlaps(
            overlaps, scores, max_output_size, overlap, score_threshold
        )


def draw_bounding_boxes(
    images: Any, boxes: Any, name: str | None = None, colors: Any = None
) -> Tensor:
    """The images with a frame around each box."""
    if colors is None:
        return raw.DrawBoundingBoxes(images, boxes, name=name)
    return raw.DrawBoundingBoxesV2(images, boxes, colors, name=name)


__all__: list[str] = []

NAMESPACES = {
    "image": [
        *("draw_bounding_boxes", "non_max_suppression", "non_max_suppression_overlaps"),
        *("non_max_suppression_padded", "non_max_suppression_with_scores"),
    ]
}
