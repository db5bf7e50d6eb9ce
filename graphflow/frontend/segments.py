"""Reductions of rows that share a segment id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor
from graphflow.ops import idioms

_SORTED = ["segment_max", "segment_mean", "segment_min", "segment_prod", "segment_sum"]
_UNSORTED = [
    "unsorted_segment_max",
    "unsorted_segment_mean",
    "unsorted_segment_min",
    "unsorted_segment_prod",
    "unsorted_segment_sqrt_n",
    "unsorted_segment_sum",
]

__all__ = [*_SORTED, *_UNSORTED]


def _sorted(op_type: str) -> Callable[..., Tensor]:
    make = getattr(raw, op_type)

    def function(data: Any, segment_ids: Any, name: str | None = None) -> Tensor:
        found: Tensor = make(data, segment_ids, name=name)
        return found

    function.__doc__ = make.__doc__
    return function


def _unsorted(op_type: str) -> Callable[..., Tensor]:
    make = getattr(raw, op_type)

    def function(data: Any, segment_ids: Any, num_segments: Any, name: str | None = None) -> Tensor:
        found: Tensor = make(data, segment_ids, num_segments, name=name)
        return found

    function.__doc__ = make.__doc__
    return function


segment_max = _sorted("SegmentMax")
segment_mean = _sorted("SegmentMean")
segment_min = _sorted("SegmentMin")
segment_prod = _sorted("SegmentProd")
segment_sum = _sorted("SegmentSum")
unsorted_segment_max = _unsorted("UnsortedSegmentMax")
unsorted_segment_min = _unsorted("UnsortedSegmentMin")
unsorted_segment_prod = _unsorted("UnsortedSegmentProd")
unsorted_segment_sum = _unsorted("UnsortedSegmentSum")


def _row_counts(data: Tensor, segment_ids: Tensor, num_segments: Any) -> Any:
    """How many rows each segment has, at least 1, shaped to divide the sums."""
    ones = idioms.ones(idioms.shape(segment_ids), dtype=data.dtype)
    counts = raw.UnsortedSegmentSum(ones, segment_ids, num_segments)
    if data.shape.rank is None or segment_ids.shape.rank is None:
        raise TypeError(
            f"the ranks must be known: data has shape {data.shape}, segment_ids {segment_ids.shape}"
        )
    columns = [1] * (data.shape.rank - segment_ids.shape.rank)
    return raw.Maximum(raw.Reshape(counts, [num_segments, *columns]), 1)


def unsorted_segment_mean(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Any:
    """out[s] = mean of data[i] with ids[i] = s; 0 where there is none."""
    with build.name_scope(name, "UnsortedSegmentMean"):
        data, segment_ids = convert(data), convert(segment_ids)
        counts = _row_counts(data, segment_ids, num_segments)
        return raw.UnsortedSegmentSum(data, segment_ids, num_segments) / counts


def unsorted_segment_sqrt_n(
    data: Any, segment_ids: Any, num_segments: Any, name: str | None = None
) -> Any:
    """out[s] = sum of the n rows data[i] with ids[i] = s, divided by sqrt(n)."""
    with build.name_scope(name, "UnsortedSegmentSqrtN"):
        data, segment_ids = convert(data), convert(segment_ids)
        counts = _row_counts(data, segment_ids, num_segments)
        return raw.UnsortedSegmentSum(data, segment_ids, num_segments) / raw.Sqrt(counts)


NAMESPACES = {"math": [*_SORTED, *_UNSORTED]}
