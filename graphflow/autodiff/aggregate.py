"""The sum of the gradients that reach one tensor from several consumers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.dtype import int64, variant
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor


class AggregationMethod:
    """How gradients of one tensor are summed: all at once, or in a chain that frees them earlier."""

    ADD_N = 0
    DEFAULT = ADD_N
    EXPERIMENTAL_TREE = 1
    EXPERIMENTAL_ACCUMULATE_N = 2


def aggregate(parts: Sequence[Any], node: Node, method: int | None) -> Any:
    """One gradient from all that came, or None."""
    parts = [p for p in parts if p is not None]
    if not parts:
        return None
    if method not in (None, 0, 1, 2):
        raise ValueError(f"Invalid aggregation_method specified {method}.")
    for p in parts:
        if not isinstance(p, Tensor | IndexedSlices):
            raise TypeError(
                f"gradients have to be either all Tensors or all IndexedSlices, got {p!r}"
            )
    if len(parts) == 1:
        return parts[0]
    if any(isinstance(p, IndexedSlices) for p in parts):
        return _sum_slices(parts)
    if parts[0].dtype is variant:
        return raw.ListAdd(parts)
    if method in (AggregationMethod.EXPERIMENTAL_TREE, AggregationMethod.EXPERIMENTAL_ACCUMULATE_N):
        with build.current_graph().name_scope(node.name + "_gradient_sum"):
            total = parts[0]
            for p in parts[1:]:
                total = raw.AddN([total, p])
            return total
    return _sum_by_device(parts)


def _sum_by_device(parts: Sequence[Tensor]) -> Tensor:
    """AddN of the gradients of each device, then AddN of the sums."""
    graph = build.current_graph()
    by_device: dict[str, list[Tensor]] = {}
    for p in parts:
        by_device.setdefault(p.device, []).append(p)
    sums = []
    for device in sorted(by_device):
        group = by_device[device]
        with graph.colocate_with(group[0].node, ignore_existing=True):
            sums.append(raw.AddN(group) if len(group) > 1 else group[0])
    total: Tensor = raw.AddN(sums) if len(sums) > 1 else sums[0]
    return total


def _sum_slices(parts: Sequence[Any]) -> Any:
    """Slices side by side: duplicates of an index are added by whoever applies them."""
    if any(isinstance(p, Tensor) for p in parts):
        return raw.AddN(list(parts))
    if len({p.indices.dtype.base_dtype for p in parts}) > 1:
        parts = [
            p
            if p.indices.dtype.base_dtype is int64
            else IndexedSlices(p.values, raw.Cast(p.indices, DstT=int64), p.dense_shape)
            for p in parts
        ]
    return IndexedSlices(
        raw.ConcatV2([p.values for p in parts], 0, name="concat"),
        raw.ConcatV2([p.indices for p in parts], 0, name="concat"),
        parts[0].dense_shape,
    )
