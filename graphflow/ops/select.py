"""One of two values, by a condition."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import broadcast
from graphflow.ops import idioms
from graphflow.ops.elementwise import Elementwise


class Select(Elementwise):
    """y = t where the condition holds, else e; the condition has their shape, or one element, or one for each row."""

    signature = "condition:bool, t:T, e:T -> output:T"

    def infer(self, condition: Tensor, t: Tensor, e: Tensor) -> Any:
        shape = t.shape.merge_with(e.shape)
        rank = condition.shape.rank
        if rank is None or rank == 0 or shape.rank is None:
            return shape
        if rank == 1 and shape.rank != 1:
            shape.with_rank_at_least(1)[:1].assert_is_compatible_with(condition.shape)
            return shape
        return shape.merge_with(condition.shape)

    def scalar(self, m: Any, condition: Any, t: Any, e: Any) -> Any:
        return m.select(condition, t, e)

    def reference(self, condition: Any, t: Any, e: Any) -> Any:
        if t.shape != e.shape:
            raise InvalidArgumentError(
                message=f"'then' and 'else' must have the same size. but received: {list(t.shape)} "
                f"vs. {list(e.shape)}"
            )
        if condition.ndim == 1 and t.ndim > 1 and len(condition) == len(t):
            condition = condition.reshape(-1, *(1,) * (t.ndim - 1))
        elif condition.ndim and condition.shape != t.shape:
            raise InvalidArgumentError(
                message=f"'condition' of shape {list(condition.shape)} must have the shape {list(t.shape)} "
                "of 'then' and 'else', or be a scalar, or a vector with one element for each row"
            )
        return np.where(condition, t, e)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        condition, t, _ = n.inputs
        zeros = idioms.zeros_like(t)
        gt = raw.Select(condition, g, zeros)
        return [None, gt, raw.Select(condition, zeros, g)]


class SelectV2(Elementwise):
    """y = t where the condition holds, else e; all three broadcast."""

    signature = "condition:bool, t:T, e:T -> output:T"

    def infer(self, condition: Tensor, t: Tensor, e: Tensor) -> Any:
        return broadcast(condition.shape, broadcast(t.shape, e.shape))

    def scalar(self, m: Any, condition: Any, t: Any, e: Any) -> Any:
        return m.select(condition, t, e)

    def reference(self, condition: Any, t: Any, e: Any) -> Any:
        return np.where(condition, t, e)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        condition, t, e = n.inputs
        zeros = idioms.zeros([], g.dtype.base_dtype)
        gt = raw.SelectV2(condition, g, zeros)
        t_shape = idioms.shape(t)
        whole = idioms.shape(n.outputs[0])
        gt = _summed(gt, t_shape, whole)
        ge = raw.SelectV2(condition, zeros, g)
        e_shape = idioms.shape(e)
        return [None, gt, _summed(ge, e_shape, whole)]


def _summed(g: Tensor, shape: Tensor, whole: Tensor) -> Tensor:
    axes, _ = raw.BroadcastGradientArgs(shape, whole)
    found: Tensor = raw.Reshape(raw.Sum(g, axes, keep_dims=True), shape)
    return found
