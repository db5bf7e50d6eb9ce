"""Assert: an op that fails, and shows why, when a condition does not hold."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.branch_building import cond
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32, string
from graphflow.ir.node import Tensor
from graphflow.ops.dependencies import no_op


def Assert(condition: Any, data: Any, summarize: int | None = None, name: str | None = None) -> Any:
    """An op that fails, showing `data`, unless `condition` holds."""
    with build.name_scope(name, "Assert", [condition, data]):
        tensors = [convert(d) for d in data]
        shown = 3 if summarize is None else summarize
        if all(t.dtype.base_dtype in (string, int32) for t in tensors):
            return raw.Assert(condition, list(data), summarize=shown, name="Assert")
        condition = convert(condition, name="Condition")

        def fail() -> Any:
            return raw.Assert(condition, list(data), summarize=shown, name="Assert")

        guarded: Tensor = cond(condition, no_op, fail, name="AssertGuard")
        return guarded.op
