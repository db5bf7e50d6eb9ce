"""A tensor repeated: Tile and BroadcastTo."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.known import known_list, known_shape, known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Symbol, TensorShape, broadcast
from graphflow.numeric.room import check_room
from graphflow.ops import arrays, idioms
from graphflow.ops.dims import product
from graphflow.ops.reduce_idioms import reduce_sum, sequence


class Tile(Op):
    """The tensor repeated multiples[i] times along each dimension i."""

    signature = "input:T, multiples:Tmultiples -> output:T | Tmultiples: index = int32"
    by_value = True

    def infer(self, x: Tensor, multiples: Tensor) -> Any:
        count = multiples.shape.with_rank(1).num_elements()
        rank = count if x.shape.rank is None else x.shape.rank
        if rank is None:
            return UNKNOWN
        if count not in (None, rank):
            raise ValueError(f"multiples has {count} entries for a tensor of rank {rank}")
        times = known_value(multiples)
        if x.shape.known is None or times is None:
            return TensorShape([None] * rank)
        if any(not isinstance(t, Symbol) and t < 0 for t in times):
            raise ValueError(f"Expected multiples >= 0, got {list(times)}")
        return TensorShape.of(
            tuple(product(d, t) for d, t in zip(x.shape.known, times, strict=True))
        )

    def known(self, x: Tensor, multiples: Tensor) -> Any:
        value, times = known_value(x), known_list(multiples)
        return None if value is None or times is None else np.tile(value, times)

    def reference(self, x: Any, multiples: Any) -> Any:
        if len(multiples) != x.ndim:
            raise ValueError(
                f"Expected multiples argument to be a vector of length {x.ndim} "
                f"but got length {len(multiples)}"
            )
        if any(m < 0 for m in multiples):
            raise ValueError(f"Expected multiples >= 0, got {multiples.tolist()}")
        check_room((x.size, *multiples), x.dtype.itemsize)
        return np.tile(x, tuple(int(m) for m in multiples))

    def gradient(self, n: Node, g: Any) -> Sequence[Tensor | None]:
        """The repetitions of each element, brought onto axes of their own and summed."""
        x, multiples = n.inputs
        shape = idioms.shape(x, out_type=multiples.dtype)
        pairs = raw.Reshape(arrays.transpose(arrays.stack([multiples, shape])), [-1])
        axes = sequence(0, idioms.size(pairs), 2)
        if isinstance(g, IndexedSlices):
            rows = idioms.cast(shape[0], g.indices.dtype)
            g = raw.UnsortedSegmentSum(g.values, raw.FloorMod(g.indices, rows), rows)
            pairs = arrays.concat([[1], pairs[1:]], 0)
        summed: Tensor = reduce_sum(raw.Reshape(g, pairs), axes)
        summed.set_shape(x.shape)
        return [summed, None]


class TileGrad(Op):
    """The sum of the repetitions that Tile made of each element."""

    signature = "input:T, multiples:int32 -> output:T"
    by_value = True

    def infer(self, x: Tensor, multiples: Tensor) -> Any:
        times = known_list(multiples)
        if x.shape.known is None or times is None:
            return UNKNOWN if x.shape.rank is None else TensorShape([None] * x.shape.rank)
        return TensorShape(
            [
                d // t if isinstance(d, int) and t else None
                for d, t in zip(x.shape.known, times, strict=True)
            ]
        )

    def reference(self, x: Any, multiples: Any) -> Any:
        pairs = [p for m, d in zip(multiples, x.shape, strict=True) for p in (int(m), d // int(m))]
        return x.reshape(pairs).sum(axis=tuple(range(0, 2 * x.ndim, 2)), dtype=x.dtype)


class BroadcastTo(Op):
    """The tensor repeated where it must be to have the shape."""

    signature = "input:T, shape:Tidx -> output:T | Tidx: index = int32"
    by_value = True

    def infer(self, x: Tensor, sizes: Tensor) -> Any:
        target = known_shape(sizes)
        if target.known is None or x.shape.known is None:
            return target
        if len(x.shape.known) > len(target.known):
            raise ValueError(f"a tensor of shape {x.shape} cannot be broadcast to {target}")
        broadcast(x.shape, target)
        return target

    def known(self, x: Tensor, sizes: Tensor) -> Any:
        value, spelt = known_value(x), known_list(sizes)
        return None if value is None or spelt is None else np.broadcast_to(value, spelt)

    def reference(self, x: Any, sizes: Any) -> Any:
        wanted = tuple(int(s) for s in sizes)
        check_room(wanted, x.dtype.itemsize)
        try:
            return np.broadcast_to(x, wanted).copy()
        except ValueError:
            raise ValueError(
                f"Incompatible shapes: {list(x.shape)} cannot be broadcast to {list(wanted)}"
            ) from None

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        shape = idioms.shape(n.inputs[0], out_type=n.inputs[1].dtype)
        _, axes = raw.BroadcastGradientArgs(n.inputs[1], shape)
        return [raw.Reshape(reduce_sum(g, axes, keepdims=True), shape), None]
