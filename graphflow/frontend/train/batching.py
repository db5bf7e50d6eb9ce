"""tf.train.batch and its kin: a queue between what makes examples and what takes batches of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from graphflow.frontend.layers.smart_cond import smart_cond
from graphflow.frontend.queues import FIFOQueue, PaddingFIFOQueue, QueueBase, RandomShuffleQueue
from graphflow.frontend.summary.summaries import scalar
from graphflow.frontend.train.queue_runner import QueueRunner, add_queue_runner
from graphflow.frontend.train.stored_sparse import restore, store_each
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, float32, int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import as_shape
from graphflow.ir.sparse_tensor import is_sparse
from graphflow.ops import idioms
from graphflow.ops.dependencies import no_op

__all__: list[str] = []


class _Options(NamedTuple):
    """What all of these functions take."""

    batch_size: Any
    keep_input: Any
    capacity: int
    enqueue_many: bool
    shapes: Any
    allow_smaller_final_batch: bool
    shared_name: str | None
    name: str | None
    threads: int = 1
    dynamic_pad: bool = False
    #: of a queue that shuffles
    min_after_dequeue: int | None = None
    seed: int | None = None

    def queue(self, types: Sequence[DType], shapes: Any) -> QueueBase:
        shared = {"dtypes": types, "shapes": shapes, "shared_name": self.shared_name}
        if self.min_after_dequeue is not None:
            return RandomShuffleQueue(
                self.capacity, self.min_after_dequeue, seed=self.seed, **shared
            )
        return (PaddingFIFOQueue if self.dynamic_pad else FIFOQueue)(self.capacity, **shared)

    def note_how_full(self, queue: QueueBase) -> None:
        """A summary of how much of the capacity is used."""
        least, room = self.min_after_dequeue, self.capacity
        size: Any = queue.size()
        name = f"fraction_of_{room}_full"
        if least is not None:
            room -= least
            size = raw.Maximum(0, size - least)
            name = f"fraction_over_{least}_of_{room}_full"
        scalar(name, idioms.cast(size, float32) * (1.0 / room))


def _batched(default: str, originals: Sequence[Any], options: _Options) -> Any:
    """A batch of what is made by any of several lists of tensors."""
    lists = _as_lists(originals)
    values = [t for tensors in lists for t in tensors]
    with build.name_scope(options.name, default, [*values, options.keep_input]) as scope:
        least = options.min_after_dequeue
        if least is not None and options.capacity <= least:
            raise ValueError(
                f"capacity {options.capacity} must be bigger than min_after_dequeue {least}."
            )
        lists = [[t if is_sparse(t) else convert(t) for t in tensors] for tensors in lists]
        if not lists or not lists[0]:
            raise ValueError(f"Expected at least one tensor in {default}().")
        keep_input = _keep_input(options.keep_input, options.enqueue_many)
        lists, stored = store_each(lists, options.enqueue_many, keep_input)
        types = _types(lists)
        queue = options.queue(types, _shapes(lists, options.shapes, options.enqueue_many))
        fills = [_filled(queue, tensors, keep_input, options.enqueue_many) for tensors in lists]
        add_queue_runner(QueueRunner(queue, fills * options.threads))
        options.note_how_full(queue)
        if options.allow_smaller_final_batch:
            dequeued = queue.dequeue_up_to(options.batch_size, name=scope)
        else:
            dequeued = queue.dequeue_many(options.batch_size, name=scope)
        return _as_original(originals[0], restore(dequeued, stored))


def _as_lists(originals: Sequence[Any]) -> list[list[Any]]:
    """Dictionaries as lists, in the order of their keys, which must be the same."""
    if not originals:
        raise ValueError("Expected at least one set of tensors")
    if not isinstance(originals[0], dict):
        return [list(tensors) for tensors in originals]
    if any(set(tensors) != set(originals[0]) for tensors in originals[1:]):
        raise ValueError("All dictionaries in tensors_list must have the same keys")
    return [[tensors[k] for k in sorted(tensors, key=str)] for tensors in originals]


def _as_original(original: Any, tensors: Any) -> Any:
    if not isinstance(original, dict):
        return tensors
    each = [tensors] if len(original) == 1 else tensors
    return dict(zip(sorted(original, key=str), each, strict=True))


def _keep_input(keep_input: Any, enqueue_many: bool) -> Tensor:
    kept = convert(keep_input)
    if kept.shape.rank is None:
        raise ValueError("`keep_input` dimensions must be known at graph construction.")
    if not enqueue_many and kept.shape.rank == 1:
        raise ValueError("`keep_input` cannot be a vector when `enqueue_many=False`.")
    if kept.shape.rank > 1:
        raise ValueError("`keep_input` must be 0 or 1 dimensions.")
    return kept


def _types(lists: Sequence[Sequence[Tensor]]) -> list[DType]:
    first, *others = [[t.dtype for t in tensors] for tensors in lists]
    for types in others:
        if types != first:
            raise TypeError(
                f"Expected types to be consistent: {', '.join(t.name for t in first)} vs. "
                f"{', '.join(t.name for t in types)}."
            )
    return first


def _shapes(lists: Sequence[Sequence[Tensor]], shapes: Any, enqueue_many: bool) -> Any:
    """The shapes of an element: those that are given, or those of the tensors."""
    if shapes is not None:
        return shapes
    for tensors in lists:
        for tensor in tensors:
            if tensor.shape.rank is None:
                raise ValueError(f"Cannot infer Tensor's rank: {tensor}")
    columns = zip(*lists, strict=True)
    return [_one_shape([t.shape for t in column], enqueue_many) for column in columns]


def _one_shape(shapes: Sequence[Any], enqueue_many: bool) -> list[int | None]:
    each = [as_shape(s) for s in shapes]
    if enqueue_many:
        each = [s.with_rank_at_least(1)[1:] for s in each]
    for shape in each[1:]:
        each[0].assert_is_compatible_with(shape)
    return each[0].as_list()


def _filled(
    queue: QueueBase, tensors: Sequence[Tensor], keep_input: Tensor, enqueue_many: bool
) -> Any:
    """The op that enqueues, those of the rows that are to be kept."""
    enqueue: Callable[[Any], Any] = queue.enqueue_many if enqueue_many else queue.enqueue
    if keep_input.shape.rank != 1:
        return smart_cond(keep_input, lambda: enqueue(list(tensors)), no_op)
    part = idioms.cast(keep_input, int32)
    return enqueue([raw.DynamicPartition(t, part, num_partitions=2)[1] for t in tensors])


# ---- TensorFlow's eight functions ------------------------------------------------------------------


def maybe_batch(
    tensors: Any,
    keep_input: Any,
    batch_size: Any,
    num_threads: int = 1,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Batches of the examples for which keep_input holds."""
    options = _Options(
        batch_size, keep_input, capacity, enqueue_many, shapes, allow_smaller_final_batch,
        shared_name, name, num_threads, dynamic_pad,
    )  # fmt: skip
    return _batched("batch", [tensors], options)


def batch(
    tensors: Any,
    batch_size: Any,
    num_threads: int = 1,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Batches of examples, which threads put into a queue."""
    return maybe_batch(
        tensors, True, batch_size, num_threads, capacity, enqueue_many, shapes, dynamic_pad,
        allow_smaller_final_batch, shared_name, name,
    )  # fmt: skip


def maybe_batch_join(
    tensors_list: Any,
    keep_input: Any,
    batch_size: Any,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As batch_join, of the examples for which keep_input holds."""
    options = _Options(
        batch_size, keep_input, capacity, enqueue_many, shapes, allow_smaller_final_batch,
        shared_name, name, 1, dynamic_pad,
    )  # fmt: skip
    return _batched("batch_join", tensors_list, options)


def batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int = 32,
    enqueue_many: bool = False,
    shapes: Any = None,
    dynamic_pad: bool = False,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Batches of examples that come from several lists of tensors, a thread for each."""
    return maybe_batch_join(
        tensors_list, True, batch_size, capacity, enqueue_many, shapes, dynamic_pad,
        allow_smaller_final_batch, shared_name, name,
    )  # fmt: skip


def maybe_shuffle_batch(
    tensors: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    keep_input: Any,
    num_threads: int = 1,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As shuffle_batch, of the examples for which keep_input holds."""
    options = _Options(
        batch_size, keep_input, capacity, enqueue_many, shapes, allow_smaller_final_batch,
        shared_name, name, num_threads, False, min_after_dequeue, seed,
    )  # fmt: skip
    return _batched("shuffle_batch", [tensors], options)


def shuffle_batch(
    tensors: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    num_threads: int = 1,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Batches of examples in random order."""
    return maybe_shuffle_batch(
        tensors, batch_size, capacity, min_after_dequeue, True, num_threads, seed, enqueue_many,
        shapes, allow_smaller_final_batch, shared_name, name,
    )  # fmt: skip


def maybe_shuffle_batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    keep_input: Any,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """As shuffle_batch_join, of the examples for which keep_input holds."""
    options = _Options(
        batch_size, keep_input, capacity, enqueue_many, shapes, allow_smaller_final_batch,
        shared_name, name, 1, False, min_after_dequeue, seed,
    )  # fmt: skip
    return _batched("shuffle_batch_join", tensors_list, options)


def shuffle_batch_join(
    tensors_list: Any,
    batch_size: Any,
    capacity: int,
    min_after_dequeue: int,
    seed: int | None = None,
    enqueue_many: bool = False,
    shapes: Any = None,
    allow_smaller_final_batch: bool = False,
    shared_name: str | None = None,
    name: str | None = None,
) -> Any:
    """Batches in random order of examples that come from several lists of tensors."""
    return maybe_shuffle_batch_join(
        tensors_list, batch_size, capacity, min_after_dequeue, True, seed, enqueue_many, shapes,
        allow_smaller_final_batch, shared_name, name,
    )  # fmt: skip


NAMESPACES = {
    "train": [
        "batch",
        "batch_join",
        "maybe_batch",
        "maybe_batch_join",
        "maybe_shuffle_batch",
        "maybe_shuffle_batch_join",
        "shuffle_batch",
        "shuffle_batch_join",
    ]
}
