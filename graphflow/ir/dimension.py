"""One dimension of a shape: a size, or a symbol for a size that is unknown."""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable
from typing import Any

_numbers = itertools.count()


class Symbol:
    """An unknown dimension. Two occurrences of one symbol are the same size in every run."""

    __slots__ = ("number",)

    def __init__(self) -> None:
        self.number = next(_numbers)

    def __repr__(self) -> str:
        return f"?{self.number}"


#: A dimension as shapes store it.
Dim = int | Symbol


class Dimension:
    """One dimension as users see it: arithmetic and comparisons give None where it is unknown."""

    __slots__ = ("dim",)

    def __init__(self, value: Any) -> None:
        self.dim: Dim = as_dim(value)

    @property
    def value(self) -> int | None:
        return self.dim if isinstance(self.dim, int) else None

    def __repr__(self) -> str:
        return f"Dimension({self.value})"

    def __str__(self) -> str:
        return "?" if self.value is None else str(self.value)

    def __int__(self) -> int:
        if self.value is None:
            raise TypeError("__int__ returned non-int (type NoneType): the dimension is unknown")
        return self.value

    def __index__(self) -> int:
        return int(self)

    def __bool__(self) -> bool:
        return self.value is not None and self.value != 0

    def __hash__(self) -> int:
        return hash(self.value)

    def __eq__(self, other: object) -> Any:
        try:
            theirs = as_dim(other)
        except (TypeError, ValueError):
            return NotImplemented
        if self.dim is theirs:
            return True
        return self.dim == theirs if isinstance(self.dim, int) and isinstance(theirs, int) else None

    def __ne__(self, other: object) -> Any:
        same = self.__eq__(other)
        return same if same is NotImplemented or same is None else not same

    def is_compatible_with(self, other: Any) -> bool:
        theirs = as_dim(other)
        return isinstance(self.dim, Symbol) or isinstance(theirs, Symbol) or self.dim == theirs

    def assert_is_compatible_with(self, other: Any) -> None:
        if not self.is_compatible_with(other):
            raise ValueError(f"Dimensions {self} and {Dimension(other)} are not compatible")

    def merge_with(self, other: Any) -> Dimension:
        self.assert_is_compatible_with(other)
        return self if self.value is not None else Dimension(other)

    def _compare(self, other: Any, relation: Callable[[Any, Any], bool]) -> bool | None:
        a, b = self.value, Dimension(other).value
        return None if a is None or b is None else relation(a, b)

    def __lt__(self, other: Any) -> Any:
        return self._compare(other, operator.lt)

    def __le__(self, other: Any) -> Any:
        return self._compare(other, operator.le)

    def __gt__(self, other: Any) -> Any:
        return self._compare(other, operator.gt)

    def __ge__(self, other: Any) -> Any:
        return self._compare(other, operator.ge)

    def _arithmetic(self, other: Any, f: Callable[[int, int], int], swap: bool = False) -> Any:
        try:
            theirs = Dimension(other).value
        except (TypeError, ValueError):
            return NotImplemented
        mine = self.value
        if mine is None or theirs is None:
            return Dimension(None)
        return Dimension(f(theirs, mine) if swap else f(mine, theirs))

    def __add__(self, other: Any) -> Any:
        return self._arithmetic(other, operator.add)

    def __radd__(self, other: Any) -> Any:
        return self._arithmetic(other, operator.add, True)

    def __sub__(self, other: Any) -> Any:
        return self._arithmetic(other, operator.sub)

    def __rsub__(self, other: Any) -> Any:
        return self._arithmetic(other, operator.sub, True)

    def __mul__(self, other: Any) -> Any:
        return self._arithmetic(other, operator.mul)

    def __rmul__(self, other: Any) -> Any:
        return self._arithmetic(other, operator.mul, True)

    def __floordiv__(self, other: Any) -> Any:
        return self._arithmetic(other, operator.floordiv)

    def __rfloordiv__(self, other: Any) -> Any:
        return self._arithmetic(other, operator.floordiv, True)

    __div__ = __floordiv__

    def __truediv__(self, other: Any) -> Any:
        raise TypeError(
            f"unsupported operand type(s) for /: 'Dimension' and '{type(other).__name__}', "
            "please use // instead"
        )

    __rtruediv__ = __truediv__

    def __mod__(self, other: Any) -> Any:
        return self._arithmetic(other, operator.mod)

    def __rmod__(self, other: Any) -> Any:
        return self._arithmetic(other, operator.mod, True)

    def __reduce__(self) -> Any:
        return Dimension, (self.value,)


def as_dim(value: Any) -> Dim:
    """The stored form of a dimension that a user spelt: an int, None, a Dimension, or what is a whole number."""
    if type(value) is int:
        if value < 0:
            raise ValueError(f"Dimension {value} must be >= 0")
        return value
    if value is None:
        return Symbol()
    if isinstance(value, Symbol):
        return value
    if isinstance(value, Dimension):
        return value.dim
    if getattr(value, "size", None) == 1:
        value = value.item()  # numpy's scalars, and arrays of one number
    try:
        whole = int(value)
    except TypeError:
        raise TypeError(f"Dimension value must be an integer or None, got {value!r}") from None
    # programs divide sizes with `/`: 3.0 is a size, 3.5 is none
    if not isinstance(value, str | bytes) and whole != value:
        raise ValueError(f"Ambiguous dimension: {value}: a size is a whole number")
    return as_dim(whole)
