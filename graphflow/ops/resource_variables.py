"""Variables behind handles: what makes a handle, reads the value and replaces it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import NotFoundError, OutOfRangeError
from graphflow.ir.dtype import DType, int32
from graphflow.ir.known import LIMIT
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape
from graphflow.ops.handles import check_dtype, held_dtype, held_shape


class VarHandleOp(Op, kw_only=True):
    """The handle of a variable, by its shared name or the name of the node."""

    signature = "-> resource:resource"
    stateful = True
    container: str = ""
    shared_name: str = ""
    dtype: DType
    shape: TensorShape

    def infer(self) -> Any:
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return run.ref(node)

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        return []


class ReadVariableOp(Op):
    """The value of the variable behind a handle."""

    signature = "resource:resource -> value:dtype"
    stateful = True
    reads = ("resource",)
    dtype: DType

    def infer(self, resource: Tensor) -> Any:
        check_dtype(resource, self.dtype)
        return held_shape(resource)

    def reference(self, value: Any) -> Any:
        return value

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [g]


class VarIsInitializedOp(Op):
    """Whether the variable behind a handle has a value in this session."""

    signature = "resource:resource -> is_initialized:bool"
    stateful = True
    differentiable = False

    def infer(self, resource: Tensor) -> Any:
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return np.asarray(run.is_initialized(inputs[0]))


class VariableShape(Op):
    """The shape of the value behind a handle."""

    signature = "input:resource -> output:out_type"
    stateful = True
    differentiable = False
    reads = ("input",)
    out_type: DType = int32

    def infer(self, resource: Tensor) -> Any:
        return TensorShape([held_shape(resource).rank])

    def known(self, resource: Tensor) -> Any:
        dims = held_shape(resource).known
        return None if dims is None or len(dims) > LIMIT else np.array(dims, dtype=object)

    def reference(self, value: Any) -> Any:
        return np.array(np.shape(value), self.out_type.numpy)


class _Write(Op, abstract=True):
    """An op that gives the variable behind a handle a new value."""

    stateful = True
    writes = ("resource",)


class AssignVariableOp(_Write):
    """The variable takes this value, and this shape."""

    signature = "resource:resource, value:dtype ->"

    def infer(self, resource: Tensor, value: Tensor) -> Any:
        check_dtype(resource, value.dtype)
        _check_shape(resource, value)
        return ()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        run.assign(*inputs)
        return ()


def _check_shape(resource: Tensor, value: Tensor) -> None:
    held = held_shape(resource)
    if not held.is_compatible_with(value.shape):
        raise ValueError(
            f"Shapes of the variable and of the value must be equal: {held} and {value.shape}"
        )


class _Update(_Write, abstract=True):
    """variable = f(variable, value), of one shape."""

    signature = "resource:resource, value:dtype -> | dtype: number"

    def infer(self, resource: Tensor, value: Tensor) -> Any:
        check_dtype(resource, value.dtype)
        _check_shape(resource, value)
        return ()

    def updated(self, old: Any, value: Any) -> Any:
        """The new value."""
        raise NotImplementedError

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        ref, value = inputs
        old = run.variable(ref)
        if old.shape != value.shape:
            raise ValueError(
                f"Cannot update variable with shape {list(old.shape)} using a Tensor with shape "
                f"{list(value.shape)}, shapes must be equal."
            )
        with np.errstate(all="ignore"):
            run.assign(ref, self.updated(old, value))
        return ()


class AssignAddVariableOp(_Update):
    """variable += value."""

    def updated(self, old: Any, value: Any) -> Any:
        return old + value


class AssignSubVariableOp(_Update):
    """variable -= value."""

    def updated(self, old: Any, value: Any) -> Any:
        return old - value


class ResourceCountUpTo(_Write):
    """variable += 1, giving the value from before, until it reaches `limit`."""

    signature = "resource:resource -> output:T | T: index"
    differentiable = False
    limit: int
    T: DType

    def infer(self, resource: Tensor) -> Any:
        held = held_dtype(resource)
        if held is not None and held is not self.T:
            raise ValueError(f"the variable is of {held.name}, T says {self.T.name}")
        held_shape(resource).with_rank(0)
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        from_before = run.variable(inputs[0])
        if from_before >= self.limit:
            raise OutOfRangeError(message=f"Reached limit of {self.limit}")
        run.assign(inputs[0], from_before + from_before.dtype.type(1))
        return from_before


class DestroyResourceOp(_Write):
    """What the handle stands for is gone."""

    signature = "resource:resource ->"
    ignore_lookup_error: bool = True

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        if not run.forget(inputs[0]) and not self.ignore_lookup_error:
            raise NotFoundError(message=f"Resource {inputs[0]!r} does not exist.")
        return ()
