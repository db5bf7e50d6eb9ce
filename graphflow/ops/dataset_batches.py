"""Datasets of several elements as one, and back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

import numpy as np

from graphflow.errors import DataLossError, InvalidArgumentError
from graphflow.ir.dtype import DType
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops.dataset_elements import (
    DatasetOp,
    Element,
    Elements,
    Steps,
    TypedDatasetOp,
    component,
    positive,
    stacked,
)


def gathered(each: Iterator[Element], size: int, drop: bool) -> list[Element]:
    """The next `size` elements, or the last few that there are unless they are dropped."""
    rows = list(islice(each, size))
    if not rows or (drop and len(rows) < size):
        raise StopIteration
    return rows


class Batched(Elements):
    """So many elements of another dataset at a time, stacked."""

    def __init__(self, source: Elements, size: int, drop: bool) -> None:
        super().__init__(self._begin, [source])
        self.size, self.drop = size, drop

    def _begin(self, source: Elements) -> Iterator[Element]:
        each = iter(source)
        return Steps(lambda: stacked(gathered(each, self.size, self.drop)))


class BatchDatasetV2(DatasetOp, kw_only=True):
    """`batch_size` elements after each other, stacked."""

    signature = "input_dataset:variant, batch_size:int64, drop_remainder:bool -> handle:variant"
    parallel_copy: bool = False
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def reference(self, *inputs: Any) -> Any:
        return Batched(inputs[0], positive(inputs[1], "Batch size"), bool(inputs[2]))


class _PaddedBatch(DatasetOp, abstract=True):
    """`batch_size` elements after each other, stacked, each filled up to a common shape."""

    def infer(self, *inputs: Any) -> Any:
        shapes: Sequence[Tensor] = inputs[2]
        for shape in shapes:
            shape.shape.with_rank(1)
        return super().infer()

    def padded(self, source: Any, size: Any, shapes: Any, fills: Any, drop: bool) -> Elements:
        count = positive(size, "Batch size")
        wanted = [tuple(int(d) for d in shape) for shape in shapes]

        def begin(source: Elements) -> Iterator[Element]:
            each = iter(source)

            def step() -> Element:
                columns = zip(*gathered(each, count, drop), strict=True)
                parts = zip(columns, wanted, fills, strict=True)
                return tuple(_padded(i, *part) for i, part in enumerate(parts))

            return Steps(step)

        return Elements(begin, [source])


def _padded(at: int, values: Sequence[Any], wanted: tuple[int, ...], fill: Any) -> Any:
    for value in values:
        if value.ndim != len(wanted):
            raise InvalidArgumentError(
                message="All elements in a batch must have the same rank as the padded shape for component"
                f"{at}: expected rank {len(wanted)} but got element with rank {value.ndim}"
            )
        if any(have > want for have, want in zip(value.shape, wanted, strict=True) if want >= 0):
            raise DataLossError(
                message="Attempted to pad to a smaller size than the input element."
            )
    shape = [
        want if want >= 0 else max(value.shape[i] for value in values)
        for i, want in enumerate(wanted)
    ]
    whole = np.empty((len(values), *shape), values[0].dtype)
    whole[...] = fill
    for i, value in enumerate(values):
        part: Any = (i, *map(slice, value.shape))
        whole[part] = value if shape else value[()]
    return whole


class PaddedBatchDataset(_PaddedBatch):
    """`batch_size` elements after each other, the last ones too."""

    signature = (
        "input_dataset:variant, batch_size:int64, padded_shapes:N*int64, "
        "padding_values:[Toutput_types] -> handle:variant"
    )
    output_shapes: tuple[TensorShape, ...]
    N: int

    def reference(self, *inputs: Any) -> Any:
        source, size, shapes, fills = inputs
        return self.padded(source, size, shapes, fills, False)


class PaddedBatchDatasetV2(_PaddedBatch, kw_only=True):
    """`batch_size` elements after each other; fewer at the end may be dropped."""

    signature = (
        "input_dataset:variant, batch_size:int64, padded_shapes:N*int64, "
        "padding_values:[Toutput_types], drop_remainder:bool -> handle:variant"
    )
    parallel_copy: bool = False
    output_shapes: tuple[TensorShape, ...]
    N: int

    def reference(self, *inputs: Any) -> Any:
        source, size, shapes, fills, drop = inputs
        return self.padded(source, size, shapes, fills, bool(drop))


class UnbatchDataset(TypedDatasetOp):
    """The rows of each element, one after the other."""

    signature = "input_dataset:variant -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        def begin(source: Elements) -> Iterator[Element]:
            each = iter(source)
            whole: Element = ()
            at = count = 0

            def step() -> Element:
                nonlocal whole, at, count
                while at >= count:
                    whole, at = next(each), 0
                    count = _row_count(whole)
                at += 1
                return tuple(component(c, at - 1) for c in whole)

            return Steps(step)

        return Elements(begin, inputs)


def _row_count(element: Element) -> int:
    for i, value in enumerate(element):
        if not value.ndim:
            raise InvalidArgumentError(
                message=f"Input element must have a non-scalar value in each component; component {i} is one"
            )
        if len(value) != len(element[0]):
            raise InvalidArgumentError(
                message="Input element must have the same batch size in each component. Component 0 had size "
                f"{len(element[0])} but component {i} had size {len(value)}."
            )
    return len(element[0])


class WindowDataset(TypedDatasetOp):
    """Elements that come after each other as datasets, one for each component; windows may overlap."""

    signature = (
        "input_dataset:variant, size:int64, shift:int64, stride:int64, drop_remainder:bool "
        "-> handle:variant"
    )

    def reference(self, *inputs: Any) -> Any:
        names = ("Window size", "Window shift", "Window stride")
        size, shift, stride = map(positive, inputs[1:4], names)
        drop, reach = bool(inputs[4]), (size - 1) * stride + 1

        def begin(source: Elements) -> Iterator[Element]:
            each = iter(source)
            held: list[Element] = []

            def step() -> Element:
                held.extend(islice(each, reach - len(held)))
                if not held or (drop and len(held) < reach):
                    held.clear()
                    raise StopIteration
                window = held[::stride]
                for _ in islice(each, max(shift - len(held), 0)):
                    pass
                del held[:shift]
                return tuple(_of_one(column) for column in zip(*window, strict=True))

            return Steps(step)

        return Elements(begin, [inputs[0]])


def _of_one(column: Sequence[Any]) -> Elements:
    return Elements(lambda: iter([(value,) for value in column]))
