"""The bits of integers."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.ir.node import Tensor
from graphflow.ops.elementwise import Binary, Elementwise


class Bits(Binary, abstract=True):
    """z = a function of the bits of x and y."""

    signature = "x:T, y:T -> z:T | T: integer"
    differentiable = False


class BitwiseAnd(Bits):
    """z = x & y."""

    commutative = True
    oracle = np.bitwise_and

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.bit_and(x, y)


class BitwiseOr(Bits):
    """z = x | y."""

    commutative = True
    oracle = np.bitwise_or

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.bit_or(x, y)


class BitwiseXor(Bits):
    """z = x ^ y."""

    commutative = True
    oracle = np.bitwise_xor

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.bit_xor(x, y)


class LeftShift(Bits):
    """z = x << y, where y is clamped to 0 .. bits - 1."""

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.left_shift(x, y)


class RightShift(Bits):
    """z = x >> y with the sign of x, where y is clamped to 0 .. bits - 1."""

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.right_shift(x, y)


class Invert(Elementwise):
    """y = ~x."""

    signature = "x:T -> y:T | T: integer"
    differentiable = False
    oracle = np.invert

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def scalar(self, m: Any, x: Any) -> Any:
        return m.bit_not(x)


class PopulationCount(Elementwise):
    """y = the number of ones among the bits of x."""

    signature = "x:T -> y:uint8 | T: integer"
    differentiable = False

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def scalar(self, m: Any, x: Any) -> Any:
        return m.popcount(x)
