"""Slots: variables that an optimiser keeps beside a variable, named under it."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.initializers import Zeros
from graphflow.frontend.variable_scope import get_variable, variable_scope
from graphflow.ir.build import current_graph
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms


def create_slot(primary: Any, val: Any, name: str, colocate_with_primary: bool = True) -> Any:
    """A slot that starts as the tensor `val`."""
    return _slot(primary, val, name, val.shape.is_static, None, None, colocate_with_primary)


def create_slot_with_initializer(
    primary: Any,
    initializer: Any,
    shape: Any,
    dtype: Any,
    name: str,
    colocate_with_primary: bool = True,
) -> Any:
    """A slot of a given shape that starts as an initialiser says."""
    static = TensorShape(shape).is_static
    return _slot(primary, initializer, name, static, shape, dtype, colocate_with_primary)


def create_zeros_slot(
    primary: Any, name: str, dtype: Any = None, colocate_with_primary: bool = True
) -> Any:
    """A slot of the variable's shape that starts as zeros."""
    target = primary.dtype if dtype is None else dtype
    if primary.get_shape().is_static:
        return create_slot_with_initializer(
            primary, Zeros(), primary.get_shape(), target, name, colocate_with_primary
        )
    sizes = idioms.shape(primary.initialized_value())
    return create_slot(primary, idioms.zeros(sizes, target.base_dtype), name, colocate_with_primary)


def _slot(
    primary: Any, value: Any, name: str, static: bool, shape: Any, dtype: Any, colocate: bool
) -> Any:
    graph = current_graph()
    with variable_scope(None, primary.op.name + "/" + name) as scope:
        scope.set_partitioner(None)
        options = {
            "initializer": value,
            "trainable": False,
            "use_resource": hasattr(primary, "handle"),
            "shape": shape if callable(value) else None,
            "dtype": dtype,
            "validate_shape": static,
        }
        if not colocate:
            return get_variable("", **options)
        with graph.colocate_with(primary.op):
            return get_variable("", **options)
