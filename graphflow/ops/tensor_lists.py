"""TensorList ops: lists as values, which control flow of TensorFlow 2 carries instead of TensorArrays."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir import raw
from graphflow.ir.dtype import DType, int32
from graphflow.ir.known import known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, UNKNOWN, TensorShape
from graphflow.ops import idioms
from graphflow.ops.variant_values import (
    TensorList,
    as_list,
    check_count,
    check_fits,
    empty_place,
    shape_of,
    stacked,
)

_SIZES = "| shape_type: index = int32"


class _List(Op, abstract=True):
    """An op that gives a list."""

    element_dtype: DType

    def infer(self, *inputs: Any) -> Any:
        return SCALAR


class EmptyTensorList(_List):
    """A list of no elements, which takes at most `max_num_elements`."""

    signature = f"element_shape:shape_type, max_num_elements:int32 -> handle:variant {_SIZES}"
    differentiable = False

    def reference(self, element_shape: Any, most: Any) -> Any:
        return TensorList([], self.element_dtype, shape_of(element_shape), int(most))


class TensorListReserve(_List):
    """A list of empty places."""

    signature = f"element_shape:shape_type, num_elements:int32 -> handle:variant {_SIZES}"
    differentiable = False

    def reference(self, element_shape: Any, count: Any) -> Any:
        places = [None] * check_count(int(count))
        return TensorList(places, self.element_dtype, shape_of(element_shape))


class TensorListPushBack(_List):
    """The list with one more element."""

    signature = "input_handle:variant, tensor:element_dtype -> output_handle:variant"

    def reference(self, handle: Any, item: Any) -> Any:
        elements = as_list(handle, self.element_dtype)
        if 0 <= elements.most <= len(elements):
            raise InvalidArgumentError(
                message=f"Tried to push item into a full list list size: {len(elements)} max_num_elements: {elements.most}"
            )
        return elements.holding([*elements, check_fits(elements, item)])

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return raw.TensorListPopBack(g, idioms.shape(n.inputs[1]), element_dtype=self.element_dtype)


class TensorListPopBack(Op):
    """The list without its last element, and that element."""

    signature = (
        "input_handle:variant, element_shape:int32 -> output_handle:variant, tensor:element_dtype"
    )
    takes_none = True
    element_dtype: DType

    def infer(self, handle: Tensor, element_shape: Tensor) -> Any:
        return SCALAR, _known_shape(element_shape)

    def reference(self, handle: Any, element_shape: Any) -> Any:
        elements = as_list(handle, self.element_dtype)
        if not elements:
            raise InvalidArgumentError(message="Trying to pop from an empty list.")
        last = elements[-1]
        if last is None:
            last = empty_place(elements, element_shape)
        return elements.holding(elements[:-1]), last

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        rest, last = grads
        if rest is None:
            rest = raw.ListZerosLike(n.outputs[0])
        if last is None:
            last = idioms.zeros_like(n.outputs[1])
        return [raw.TensorListPushBack(rest, last, element_dtype=self.element_dtype), None]


class TensorListGetItem(Op):
    """Element `index`."""

    signature = "input_handle:variant, index:int32, element_shape:int32 -> item:element_dtype"
    element_dtype: DType

    def infer(self, handle: Tensor, index: Tensor, element_shape: Tensor) -> Any:
        return _known_shape(element_shape)

    def reference(self, handle: Any, index: Any, element_shape: Any) -> Any:
        elements, place = as_list(handle, self.element_dtype), int(index)
        if not 0 <= place < len(elements):
            raise InvalidArgumentError(
                message=f"Trying to access element {place} in a list with {len(elements)} elements."
            )
        found = elements[place]
        return empty_place(elements, element_shape) if found is None else found

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        size = raw.TensorListLength(n.inputs[0])
        shape = raw.TensorListElementShape(n.inputs[0], shape_type=int32)
        places = raw.TensorListReserve(shape, size, element_dtype=self.element_dtype)
        made = raw.TensorListSetItem(places, n.inputs[1], g, element_dtype=self.element_dtype)
        return [made, None, None]


class TensorListSetItem(_List):
    """The list with another element `index`."""

    signature = "input_handle:variant, index:int32, item:element_dtype -> output_handle:variant"

    def reference(self, handle: Any, index: Any, item: Any) -> Any:
        elements, place = as_list(handle, self.element_dtype), int(index)
        if not 0 <= place < len(elements):
            raise InvalidArgumentError(
                message=f"Trying to modify element {place} in a list with {len(elements)} elements."
            )
        check_fits(elements, item)
        return elements.holding([*elements[:place], item, *elements[place + 1 :]])

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        _, index, item = n.inputs
        rest = raw.TensorListSetItem(
            g, index, idioms.zeros_like(item), element_dtype=self.element_dtype
        )
        own = raw.TensorListGetItem(g, index, idioms.shape(item), element_dtype=self.element_dtype)
        return [rest, None, own]


class TensorListFromTensor(_List):
    """The rows of a tensor as a list."""

    signature = f"tensor:element_dtype, element_shape:shape_type -> output_handle:variant {_SIZES}"

    def infer(self, x: Tensor, element_shape: Tensor) -> Any:
        x.shape.with_rank_at_least(1)
        return SCALAR

    def reference(self, x: Any, element_shape: Any) -> Any:
        elements = TensorList([], self.element_dtype, shape_of(element_shape))
        return elements.holding([check_fits(elements, np.asarray(row)) for row in x])

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        x = n.inputs[0]
        rows = x.shape[0].value if x.shape.known else None
        shape = idioms.shape(x)[1:]
        whole = raw.TensorListStack(
            g, shape, element_dtype=self.element_dtype, num_elements=-1 if rows is None else rows
        )
        return [whole, None]


class TensorListStack(Op):
    """The elements, one above the other."""

    signature = "input_handle:variant, element_shape:int32 -> tensor:element_dtype"
    element_dtype: DType
    num_elements: int = -1

    def infer(self, handle: Tensor, element_shape: Tensor) -> Any:
        rows = TensorShape([None if self.num_elements < 0 else self.num_elements])
        return rows.concatenate(_known_shape(element_shape))

    def reference(self, handle: Any, element_shape: Any) -> Any:
        elements = as_list(handle, self.element_dtype)
        if self.num_elements >= 0 and len(elements) != self.num_elements:
            raise InvalidArgumentError(
                message=f"Operation expected a list with {self.num_elements} elements but got a list with "
                f"{len(elements)} elements."
            )
        return stacked(elements, element_shape)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        shape = idioms.shape(g)[1:]
        return [raw.TensorListFromTensor(g, shape, element_dtype=self.element_dtype), None]


class TensorListLength(Op):
    """The number of elements."""

    signature = "input_handle:variant -> length:int32"
    differentiable = False

    def infer(self, handle: Tensor) -> Any:
        return SCALAR

    def reference(self, handle: Any) -> Any:
        return np.int32(len(handle))


class TensorListElementShape(Op):
    """The shape that all elements have, -1 for sizes that may differ, or -1 alone."""

    signature = "input_handle:variant -> element_shape:shape_type"
    differentiable = False
    shape_type: DType

    def reference(self, handle: Any) -> Any:
        shape = handle.element_shape if isinstance(handle, TensorList) else UNKNOWN
        sizes: Any = (
            -1 if shape.known is None else [-1 if s is None else s for s in shape.as_list()]
        )
        return np.array(sizes, self.shape_type.numpy)


def _known_shape(element_shape: Tensor) -> TensorShape:
    """The shape of an element, as far as it can be known at build time."""
    return UNKNOWN if element_shape.shape.rank == 0 else known_shape(element_shape)
