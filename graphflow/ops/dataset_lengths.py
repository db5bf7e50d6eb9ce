"""Datasets of the elements of others: more of them, fewer, side by side, or the same ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from graphflow.errors import InvalidArgumentError, OpError
from graphflow.ir.dtype import DType
from graphflow.ir.shape import TensorShape
from graphflow.ops.dataset_elements import (
    DatasetOp,
    Element,
    Elements,
    Steps,
    TypedDatasetOp,
    number,
)


class ZipDataset(TypedDatasetOp):
    """The components of an element of each, until the first of them ends."""

    signature = "input_datasets:N*variant -> handle:variant"

    def reference(self, datasets: Sequence[Elements]) -> Any:
        def begin(*sources: Elements) -> Iterator[Element]:
            each = [iter(s) for s in sources]
            return Steps(lambda: tuple(chain.from_iterable([next(i) for i in each])))

        return Elements(begin, datasets)


class ConcatenateDataset(TypedDatasetOp):
    """The elements of one, then those of the other."""

    signature = "input_dataset:variant, another_dataset:variant -> handle:variant"

    def reference(self, *datasets: Any) -> Any:
        def begin(*sources: Elements) -> Iterator[Element]:
            waiting = [iter(s) for s in reversed(sources)]

            def step() -> Element:
                while waiting:
                    for element in waiting[-1]:
                        return element
                    waiting.pop()
                raise StopIteration

            return Steps(step)

        return Elements(begin, datasets)


class Repeated(Elements):
    """A dataset gone through several times."""

    def __init__(self, source: Elements, count: int) -> None:
        super().__init__(self._begin, [source])
        self.count = count

    def _begin(self, source: Elements) -> Iterator[Element]:
        left, current, fresh = self.count, iter(source), True

        def step() -> Element:
            nonlocal left, current, fresh
            while left:
                for element in current:
                    fresh = False
                    return element
                if left < 0 and fresh:
                    break
                left -= 1
                current, fresh = iter(source), True
            left = 0
            raise StopIteration

        return Steps(step)


class RepeatDataset(TypedDatasetOp):
    """The elements `count` times over, for ever where it is negative."""

    signature = "input_dataset:variant, count:int64 -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        return Repeated(inputs[0], max(number(inputs[1]), -1))


class TakeDataset(TypedDatasetOp):
    """The first `count` elements; all where it is negative."""

    signature = "input_dataset:variant, count:int64 -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        count = number(inputs[1])

        def begin(source: Elements) -> Iterator[Element]:
            return iter(source) if count < 0 else _limited(source, count)

        return Elements(begin, [inputs[0]])


def _limited(source: Elements, count: int) -> Iterator[Element]:
    taken, each = 0, iter(source) if count else iter(())

    def step() -> Element:
        nonlocal taken
        if taken >= count:
            raise StopIteration
        element = next(each)
        taken += 1
        return element

    return Steps(step)


class SkipDataset(TypedDatasetOp):
    """All but the first `count` elements; none where it is negative."""

    signature = "input_dataset:variant, count:int64 -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        count = number(inputs[1])

        def begin(source: Elements) -> Iterator[Element]:
            left, each = count, iter(source) if count >= 0 else iter(())

            def step() -> Element:
                nonlocal left
                while left > 0:
                    next(each)
                    left -= 1
                return next(each)

            return Steps(step)

        return Elements(begin, [inputs[0]])


class ShardDataset(DatasetOp, kw_only=True):
    """Every `num_shards`th element, from the one at `index` on."""

    signature = "input_dataset:variant, num_shards:int64, index:int64 -> handle:variant"
    require_non_empty: bool = False
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def reference(self, *inputs: Any) -> Any:
        source, count, index = inputs[0], number(inputs[1]), number(inputs[2])
        if count < 1:
            raise InvalidArgumentError(
                message=f"Number of shards must be greater than zero (currently num_shards = {count})."
            )
        if not 0 <= index < count:
            raise InvalidArgumentError(
                message=f"Index must be between 0 and {count - 1} (currently index = {index})."
            )
        return Elements(lambda s: _every(iter(s), count, index), [source])


def _every(each: Iterator[Element], count: int, index: int) -> Iterator[Element]:
    at = 0

    def step() -> Element:
        nonlocal at
        while True:
            element = next(each)
            at += 1
            if (at - 1) % count == index:
                return element

    return Steps(step)


class CacheDataset(TypedDatasetOp):
    """The elements as they came the first time; the memory of this process keeps them, whatever `filename` is."""

    signature = "input_dataset:variant, filename:string -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        kept: list[list[Element]] = []

        def begin(source: Elements) -> Iterator[Element]:
            if kept:
                return iter(kept[0])
            seen: list[Element] = []
            each = iter(source)

            def step() -> Element:
                for element in each:
                    seen.append(element)
                    return element
                if not kept:
                    kept.append(seen)
                raise StopIteration

            return Steps(step)

        return Elements(begin, [inputs[0]])


class IgnoreErrorsDataset(TypedDatasetOp):
    """The elements that can be had without an error."""

    signature = "input_dataset:variant -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        def begin(source: Elements) -> Iterator[Element]:
            each = iter(source)

            def step() -> Element:
                while True:
                    try:
                        return next(each)
                    except OpError:
                        continue

            return Steps(step)

        return Elements(begin, inputs)


class UniqueDataset(TypedDatasetOp):
    """Every element once, where it comes first."""

    signature = "input_dataset:variant -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        def begin(source: Elements) -> Iterator[Element]:
            seen: set[Any] = set()
            each = iter(source)

            def step() -> Element:
                while True:
                    element = next(each)
                    key = (element[0].shape, tuple(element[0].ravel().tolist()))
                    if key not in seen:
                        seen.add(key)
                        return element

            return Steps(step)

        return Elements(begin, inputs)


class PrefetchDataset(TypedDatasetOp):
    """The same elements; TensorFlow computes some of them ahead."""

    signature = "input_dataset:variant, buffer_size:int64 -> handle:variant"
    slack_period: int = 0
    legacy_autotune: bool = True

    def reference(self, *inputs: Any) -> Any:
        if number(inputs[1]) < -1:
            raise InvalidArgumentError(
                message="buffer_size must be >= 0 or set buffer_size to be -1 for auto-tuning"
            )
        return inputs[0]


class ModelDataset(DatasetOp, kw_only=True):
    """The same elements; TensorFlow measures how long they take."""

    signature = "input_dataset:variant -> handle:variant"
    algorithm: int = 0
    cpu_budget: int = 0
    output_types: tuple[DType, ...]
    output_shapes: tuple[TensorShape, ...]

    def reference(self, dataset: Any) -> Any:
        return dataset


class MaxIntraOpParallelismDataset(TypedDatasetOp):
    """The same elements, whatever the number of threads."""

    signature = "input_dataset:variant, max_intra_op_parallelism:int64 -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        return inputs[0]


class PrivateThreadPoolDataset(TypedDatasetOp):
    """The same elements, whatever the number of threads."""

    signature = "input_dataset:variant, num_threads:int64 -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        return inputs[0]


class DirectedInterleaveDataset(TypedDatasetOp):
    """From one of several datasets after the other, as a dataset of numbers says."""

    signature = "selector_input_dataset:variant, data_input_datasets:N*variant -> handle:variant"

    def reference(self, *inputs: Any) -> Any:
        selector, data = inputs

        def begin(choices: Elements, *sources: Elements) -> Iterator[Element]:
            chosen, each = iter(choices), [iter(s) for s in sources]
            open_ones = set(range(len(each)))

            def step() -> Element:
                while open_ones:
                    at = int(next(chosen)[0])
                    if not 0 <= at < len(each):
                        raise InvalidArgumentError(
                            message=f"Selector index out of range: {at} >= {len(each)}"
                        )
                    if at in open_ones:
                        for element in each[at]:
                            return element
                        open_ones.discard(at)
                raise StopIteration

            return Steps(step)

        return Elements(begin, [selector, *data])
