"""Sizes as values: Shape, Size, Rank, and the shape that is asserted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir.dtype import DType, int32
from graphflow.ir.known import known_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, Symbol, TensorShape
from graphflow.ops.dims import factors, objects


def known_sizes(x: Tensor) -> np.ndarray[Any, Any] | None:
    """The dimensions of x as a value that is known before the graph runs."""
    if x.shape.rank == 1 and x.dtype.is_integer and not x.shape.is_static:
        # a vector of unknown length may yet be known, such as the axes of a broadcast
        value = known_value(x)
        if value is not None:
            return objects(value.shape)
    return None if x.shape.known is None else objects(x.shape.known)


def length_vector(x: Tensor) -> TensorShape:
    """The shape of a vector that has one entry for each dimension of x."""
    rank = x.shape.rank
    return TensorShape.of((Symbol() if rank is None else rank,))


class Shape(Op):
    """The sizes of a tensor."""

    signature = "input:T -> output:out_type | out_type: index"
    differentiable = False
    out_type: DType = int32

    def infer(self, x: Tensor) -> Any:
        return length_vector(x)

    def known(self, x: Tensor) -> Any:
        return known_sizes(x)

    def reference(self, x: Any) -> Any:
        return np.array(np.shape(x), self.out_type.numpy)


class ShapeN(Op):
    """The sizes of several tensors."""

    signature = "input:N*T -> output:N*out_type | out_type: index"
    differentiable = False
    out_type: DType = int32

    def infer(self, xs: list[Tensor]) -> Any:
        return tuple(length_vector(x) for x in xs)

    def known(self, xs: list[Tensor]) -> Any:
        return tuple(known_sizes(x) for x in xs)

    def reference(self, xs: list[Any]) -> Any:
        return tuple(np.array(np.shape(x), self.out_type.numpy) for x in xs)


class Size(Op):
    """The number of elements of a tensor."""

    signature = "input:T -> output:out_type | out_type: index"
    differentiable = False
    out_type: DType = int32

    def infer(self, x: Tensor) -> Any:
        return SCALAR

    def known(self, x: Tensor) -> Any:
        rest, symbols = factors(x.shape.known)
        if rest == 0:
            return 0
        if symbols is None or symbols.total() > 1:
            return None
        if not symbols:
            return rest
        return next(iter(symbols)) if rest == 1 else None

    def reference(self, x: Any) -> Any:
        return np.array(np.size(x), self.out_type.numpy)


class Rank(Op):
    """The number of dimensions of a tensor."""

    signature = "input:T -> output:int32"
    differentiable = False

    def infer(self, x: Tensor) -> Any:
        return SCALAR

    def known(self, x: Tensor) -> Any:
        return x.shape.rank

    def reference(self, x: Any) -> Any:
        return np.array(np.ndim(x), np.int32)


class EnsureShape(Op):
    """The tensor, if it has the shape; an error of the run if not."""

    signature = "input:T -> output:T"
    shape: TensorShape

    def infer(self, x: Tensor) -> Any:
        return x.shape.merge_with(self.shape)

    def reference(self, x: Any) -> Any:
        if not self.shape.is_compatible_with(x.shape):
            raise ValueError(
                f"Shape of tensor {list(x.shape)} is not compatible with expected shape "
                f"{self.shape}"
            )
        return x

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [g]
