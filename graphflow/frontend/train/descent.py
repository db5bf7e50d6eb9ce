"""Gradient descent and momentum."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.train.rule_optimizer import RuleOptimizer
from graphflow.ir import raw
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ops import idioms


class GradientDescentOptimizer(RuleOptimizer):
    """var - learning_rate g."""

    rule = "GradientDescent"
    hyper = {"alpha": ("_learning_rate", "learning_rate")}  # noqa: RUF012

    def __init__(
        self, learning_rate: Any, use_locking: bool = False, name: str = "GradientDescent"
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate = learning_rate

    def _apply_sparse_duplicate_indices(self, grad: Any, var: Any) -> Any:
        scaled = grad.values * idioms.cast(self._tensors["alpha"], var.dtype.base_dtype)
        return var.scatter_sub(
            IndexedSlices(scaled, grad.indices, grad.dense_shape), self._use_locking
        )

    def _resource_apply_sparse_duplicate_indices(self, grad: Any, handle: Any, indices: Any) -> Any:
        return raw.ResourceScatterAdd(handle.handle, indices, -grad * self._learning_rate)


class MomentumOptimizer(RuleOptimizer):
    """Gradient descent with momentum, or with Nesterov's form of it."""

    rule = "Momentum"
    hyper = {  # noqa: RUF012
        "lr": ("_learning_rate", "learning_rate"),
        "momentum": ("_momentum", "momentum"),
    }
    slots = {"accum": "momentum"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "Momentum",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(use_locking, name)
        self._learning_rate, self._momentum = learning_rate, momentum
        self.options = {"use_nesterov": use_nesterov}

    def _create_slots(self, var_list: Any) -> None:
        for v in var_list:
            self._zeros_slot(v, "momentum", self._name)


NAMESPACES = {"train": ["GradientDescentOptimizer", "MomentumOptimizer"]}
