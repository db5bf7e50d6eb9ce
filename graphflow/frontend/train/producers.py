"""Queues that are filled with the rows of a tensor again and again: names of files, numbers, slices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.frontend.assertions import Assert
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.queues import FIFOQueue
from graphflow.frontend.random import random_shuffle
from graphflow.frontend.summary.summaries import scalar
from graphflow.frontend.train.queue_runner import QueueRunner, add_queue_runner
from graphflow.frontend.variables import Variable
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import float32, int64, string
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.reduce_idioms import sequence

__all__: list[str] = []


def limit_epochs(tensor: Any, num_epochs: int | None = None, name: str | None = None) -> Any:
    """The tensor, num_epochs times; after that OutOfRangeError. The count is a local variable."""
    if num_epochs is None:
        return tensor
    if num_epochs <= 0:
        raise ValueError(f"num_epochs must be > 0 not {num_epochs}.")
    with build.name_scope(name, "limit_epochs", [tensor]) as scope:
        epochs = Variable(
            constant(0, int64),
            name="epochs",
            trainable=False,
            collections=[GraphKeys.LOCAL_VARIABLES],
        )
        with current_graph().control_dependencies([epochs.count_up_to(num_epochs)]):
            return raw.Identity(tensor, name=scope)


def input_producer(
    input_tensor: Any,
    element_shape: Any = None,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    summary_name: str | None = None,
    name: str | None = None,
    cancel_op: Any = None,
) -> FIFOQueue:
    """A queue of the rows of a tensor, in a new order each time if they are shuffled."""
    with build.name_scope(name, "input_producer", [input_tensor]):
        rows = convert(input_tensor, name="input_tensor")
        shape = rows.shape[1:].merge_with(element_shape)
        if not shape.is_static:
            raise ValueError(
                "Either `input_tensor` must have a fully defined shape or `element_shape` must be specified"
            )
        if shuffle:
            rows = random_shuffle(rows, seed=seed)
        rows = limit_epochs(rows, num_epochs)
        queue = FIFOQueue(
            capacity, [rows.dtype.base_dtype], [shape], shared_name=shared_name, name=name or ""
        )
        fill = queue.enqueue_many([rows])
        add_queue_runner(QueueRunner(queue, [fill], cancel_op=cancel_op))
        if summary_name is not None:
            scalar(summary_name, idioms.cast(queue.size(), float32) * (1.0 / capacity))
        return queue


def string_input_producer(
    string_tensor: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
    cancel_op: Any = None,
) -> FIFOQueue:
    """A queue of strings, such as names of files; an empty list of them is an error."""
    problem = "string_input_producer requires a non-null input tensor"
    if not isinstance(string_tensor, Tensor) and not len(string_tensor):
        raise ValueError(problem)
    with build.name_scope(name, "input_producer", [string_tensor]) as scope:
        texts = convert(string_tensor, dtype=string)
        some = Assert(raw.Greater(idioms.size(texts), 0), [problem])
        with current_graph().control_dependencies([some]):
            texts = raw.Identity(texts)
        return input_producer(
            texts,
            [],
            num_epochs,
            shuffle,
            seed,
            capacity,
            shared_name,
            f"fraction_of_{capacity}_full",
            scope,
            cancel_op,
        )


def range_input_producer(
    limit: Any,
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
) -> FIFOQueue:
    """A queue of the numbers from 0 to limit - 1."""
    with build.name_scope(name, "input_producer", [limit]) as scope:
        return input_producer(
            sequence(limit),
            [],
            num_epochs,
            shuffle,
            seed,
            capacity,
            shared_name,
            f"fraction_of_{capacity}_full",
            scope,
        )


def slice_input_producer(
    tensor_list: Sequence[Any],
    num_epochs: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    capacity: int = 32,
    shared_name: str | None = None,
    name: str | None = None,
) -> list[Tensor]:
    """One row of each tensor, the same of all, another one in each run."""
    with build.name_scope(name, "input_producer", list(tensor_list)):
        tensors = [convert(t) for t in tensor_list]
        if not tensors:
            raise ValueError("Expected at least one tensor in slice_input_producer().")
        count = idioms.shape(tensors[0])[0]
        queue = range_input_producer(
            count, num_epochs, shuffle, seed, capacity, shared_name=shared_name
        )
        row = queue.dequeue()
        return [raw.GatherV2(t, row, 0) for t in tensors]


NAMESPACES = {
    "train": [
        "input_producer",
        "limit_epochs",
        "range_input_producer",
        "slice_input_producer",
        "string_input_producer",
    ]
}
