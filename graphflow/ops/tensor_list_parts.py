"""TensorList ops on several elements at once: gather, scatter, concat, split, resize."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir import raw
from graphflow.ir.dtype import DType, int32
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, UNKNOWN, TensorShape
from graphflow.ops import idioms
from graphflow.ops.variant_values import (
    TensorList,
    as_list,
    check_count,
    check_fits,
    shape_of,
    stacked,
    zeros,
)

_SIZES = "| shape_type: index = int32"


def _element_shape(handle: Tensor) -> Any:
    return raw.TensorListElementShape(handle, shape_type=int32)


class _Parts(Op, abstract=True):
    element_dtype: DType

    def infer(self, *inputs: Tensor) -> Any:
        return SCALAR


class TensorListGather(_Parts):
    """The elements at `indices`, one above the other."""

    signature = "input_handle:variant, indices:int32, element_shape:int32 -> values:element_dtype"

    def infer(self, *inputs: Tensor) -> Any:
        return UNKNOWN

    def reference(self, handle: Any, indices: Any, element_shape: Any) -> Any:
        elements = as_list(handle, self.element_dtype)
        return stacked(elements, element_shape, indices.ravel().tolist())

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        handle, indices, _ = n.inputs
        size = raw.TensorListLength(handle)
        places = raw.TensorListReserve(
            _element_shape(handle), size, element_dtype=self.element_dtype
        )
        made = raw.TensorListScatterIntoExistingList(
            places, g, indices, element_dtype=self.element_dtype
        )
        return [made, None, None]


def _scattered(elements: TensorList, tensor: Any, indices: Any) -> TensorList:
    places = list(elements)
    if len(tensor) != len(indices):
        raise InvalidArgumentError(
            message=f"Invalid number of rows in input tensor. Expected: {len(indices)} Actual: {len(tensor)}"
        )
    for index, row in zip(indices.ravel().tolist(), tensor, strict=True):
        if index < 0:
            raise InvalidArgumentError(
                message=f"Indices in TensorListScatter must all be non-negative, not {index}"
            )
        if index >= len(places):
            places.extend([None] * (check_count(index + 1) - len(places)))
        places[index] = check_fits(elements, np.asarray(row))
    return elements.holding(places)


class TensorListScatter(_Parts):
    """A list with the rows of a tensor at `indices`."""

    signature = f"tensor:element_dtype, indices:int32, element_shape:shape_type -> output_handle:variant {_SIZES}"

    def reference(self, tensor: Any, indices: Any, element_shape: Any) -> Any:
        empty = TensorList([], self.element_dtype, shape_of(element_shape))
        return _scattered(empty, tensor, indices)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        tensor, indices = n.inputs[:2]
        rows = raw.TensorListGather(
            g, indices, idioms.shape(tensor)[1:], element_dtype=self.element_dtype
        )
        return [rows, *[None] * (len(n.inputs) - 1)]


class TensorListScatterV2(TensorListScatter):
    """A list of `num_elements` places, or as many as needed, with the rows of a tensor at `indices`."""

    signature = (
        "tensor:element_dtype, indices:int32, element_shape:shape_type, num_elements:int32 "
        f"-> output_handle:variant {_SIZES}"
    )

    def reference(self, tensor: Any, indices: Any, element_shape: Any, count: Any = -1) -> Any:
        empty = TensorList([], self.element_dtype, shape_of(element_shape))
        if int(count) < 0:
            return _scattered(empty, tensor, indices)
        if indices.size and indices.max() >= int(count):
            raise InvalidArgumentError(
                message=f"TensorListScatter: Trying to scatter at index {indices.max()} in list with size {int(count)}"
            )
        places = empty.holding([None] * check_count(int(count)))
        return _scattered(places, tensor, indices)


class TensorListScatterIntoExistingList(_Parts):
    """The list with the rows of a tensor at `indices`."""

    signature = "input_handle:variant, tensor:element_dtype, indices:int32 -> output_handle:variant"

    def reference(self, handle: Any, tensor: Any, indices: Any) -> Any:
        return _scattered(as_list(handle, self.element_dtype), tensor, indices)

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        _, tensor, indices = n.inputs
        rows = raw.TensorListGather(
            g, indices, idioms.shape(tensor)[1:], element_dtype=self.element_dtype
        )
        rest = raw.TensorListScatterIntoExistingList(
            g, idioms.zeros_like(tensor), indices, element_dtype=self.element_dtype
        )
        return [rest, rows, None]


class TensorListConcatV2(_Parts):
    """The elements one after the other along their first axis, and how long each is."""

    signature = (
        "input_handle:variant, element_shape:shape_type, leading_dims:int64 "
        f"-> tensor:element_dtype, lengths:int64 {_SIZES}"
    )
    takes_none = True

    def infer(self, *inputs: Tensor) -> Any:
        return UNKNOWN, TensorShape([None])

    def reference(self, handle: Any, element_shape: Any, leading: Any) -> Any:
        return _concatenated(as_list(handle, self.element_dtype), element_shape, leading.tolist())

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        if grads[0] is None:
            return [None] * len(n.inputs)
        parts = raw.TensorListSplit(
            grads[0],
            _element_shape(n.inputs[0]),
            n.outputs[1],
            element_dtype=self.element_dtype,
        )
        return [parts, *[None] * (len(n.inputs) - 1)]


class TensorListConcat(TensorListConcatV2):
    """The elements one after the other along their first axis, and how long each is."""

    signature = "input_handle:variant -> tensor:element_dtype, lengths:int64"
    element_shape: TensorShape = UNKNOWN

    def reference(self, handle: Any, *_: Any) -> Any:
        shape = self.element_shape
        sizes: Any = (
            -1 if shape.known is None else [-1 if s is None else s for s in shape.as_list()]
        )
        return _concatenated(as_list(handle, self.element_dtype), np.array(sizes), [])


def _concatenated(elements: TensorList, element_shape: Any, leading: Sequence[int]) -> Any:
    rest = [shape_of(element_shape), elements.element_shape]
    wanted = next((s for s in rest if s.known is not None), UNKNOWN)
    tail = wanted[1:] if wanted.known else UNKNOWN
    parts = []
    for k, element in enumerate(elements):
        if element is None:
            length = leading[k] if k < len(leading) else wanted[0].value if wanted.known else None
            if length is None or not tail.is_static:
                raise InvalidArgumentError(
                    message=f"Trying to concat list with an uninitialized element {k} of unknown shape"
                )
            element = zeros((length, *tail.as_tuple()), elements.element_dtype)
        if element.ndim == 0:
            raise InvalidArgumentError(
                message="Concat requires elements to be at least vectors, found scalars"
            )
        parts.append(element)
    if not parts:
        if not tail.is_static:
            raise InvalidArgumentError(
                message="All except the first dimension must be fully defined when concating an empty tensor list. "
                f"element_shape: {wanted}"
            )
        parts.append(zeros((0, *tail.as_tuple()), elements.element_dtype))
        return parts[0], np.zeros(0, np.int64)
    return np.concatenate(parts), np.array([len(p) for p in parts], np.int64)


class TensorListSplit(_Parts):
    """The parts of a tensor, of the given lengths, as a list."""

    signature = (
        "tensor:element_dtype, element_shape:shape_type, lengths:int64 "
        f"-> output_handle:variant {_SIZES}"
    )

    def reference(self, tensor: Any, element_shape: Any, lengths: Any) -> Any:
        if tensor.ndim == 0 or lengths.sum() != len(tensor) or (lengths < 0).any():
            raise InvalidArgumentError(
                message=f"Split requires lengths that sum to the first size of the tensor of shape {list(tensor.shape)}, "
                f"got {lengths.tolist()}"
            )
        empty = TensorList([], self.element_dtype, shape_of(element_shape))
        parts = np.split(tensor, np.cumsum(lengths)[:-1]) if len(lengths) else []
        return empty.holding([check_fits(empty, part) for part in parts])

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        tensor, _, lengths = n.inputs
        shape = raw.ConcatV2([[-1], idioms.shape(tensor)[1:]], 0)
        whole = raw.TensorListConcatV2(g, shape, lengths, element_dtype=self.element_dtype)[0]
        return [whole, None, None]


class TensorListResize(Op):
    """The list shortened, or lengthened by empty places."""

    signature = "input_handle:variant, size:int32 -> output_handle:variant"
    stateful = True

    def infer(self, handle: Tensor, size: Tensor) -> Any:
        return SCALAR

    def reference(self, handle: Any, size: Any) -> Any:
        count = check_count(int(size))
        places = [*handle[:count], *[None] * (count - len(handle))]
        return handle.holding(places) if isinstance(handle, TensorList) else places

    def gradient(self, n: Node, g: Tensor | None) -> Sequence[Tensor | None]:
        return [raw.TensorListResize(g, raw.TensorListLength(n.inputs[0])), None]


class TensorListConcatLists(_Parts):
    """The elements of one list and then those of another."""

    signature = "input_a:variant, input_b:variant -> output:variant"
    differentiable = False

    def reference(self, a: Any, b: Any) -> Any:
        first = as_list(a, self.element_dtype)
        return first.holding([*first, *as_list(b, self.element_dtype)])
