"""Weights that shrink by themselves before each step, apart from the gradients of the loss."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from graphflow.contrib.opt.adam_variants import gather
from graphflow.frontend.train.adam import AdamOptimizer
from graphflow.frontend.train.descent import MomentumOptimizer
from graphflow.frontend.train.optimizer import Optimizer
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ops.dependencies import no_op

if TYPE_CHECKING:
    _Base = Optimizer  # what the class below is mixed into
else:
    _Base = object


class DecoupledWeightDecayExtension(_Base):
    """Makes an optimiser decay weights: put it before the optimiser among the bases of a class."""

    def __init__(self, weight_decay: Any, **kwargs: Any) -> None:
        self._decay_var_list: set[Any] | None = None
        self._weight_decay = weight_decay
        super().__init__(**kwargs)

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = Optimizer.GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
        decay_var_list: Iterable[Any] | None = None,
    ) -> Any:
        """The op of one step; of the variables only those listed decay, all if there is no list."""
        grads = self.compute_gradients(
            loss,
            var_list,
            gate_gradients,
            aggregation_method,
            colocate_gradients_with_ops,
            grad_loss,
        )
        return self.apply_gradients(grads, global_step, name, decay_var_list)

    def apply_gradients(
        self,
        grads_and_vars: Any,
        global_step: Any = None,
        name: str | None = None,
        decay_var_list: Iterable[Any] | None = None,
    ) -> Any:
        self._decay_var_list = set(decay_var_list or ()) or None
        return super().apply_gradients(grads_and_vars, global_step=global_step, name=name)

    def _prepare(self) -> None:
        self._weight_decay_tensor = convert(
            self._call_if_callable(self._weight_decay), name="weight_decay"
        )
        super()._prepare()

    def _is_decayed(self, var: Any) -> bool:
        return self._decay_var_list is None or var in self._decay_var_list

    def _decay(self, var: Any) -> Any:
        if not self._is_decayed(var):
            return no_op()
        return var.assign_sub(self._weight_decay * var, self._use_locking)

    def _decay_rows(self, var: Any, rows: Any) -> Any:
        if not self._is_decayed(var):
            return no_op()
        update = -self._weight_decay * gather(var, rows)
        if not hasattr(var, "handle"):
            return raw.ScatterAdd(var, rows, update, use_locking=self._use_locking)
        scattered = raw.ResourceScatterAdd(var.handle, rows, update)
        with current_graph().control_dependencies([scattered]):
            return var.value()

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        with current_graph().control_dependencies([self._decay(var)]):
            return super()._apply_dense(grad, var)

    def _resource_apply_dense(self, grad: Any, handle: Any) -> Any:
        with current_graph().control_dependencies([self._decay(handle)]):
            return super()._resource_apply_dense(grad, handle)

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        with current_graph().control_dependencies([self._decay_rows(var, grad.indices)]):
            return super()._apply_sparse(grad, var)

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        with current_graph().control_dependencies([self._decay_rows(handle, indices)]):
            return super()._resource_apply_sparse(grad, handle, indices)


def extend_with_decoupled_weight_decay(base_optimizer: type[Optimizer]) -> type[Any]:
    """The class of an optimiser, with weight decay."""

    class OptimizerWithDecoupledWeightDecay(
        DecoupledWeightDecayExtension,
        base_optimizer,  # type: ignore[misc, valid-type]  # a class that is known only here
    ):
        """An optimiser with weight decay."""

        def __init__(self, weight_decay: Any, *args: Any, **kwargs: Any) -> None:
            self._decay_var_list = None
            self._weight_decay = weight_decay
            base_optimizer.__init__(self, *args, **kwargs)

    return OptimizerWithDecoupledWeightDecay


class MomentumWOptimizer(DecoupledWeightDecayExtension, MomentumOptimizer):
    """Momentum with weight decay."""

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any,
        momentum: Any,
        use_locking: bool = False,
        name: str = "MomentumW",
        use_nesterov: bool = False,
    ) -> None:
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            momentum=momentum,
            use_locking=use_locking,
            name=name,
            use_nesterov=use_nesterov,
        )


class AdamWOptimizer(DecoupledWeightDecayExtension, AdamOptimizer):
    """Adam with weight decay."""

    def __init__(
        self,
        weight_decay: Any,
        learning_rate: Any = 0.001,
        beta1: Any = 0.9,
        beta2: Any = 0.999,
        epsilon: Any = 1e-8,
        use_locking: bool = False,
        name: str = "AdamW",
    ) -> None:
        super().__init__(
            weight_decay,
            learning_rate=learning_rate,
            beta1=beta1,
            beta2=beta2,
            epsilon=epsilon,
            use_locking=use_locking,
            name=name,
        )


NAMESPACES = {
    "contrib.opt": [
        "AdamWOptimizer",
        "DecoupledWeightDecayExtension",
        "MomentumWOptimizer",
        "extend_with_decoupled_weight_decay",
    ]
}
