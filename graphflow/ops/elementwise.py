"""Element-wise ops: shapes, the reference and the sums of broadcast gradients, derived once for all."""

from __future__ import annotations

from typing import Any, ClassVar

import numpy as np

from graphflow.ir import raw
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import broadcast
from graphflow.ops.scalar import NUMPY


class Elementwise(Op, abstract=True):
    """An op whose `scalar` gives one element of the result from one element of each input."""

    #: numpy's own function of the same meaning, where it has one: the tests' independent witness
    oracle: ClassVar[Any] = None

    def scalar(self, m: Any, *x: Any) -> Any:
        """One element of the result, in the vocabulary `m`."""
        raise NotImplementedError

    def reference(self, *inputs: Any) -> Any:
        with np.errstate(all="ignore"):
            return self.scalar(NUMPY, *inputs)


class Unary(Elementwise, abstract=True):
    """y[i] = f(x[i])."""

    signature = "x:T -> y:T"

    def infer(self, x: Tensor) -> Any:
        return x.shape


class Binary(Elementwise, abstract=True):
    """z[i] = f(x[i], y[i]) with broadcasting."""

    signature = "x:T, y:T -> z:T"

    def infer(self, x: Tensor, y: Tensor) -> Any:
        return broadcast(x.shape, y.shape)


def same_static_shape(*tensors: Tensor) -> bool:
    """Whether all shapes are known and equal, so that no broadcast can have happened."""
    first = tensors[0].shape
    return first.is_static and all(t.shape == first for t in tensors[1:])


def unbroadcast(x: Tensor, y: Tensor, gx: Tensor, gy: Tensor) -> tuple[Tensor, Tensor]:
    """Gradients of the broadcast operands x and y, summed over the axes along which each was repeated."""
    sx, sy, rx, ry = repeated_axes(x, y)
    return raw.Reshape(raw.Sum(gx, rx), sx), raw.Reshape(raw.Sum(gy, ry), sy)


def repeated_axes(x: Tensor, y: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The shapes of x and y, and for each the axes along which broadcasting repeated it."""
    sx, sy = raw.Shape(x), raw.Shape(y)
    rx, ry = raw.BroadcastGradientArgs(sx, sy)
    return sx, sy, rx, ry
