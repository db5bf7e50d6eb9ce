"""Complex numbers and their parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.convert import constant
from graphflow.ir.dtype import DType, complex64, complex128, float32, float64
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import broadcast
from graphflow.ops import idioms
from graphflow.ops.elementwise import Elementwise, after, sides
from graphflow.ops.reduce_idioms import conj

Gradients = Sequence[Tensor | None]

#: the complex type whose parts have a real type
_WHOLE = {float32: complex64, float64: complex128}


class Complex(Elementwise):
    """z = x + iy."""

    signature = "real:T, imag:T -> out:Tout | T: float, double = float; Tout: complex"
    oracle = np.vectorize(complex, otypes=[complex])
    Tout: DType = complex64

    def infer(self, x: Tensor, y: Tensor) -> Any:
        if self.Tout is not _WHOLE[x.dtype.base_dtype]:
            raise ValueError(f"two parts of {x.dtype.name} do not make one {self.Tout.name}")
        return broadcast(x.shape, y.shape)

    def scalar(self, m: Any, x: Any, y: Any) -> Any:
        return m.complex(x, y)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        left, right = sides(*n.inputs)
        gx = left.sum(real(g))
        return [gx, right.sum(imag(g))]


class Part(Elementwise, abstract=True):
    """y = a real number that belongs to a complex one."""

    signature = "input:T -> output:Tout | T: complex = complex64; Tout: float, double"
    Tout: DType = float32

    def infer(self, x: Tensor) -> Any:
        if _WHOLE.get(self.Tout) is not x.dtype.base_dtype:
            raise ValueError(f"the parts of {x.dtype.name} are not {self.Tout.name}")
        return x.shape


class Real(Part):
    """y = the real part."""

    oracle = np.real

    def scalar(self, m: Any, x: Any) -> Any:
        return m.real(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [complex_(g, constant(0, g.dtype))]


class Imag(Part):
    """y = the imaginary part."""

    oracle = np.imag

    def scalar(self, m: Any, x: Any) -> Any:
        return m.imag(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [complex_(constant(0, g.dtype), g)]


class Angle(Part):
    """y = the argument, between -pi and pi."""

    oracle = np.angle

    def scalar(self, m: Any, x: Any) -> Any:
        return m.atan2(m.imag(x), m.real(x))

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        x = n.inputs[0]
        with after(g):
            re, im = real(x), imag(x)
            z = raw.Reciprocal(complex_(im, re))
            whole = complex_(g, constant(0, g.dtype))
            return [-whole * z]


class ComplexAbs(Elementwise):
    """y = |x|."""

    signature = "x:T -> y:Tout | T: complex = complex64; Tout: float, double"
    oracle = np.abs
    Tout: DType = float32

    def infer(self, x: Tensor) -> Any:
        if _WHOLE.get(self.Tout) is not x.dtype.base_dtype:
            raise ValueError(f"the modulus of {x.dtype.name} is not {self.Tout.name}")
        return x.shape

    def scalar(self, m: Any, x: Any) -> Any:
        return m.abs(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        y = n.outputs[0]
        along = complex_(g, idioms.zeros_like(g)) * n.inputs[0]
        return [idioms.div_no_nan(along, complex_(y, idioms.zeros_like(y)))]


class Conj(Elementwise):
    """y = the conjugate."""

    signature = "input:T -> output:T | T: complex, variant = complex64"
    oracle = np.conj

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def scalar(self, m: Any, x: Any) -> Any:
        return m.conj(x)

    def gradient(self, n: Node, g: Tensor) -> Gradients:
        return [conj(g)]


# ---- TensorFlow's functions of these names, which the gradients are made of


def complex_(x: Tensor, y: Tensor) -> Tensor:
    """x + iy."""
    found: Tensor = raw.Complex(x, y, Tout=_WHOLE[x.dtype.base_dtype])
    return found


def real(x: Tensor) -> Tensor:
    """The real part; a real tensor as it is."""
    found: Tensor = raw.Real(x, Tout=x.dtype.real_dtype) if x.dtype.is_complex else x
    return found


def imag(x: Tensor) -> Tensor:
    """The imaginary part of a complex tensor."""
    found: Tensor = raw.Imag(x, Tout=x.dtype.real_dtype)
    return found
