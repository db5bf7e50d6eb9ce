"""Variables that graphs refer to by reference: their values live in the session."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import OutOfRangeError
from graphflow.ir.dtype import DType
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape


class VariableV2(Op):
    """A variable: a reference to a value that stays from run to run."""

    signature = "-> ref:&dtype"
    stateful = True
    shape: TensorShape
    dtype: DType
    container: str = ""
    shared_name: str = ""

    def infer(self) -> Any:
        return self.shape

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return run.ref(node)

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        return []


class Variable(VariableV2):
    """A variable as files from before TensorFlow 1.0 spell it: one without dimensions may have any shape."""

    def infer(self) -> Any:
        return self.shape if self.shape.known else TensorShape(None)


class _Write(Op, abstract=True):
    """An op that gives a variable a new value and passes the variable on."""

    stateful = False  # as TensorFlow has it: what counts is the reference it writes through
    differentiable = False
    forwards_ref = True
    writes = ("ref",)


class Assign(_Write):
    """ref = value."""

    signature = "ref:&T, value:T -> output_ref:&T"
    validate_shape: bool = True
    use_locking: bool = True

    def infer(self, ref: Tensor, value: Tensor) -> Any:
        if self.validate_shape:
            if not ref.shape.is_compatible_with(value.shape):
                raise ValueError(
                    f"Shapes of the variable and of its new value must be equal: {ref.shape} and {value.shape}"
                )
            return ref.shape.merge_with(value.shape)
        return value.shape

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        ref, value = inputs
        declared = node.inputs[0].shape
        if self.validate_shape and not declared.is_compatible_with(value.shape):
            raise ValueError(
                f"Assign requires shapes of both tensors to match. lhs shape= {declared} rhs shape= {value.shape}"
            )
        run.assign(ref, value)
        return ref


class _Update(_Write, abstract=True):
    """ref = f(ref, value), of one shape."""

    signature = "ref:&T, value:T -> output_ref:&T | T: number"
    use_locking: bool = False

    def infer(self, ref: Tensor, value: Tensor) -> Any:
        return ref.shape.merge_with(value.shape)

    def updated(self, old: Any, value: Any) -> Any:
        """The new value."""
        raise NotImplementedError

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        ref, value = inputs
        old = run.variable(ref)
        if old.shape != value.shape:
            raise ValueError(
                f"{self.type} requires shapes to match: variable {old.shape}, value {value.shape}"
            )
        with np.errstate(all="ignore"):
            run.assign(ref, self.updated(old, value))
        return ref


class AssignAdd(_Update):
    """ref += value."""

    def updated(self, old: Any, value: Any) -> Any:
        return old + value


class AssignSub(_Update):
    """ref -= value."""

    def updated(self, old: Any, value: Any) -> Any:
        return old - value


class IsVariableInitialized(Op):
    """Whether a variable has a value in this session."""

    signature = "ref:&dtype -> is_initialized:bool"
    differentiable = False
    stateful = True

    def infer(self, ref: Tensor) -> Any:
        return SCALAR

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return np.asarray(run.is_initialized(inputs[0]))


class CountUpTo(_Write):
    """ref += 1, giving the value from before, until it reaches `limit`."""

    signature = "ref:&T -> output:T | T: index"
    forwards_ref = False
    limit: int

    def infer(self, ref: Tensor) -> Any:
        return ref.shape

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        from_before = run.variable(inputs[0])
        if from_before >= self.limit:
            raise OutOfRangeError(None, None, f"Reached limit of {self.limit}")
        run.assign(inputs[0], from_before + from_before.dtype.type(1))
        return from_before
