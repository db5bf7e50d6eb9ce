"""Assert: a node that fails when its condition does not hold."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op


class Assert(Op):
    """Nothing, if the condition holds; else an error that shows the data."""

    signature = "condition:bool, data:[T] ->"
    stateful = True
    differentiable = False
    summarize: int = 3

    def infer(self, condition: Tensor, data: Sequence[Tensor]) -> Any:
        if condition.shape.rank not in (None, 0):
            raise ValueError(f"Shape must be rank 0 but is rank {condition.shape.rank}")
        return ()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        condition, data = inputs
        if not condition:
            shown = " ".join(f"[{summary(value, self.summarize)}]" for value in data)
            raise InvalidArgumentError(message=f"assertion failed: {shown}")
        return ()


def summary(value: Any, most: int) -> str:
    """The first elements of an array, all of them if `most` is negative."""
    flat = np.asarray(value).ravel()
    count = flat.size if most < 0 else min(most, flat.size)
    shown = [v.decode(errors="replace") if isinstance(v, bytes) else str(v) for v in flat[:count]]
    return " ".join(shown) + ("..." if flat.size > count else "")
