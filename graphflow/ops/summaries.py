"""The first elements of an array as text, as tf.Print and failed assertions show them."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.ops.string_format import element_text


def summarized(value: Any, most: int) -> str:
    """At most so many elements, all of them if `most` is negative; inner axes are in brackets."""
    array = np.asarray(value)
    limit = array.size if most < 0 else min(most, array.size)
    texts = iter([_text(v, array.dtype) for v in array.ravel()[:limit]])
    shown = _axis(array.shape, 0, _Left(limit), texts)
    return shown + ("..." if array.size > limit else "")


class _Left:
    """How many elements may still be shown."""

    def __init__(self, count: int) -> None:
        self.count = count


def _text(value: Any, dtype: np.dtype[Any]) -> str:
    shown = element_text(value, dtype)
    return shown[1:-1] if dtype.kind == "O" else shown


def _axis(shape: tuple[int, ...], depth: int, left: _Left, texts: Any) -> str:
    """The elements along one axis, until none may be shown any more."""
    if not left.count:
        return ""
    if len(shape) - depth <= 1:
        size = shape[depth] if shape else 1
        count = min(size, left.count)
        left.count -= count
        row = " ".join(next(texts) for _ in range(count))
        return row + ("..." if depth and count < size else "")
    rows = []
    for _ in range(shape[depth]):
        if not left.count:
            break
        rows.append(f"[{_axis(shape, depth + 1, left, texts)}]")
    return "".join(rows)
