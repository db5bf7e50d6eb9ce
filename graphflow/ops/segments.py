"""Reductions of rows that share a segment id."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from graphflow.ir import raw
from graphflow.ir.convert import constant
from graphflow.ir.known import known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape
from graphflow.numeric import segments
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.reduce_idioms import conj

_NUMBERS = "T: number, qint8, quint8, qint32; Tindices: index"
_ORDERED = "T: real; Tindices: index"


def gathered(params: Tensor, ids: Tensor) -> Tensor:
    """The rows of `params` that `ids` names."""
    found: Tensor = raw.GatherV2(params, ids, 0)
    return found


def counted(size: Tensor, what: str) -> Dim:
    """A number of rows as a dimension, where it is known."""
    size.shape.assert_has_rank(0)
    known = known_value(size)
    value = None if known is None else known.ravel()[0]
    if value is None or isinstance(value, Symbol):
        return value or Symbol()
    if value < 0:
        raise ValueError(f"Cannot specify a negative value for {what}: {value}")
    return int(value)


class _Sorted(Op, abstract=True):
    signature = f"data:T, segment_ids:Tindices -> output:T | {_NUMBERS}"
    numpy: ClassVar[Any]

    def infer(self, data: Tensor, ids: Tensor) -> Any:
        ids.shape.assert_has_rank(1)
        rows = data.shape.with_rank_at_least(1).known
        return UNKNOWN if rows is None else TensorShape.of((Symbol(), *rows[1:]))

    def reference(self, data: Any, ids: Any) -> Any:
        return type(self).numpy(data, ids)


class SegmentSum(_Sorted):
    """out[s] = sum of data[i] with ids[i] = s."""

    numpy = segments.segment_sum

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [gathered(g, n.inputs[1]), None]


class SegmentMean(_Sorted):
    """out[s] = mean of data[i] with ids[i] = s."""

    numpy = segments.segment_mean

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        data, ids = n.inputs
        rank = idioms.rank(data)
        columns = [idioms.shape(ids), raw.Fill(raw.ExpandDims(rank - 1, 0), 1)]
        ones = raw.Fill(concat(columns, 0), constant(1, g.dtype))
        return [gathered(g / raw.SegmentSum(ones, ids), ids), None]


class SegmentProd(_Sorted):
    """out[s] = product of data[i] with ids[i] = s."""

    numpy = segments.segment_prod


class _SortedExtremum(_Sorted, abstract=True):
    signature = f"data:T, segment_ids:Tindices -> output:T | {_ORDERED}"

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """The gradient of a segment goes to its extreme elements, in equal parts."""
        data, ids = n.inputs
        zeros = idioms.zeros_like(data, dtype=data.dtype)
        chosen = raw.Equal(data, gathered(n.outputs[0], ids))
        count = raw.SegmentSum(idioms.cast(chosen, g.dtype), ids)
        return [raw.Select(chosen, gathered(g / count, ids), zeros), None]


class SegmentMax(_SortedExtremum):
    """out[s] = greatest data[i] with ids[i] = s."""

    numpy = segments.segment_max


class SegmentMin(_SortedExtremum):
    """out[s] = least data[i] with ids[i] = s."""

    numpy = segments.segment_min


class _Unsorted(Op, abstract=True):
    signature = (
        "data:T, segment_ids:Tindices, num_segments:Tnumsegments -> output:T "
        f"| {_NUMBERS}; Tnumsegments: index = int32"
    )
    by_value = True
    numpy: ClassVar[Any]

    def infer(self, data: Tensor, ids: Tensor, size: Tensor) -> Any:
        size.shape.assert_has_rank(0)
        rows, keys = data.shape.known, ids.shape.known
        if rows is None or keys is None:
            return UNKNOWN
        if not TensorShape.of(rows[: len(keys)]).is_compatible_with(TensorShape.of(keys)):
            raise ValueError(
                f"Dimensions must be equal: the shape {data.shape} of data does not start with "
                f"the shape {ids.shape} of segment_ids"
            )
        return TensorShape.of((counted(size, "num_segments"), *rows[len(keys) :]))

    def reference(self, data: Any, ids: Any, size: Any) -> Any:
        return type(self).numpy(data, ids, int(size))


def _nonnegative(ids: Tensor) -> Tensor:
    """Negative ids mean nobody; as indices they must still be somewhere."""
    found: Tensor = raw.Maximum(ids, idioms.zeros_like(ids))
    return found


def _kept(ids: Tensor, rows: Tensor) -> Tensor:
    """Which elements of `rows`, gathered by `ids`, belong to a segment."""
    if rows.shape.rank is None or ids.shape.rank is None:
        raise TypeError(
            "the gradient of an unsorted segment reduction needs the ranks of its inputs: "
            f"the rows have shape {rows.shape} and the ids {ids.shape}"
        )
    kept = raw.GreaterEqual(ids, 0)
    for _ in range(rows.shape.rank - ids.shape.rank):
        kept = raw.ExpandDims(kept, -1)
    found: Tensor = kept & idioms.ones_like(rows, dtype="bool")
    return found


def _without_negatives(
    params: Tensor, ids: Tensor, places: Tensor, kept: Tensor | None = None
) -> tuple[Tensor, Tensor]:
    """The rows at `places`, zeros where the id is negative; and where it is not."""
    rows = gathered(params, places)
    kept = _kept(ids, rows) if kept is None else kept
    zeros = idioms.zeros_like(rows)
    return raw.Select(kept, rows, zeros), kept


class UnsortedSegmentSum(_Unsorted):
    """out[s] = sum of data[i] with ids[i] = s."""

    numpy = segments.unsorted_segment_sum

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        ids = n.inputs[1]
        return [_without_negatives(g, ids, _nonnegative(ids))[0], None, None]


class UnsortedSegmentProd(_Unsorted):
    """out[s] = product of data[i] with ids[i] = s."""

    numpy = segments.unsorted_segment_prod

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """g times the product of the others: by division, but where a segment has a zero."""
        data, ids, size = n.inputs
        zero = raw.Equal(data, 0)
        zeros = raw.UnsortedSegmentSum(idioms.cast(zero, "int32"), ids, size)
        g = raw.Select(raw.Greater(zeros, 1), idioms.zeros_like(g), g)
        others = raw.Select(zero, idioms.ones_like(data), data)
        product = raw.UnsortedSegmentProd(others, ids, size)
        places = _nonnegative(ids)
        whole, nonzero = gathered(n.outputs[0], places), gathered(product, places)
        partial = conj(raw.Select(zero, nonzero, whole / data))
        return [_without_negatives(g, ids, places)[0] * partial, None, None]


class _UnsortedExtremum(_Unsorted, abstract=True):
    signature = (
        "data:T, segment_ids:Tindices, num_segments:Tnumsegments -> output:T "
        f"| {_ORDERED}; Tnumsegments: index = int32"
    )

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        data, ids, size = n.inputs
        places = _nonnegative(ids)
        outputs, kept = _without_negatives(n.outputs[0], ids, places)
        chosen = raw.LogicalAnd(raw.Equal(data, outputs), kept)
        count = raw.UnsortedSegmentSum(idioms.cast(chosen, g.dtype), ids, size)
        shares, _ = _without_negatives(g / count, ids, places, kept)
        return [raw.Select(chosen, shares, idioms.zeros_like(shares)), None, None]


class UnsortedSegmentMax(_UnsortedExtremum):
    """out[s] = greatest data[i] with ids[i] = s; the lowest number where there is none."""

    numpy = segments.unsorted_segment_max


class UnsortedSegmentMin(_UnsortedExtremum):
    """out[s] = least data[i] with ids[i] = s; the greatest number where there is none."""

    numpy = segments.unsorted_segment_min
