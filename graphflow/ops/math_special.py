"""Error, gamma, beta, zeta and Bessel functions.

Those with a `scalar` are common in models and can be part of a compiled loop; the others are computed by their
reference alone, so that the vocabulary stays small.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from graphflow.ir import raw
from graphflow.ir.convert import constant
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import SCALAR, UNKNOWN
from graphflow.numeric import special
from graphflow.ops import idioms
from graphflow.ops.elementwise import Binary, Elementwise, Unary, after, sides
from graphflow.ops.reduce_idioms import conj

Gradients = Sequence[Tensor | None]

_FLOATING = "x:T -> y:T | T: floating"


class Erf(Unary):
    """y = 2 / sqrt(pi) * the integral of e^(-t^2) from 0 to x."""

    signature = _FLOATING

    def scalar(self, m: Any, x: Any) -> Any:
        return m.erf(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [_bell(n, g, 2 / np.sqrt(np.pi))]


class Erfc(Unary):
    """y = 1 - erf(x)."""

    signature = _FLOATING

    def scalar(self, m: Any, x: Any) -> Any:
        return m.erfc(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [_bell(n, g, -2 / np.sqrt(np.pi))]


def _bell(n: Node, g: Tensor, height: float) -> Tensor:
    """g * height * e^(-x^2)."""
    factor = constant(height, g.dtype)
    with after(g):
        x = conj(n.inputs[0])
        scaled = g * factor
        found: Tensor = scaled * raw.Exp(-raw.Square(x))
        return found


class Lgamma(Unary):
    """y = log |gamma(x)|."""

    signature = _FLOATING

    def scalar(self, m: Any, x: Any) -> Any:
        return m.lgamma(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            return [g * raw.Digamma(conj(n.inputs[0]))]


class Rare(Elementwise, abstract=True):
    """A function that only its reference computes."""

    function: ClassVar[Any]

    def reference(self, *inputs: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.asarray(type(self).function(*inputs))


class RareUnary(Rare, Unary, abstract=True):
    """y[i] = f(x[i])."""

    signature = _FLOATING


class RareBinary(Rare, Binary, abstract=True):
    """z[i] = f(x[i], y[i]) with broadcasting."""


class Digamma(RareUnary):
    """y = the derivative of log gamma(x)."""

    function = special.digamma

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        with after(g):
            x = conj(n.inputs[0])
            return [g * raw.Polygamma(constant(1, x.dtype), x)]


class BesselI0e(RareUnary):
    """y = e^-|x| I0(x)."""

    function = special.bessel_i0e

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs[0], n.outputs[0]
        with after(g):
            return [g * (raw.BesselI1e(x) - raw.Sign(x) * y)]


class BesselI1e(RareUnary):
    """y = e^-|x| I1(x)."""

    function = special.bessel_i1e

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs[0], n.outputs[0]
        with after(g):
            # I1(x) / x has the limit 1/2 at 0, which the formula cannot compute
            epsilon = np.finfo(x.dtype.as_numpy_dtype).eps
            zeros = idioms.zeros_like(x)
            not_tiny = raw.Abs(x) > epsilon
            safe = raw.Select(not_tiny, x, epsilon + zeros)
            slope = raw.BesselI0e(safe) - y * (raw.Sign(safe) + raw.Reciprocal(safe))
            return [g * raw.Select(not_tiny, slope, 0.5 + zeros)]


class NextAfter(RareBinary):
    """z = the float next to x1 in the direction of x2."""

    signature = "x1:T, x2:T -> output:T | T: double, float = float"
    oracle = np.nextafter
    function = np.nextafter

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs
        left, right = sides(x, y)
        with after(g):
            by_x = idioms.ones(left.shape, x.dtype)
            by_y = idioms.zeros(right.shape, y.dtype)
            gx = left.sum(by_x * g)
            return [gx, right.sum(by_y * g)]


class Igamma(RareBinary):
    """z = the lower incomplete gamma function P(a, x), regularised."""

    signature = "a:T, x:T -> z:T | T: float, double"
    function = special.igamma

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return list(_igamma_gradients(n, g))


class Igammac(RareBinary):
    """z = the upper incomplete gamma function Q(a, x), regularised."""

    signature = "a:T, x:T -> z:T | T: float, double"
    function = special.igammac

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        ga, gx = _igamma_gradients(n, g)
        return [-ga, -gx]


def _igamma_gradients(n: Node, g: Tensor) -> tuple[Tensor, Tensor]:
    a, x = n.inputs
    left, right = sides(a, x)
    with after(g):
        by_a = raw.IgammaGradA(a, x)
        # in logarithms, as gamma(a) grows large
        by_x = raw.Exp(-x + (a - 1) * raw.Log(x) - raw.Lgamma(a))
        ga = left.sum(by_a * g)
        return ga, right.sum(by_x * g)


class IgammaGradA(RareBinary):
    """z = the derivative of P(a, x) by a."""

    signature = "a:T, x:T -> z:T | T: float, double"
    function = special.igamma_grad_a


class Polygamma(RareBinary):
    """z = the a-th derivative of digamma at x."""

    signature = "a:T, x:T -> z:T | T: float, double"
    function = special.polygamma

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        a, x = n.inputs
        _, right = sides(a, x)
        with after(g):
            by_x = raw.Polygamma(conj(a) + 1, conj(x))
            return [None, right.sum(by_x * g)]


class Zeta(RareBinary):
    """z = the sum over k of (q + k)^-x."""

    signature = "x:T, q:T -> z:T | T: float, double"
    function = special.zeta

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, q = n.inputs
        _, right = sides(x, q)
        with after(g):
            x, q = conj(x), conj(q)
            by_q = -x * raw.Zeta(x + 1, q)
            return [None, right.sum(by_q * g)]


class Betainc(Rare):
    """z = the incomplete beta function, regularised; of three operands, scalars meet tensors of one shape."""

    signature = "a:T, b:T, x:T -> z:T | T: float, double"
    function = special.betainc

    def infer(self, a: Tensor, b: Tensor, x: Tensor) -> Any:
        whole = UNKNOWN if any(t.shape.rank is None for t in (a, b, x)) else SCALAR
        for t in (a, b, x):
            if t.shape.rank:
                whole = t.shape.merge_with(whole) if whole.rank else t.shape
        return whole

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        a, b, x = n.inputs
        _, right = sides(a, x)
        log_beta = raw.Lgamma(a) + raw.Lgamma(b) - raw.Lgamma(a + b)
        by_x = raw.Exp((b - 1) * raw.Log(1 - x) + (a - 1) * raw.Log(x) - log_beta)
        return [None, None, right.sum(by_x * g)]
