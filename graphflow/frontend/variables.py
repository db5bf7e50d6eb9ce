"""tf.Variable: which kind it makes, and the creators that may decide otherwise."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from graphflow.frontend.ref_variables import RefVariable
from graphflow.frontend.resource_variables import ResourceVariable
from graphflow.frontend.variable_base import Variable, creators, default_creator
from graphflow.ir.build import current_graph

__all__ = [
    "Variable",
    "disable_resource_variables",
    "enable_resource_variables",
    "resource_variables_enabled",
    "variable_creator_scope",
]

#: what tf.Variable makes where neither the call nor the scope says so
_by_handle = [False]


def enable_resource_variables() -> None:
    """From now on variables are behind handles unless use_resource=False says otherwise."""
    _by_handle[0] = True


def disable_resource_variables() -> None:
    """From now on variables are passed by reference unless use_resource=True says otherwise."""
    _by_handle[0] = False


def resource_variables_enabled() -> bool:
    return _by_handle[0]


@contextmanager
def variable_creator_scope(variable_creator: Callable[..., Any]) -> Iterator[None]:
    """Variables made inside are made by `variable_creator(next_creator, **arguments)`."""
    stack = creators()
    stack.append(variable_creator)
    try:
        yield
    finally:
        if not stack or stack[-1] is not variable_creator:
            raise RuntimeError("Exiting variable_creator_scope without proper nesting of scopes.")
        stack.pop()


def _chosen(
    next_creator: Any = None,
    use_resource: bool | None = None,
    expected_shape: Any = None,
    distribute_strategy: Any = None,
    **options: Any,
) -> Any:
    """The variable that the call, the variable scope or the default asks for."""
    if use_resource is None:
        scopes = current_graph().notes.get("variable_scope")
        use_resource = None if scopes is None else scopes.current.use_resource
    if use_resource is None:
        use_resource = _by_handle[0]
    return (ResourceVariable if use_resource else RefVariable)(**options)


default_creator.append(_chosen)


def from_proto(variable_def: Any, import_scope: str | None = None) -> Any:
    """The variable that a VariableDef describes, of its kind."""
    kind = ResourceVariable if variable_def.is_resource else RefVariable
    return kind.from_proto(variable_def, import_scope)
