"""Element-wise arithmetic on what is known of small values at build time: numbers, and symbols for unknown sizes."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import OpError
from graphflow.ir.known import LIMIT, known_value
from graphflow.ir.op import Op
from graphflow.ir.shape import Symbol

#: ops that leave x as it is where the other operand is this number
_NEUTRAL_RIGHT = {
    "Add": 0,
    "AddV2": 0,
    "Sub": 0,
    "Mul": 1,
    "FloorDiv": 1,
    "TruncateDiv": 1,
    "Div": 1,
}
_NEUTRAL_LEFT = {"Add": 0, "AddV2": 0, "Mul": 1}
#: ops that give x where both operands are x
_IDEMPOTENT = {"Maximum", "Minimum"}

#: ops that make sizes of sizes; what may be negative has no lasting name, as -1 means another thing in each place
_NEVER_NEGATIVE = {
    "Add",
    "AddV2",
    "Mul",
    "FloorDiv",
    "TruncateDiv",
    "Div",
    "FloorMod",
    *_IDEMPOTENT,
}


def applied(op: Op, inputs: Sequence[Any]) -> Any:
    """The values that `op` gives for what is known of its inputs, or None."""
    known = []
    for tensor in inputs:
        if tensor.dtype.kind in "so":
            return None
        found = known_value(tensor)
        if found is None or found.size > LIMIT:
            return None
        known.append(found)
    try:
        if all(k.dtype != object for k in known):
            return op.reference(*known)
        types = [t.dtype.base_dtype.numpy for t in inputs]
        each = np.frompyfunc(lambda *values: _one(op, types, values), len(inputs), 1)
        return np.asarray(each(*known), dtype=object)
    except (OpError, ValueError, TypeError):  # the run will say so
        return None


def _one(op: Op, types: list[Any], values: tuple[Any, ...]) -> Any:
    if any(isinstance(v, Symbol) for v in values):
        return _symbolic(op, *values)
    return op.reference(*(np.asarray(v, t) for v, t in zip(values, types, strict=True)))[()]


def _symbolic(op: Op, *values: Any) -> Any:
    """What an op makes of values of which some are symbols."""
    if len(values) != 2:
        return Symbol()
    x, y = values
    if isinstance(x, Symbol) and not isinstance(y, Symbol) and _NEUTRAL_RIGHT.get(op.type) == y:
        return x
    if not isinstance(x, Symbol) and _NEUTRAL_LEFT.get(op.type) == x:
        return y
    if x is y and op.type in _IDEMPOTENT:
        return x
    if op.type in _NEVER_NEGATIVE and all(isinstance(v, Symbol) or v >= 0 for v in values):
        return _result(op, x, y)
    return Symbol()


@functools.lru_cache(maxsize=4096)
def _result(op: Op, x: Any, y: Any) -> Symbol:
    """One symbol for each op and operands, so that equal sizes are seen to be equal."""
    return Symbol()
