"""Elements and slices written to computed places of a new tensor: ScatterNd, TensorScatterAdd, OneHot."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from graphflow.ir import raw
from graphflow.ir.known import known_scalar, known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Symbol, TensorShape
from graphflow.numeric import scattering
from graphflow.numeric.room import check_room
from graphflow.numeric.sequences import one_hot
from graphflow.ops import idioms
from graphflow.ops.dims import axis_within
from graphflow.ops.scatter_shapes import check_slices


class ScatterNd(Op):
    """Zeros of a shape with updates[i] added at indices[i]."""

    signature = "indices:Tindices, updates:T, shape:Tindices -> output:T | Tindices: index"
    by_value = True

    def infer(self, indices: Tensor, updates: Tensor, shape: Tensor) -> Any:
        target = known_shape(shape)
        check_slices(target, indices.shape, updates.shape)
        return target

    def reference(self, indices: Any, updates: Any, shape: Any) -> Any:
        check_room(shape, updates.dtype.itemsize)
        return scattering.scatter_nd(indices, updates, shape)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [None, raw.GatherNd(g, n.inputs[0]), None]


class _TensorScatter(Op, abstract=True):
    """The tensor with updates[i] brought in at indices[i]."""

    signature = "tensor:T, indices:Tindices, updates:T -> output:T | Tindices: index"
    how: ClassVar[str]

    def infer(self, x: Tensor, indices: Tensor, updates: Tensor) -> Any:
        check_slices(x.shape, indices.shape, updates.shape)
        return x.shape

    def reference(self, x: Any, indices: Any, updates: Any) -> Any:
        return scattering.scatter_nd_in_place(np.array(x, order="C"), indices, updates, self.how)


class TensorScatterUpdate(_TensorScatter):
    """y = x with y[indices[i]] = updates[i]."""

    how = "update"

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        indices = n.inputs[1]
        updates = raw.GatherNd(g, indices)
        kept = raw.Identity(g)
        nothing = idioms.zeros_like(n.inputs[2], dtype=g.dtype)
        return [raw.TensorScatterUpdate(kept, indices, nothing), None, updates]


class TensorScatterAdd(_TensorScatter):
    """y = x with y[indices[i]] += updates[i]."""

    how = "add"

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        updates = raw.GatherNd(g, n.inputs[1])
        return [raw.Identity(g), None, updates]


class TensorScatterSub(_TensorScatter):
    """y = x with y[indices[i]] -= updates[i]."""

    how = "sub"

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        updates = raw.GatherNd(g, n.inputs[1])
        return [raw.Identity(g), None, -updates]


class ScatterNdNonAliasingAdd(_TensorScatter):
    """y = x with y[indices[i]] += updates[i]."""

    signature = (
        "input:T, indices:Tindices, updates:T -> output:T "
        "| T: number, qint8, quint8, qint32, bool; Tindices: index"
    )
    how = "add"

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [g, None, raw.GatherNd(g, n.inputs[1])]


class OneHot(Op):
    """y[i, d] = on_value where indices[i] = d, else off_value; the axis of d is `axis`."""

    signature = (
        "indices:TI, depth:int32, on_value:T, off_value:T -> output:T "
        "| TI: uint8, int32, int64 = int64"
    )
    by_value = True
    differentiable = False
    axis: int = -1

    def infer(self, indices: Tensor, depth: Tensor, on: Tensor, off: Tensor) -> Any:
        if self.axis < -1:
            raise ValueError(f"axis must be >= -1, not {self.axis}")
        depth.shape.with_rank_at_most(0)
        on.shape.with_rank_at_most(0)
        off.shape.with_rank_at_most(0)
        size = known_scalar(depth)
        if size is not None and size < 0:
            raise ValueError(f"depth must be non-negative, got: {size}")
        if indices.shape.known is None:
            return UNKNOWN
        dims = list(indices.shape.known)
        dims.insert(axis_within(self.axis, len(dims) + 1), Symbol() if size is None else size)
        return TensorShape.of(tuple(dims))

    def reference(self, indices: Any, depth: Any, on: Any, off: Any) -> Any:
        check_room((indices.size, max(int(depth), 0)), on.dtype.itemsize)
        return one_hot(indices, int(depth), on, off, self.axis)
