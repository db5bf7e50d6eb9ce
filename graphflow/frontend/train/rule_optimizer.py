"""Optimisers whose step is one of the Apply ops: they say their numbers, their slots, and the rule."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.train.optimizer import Optimizer
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.training import FAMILIES


class RuleOptimizer(Optimizer):
    """An optimiser whose step is one of TensorFlow's Apply ops."""

    #: the name of the rule in graphflow.ops.training.FAMILIES
    rule: str
    #: input of the op -> (attribute of this optimiser, name of its tensor), in the order they are made
    hyper: dict[str, tuple[str, str]]
    #: input of the op -> name of the slot
    slots: dict[str, str] = {}  # noqa: RUF012  a constant of the class
    options: dict[str, Any]

    def _prepare(self) -> None:
        self._tensors: dict[str, Tensor] = {}
        for key, (attribute, name) in self.hyper.items():
            self._tensors[key] = convert(
                self._call_if_callable(getattr(self, attribute)), name=name
            )
        self.__dict__["_learning_rate_tensor"] = next(iter(self._tensors.values()))

    def _inputs(self, var: Any, order: str, given: dict[str, Any]) -> list[Any]:
        """The inputs of the op in its order: slots, then hyper-parameters in the type of the variable."""
        family = FAMILIES[self.rule]
        names = [*family.slots.split(), *order.split()]
        inputs = []
        for name in names:
            if name in self.slots:
                inputs.append(self.get_slot(var, self.slots[name]))
            elif name in given:
                inputs.append(given[name])
            else:
                inputs.append(idioms.cast(self._tensors[name], var.dtype.base_dtype))
        return inputs

    def _attributes(self) -> dict[str, Any]:
        return {"use_locking": self._use_locking} | getattr(self, "options", {})

    def _apply_dense(self, grad: Any, var: Any) -> Any:
        inputs = self._inputs(var, FAMILIES[self.rule].dense, {"grad": grad, "delta": grad})
        return getattr(raw, "Apply" + self.rule)(var, *inputs, **self._attributes()).op

    def _apply_sparse(self, grad: Any, var: Any) -> Any:
        given = {"grad": grad.values, "delta": grad.values, "indices": grad.indices}
        inputs = self._inputs(var, FAMILIES[self.rule].sparse, given)
        return getattr(raw, "SparseApply" + self.rule)(var, *inputs, **self._attributes()).op

    def _handles(self, inputs: list[Any]) -> list[Any]:
        """The inputs with the handles of the slots, which come first; other variables are read."""
        slots = len(FAMILIES[self.rule].slots.split())
        return [i.handle for i in inputs[:slots]] + inputs[slots:]

    def _resource_apply_dense(self, grad: Any, handle: Any) -> Any:
        inputs = self._inputs(handle, FAMILIES[self.rule].dense, {"grad": grad, "delta": grad})
        return getattr(raw, "ResourceApply" + self.rule)(
            handle.handle, *self._handles(inputs), **self._attributes()
        )

    def _resource_apply_sparse(self, grad: Any, handle: Any, indices: Any) -> Any:
        given = {"grad": grad, "delta": grad, "indices": indices}
        inputs = self._inputs(handle, FAMILIES[self.rule].sparse, given)
        return getattr(raw, "ResourceSparseApply" + self.rule)(
            handle.handle, *self._handles(inputs), **self._attributes()
        )
