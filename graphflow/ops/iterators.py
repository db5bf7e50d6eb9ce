"""Iterators over datasets: each session has its own place in the elements."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from graphflow.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    NotFoundError,
    OutOfRangeError,
)
from graphflow.ir.dtype import DType
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape
from graphflow.ops.dataset_elements import Element, Elements
from graphflow.ops.session_resources import behind, session_resource
from graphflow.ops.variant_values import Optional

_ROOM = "iterator"
_HANDLE = b"graphflow iterator "


class Place:
    """Where a session is in the elements of a dataset."""

    key: Any = None

    def __init__(self, types: Sequence[DType], shapes: Sequence[TensorShape]) -> None:
        self.types, self.shapes = tuple(types), tuple(shapes)
        self._each: Iterator[Element] | None = None
        self._lock = threading.RLock()

    def go_through(self, elements: Elements) -> None:
        """Start anew at the first element."""
        with self._lock:
            self._each = iter(elements)

    def next(self) -> Element:
        with self._lock:
            if self._each is None:
                raise FailedPreconditionError(
                    message="GetNext() failed because the iterator has not been initialized. Ensure that you "
                    "have run the initializer operation for this iterator before getting the next element."
                )
            return next(self._each)


class _Iterator(Op, abstract=True):
    stateful = True
    differentiable = False

    def infer(self, *inputs: Any) -> Any:
        return SCALAR


class IteratorV2(_Iterator):
    """An iterator, without a dataset yet."""

    signature = "-> handle:resource"
    shared_name: str
    container: str
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return session_resource(
            run, node, _ROOM, lambda name: Place(self.output_types, self.output_shapes)
        )


class OldIterator(IteratorV2):
    """An iterator, without a dataset yet."""

    type = "Iterator"


class OneShotIterator(_Iterator, kw_only=True):
    """An iterator over the dataset that `dataset_factory` makes when a session first asks."""

    signature = "-> handle:resource"
    interned = False
    calls_later = True
    dataset_factory: Graph
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]
    container: str = ""
    shared_name: str = ""

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        def begun(name: str) -> Place:
            place = Place(self.output_types, self.output_shapes)
            (dataset,) = run.function(self.dataset_factory)([])
            place.go_through(dataset)
            return place

        return session_resource(run, node, _ROOM, begun)


class MakeIterator(Op):
    """The iterator starts at the first element of the dataset."""

    signature = "dataset:variant, iterator:resource ->"
    stateful = True
    differentiable = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        dataset, iterator = inputs
        behind(iterator, Place).go_through(dataset)
        return ()


class IteratorGetNext(Op):
    """The next element; OutOfRangeError after the last one."""

    signature = "iterator:resource -> components:[output_types]"
    stateful = True
    differentiable = False
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def infer(self, iterator: Tensor) -> Any:
        return self.output_shapes

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        try:
            element = behind(inputs[0], Place).next()
        except StopIteration:
            raise OutOfRangeError(message="End of sequence") from None
        check_element(element, self.output_types, self.output_shapes)
        return list(element)


class IteratorGetNextSync(IteratorGetNext):
    """The next element; OutOfRangeError after the last one."""


class IteratorGetNextAsOptional(_Iterator):
    """The next element, or none after the last one."""

    signature = "iterator:resource -> optional:variant"
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        try:
            return Optional(tuple(behind(inputs[0], Place).next()))
        except StopIteration:
            return Optional(None)


def check_element(element: Element, types: Sequence[DType], shapes: Sequence[TensorShape]) -> None:
    """InvalidArgumentError for an element that is not what was declared."""
    if len(element) != len(types):
        raise InvalidArgumentError(
            message=f"Number of components does not match: expected {len(types)} types but got {len(element)}."
        )
    for i, (value, dtype, shape) in enumerate(zip(element, types, shapes, strict=True)):
        if not isinstance(value, np.ndarray):
            continue
        if value.dtype != dtype.numpy and dtype.kind != "o":
            raise InvalidArgumentError(
                message=f"Data type mismatch at component {i}: expected {dtype.name} but got {value.dtype}."
            )
        if not shape.is_compatible_with(value.shape) and dtype.kind != "o":
            raise InvalidArgumentError(
                message=f"Incompatible shapes at component {i}: expected {shape} but got {list(value.shape)}."
            )


class IteratorToStringHandle(_Iterator):
    """A text that stands for the iterator; it may be fed."""

    signature = "resource_handle:resource -> string_handle:string"

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        _, container, name = behind(inputs[0], Place).key
        found = np.empty((), object)
        found[()] = _HANDLE + f"{container}\n{name}".encode()
        return found


class IteratorFromStringHandleV2(_Iterator):
    """The iterator of this session that a text stands for."""

    signature = "string_handle:string -> resource_handle:resource"
    output_types: tuple[DType, ...] = ()
    output_shapes: tuple[TensorShape, ...] = ()

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        handle: bytes = inputs[0][()] if np.ndim(inputs[0]) == 0 else b""
        if not handle.startswith(_HANDLE):
            raise InvalidArgumentError(
                message="Could not parse string_handle as a valid ResourceHandle"
            )
        container, _, name = handle[len(_HANDLE) :].decode().partition("\n")
        place = run.resources.get((_ROOM, container, name))
        if place is None:
            raise NotFoundError(message=f"Resource {container}/{name} does not exist.")
        self._check(place)
        return place

    def _check(self, place: Place) -> None:
        if self.output_types and self.output_types != place.types:
            raise InvalidArgumentError(
                message=f"Expected output types {[t.name for t in self.output_types]}, the iterator has "
                f"{[t.name for t in place.types]}"
            )
        for ours, theirs in zip(self.output_shapes, place.shapes, strict=False):
            if not ours.is_compatible_with(theirs):
                raise InvalidArgumentError(
                    message=f"Expected output shapes {[str(s) for s in self.output_shapes]}, the iterator has "
                    f"{[str(s) for s in place.shapes]}"
                )


class DatasetToSingleElement(Op):
    """The only element of a dataset."""

    signature = "dataset:variant -> components:[output_types]"
    stateful = True
    differentiable = False
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def infer(self, dataset: Tensor) -> Any:
        return self.output_shapes

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        each = iter(inputs[0])
        found = next(each, None)
        if found is None:
            raise InvalidArgumentError(message="Dataset was empty.")
        if next(each, None) is not None:
            raise InvalidArgumentError(message="Dataset had more than one element.")
        return list(found)
