"""Slots: variables that an optimiser keeps beside a variable, named under it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from graphflow.frontend.initializers import Zeros
from graphflow.frontend.save_slices import SaveSliceInfo
from graphflow.frontend.variable_base import Variable
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
    # a tensor may have a slot as well: an average of its values
    first = primary.initialized_value() if isinstance(primary, Variable) else primary
    sizes = idioms.shape(first)
    return create_slot(primary, idioms.zeros(sizes, target.base_dtype), name, colocate_with_primary)


def _slot(
    primary: Any, value: Any, name: str, static: bool, shape: Any, dtype: Any, colocate: bool
) -> Any:
    is_variable = isinstance(primary, Variable)
    beside = current_graph().colocate_with(primary.op) if colocate else nullcontext()
    with variable_scope(None, primary.op.name + "/" + name) as scope, beside:
        scope.set_partitioner(None)
        slot = get_variable(
            "",
            initializer=value,
            trainable=False,
            use_resource=hasattr(primary, "handle") if is_variable else None,
            shape=shape if callable(value) else None,
            dtype=dtype,
            validate_shape=static,
        )
    whole = primary._get_save_slice_info() if is_variable else None
    if whole is not None:
        # the slot of a part is a part of the slot of the whole
        slot_name = slot.op.name.removeprefix(primary.op.name)
        slot._set_save_slice_info(
            SaveSliceInfo(
                whole.full_name + slot_name,
                list(whole.full_shape),
                list(whole.var_offset),
                list(whole.var_shape),
            )
        )
    return slot
