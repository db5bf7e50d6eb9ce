"""Assert: a node that fails when its condition does not hold."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.node import Node
from graphflow.ir.op import Op
from graphflow.ops.summaries import summarized


class Assert(Op):
    """Nothing, if the condition holds; else an error that shows the data."""

    signature = "condition:bool, data:[T] ->"
    stateful = True
    differentiable = False
    summarize: int = 3

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        condition, data = inputs
        if np.ndim(condition):
            raise ValueError(f"the condition must be a scalar, got {np.shape(condition)}")
        if not condition:
            shown = " ".join(f"[{summarized(value, self.summarize)}]" for value in data)
            raise InvalidArgumentError(message=f"assertion failed: {shown}")
        return ()
