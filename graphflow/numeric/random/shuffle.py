"""Rows in random order: Fisher and Yates's shuffle, and the draw of a shuffling queue."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.philox import Stream, Words


def random_shuffle(stream: Stream, value: NDArray[Any]) -> NDArray[Any]:
    """For i = 0, 1, ...: swap row i with row i + w_i mod (rows - i); the array itself if it has no two rows."""
    rows = value.shape[0] if value.ndim else 1
    if rows <= 1 or value.size <= 1:
        return value
    blocks = -(-(rows - 1) // 4)
    words = stream.words(stream.reserve(blocks), blocks)[: rows - 1]
    steps = np.arange(rows - 1)
    order = list(range(rows))
    for i, other in enumerate((steps + words % (rows - steps)).tolist()):
        order[i], order[other] = order[other], order[i]
    return value[order]


def queue_index(words: Words, size: int) -> int:
    """Which of a queue's `size` elements goes next; the last one then moves into its place."""
    if size < 1:
        raise ValueError("an empty queue has nothing to draw")
    return words.draw() % size
