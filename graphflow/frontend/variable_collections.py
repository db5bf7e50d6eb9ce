"""The standard lists of variables, and the ops that initialise them."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.variables import Variable
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant
from graphflow.ir.dtype import string
from graphflow.ir.node import Node, Tensor
from graphflow.ops.dependencies import group, no_op

__all__ = [
    "Variable",
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


def report_uninitialized_variables(
    var_list: Any = None, name: str = "report_uninitialized_variables"
) -> Tensor:
    """The names of the variables that have no value, when the graph runs."""
    if var_list is None:
        var_list = global_variables() + local_variables()
        if not var_list:
            holders = ("Variable", "VariableV2")
            var_list = [n.out for n in current_graph().nodes if n.type in holders]
    with build.name_scope(name), current_graph().device("/cpu:0"):
        if not var_list:
            return constant([], string)
        mask = raw.LogicalNot(
            raw.Pack([is_variable_initialized(v) for v in var_list], axis=0, name="stack")
        )
        names = constant([v.op.name for v in var_list])
        return _masked(names, mask)


def _masked(names: Tensor, mask: Tensor) -> Tensor:
    with build.name_scope(None, "boolean_mask"):
        where = raw.Squeeze(raw.Where(mask), squeeze_dims=[1])
        picked: Tensor = raw.GatherV2(names, where, 0)
        return picked


def assert_variables_initialized(var_list: Any = None) -> Tensor | None:
    """A node that fails to run while one of these variables has no value."""
    if var_list is None:
        var_list = global_variables() + local_variables()
    if not var_list:
        return None
    with build.name_scope(None, "assert_variables_initialized"):
        ranks = [raw.Rank(v) for v in var_list]
        return ranks[0] if len(ranks) == 1 else raw.Pack(ranks, axis=0, name="stack")
