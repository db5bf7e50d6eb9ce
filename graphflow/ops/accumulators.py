"""Ops on sums of gradients that wait for others: ConditionalAccumulator and SparseConditionalAccumulator."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape
from graphflow.ops.accumulator_values import Accumulator, DenseAccumulator, SparseAccumulator
from graphflow.ops.session_resources import behind, session_resource, wrapped


class _Maker(Op, abstract=True, kw_only=True):
    """The accumulator of a name."""

    stateful = True
    differentiable = False
    dtype: DType
    shape: TensorShape
    container: str = ""
    shared_name: str = ""
    reduction_type: str = "MEAN"

    def infer(self) -> Any:
        if self.reduction_type not in ("MEAN", "SUM"):
            raise ValueError(
                f"Attr 'reduction_type' of '{self.type}' Op passed string "
                f'\'{self.reduction_type}\' not in: "MEAN", "SUM".'
            )
        return TensorShape((2,))

    def _made(self, run: Any, node: Node, kind: type[Accumulator]) -> Accumulator:
        if self.dtype.kind != "f":
            raise InvalidArgumentError(
                message=f"{self.type} adds up floating-point numbers only, not {self.dtype.name}"
            )
        return session_resource(
            run,
            node,
            "accumulators",
            lambda _: kind(self.dtype, self.shape, self.reduction_type),
        )


class ResourceConditionalAccumulator(_Maker):
    """A sum of dense gradients."""

    signature = "-> handle:resource"

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return self._made(run, node, DenseAccumulator)


class ConditionalAccumulator(_Maker):
    """A sum of dense gradients, with a handle of old."""

    signature = "-> handle:&string"

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return wrapped(self._made(run, node, DenseAccumulator))


class SparseConditionalAccumulator(_Maker):
    """A sum of slices."""

    signature = "-> handle:&string"

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return wrapped(self._made(run, node, SparseAccumulator))


class _On(Op, abstract=True):
    """An op on an accumulator."""

    differentiable = False


class ResourceAccumulatorApplyGradient(_On):
    """Add a gradient of some step."""

    signature = "handle:resource, local_step:int64, gradient:dtype ->"
    stateful = True

    def infer(self, handle: Tensor, local_step: Tensor, gradient: Tensor) -> Any:
        local_step.shape.with_rank(0)

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        handle, step, gradient = inputs
        behind(handle, DenseAccumulator).apply(int(step), gradient)


class AccumulatorApplyGradient(ResourceAccumulatorApplyGradient):
    """ResourceAccumulatorApplyGradient with a handle of old."""

    signature = "handle:&string, local_step:int64, gradient:dtype ->"
    stateful = False


class SparseAccumulatorApplyGradient(_On):
    """Add the slices of a gradient of some step."""

    signature = (
        "handle:&string, local_step:int64, gradient_indices:int64, gradient_values:dtype, "
        "gradient_shape:int64 ->"
    )
    has_known_shape: bool

    def infer(self, handle: Tensor, local_step: Tensor, *others: Tensor) -> Any:
        local_step.shape.with_rank(0)

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        handle, step, indices, values, shape = inputs
        behind(handle, SparseAccumulator).apply(
            int(step), indices, values, shape if self.has_known_shape else None
        )


class ResourceAccumulatorTakeGradient(_On):
    """The mean or the sum of enough gradients."""

    signature = "handle:resource, num_required:int32 -> average:dtype"
    stateful = True
    dtype: DType

    def infer(self, handle: Tensor, num_required: Tensor) -> Any:
        num_required.shape.with_rank(0)
        return TensorShape(None)

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return behind(inputs[0], DenseAccumulator).take(run, int(inputs[1]))


class AccumulatorTakeGradient(ResourceAccumulatorTakeGradient):
    """ResourceAccumulatorTakeGradient with a handle of old."""

    signature = "handle:&string, num_required:int32 -> average:dtype"
    stateful = False


class SparseAccumulatorTakeGradient(_On):
    """The mean or the sum of the slices of enough gradients."""

    signature = "handle:&string, num_required:int32 -> indices:int64, values:dtype, shape:int64"
    dtype: DType

    def infer(self, handle: Tensor, num_required: Tensor) -> Any:
        num_required.shape.with_rank(0)
        return (TensorShape(None),) * 3

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return behind(inputs[0], SparseAccumulator).take(run, int(inputs[1]))


class ResourceAccumulatorNumAccumulated(_On):
    """How many gradients are in the sum."""

    signature = "handle:resource -> num_accumulated:int32"
    stateful = True

    def infer(self, handle: Tensor) -> Any:
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return np.array(behind(inputs[0], Accumulator).count(), np.int32)


class AccumulatorNumAccumulated(ResourceAccumulatorNumAccumulated):
    """ResourceAccumulatorNumAccumulated with a handle of old."""

    signature = "handle:&string -> num_accumulated:int32"
    stateful = False


class ResourceAccumulatorSetGlobalStep(_On):
    """Gradients of earlier steps are stale from now on."""

    signature = "handle:resource, new_global_step:int64 ->"
    stateful = True

    def infer(self, handle: Tensor, new_global_step: Tensor) -> Any:
        new_global_step.shape.with_rank(0)

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        behind(inputs[0], Accumulator).set_step(int(inputs[1]))


class AccumulatorSetGlobalStep(ResourceAccumulatorSetGlobalStep):
    """ResourceAccumulatorSetGlobalStep with a handle of old."""

    signature = "handle:&string, new_global_step:int64 ->"
    stateful = False
