"""Functions of one operand: signs, rounding, powers, exponentials and logarithms."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.convert import constant
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.elementwise import Unary, after
from graphflow.ops.reduce_idioms import conj

Gradients = Sequence[Tensor | None]

_SIGNED = "x:T -> y:T | T: floating, int32, int64, complex"
_INEXACT = "x:T -> y:T | T: inexact"
_FLOATING = "x:T -> y:T | T: floating"


class Neg(Unary):
    """y = -x."""

    signature = _SIGNED
    oracle = np.negative

    def scalar(self, m: Any, x: Any) -> Any:
        return m.neg(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [-g]


class Abs(Unary):
    """y = |x|."""

    signature = "x:T -> y:T | T: floating, int8, int16, int32, int64"
    oracle = np.abs

    def scalar(self, m: Any, x: Any) -> Any:
        return m.abs(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [g * raw.Sign(n.inputs[0])]


class Sign(Unary):
    """y = -1, 0 or 1."""

    signature = _SIGNED

    def scalar(self, m: Any, x: Any) -> Any:
        return m.sign(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x = n.inputs[0]
        return [idioms.zeros(idioms.shape(x), x.dtype)]


class Stepped(Unary, abstract=True):
    """A step function: its derivative is zero wherever it has one."""

    signature = _FLOATING

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [None]


class Floor(Stepped):
    """y = the next integer below."""

    oracle = np.floor

    def scalar(self, m: Any, x: Any) -> Any:
        return m.floor(x)


class Ceil(Stepped):
    """y = the next integer above."""

    oracle = np.ceil

    def scalar(self, m: Any, x: Any) -> Any:
        return m.ceil(x)


class Rint(Stepped):
    """y = the nearest integer, half to even."""

    oracle = np.rint

    def scalar(self, m: Any, x: Any) -> Any:
        return m.round(x)


class Round(Stepped):
    """y = the nearest integer, half to even; integers stay."""

    signature = _SIGNED
    oracle = np.round

    def scalar(self, m: Any, x: Any) -> Any:
        return m.round(x)


class Inverse(Unary, abstract=True):
    """y = 1 / x."""

    signature = _SIGNED
    oracle = np.reciprocal

    def scalar(self, m: Any, x: Any) -> Any:
        return m.div(m.constant(1, x), x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [raw.ReciprocalGrad(n.outputs[0], g)]


class Reciprocal(Inverse):
    """y = 1 / x."""


class Inv(Inverse):
    """y = 1 / x: the older name."""


class Square(Unary):
    """y = x^2."""

    signature = _SIGNED
    oracle = np.square

    def scalar(self, m: Any, x: Any) -> Any:
        return m.mul(x, x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            x = conj(n.inputs[0])
            return [raw.Mul(g, raw.Mul(x, constant(2.0, x.dtype)))]


class Sqrt(Unary):
    """y = x^(1/2)."""

    signature = _INEXACT
    oracle = np.sqrt

    def scalar(self, m: Any, x: Any) -> Any:
        return m.sqrt(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [raw.SqrtGrad(n.outputs[0], g)]


class Rsqrt(Unary):
    """y = x^(-1/2)."""

    signature = _INEXACT

    def scalar(self, m: Any, x: Any) -> Any:
        return m.rsqrt(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [raw.RsqrtGrad(n.outputs[0], g)]


class Exp(Unary):
    """y = e^x."""

    signature = _INEXACT
    oracle = np.exp

    def scalar(self, m: Any, x: Any) -> Any:
        return m.exp(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [g * conj(n.outputs[0])]


class Expm1(Unary):
    """y = e^x - 1, exact near 0."""

    signature = _INEXACT
    oracle = np.expm1

    def scalar(self, m: Any, x: Any) -> Any:
        return m.expm1(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [g * raw.Exp(conj(n.inputs[0]))]


class Log(Unary):
    """y = log(x)."""

    signature = _INEXACT
    oracle = np.log

    def scalar(self, m: Any, x: Any) -> Any:
        return m.log(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [g * raw.Reciprocal(conj(n.inputs[0]))]


class Log1p(Unary):
    """y = log(1 + x), exact near 0."""

    signature = _INEXACT
    oracle = np.log1p

    def scalar(self, m: Any, x: Any) -> Any:
        return m.log1p(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [g * raw.Reciprocal(1 + conj(n.inputs[0]))]


class Sigmoid(Unary):
    """y = 1 / (1 + e^-x)."""

    signature = _INEXACT

    def scalar(self, m: Any, x: Any) -> Any:
        one = m.constant(1, x)
        return m.div(one, m.add(one, m.exp(m.neg(x))))

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [raw.SigmoidGrad(conj(n.outputs[0]), g)]


class Tanh(Unary):
    """y = tanh(x)."""

    signature = _INEXACT
    oracle = np.tanh

    def scalar(self, m: Any, x: Any) -> Any:
        return m.tanh(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [raw.TanhGrad(conj(n.outputs[0]), g)]
