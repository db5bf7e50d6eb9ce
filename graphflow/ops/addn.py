"""Sums of many tensors of one shape."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.numeric.elements import narrowed, widened
from graphflow.ops.variant_values import added

_SUMMABLE = "number, qint8, quint8, qint32"


def _merged(inputs: Sequence[Tensor]) -> TensorShape:
    """What all shapes together tell."""
    shape = inputs[0].shape
    for x in inputs[1:]:
        shape = shape.merge_with(x.shape)
    return shape


def _total(inputs: Sequence[Any]) -> Any:
    """The sum from left to right, of 16-bit floats in float32."""
    if not hasattr(inputs[0], "dtype"):
        return added(inputs)
    for x in inputs[1:]:
        if x.shape != inputs[0].shape:
            raise InvalidArgumentError(
                message="Inputs to operation AddN must have the same size and shape. "
                f"Input 0: {list(inputs[0].shape)} != input: {list(x.shape)}"
            )
    with np.errstate(all="ignore"):
        total = functools.reduce(np.add, [widened(x) for x in inputs])
    return narrowed(total, inputs[0].dtype)


class AddN(Op):
    """The sum of all inputs, which have one shape."""

    signature = f"inputs:N*T -> sum:T | T: {_SUMMABLE}, variant"
    commutative = True

    def infer(self, inputs: Sequence[Tensor]) -> Any:
        return _merged(inputs)

    def reference(self, inputs: Sequence[Any]) -> Any:
        return _total(inputs)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [g] * len(n.inputs)


class AccumulateNV2(Op):
    """The sum of all inputs, which have the stated shape."""

    signature = f"inputs:N*T -> sum:T | T: {_SUMMABLE}"
    commutative = True
    shape: TensorShape

    def infer(self, inputs: Sequence[Tensor]) -> Any:
        return _merged(inputs).merge_with(self.shape)

    def reference(self, inputs: Sequence[Any]) -> Any:
        return _total(inputs)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [g] * len(n.inputs)
