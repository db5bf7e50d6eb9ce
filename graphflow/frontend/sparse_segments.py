"""Reductions of selected rows that share a segment id."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.ir import raw
from graphflow.ir.node import Tensor

__all__ = ["sparse_segment_mean", "sparse_segment_sqrt_n", "sparse_segment_sum"]


def _sparse(op_type: str) -> Callable[..., Tensor]:
    make, make_counted = getattr(raw, op_type), getattr(raw, f"{op_type}WithNumSegments")

    def function(
        data: Any,
        indices: Any,
        segment_ids: Any,
        name: str | None = None,
        num_segments: Any = None,
    ) -> Tensor:
        if num_segments is None:
            found: Tensor = make(data, indices, segment_ids, name=name)
        else:
            found = make_counted(data, indices, segment_ids, num_segments, name=name)
        return found

    function.__doc__ = make.__doc__
    return function


sparse_segment_mean = segment_mean = _sparse("SparseSegmentMean")
sparse_segment_sqrt_n = segment_sqrt_n = _sparse("SparseSegmentSqrtN")
sparse_segment_sum = segment_sum = _sparse("SparseSegmentSum")

NAMESPACES = {"sparse": ["segment_mean", "segment_sqrt_n", "segment_sum"]}
