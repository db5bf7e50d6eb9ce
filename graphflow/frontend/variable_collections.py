"""The standard lists of variables, and the ops that initialise them."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant
from graphflow.ir.dtype import string
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import stack
from graphflow.ops.dependencies import group, no_op
from graphflow.ops.slice_keys import boolean_mask

__all__ = [
    "all_variables",
    "assert_variables_initialized",
    "global_variables",
    "global_variables_initializer",
    "initialize_all_variables",
    "initialize_local_variables",
    "initialize_variables",
    "is_variable_initialized",
    "local_variables",
    "local_variables_initializer",
    "model_variables",
    "moving_average_variables",
    "report_uninitialized_variables",
    "trainable_variables",
    "variables_initializer",
]


NAMESPACES = {
    "initializers": {
        "global_variables": "global_variables_initializer",
        "local_variables": "local_variables_initializer",
        "variables": "variables_initializer",
    }
}


def global_variables(scope: str | None = None) -> list[Any]:
    """All variables that are shared and saved."""
    return current_graph().get_collection(GraphKeys.GLOBAL_VARIABLES, scope)


def local_variables(scope: str | None = None) -> list[Any]:
    return current_graph().get_collection(GraphKeys.LOCAL_VARIABLES, scope)


def model_variables(scope: str | None = None) -> list[Any]:
    return current_graph().get_collection(GraphKeys.MODEL_VARIABLES, scope)


def trainable_variables(scope: str | None = None) -> list[Any]:
    """The variables that optimisers change."""
    return current_graph().get_collection(GraphKeys.TRAINABLE_VARIABLES, scope)


def moving_average_variables(scope: str | None = None) -> list[Any]:
    return current_graph().get_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, scope)


def all_variables() -> list[Any]:
    """The old name of global_variables."""
    return global_variables()


def variables_initializer(var_list: Any, name: str = "init") -> Node:
    """A node that gives each of these variables its initial value."""
    if not var_list:
        return no_op(name)
    return group(*[v.initializer for v in var_list], name=name)


initialize_variables = variables_initializer


def global_variables_initializer() -> Node:
    """A node that gives all global variables their initial values."""
    return variables_initializer(global_variables())


initialize_all_variables = global_variables_initializer


def local_variables_initializer() -> Node:
    return variables_initializer(local_variables())


initialize_local_variables = local_variables_initializer


def is_variable_initialized(variable: Any) -> Tensor:
    """Whether a variable has a value, when the graph runs."""
    if hasattr(variable, "is_initialized"):
        resource: Tensor = variable.is_initialized()
        return resource
    tensor: Tensor = raw.IsVariableInitialized(variable)
    return tensor


def _all_variables() -> list[Any]:
    """The variables in the collections, or what holds one in a graph that has none."""
    found = global_variables() + local_variables()
    holders = ("Variable", "VariableV2")
    return found or [n.out for n in current_graph().nodes if n.type in holders]


def report_uninitialized_variables(
    var_list: Any = None, name: str = "report_uninitialized_variables"
) -> Tensor:
    """The names of the variables that have no value, when the graph runs."""
    if var_list is None:
        var_list = _all_variables()
    with build.name_scope(name):
        initialized = [is_variable_initialized(v) for v in var_list]
        with current_graph().device("/cpu:0"):
            if not var_list:
                return constant([], string)
            missing = raw.LogicalNot(stack(initialized))
            return boolean_mask(constant([v.op.name for v in var_list]), missing)


def assert_variables_initialized(var_list: Any = None) -> Tensor | None:
    """A node that fails to run while one of these variables has no value."""
    if var_list is None:
        var_list = _all_variables()
    if not var_list:
        return None
    ranks = []
    for variable in var_list:
        with current_graph().colocate_with(variable.op):
            ranks.append(idioms.rank(variable, optimize=False))
    return ranks[0] if len(ranks) == 1 else stack(ranks)
