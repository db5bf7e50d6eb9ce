"""Relatives of Adam: AdaMax, Nadam, and one that touches only the rows that have gradients."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.train.adam import AdamOptimizer
from graphflow.frontend.train.rule_optimizer import RuleOptimizer
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ops.dependencies import group
from graphflow.ops.idioms import cast

Scatter = Callable[[Any, Any, Any], Any]


def gather(x: Any, rows: Any) -> Any:
    """Rows of a variable of either kind, or of a tensor."""
    return x.sparse_read(rows) if hasattr(x, "handle") else raw.GatherV2(x, rows, 0)


def _by_handle(op: Callable[..., Any]) -> Scatter:
    """A scatter through a handle, after which the variable is read."""

    def scatter(x: Any, rows: Any, values: Any) -> Any:
        with current_graph().control_dependencies([op(x.handle, rows, values)]):
            return x.value()

    return scatter


class AdaMaxOptimizer(AdamOptimizer):
    """Adam with the greatest gradient so far, which decays, in the place of the mean square."""

    rule = "AdaMax"

    def __init__(
        self,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "AdaMax",
    ) -> None:
        super().__init__(learning_rate, beta1, beta2, epsilon, use_locking, name)

    def _power(self) -> Any:
        return self._get_non_slot_variable("beta1_power", current_graph().outermost)

    def _create_slots(self, var_list: Any) -> None:
        first = min(var_list, key=lambda v: v.name)
        self._create_non_slot_variable(self._beta1, "beta1_power", first)
        for v in var_list:
            self._zeros_slot(v, "m", self._name)
            self._zeros_slot(v, "v", self._name)

    def _inputs(self, var: Any, order: str, given: dict[str, Any]) -> list[Any]:
        power = cast(self._power(), var.dtype.base_dtype)
        return RuleOptimizer._inputs(self, var, order, given | {"beta1_power": power})

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        def add(x: Any, rows: Any, values: Any) -> Any:
            return raw.ScatterAdd(x, rows, values, use_locking=self._use_locking)

        def update(x: Any, rows: Any, values: Any) -> Any:
            return raw.ScatterUpdate(x, rows, values, use_locking=self._use_locking)

        return self._apply_rows(grad.values, var, grad.indices, add, update)

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        add, update = _by_handle(raw.ResourceScatterAdd), _by_handle(raw.ResourceScatterUpdate)
        return self._apply_rows(grad, handle, indices, add, update)

    def _apply_rows(self, grad: Any, var: Any, rows: Any, add: Scatter, update: Scatter) -> Any:
        dtype, graph = var.dtype.base_dtype, current_graph()
        power = cast(self._power(), dtype)
        rate, beta1, beta2, epsilon = (
            cast(self._tensors[n], dtype) for n in ("lr", "beta1", "beta2", "epsilon")
        )
        m = self.get_slot(var, "m")
        m_rows = gather(m, rows) * beta1 + grad * (1 - beta1)
        with graph.control_dependencies([m_rows]):
            m_new = update(m, rows, m_rows)
        v = self.get_slot(var, "v")
        v_rows = raw.Maximum(gather(v, rows) * beta2, raw.Abs(grad))
        with graph.control_dependencies([v_rows]):
            v_new = update(v, rows, v_rows)
        step = -rate / (1 - power) * (m_rows / (v_rows + epsilon))
        with graph.control_dependencies([step]):
            changed = add(var, rows, step)
        return group(changed, m_new, v_new)

    def _finish(self, update_ops: Any, name_scope: str) -> Any:
        graph = current_graph()
        with graph.control_dependencies(update_ops):
            power = self._power()
            with graph.colocate_with(power.op):
                changed = power.assign(
                    power * self._tensors["beta1"], use_locking=self._use_locking
                )
        return group(*update_ops, changed, name=name_scope)


class NadamOptimizer(AdamOptimizer):
    """Adam that looks ahead as Nesterov's momentum does."""

    options = {"use_nesterov": True}  # noqa: RUF012

    def _apply_sparse_shared(self, grad: Any, var: Any, indices: Any, scatter_add: Any) -> Any:
        dtype, graph = var.dtype.base_dtype, current_graph()
        beta1_power, beta2_power = (cast(p, dtype) for p in self._get_beta_accumulators())
        rate, beta1, beta2, epsilon = (
            cast(self._tensors[n], dtype) for n in ("lr", "beta1", "beta2", "epsilon")
        )
        alpha = rate * raw.Sqrt(1 - beta2_power) / (1 - beta1_power)
        m = self.get_slot(var, "m")
        m_values = grad * (1 - beta1)
        m_new = m.assign(m * beta1, use_locking=self._use_locking)
        with graph.control_dependencies([m_new]):
            m_new = scatter_add(m, indices, m_values)
            ahead = m_values + beta1 * raw.GatherV2(m_new, indices, 0)
        v = self.get_slot(var, "v")
        v_values = (grad * grad) * (1 - beta2)
        v_new = v.assign(v * beta2, use_locking=self._use_locking)
        with graph.control_dependencies([v_new]):
            v_new = scatter_add(v, indices, v_values)
        root = raw.Sqrt(raw.GatherV2(v_new, indices, 0))
        update = scatter_add(var, indices, -alpha * ahead / (root + epsilon))
        return group(update, ahead, v_new)


class LazyAdamOptimizer(AdamOptimizer):
    """Adam in which rows without gradients keep their slots as they are."""

    def _factors(self, var: Any) -> tuple[Any, ...]:
        dtype = var.dtype.base_dtype
        beta1_power, beta2_power = (cast(p, dtype) for p in self._get_beta_accumulators())
        rate, beta1, beta2, epsilon = (
            cast(self._tensors[n], dtype) for n in ("lr", "beta1", "beta2", "epsilon")
        )
        return rate * raw.Sqrt(1 - beta2_power) / (1 - beta1_power), beta1, beta2, epsilon

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        alpha, beta1, beta2, epsilon = self._factors(var)
        rows, locks = grad.indices, {"use_locking": self._use_locking}
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        m_rows = beta1 * gather(m, rows) + (1 - beta1) * grad.values
        m_new = raw.ScatterUpdate(m, rows, m_rows, **locks)
        v_rows = beta2 * gather(v, rows) + (1 - beta2) * raw.Square(grad.values)
        v_new = raw.ScatterUpdate(v, rows, v_rows, **locks)
        m_slice, v_slice = gather(m_new, rows), gather(v_new, rows)
        divisor = raw.Sqrt(v_slice) + epsilon
        update = raw.ScatterSub(var, rows, alpha * m_slice / divisor, **locks)
        return group(update, m_new, v_new)

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        var = handle
        alpha, beta1, beta2, epsilon = self._factors(var)
        m, v = self.get_slot(var, "m"), self.get_slot(var, "v")
        m_rows = beta1 * gather(m, indices) + (1 - beta1) * grad
        m_new = raw.ResourceScatterUpdate(m.handle, indices, m_rows)
        v_rows = beta2 * gather(v, indices) + (1 - beta2) * raw.Square(grad)
        v_new = raw.ResourceScatterUpdate(v.handle, indices, v_rows)
        step = alpha * m_rows / (raw.Sqrt(v_rows) + epsilon)
        update = raw.ResourceScatterSub(var.handle, indices, step)
        return group(update, m_new, v_new)


NAMESPACES = {"contrib.opt": ["AdaMaxOptimizer", "LazyAdamOptimizer", "NadamOptimizer"]}
