"""Where values come from and where they go through unchanged: constants, placeholders, identities, NoOp."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir.dtype import DType
from graphflow.ir.known import known_value
from graphflow.ir.literal import Literal
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape


class Const(Op):
    """A value that is part of the graph."""

    signature = "-> output:dtype"
    interned = False
    value: Literal
    dtype: DType

    def infer(self) -> Any:
        return TensorShape.of(self.value.array.shape)

    def reference(self) -> Any:
        return self.value.array

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return []


class Placeholder(Op):
    """A value that every run must be given."""

    signature = "-> output:dtype"
    dtype: DType
    shape: TensorShape = TensorShape(None)
    #: a run that reaches it must have been given a value for it
    must_be_fed = True

    def infer(self) -> Any:
        return self.shape

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return []


class PlaceholderWithDefault(Op):
    """The input, unless a run feeds another value."""

    signature = "input:dtype -> output:dtype"
    shape: TensorShape

    def infer(self, x: Tensor) -> Any:
        x.shape.assert_is_compatible_with(self.shape)
        return self.shape

    def reference(self, x: Any) -> Any:
        return x

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [g]


class Identity(Op):
    """x, unchanged."""

    signature = "input:T -> output:T"

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def known(self, x: Tensor) -> Any:
        return known_value(x)

    def reference(self, x: Any) -> Any:
        return x

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [g]


class NoOp(Op):
    """Nothing: a place for control edges to meet."""

    differentiable = False

    def reference(self) -> Any:
        return ()
