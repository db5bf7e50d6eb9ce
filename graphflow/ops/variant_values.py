"""What a variant holds: a TensorList, which is never changed and may have empty places, or an Optional."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType
from graphflow.ir.shape import UNKNOWN, TensorShape

#: longer lists would be a mistake, not data
LIMIT = 1 << 28


class TensorList(list[Any]):
    """Elements of one type; None is a place that nothing was put in yet."""

    __slots__ = ("element_dtype", "element_shape", "most")

    def __init__(
        self,
        elements: Iterable[Any],
        element_dtype: DType,
        element_shape: TensorShape = UNKNOWN,
        most: int = -1,
    ) -> None:
        super().__init__(elements)
        self.element_dtype, self.element_shape, self.most = element_dtype, element_shape, most

    def holding(self, elements: Iterable[Any]) -> TensorList:
        """A list like this one, of other elements."""
        return TensorList(elements, self.element_dtype, self.element_shape, self.most)


@dataclass(frozen=True, eq=False)
class Optional:
    """Several values together, or none of them."""

    components: tuple[Any, ...] | None


def zeros_like(value: Any) -> Any:
    """Zeros for an array, and for every array in a list or an Optional; an empty place stays one."""
    if value is None:
        return None
    if isinstance(value, Optional):
        return Optional(value.components and tuple(map(zeros_like, value.components)))
    if isinstance(value, list):
        found = [zeros_like(v) for v in value]
        return value.holding(found) if isinstance(value, TensorList) else found
    return np.zeros_like(value)


def added(values: Sequence[Any]) -> Any:
    """The sum of arrays; of lists and Optionals, element by element."""
    there = [v for v in values if v is not None]
    if not there:
        return None
    first = there[0]
    if isinstance(first, Optional):
        together = zip(*(v.components for v in there if v.components), strict=True)
        return Optional(tuple(map(added, together)) or None)
    if isinstance(first, list):
        if any(len(v) != len(first) for v in there):
            raise InvalidArgumentError(
                message=f"Trying to add two lists of tensors with different lengths: {[len(v) for v in there]}"
            )
        found = [added(together) for together in zip(*there, strict=True)]
        return first.holding(found) if isinstance(first, TensorList) else found
    total = first
    with np.errstate(all="ignore"):
        for value in there[1:]:
            total = np.asarray(total + value)
    return total


def as_list(value: Any, dtype: DType) -> TensorList:
    """The list that a value is; gradients of lists that nobody used are plain ones."""
    found = value if isinstance(value, TensorList) else TensorList(value, dtype)
    if found.element_dtype is not dtype:
        raise InvalidArgumentError(
            message=f"Invalid data types; op elements {dtype.name} but list elements {found.element_dtype.name}"
        )
    return found


def shape_of(value: Any) -> TensorShape:
    """The shape that an element_shape input spells: -1 alone for any, -1 among others for any size."""
    array = np.asarray(value)
    if array.ndim == 0:
        if array != -1:
            raise InvalidArgumentError(
                message=f"The only valid scalar shape tensor is the fully unknown shape specified as -1, not {array}"
            )
        return UNKNOWN
    sizes = array.tolist()
    if any(s < -1 for s in sizes):
        raise InvalidArgumentError(message=f"an element shape with negative sizes: {sizes}")
    return TensorShape([None if s == -1 else s for s in sizes])


def check_count(count: int) -> int:
    """`count`, if a list may be so long."""
    if not 0 <= count <= LIMIT:
        raise InvalidArgumentError(
            message=f"The num_elements to reserve must be a non negative number, at most {LIMIT}, but got {count}"
        )
    return count


def merged(elements: TensorList, wanted: Any) -> TensorShape:
    """The shape of an element as the list, its elements and the op know it."""
    shape = elements.element_shape
    try:
        shape = shape.merge_with(shape_of(wanted))
        for element in elements:
            if hasattr(element, "shape"):
                shape = shape.merge_with(TensorShape(element.shape))
    except ValueError as error:
        raise InvalidArgumentError(
            message=f"Incompatible shapes of the list's elements: {error}"
        ) from None
    return shape


def empty_place(elements: TensorList, wanted: Any) -> Any:
    """What is read from a place that nothing was put in: zeros."""
    if elements.element_dtype.name == "variant":
        return TensorList([], elements.element_dtype)
    shape = merged(elements, wanted)
    if not shape.is_static:
        raise InvalidArgumentError(
            message="Trying to read an uninitialized tensor but element_shape is not fully defined: "
            f"{shape}. Possible shapes are those of the other elements."
        )
    return zeros(shape.as_tuple(), elements.element_dtype)


def zeros(shape: Sequence[int], dtype: DType) -> Any:
    """Zeros, or empty texts."""
    return np.full(shape, b"" if dtype.kind == "s" else 0, dtype.numpy)


def check_fits(elements: TensorList, item: Any) -> Any:
    """`item`, if it may be an element of the list."""
    shape = getattr(item, "shape", None)
    if shape is not None and not elements.element_shape.is_compatible_with(shape):
        raise InvalidArgumentError(
            message=f"Tried to append a tensor with incompatible shape to a list. Op element shape: {list(shape)} "
            f"list shape: {elements.element_shape}"
        )
    return item


def stacked(elements: TensorList, wanted: Any, rows: Iterable[int] | None = None) -> Any:
    """The elements, or those at the given places, one above the other."""
    places = range(len(elements)) if rows is None else list(rows)
    for place in places:
        if not 0 <= place < len(elements):
            raise InvalidArgumentError(
                message=f"Trying to gather element {place} in a list with {len(elements)} elements."
            )
    shape = merged(elements, wanted)
    if not shape.is_static:
        if all(elements[i] is None for i in places):
            raise InvalidArgumentError(
                message=f"Tried to stack elements of an empty list with non-fully-defined element_shape: {shape}"
            )
        raise InvalidArgumentError(
            message=f"Tried to stack elements whose shape is not fully defined: {shape}"
        )
    sizes, dtype = shape.as_tuple(), elements.element_dtype
    found = zeros((len(places), *sizes), dtype)
    for k, place in enumerate(places):
        if elements[place] is not None:
            found[k] = elements[place]
    return found
