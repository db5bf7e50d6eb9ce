"""Values of branches that are asked for outside of their branch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.errors import InvalidArgumentError
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op


class Alive(Op):
    """x, which there only is where each condition, taken one after the other, chooses the branch that it names."""

    signature = "input:T, conditions:N*bool -> output:T"
    stateful = True
    branches: tuple[bool, ...]

    def infer(self, x: Tensor, conditions: Sequence[Tensor]) -> Any:
        return x.shape

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        x, conditions = inputs
        for tensor, condition, branch in zip(
            node.inputs[1:], conditions, self.branches, strict=True
        ):
            if bool(condition) is not branch:
                raise InvalidArgumentError(
                    message=f"'{node.name}' does not have a value: it lies in the branch that runs where "
                    f"{tensor.name} is {branch}, and it is {bool(condition)}"
                )
        return x

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [g, *[None] * len(self.branches)]
