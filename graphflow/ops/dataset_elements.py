"""What a dataset is while a graph runs: elements, tuples of arrays, that come anew each time it is gone through.

An iteration outlives an error: what one element raised, the next one does not feel. Generators end with the first
exception, so the steps of a pipeline are functions that give the next element or raise StopIteration.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape

Element = tuple[Any, ...]


class Steps:
    """An iteration made of a function that gives the next element or raises StopIteration."""

    __slots__ = ("_step",)

    def __init__(self, step: Callable[[], Element]) -> None:
        self._step = step

    def __iter__(self) -> Steps:
        return self

    def __next__(self) -> Element:
        return self._step()


class Elements:
    """A dataset: the datasets that it is made of, and how an iteration over it begins."""

    def __init__(
        self, begin: Callable[..., Iterator[Element]], sources: Sequence[Elements] = ()
    ) -> None:
        self.begin = begin
        self.sources = tuple(sources)

    def __iter__(self) -> Iterator[Element]:
        return self.begin(*self.sources)

    def with_sources(self, sources: Sequence[Elements]) -> Elements:
        """The same dataset over other ones; what it remembers is shared."""
        made = object.__new__(type(self))
        made.__dict__.update(self.__dict__, sources=tuple(sources))
        return made


class DatasetOp(Op, abstract=True):
    """An op that gives a dataset. It counts as stateful: datasets remember, so one is never another's copy."""

    stateful = True
    differentiable = False

    def infer(self, *inputs: Any) -> Any:
        return SCALAR


class TypedDatasetOp(DatasetOp, abstract=True):
    """A dataset op that declares the types and shapes of the elements."""

    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]


def number(value: Any) -> int:
    """A scalar input as an int."""
    if np.ndim(value):
        raise InvalidArgumentError(message=f"a scalar is wanted, not {np.shape(value)}")
    return int(value)


def text(value: Any) -> str:
    """A string input as a str."""
    found = value[()] if isinstance(value, np.ndarray) else value
    return found.decode("utf-8", "surrogateescape") if isinstance(found, bytes) else str(found)


def positive(value: Any, name: str) -> int:
    """A scalar input that must be greater than zero."""
    found = number(value)
    if found <= 0:
        raise InvalidArgumentError(message=f"{name} must be greater than zero.")
    return found


def stacked(elements: Sequence[Element]) -> Element:
    """Elements as one: each component is the array of what they have for it."""
    return tuple(_stacked_component(i, values) for i, values in enumerate(zip(*elements)))  # noqa: B905  # all as long


def _stacked_component(number_of: int, values: Sequence[Any]) -> Any:
    first = values[0]
    if not isinstance(first, np.ndarray):
        return objects(values)
    for i, value in enumerate(values):
        if value.shape != first.shape:
            raise InvalidArgumentError(
                message=f"Cannot batch tensors with different shapes in component {number_of}. "
                f"First element had shape {list(first.shape)} and element {i} had shape {list(value.shape)}."
            )
    return np.stack(values)


def objects(values: Sequence[Any]) -> Any:
    """Several variants as an array of them."""
    found = np.empty(len(values), object)
    for i, value in enumerate(values):
        found[i] = value
    return found


def component(value: Any, index: int) -> Any:
    """One of the rows of a component: an array, or a variant by itself."""
    row = value[index, ...]
    plain = isinstance(row, np.ndarray) and row.ndim == 0 and row.dtype == object
    return row[()] if plain and not isinstance(row[()], bytes) else row
