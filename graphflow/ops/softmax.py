"""Softmax over the last axis, and its logarithm."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.numeric import softmax
from graphflow.ops.reduce_idioms import reduce_sum


class Softmax(Op):
    """exp(x) / sum(exp(x)) along the last axis."""

    signature = "logits:T -> softmax:T | T: floating"

    def infer(self, x: Tensor) -> Any:
        return x.shape.with_rank_at_least(1)

    def reference(self, x: Any) -> Any:
        return softmax.softmax(x)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        y = n.out
        total = reduce_sum(g * y, -1, keepdims=True)
        return [(g - total) * y]


class LogSoftmax(Op):
    """x - log(sum(exp(x))) along the last axis."""

    signature = "logits:T -> logsoftmax:T | T: floating"

    def infer(self, x: Tensor) -> Any:
        return x.shape.with_rank_at_least(1)

    def reference(self, x: Any) -> Any:
        return softmax.log_softmax(x)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        y = raw.Exp(n.out)
        return [g - reduce_sum(g, -1, keepdims=True) * y]
