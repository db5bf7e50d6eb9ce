"""Values that only the gradients of branches and loops know: absent ones, and lists with an element for each iteration."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.dtype import DType
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape
from graphflow.ops.variant_values import added, zeros_like


class Absent(Op):
    """What a branch that was not taken would have given: zeros, of size 0 wherever a size is unknown.

    Nobody looks at them, but sums of gradients may run over them before the branch that drops them.
    """

    signature = "-> output:dtype"
    differentiable = False
    dtype: DType
    shape: TensorShape = TensorShape(None)

    def infer(self) -> Any:
        return self.shape

    def reference(self) -> Any:
        if self.dtype.kind == "o":
            return []
        sizes = tuple(d if isinstance(d, int) else 0 for d in self.shape.known or ())
        empty: Any = b"" if self.dtype.kind == "s" else 0
        return np.broadcast_to(np.array(empty, self.dtype.numpy), sizes)


class ListAdd(Op):
    """Lists added element by element."""

    signature = "inputs:N*T -> sum:T | T: variant"

    def infer(self, inputs: Sequence[Tensor]) -> Any:
        return SCALAR

    def reference(self, inputs: Sequence[Any]) -> Any:
        return added(inputs)

    def gradient(self, n: Node, g: Any) -> Sequence[Tensor | None]:
        return [g] * len(n.inputs)


class ListZerosLike(Op):
    """A list of zeros, each of the shape of the element in its place."""

    signature = "x:T -> y:T | T: variant"
    differentiable = False

    def infer(self, x: Tensor) -> Any:
        return SCALAR

    def reference(self, x: Any) -> Any:
        return zeros_like(x)


class ListConcat(Op):
    """`first`, and below it the elements of a list from the last to the first."""

    signature = "first:T, list:variant -> output:T"

    def infer(self, first: Tensor, list_: Tensor) -> Any:
        rows = first.shape.with_rank_at_least(1)
        return rows if rows.known is None else TensorShape([None]).concatenate(rows[1:])

    def reference(self, first: Any, list_: Any) -> Any:
        return np.concatenate([first, *reversed(list_)])

    def gradient(self, n: Node, g: Any) -> Sequence[Tensor | None]:
        first, rest = raw.ListSplit(g, n.inputs[0], n.inputs[1])
        return [first, rest]


class ListSplit(Op):
    """The parts that ListConcat(first, list) put together: the inverse, with other values."""

    signature = "input:T, first:T, list:variant -> part:T, parts:variant"
    takes_none = True

    def infer(self, x: Tensor, first: Tensor, list_: Tensor) -> Any:
        return first.shape, SCALAR

    def reference(self, x: Any, first: Any, list_: Any) -> Any:
        ends = np.cumsum([len(first), *(len(v) for v in reversed(list_))])
        pieces = np.split(x, ends[:-1])
        return pieces[0], pieces[:0:-1]

    def gradient(self, n: Node, *grads: Any) -> Sequence[Tensor | None]:
        part, parts = grads
        if part is None:
            part = raw.ZerosLike(n.outputs[0])
        if parts is None:
            parts = raw.ListZerosLike(n.outputs[1])
        return [raw.ListConcat(part, parts), None, None]
