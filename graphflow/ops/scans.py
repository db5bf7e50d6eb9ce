"""Scans: every element becomes the sum or the product of the elements so far."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.numeric import scans
from graphflow.ops.reduce_idioms import conj


class Scan(Op, abstract=True):
    """out[i] = x[0] * ... * x[i] along an axis, for some associative *."""

    signature = "x:T, axis:Tidx -> out:T | T: number, qint8, quint8, qint32; Tidx: index = int32"
    exclusive: bool = False
    reverse: bool = False
    numpy: ClassVar[Any]

    def infer(self, x: Tensor, axis: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any, axis: Any) -> Any:
        if axis.ndim:
            raise ValueError(f"ScanOp: axis must be a scalar, not {list(axis.shape)}")
        if not -x.ndim <= axis < x.ndim:
            raise ValueError(
                f"ScanOp: Expected scan axis in the range [{-x.ndim}, {x.ndim}), but got {axis}"
            )
        return type(self).numpy(x, int(axis), self.exclusive, self.reverse)

    def again(self, x: Tensor, axis: Tensor, reverse: bool) -> Tensor:
        """The same scan of x, in the given direction."""
        found: Tensor = getattr(raw, self.type)(x, axis, exclusive=self.exclusive, reverse=reverse)
        return found


class Cumsum(Scan):
    """The sums of the elements so far."""

    numpy = scans.cumsum

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [self.again(g, n.inputs[1], not self.reverse), None]


class Cumprod(Scan):
    """The products of the elements so far."""

    numpy = scans.cumprod

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """The conjugates are of complex numbers alone; TensorFlow 1 leaves them out."""
        x, axis = n.inputs
        parts = conj(self.again(x, axis, self.reverse)) * g
        sums = raw.Cumsum(parts, axis, exclusive=self.exclusive, reverse=not self.reverse)
        return [sums / conj(x), None]


class CumulativeLogsumexp(Scan):
    """log(sum(exp(x))) of the elements so far."""

    signature = "x:T, axis:Tidx -> out:T | T: float16, float32, float64; Tidx: index = int32"
    numpy = scans.cumulative_logsumexp

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """Positive and negative gradients are summed apart, as logarithms."""
        x, axis = n.inputs
        lowest = g.dtype.min
        up = raw.SelectV2(raw.Greater(g, 0), raw.Log(g), lowest)
        down = raw.SelectV2(raw.Less(g, 0), raw.Log(-g), lowest)
        gained, lost = (
            raw.Exp(self.again(part - n.outputs[0], axis, not self.reverse) + x)
            for part in (up, down)
        )
        return [gained - lost, None]
