"""From a rule of one element to a compiled loop over arrays."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from graphflow_kernels.cpu import scalar as s

from graphflow.codegen.scalar_text import Text
from graphflow.errors import InvalidArgumentError

#: what a loop says when it has failed
FAILURES = {
    s.DIVISION_BY_ZERO: "Integer division by zero",
    s.NEGATIVE_POWER: "there are no negative integer powers of integers",
}


def loop_source(
    rule: Callable[..., Text], dtypes: Sequence[np.dtype[Any]]
) -> tuple[str, np.dtype[Any]]:
    """The text of a loop that applies `rule` to flat arrays of these types, and the type of its result."""
    names = [f"x{i}" for i in range(len(dtypes))]
    body = rule(*(Text(f"{n}[i]", d) for n, d in zip(names, dtypes, strict=True)))
    arguments = ", ".join([*names, "out", "failed"])
    return (
        f"def loop({arguments}):\n    for i in range(out.size):\n        out[i] = {body.text}\n",
        body.dtype,
    )


@functools.cache
def compiled(source: str) -> Callable[..., None]:
    """The loop that a text of ours spells. The text comes from rules alone, never from a file."""
    from numba import njit

    scope: dict[str, Any] = {"np": np, "math": math, "s": s}
    exec(compile(source, "<loop>", "exec"), scope)
    made: Callable[..., None] = njit(error_model="numpy")(scope["loop"])
    return made


def apply(
    rule: Callable[..., Text], operands: Sequence[np.ndarray[Any, Any]]
) -> np.ndarray[Any, Any]:
    """`rule` over whole arrays, with broadcasting, by a loop compiled for their types."""
    source, dtype = loop_source(rule, [o.dtype for o in operands])
    shape = np.broadcast_shapes(*(o.shape for o in operands))
    spread = [np.broadcast_to(o, shape) for o in operands]
    out = np.empty(shape, dtype)
    failed = np.zeros(1, np.int64)
    compiled(source)(
        *(np.ascontiguousarray(o).reshape(-1) for o in spread), out.reshape(-1), failed
    )
    if failed[0]:
        raise InvalidArgumentError(message=FAILURES[int(failed[0])])
    return out
