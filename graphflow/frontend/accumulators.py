"""tf.ConditionalAccumulator and tf.SparseConditionalAccumulator: gradients that wait for others."""

from __future__ import annotations

from typing import Any

from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype, int64
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms

__all__ = [
    "ConditionalAccumulator",
    "ConditionalAccumulatorBase",
    "SparseConditionalAccumulator",
]
NAMESPACES = {"sparse": ["SparseConditionalAccumulator"]}


def _step(value: Any) -> Tensor:
    return idioms.cast(convert(value), int64)


class ConditionalAccumulatorBase:
    """A sum of gradients, of which the stale ones are dropped."""

    #: what the names of the ops on the accumulator begin with
    _ops = ""

    def __init__(self, dtype: Any, shape: Any, accumulator_ref: Tensor) -> None:
        self._dtype = as_dtype(dtype)
        self._shape = TensorShape(shape)
        self._accumulator_ref = accumulator_ref
        self._name = accumulator_ref.node.name.rpartition("/")[2]

    @property
    def accumulator_ref(self) -> Tensor:
        return self._accumulator_ref

    @property
    def name(self) -> str:
        return self._name

    @property
    def dtype(self) -> DType:
        return self._dtype

    def num_accumulated(self, name: str | None = None) -> Tensor:
        """How many gradients are in the sum."""
        make = getattr(raw, f"{self._ops}AccumulatorNumAccumulated")
        count: Tensor = make(self._accumulator_ref, name=name or f"{self._name}_NumAccumulated")
        return count

    def set_global_step(self, new_global_step: Any, name: str | None = None) -> Node:
        """Gradients of earlier steps are stale from now on."""
        make = getattr(raw, f"{self._ops}AccumulatorSetGlobalStep")
        node: Node = make(self._accumulator_ref, _step(new_global_step), name=name)
        return node


class ConditionalAccumulator(ConditionalAccumulatorBase):
    """A sum of dense gradients."""

    _ops = "Resource"

    def __init__(
        self,
        dtype: Any,
        shape: Any = None,
        shared_name: str | None = None,
        name: str = "conditional_accumulator",
        reduction_type: str = "MEAN",
    ) -> None:
        handle = raw.ResourceConditionalAccumulator(
            dtype=dtype,
            shape=shape,
            shared_name=shared_name or "",
            name=name,
            reduction_type=reduction_type,
        )
        super().__init__(dtype, shape, handle)

    def apply_grad(self, grad: Any, local_step: Any = 0, name: str | None = None) -> Node:
        """Add a gradient, unless it is stale."""
        gradient = convert(grad, self._dtype)
        gradient.shape.assert_is_compatible_with(self._shape)
        node: Node = raw.ResourceAccumulatorApplyGradient(
            self._accumulator_ref, _step(local_step), gradient, name=name
        )
        return node

    def take_grad(self, num_required: Any, name: str | None = None) -> Tensor:
        """The mean or the sum, once so many gradients are in it."""
        out: Tensor = raw.ResourceAccumulatorTakeGradient(
            self._accumulator_ref, num_required, dtype=self._dtype, name=name
        )
        out.set_shape(self._shape)
        return out


class SparseConditionalAccumulator(ConditionalAccumulatorBase):
    """A sum of slices."""

    def __init__(
        self,
        dtype: Any,
        shape: Any = None,
        shared_name: str | None = None,
        name: str = "sparse_conditional_accumulator",
        reduction_type: str = "MEAN",
    ) -> None:
        handle = raw.SparseConditionalAccumulator(
            dtype=dtype,
            shape=shape,
            shared_name=shared_name or "",
            name=name,
            reduction_type=reduction_type,
        )
        super().__init__(dtype, shape, handle)

    def apply_indexed_slices_grad(
        self, grad: IndexedSlices, local_step: Any = 0, name: str | None = None
    ) -> Node:
        """Add a gradient, unless it is stale."""
        return self.apply_grad(grad.indices, grad.values, grad.dense_shape, local_step, name)

    def apply_grad(
        self,
        grad_indices: Any,
        grad_values: Any,
        grad_shape: Any = None,
        local_step: Any = 0,
        name: str | None = None,
    ) -> Node:
        """Add slices at indices, unless they are stale."""
        step = _step(local_step)
        node: Node = raw.SparseAccumulatorApplyGradient(
            self._accumulator_ref,
            step,
            idioms.cast(grad_indices, int64),
            grad_values,
            idioms.cast([] if grad_shape is None else grad_shape, int64),
            has_known_shape=grad_shape is not None,
            name=name,
        )
        return node

    def take_grad(self, num_required: Any, name: str | None = None) -> list[Tensor]:
        """The indices, values and sizes of the mean or the sum, once so many gradients are in it."""
        parts: list[Tensor] = raw.SparseAccumulatorTakeGradient(
            self._accumulator_ref, num_required, dtype=self._dtype, name=name
        )
        return parts

    def take_indexed_slices_grad(self, num_required: Any, name: str | None = None) -> IndexedSlices:
        """The mean or the sum, once so many gradients are in it."""
        indices, values, shape = self.take_grad(num_required, name)
        return IndexedSlices(values, indices, shape)
