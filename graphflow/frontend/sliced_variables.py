"""`v[1:3].assign(x)`: parts of variables, which know where they were taken from."""

from __future__ import annotations

from typing import Any

from graphflow.ir.node import Tensor


class SlicedVariable(Tensor):
    """A part of the value of a variable, through which that part can be given another value."""

    __slots__ = ("variable",)

    variable: Any

    def assign(self, value: Any, name: str | None = None) -> Any:
        """The variable with `value` in the place of this part; the shapes must be equal."""
        begin, end, strides = self.node.inputs[1:]
        return self.variable._strided_slice_assign(
            begin,
            end,
            strides,
            value,
            self.node.name + "/_assign" if name is None else name,
            **dict(self.node.op.attrs()),
        )


def assignable(variable: Any, part: Tensor) -> Tensor:
    """`part`, just made from `variable`, with a method `assign`; what a mask picks has none."""
    node = part.node
    if node.type != "StridedSlice":
        return part
    node.out = made = SlicedVariable(node, 0, part.dtype, part.shape)
    made.variable = variable
    return made
