"""Variables that live within one run: TemporaryVariable and what ends it."""

from __future__ import annotations

from typing import Any

from graphflow.errors import AlreadyExistsError, NotFoundError
from graphflow.ir.dtype import DType
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape


class TemporaryVariable(Op):
    """A variable that DestroyTemporaryVariable, of the same name, ends."""

    signature = "-> ref:&dtype"
    stateful = True
    differentiable = False
    shape: TensorShape
    dtype: DType
    var_name: str = ""

    def infer(self) -> Any:
        return self.shape

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        name = self.var_name or node.name
        living = run.scratch.setdefault("temporary variables", {})
        if name in living:
            raise AlreadyExistsError(message=f"the temporary variable {name!r} exists already")
        living[name] = run.temporary(name, node)
        return living[name]


class DestroyTemporaryVariable(Op):
    """The last value of a temporary variable, which is gone afterwards."""

    signature = "ref:&T -> value:T"
    differentiable = False
    writes = ("ref",)
    var_name: str

    def infer(self, ref: Tensor) -> Any:
        return ref.shape

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        ref = run.scratch.get("temporary variables", {}).pop(self.var_name, None)
        if ref is None:
            raise NotFoundError(message=f"there is no temporary variable {self.var_name!r}")
        value = run.variable(inputs[0])
        run.forget(ref)
        return value
