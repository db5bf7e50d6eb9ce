"""Optimisers whose steps shrink with the gradients of the past: Adagrad, Adadelta, RMSProp."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.initializers import Constant, Ones
from graphflow.frontend.train.rule_optimizer import RuleOptimizer
from graphflow.ir import raw
from graphflow.ir.node import Tensor
from graphflow.ops import idioms


class AdagradOptimizer(RuleOptimizer):
    """Steps divided by the root of the sum of squared gradients so far."""

    rule = "Adagrad"
    hyper = {"lr": ("_learning_rate", "learning_rate")}  # noqa: RUF012
    slots = {"accum": "accumulator"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any,
        initial_accumulator_value: float = 0.1,
        use_locking: bool = False,
        name: str = "Adagrad",
    ) -> None:
        if initial_accumulator_value <= 0.0:
            raise ValueError(
                f"initial_accumulator_value must be positive: {initial_accumulator_value}"
            )
        super().__init__(use_locking, name)
        self._learning_rate, self._initial = learning_rate, initial_accumulator_value

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            dtype, shape = v.dtype.base_dtype, v.get_shape()
            start: Any = Constant(self._initial, dtype)
            if not shape.is_static:
                start = _like(v, self._initial)
            self._get_or_make_slot_with_initializer(
                v, start, shape, dtype, "accumulator", self._name
            )


def _like(v: Any, value: float) -> Any:
    """A function that makes a constant of the shape the variable turns out to have."""

    def make() -> Tensor:
        dtype = v.dtype.base_dtype
        filled: Tensor = raw.Cast(raw.Fill(raw.Shape(v), dtype.numpy.type(value)), DstT=dtype)
        return filled

    return make


class AdadeltaOptimizer(RuleOptimizer):
    """Steps in the ratio of the root mean squares of past steps and gradients."""

    rule = "Adadelta"
    hyper = {  # noqa: RUF012
        "lr": ("_lr", "lr"),
        "rho": ("_rho", "rho"),
        "epsilon": ("_epsilon", "epsilon"),
    }
    slots = {"accum": "accum", "accum_update": "accum_update"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any = 0.001,
        rho: Any = 0.95,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adadelta",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr, self._rho, self._epsilon = learning_rate, rho, epsilon

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            self._zeros_slot(v, "accum", self._name)
            self._zeros_slot(v, "accum_update", self._name)


class RMSPropOptimizer(RuleOptimizer):
    """Steps divided by the root of a running mean of squared gradients, which starts at 1."""

    hyper = {  # noqa: RUF012
        "lr": ("_learning_rate", "learning_rate"),
        "rho": ("_decay", "decay"),
        "momentum": ("_momentum", "momentum"),
        "epsilon": ("_epsilon", "epsilon"),
    }
    slots = {"mg": "mg", "ms": "rms", "mom": "momentum"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any,
        decay: Any = 0.9,
        momentum: Any = 0.0,
        epsilon: Any = 1e-10,
        use_locking: bool = False,
        centered: bool = False,
        name: str = "RMSProp",
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate, self._decay = learning_rate, decay
        self._momentum, self._epsilon, self._centered = momentum, epsilon, centered
        self.rule = "CenteredRMSProp" if centered else "RMSProp"

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            dtype, shape = v.dtype.base_dtype, v.get_shape()
            start: Any = Ones(dtype) if shape.is_static else idioms.ones_like(v)
            self._get_or_make_slot_with_initializer(v, start, shape, dtype, "rms", self._name)
            if self._centered:
                self._zeros_slot(v, "mg", self._name)
            self._zeros_slot(v, "momentum", self._name)


NAMESPACES = {"train": ["AdadeltaOptimizer", "AdagradOptimizer", "RMSPropOptimizer"]}
