"""Datasets that are made of tensors, of numbers, and of what Python functions yield."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError, OutOfRangeError
from graphflow.ir.dtype import DType
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import TensorShape
from graphflow.numeric.random.philox import Stream, Words
from graphflow.ops.dataset_elements import (
    DatasetOp,
    Element,
    Elements,
    Steps,
    TypedDatasetOp,
    component,
    number,
)
from graphflow.ops.dataset_functions import FunctionOp


class TensorDataset(DatasetOp):
    """One element: the tensors."""

    signature = "components:[Toutput_types] -> handle:variant"
    output_shapes: tuple[TensorShape, ...]

    def reference(self, components: Sequence[Any]) -> Any:
        return Elements(lambda: iter([tuple(components)]))


class TensorSliceDataset(DatasetOp):
    """The rows of the tensors, beside each other."""

    signature = "components:[Toutput_types] -> handle:variant"
    output_shapes: tuple[TensorShape, ...]

    def infer(self, components: Sequence[Tensor]) -> Any:
        for tensor in components:
            tensor.shape.with_rank_at_least(1)
        return super().infer()

    def reference(self, components: Sequence[Any]) -> Any:
        counts = {len(c) for c in components}
        if len(counts) != 1:
            raise InvalidArgumentError(
                message=f"All components must have the same size in the 0th dimension, they have {sorted(counts)}"
            )
        count = counts.pop()
        return Elements(lambda: (tuple(component(c, i) for c in components) for i in range(count)))


class SparseTensorSliceDataset(DatasetOp):
    """The rows of a sparse tensor: of each the coordinates in it, the values there, and its shape."""

    signature = "indices:int64, values:Tvalues, dense_shape:int64 -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        indices, values, shape = inputs
        rows = indices[:, 0]
        if len(rows) and (np.diff(rows) < 0).any():
            raise InvalidArgumentError(message="the indices of the sparse tensor are not in order")

        def begin() -> Iterator[Element]:
            for row in range(int(shape[0])):
                here = slice(*np.searchsorted(rows, [row, row + 1]))
                yield indices[here, 1:], values[here], shape[1:]

        return Elements(begin)


class RangeDataset(TypedDatasetOp):
    """start, start + step, ... before stop."""

    signature = "start:int64, stop:int64, step:int64 -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        start, stop, step = map(number, inputs)
        if step == 0:
            raise InvalidArgumentError(message="step must be a non-zero integer.")
        return Elements(lambda: ((np.array(i, np.int64),) for i in range(start, stop, step)))


class GeneratorDataset(FunctionOp, kw_only=True):
    """What `next_func` gives for the state that `init_func` made, until it says that there is no more."""

    signature = (
        "init_func_other_args:[Tinit_func_args], next_func_other_args:[Tnext_func_args], "
        "finalize_func_other_args:[Tfinalize_func_args] -> handle:variant"
    )
    init_func: Graph
    next_func: Graph
    finalize_func: Graph
    Tinit_func_args: tuple[DType, ...]
    Tnext_func_args: tuple[DType, ...]
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        pairs = zip((self.init_func, self.next_func, self.finalize_func), inputs, strict=True)
        init, following, finalize = (self.function(run, f, given) for f, given in pairs)

        def begin() -> Iterator[Element]:
            state: list[Any] | None = None
            ended = False

            def step() -> Element:
                nonlocal state, ended
                if ended:
                    raise StopIteration
                if state is None:
                    state = init()
                try:
                    return tuple(following(*state))
                except OutOfRangeError:
                    ended = True
                    finalize(*state)
                    raise StopIteration from None

            return Steps(step)

        return Elements(begin)


class RandomDataset(TypedDatasetOp):
    """Random 32-bit numbers, without end."""

    signature = "seed:int64, seed2:int64 -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        seeds = seeds_of(*inputs)

        def begin() -> Iterator[Element]:
            words = Words(Stream(*seeds))
            while True:
                yield (np.array(words.draw(), np.int64),)

        return Elements(begin)


class ExperimentalRandomDataset(RandomDataset):
    """Random 32-bit numbers, without end."""


def seeds_of(seed: Any, seed2: Any) -> tuple[int, int]:
    """A pair of seeds; fresh ones where both are zero."""
    pair = number(seed), number(seed2)
    return pair if any(pair) else (secrets.randbits(62), secrets.randbits(62))
