"""The modules of TensorFlow that are generated from its ops, such as gen_nn_ops: each op by a name in lower case."""

from __future__ import annotations

import functools
from typing import Any

import graphflow.ops  # noqa: F401  so that every op is known by its name
from graphflow.ir import raw
from graphflow.ir.op import REGISTRY

#: generated functions that are not called as their op
OTHERWISE = {"where": "Where", "_sum": "Sum", "_max": "Max", "_min": "Min", "_all": "All"}


def lower_case(op_type: str) -> str:
    """The name that TensorFlow generates: max_pool_grad for MaxPoolGrad, l2_loss for L2Loss."""
    last = len(op_type) - 1
    found = []
    for i, c in enumerate(op_type):
        starts = op_type[i - 1].islower() or (i < last and op_type[i + 1].islower())
        found.append("_" if c.isupper() and i and starts else "")
        found.append(c.lower())
    return "".join(found)


@functools.cache
def _by_name() -> dict[str, str]:
    return {lower_case(op_type): op_type for op_type in REGISTRY}


def __getattr__(name: str) -> Any:
    op_type = OTHERWISE.get(name) or _by_name().get(name.lstrip("_"))
    if op_type is None or name.startswith("__"):
        raise AttributeError(f"no op is called {name!r}")
    return getattr(raw, op_type)
