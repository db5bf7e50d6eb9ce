"""Values for variables from memory or from a checkpoint, by name."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from graphflow.contrib.framework.named_variables import get_variable_full_name
from graphflow.frontend.array import placeholder
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.train.checkpoint_reader import NewCheckpointReader
from graphflow.frontend.train.saver import Saver
from graphflow.ir.build import current_graph
from graphflow.ops.dependencies import group

_log = logging.getLogger("tensorflow")


def _fed(variable: Any) -> tuple[Any, Any]:
    """A placeholder, and the node that gives its value to the variable."""
    value = placeholder(
        variable.dtype.base_dtype, variable.shape, name=f"placeholder/{variable.op.name}"
    )
    return value, variable.assign(value)


def _named(name: str) -> Any:
    """The global variable of that name."""
    found = current_graph().get_collection(GraphKeys.GLOBAL_VARIABLES, name)
    if not found:
        raise ValueError(f"Variable {name} wasn't found")
    if len(found) == 1:
        return found[0]
    for variable in found:
        if variable.op.name == name:
            return variable
    raise ValueError(f"Variable {name} doesn't uniquely identify a variable")


def assign_from_values(var_names_to_values: Any) -> tuple[Any, dict[Any, Any]]:
    """A node that gives variables their values, and what to feed it."""
    feed: dict[Any, Any] = {}
    assigned = []
    for name, value in var_names_to_values.items():
        variable = _named(name)
        fed, assign = _fed(variable)
        assigned.append(assign)
        feed[fed] = value.reshape(variable.shape.as_list())
    return group(*assigned), feed


def assign_from_values_fn(var_names_to_values: Any) -> Callable[[Any], Any]:
    """A function of a session that gives variables their values."""
    assign, feed = assign_from_values(var_names_to_values)
    return lambda session: session.run(assign, feed)


def _grouped(var_list: Any) -> dict[str, list[Any]]:
    """name in the checkpoint -> the variables that take the value, or parts of it."""
    if not isinstance(var_list, tuple | list):
        return {
            name: list(value) if isinstance(value, tuple | list) else [value]
            for name, value in var_list.items()
        }
    found: dict[str, list[Any]] = {}
    for variable in var_list:
        found.setdefault(get_variable_full_name(variable), []).append(variable)
    return found


def assign_from_checkpoint(
    model_path: str, var_list: Any, ignore_missing_vars: bool = False
) -> tuple[Any, dict[Any, Any]]:
    """A node that gives variables the values from a checkpoint, and what to feed it."""
    reader = NewCheckpointReader(model_path)
    feed: dict[Any, Any] = {}
    assigned = []
    for name, variables in _grouped(var_list).items():
        if not reader.has_tensor(name):
            message = f"Checkpoint is missing variable [{name}]"
            if not ignore_missing_vars:
                raise ValueError(message)
            _log.warning(message)
            continue
        value = reader.get_tensor(name)
        for variable in variables:
            fed, assign = _fed(variable)
            assigned.append(assign)
            feed[fed] = _part(variable, value, name)
    return group(*assigned), feed


def _part(variable: Any, value: Any, name: str) -> Any:
    """What of a value in a checkpoint belongs to the variable."""
    part = variable._save_slice_info
    if part:
        ranges = zip(part.var_offset, part.var_shape, strict=True)
        taken = value[tuple(slice(start, start + size) for start, size in ranges)]
        return taken.reshape(part.var_shape)
    if variable.shape.as_list() != list(value.shape):
        raise ValueError(
            f"Total size of new array must be unchanged for {name} lh_shape: "
            f"[{value.shape}], rh_shape: [{variable.shape}]"
        )
    return value


def assign_from_checkpoint_fn(
    model_path: str,
    var_list: Any,
    ignore_missing_vars: bool = False,
    reshape_variables: bool = False,
) -> Callable[[Any], None] | None:
    """A function of a session that restores variables; None where none is in the checkpoint."""
    if not var_list:
        raise ValueError("var_list cannot be empty")
    if ignore_missing_vars:
        var_list = _available(model_path, var_list)
        if not var_list:
            _log.warning("No Variables to restore")
            return None
    saver = Saver(var_list, reshape=reshape_variables)
    return lambda session: saver.restore(session, model_path)


def _available(model_path: str, var_list: Any) -> dict[str, Any]:
    """Those of the variables that are in the checkpoint, by name."""
    reader = NewCheckpointReader(model_path)
    wanted = var_list if isinstance(var_list, dict) else {v.op.name: v for v in var_list}
    for name in wanted:
        if not reader.has_tensor(name):
            _log.warning("Variable %s missing in checkpoint %s", name, model_path)
    return {name: v for name, v in wanted.items() if reader.has_tensor(name)}


__all__: list[str] = []
NAMESPACES = {
    "contrib.framework": [
        *("assign_from_checkpoint", "assign_from_checkpoint_fn", "assign_from_values"),
        "assign_from_values_fn",
    ],
    "contrib.framework.python.ops.variables": [
        *("assign_from_checkpoint", "assign_from_checkpoint_fn", "assign_from_values"),
        "assign_from_values_fn",
    ],
    "contrib.slim": [
        *("assign_from_checkpoint", "assign_from_checkpoint_fn", "assign_from_values"),
        "assign_from_values_fn",
    ],
}
