"""Sequences of numbers at equal distances."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.known import LIMIT, constant_value, known_scalar, known_value
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import Symbol, TensorShape
from graphflow.numeric.room import check_room


class Range(Op):
    """y[i] = start + i delta, as far as limit, exclusive."""

    signature = (
        "start:Tidx, limit:Tidx, delta:Tidx -> output:Tidx"
        " | Tidx: bfloat16, float, double, int32, int64 = int32"
    )
    differentiable = False
    by_value = True

    def infer(self, start: Tensor, limit: Tensor, delta: Tensor) -> Any:
        for operand in (start, limit, delta):
            operand.shape.with_rank(0)
        values = [constant_value(t) for t in (start, limit, delta)]
        known = [v for v in values if v is not None]
        if len(known) == 3:
            return TensorShape([_count(*known)])
        end = known_value(limit)
        from_zero = (
            values[0] is not None and values[0] == 0 and values[2] is not None and values[2] == 1
        )
        if from_zero and end is not None and isinstance(end[()], Symbol):
            return TensorShape.of((end[()],))
        return TensorShape([None])

    def known(self, start: Tensor, limit: Tensor, delta: Tensor) -> Any:
        values = [constant_value(t) for t in (start, limit, delta)]
        known = [v for v in values if v is not None]
        if len(known) < 3 or _count(*known) > LIMIT:
            return None
        return self.reference(*known)

    def reference(self, start: Any, limit: Any, delta: Any) -> Any:
        try:
            count = _count(start, limit, delta)
        except ValueError as error:
            raise InvalidArgumentError(message=str(error)) from None
        check_room((count,), start.dtype.itemsize)
        if start.dtype.kind == "i":
            return np.arange(count, dtype=start.dtype) * delta + start
        # one addition after the other in the type itself, as TensorFlow rounds them
        steps = np.full(count, delta, start.dtype)
        steps[:1] = start
        return np.add.accumulate(steps, dtype=start.dtype) if count else steps


def _count(start: Any, limit: Any, delta: Any) -> int:
    """How many elements a Range has."""
    if delta == 0:
        raise ValueError("Requires delta != 0: 0")
    if delta > 0 and start > limit:
        raise ValueError(f"Requires start <= limit when delta > 0: {start}/{limit}")
    if delta < 0 and start < limit:
        raise ValueError(f"Requires start >= limit when delta < 0: {start}/{limit}")
    if start.dtype.kind == "i":
        step = abs(int(delta))
        return (abs(int(limit) - int(start)) + step - 1) // step
    steps = abs(float((limit - start) / delta))
    if not math.isfinite(steps):
        raise ValueError(f"Requires finite start, limit and delta: {start}, {limit}, {delta}")
    return math.ceil(steps)


class LinSpace(Op):
    """y[i] = start + i (stop - start) / (num - 1), for i below num."""

    signature = (
        "start:T, stop:T, num:Tidx -> output:T | T: bfloat16, float, double; Tidx: index = int32"
    )
    differentiable = False
    by_value = True

    def infer(self, start: Tensor, stop: Tensor, num: Tensor) -> Any:
        for operand in (start, stop, num):
            operand.shape.with_rank(0)
        count = known_scalar(num)
        if count is not None and count <= 0:
            raise ValueError(f"Requires num > 0: {count}")
        return TensorShape([count])

    def reference(self, start: Any, stop: Any, num: Any) -> Any:
        count = int(num)
        if count <= 0:
            raise InvalidArgumentError(message=f"Requires num > 0: {count}")
        check_room((count,), start.dtype.itemsize)
        if count == 1:
            return np.full(1, start, start.dtype)
        with np.errstate(all="ignore"):
            step = (stop - start) / start.dtype.type(count - 1)
            return (start + step * np.arange(count).astype(start.dtype)).astype(start.dtype)
