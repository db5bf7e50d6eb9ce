"""Tensors as text inside a template: StringFormat, which tf.print is made of."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR

_ESCAPES = {"\n": r"\n", "\r": r"\r", "\t": r"\t", '"': r"\"", "'": r"\'", "\\": r"\\"}


def _quoted(value: bytes) -> str:
    r"""A string in quotes, with \n and the like, and octal numbers for what cannot be shown."""
    shown = [_ESCAPES.get(chr(b)) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in value]
    return '"' + "".join(shown) + '"'


def _number(value: Any, digits: tuple[int, int], narrow: Any) -> str:
    """A float with as few digits as come back as the same float."""
    short = f"{float(value):.{digits[0]}g}"
    if np.isnan(value) or narrow(float(short)) == narrow(value):
        return short
    return f"{float(value):.{digits[1]}g}"


def element_text(value: Any, dtype: np.dtype[Any]) -> str:
    """One element as text."""
    if dtype.kind == "O":
        return _quoted(value) if isinstance(value, bytes) else "<opaque>"
    if dtype.kind == "b":
        return "1" if value else "0"
    if dtype.kind in "iu":
        return str(int(value))
    if dtype.kind == "c":
        return "?"  # as TensorFlow shows them
    if dtype.itemsize == 8:
        return _number(value, (15, 17), np.float64)
    with np.errstate(over="ignore"):
        return _number(value, (6, 9), np.float32)


def summary(array: Any, edge: int) -> str:
    """The array in brackets, with at most `edge` entries at either end of each axis; -1 is all."""
    if array.ndim == 0:
        return element_text(array[()], array.dtype)
    return _nested(array, edge, 0)


def _nested(array: Any, edge: int, depth: int) -> str:
    count = len(array)
    whole = edge < 0 or count <= 2 * edge
    places = range(count) if whole else [*range(edge), *range(count - edge, count)]
    if array.ndim == 1:
        parts = [element_text(array[i], array.dtype) for i in places]
        gap = " "
    else:
        parts = [_nested(array[i], edge, depth + 1) for i in places]
        gap = "\n" * (array.ndim - 1) + " " * (depth + 1)
    if not whole:
        parts.insert(edge, "...")
    return "[" + gap.join(parts) + "]"


class StringFormat(Op):
    """The template with each placeholder replaced by a tensor's text."""

    signature = "inputs:[T] -> output:string"
    template: str = "%s"
    placeholder: str = "%s"
    summarize: int = 3

    def infer(self, xs: Any) -> Any:
        if self.template.count(self.placeholder) != len(xs):
            raise ValueError(
                f"num placeholders in template and num inputs must match: "
                f"{self.template.count(self.placeholder)} vs. {len(xs)}"
            )
        return SCALAR

    def reference(self, xs: list[Any]) -> Any:
        pieces = self.template.split(self.placeholder)
        shown = [summary(x, self.summarize) for x in xs]
        out = np.empty((), object)
        whole = "".join(p + s for p, s in zip(pieces, [*shown, ""], strict=True))
        out[()] = whole.encode("utf-8", "surrogateescape")
        return out
