"""tf.image: boxes in images."""

from __future__ import annotations

from typing import Any, NamedTuple

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor

_NEVER = float("-inf")


class PaddedSelection(NamedTuple):
    """Selected boxes, and how many of them count."""

    selected_indices: Tensor
    valid_outputs: Tensor


class DistortedBox(NamedTuple):
    """A random part of an image."""

    begin: Tensor
    size: Tensor
    bboxes: Tensor


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
) -> PaddedSelection:
    """non_max_suppression with as many results as asked for, and how many of them count."""
    with build.name_scope(name, "non_max_suppression_padded"):
        limits = _thresholds(iou_threshold, score_threshold)
        found = raw.NonMaxSuppressionV4(
            boxes, scores, max_output_size, *limits, pad_to_max_output_size=pad_to_max_output_size
        )
        return PaddedSelection(*found)


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


def sample_distorted_bounding_box(
    image_size: Any,
    bounding_boxes: Any,
    seed: int | None = None,
    seed2: int | None = None,
    min_object_covered: Any = 0.1,
    aspect_ratio_range: Any = None,
    area_range: Any = None,
    max_attempts: int | None = None,
    use_image_if_no_bounding_boxes: bool | None = None,
    name: str | None = None,
) -> DistortedBox:
    """A random part of an image that covers enough of one of the given boxes: begin, size, and a box."""
    given = {
        "seed": seed,
        "seed2": seed2,
        "aspect_ratio_range": aspect_ratio_range,
        "area_range": area_range,
        "max_attempts": max_attempts,
        "use_image_if_no_bounding_boxes": use_image_if_no_bounding_boxes,
    }
    attrs = {k: v for k, v in given.items() if v is not None}
    with build.name_scope(name, "sample_distorted_bounding_box"):
        found = raw.SampleDistortedBoundingBoxV2(
            image_size, bounding_boxes, min_object_covered, name=name, **attrs
        )
        return DistortedBox(*found)


def extract_glimpse(
    input: Any,
    size: Any,
    offsets: Any,
    centered: bool = True,
    normalized: bool = True,
    uniform_noise: bool = True,
    name: str | None = None,
) -> Tensor:
    """The window of each image around a point, with noise where it leaves the image."""
    return raw.ExtractGlimpse(
        input,
        size,
        offsets,
        centered=centered,
        normalized=normalized,
        uniform_noise=uniform_noise,
        name=name,
    )


__all__: list[str] = []

NAMESPACES = {
    "image": [
        *("draw_bounding_boxes", "extract_glimpse", "non_max_suppression"),
        *("non_max_suppression_overlaps", "non_max_suppression_padded"),
        *("non_max_suppression_with_scores", "sample_distorted_bounding_box"),
    ]
}
