"""Optimisers that keep weights small: Ftrl and the proximal ones."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.initializers import filled_constant
from graphflow.frontend.train.rule_optimizer import RuleOptimizer
from graphflow.ir.build import current_graph


class FtrlOptimizer(RuleOptimizer):
    """Follow the regularised leader."""

    hyper = {  # noqa: RUF012
        "lr": ("_learning_rate", "learning_rate"),
        "l1": ("_l1", "l1_regularization_strength"),
        "l2": ("_l2", "l2_regularization_strength"),
        "l2_shrinkage": ("_l2_shrinkage", "l2_shrinkage_regularization_strength"),
        "lr_power": ("_power", "learning_rate_power"),
    }
    slots = {"accum": "accum", "linear": "linear"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any,
        learning_rate_power: Any = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "Ftrl",
        accum_name: str | None = None,
        linear_name: str | None = None,
        l2_shrinkage_regularization_strength: float = 0.0,
    ) -> None:
        super().__init__(use_locking, name)
        signs = {
            "initial_accumulator_value": initial_accumulator_value,
            "l1_regularization_strength": l1_regularization_strength,
            "l2_regularization_strength": l2_regularization_strength,
            "l2_shrinkage_regularization_strength": l2_shrinkage_regularization_strength,
        }
        for what, value in signs.items():
            if value < 0.0:
                raise ValueError(f"{what} {value} needs to be positive or zero")
        if not callable(learning_rate_power) and learning_rate_power > 0.0:
            raise ValueError(
                f"learning_rate_power {learning_rate_power} needs to be negative or zero"
            )
        self._learning_rate, self._power = learning_rate, learning_rate_power
        self._initial, self._l1, self._l2 = (
            initial_accumulator_value,
            l1_regularization_strength,
            l2_regularization_strength,
        )
        self._l2_shrinkage = l2_shrinkage_regularization_strength
        self._accum_name, self._linear_name = accum_name, linear_name
        self.rule = "FtrlV2" if self._l2_shrinkage > 0.0 else "Ftrl"

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            with current_graph().colocate_with(v.op):
                start = filled_constant(self._initial, v.dtype.base_dtype, v.get_shape())
                self._get_or_make_slot(v, start, "accum", self._accum_name or self._name)
                self._zeros_slot(v, "linear", self._linear_name or self._name)


class _Proximal(RuleOptimizer):
    hyper = {  # noqa: RUF012
        "lr": ("_learning_rate", "learning_rate"),
        "l1": ("_l1", "l1_regularization_strength"),
        "l2": ("_l2", "l2_regularization_strength"),
    }


class ProximalGradientDescentOptimizer(_Proximal):
    """Gradient descent with the proximal step of l1 and l2."""

    rule = "ProximalGradientDescent"
    hyper = {  # noqa: RUF012
        "alpha": ("_learning_rate", "learning_rate"),
        "l1": ("_l1", "l1_regularization_strength"),
        "l2": ("_l2", "l2_regularization_strength"),
    }

    def __init__(
        self,
        learning_rate: Any,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "ProximalGradientDescent",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate
        self._l1, self._l2 = l1_regularization_strength, l2_regularization_strength


class ProximalAdagradOptimizer(_Proximal):
    """Adagrad with the proximal step of l1 and l2."""

    rule = "ProximalAdagrad"
    slots = {"accum": "accumulator"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        use_locking: bool = False,
        name: str = "ProximalAdagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(
                f"initial_accumulator_value must be positive: {initial_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._learning_rate, self._initial = learning_rate, initial_accumulator_value
        self._l1, self._l2 = l1_regularization_strength, l2_regularization_strength

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            with current_graph().colocate_with(v.op):
                start = filled_constant(self._initial, v.dtype.base_dtype, v.get_shape())
            self._get_or_make_slot(v, start, "accumulator", self._name)


NAMESPACES = {
    "train": ["FtrlOptimizer", "ProximalAdagradOptimizer", "ProximalGradientDescentOptimizer"]
}
