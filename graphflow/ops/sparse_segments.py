"""Reductions of selected rows that share a segment id, as sparse embeddings need them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Symbol, TensorShape
from graphflow.numeric import sparse_segments
from graphflow.ops import idioms
from graphflow.ops.segments import counted, gathered

_SUMMED = "T: real; Tidx: index = int32"
_AVERAGED = "T: float32, float64; Tidx: index = int32"
_ROWS = "data:T, indices:Tidx, segment_ids:int32 -> output:T"
_COUNTED_ROWS = "data:T, indices:Tidx, segment_ids:int32, num_segments:Tnumsegments -> output:T"
_SIZED = "Tnumsegments: index = int32"


class _Selected(Op, abstract=True):
    numpy: ClassVar[Any]
    #: the op that gives the gradient, None for a sum, which gathers and scatters
    backward: ClassVar[str | None] = None

    def rows(self, data: Tensor, indices: Tensor, ids: Tensor) -> Any:
        """The shape of the rows, which come after the number of segments."""
        indices.shape.with_rank(1).merge_with(ids.shape.with_rank(1))
        return data.shape.with_rank_at_least(1).known

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        data, indices, ids = n.inputs[:3]
        size = idioms.shape(data)[0]
        if self.backward is None:
            found = raw.UnsortedSegmentSum(gathered(g, ids), indices, size)
        else:
            found = getattr(raw, self.backward)(g, indices, ids, size)
        return [found, *(None for _ in n.inputs[1:])]


class _Plain(_Selected, abstract=True):
    def infer(self, data: Tensor, indices: Tensor, ids: Tensor) -> Any:
        rows = self.rows(data, indices, ids)
        return UNKNOWN if rows is None else TensorShape.of((Symbol(), *rows[1:]))

    def reference(self, data: Any, indices: Any, ids: Any) -> Any:
        return type(self).numpy(data, indices, ids)


class _Counted(_Selected, abstract=True):
    by_value = True

    def infer(self, data: Tensor, indices: Tensor, ids: Tensor, size: Tensor) -> Any:
        rows, count = self.rows(data, indices, ids), counted(size, "num_segments")
        return UNKNOWN if rows is None else TensorShape.of((count, *rows[1:]))

    def reference(self, data: Any, indices: Any, ids: Any, size: Any) -> Any:
        return type(self).numpy(data, indices, ids, int(size))


class SparseSegmentSum(_Plain):
    """out[s] = sum of data[indices[i]] with ids[i] = s."""

    signature = f"{_ROWS} | {_SUMMED}"
    numpy = sparse_segments.sparse_segment_sum


class SparseSegmentSumWithNumSegments(_Counted):
    """The same, with a given number of segments."""

    signature = f"{_COUNTED_ROWS} | {_SUMMED}; {_SIZED}"
    numpy = sparse_segments.sparse_segment_sum


class SparseSegmentMean(_Plain):
    """out[s] = mean of data[indices[i]] with ids[i] = s."""

    signature = f"{_ROWS} | {_AVERAGED}"
    numpy = sparse_segments.sparse_segment_mean
    backward = "SparseSegmentMeanGrad"


class SparseSegmentMeanWithNumSegments(_Counted):
    """The same, with a given number of segments."""

    signature = f"{_COUNTED_ROWS} | {_AVERAGED}; {_SIZED}"
    numpy = sparse_segments.sparse_segment_mean
    backward = "SparseSegmentMeanGrad"


class SparseSegmentSqrtN(_Plain):
    """out[s] = sum of the n rows data[indices[i]] with ids[i] = s, divided by sqrt(n)."""

    signature = f"{_ROWS} | {_AVERAGED}"
    numpy = sparse_segments.sparse_segment_sqrt_n
    backward = "SparseSegmentSqrtNGrad"


class SparseSegmentSqrtNWithNumSegments(_Counted):
    """The same, with a given number of segments."""

    signature = f"{_COUNTED_ROWS} | {_AVERAGED}; {_SIZED}"
    numpy = sparse_segments.sparse_segment_sqrt_n
    backward = "SparseSegmentSqrtNGrad"


class _Backward(Op, abstract=True):
    signature = (
        f"grad:T, indices:Tidx, segment_ids:int32, output_dim0:int32 -> output:T | {_AVERAGED}"
    )
    by_value = True
    numpy: ClassVar[Any]
    #: the op of which this gives the gradient: it is linear, so that it gives this one's
    forward: ClassVar[str]

    def infer(self, grad: Tensor, indices: Tensor, ids: Tensor, size: Tensor) -> Any:
        indices.shape.with_rank(1).merge_with(ids.shape.with_rank(1))
        rows, count = grad.shape.with_rank_at_least(1).known, counted(size, "output_dim0")
        return UNKNOWN if rows is None else TensorShape.of((count, *rows[1:]))

    def reference(self, grad: Any, indices: Any, ids: Any, size: Any) -> Any:
        return type(self).numpy(grad, indices, ids, int(size))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        grad, indices, ids, _ = n.inputs
        found = getattr(raw, self.forward)(g, indices, ids, idioms.shape(grad)[0])
        return [found, None, None, None]


class SparseSegmentMeanGrad(_Backward):
    """The gradient of SparseSegmentMean by its data."""

    forward = "SparseSegmentMeanWithNumSegments"
    numpy = sparse_segments.sparse_segment_mean_grad


class SparseSegmentSqrtNGrad(_Backward):
    """The gradient of SparseSegmentSqrtN by its data."""

    forward = "SparseSegmentSqrtNWithNumSegments"
    numpy = sparse_segments.sparse_segment_sqrt_n_grad
