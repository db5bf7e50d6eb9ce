"""Parts of variables behind references, written at computed places: ScatterAdd, ScatterNdUpdate, StridedSliceAssign."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from graphflow.errors import UnimplementedError
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.numeric import scattering, slicing
from graphflow.ops.scatter_shapes import check_rows, check_slices


def with_rows(old: Any, indices: Any, updates: Any, how: str) -> Any:
    """A copy of `old` with updates[i] brought in at row indices[i]."""
    if old.ndim == 0:
        raise ValueError("params must be at least 1-D, got shape []")
    return scattering.scatter(np.array(old), indices, updates, how)


def with_slices(old: Any, indices: Any, updates: Any, how: str) -> Any:
    """A copy of `old` with updates[i] brought in at the coordinates indices[i]."""
    return scattering.scatter_nd_in_place(np.array(old, order="C"), indices, updates, how)


def with_part(
    old: Any, begin: Any, end: Any, strides: Any, value: Any, masks: dict[str, int]
) -> Any:
    """A copy of `old` with `value` in the place of a slice, of exactly its shape."""
    spec = slicing.strided_slice_spec(old.shape, begin, end, strides, **masks)
    if spec.final_shape != np.shape(value):
        raise UnimplementedError(
            message=f"sliced l-value shape {list(spec.final_shape or ())} does not match r-value shape "
            f"{list(np.shape(value))}. Automatic broadcasting is not there for assignments"
        )
    return slicing.strided_slice_assign(np.array(old), begin, end, strides, value, **masks)


class _Scatter(Op, abstract=True):
    """Rows of a variable; a row that is named twice is written twice, in order."""

    signature = "ref:&T, indices:Tindices, updates:T -> output_ref:&T | T: number; Tindices: index"
    differentiable = False
    forwards_ref = True
    writes = ("ref",)
    how: ClassVar[str]
    use_locking: bool = False

    def infer(self, ref: Tensor, indices: Tensor, updates: Tensor) -> Any:
        check_rows(ref.shape, indices.shape, updates.shape)
        return ref.shape

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        ref, indices, updates = inputs
        run.assign(ref, with_rows(run.variable(ref), indices, updates, self.how))
        return ref


class ScatterUpdate(_Scatter):
    """ref[indices[i]] = updates[i]."""

    signature = "ref:&T, indices:Tindices, updates:T -> output_ref:&T | Tindices: index"
    how = "update"
    use_locking: bool = True


class ScatterAdd(_Scatter):
    """ref[indices[i]] += updates[i]."""

    how = "add"


class ScatterSub(_Scatter):
    """ref[indices[i]] -= updates[i]."""

    how = "sub"


class ScatterMul(_Scatter):
    """ref[indices[i]] *= updates[i]."""

    how = "mul"


class ScatterDiv(_Scatter):
    """ref[indices[i]] /= updates[i]; of integers the quotient is cut off."""

    how = "div"


_ORDERED = (
    "ref:&T, indices:Tindices, updates:T -> output_ref:&T "
    "| T: half, bfloat16, float, double, int32, int64; Tindices: index"
)


class ScatterMin(_Scatter):
    """ref[indices[i]] = min(ref[indices[i]], updates[i])."""

    signature = _ORDERED
    how = "min"


class ScatterMax(_Scatter):
    """ref[indices[i]] = max(ref[indices[i]], updates[i])."""

    signature = _ORDERED
    how = "max"


class _ScatterNd(_Scatter, abstract=True):
    """Elements or slices of a variable, by their coordinates."""

    def infer(self, ref: Tensor, indices: Tensor, updates: Tensor) -> Any:
        check_slices(ref.shape, indices.shape, updates.shape)
        return ref.shape

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        ref, indices, updates = inputs
        run.assign(ref, with_slices(run.variable(ref), indices, updates, self.how))
        return ref


class ScatterNdUpdate(_ScatterNd):
    """ref[indices[i, :]] = updates[i]."""

    signature = "ref:&T, indices:Tindices, updates:T -> output_ref:&T | Tindices: index"
    how = "update"
    use_locking: bool = True


class ScatterNdAdd(_ScatterNd):
    """ref[indices[i, :]] += updates[i]."""

    how = "add"


class ScatterNdSub(_ScatterNd):
    """ref[indices[i, :]] -= updates[i]."""

    how = "sub"


class StridedSliceAssign(Op):
    """ref[begin[0] : end[0] : strides[0], ...] = value."""

    signature = (
        "ref:&T, begin:Index, end:Index, strides:Index, value:T -> output_ref:&T | Index: index"
    )
    differentiable = False
    forwards_ref = True
    writes = ("ref",)
    begin_mask: int = 0
    end_mask: int = 0
    ellipsis_mask: int = 0
    new_axis_mask: int = 0
    shrink_axis_mask: int = 0

    def infer(self, ref: Tensor, *rest: Tensor) -> Any:
        return ref.shape

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        ref, begin, end, strides, value = inputs
        masks = dict(self.attrs())
        run.assign(ref, with_part(run.variable(ref), begin, end, strides, value, masks))
        return ref
