"""Distinct elements: Unique and ListDiff."""

from __future__ import annotations

from typing import Any

from graphflow.ir.dtype import DType, int32
from graphflow.ir.known import constant_value, known_list
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Symbol, TensorShape
from graphflow.numeric import distinct
from graphflow.ops.dims import axis_within


class Unique(Op):
    """(y, idx) with x[i] = y[idx[i]], y distinct and in the order of first mention."""

    signature = "x:T -> y:T, idx:out_idx | out_idx: index"
    out_idx: DType = int32

    def infer(self, x: Tensor) -> Any:
        return TensorShape([None]), x.shape.with_rank(1)

    def reference(self, x: Any) -> Any:
        return distinct.unique(x, None, self.out_idx.numpy)[:2]


class UniqueWithCounts(Op):
    """As Unique, and how often each element of y comes."""

    signature = "x:T -> y:T, idx:out_idx, count:out_idx | out_idx: index"
    out_idx: DType = int32

    def infer(self, x: Tensor) -> Any:
        counts = TensorShape([None])
        return counts, x.shape.with_rank(1), counts

    def reference(self, x: Any) -> Any:
        return distinct.unique(x, None, self.out_idx.numpy)


class UniqueV2(Op):
    """(y, idx): the distinct slices along an axis, and which of them each slice is."""

    signature = "x:T, axis:Taxis -> y:T, idx:out_idx | out_idx: index; Taxis: index = int64"
    by_value = True
    out_idx: DType = int32

    def infer(self, x: Tensor, axis: Tensor) -> Any:
        return _along_axis(x, axis)

    def reference(self, x: Any, axis: Any) -> Any:
        return distinct.unique(x, _one_axis(axis, x), self.out_idx.numpy)[:2]


class UniqueWithCountsV2(Op):
    """As UniqueV2, and how often each slice comes."""

    signature = (
        "x:T, axis:Taxis -> y:T, idx:out_idx, count:out_idx | out_idx: index; Taxis: index = int64"
    )
    by_value = True
    out_idx: DType = int32

    def infer(self, x: Tensor, axis: Tensor) -> Any:
        y, idx = _along_axis(x, axis)
        return y, idx, TensorShape([None])

    def reference(self, x: Any, axis: Any) -> Any:
        return distinct.unique(x, _one_axis(axis, x), self.out_idx.numpy)


def _along_axis(x: Tensor, axis: Tensor) -> tuple[TensorShape, TensorShape]:
    dims, spelt = x.shape.known, known_list(axis)
    if dims is None or spelt is None:
        return UNKNOWN, TensorShape([None])
    if not spelt:
        return x.shape, TensorShape([x.shape.with_rank(1)[0]])
    at = axis_within(spelt[0], len(dims))
    return TensorShape.of((*dims[:at], Symbol(), *dims[at + 1 :])), TensorShape.of((dims[at],))


def _one_axis(axis: Any, x: Any) -> int | None:
    if axis.size > 1:
        raise ValueError(f"axis does not support input tensors larger than 1 elements: {axis}")
    return int(axis.ravel()[0]) if axis.size else None


class ListDiff(Op):
    """(out, idx): the elements of x that are not in y, and their places."""

    signature = "x:T, y:T -> out:T, idx:out_idx | out_idx: index"
    out_idx: DType = int32

    def infer(self, x: Tensor, y: Tensor) -> Any:
        x.shape.with_rank(1)
        y.shape.with_rank(1)
        out = TensorShape([None])
        return out, out

    def known(self, x: Tensor, y: Tensor) -> Any:
        known_x, known_y = constant_value(x), constant_value(y)
        if known_x is None or known_y is None:
            return None
        return self.reference(known_x, known_y)

    def reference(self, x: Any, y: Any) -> Any:
        return distinct.list_diff(x, y, self.out_idx.numpy)
