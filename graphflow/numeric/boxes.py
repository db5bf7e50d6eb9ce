"""Greedy choice of boxes that overlap little: the best one left is taken, its rivals lose."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from graphflow.numeric.elements import Array, narrowed, quiet, widened


def _overlaps(boxes: Array, areas: Array, i: int) -> Array:
    """Intersection over union of box i with all boxes; 0 where either has no area."""
    low, high = np.maximum(boxes[:, :2], boxes[i, :2]), np.minimum(boxes[:, 2:], boxes[i, 2:])
    shared = np.maximum(high - low, 0).prod(1)
    both = (areas > 0) & (areas[i] > 0)
    return np.where(both, shared / np.where(both, areas + areas[i] - shared, 1), 0).astype(
        boxes.dtype
    )


def _greedy(
    scores: Array,
    limit: int,
    overlaps_with: Callable[[int], Array],
    threshold: float,
    score_threshold: float,
    sigma: float = 0.0,
) -> tuple[Array, Array]:
    """Chosen places and their scores, the best first, the first of equals first."""
    left = scores.copy()
    alive = left > score_threshold
    chosen: list[int] = []
    kept: list[Array] = []
    while len(chosen) < limit and alive.any():
        best = int(np.argmax(np.where(alive, left, -np.inf)))
        chosen.append(best)
        kept.append(left[best])
        alive[best] = False
        overlap = overlaps_with(best)
        if sigma > 0:
            left = left * np.exp(left.dtype.type(-0.5 / sigma) * overlap * overlap)
        alive &= ~(overlap >= threshold) & (left > score_threshold)
    return np.array(chosen, np.int32), np.array(kept, left.dtype)


def _limit(max_output_size: int, count: int) -> int:
    if int(max_output_size) < 0:
        raise ValueError(f"max_output_size must be >= 0, got {max_output_size}")
    return min(int(max_output_size), count)


@quiet
def non_max_suppression(
    boxes: Array,
    scores: Array,
    max_output_size: int,
    iou_threshold: float = 0.5,
    score_threshold: float = -np.inf,
    soft_nms_sigma: float = 0.0,
) -> tuple[Array, Array]:
    """(int32 places, scores) of chosen boxes (y1, x1, y2, x2), any two opposite corners of each.

    Rivals that overlap a chosen box by iou_threshold or more drop out; with sigma > 0 the scores s
    of the others shrink to s * exp(-overlap ** 2 / (2 sigma)), and a box leaves once its score is
    at most score_threshold.
    """
    boxes, scores = np.asarray(boxes), np.asarray(scores)
    if boxes.ndim != 2 or boxes.shape[1] != 4 or scores.shape != boxes.shape[:1]:
        raise ValueError(
            "boxes must be rows of 4 numbers with a score each, "
            f"got shapes {boxes.shape} and {scores.shape}"
        )
    if not 0 <= iou_threshold <= 1:
        raise ValueError(f"iou_threshold must be in [0, 1], got {iou_threshold}")
    if soft_nms_sigma < 0:
        raise ValueError(f"soft_nms_sigma must be >= 0, got {soft_nms_sigma}")
    wide = widened(boxes)
    first, second = wide[:, :2], wide[:, 2:]
    corners = np.concatenate([np.minimum(first, second), np.maximum(first, second)], 1)
    areas = (corners[:, 2:] - corners[:, :2]).prod(1)
    chosen, kept = _greedy(
        widened(scores),
        _limit(max_output_size, len(boxes)),
        lambda i: _overlaps(corners, areas, i),
        float(iou_threshold),
        float(score_threshold),
        float(soft_nms_sigma),
    )
    return chosen, narrowed(kept, scores.dtype)


@quiet
def non_max_suppression_with_overlaps(
    overlaps: Array,
    scores: Array,
    max_output_size: int,
    overlap_threshold: float = 0.5,
    score_threshold: float = -np.inf,
) -> Array:
    """`non_max_suppression` with the overlaps of all pairs of boxes given."""
    overlaps, scores = np.asarray(overlaps), np.asarray(scores)
    if overlaps.shape != scores.shape * 2 or scores.ndim != 1:
        raise ValueError(
            f"overlaps must be square and fit the scores, got shapes {overlaps.shape}, {scores.shape}"
        )
    limit = _limit(max_output_size, len(scores))
    threshold, least = float(overlap_threshold), float(score_threshold)
    return _greedy(scores, limit, lambda i: overlaps[:, i], threshold, least)[0]
