"""Adagrad with dual averaging, for sparse linear models."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.initializers import filled_constant
from graphflow.frontend.train.rule_optimizer import RuleOptimizer
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ops.idioms import cast


class AdagradDAOptimizer(RuleOptimizer):
    """Steps from the sum of all gradients, scaled by the root of the sum of their squares."""

    rule = "AdagradDA"
    slots = {  # noqa: RUF012
        "gradient_accumulator": "gradient_accumulator",
        "gradient_squared_accumulator": "gradient_squared_accumulator",
    }

    def __init__(
        self,
        learning_rate: Any,
        global_step: Any,
        initial_gradient_squared_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "AdagradDA",
    ) -> None:
        if initial_gradient_squared_accumulator_value <= 0.0:
            raise ValueError(
                "initial_gradient_squared_accumulator_value must be positive: "
                f"{initial_gradient_squared_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._learning_rate, self._global_step = learning_rate, global_step
        self._initial = initial_gradient_squared_accumulator_value
        self._l1, self._l2 = l1_regularization_strength, l2_regularization_strength

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            dtype, shape = v.dtype.base_dtype, v.get_shape()
            with current_graph().colocate_with(v.op):
                zeros = filled_constant(0.0, dtype, shape)
                squares = filled_constant(self._initial, dtype, shape)
            self._get_or_make_slot(v, zeros, "gradient_accumulator", self._name)
            self._get_or_make_slot(v, squares, "gradient_squared_accumulator", self._name)

    def _prepare(self) -> None:
        rate = convert(self._learning_rate, name="learning_rate")
        self._learning_rate_tensor = rate
        with current_graph().colocate_with(rate):
            self._step = raw.Identity(self._global_step) + 1

    def _inputs(self, var: Any, order: str, given: dict[str, Any]) -> list[Any]:
        dtype = var.dtype.base_dtype
        with current_graph().device(var.device or None):
            step = raw.Identity(self._step)
        own = {
            "lr": cast(self._learning_rate_tensor, dtype),
            "l1": cast(self._l1, dtype),
            "l2": cast(self._l2, dtype),
            "global_step": step,
        }
        return super()._inputs(var, order, given | own)


NAMESPACES = {"train": ["AdagradDAOptimizer"]}
