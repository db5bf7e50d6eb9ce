"""Parting rows by number and putting them together again: DynamicPartition, DynamicStitch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.known import constant_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Symbol, TensorShape
from graphflow.numeric import partition
from graphflow.ops import idioms
from graphflow.ops.dims import objects
from graphflow.ops.reduce_idioms import reduce_prod, sequence


class DynamicPartition(Op):
    """y[k] = the rows data[i] with partitions[i] = k, in order."""

    signature = "data:T, partitions:int32 -> outputs:num_partitions*T"
    num_partitions: int

    def infer(self, data: Tensor, partitions: Tensor) -> Any:
        if self.num_partitions < 1:
            raise ValueError(f"num_partitions must be at least 1, got {self.num_partitions}")
        depth = partitions.shape.rank
        if depth is None or data.shape.known is None:
            return (UNKNOWN,) * self.num_partitions
        data.shape.with_rank_at_least(depth)[:depth].assert_is_compatible_with(partitions.shape)
        rows = data.shape.known[depth:]
        return tuple(TensorShape.of((Symbol(), *rows)) for _ in range(self.num_partitions))

    def reference(self, data: Any, partitions: Any) -> Any:
        return tuple(partition.dynamic_partition(data, partitions, self.num_partitions))

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        data, partitions = n.inputs
        sizes = idioms.shape(partitions)
        places = raw.Reshape(sequence(reduce_prod(sizes)), sizes)
        parts = raw.DynamicPartition(places, partitions, num_partitions=self.num_partitions)
        stitched = raw.DynamicStitch(parts, list(grads))
        return [raw.Reshape(stitched, idioms.shape(data)), None]


class DynamicStitch(Op):
    """y[indices[m][i]] = data[m][i]; of several the last wins."""

    signature = "indices:N*int32, data:N*T -> merged:T"
    by_value = True

    def infer(self, indices: list[Tensor], data: list[Tensor]) -> Any:
        rest: TensorShape = UNKNOWN
        rows: int | None = -1
        for places, rows_of in zip(indices, data, strict=True):
            spelt = constant_value(places)
            if rows is not None:
                top = None if spelt is None else int(spelt.max()) if spelt.size else -1
                rows = None if top is None else max(rows, top)
            depth = places.shape.rank
            if depth is None or rows_of.shape.known is None:
                continue
            rows_of.shape.with_rank_at_least(depth)[:depth].assert_is_compatible_with(places.shape)
            rest = rest.merge_with(rows_of.shape[depth:])
        return TensorShape([None if rows is None else rows + 1]).concatenate(rest)

    def known(self, indices: list[Tensor], data: list[Tensor]) -> Any:
        places = [constant_value(t) for t in indices]
        values = [constant_value(t) for t in data]
        flat: dict[int, Any] = {}
        for at, value in zip(places, values, strict=True):
            if at is None or value is None or at.shape != value.shape:
                return None
            flat.update(zip(at.ravel().tolist(), value.ravel().tolist(), strict=True))
        if sorted(flat) != list(range(len(flat))):
            return None
        return objects(flat[i] for i in range(len(flat)))

    def reference(self, indices: list[Any], data: list[Any]) -> Any:
        return partition.dynamic_stitch(indices, data)

    def gradient(self, n: Node, g: Any) -> Sequence[Tensor | None]:
        count = len(n.inputs) // 2
        if isinstance(g, IndexedSlices):
            rows = idioms.shape(n.outputs[0])[0]
            g = raw.UnsortedSegmentSum(g.values, g.indices, rows)
        taken = [raw.GatherV2(g, places, 0) for places in n.inputs[:count]]
        return [None] * count + taken


class ParallelDynamicStitch(DynamicStitch):
    """y[indices[m][i]] = data[m][i]; of several any may win, here the last."""
