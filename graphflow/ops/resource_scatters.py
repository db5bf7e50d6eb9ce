"""Parts of variables behind handles: rows that are gathered, and rows that are written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from graphflow.ir import raw
from graphflow.ir.convert import const
from graphflow.ir.dtype import DType, int32
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN
from graphflow.numeric.gathering import gather, gather_nd
from graphflow.ops import arrays, idioms
from graphflow.ops.handles import check_dtype, held_shape
from graphflow.ops.scatter_shapes import check_rows, check_slices
from graphflow.ops.variable_scatters import with_part, with_rows, with_slices


class _Read(Op, abstract=True):
    """Parts of the value of a variable."""

    signature = "resource:resource, indices:Tindices -> output:dtype | Tindices: index"
    stateful = True
    reads = ("resource",)


class ResourceGather(_Read, kw_only=True):
    """y[b, i, ...] = variable[b, indices[b, i], ...]."""

    batch_dims: int = 0
    validate_indices: bool = True
    dtype: DType

    def infer(self, resource: Tensor, indices: Tensor) -> Any:
        check_dtype(resource, self.dtype)
        shape, batch = held_shape(resource).with_rank_at_least(1), self.batch_dims
        if batch < 0 or shape.known is None or indices.shape.known is None:
            return UNKNOWN
        if batch >= len(shape) or batch > len(indices.shape):
            raise ValueError(
                f"batch_dims = {batch} is more than {shape} and indices {indices.shape} have"
            )
        return shape[:batch] + indices.shape[batch:] + shape[batch + 1 :]

    def reference(self, value: Any, indices: Any) -> Any:
        return gather(value, indices, self.batch_dims, self.batch_dims)

    def gradient(self, n: Node, g: Any) -> Sequence[Any]:
        handle, indices = n.inputs
        shape = variable_shape(handle)
        count = raw.ExpandDims(idioms.size(indices), 0)
        values = raw.Reshape(g, arrays.concat([count, shape[1:]], 0))
        return [IndexedSlices(values, raw.Reshape(indices, count), shape), None]


class ResourceGatherNd(_Read):
    """y[i, ...] = variable[indices[i, 0], indices[i, 1], ...]."""

    dtype: DType

    def infer(self, resource: Tensor, indices: Tensor) -> Any:
        check_dtype(resource, self.dtype)
        shape, places = held_shape(resource), indices.shape.with_rank_at_least(1)
        if shape.known is None or places.known is None:
            return UNKNOWN
        depth = places.known[-1]
        if not isinstance(depth, int):
            return UNKNOWN
        if depth > len(shape.known):
            raise ValueError(
                f"indices.shape[-1] must be <= params.rank, but saw indices shape: {places} "
                f"and params shape: {shape}"
            )
        return places[:-1] + shape[depth:]

    def reference(self, value: Any, indices: Any) -> Any:
        return gather_nd(value, indices)

    def gradient(self, n: Node, g: Any) -> Sequence[Any]:
        handle, indices = n.inputs
        shape = raw.VariableShape(handle, out_type=indices.dtype)
        if indices.shape.rank == 2 and indices.shape.known and indices.shape.known[-1] == 1:
            return [IndexedSlices(g, raw.Squeeze(indices, squeeze_dims=[-1]), shape), None]
        return [raw.ScatterNd(indices, g, shape), None]


def variable_shape(handle: Tensor, out_type: DType = int32) -> Tensor:
    """The shape of the variable behind a handle: a Const where it is known."""
    shape = held_shape(handle)
    if shape.is_static:
        return const(np.array(shape.as_tuple(), out_type.numpy), out_type)
    found: Tensor = raw.VariableShape(handle, out_type=out_type)
    return found


class _Scatter(Op, abstract=True):
    """Rows of a variable; a row that is named twice is written twice, in order."""

    signature = (
        "resource:resource, indices:Tindices, updates:dtype -> | dtype: number; Tindices: index"
    )
    stateful = True
    writes = ("resource",)
    how: ClassVar[str]

    def infer(self, resource: Tensor, indices: Tensor, updates: Tensor) -> Any:
        check_dtype(resource, updates.dtype)
        check_rows(held_shape(resource), indices.shape, updates.shape)
        return ()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        ref, indices, updates = inputs
        run.assign(ref, with_rows(run.variable(ref), indices, updates, self.how))
        return ()


class ResourceScatterUpdate(_Scatter):
    """variable[indices[i]] = updates[i]."""

    signature = "resource:resource, indices:Tindices, updates:dtype -> | Tindices: index"
    how = "update"


class ResourceScatterAdd(_Scatter):
    """variable[indices[i]] += updates[i]."""

    how = "add"


class ResourceScatterSub(_Scatter):
    """variable[indices[i]] -= updates[i]."""

    how = "sub"


class ResourceScatterMul(_Scatter):
    """variable[indices[i]] *= updates[i]."""

    how = "mul"


class ResourceScatterDiv(_Scatter):
    """variable[indices[i]] /= updates[i]; of integers the quotient is cut off."""

    how = "div"


class ResourceScatterMin(_Scatter):
    """variable[indices[i]] = min(variable[indices[i]], updates[i])."""

    how = "min"


class ResourceScatterMax(_Scatter):
    """variable[indices[i]] = max(variable[indices[i]], updates[i])."""

    how = "max"


class _ScatterNd(Op, abstract=True):
    """Elements or slices of a variable, by their coordinates."""

    signature = "ref:resource, indices:Tindices, updates:T -> | Tindices: index"
    stateful = True
    writes = ("ref",)
    how: ClassVar[str]
    use_locking: bool = True

    def infer(self, ref: Tensor, indices: Tensor, updates: Tensor) -> Any:
        check_dtype(ref, updates.dtype)
        check_slices(held_shape(ref), indices.shape, updates.shape)
        return ()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        ref, indices, updates = inputs
        run.assign(ref, with_slices(run.variable(ref), indices, updates, self.how))
        return ()


class ResourceScatterNdUpdate(_ScatterNd):
    """variable[indices[i, :]] = updates[i]."""

    how = "update"


class ResourceScatterNdAdd(_ScatterNd):
    """variable[indices[i, :]] += updates[i]."""

    how = "add"


class ResourceScatterNdSub(_ScatterNd):
    """variable[indices[i, :]] -= updates[i]."""

    how = "sub"


class ResourceStridedSliceAssign(Op):
    """variable[begin[0] : end[0] : strides[0], ...] = value."""

    signature = "ref:resource, begin:Index, end:Index, strides:Index, value:T -> | Index: index"
    stateful = True
    writes = ("ref",)
    begin_mask: int = 0
    end_mask: int = 0
    ellipsis_mask: int = 0
    new_axis_mask: int = 0
    shrink_axis_mask: int = 0

    def infer(self, ref: Tensor, begin: Tensor, end: Tensor, strides: Tensor, value: Tensor) -> Any:
        check_dtype(ref, value.dtype)
        return ()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        ref, begin, end, strides, value = inputs
        masks = dict(self.attrs())
        run.assign(ref, with_part(run.variable(ref), begin, end, strides, value, masks))
        return ()
