"""Gradients of functions that are cheaper from the result y than from x; they have gradients themselves."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.errors import InvalidArgumentError
from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ops.elementwise import Elementwise, after
from graphflow.ops.reduce_idioms import conj

Gradients = Sequence[Tensor | None]


class FromResult(Elementwise, abstract=True):
    """z = the gradient by x of what made y, given the gradient dy by y; operands of one shape."""

    signature = "y:T, dy:T -> z:T | T: inexact"

    def infer(self, y: Tensor, dy: Tensor) -> Any:
        return y.shape.merge_with(dy.shape)

    def reference(self, y: Any, dy: Any) -> Any:
        if y.shape != dy.shape:
            raise InvalidArgumentError(
                message=f"{self.type}: y and dy must have one shape, got {list(y.shape)} and {list(dy.shape)}"
            )
        return super().reference(y, dy)


class SigmoidGrad(FromResult):
    """z = dy y (1 - y)."""

    def scalar(self, m: Any, y: Any, dy: Any) -> Any:
        return m.mul(dy, m.mul(y, m.sub(m.constant(1, y), y)))

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            y, dy = conj(n.inputs[0]), conj(n.inputs[1])
            both = g * dy
            return [both - 2.0 * both * y, raw.SigmoidGrad(y, g)]


class TanhGrad(FromResult):
    """z = dy (1 - y^2)."""

    def scalar(self, m: Any, y: Any, dy: Any) -> Any:
        return m.mul(dy, m.sub(m.constant(1, y), m.mul(y, y)))

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            y, dy = conj(n.inputs[0]), conj(n.inputs[1])
            return [g * -2.0 * dy * y, raw.TanhGrad(y, g)]


def _unless_zero(m: Any, dy: Any, slope: Any) -> Any:
    """The slope, and 0 where dy is 0, so that a pole of the slope does not turn 0 into NaN."""
    zero = m.constant(0, dy)
    return m.select(m.equal(dy, zero), zero, slope)


class SqrtGrad(FromResult):
    """z = dy / (2 conj(y)), and 0 where dy = 0."""

    def scalar(self, m: Any, y: Any, dy: Any) -> Any:
        return _unless_zero(m, dy, m.div(m.mul(dy, m.constant(0.5, y)), m.conj(y)))

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            ratio = g / n.inputs[0]
            return [-conj(ratio) * n.outputs[0], 0.5 * ratio]


class RsqrtGrad(FromResult):
    """z = -dy conj(y)^3 / 2, and 0 where dy = 0."""

    def scalar(self, m: Any, y: Any, dy: Any) -> Any:
        c = m.conj(y)
        slope = m.mul(m.mul(m.constant(-0.5, y), m.mul(dy, c)), m.mul(c, c))
        return _unless_zero(m, dy, slope)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        y, dy = n.inputs
        with after(g):
            cy, cg = conj(y), conj(g)
            return [-1.5 * cg * dy * raw.Square(cy), raw.RsqrtGrad(cy, g)]


class InverseGrad(FromResult, abstract=True):
    """z = -dy conj(y)^2, and 0 where dy = 0."""

    def scalar(self, m: Any, y: Any, dy: Any) -> Any:
        c = m.conj(y)
        return _unless_zero(m, dy, m.mul(m.mul(m.neg(c), dy), c))

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        dy = n.inputs[1]
        with after(g):
            cy, cg = conj(n.inputs[0]), conj(g)
            return [cg * -2.0 * dy * cy, raw.ReciprocalGrad(cy, g)]


class ReciprocalGrad(InverseGrad):
    """z = -dy conj(y)^2, and 0 where dy = 0."""


class InvGrad(InverseGrad):
    """z = -dy conj(y)^2: the older name."""
