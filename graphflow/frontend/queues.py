"""tf.FIFOQueue and its kin: queues that a session keeps, and the ops on them."""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Sequence
from typing import Any

from graphflow.frontend.framework import get_seed
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype, int64
from graphflow.ir.known import known_scalar
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import Dimension, TensorShape, as_shape
from graphflow.ops.arrays import stack

__all__ = [
    "FIFOQueue",
    "PaddingFIFOQueue",
    "PriorityQueue",
    "QueueBase",
    "RandomShuffleQueue",
]


class QueueBase:
    """A queue of tuples of tensors."""

    def __init__(
        self, dtypes: Sequence[Any], shapes: Any, names: Sequence[str] | None, queue_ref: Tensor
    ) -> None:
        self._dtypes = [as_dtype(t) for t in dtypes]
        if shapes is not None and len(shapes) != len(dtypes):
            raise ValueError("Queue shapes must have the same length as dtypes")
        if names is not None and len(names) != len(dtypes):
            raise ValueError("Queue names must have the same length as dtypes")
        self._shapes = [
            TensorShape(s) for s in ([None] * len(dtypes) if shapes is None else shapes)
        ]
        self._names = names
        self._queue_ref = queue_ref
        self._name = queue_ref.node.name.rpartition("/")[2]

    @staticmethod
    def from_list(index: Any, queues: Any) -> QueueBase:
        """The queue at this place of a list of queues that are alike."""
        if (
            not queues
            or not isinstance(queues, list)
            or not all(isinstance(q, QueueBase) for q in queues)
        ):
            raise TypeError("A list of queues expected")
        first = queues[0]
        if not all(first.dtypes == q.dtypes for q in queues[1:]):
            raise TypeError("Queues do not have matching component dtypes.")
        if not all(first.names == q.names for q in queues[1:]):
            raise TypeError("Queues do not have matching component names.")
        columns = zip(*(q.shapes for q in queues), strict=True)
        shapes = [functools.reduce(_common_shape, column) for column in columns]
        chosen = raw.GatherV2(stack([q.queue_ref for q in queues]), index, 0)
        return QueueBase(first.dtypes, shapes, first.names, chosen)

    @property
    def queue_ref(self) -> Tensor:
        return self._queue_ref

    @property
    def name(self) -> str:
        return self._queue_ref.node.name

    @property
    def dtypes(self) -> list[DType]:
        return self._dtypes

    @property
    def shapes(self) -> list[TensorShape]:
        return self._shapes

    @property
    def names(self) -> Sequence[str] | None:
        return self._names

    # ---- putting in --------------------------------------------------------------------------------

    def _components(self, vals: Any) -> list[Tensor]:
        """The components of an element, or of several, as tensors."""
        if isinstance(vals, dict):
            if not self._names:
                raise ValueError("Queue must have names to enqueue a dictionary")
            if sorted(self._names, key=str) != sorted(vals, key=str):
                raise ValueError(
                    "Keys in dictionary to enqueue do not match names of Queue.  "
                    f"Dictionary: ({sorted(vals)}), Queue: ({sorted(self._names)})"
                )
            vals = [vals[name] for name in self._names]
        elif self._names:
            raise ValueError("You must enqueue a dictionary in a Queue with names")
        elif not isinstance(vals, list | tuple):
            vals = [vals]
        pairs = zip(vals, self._dtypes, strict=False)
        return [convert(v, dtype=t, name=f"component_{i}") for i, (v, t) in enumerate(pairs)]

    def enqueue(self, vals: Any, name: str | None = None) -> Node:
        """An op that puts one element into the queue, as soon as there is room."""
        with build.name_scope(name, f"{self._name}_enqueue", _values(vals)) as scope:
            tensors = self._components(vals)
            for tensor, shape in zip(tensors, self._shapes, strict=False):
                tensor.shape.assert_is_compatible_with(shape)
            node: Node = raw.QueueEnqueueV2(self._queue_ref, tensors, name=scope)
            return node

    def enqueue_many(self, vals: Any, name: str | None = None) -> Node:
        """An op that puts each row into the queue as an element."""
        with build.name_scope(name, f"{self._name}_EnqueueMany", _values(vals)) as scope:
            tensors = self._components(vals)
            rows = Dimension(None)
            for tensor, shape in zip(tensors, self._shapes, strict=False):
                whole = tensor.shape.with_rank_at_least(1)
                rows = rows.merge_with(whole[0])
                whole[1:].assert_is_compatible_with(shape)
            node: Node = raw.QueueEnqueueManyV2(self._queue_ref, tensors, name=scope)
            return node

    # ---- taking out ----------------------------------------------------------------------------------

    def _result(self, tensors: list[Tensor], rows: TensorShape) -> Any:
        for tensor, shape in zip(tensors, self._shapes, strict=True):
            tensor.set_shape(rows.concatenate(shape))
        if self._names:
            return dict(zip(self._names, tensors, strict=True))
        return tensors[0] if len(tensors) == 1 else tensors

    def dequeue(self, name: str | None = None) -> Any:
        """The next element, as soon as there is one."""
        tensors = raw.QueueDequeueV2(
            self._queue_ref, component_types=self._dtypes, name=name or f"{self._name}_Dequeue"
        )
        return self._result(tensors, TensorShape(()))

    def dequeue_many(self, n: Any, name: str | None = None) -> Any:
        """The next n elements side by side, as soon as there are so many."""
        tensors = raw.QueueDequeueManyV2(
            self._queue_ref,
            n,
            component_types=self._dtypes,
            name=name or f"{self._name}_DequeueMany",
        )
        count = known_scalar(tensors[0].node.inputs[1])
        return self._result(tensors, TensorShape([count]))

    def dequeue_up_to(self, n: Any, name: str | None = None) -> Any:
        """The next n elements side by side, or those that are left in a closed queue."""
        tensors = raw.QueueDequeueUpToV2(
            self._queue_ref,
            n,
            component_types=self._dtypes,
            name=name or f"{self._name}_DequeueUpTo",
        )
        return self._result(tensors, TensorShape([None]))

    # ---- the rest ------------------------------------------------------------------------------------

    def close(self, cancel_pending_enqueues: bool = False, name: str | None = None) -> Node:
        """An op after which nothing more can be put into the queue."""
        node: Node = raw.QueueCloseV2(
            self._queue_ref,
            cancel_pending_enqueues=cancel_pending_enqueues,
            name=name or f"{self._name}_Close",
        )
        return node

    def is_closed(self, name: str | None = None) -> Tensor:
        tensor: Tensor = raw.QueueIsClosedV2(
            self._queue_ref, name=name or f"{self._name}_Is_Closed"
        )
        return tensor

    def size(self, name: str | None = None) -> Tensor:
        tensor: Tensor = raw.QueueSizeV2(self._queue_ref, name=name or f"{self._name}_Size")
        return tensor


class FIFOQueue(QueueBase):
    """A queue that hands elements out in the order in which they came."""

    def __init__(
        self,
        capacity: int,
        dtypes: Any,
        shapes: Any = None,
        names: Any = None,
        shared_name: str | None = None,
        name: str = "fifo_queue",
    ) -> None:
        dtypes = _as_list(dtypes)
        shapes, names = _full_shapes(shapes), _as_names(names, dtypes)
        handle = raw.FIFOQueueV2(
            component_types=dtypes,
            shapes=shapes or (),
            capacity=capacity,
            shared_name=shared_name or "",
            name=name,
        )
        super().__init__(dtypes, shapes, names, handle)


class RandomShuffleQueue(QueueBase):
    """A queue that hands out any of its elements, and keeps min_after_dequeue to choose from."""

    def __init__(
        self,
        capacity: int,
        min_after_dequeue: int,
        dtypes: Any,
        shapes: Any = None,
        names: Any = None,
        seed: int | None = None,
        shared_name: str | None = None,
        name: str = "random_shuffle_queue",
    ) -> None:
        dtypes = _as_list(dtypes)
        shapes, names = _full_shapes(shapes), _as_names(names, dtypes)
        seed1, seed2 = get_seed(seed)
        if seed1 is not None and seed is None and shared_name is not None:
            # the shared queue is the same whichever node makes it, so the seed cannot come from the node's place
            digest = hashlib.md5(f"{seed1}{shared_name}".encode(), usedforsecurity=False)
            seed2 = int(digest.hexdigest()[:8], 16) & 0x7FFFFFFF
        handle = raw.RandomShuffleQueueV2(
            component_types=dtypes,
            shapes=shapes or (),
            capacity=capacity,
            min_after_dequeue=min_after_dequeue,
            seed=seed1 or 0,
            seed2=seed2 or 0,
            shared_name=shared_name or "",
            name=name,
        )
        super().__init__(dtypes, shapes, names, handle)


class PaddingFIFOQueue(QueueBase):
    """A FIFOQueue of elements of different sizes; dequeue_many pads them with zeros."""

    def __init__(
        self,
        capacity: int,
        dtypes: Any,
        shapes: Any,
        names: Any = None,
        shared_name: str | None = None,
        name: str = "padding_fifo_queue",
    ) -> None:
        dtypes = _as_list(dtypes)
        shapes, names = _partial_shapes(shapes), _as_names(names, dtypes)
        if len(dtypes) != len(shapes):
            raise ValueError(
                "Shapes must be provided for all components, "
                f"but received {len(dtypes)} dtypes and {len(shapes)} shapes."
            )
        handle = raw.PaddingFIFOQueueV2(
            component_types=dtypes,
            shapes=shapes,
            capacity=capacity,
            shared_name=shared_name or "",
            name=name,
        )
        super().__init__(dtypes, shapes, names, handle)


class PriorityQueue(QueueBase):
    """A queue that hands out the element with the smallest priority, its first component."""

    def __init__(
        self,
        capacity: int,
        types: Any,
        shapes: Any = None,
        names: Any = None,
        shared_name: str | None = None,
        name: str = "priority_queue",
    ) -> None:
        types, shapes = _as_list(types), _full_shapes(shapes)
        if shapes is None:
            raise TypeError(
                "Expected list for 'shapes' argument to 'PriorityQueueV2' Op, not None."
            )
        handle = raw.PriorityQueueV2(
            component_types=types,
            shapes=shapes,
            capacity=capacity,
            shared_name=shared_name or "",
            name=name,
        )
        whole = [TensorShape(()), *shapes] if shapes else shapes
        super().__init__([int64, *types], whole or None, names, handle)


def _as_list(dtypes: Any) -> list[DType]:
    given = dtypes if isinstance(dtypes, list | tuple) else [dtypes]
    return [as_dtype(t) for t in given]


def _as_names(names: Any, dtypes: Sequence[DType]) -> list[str] | None:
    if names is None:
        return None
    given = list(names) if isinstance(names, list | tuple) else [names]
    if len(given) != len(dtypes):
        raise ValueError("List of names must have the same length as the list of dtypes")
    return given


def _is_one_shape(shapes: Any) -> bool:
    return all(s is None or isinstance(s, int) for s in shapes)


def _full_shapes(shapes: Any) -> list[TensorShape] | None:
    """Shapes that are known in every dimension; one shape stands for a list of one."""
    if shapes is None:
        return None
    if isinstance(shapes, TensorShape):
        shapes = [shapes]
    if not isinstance(shapes, list | tuple):
        raise TypeError("shapes must be a TensorShape or a list or tuple of TensorShapes.")
    found = [as_shape(s) for s in ([shapes] if _is_one_shape(shapes) else shapes)]
    if not all(s.is_static for s in found):
        raise ValueError(f"All shapes must be fully defined: {found}")
    return found


def _partial_shapes(shapes: Any) -> list[TensorShape]:
    """Shapes of known rank."""
    if not isinstance(shapes, Sequence) or not shapes or _is_one_shape(shapes):
        raise ValueError("When providing partial shapes, a list of shapes must be provided.")
    found = [as_shape(s) for s in shapes]
    if any(s.rank is None for s in found):
        raise ValueError(f"All shapes must have a defined rank: {found}")
    return found


def _common_shape(a: TensorShape, b: TensorShape) -> TensorShape:
    """What two shapes agree in."""
    if a.rank is None or a.rank != b.rank:
        return TensorShape(None)
    return TensorShape(
        [x if x == y else None for x, y in zip(a.as_list(), b.as_list(), strict=True)]
    )


def _values(vals: Any) -> list[Any]:
    if isinstance(vals, dict):
        return list(vals.values())
    return list(vals) if isinstance(vals, list | tuple) else [vals]


NAMESPACES = {
    "io": ["PaddingFIFOQueue", "PriorityQueue", "QueueBase", "RandomShuffleQueue"],
    "queue": [
        "FIFOQueue",
        "PaddingFIFOQueue",
        "PriorityQueue",
        "QueueBase",
        "RandomShuffleQueue",
    ],
}
