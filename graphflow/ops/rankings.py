"""Orders: TopKV2, InTopKV2, LowerBound, NthElement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.dtype import DType, int32, int64
from graphflow.ir.known import known_scalar
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Symbol, TensorShape
from graphflow.numeric import ranking
from graphflow.ops import arrays, idioms
from graphflow.ops.reduce_idioms import reduce_prod, reduce_sum, sequence


def _top_shape(x: Tensor, k: int | None) -> tuple[TensorShape, TensorShape]:
    dims = x.shape.known
    if dims is None:
        return UNKNOWN, UNKNOWN
    if not dims:
        raise ValueError("Shape must be at least rank 1 but is rank 0")
    if k is not None and k < 0:
        raise ValueError(f"Need k >= 0, got {k}")
    if k is not None and isinstance(dims[-1], int) and dims[-1] < k:
        raise ValueError(f"input must have last dimension >= k = {k} but is {dims[-1]}")
    shape = TensorShape.of((*dims[:-1], Symbol() if k is None else k))
    return shape, shape


def _top_gradient(n: Node, g: Tensor) -> Tensor:
    """Each gradient at the place its value came from, zeros elsewhere."""
    shape, places_shape = idioms.shape(n.inputs[0]), idioms.shape(n.outputs[1])
    k = raw.GatherV2(idioms.cast(places_shape, int64), idioms.size(places_shape) - 1, 0)
    places = raw.Reshape(n.outputs[1], arrays.stack([-1, k]))
    columns = raw.GatherV2(idioms.cast(shape, int64), idioms.size(shape) - 1, 0)
    rows = idioms.shape(places)[0]
    starts = sequence(0, idioms.cast(rows, int64) * columns, columns)
    flat = raw.Reshape(places + idioms.cast(raw.ExpandDims(starts, -1), int32), [-1])
    column = raw.ExpandDims(flat, -1)
    spread = raw.ScatterNd(column, raw.Reshape(g, [-1]), [reduce_prod(shape)])
    out: Tensor = raw.Reshape(spread, shape)
    return out


_ORDERED = (
    "T: float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64"
)


class TopKV2(Op):
    """(values, indices) of the k greatest elements along the last axis."""

    signature = f"input:T, k:int32 -> values:T, indices:int32 | {_ORDERED}"
    by_value = True
    sorted: bool = True

    def infer(self, x: Tensor, k: Tensor) -> Any:
        k.shape.with_rank_at_most(0)
        return _top_shape(x, known_scalar(k))

    def reference(self, x: Any, k: Any) -> Any:
        return ranking.top_k(x, int(k))

    def gradient(self, n: Node, g: Tensor, _: Tensor | None) -> Sequence[Tensor | None]:
        return [_top_gradient(n, g), idioms.zeros([], int32)]


class TopK(Op):
    """(values, indices) of the k greatest elements along the last axis."""

    signature = f"input:T -> values:T, indices:int32 | {_ORDERED}"
    k: int
    sorted: bool = True

    def infer(self, x: Tensor) -> Any:
        return _top_shape(x, self.k)

    def reference(self, x: Any) -> Any:
        return ranking.top_k(x, self.k)

    def gradient(self, n: Node, g: Tensor, _: Tensor | None) -> Sequence[Tensor | None]:
        return [_top_gradient(n, g)]


def _judged(predictions: Tensor, targets: Tensor) -> TensorShape:
    rows = predictions.shape.with_rank(2)[:1]
    return rows.merge_with(targets.shape.with_rank(1))


class InTopK(Op):
    """Whether the prediction for the target is among the k greatest of its row."""

    signature = "predictions:float, targets:T -> precision:bool | T: index = int32"
    k: int

    def infer(self, predictions: Tensor, targets: Tensor) -> Any:
        return _judged(predictions, targets)

    def reference(self, predictions: Any, targets: Any) -> Any:
        return ranking.in_top_k(predictions, targets, self.k)


class InTopKV2(Op):
    """Whether the prediction for the target is among the k greatest of its row."""

    signature = "predictions:float, targets:T, k:T -> precision:bool | T: index = int32"

    def infer(self, predictions: Tensor, targets: Tensor, k: Tensor) -> Any:
        k.shape.with_rank_at_most(0)
        return _judged(predictions, targets)

    def reference(self, predictions: Any, targets: Any, k: Any) -> Any:
        return ranking.in_top_k(predictions, targets, int(k))


class LowerBound(Op):
    """The number of elements of each sorted row that are less than the value."""

    signature = "sorted_inputs:T, values:T -> output:out_type | out_type: index"
    out_type: DType = int32

    def infer(self, rows: Tensor, values: Tensor) -> Any:
        rows.shape.with_rank(2)[:1].merge_with(values.shape.with_rank(2)[:1])
        return values.shape

    def reference(self, rows: Any, values: Any) -> Any:
        return ranking.lower_bound(rows, values, self.out_type.numpy)


class UpperBound(LowerBound):
    """The number of elements of each sorted row that are at most the value."""

    def reference(self, rows: Any, values: Any) -> Any:
        return ranking.upper_bound(rows, values, self.out_type.numpy)


class NthElement(Op):
    """The element of each row that would be at place n if the row were sorted."""

    signature = f"input:T, n:int32 -> values:T | {_ORDERED}"
    reverse: bool = False

    def infer(self, x: Tensor, n: Tensor) -> Any:
        n.shape.with_rank_at_most(0)
        return x.shape.with_rank_at_least(1)[:-1]

    def reference(self, x: Any, n: Any) -> Any:
        at, size = int(n), x.shape[-1]
        if not 0 <= at < size:
            raise ValueError(f"Input must have last dimension > n = {at} and n >= 0, it is {size}")
        return np.sort(x, -1)[..., size - 1 - at if self.reverse else at]

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """Shared evenly among the elements that equal the result."""
        x = n.inputs[0]
        found = raw.ExpandDims(n.outputs[0], -1)
        g = raw.ExpandDims(g, -1)
        equal = idioms.cast(raw.Equal(found, x), g.dtype)
        count = raw.ExpandDims(reduce_sum(equal, -1), -1)
        return [raw.RealDiv(equal, count, name="div") * g, None]
