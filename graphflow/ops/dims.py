"""Arithmetic on shapes whose sizes may be symbols, and on axes."""

from __future__ import annotations

import math
from collections import Counter
from typing import Any

import numpy as np

from graphflow.ir.known import LIMIT, constant_value, known_value
from graphflow.ir.node import Tensor
from graphflow.ir.shape import Dim, Symbol, TensorShape, as_dim


def refusal(what: str, hint: str) -> ValueError:
    """What does not fit, and what usually helps: the builder adds the op, the line and the operands."""
    error = ValueError(what)
    error.hint = hint  # type: ignore[attr-defined]  # the builder looks for it
    return error


def objects(values: Any) -> np.ndarray[Any, Any]:
    """A vector whose entries may be Symbols."""
    values = list(values)
    out = np.empty(len(values), object)
    out[:] = values
    return out


def factors(dims: tuple[Dim, ...] | None) -> tuple[int, Counter[Symbol] | None]:
    """The product of the known sizes, and the symbols that multiply it; 0 where a size is 0."""
    if dims is None:
        return 1, None
    rest = math.prod(d for d in dims if isinstance(d, int))
    return rest, Counter(d for d in dims if isinstance(d, Symbol))


def is_blank(value: Any) -> bool:
    """Whether an entry of a shape says -1: whatever is left."""
    return not isinstance(value, Symbol) and (value is None or value == -1)


def constant_axis(axis: Tensor, rank: int | None) -> int | None:
    """The axis as a number from 0 on, where both it and the rank are known."""
    value = constant_value(axis)
    if value is None:
        return None
    if value.size != 1:
        raise ValueError(f"the axis must be one number, it has {value.size} values")
    return normal_axis(int(value.ravel()[0]), rank)


def normal_axis(axis: int, rank: int | None) -> int | None:
    """The axis counted from the front; None where it counts from the back of an unknown rank."""
    if rank is None:
        return axis if axis >= 0 else None
    return axis_within(axis, rank)


def axis_within(axis: Any, rank: int) -> int:
    """The axis counted from the front, or ValueError."""
    if not -rank <= axis < rank:
        raise ValueError(f"Expected an axis in the range [{-rank}, {rank}), got {axis}")
    return int(axis) % rank


def known_entries(x: Tensor, shape: TensorShape | None = None) -> np.ndarray[Any, Any] | None:
    """The value of x, a new Symbol for each whole number in it that is not known before the run.

    `shape` is the shape of x where others tell more of it than x itself does.
    """
    value = known_value(x)
    shape = x.shape if shape is None else shape
    count = shape.num_elements()
    if value is not None or count is None or count > LIMIT or not x.dtype.is_integer:
        return value
    return objects(Symbol() for _ in range(count)).reshape(shape.as_tuple())


def total(sizes: list[Dim]) -> Dim:
    """The sum of sizes: a number, the one symbol that is left, or a new symbol."""
    known = sum(s for s in sizes if isinstance(s, int))
    symbols = [s for s in sizes if isinstance(s, Symbol)]
    if not symbols:
        return known
    return symbols[0] if len(symbols) == 1 and known == 0 else Symbol()


def product(size: Dim, factor: Any) -> Dim:
    """A size times a factor, either of which may be a symbol."""
    if isinstance(size, int) and isinstance(factor, int | np.integer):
        return size * int(factor)
    for one, other in ((size, factor), (factor, size)):
        if isinstance(one, int | np.integer) and one in (0, 1):
            return 0 if one == 0 else as_dim(other)
    return Symbol()
