"""Optimizer: gradients of a loss, slots, and the ops that apply a step. Subclasses say what a step is."""

from __future__ import annotations

from typing import Any

from graphflow.autodiff import gradients
from graphflow.frontend.framework import init_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.train import slots as slot_creator
from graphflow.frontend.variable_collections import trainable_variables
from graphflow.frontend.variables import Variable
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bfloat16, float16, float32, float64
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor
from graphflow.ops.dependencies import group, tuple_


class Optimizer:
    """The base of optimisers: `minimize(loss)` returns the op of one training step."""

    GATE_NONE = 0
    GATE_OP = 1
    GATE_GRAPH = 2

    def __init__(self, use_locking: bool, name: str) -> None:
        if not name:
            raise ValueError("Must specify the optimizer name")
        self._use_locking = use_locking
        self._name = name
        #: slot name -> variable -> slot
        self._slots: dict[str, dict[Any, Any]] = {}
        self._non_slot_dict: dict[Any, Any] = {}

    def get_name(self) -> str:
        return self._name

    # ---- the three verbs -----------------------------------------------------------------------------

    def minimize(
        self,
        loss: Any,
        global_step: Any = None,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        name: str | None = None,
        grad_loss: Any = None,
    ) -> Any:
        """The op of one step: gradients of the loss, applied."""
        found = self.compute_gradients(
            loss,
            var_list,
            gate_gradients,
            aggregation_method,
            colocate_gradients_with_ops,
            grad_loss,
        )
        if all(g is None for g, _ in found):
            raise ValueError(
                "No gradients provided for any variable, check your graph for ops that do not support "
                f"gradients, between variables {[str(v) for _, v in found]} and loss {loss}."
            )
        return self.apply_gradients(found, global_step, name)

    def compute_gradients(
        self,
        loss: Any,
        var_list: Any = None,
        gate_gradients: int = GATE_OP,
        aggregation_method: int | None = None,
        colocate_gradients_with_ops: bool = False,
        grad_loss: Any = None,
    ) -> list[tuple[Any, Any]]:
        """(gradient, variable) for each variable; None where the loss does not depend on it."""
        if gate_gradients not in (self.GATE_NONE, self.GATE_OP, self.GATE_GRAPH):
            raise ValueError(
                "gate_gradients must be one of: Optimizer.GATE_NONE, Optimizer.GATE_OP, "
                f"Optimizer.GATE_GRAPH.  Not {gate_gradients}"
            )
        if callable(loss):
            raise TypeError(
                "the loss is a tensor of the graph, not a function: there is no eager mode here"
            )
        self._assert_valid_dtypes([loss])
        if grad_loss is not None:
            self._assert_valid_dtypes([grad_loss])
        variables = trainable_variables() if var_list is None else _flat(var_list)
        if not variables:
            raise ValueError("No variables to optimize.")
        grads = gradients(
            loss,
            [_target(v) for v in variables],
            grad_ys=grad_loss,
            gate_gradients=gate_gradients == self.GATE_OP,
            aggregation_method=aggregation_method,
            colocate_gradients_with_ops=colocate_gradients_with_ops,
        )
        if gate_gradients == self.GATE_GRAPH:
            grads = tuple_(grads)
        found = list(zip(grads, variables, strict=True))
        self._assert_valid_dtypes([v for g, v in found if g is not None])
        return found

    def apply_gradients(
        self, grads_and_vars: Any, global_step: Any = None, name: str | None = None
    ) -> Any:
        """The op that changes the variables by their gradients."""
        pairs = list(grads_and_vars)
        if not pairs:
            raise ValueError("No variables provided.")
        pairs = [(_as_gradient(g), v) for g, v in pairs]
        variables = [v for g, v in pairs if g is not None]
        if not variables:
            raise ValueError(
                f"No gradients provided for any variable: {[str(v) for _, v in pairs]}."
            )
        with init_scope():
            self._create_slots(variables)
        updates = []
        graph = current_graph()
        with build.name_scope(name, self._name) as scope:
            self._prepare()
            for grad, var in pairs:
                if grad is not None:
                    with graph.name_scope("update_" + var.op.name), graph.colocate_with(var.op):
                        updates.append(self._update(grad, var))
            if global_step is None:
                applied = self._finish(updates, scope)
            else:
                with (
                    graph.control_dependencies([self._finish(updates, "update")]),
                    graph.colocate_with(global_step.op),
                ):
                    applied = _incremented(global_step, scope)
        node = applied.node if isinstance(applied, Tensor) else applied
        train_ops = graph.get_collection_ref(GraphKeys.TRAIN_OP)
        if node not in train_ops:
            train_ops.append(node)
        return node

    def _update(self, grad: Any, var: Any) -> Any:
        """The op that changes one variable, and its constraint after it."""
        if hasattr(var, "handle"):
            update = self._update_resource(grad, var)
        elif isinstance(grad, Tensor):
            update = self._apply_dense(grad, var)
        elif var.constraint is not None:
            raise RuntimeError("Cannot use a constraint function on a sparse variable.")
        else:
            return self._apply_sparse_duplicate_indices(grad, var)
        if getattr(var, "constraint", None) is None:
            return update
        with current_graph().control_dependencies([update]):
            return var.assign(var.constraint(var))

    def _update_resource(self, grad: Any, var: Any) -> Any:
        if isinstance(grad, IndexedSlices):
            return self._resource_apply_sparse_duplicate_indices(grad.values, var, grad.indices)
        return self._resource_apply_dense(grad, var)

    # ---- slots ---------------------------------------------------------------------------------------

    def get_slot(self, var: Any, name: str) -> Any:
        """The slot of that name that this optimiser keeps for `var`, or None."""
        return self._slots.get(name, {}).get(_key(var))

    def get_slot_names(self) -> list[str]:
        return sorted(self._slots)

    def variables(self) -> list[Any]:
        """All variables that this optimiser made."""
        graph = current_graph().outermost
        found = [v for v in self._non_slot_dict.values() if v.graph is graph]
        found += [v for slots in self._slots.values() for v in slots.values() if v.graph is graph]
        return sorted(found, key=lambda v: v.name)

    def _slot_dict(self, slot_name: str) -> dict[Any, Any]:
        return self._slots.setdefault(slot_name, {})

    def _get_or_make_slot(self, var: Any, val: Any, slot_name: str, op_name: str) -> Any:
        named = self._slot_dict(slot_name)
        if _key(var) not in named:
            named[_key(var)] = slot_creator.create_slot(var, val, op_name)
        return named[_key(var)]

    def _get_or_make_slot_with_initializer(
        self, var: Any, initializer: Any, shape: Any, dtype: Any, slot_name: str, op_name: str
    ) -> Any:
        named = self._slot_dict(slot_name)
        if _key(var) not in named:
            named[_key(var)] = slot_creator.create_slot_with_initializer(
                var, initializer, shape, dtype, op_name
            )
        return named[_key(var)]

    def _zeros_slot(self, var: Any, slot_name: str, op_name: str) -> Any:
        named = self._slot_dict(slot_name)
        if _key(var) not in named:
            named[_key(var)] = slot_creator.create_zeros_slot(var, op_name)
        return named[_key(var)]

    def _create_non_slot_variable(self, initial_value: Any, name: str, colocate_with: Any) -> Any:
        key = (name, colocate_with.graph)
        if key not in self._non_slot_dict:
            with current_graph().colocate_with(colocate_with.op):
                self._non_slot_dict[key] = Variable(
                    initial_value,
                    name=name,
                    trainable=False,
                    use_resource=hasattr(colocate_with, "handle"),
                )
        return self._non_slot_dict[key]

    def _get_non_slot_variable(self, name: str, graph: Any = None) -> Any:
        return self._non_slot_dict.get((name, graph))

    # ---- what a subclass says ----------------------------------------------------------------------------

    def _valid_dtypes(self) -> set[Any]:
        return {float16, bfloat16, float32, float64}

    def _create_slots(self, var_list: Any) -> None:
        """Make the slots of these variables."""

    def _prepare(self) -> None:
        """Make the tensors that all updates share."""

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        raise NotImplementedError

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        raise NotImplementedError

    def _resource_apply_dense(self, grad: Any, handle: Any) -> Any:
        raise NotImplementedError

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        raise NotImplementedError

    def _apply_sparse_duplicate_indices(self, grad: Any, var: Any) -> Any:
        """Slices with the sum of those that name one row."""
        values, indices = self._deduplicated(grad.values, grad.indices)
        return self._apply_sparse(IndexedSlices(values, indices, grad.dense_shape), var)

    def _resource_apply_sparse_duplicate_indices(self, grad: Any, handle: Any, indices: Any) -> Any:
        values, rows = self._deduplicated(grad, indices)
        return self._resource_apply_sparse(values, handle, rows)

    def _deduplicated(self, values: Any, indices: Any) -> tuple[Tensor, Tensor]:
        unique, positions = raw.Unique(indices)
        count = raw.Shape(unique)[0]
        return raw.UnsortedSegmentSum(values, positions, count), unique

    def _finish(self, update_ops: Any, name_scope: str) -> Any:
        """The op that has run when all updates have."""
        return group(*update_ops, name=name_scope)

    def _call_if_callable(self, param: Any) -> Any:
        return param() if callable(param) else param

    def _assert_valid_dtypes(self, tensors: Any) -> None:
        valid = self._valid_dtypes()
        for t in tensors:
            dtype = t.dtype.base_dtype
            if dtype not in valid:
                names = [d.name for d in sorted(valid, key=lambda d: d.as_datatype_enum)]
                raise ValueError(f"Invalid type {dtype!r} for {t.name}, expected: {names}.")


def _key(var: Any) -> Any:
    return var.op


def _target(var: Any) -> Any:
    if isinstance(var, Variable) or hasattr(var, "handle") or isinstance(var, Tensor):
        return getattr(var, "handle", var)
    raise NotImplementedError(f"Trying to optimize unsupported type {var!r}: it is no variable")


def _flat(value: Any) -> list[Any]:
    if isinstance(value, list | tuple):
        return [v for item in value for v in _flat(item)]
    if isinstance(value, dict):
        return [v for key in sorted(value) for v in _flat(value[key])]
    return [value]


def _as_gradient(grad: Any) -> Any:
    if grad is None or isinstance(grad, IndexedSlices):
        return grad
    if isinstance(grad, Node):
        raise TypeError(f"Gradient must be a Tensor, IndexedSlices, or None: {grad}")
    try:
        return convert(grad)
    except TypeError:
        raise TypeError(
            f"Gradient must be convertible to a Tensor or IndexedSlices, or None: {grad}"
        ) from None


def _incremented(step: Any, scope: str) -> Any:
    if hasattr(step, "handle"):
        return raw.AssignAddVariableOp(step.handle, convert(1, step.dtype), name=scope)
    return raw.AssignAdd(step, 1, name=scope)


NAMESPACES = {"train": ["Optimizer"]}
