"""smart_cond: a choice made now where the condition is known now, else by tf.cond when the graph runs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.control_flow import cond
from graphflow.ir.known import constant_value
from graphflow.ir.node import Tensor


def smart_constant_value(pred: Any) -> bool | None:
    """The truth of a Python value or of a constant tensor, None where only the run can tell."""
    if isinstance(pred, Tensor):
        known = constant_value(pred)
        return None if known is None else bool(known)
    if hasattr(pred, "_as_tensor"):
        return None
    if isinstance(pred, bool) or pred in (0, 1):
        return bool(pred)
    raise TypeError(
        f"`pred` must be a Tensor, or a Python bool, or 1 or 0. Found instead: {type(pred)}"
    )


def smart_cond(
    pred: Any,
    true_fn: Callable[[], Any] | None = None,
    false_fn: Callable[[], Any] | None = None,
    name: str | None = None,
) -> Any:
    """What one of the functions returns: the other is not called at all where `pred` is known."""
    if not callable(true_fn):
        raise TypeError("`true_fn` must be callable.")
    if not callable(false_fn):
        raise TypeError("`false_fn` must be callable.")
    known = smart_constant_value(pred)
    if known is None:
        return cond(pred, true_fn=true_fn, false_fn=false_fn, name=name)
    return true_fn() if known else false_fn()


__all__: list[str] = []
NAMESPACES = {
    "contrib.framework": ["smart_cond", "smart_constant_value"],
    "python.framework.smart_cond": ["smart_cond", "smart_constant_value"],
    "python.layers.utils": {"constant_value": "smart_constant_value", "smart_cond": "smart_cond"},
    "python.keras.utils.tf_utils": {
        "constant_value": "smart_constant_value",
        "smart_cond": "smart_cond",
    },
}
