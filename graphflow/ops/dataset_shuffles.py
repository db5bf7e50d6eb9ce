"""Datasets in random order."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from graphflow.errors import InvalidArgumentError, OpError
from graphflow.ir.dtype import DType
from graphflow.ir.shape import TensorShape
from graphflow.numeric.random.dataset_shuffle import EpochSeeds, dataset_shuffle
from graphflow.numeric.random.philox import Stream, Words
from graphflow.ops.dataset_elements import (
    DatasetOp,
    Element,
    Elements,
    Steps,
    TypedDatasetOp,
    number,
)
from graphflow.ops.dataset_sources import seeds_of


class _Failed:
    """An error on its way through a buffer."""

    __slots__ = ("error",)

    def __init__(self, error: OpError) -> None:
        self.error = error


def _failures_as_elements(source: Elements) -> Iterator[Any]:
    each = iter(source)
    while True:
        try:
            yield next(each)
        except StopIteration:
            return
        except OpError as error:
            yield _Failed(error)


def _shuffled(source: Elements, size: int, words: Words, epochs: int | None = 1) -> Steps:
    drawn = dataset_shuffle(
        lambda: _failures_as_elements(source),
        size,
        words,
        epochs,
        at_once=lambda element: isinstance(element, _Failed),
    )

    def step() -> Element:
        element: Any = next(drawn)
        if isinstance(element, _Failed):
            raise element.error
        return element

    return Steps(step)


class Shuffled(Elements):
    """A dataset in an order that is drawn anew each time it is gone through, or once."""

    def __init__(
        self, source: Elements, size: int, seeds: tuple[int, int], reshuffle: bool
    ) -> None:
        super().__init__(self._begin, [source])
        self.size, self.seeds, self.reshuffle = size, seeds, reshuffle
        self._epochs = EpochSeeds(*seeds, reshuffle)

    def _begin(self, source: Elements) -> Iterator[Element]:
        return _shuffled(source, self.size, self._epochs.next_epoch())


def shuffled_and_repeated(
    source: Elements, size: int, seeds: tuple[int, int], count: int
) -> Elements:
    epochs = None if count < 0 else count
    return Elements(lambda s: _shuffled(s, size, Words(Stream(*seeds)), epochs), [source])


def _buffer_size(value: Any) -> int:
    found = number(value)
    if found <= 0:
        raise InvalidArgumentError(message="buffer_size must be greater than zero.")
    return found


class ShuffleDataset(DatasetOp, kw_only=True):
    """The elements, each taken at random from a buffer that the next one then refills."""

    signature = (
        "input_dataset:variant, buffer_size:int64, seed:int64, seed2:int64 -> handle:variant"
    )
    reshuffle_each_iteration: bool = True
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def reference(self, *inputs: Any) -> Any:
        source, size, seed, seed2 = inputs
        return Shuffled(
            source, _buffer_size(size), seeds_of(seed, seed2), self.reshuffle_each_iteration
        )


class ShuffleAndRepeatDataset(TypedDatasetOp):
    """The elements `count` times over, each taken at random from a buffer that goes on from one time to the next."""

    signature = (
        "input_dataset:variant, buffer_size:int64, seed:int64, seed2:int64, count:int64 "
        "-> handle:variant"
    )

    def reference(self, *inputs: Any) -> Any:
        source, size, seed, seed2, count = inputs
        return shuffled_and_repeated(
            source, _buffer_size(size), seeds_of(seed, seed2), number(count)
        )
