"""Strings taken apart: StringSplit and StringSplitV2, which give sparse tensors."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape


def _split(x: Any, cut: Callable[[bytes], list[bytes]]) -> tuple[Any, Any, Any]:
    """The pieces of each string of a vector, as a sparse matrix with a row for each."""
    if x.ndim != 1:
        raise ValueError(f"input must be a vector, got shape: {x.shape}")
    rows = [cut(value) for value in x.tolist()]
    places = [(i, j) for i, row in enumerate(rows) for j in range(len(row))]
    values = np.empty(len(places), object)
    values[:] = [piece for row in rows for piece in row]
    shape = np.array([len(rows), max((len(row) for row in rows), default=0)], np.int64)
    return np.array(places, np.int64).reshape(-1, 2), values, shape


_SHAPES = TensorShape([None, 2]), TensorShape([None]), TensorShape([2])


class StringSplit(Op):
    """The pieces between any of the delimiter's bytes; single bytes where it is empty."""

    signature = "input:string, delimiter:string -> indices:int64, values:string, shape:int64"
    differentiable = False
    skip_empty: bool = True

    def infer(self, x: Tensor, delimiter: Tensor) -> Any:
        x.shape.with_rank(1)
        delimiter.shape.with_rank_at_most(0)
        return _SHAPES

    def reference(self, x: Any, delimiter: Any) -> Any:
        marks = delimiter[()]
        return _split(x, lambda value: self._cut(value, marks))

    def _cut(self, value: bytes, marks: bytes) -> list[bytes]:
        if not marks or not value:
            return [value[i : i + 1] for i in range(len(value))]
        pieces, start = [], 0
        for i, byte in enumerate(value):
            if byte in marks:
                pieces.append(value[start:i])
                start = i + 1
        pieces.append(value[start:])
        return [p for p in pieces if p] if self.skip_empty else pieces


class StringSplitV2(Op):
    """The pieces between separators, at most `maxsplit` of which count; white space where it is empty."""

    signature = "input:string, sep:string -> indices:int64, values:string, shape:int64"
    maxsplit: int = -1

    def infer(self, x: Tensor, sep: Tensor) -> Any:
        x.shape.with_rank(1)
        sep.shape.with_rank_at_most(0)
        return _SHAPES

    def reference(self, x: Any, sep: Any) -> Any:
        mark = sep[()] or None
        return _split(x, lambda value: value.split(mark, self.maxsplit))
