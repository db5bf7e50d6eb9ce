"""A random part of an image that covers enough of one of the given objects."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from graphflow.numeric.random.bits import unit_float
from graphflow.numeric.random.philox import Stream, Words
from graphflow.numeric.random.samplers import unbiased


class Box(NamedTuple):
    """A part of an image, in whole pixels; its far edges are outside."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def area(self) -> int:
        return max(0, self.bottom - self.top) * max(0, self.right - self.left)

    def common(self, other: Box) -> Box:
        """The part that both share; its area is 0 where there is none."""
        return Box(
            max(self.top, other.top),
            max(self.left, other.left),
            min(self.bottom, other.bottom),
            min(self.right, other.right),
        )


def _below(words: Words, n: int) -> int:
    """A whole number in [0, n)."""
    if n & (n - 1) == 0:
        return int(words.take(1)[0]) & (n - 1)
    return int(unbiased(words, n, 1, 32)[0])


def _rounded(x: Any) -> int:
    return int(np.rint(x))


def sample_distorted_box(
    stream: Stream,
    height: int,
    width: int,
    objects: Sequence[Box],
    min_object_covered: float,
    aspect_ratio_range: Sequence[float],
    area_range: Sequence[float],
    max_attempts: int,
) -> Box:
    """A random part whose area and ratio of width to height are in range; the whole image where no attempt succeeds."""
    words = Words(stream, stream.reserve(max_attempts))
    lowest, highest = (np.float32(v) for v in aspect_ratio_range)
    for _ in range(max_attempts):
        ratio = unit_float(words.take(1))[0] * (highest - lowest) + lowest
        box = _random_part(words, height, width, area_range, np.float32(ratio))
        if box is not None and _covers(box, objects, np.float32(min_object_covered)):
            return box
    return Box(0, 0, height, width)


def _covers(box: Box, objects: Sequence[Box], share: np.float32) -> bool:
    return any(
        np.float32(box.common(o).area) / np.float32(o.area) >= share for o in objects if o.area >= 1
    )


def _random_part(
    words: Words, height: int, width: int, area_range: Sequence[float], ratio: np.float32
) -> Box | None:
    """A random part with that ratio of width to height, or None if rounding leads out of range."""
    least, most = (np.float32(v) * np.float32(width) * np.float32(height) for v in area_range)
    if most <= 0 or ratio <= 0 or width <= 0 or height <= 0 or least > most:
        return None
    rows = _rounded(math.sqrt(np.float32(least / ratio)))
    most_rows = _rounded(math.sqrt(np.float32(most / ratio)))
    if _rounded(np.float32(most_rows) * ratio) > width:
        most_rows = int((width + 0.5 - np.float32(0.0000001)) / float(ratio))
        if _rounded(np.float32(most_rows) * ratio) > width:
            most_rows -= 1
    most_rows = min(most_rows, height)
    rows = min(rows, most_rows)
    if rows < most_rows:
        rows += _below(words, most_rows - rows + 1)
    columns = _rounded(np.float32(rows) * ratio)
    if columns * rows < least:
        rows += 1
        columns = _rounded(np.float32(rows) * ratio)
    if columns * rows > most:
        rows -= 1
        columns = _rounded(np.float32(rows) * ratio)
    if not (least <= columns * rows <= most and 0 < columns <= width and 0 < rows <= height):
        return None
    top = _below(words, height - rows) if rows < height else 0
    left = _below(words, width - columns) if columns < width else 0
    return Box(top, left, top + rows, left + columns)
