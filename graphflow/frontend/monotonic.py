"""Whether the elements of a tensor rise."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array_parts import strided_slice
from graphflow.frontend.branch_building import cond
from graphflow.frontend.reduce import reduce_all
from graphflow.frontend.type_checks import is_numeric_tensor
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor
from graphflow.ops import idioms

__all__ = ["is_non_decreasing", "is_strictly_increasing"]


def is_non_decreasing(x: Any, name: str | None = None) -> Tensor:
    """Whether no element is less than the one before it."""
    with build.name_scope(name, "is_non_decreasing", [x]):
        steps = _steps(x)
        return reduce_all(raw.LessEqual(convert(0, dtype=steps.dtype), steps))


def is_strictly_increasing(x: Any, name: str | None = None) -> Tensor:
    """Whether each element is greater than the one before it."""
    with build.name_scope(name, "is_strictly_increasing", [x]):
        steps = _steps(x)
        return reduce_all(raw.Less(convert(0, dtype=steps.dtype), steps))


def _steps(x: Any) -> Tensor:
    """The differences of neighbours, of the elements in a row."""
    x = raw.Reshape(x, [-1])
    if not is_numeric_tensor(x):
        raise TypeError(f"Expected x to be numeric, instead found: {x}")
    short = raw.Less(idioms.size(x), 2)
    last = idioms.shape(x) - 1

    def differences() -> Tensor:
        end = raw.AddV2([1], last, name="add")
        found: Tensor = strided_slice(x, [1], end) - strided_slice(x, [0], last)
        return found

    found: Tensor = cond(short, lambda: convert([], dtype=x.dtype), differences)
    return found


NAMESPACES = {
    "debugging": ["is_non_decreasing", "is_strictly_increasing"],
    "math": ["is_non_decreasing", "is_strictly_increasing"],
}
