"""Python's operators on tensors and on what stands for one.

The table is filled by graphflow.ops.operators, which knows the ops; here are only the spellings.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

#: operator -> the function of (x, y), of (x), or of (x, key) for `getitem`
TABLE: dict[str, Callable[..., Any]] = {}


class Operators:
    """The operator methods of Tensor and Variable."""

    __slots__ = ()

    def __add__(self, other: Any) -> Any:
        return TABLE["add"](self, other)

    def __radd__(self, other: Any) -> Any:
        return TABLE["add"](other, self)

    def __sub__(self, other: Any) -> Any:
        return TABLE["sub"](self, other)

    def __rsub__(self, other: Any) -> Any:
        return TABLE["sub"](other, self)

    def __mul__(self, other: Any) -> Any:
        return TABLE["mul"](self, other)

    def __rmul__(self, other: Any) -> Any:
        return TABLE["mul"](other, self)

    def __truediv__(self, other: Any) -> Any:
        return TABLE["truediv"](self, other)

    def __rtruediv__(self, other: Any) -> Any:
        return TABLE["truediv"](other, self)

    def __div__(self, other: Any) -> Any:
        return TABLE["div"](self, other)

    def __rdiv__(self, other: Any) -> Any:
        return TABLE["div"](other, self)

    def __floordiv__(self, other: Any) -> Any:
        return TABLE["floordiv"](self, other)

    def __rfloordiv__(self, other: Any) -> Any:
        return TABLE["floordiv"](other, self)

    def __mod__(self, other: Any) -> Any:
        return TABLE["mod"](self, other)

    def __rmod__(self, other: Any) -> Any:
        return TABLE["mod"](other, self)

    def __pow__(self, other: Any) -> Any:
        return TABLE["pow"](self, other)

    def __rpow__(self, other: Any) -> Any:
        return TABLE["pow"](other, self)

    def __matmul__(self, other: Any) -> Any:
        return TABLE["matmul"](self, other)

    def __rmatmul__(self, other: Any) -> Any:
        return TABLE["matmul"](other, self)

    def __and__(self, other: Any) -> Any:
        return TABLE["and"](self, other)

    def __rand__(self, other: Any) -> Any:
        return TABLE["and"](other, self)

    def __or__(self, other: Any) -> Any:
        return TABLE["or"](self, other)

    def __ror__(self, other: Any) -> Any:
        return TABLE["or"](other, self)

    def __xor__(self, other: Any) -> Any:
        return TABLE["xor"](self, other)

    def __rxor__(self, other: Any) -> Any:
        return TABLE["xor"](other, self)

    def __lt__(self, other: Any) -> Any:
        return TABLE["Less"](self, other)

    def __le__(self, other: Any) -> Any:
        return TABLE["LessEqual"](self, other)

    def __gt__(self, other: Any) -> Any:
        return TABLE["Greater"](self, other)

    def __ge__(self, other: Any) -> Any:
        return TABLE["GreaterEqual"](self, other)

    def __neg__(self) -> Any:
        return TABLE["Neg"](self)

    def __abs__(self) -> Any:
        return TABLE["Abs"](self)

    def __invert__(self) -> Any:
        return TABLE["LogicalNot"](self)

    def __getitem__(self, key: Any) -> Any:
        return TABLE["getitem"](self, key)
