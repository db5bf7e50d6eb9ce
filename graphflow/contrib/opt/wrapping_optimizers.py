"""Optimisers around another: one that averages variables, one that keeps them within a norm."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from typing import Any

from graphflow.contrib.opt.adam_variants import gather
from graphflow.frontend.clipping import clip_by_norm
from graphflow.frontend.partitioned_variables import PartitionedVariable
from graphflow.frontend.train.moving_averages import ExponentialMovingAverage
from graphflow.frontend.train.optimizer import Optimizer
from graphflow.frontend.train.saveables import by_name
from graphflow.frontend.train.saver import Saver
from graphflow.frontend.variable_collections import global_variables
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Tensor
from graphflow.ops.dependencies import group


class MovingAverageOptimizer(Optimizer):
    """Another optimiser, with moving averages of what it changes."""

    def __init__(
        self,
        opt: Optimizer,
        average_decay: float = 0.9999,
        num_updates: Any = None,
        sequential_update: bool = True,
    ) -> None:
        self._optimizer = opt
        self._averages = ExponentialMovingAverage(average_decay, num_updates=num_updates)
        self._sequential = sequential_update
        #: a variable's name -> its average's, and the other way round
        self._swapped: dict[str, str] | None = None

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:
        return self._optimizer.compute_gradients(*args, **kwargs)

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        pairs = list(grads_and_vars)
        train = self._optimizer.apply_gradients(pairs, global_step=global_step, name=name)
        variables = [v for g, v in pairs if g is not None]
        waits = current_graph().control_dependencies([train]) if self._sequential else nullcontext()
        with waits:
            average = self._averages.apply(variables)
        self._swapped = {}
        for v in variables:
            own, other = v.op.name, self._averages.average(v).op.name
            self._swapped |= {own: other, other: own}
        return group(train, average, name="train_with_avg")

    def swapping_saver(
        self, var_list: Any = None, name: str = "swapping_saver", **kwargs: Any
    ) -> Saver:
        """A saver that saves averages under the names of their variables, and the other way round."""
        if self._swapped is None:
            raise RuntimeError(
                "Must call apply_gradients or minimize before creating the swapping_saver"
            )
        if var_list is None:
            var_list = global_variables()
        named = dict(var_list) if isinstance(var_list, Mapping) else by_name(var_list)
        single: dict[str, Any] = {}
        for key, item in named.items():
            if isinstance(item, list | PartitionedVariable):
                single |= {part.op.name: part for part in item}
            else:
                single[key] = item
        return Saver(
            {
                key: [self._other(single, part.op.name, part) for part in item]
                if isinstance(item, list)
                else self._other(single, key, item)
                for key, item in named.items()
            },
            name=name,
            **kwargs,
        )

    def _other(self, single: Mapping[str, Any], name: str, item: Any) -> Any:
        other = (self._swapped or {}).get(name)
        if other is None:
            return item
        if other not in single:
            raise ValueError(f"Variable to swap {other} is not part of variables to save.")
        return single[other]


class VariableClippingOptimizer(Optimizer):
    """Another optimiser, after whose steps variables are scaled back to a norm."""

    def __init__(
        self,
        opt: Optimizer,
        vars_to_clip_dims: Mapping[Any, Sequence[int]],
        max_norm: Any,
        use_locking: bool = False,
        colocate_clip_ops_with_vars: bool = False,
        name: str = "VariableClipping",
    ) -> None:
        super().__init__(use_locking, name)
        self._opt, self._max_norm = opt, max_norm
        self._dims = {var: list(dims) for var, dims in vars_to_clip_dims.items()}
        self._colocates = colocate_clip_ops_with_vars

    def compute_gradients(self, *args: Any, **kwargs: Any) -> Any:
        return self._opt.compute_gradients(*args, **kwargs)

    def get_slot(self, *args: Any, **kwargs: Any) -> Any:
        return self._opt.get_slot(*args, **kwargs)

    def get_slot_names(self, *args: Any, **kwargs: Any) -> Any:
        return self._opt.get_slot_names(*args, **kwargs)

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        graph = current_graph()
        with build.name_scope(name, self._name) as scope:
            update = self._opt.apply_gradients(grads_and_vars, global_step=global_step)
            clips = []
            with graph.control_dependencies([update]):
                for grad, var in grads_and_vars:
                    if grad is None or var not in self._dims:
                        continue
                    with graph.name_scope("clip_" + var.op.name):
                        whole = isinstance(grad, Tensor) or 0 in self._dims[var]
                        clips.append(self._clip(var) if whole else self._clip_rows(grad, var))
            return group(update, *clips, name=scope)

    def _beside(self, var: Any) -> Any:
        return current_graph().colocate_with(var.op) if self._colocates else nullcontext()

    def _clip(self, var: Any) -> Any:
        with self._beside(var):
            value = var.read_value()
            excess = value - clip_by_norm(value, self._max_norm, self._dims[var])
        with current_graph().colocate_with(var.op):
            return var.assign_sub(excess, use_locking=self._use_locking)

    def _clip_rows(self, grad: IndexedSlices, var: Any) -> Any:
        with current_graph().colocate_with(var.op):
            rows = gather(var, grad.indices)
        with self._beside(var):
            excess = rows - clip_by_norm(rows, self._max_norm, self._dims[var])
        with current_graph().colocate_with(var.op):
            delta = IndexedSlices(excess, grad.indices, grad.dense_shape)
            return var.scatter_sub(delta, use_locking=self._use_locking)


NAMESPACES = {"contrib.opt": ["MovingAverageOptimizer", "VariableClippingOptimizer"]}
