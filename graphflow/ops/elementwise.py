"""Element-wise ops: shapes, the reference and the sums of broadcast gradients, derived once for all."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, ClassVar, NamedTuple

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir import build, raw
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape, broadcast
from graphflow.numeric.elements import is_half, narrowed, widened
from graphflow.ops import idioms, symbolic
from graphflow.ops.scalar import NUMPY


class Elementwise(Op, abstract=True):
    """An op whose `scalar` gives one element of the result from one element of each input.

    An op that says no `scalar` is computed by its own `reference` alone.
    """

    #: numpy's own function of the same meaning, where it has one: the tests' independent witness
    oracle: ClassVar[Any] = None
    #: kinds of element types that the signature allows though nothing computes them
    uncomputed: ClassVar[str] = ""

    def scalar(self, m: Any, *x: Any) -> Any:
        """One element of the result, in the vocabulary `m`."""
        raise NotImplementedError

    def reference(self, *inputs: Any) -> Any:
        if self.uncomputed and inputs[0].dtype.kind in self.uncomputed:
            raise InvalidArgumentError(
                message=f"{self.type} is not computed for {inputs[0].dtype}: tf.cast to a float type first"
            )
        with np.errstate(all="ignore"):
            try:
                result = np.asarray(self.scalar(NUMPY, *(widened(x) for x in inputs)))
            except ValueError:
                shapes = " vs. ".join(str(list(x.shape)) for x in inputs)
                raise InvalidArgumentError(message=f"Incompatible shapes: {shapes}") from None
            half = next((x.dtype for x in inputs if is_half(x.dtype)), None)
            return result if half is None or result.dtype != np.float32 else narrowed(result, half)

    def known(self, *inputs: Any) -> Any:
        return symbolic.applied(self, inputs)


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


# ---- what gradients of element-wise ops share ----------------------------------------------------


def after(g: Any) -> AbstractContextManager[None]:
    """Nodes made inside wait for the gradient `g`, so that a run does not compute and keep them early."""
    return build.current_graph().control_dependencies([g])


def same_static_shape(*tensors: Any) -> bool:
    """Whether all are tensors of one wholly known shape, so that no broadcast can have happened."""
    first = tensors[0].shape
    return first.is_static and all(isinstance(t, Tensor) and t.shape == first for t in tensors)


class Side(NamedTuple):
    """One operand of a broadcast, seen from the gradient of the result."""

    shape: Any
    #: the axes along which the operand was repeated
    axes: Any
    #: False where it is known that there are none
    repeated: bool = True

    def sum(self, g: Any) -> Any:
        """`g`, summed over the axes along which the operand was repeated."""
        return raw.Reshape(raw.Sum(g, self.axes), self.shape) if self.repeated else g


def sides(x: Tensor, y: Tensor) -> tuple[Side, Side]:
    """The operands of a broadcast; their shapes are constants where they are known."""
    return _sides(idioms.shape(x), idioms.shape(y))


def _sides(sx: Tensor, sy: Tensor) -> tuple[Side, Side]:
    rx, ry = raw.BroadcastGradientArgs(sx, sy)
    return Side(sx, rx), Side(sy, ry)


def frugal_sides(x: Tensor, y: Tensor, g: Any) -> tuple[Side, Side]:
    """As `sides`, but known shapes cost no nodes: their axes are worked out while the graph is built."""
    if not isinstance(g, Tensor):
        return sides(x, y)
    if not (x.shape.is_static and y.shape.is_static):
        return _sides(idioms.shape(x, optimize=False), idioms.shape(y, optimize=False))
    shapes = x.shape.as_tuple(), y.shape.as_tuple()
    cache = build.current_graph().notes.setdefault("broadcast gradient axes", {})
    if shapes not in cache:
        # TensorFlow asks the op for the axes, once for each pair of shapes, and leaves it behind
        raw.BroadcastGradientArgs(*shapes)
        cache[shapes] = repeated_axes(*shapes)
    rx, ry = cache[shapes]
    return (
        Side(shapes[0], rx, not _equal(x.shape, g.shape)),
        Side(shapes[1], ry, not _equal(y.shape, g.shape)),
    )


def _equal(a: TensorShape, b: TensorShape) -> bool:
    return a.known == b.known


def repeated_axes(x: tuple[int, ...], y: tuple[int, ...]) -> tuple[list[int], list[int]]:
    """For shapes x and y, the axes of the broadcast result along which each was repeated."""
    rank = max(len(x), len(y))
    wide_x = (1,) * (rank - len(x)) + tuple(x)
    wide_y = (1,) * (rank - len(y)) + tuple(y)
    for p, q in zip(wide_x, wide_y, strict=True):
        if p != q and 1 not in (p, q):
            raise ValueError(f"Incompatible shapes: {list(x)} vs. {list(y)}")
    if x == y:
        return [], []
    # axes where both have one element count as repeated too: summing over them changes nothing
    return [i for i in range(rank) if wide_x[i] == 1], [i for i in range(rank) if wide_y[i] == 1]
