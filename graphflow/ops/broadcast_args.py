"""Which shape a broadcast has, and along which axes it repeated its operands: questions about shapes, not data."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.known import known_shape, known_value
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import Symbol, TensorShape, broadcast
from graphflow.ops.elementwise import repeated_axes


class BroadcastArgs(Op):
    """The shape that operands of shapes s0 and s1 broadcast to."""

    signature = "s0:T, s1:T -> r0:T | T: index = int32"
    differentiable = False

    def infer(self, s0: Tensor, s1: Tensor) -> Any:
        ranks = [s.shape.with_rank(1).known for s in (s0, s1)]
        sizes = [None if r is None or not isinstance(r[0], int) else r[0] for r in ranks]
        return TensorShape([None if None in sizes else max(s for s in sizes if s is not None)])

    def known(self, s0: Tensor, s1: Tensor) -> Any:
        if known_value(s0) is None or known_value(s1) is None:
            return None
        dims = broadcast(known_shape(s0), known_shape(s1)).known
        return None if dims is None else np.array([*dims, None], dtype=object)[:-1]

    def reference(self, s0: Any, s1: Any) -> Any:
        try:
            return np.array(np.broadcast_shapes(tuple(s0), tuple(s1)), s0.dtype)
        except ValueError:
            raise _incompatible(s0, s1) from None


class BroadcastGradientArgs(Op):
    """The axes along which operands of shapes s0 and s1 were repeated, over which their gradients are summed."""

    signature = "s0:T, s1:T -> r0:T, r1:T | T: index = int32"
    differentiable = False

    def infer(self, s0: Tensor, s1: Tensor) -> Any:
        s0.shape.with_rank(1)
        s1.shape.with_rank(1)
        return TensorShape([None]), TensorShape([None])

    def known(self, s0: Tensor, s1: Tensor) -> Any:
        x, y = known_value(s0), known_value(s1)
        if x is None or y is None:
            return None
        if x.tolist() != y.tolist() and any(isinstance(d, Symbol) for d in (*x, *y)):
            return None
        r0, r1 = repeated_axes(tuple(x), tuple(y))
        return np.array(r0, s0.dtype.numpy), np.array(r1, s1.dtype.numpy)

    def reference(self, s0: Any, s1: Any) -> Any:
        try:
            r0, r1 = repeated_axes(tuple(s0), tuple(s1))
        except ValueError:
            raise _incompatible(s0, s1) from None
        return np.array(r0, s0.dtype), np.array(r1, s1.dtype)


def _incompatible(s0: Any, s1: Any) -> InvalidArgumentError:
    return InvalidArgumentError(message=f"Incompatible shapes: {s0.tolist()} vs. {s1.tolist()}")
