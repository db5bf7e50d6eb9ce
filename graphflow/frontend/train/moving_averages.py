"""Averages of variables over the steps of training, kept in variables beside them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from graphflow.frontend.framework import init_scope
from graphflow.frontend.initializers import zeros_initializer
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.state import assign, assign_sub
from graphflow.frontend.train import slots
from graphflow.frontend.variable_collections import (
    global_variables,
    moving_average_variables,
    trainable_variables,
)
from graphflow.frontend.variable_scope import get_variable, get_variable_scope, variable_scope
from graphflow.frontend.variables import Variable
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bfloat16, float16, float32, float64
from graphflow.ir.node import Node, Tensor
from graphflow.ops.dependencies import group
from graphflow.ops.idioms import cast

_VARIABLE_OPS = ("Variable", "VariableV2", "VarHandleOp")


def assign_moving_average(
    variable: Any, value: Any, decay: Any, zero_debias: bool = True, name: str | None = None
) -> Any:
    """variable = decay variable + (1 - decay) value, corrected for a start at zero if `zero_debias`."""
    with build.name_scope(name, "AssignMovingAvg", [variable, value, decay]) as scope:
        rate = convert(1.0 - decay, name="decay")
        if rate.dtype is not variable.dtype.base_dtype:
            rate = cast(rate, variable.dtype.base_dtype)
        if zero_debias:
            return _debiased(variable, value, rate)
        return assign_sub(variable, (variable - value) * rate, name=scope)


def _debiased(variable: Any, value: Any, rate: Tensor) -> Any:
    """variable = biased / (1 - (1 - rate)^steps), where biased is the average that began at zero."""
    graph = current_graph()
    with variable_scope(variable.op.name, values=[variable, value, rate]):
        with init_scope():
            zero = zeros_initializer()
        with graph.colocate_with(variable.op):
            biased = get_variable(
                _free_name("biased"),
                initializer=zero,
                shape=variable.get_shape(),
                dtype=variable.dtype.base_dtype,
                trainable=False,
            )
            steps = get_variable(
                _free_name("local_step"),
                shape=[],
                dtype=variable.dtype.base_dtype,
                initializer=zero,
                trainable=False,
            )
    average = assign_sub(biased, (biased - value) * rate)
    count = steps.assign_add(1)
    factor = 1 - raw.Pow(1.0 - rate, count)
    return assign(variable, average / factor, name=graph.get_name_scope() + "/")


def _free_name(name: str) -> str:
    """`name`, numbered where the scope has such a variable already and does not share it."""
    scope = get_variable_scope()
    if scope.reuse:
        return name
    taken = {v.op.name for v in scope.global_variables()}
    chosen, number = name, 0
    while f"{scope.name}/{chosen}" in taken:
        number += 1
        chosen = f"{name}_{number}"
    return chosen


def weighted_moving_average(
    value: Any,
    decay: Any,
    weight: Any,
    truediv: bool = True,
    collections: Any = None,
    name: str | None = None,
) -> Tensor:
    """The average of value weight over the average of weight."""
    if collections is None:
        collections = [GraphKeys.GLOBAL_VARIABLES]
    with variable_scope(name, "WeightedMovingAvg", [value, weight, decay]) as scope:

        def average(name: str, like: Any) -> Any:
            return get_variable(
                name,
                shape=like.get_shape(),
                dtype=like.dtype,
                initializer=zeros_initializer(),
                trainable=False,
                collections=collections,
            )

        above, below = average("value_x_weight", value), average("weight", weight)
        numerator = assign_moving_average(above, value * weight, decay, zero_debias=False)
        denominator = assign_moving_average(below, weight, decay, zero_debias=False)
        # an average is a float, and for floats both divisions are one op
        with build.name_scope(scope.name, "truediv" if truediv else "div") as inner:
            return raw.RealDiv(numerator, denominator, name=inner)


class ExponentialMovingAverage:
    """Keeps an average of each variable: average = decay average + (1 - decay) value."""

    def __init__(
        self,
        decay: Any,
        num_updates: Any = None,
        zero_debias: bool = False,
        name: str = "ExponentialMovingAverage",
    ) -> None:
        self._decay = decay
        self._num_updates = num_updates
        self._zero_debias = zero_debias
        self._name = name
        self._averages: dict[Any, Any] = {}

    @property
    def name(self) -> str:
        return self._name

    def apply(self, var_list: Iterable[Any] | None = None) -> Node:
        """The op that brings the averages up to date; it makes those that are missing."""
        variables = trainable_variables() if var_list is None else list(var_list)
        corrected = set()
        for var in variables:
            if var.dtype.base_dtype not in (bfloat16, float16, float32, float64):
                raise TypeError(f"The variables must be half, float, or double: {var.name}")
            if var not in self._averages:
                self._averages[var] = average = self._new(var)
                if self._zero_debias and not isinstance(var, Variable):
                    corrected.add(average)
        with build.name_scope(self._name) as scope:
            decay = convert(self._decay, name="decay")
            if self._num_updates is not None:
                updates = cast(self._num_updates, float32, name="num_updates")
                decay = raw.Minimum(decay, (1.0 + updates) / (10.0 + updates))
            steps = [
                assign_moving_average(a, var, decay, a in corrected)
                for var, a in ((var, self._averages[var]) for var in variables)
            ]
            return group(*steps, name=scope)

    def _new(self, var: Any) -> Any:
        """The average of `var`: a variable's begins at its initial value, a tensor's at zero."""
        with init_scope():
            if isinstance(var, Variable):
                average = slots.create_slot(var, var.initialized_value(), self._name)
                current_graph().add_to_collection(GraphKeys.MOVING_AVERAGE_VARIABLES, var)
                return average
            beside = var.op.type in _VARIABLE_OPS
            return slots.create_zeros_slot(var, self._name, colocate_with_primary=beside)

    def average(self, var: Any) -> Any:
        """The variable that holds the average of `var`, or None."""
        return self._averages.get(var)

    def average_name(self, var: Any) -> str:
        """The name that the average of `var` has or would get."""
        if var in self._averages:
            name: str = self._averages[var].op.name
            return name
        return current_graph().unique_name(f"{var.op.name}/{self._name}", mark_as_used=False)

    def variables_to_restore(self, moving_avg_variables: Any = None) -> dict[str, Any]:
        """Names in a checkpoint -> variables, such that averages become the values of their variables."""
        if moving_avg_variables is None:
            moving_avg_variables = [*trainable_variables(), *moving_average_variables()]
        averaged = dict.fromkeys(moving_avg_variables)
        found = {self.average_name(v): v for v in averaged}
        names = {v.name for v in averaged}
        for v in dict.fromkeys(global_variables()):
            if v.name not in names:
                found.setdefault(v.op.name, v)
        return found


NAMESPACES = {
    "python.training.moving_averages": [
        "ExponentialMovingAverage",
        "assign_moving_average",
        "weighted_moving_average",
    ],
    "train": ["ExponentialMovingAverage"],
}
