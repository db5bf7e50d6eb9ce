"""Comparisons and logic: the result is a bool, and no gradient flows."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.known import known_value
from graphflow.ir.node import Tensor
from graphflow.ir.shape import UNKNOWN, Symbol, broadcast
from graphflow.ops.elementwise import Binary, Elementwise

_ORDERED = "floating, integer"
_COMPARABLE = (
    "floating, uint8, int8, int16, int32, int64, complex, quint8, qint8, qint32, string, bool"
)


class Comparison(Binary, abstract=True):
    """z = whether x and y are in a relation."""

    signature = f"x:T, y:T -> z:bool | T: {_ORDERED}"
    differentiable = False


class Equality(Comparison, abstract=True):
    """z = whether x and y are equal; shapes that do not broadcast may count as different."""

    signature = f"x:T, y:T -> z:bool | T: {_COMPARABLE}"
    commutative = True
    incompatible_shape_error: bool = True

    def infer(self, x: Tensor, y: Tensor) -> Any:
        if self.incompatible_shape_error:
            return broadcast(x.shape, y.shape)
        try:
            return (
                broadcast(x.shape, y.shape) if x.shape.is_static and y.shape.is_static else UNKNOWN
            )
        except ValueError:
            return UNKNOWN

    def reference(self, x: Any, y: Any) -> Any:
        if not self.incompatible_shape_error and not _broadcastable(x, y):
            return np.array(self.type == "NotEqual")
        return super().reference(x, y)

    def known(self, x: Tensor, y: Tensor) -> Any:
        left, right = known_value(x), known_value(y)
        if left is None or right is None:
            return None
        if (
            left.shape == right.shape == ()
            and isinstance(left[()], Symbol)
            and left[()] is right[()]
        ):
            return np.array(self.type == "Equal")
        return super().known(x, y)


def _broadcastable(x: Any, y: Any) -> bool:
    try:
        np.broadcast_shapes(x.shape, y.shape)
    except ValueError:
        return False
    return True


class Equal(Equality):
    """z = (x == y)."""

    oracle = np.equal

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.equal(x, y)


class NotEqual(Equality):
    """z = (x != y)."""

    oracle = np.not_equal

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.not_equal(x, y)


class Less(Comparison):
    """z = (x < y)."""

    oracle = np.less

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.less(x, y)


class LessEqual(Comparison):
    """z = (x <= y)."""

    oracle = np.less_equal

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.less_equal(x, y)


class Greater(Comparison):
    """z = (x > y)."""

    oracle = np.greater

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.greater(x, y)


class GreaterEqual(Comparison):
    """z = (x >= y)."""

    oracle = np.greater_equal

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.greater_equal(x, y)


class ApproximateEqual(Binary):
    """z = (|x - y| < tolerance), for operands of one shape."""

    signature = "x:T, y:T -> z:bool | T: number, qint8, quint8, qint32"
    commutative = True
    differentiable = False
    tolerance: float = 9.999999747378752e-06

    def infer(self, x: Tensor, y: Tensor) -> Any:
        return x.shape.merge_with(y.shape)

    def reference(self, x: Any, y: Any) -> Any:
        if x.shape != y.shape:
            raise InvalidArgumentError(
                message=f"ApproximateEqual: x and y must have one shape, got {list(x.shape)} and {list(y.shape)}"
            )
        return super().reference(x, y)

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        distance = m.abs(m.sub(x, y))
        return m.less(distance, m.constant(self.tolerance, distance))


class LogicalAnd(Binary):
    """z = x and y."""

    signature = "x:bool, y:bool -> z:bool"
    commutative = True
    differentiable = False
    oracle = np.logical_and

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.logical_and(x, y)


class LogicalOr(Binary):
    """z = x or y."""

    signature = "x:bool, y:bool -> z:bool"
    commutative = True
    differentiable = False
    oracle = np.logical_or

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.logical_or(x, y)


class LogicalNot(Elementwise):
    """y = not x."""

    signature = "x:bool -> y:bool"
    differentiable = False
    oracle = np.logical_not

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def scalar(self, m: Any, x: Any) -> Any:
        return m.logical_not(x)


class Question(Elementwise, abstract=True):
    """y = whether x is a float of some kind."""

    signature = "x:T -> y:bool | T: floating"
    differentiable = False

    def infer(self, x: Tensor) -> Any:
        return x.shape


class IsNan(Question):
    """y = whether x is NaN."""

    oracle = np.isnan

    def scalar(self, m: Any, x: Any) -> Any:
        return m.is_nan(x)


class IsInf(Question):
    """y = whether x is an infinity."""

    oracle = np.isinf

    def scalar(self, m: Any, x: Any) -> Any:
        return m.is_inf(x)


class IsFinite(Question):
    """y = whether x is neither NaN nor an infinity."""

    oracle = np.isfinite

    def scalar(self, m: Any, x: Any) -> Any:
        return m.is_finite(x)
