"""Variables by name: those of a scope, those with a suffix, all but some."""

from __future__ import annotations

import re
from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.scope_record import VariableScope
from graphflow.ir.build import current_graph


def get_variables(
    scope: Any = None, suffix: str | None = None, collection: Any = GraphKeys.GLOBAL_VARIABLES
) -> list[Any]:
    """The variables whose names begin with `scope` and end with `suffix`."""
    if isinstance(scope, VariableScope):
        scope = scope.name
    if suffix is not None:
        scope = f"{scope or ''}.*{suffix if ':' in suffix else suffix + ':'}"
    return current_graph().get_collection(collection, scope)


def get_model_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    return get_variables(scope, suffix, GraphKeys.MODEL_VARIABLES)


def get_local_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    return get_variables(scope, suffix, GraphKeys.LOCAL_VARIABLES)


def get_trainable_variables(scope: Any = None, suffix: str | None = None) -> list[Any]:
    return get_variables(scope, suffix, GraphKeys.TRAINABLE_VARIABLES)


def get_variables_to_restore(include: Any = None, exclude: Any = None) -> list[Any]:
    """The variables of some scopes, or all of them, without those of other scopes."""
    for name, scopes in (("include", include), ("exclude", exclude)):
        if scopes is not None and not isinstance(scopes, list | tuple):
            raise TypeError(f"{name} is provided but is not a list or a tuple.")
    wanted = [v for scope in ([None] if include is None else include) for v in get_variables(scope)]
    unwanted = {v for scope in exclude or () for v in get_variables(scope)}
    return [v for v in wanted if v not in unwanted]


def get_variables_by_suffix(suffix: str, scope: Any = None) -> list[Any]:
    return get_variables(scope=scope, suffix=suffix)


def get_variables_by_name(given_name: str, scope: Any = None) -> list[Any]:
    """The variables whose names end with a part `given_name`."""
    return get_variables(scope=scope, suffix=f"/{given_name}:|^{given_name}:")


def get_unique_variable(var_op_name: str) -> Any:
    """The variable of this very name."""
    candidates = get_variables(scope=var_op_name)
    if not candidates:
        raise ValueError(f"Couldn't find variable {var_op_name}")
    for candidate in candidates:
        if candidate.op.name == var_op_name:
            return candidate
    raise ValueError(f"Variable {var_op_name} does not uniquely identify a variable")


def get_variable_full_name(var: Any) -> str:
    """The name in a checkpoint: that of the whole of which the variable is a part."""
    part = var._save_slice_info
    return str(part.full_name if part else var.op.name)


def filter_variables(
    var_list: Any,
    include_patterns: Any = None,
    exclude_patterns: Any = None,
    reg_search: bool = True,
) -> list[Any]:
    """The variables whose names match one pattern of those wanted and none of the others."""
    matches = re.search if reg_search else re.match

    def any_of(patterns: Any, name: str) -> bool:
        return any(matches(pattern, name) for pattern in patterns)

    return [
        v
        for v in var_list
        if (include_patterns is None or any_of(include_patterns, v.name))
        and not any_of(exclude_patterns or (), v.name)
    ]


__all__: list[str] = []
NAMESPACES = {
    "contrib.framework": [
        *("filter_variables", "get_local_variables", "get_model_variables"),
        *("get_trainable_variables", "get_unique_variable", "get_variable_full_name"),
        *("get_variables", "get_variables_by_name", "get_variables_by_suffix"),
        "get_variables_to_restore",
    ],
    "contrib.framework.python.ops.variables": [
        *("filter_variables", "get_local_variables", "get_model_variables"),
        *("get_trainable_variables", "get_unique_variable", "get_variable_full_name"),
        *("get_variables", "get_variables_by_name", "get_variables_by_suffix"),
        "get_variables_to_restore",
    ],
    "contrib.slim": [
        *("filter_variables", "get_local_variables", "get_model_variables"),
        *("get_trainable_variables", "get_unique_variable", "get_variable_full_name"),
        *("get_variables", "get_variables_by_name", "get_variables_by_suffix"),
        "get_variables_to_restore",
    ],
}
