"""Datasets of the elements of several datasets that functions make: one after the other, in turns, or by a key."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node
from graphflow.ir.shape import TensorShape
from graphflow.ops.dataset_elements import Element, Elements, Steps, number
from graphflow.ops.dataset_functions import FunctionOp

#: as many datasets at once as there are processors
AUTOMATIC = -1


def _dataset_of(function: Callable[..., list[Any]], element: Element) -> Iterator[Element]:
    """An iteration over the dataset that a function makes of an element."""
    (made,) = function(*element)
    if not isinstance(made, Elements):
        raise InvalidArgumentError(message="Function must return a dataset.")
    return iter(made)


def _of_rows(rows: list[Element]) -> Elements:
    return Elements(lambda: iter(rows))


class FlatMapDataset(FunctionOp):
    """The elements of the dataset that f makes of the first element, then those of the second, ..."""

    signature = "input_dataset:variant, other_arguments:[Targuments] -> handle:variant"
    f: Graph
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        function = self.function(run, self.f, inputs[1])

        def begin(source: Elements) -> Iterator[Element]:
            each = iter(source)
            inner: Iterator[Element] = iter(())

            def step() -> Element:
                nonlocal inner
                while True:
                    for element in inner:
                        return element
                    inner = _dataset_of(function, next(each))

            return Steps(step)

        return Elements(begin, [inputs[0]])


class _Interleave(FunctionOp, abstract=True):
    f: Graph

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        function = self.function(run, self.f, inputs[1])
        cycle, block = number(inputs[2]), number(inputs[3])
        if cycle == AUTOMATIC:
            cycle = os.cpu_count() or 1
        for name, value in (("cycle_length", cycle), ("block_length", block)):
            if value <= 0:
                raise InvalidArgumentError(message=f"{name} must be greater than zero.")
        return Elements(lambda source: _in_turns(function, source, cycle, block), [inputs[0]])


def _in_turns(
    function: Callable[..., list[Any]], source: Elements, cycle: int, block: int
) -> Iterator[Element]:
    """A block of elements from each of `cycle` datasets in turn; the place of one that ends goes to the next."""
    each = iter(source)
    places: list[Iterator[Element] | None] = [None] * cycle
    at = taken = 0
    more = True

    def step() -> Element:
        nonlocal at, taken, more
        while more or any(p is not None for p in places):
            current = places[at]
            if current is not None:
                for element in current:
                    taken += 1
                    if taken == block:
                        at, taken = (at + 1) % cycle, 0
                    return element
                places[at] = None
            elif more:
                argument = next(each, None)
                if argument is not None:
                    places[at], taken = _dataset_of(function, argument), 0
                    continue
                more = False
            at, taken = (at + 1) % cycle, 0
        raise StopIteration

    return Steps(step)


class InterleaveDataset(_Interleave):
    """The elements of the datasets that f makes, a block from each in turn."""

    signature = (
        "input_dataset:variant, other_arguments:[Targuments], cycle_length:int64, "
        "block_length:int64 -> handle:variant"
    )
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]


class ParallelInterleaveDatasetV2(_Interleave):
    """The elements of the datasets that f makes, a block from each in turn."""

    signature = (
        "input_dataset:variant, other_arguments:[Targuments], cycle_length:int64, "
        "block_length:int64, num_parallel_calls:int64 -> handle:variant"
    )
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]
    sloppy: bool = False


class ParallelInterleaveDataset(_Interleave):
    """The elements of the datasets that f makes, a block from each in turn; `sloppy` may keep that order too."""

    signature = (
        "input_dataset:variant, other_arguments:[Targuments], cycle_length:int64, "
        "block_length:int64, sloppy:bool, buffer_output_elements:int64, "
        "prefetch_input_elements:int64 -> handle:variant"
    )
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]


class GroupByWindowDataset(FunctionOp, kw_only=True):
    """What `reduce_func` makes of the elements of one key, as soon as there are as many as `window_size_func` says."""

    signature = (
        "input_dataset:variant, key_func_other_arguments:[Tkey_func_other_arguments], "
        "reduce_func_other_arguments:[Treduce_func_other_arguments], "
        "window_size_func_other_arguments:[Twindow_size_func_other_arguments] -> handle:variant"
    )
    key_func: Graph
    reduce_func: Graph
    window_size_func: Graph
    Tkey_func_other_arguments: tuple[DType, ...]
    Treduce_func_other_arguments: tuple[DType, ...]
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        source, *given = inputs
        pairs = zip((self.key_func, self.reduce_func, self.window_size_func), given, strict=True)
        key_of, reduce, size_of = (self.function(run, f, g) for f, g in pairs)

        def begin(source: Elements) -> Iterator[Element]:
            each = iter(source)
            groups: dict[int, list[Element]] = {}
            sizes: dict[int, int] = {}
            current: Iterator[Element] = iter(())

            def full_group() -> int:
                """The key of a group that is complete; at the end, of any that is left."""
                for element in each:
                    key = number(key_of(*element)[0])
                    if key not in sizes:
                        sizes[key] = number(size_of(np.array(key, np.int64))[0])
                        if sizes[key] <= 0:
                            raise InvalidArgumentError(
                                message=f"Window size must be greater than zero, but got {sizes[key]}."
                            )
                    group = groups.setdefault(key, [])
                    group.append(element)
                    if len(group) == sizes[key]:
                        return key
                if not groups:
                    raise StopIteration
                return min(groups)

            def step() -> Element:
                nonlocal current
                while True:
                    for element in current:
                        return element
                    key = full_group()
                    rows = groups.pop(key)
                    sizes.pop(key)
                    current = _dataset_of(reduce, (np.array(key, np.int64), _of_rows(rows)))

            return Steps(step)

        return Elements(begin, [source])


class GroupByReducerDataset(FunctionOp, kw_only=True):
    """For each key what `finalize_func` makes of the state into which all its elements went."""

    signature = (
        "input_dataset:variant, key_func_other_arguments:[Tkey_func_other_arguments], "
        "init_func_other_arguments:[Tinit_func_other_arguments], "
        "reduce_func_other_arguments:[Treduce_func_other_arguments], "
        "finalize_func_other_arguments:[Tfinalize_func_other_arguments] -> handle:variant"
    )
    key_func: Graph
    init_func: Graph
    reduce_func: Graph
    finalize_func: Graph
    Tkey_func_other_arguments: tuple[DType, ...]
    Tinit_func_other_arguments: tuple[DType, ...]
    Treduce_func_other_arguments: tuple[DType, ...]
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        source, *given = inputs
        bodies = (self.key_func, self.init_func, self.reduce_func, self.finalize_func)
        pairs = zip(bodies, given, strict=True)
        key_of, init, reduce, finalize = (self.function(run, f, g) for f, g in pairs)

        def begin(source: Elements) -> Iterator[Element]:
            states: dict[int, list[Any]] = {}
            left: Iterator[int] | None = None

            def step() -> Element:
                nonlocal left
                if left is None:
                    for element in source:
                        key = number(key_of(*element)[0])
                        if key not in states:
                            states[key] = init(np.array(key, np.int64))
                        states[key] = reduce(*states[key], *element)
                    left = iter(sorted(states))
                return tuple(finalize(*states[next(left)]))

            return Steps(step)

        return Elements(begin, [source])


class ExperimentalGroupByReducerDataset(GroupByReducerDataset):
    """For each key what `finalize_func` makes of the state into which all its elements went."""
