"""Arithmetic of two operands, which broadcast."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from graphflow.ir import raw
from graphflow.ir.dtype import float32, int32
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.elementwise import Binary, after, frugal_sides, same_static_shape, sides
from graphflow.ops.reduce_idioms import conj

Gradients = Sequence[Tensor | None]

_NUMBERS = "floating, uint8, int8, int16, int32, int64, complex"
_NUMBERS_AND_UINT16 = f"{_NUMBERS}, uint16"
_NO_NAN = "half, float, double, complex"


class Sum2(Binary, abstract=True):
    """z = x + y."""

    oracle = np.add

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.add(x, y)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs
        if same_static_shape(g, x, y):
            return [g, g]
        left, right = frugal_sides(x, y, g)
        return [left.sum(g), right.sum(g)]


class Add(Sum2):
    """z = x + y, of strings too."""

    signature = f"x:T, y:T -> z:T | T: {_NUMBERS}, string"


class AddV2(Sum2):
    """z = x + y."""

    signature = f"x:T, y:T -> z:T | T: {_NUMBERS}"
    commutative = True


class Sub(Binary):
    """z = x - y."""

    signature = f"x:T, y:T -> z:T | T: {_NUMBERS_AND_UINT16}"
    oracle = np.subtract

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.sub(x, y)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs
        if same_static_shape(g, x, y):
            return [g, -g]
        left, right = frugal_sides(x, y, g)
        return [left.sum(g), right.sum(-g)]


class Mul(Binary):
    """z = x y."""

    signature = f"x:T, y:T -> z:T | T: {_NUMBERS_AND_UINT16}"
    commutative = True
    oracle = np.multiply

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.mul(x, y)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs
        if same_static_shape(g, x, y) and g.dtype in (int32, float32):
            return [raw.Mul(g, y), raw.Mul(g, x)]
        left, right = frugal_sides(x, y, g)
        x, y = conj(x), conj(y)
        gx = left.sum(raw.Mul(g, y))
        return [gx, right.sum(raw.Mul(x, g))]


class MulNoNan(Binary):
    """z = x y, and 0 where y = 0, whatever x is."""

    signature = f"x:T, y:T -> z:T | T: {_NO_NAN}"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        zero = m.constant(0, y)
        return m.select(m.equal(y, zero), zero, m.mul(x, y))

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs
        if same_static_shape(g, x, y):
            return [raw.MulNoNan(g, y), raw.MulNoNan(x, g)]
        left, right = sides(x, y)
        gx = left.sum(raw.MulNoNan(g, y))
        return [gx, right.sum(raw.MulNoNan(x, g))]


class Quotient(Binary, abstract=True):
    """z = x / y, with the gradients g / y and -g x / y / y."""

    signature = f"x:T, y:T -> z:T | T: {_NUMBERS_AND_UINT16}"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.div(x, y)

    def divide(self, x: Any, y: Any) -> Any:
        """x / y as nodes."""
        raise NotImplementedError

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs
        left, right = sides(x, y)
        x, y = conj(x), conj(y)
        gx = left.sum(self.divide(g, y))
        return [gx, right.sum(g * self.divide(self.divide(-x, y), y))]


class RealDiv(Quotient):
    """z = x / y."""

    def divide(self, x: Any, y: Any) -> Any:
        return raw.RealDiv(x, y)


class Div(Quotient):
    """z = x / y; of integers the quotient cut towards zero."""

    def divide(self, x: Any, y: Any) -> Any:
        return x / y


class DivNoNan(Quotient):
    """z = x / y, and 0 where y = 0."""

    signature = f"x:T, y:T -> z:T | T: {_NO_NAN}"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        zero = m.constant(0, y)
        return m.select(m.equal(y, zero), zero, m.div(x, y))

    def divide(self, x: Any, y: Any) -> Any:
        return idioms.div_no_nan(x, y)


class FloorDiv(Binary):
    """z = floor(x / y)."""

    signature = f"x:T, y:T -> z:T | T: {_NUMBERS_AND_UINT16}"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.floor_div(x, y)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [None, None]


class TruncateDiv(Binary):
    """z = x / y, cut towards zero."""

    signature = f"x:T, y:T -> z:T | T: {_NUMBERS_AND_UINT16}"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.truncate_div(x, y)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [None, None]


class FloorMod(Binary):
    """z = x - y floor(x / y)."""

    signature = "x:T, y:T -> z:T | T: int32, int64, floating"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.floor_mod(x, y)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = conj(n.inputs[0]), conj(n.inputs[1])
        left, right = sides(x, y)
        quotient = raw.FloorDiv(x, y)
        gx = left.sum(g)
        return [gx, right.sum(g * raw.Neg(quotient))]


class TruncateMod(Binary):
    """z = x - y trunc(x / y)."""

    signature = "x:T, y:T -> z:T | T: int32, int64, floating"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.truncate_mod(x, y)


class Mod(TruncateMod):
    """z = x - y trunc(x / y): the older name."""


class Pow(Binary):
    """z = x^y."""

    signature = "x:T, y:T -> z:T | T: floating, int32, int64, complex"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.pow(x, y)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs
        left, right = frugal_sides(x, y, g)
        x, y = conj(x), conj(y)
        gx = left.sum(g * y * raw.Pow(x, y - 1))
        z = conj(n.outputs[0])
        # no derivative by the exponent where the logarithm has no real value
        mask = raw.NotEqual(x, 0) if x.dtype.is_complex else x > 0
        safe_x = raw.Select(mask, x, idioms.ones_like(x))
        log_x = raw.Select(mask, raw.Log(safe_x), idioms.zeros_like(x))
        return [gx, right.sum(g * z * log_x)]


class Extremum(Binary, abstract=True):
    """The greater or the smaller of two; the gradient goes to the one that is chosen, to x where they are equal."""

    signature = "x:T, y:T -> z:T | T: floating, int32, int64"
    #: the comparison that x passes where it is chosen
    chosen: ClassVar[str]

    def gradient(self, n: Node, g: Any) -> Gradients:
        x, y = n.inputs
        sx, sy = idioms.shape(x), idioms.shape(y)
        zeros = idioms.zeros(idioms.shape(g), g.dtype)
        mask = getattr(raw, self.chosen)(x, y)
        rx, ry = raw.BroadcastGradientArgs(sx, sy)
        gx = raw.Reshape(raw.Sum(raw.Select(mask, g, zeros), rx), sx)
        return [gx, raw.Reshape(raw.Sum(raw.Select(mask, zeros, g), ry), sy)]


class Maximum(Extremum):
    """z = max(x, y), NaN if either is."""

    oracle = np.maximum
    chosen = "GreaterEqual"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.maximum(x, y)


class Minimum(Extremum):
    """z = min(x, y), NaN if either is."""

    oracle = np.minimum
    chosen = "LessEqual"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.minimum(x, y)


class SquaredDifference(Binary):
    """z = |x - y|^2."""

    signature = "x:T, y:T -> z:T | T: floating, int32, int64, complex"
    commutative = True

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        difference = m.sub(x, y)
        return m.mul(difference, m.conj(difference))

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs
        with after(g):
            gx = idioms.scaled(2.0, g) * (x - y)
        if same_static_shape(g, x, y):
            return [gx, -gx]
        left, right = frugal_sides(x, y, g)
        return [left.sum(gx), -right.sum(gx)]


class Xlogy(Binary):
    """z = x log(y), and 0 where x = 0."""

    signature = f"x:T, y:T -> z:T | T: {_NO_NAN}"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.select(m.equal(x, m.constant(0, x)), x, m.mul(x, m.log(y)))

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs
        left, right = sides(x, y)
        with after(g):
            by_x = raw.Xlogy(_is_not_zero(x), y)
            by_y = raw.Xdivy(x, y)
            gx = left.sum(by_x * g)
            return [gx, right.sum(by_y * g)]


class Xdivy(Binary):
    """z = x / y, and 0 where x = 0."""

    signature = f"x:T, y:T -> z:T | T: {_NO_NAN}"

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.select(m.equal(x, m.constant(0, x)), x, m.div(x, y))

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x, y = n.inputs
        left, right = sides(x, y)
        with after(g):
            by_x = raw.Xdivy(_is_not_zero(x), y)
            by_y = raw.Xdivy(raw.Neg(x), y**2)
            gx = left.sum(by_x * g)
            return [gx, right.sum(by_y * g)]


def _is_not_zero(x: Tensor) -> Tensor:
    """1 where x is not 0, else 0."""
    return idioms.cast(raw.NotEqual(x, idioms.cast(0.0, x.dtype)), x.dtype)


class Atan2(Binary):
    """z = the angle of the point (x, y)."""

    signature = "y:T, x:T -> z:T | T: floating"
    oracle = np.arctan2

    def scalar(self, m: Any, y: Any, x: Any) -> Any:
        return m.atan2(y, x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        y, x = n.inputs
        with after(g):
            inverse = g / (raw.Square(x) + raw.Square(y))
            gy, gx = x * inverse, -y * inverse
        if y.shape.known is not None and y.shape == x.shape:
            return [gy, gx]
        # TensorFlow 1 forgot that the operands broadcast
        upper, lower = sides(y, x)
        return [upper.sum(gy), lower.sum(gx)]
