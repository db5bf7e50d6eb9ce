"""Datasets of what functions make of the elements of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError, OpError, OutOfRangeError
from graphflow.ir.dtype import DType
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node
from graphflow.ir.shape import TensorShape
from graphflow.ops.dataset_batches import gathered
from graphflow.ops.dataset_elements import Element, Elements, Steps, positive, stacked
from graphflow.ops.dataset_functions import FunctionOp


def _mapped(function: Callable[..., list[Any]], element: Element, ends: bool) -> Element:
    """What a function makes of an element; one that says there is no more may end the dataset."""
    try:
        return tuple(function(*element))
    except OutOfRangeError as error:
        if ends:
            raise StopIteration from None
        raise InvalidArgumentError(
            None, error.op, f"Function invocation produced OutOfRangeError: {error.message}"
        ) from error


class Mapped(Elements):
    """What a function makes of the elements of another dataset; `ends` as `_mapped` has it."""

    def __init__(self, source: Elements, function: Callable[..., list[Any]], ends: bool) -> None:
        super().__init__(self._begin, [source])
        self.function, self.ends = function, ends

    def _begin(self, source: Elements) -> Iterator[Element]:
        each = iter(source)
        return Steps(lambda: _mapped(self.function, next(each), self.ends))


class _Map(FunctionOp, abstract=True):
    f: Graph

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        ends = not self.__dict__["preserve_cardinality"]
        return Mapped(inputs[0], self.function(run, self.f, inputs[1]), ends)


class MapDataset(_Map):
    """f of each element."""

    signature = "input_dataset:variant, other_arguments:[Targuments] -> handle:variant"
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]
    use_inter_op_parallelism: bool = True
    preserve_cardinality: bool = False


class ParallelMapDataset(_Map):
    """f of each element, in their order."""

    signature = (
        "input_dataset:variant, other_arguments:[Targuments], num_parallel_calls:int32 "
        "-> handle:variant"
    )
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]
    use_inter_op_parallelism: bool = True
    sloppy: bool = False
    preserve_cardinality: bool = False


def mapped_in_batches(
    source: Elements, function: Callable[..., list[Any]], ends: bool, size: int, drop: bool
) -> Elements:
    """A function of each element, so many of them stacked; one that fails takes its whole batch along."""

    def begin(source: Elements) -> Iterator[Element]:
        each = iter(source)
        ended = False

        def step() -> Element:
            nonlocal ended
            if ended:
                raise StopIteration
            rows: list[Element] = []
            failed: OpError | None = None
            for element in gathered(each, size, drop):
                try:
                    rows.append(_mapped(function, element, ends))
                except StopIteration:
                    ended = True
                    break
                except OpError as error:
                    failed = failed or error
            if failed is not None:
                raise failed
            if not rows or (drop and len(rows) < size):
                raise StopIteration
            return stacked(rows)

        return Steps(step)

    return Elements(begin, [source])


class MapAndBatchDataset(FunctionOp):
    """f of each element, so many of them stacked; one that fails takes its whole batch along."""

    signature = (
        "input_dataset:variant, other_arguments:[Targuments], batch_size:int64, "
        "num_parallel_calls:int64, drop_remainder:bool -> handle:variant"
    )
    f: Graph
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]
    preserve_cardinality: bool = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        function = self.function(run, self.f, inputs[1])
        size, drop = positive(inputs[2], "batch_size"), bool(inputs[4])
        return mapped_in_batches(inputs[0], function, not self.preserve_cardinality, size, drop)


class FilterDataset(FunctionOp):
    """The elements of which the predicate holds."""

    signature = "input_dataset:variant, other_arguments:[Targuments] -> handle:variant"
    predicate: Graph
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        holds = self.function(run, self.predicate, inputs[1])

        def begin(source: Elements) -> Iterator[Element]:
            each = iter(source)

            def step() -> Element:
                while True:
                    element = next(each)
                    if truth(holds(*element)):
                        return element

            return Steps(step)

        return Elements(begin, [inputs[0]])


class TakeWhileDataset(FunctionOp):
    """The elements before the first of which the predicate does not hold."""

    signature = "input_dataset:variant, other_arguments:[Targuments] -> handle:variant"
    predicate: Graph
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        holds = self.function(run, self.predicate, inputs[1])

        def begin(source: Elements) -> Iterator[Element]:
            each: Iterator[Element] | None = iter(source)

            def step() -> Element:
                nonlocal each
                if each is None:
                    raise StopIteration
                element = next(each)
                if not truth(holds(*element)):
                    each = None
                    raise StopIteration
                return element

            return Steps(step)

        return Elements(begin, [inputs[0]])


def truth(results: Sequence[Any]) -> bool:
    """The one bool that a predicate gives."""
    if len(results) != 1 or np.ndim(results[0]):
        raise InvalidArgumentError(
            message="Filter predicate `predicate` must return a scalar bool."
        )
    return bool(results[0])


class ScanDataset(FunctionOp):
    """What a function makes of a state and each element; it gives the next state beside."""

    signature = "input_dataset:variant, initial_state:[Tstate], other_arguments:[Targuments] -> handle:variant"
    f: Graph
    Tstate: tuple[DType, ...]
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]
    preserve_cardinality: bool = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        source, first, given = inputs
        function = self.function(run, self.f, given)
        ends = not self.preserve_cardinality

        def begin(source: Elements) -> Iterator[Element]:
            each = iter(source)
            state = tuple(first)

            def step() -> Element:
                nonlocal state
                results = _mapped(function, (*state, *next(each)), ends)
                state = results[: len(first)]
                return results[len(first) :]

            return Steps(step)

        return Elements(begin, [source])


class ReduceDataset(FunctionOp):
    """The state after a function has put every element into it."""

    signature = (
        "input_dataset:variant, initial_state:[Tstate], other_arguments:[Targuments] "
        "-> components:[output_types]"
    )
    f: Graph
    Tstate: tuple[DType, ...]
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]
    use_inter_op_parallelism: bool = True

    def infer(self, *inputs: Any) -> Any:
        return self.output_shapes

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        source, state, given = inputs
        function = self.function(run, self.f, given)
        for element in source:
            state = function(*state, *element)
        return state
