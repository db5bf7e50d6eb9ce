"""Adam."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.framework import init_scope
from graphflow.frontend.train.rule_optimizer import RuleOptimizer
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ops import idioms
from graphflow.ops.dependencies import group


class AdamOptimizer(RuleOptimizer):
    """Adam; epsilon stands outside of the bias correction."""

    rule = "Adam"
    hyper = {  # noqa: RUF012
        "lr": ("_lr", "learning_rate"),
        "beta1": ("_beta1", "beta1"),
        "beta2": ("_beta2", "beta2"),
        "epsilon": ("_epsilon", "epsilon"),
    }
    slots = {"m": "m", "v": "v"}  # noqa: RUF012

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "Adam",
    ) -> None:
        super().__init__(use_locking, name)
        self._lr, self._beta1, self._beta2, self._epsilon = learning_rate, beta1, beta2, epsilon

    def _get_beta_accumulators(self) -> tuple[Any, Any]:
        with init_scope():
            graph = current_graph()
            powers = [self._get_non_slot_variable(n, graph) for n in ("beta1_power", "beta2_power")]
            return powers[0], powers[1]

    def _create_slots(self, var_list: Any) -> None:
        first = min(var_list, key=lambda v: v.name)
        self._create_non_slot_variable(self._beta1, "beta1_power", first)
        self._create_non_slot_variable(self._beta2, "beta2_power", first)
        for v in var_list:
            self._zeros_slot(v, "m", self._name)
            self._zeros_slot(v, "v", self._name)

    def _inputs(self, var: Any, order: str, given: dict[str, Any]) -> list[Any]:
        powers = dict(
            zip(("beta1_power", "beta2_power"), self._get_beta_accumulators(), strict=True)
        )
        cast = {n: idioms.cast(p, var.dtype.base_dtype) for n, p in powers.items()}
        return super()._inputs(var, order, given | cast)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        """All rows of the slots decay, the rows named get the gradient."""

        def scatter(x: Any, rows: Any, values: Any) -> Any:
            return raw.ScatterAdd(x, rows, values, use_locking=self._use_locking)

        return self._apply_sparse_shared(grad.values, var, grad.indices, scatter)

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        def scatter(x: Any, rows: Any, values: Any) -> Any:
            with current_graph().control_dependencies(
                [raw.ResourceScatterAdd(x.handle, rows, values)]
            ):
                return x.value()

        return self._apply_sparse_shared(grad, handle, indices, scatter)

    def _apply_sparse_shared(self, grad: Any, var: Any, indices: Any, scatter_add: Any) -> Any:
        dtype = var.dtype.base_dtype
        beta1_power, beta2_power = (idioms.cast(p, dtype) for p in self._get_beta_accumulators())
        rate, beta1, beta2, epsilon = (
            idioms.cast(self._tensors[n], dtype) for n in ("lr", "beta1", "beta2", "epsilon")
        )
        alpha = rate * raw.Sqrt(1 - beta2_power) / (1 - beta1_power)
        graph = current_graph()
        m = self.get_slot(var, "m")
        m_values = grad * (1 - beta1)
        m_new = m.assign(m * beta1, use_locking=self._use_locking)
        with graph.control_dependencies([m_new]):
            m_new = scatter_add(m, indices, m_values)
        v = self.get_slot(var, "v")
        v_values = (grad * grad) * (1 - beta2)
        v_new = v.assign(v * beta2, use_locking=self._use_locking)
        with graph.control_dependencies([v_new]):
            v_new = scatter_add(v, indices, v_values)
        root = raw.Sqrt(v_new)
        update = var.assign_sub(alpha * m_new / (root + epsilon), use_locking=self._use_locking)
        return group(update, m_new, v_new)

    def _finish(self, update_ops: Any, name_scope: str) -> Any:
        graph = current_graph()
        with graph.control_dependencies(update_ops):
            beta1_power, beta2_power = self._get_beta_accumulators()
            with graph.colocate_with(beta1_power.op):
                powers = [
                    p.assign(p * self._tensors[n], use_locking=self._use_locking)
                    for p, n in ((beta1_power, "beta1"), (beta2_power, "beta2"))
                ]
        return group(*update_ops, *powers, name=name_scope)


NAMESPACES = {"train": ["AdamOptimizer"]}
