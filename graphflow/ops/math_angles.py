"""Trigonometric and hyperbolic functions and their inverses."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.convert import constant
from graphflow.ir.node import Node, Tensor
from graphflow.ops.elementwise import Unary, after
from graphflow.ops.reduce_idioms import conj

Gradients = Sequence[Tensor | None]

_INEXACT = "x:T -> y:T | T: inexact"
#: as TensorFlow has it, though it cannot compute these functions of integers either
_SIGNED = "x:T -> y:T | T: floating, int32, int64, complex"


class Sin(Unary):
    """y = sin(x)."""

    signature = _INEXACT
    oracle = np.sin

    def scalar(self, m: Any, x: Any) -> Any:
        return m.sin(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [g * raw.Cos(conj(n.inputs[0]))]


class Cos(Unary):
    """y = cos(x)."""

    signature = _INEXACT
    oracle = np.cos

    def scalar(self, m: Any, x: Any) -> Any:
        return m.cos(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            x = conj(n.inputs[0])
            return [-g * raw.Sin(x)]


class Tan(Unary):
    """y = tan(x)."""

    signature = _SIGNED
    uncomputed = "i"
    oracle = np.tan

    def scalar(self, m: Any, x: Any) -> Any:
        return m.tan(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            secant = raw.Reciprocal(raw.Cos(conj(n.inputs[0])))
            return [raw.Square(secant) * g]


class Asin(Unary):
    """y = asin(x)."""

    signature = _SIGNED
    uncomputed = "i"
    oracle = np.arcsin

    def scalar(self, m: Any, x: Any) -> Any:
        return m.asin(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [g * _over_circle(n, g)]


class Acos(Unary):
    """y = acos(x)."""

    signature = _SIGNED
    uncomputed = "i"
    oracle = np.arccos

    def scalar(self, m: Any, x: Any) -> Any:
        return m.acos(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            slope = _over_circle(n, g)
            return [-g * slope]


def _over_circle(n: Node, g: Tensor) -> Tensor:
    """1 / sqrt(1 - x^2)."""
    squared = raw.Square(conj(n.inputs[0]))
    one = constant(1, g.dtype)
    found: Tensor = raw.Reciprocal(raw.Sqrt(raw.Sub(one, squared)))
    return found


class Atan(Unary):
    """y = atan(x)."""

    signature = _SIGNED
    uncomputed = "i"
    oracle = np.arctan

    def scalar(self, m: Any, x: Any) -> Any:
        return m.atan(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            squared = raw.Square(conj(n.inputs[0]))
            return [g * raw.Reciprocal(raw.Add(constant(1, g.dtype), squared))]


class Sinh(Unary):
    """y = sinh(x)."""

    signature = _INEXACT
    oracle = np.sinh

    def scalar(self, m: Any, x: Any) -> Any:
        return m.sinh(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [g * raw.Cosh(conj(n.inputs[0]))]


class Cosh(Unary):
    """y = cosh(x)."""

    signature = _INEXACT
    oracle = np.cosh

    def scalar(self, m: Any, x: Any) -> Any:
        return m.cosh(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [g * raw.Sinh(conj(n.inputs[0]))]


class Asinh(Unary):
    """y = asinh(x)."""

    signature = _INEXACT
    oracle = np.arcsinh

    def scalar(self, m: Any, x: Any) -> Any:
        return m.asinh(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [g / raw.Cosh(conj(n.outputs[0]))]


class Acosh(Unary):
    """y = acosh(x)."""

    signature = _INEXACT
    oracle = np.arccosh

    def scalar(self, m: Any, x: Any) -> Any:
        return m.acosh(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [g / raw.Sinh(conj(n.outputs[0]))]


class Atanh(Unary):
    """y = atanh(x)."""

    signature = _INEXACT
    oracle = np.arctanh

    def scalar(self, m: Any, x: Any) -> Any:
        return m.atanh(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            squared = raw.Square(conj(n.inputs[0]))
            return [g * raw.Reciprocal(raw.Sub(constant(1, g.dtype), squared))]
