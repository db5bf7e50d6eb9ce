"""Changes of variables as functions: tf.assign, tf.scatter_add, tf.scatter_nd_update and their kin."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.batch_scatter import batch_scatter_update
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor

__all__ = [
    "assign",
    "assign_add",
    "assign_sub",
    "batch_scatter_update",
    "count_up_to",
    "scatter_add",
    "scatter_div",
    "scatter_max",
    "scatter_min",
    "scatter_mul",
    "scatter_nd_add",
    "scatter_nd_sub",
    "scatter_nd_update",
    "scatter_sub",
    "scatter_update",
]


def _by_reference(ref: Any) -> bool:
    return bool(ref.dtype._is_ref_dtype)


def assign(
    ref: Any,
    value: Any,
    validate_shape: bool | None = None,
    use_locking: bool | None = None,
    name: str | None = None,
) -> Any:
    """ref = value."""
    if not _by_reference(ref):
        return ref.assign(value, name=name)
    return raw.Assign(
        ref,
        value,
        validate_shape=validate_shape is None or validate_shape,
        use_locking=use_locking is None or use_locking,
        name=name,
    )


def assign_add(
    ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None
) -> Any:
    """ref += value."""
    if not _by_reference(ref):
        return ref.assign_add(value)
    return raw.AssignAdd(ref, value, use_locking=bool(use_locking), name=name)


def assign_sub(
    ref: Any, value: Any, use_locking: bool | None = None, name: str | None = None
) -> Any:
    """ref -= value."""
    if not _by_reference(ref):
        return ref.assign_sub(value)
    return raw.AssignSub(ref, value, use_locking=bool(use_locking), name=name)


def count_up_to(ref: Any, limit: int, name: str | None = None) -> Tensor:
    """The value of a counter, which is one more afterwards; OutOfRangeError once it has reached the limit."""
    found: Tensor
    if _by_reference(ref):
        found = raw.CountUpTo(ref, limit=limit, name=name)
    else:
        found = raw.ResourceCountUpTo(ref.handle, limit=limit, T=ref.dtype, name=name)
    return found


def _scatter(public: str, op_type: str, locks: bool) -> Callable[..., Any]:
    """The function of this name: through a reference by its op, through a handle by the op's twin."""
    by_reference, by_handle = getattr(raw, op_type), getattr(raw, "Resource" + op_type)

    def function(
        ref: Any, indices: Any, updates: Any, use_locking: bool = locks, name: str | None = None
    ) -> Any:
        if _by_reference(ref):
            return by_reference(ref, indices, updates, use_locking=use_locking, name=name)
        values = convert(updates, ref.dtype)
        return ref._lazy_read(by_handle(ref.handle, indices, values, name=name))

    function.__doc__, function.__name__ = by_reference.__doc__, public
    function.__qualname__ = public
    return function


scatter_update = _scatter("scatter_update", "ScatterUpdate", True)
scatter_add = _scatter("scatter_add", "ScatterAdd", False)
scatter_sub = _scatter("scatter_sub", "ScatterSub", False)
scatter_mul = _scatter("scatter_mul", "ScatterMul", False)
scatter_div = _scatter("scatter_div", "ScatterDiv", False)
scatter_min = _scatter("scatter_min", "ScatterMin", False)
scatter_max = _scatter("scatter_max", "ScatterMax", False)
scatter_nd_update = _scatter("scatter_nd_update", "ScatterNdUpdate", True)
scatter_nd_add = _scatter("scatter_nd_add", "ScatterNdAdd", False)
scatter_nd_sub = _scatter("scatter_nd_sub", "ScatterNdSub", False)
