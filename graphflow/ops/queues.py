"""Queue ops. What a queue holds when, and who waits, is told in queue_values."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType, int64
from graphflow.ir.known import known_scalar
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, UNKNOWN, TensorShape
from graphflow.ops.queue_orders import AtRandom, ByPriority, FirstInFirstOut, Order
from graphflow.ops.queue_values import Queue
from graphflow.ops.session_resources import behind, session_resource


class QueueMaker(Op, abstract=True):
    """A queue, by its shared name or the name of the node."""

    signature = "-> handle:resource"
    stateful = True
    differentiable = False
    component_types: tuple[DType, ...]
    shapes: tuple[TensorShape, ...]
    capacity: int

    def infer(self) -> Any:
        return SCALAR

    @property
    def kind(self) -> str:
        """What messages call such queues."""
        return self.type.removesuffix("V2")

    def types(self) -> tuple[DType, ...]:
        """The types of the components of an element."""
        return self.component_types

    def element_shapes(self) -> tuple[TensorShape, ...]:
        """The shape of each component, unknown where the op does not say."""
        return self.shapes or (UNKNOWN,) * len(self.types())

    def order(self) -> Order:
        return FirstInFirstOut()

    def reserve(self) -> int:
        return 0

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        queue = session_resource(run, node, "queue", self._made)
        self._compare(queue)
        return queue

    def _made(self, name: str) -> Queue:
        types, shapes = self.types(), self.element_shapes()
        if len(types) != len(shapes):
            raise InvalidArgumentError(
                message=f"a queue of {len(types)} components has {len(shapes)} shapes"
            )
        return Queue(self.kind, name, types, shapes, self.capacity, self.order(), self.reserve())

    def _compare(self, queue: Queue) -> None:
        """A queue that two nodes share is what both say."""
        found = (queue.kind, queue.capacity, queue.types, queue.shapes, queue.reserve)
        wanted = (
            self.kind,
            self.capacity,
            self.types(),
            self.element_shapes(),
            self.reserve(),
        )
        names = ("type", "capacity", "component types", "component shapes", "min_after_dequeue")
        for name, has, asked in zip(names, found, wanted, strict=True):
            same = str(has) == str(asked) if name == "component shapes" else has == asked
            if not same:
                raise InvalidArgumentError(
                    message=f"Shared queue '{queue.name}' has {name} {has} but requested {name} was {asked}"
                )


class FIFOQueueV2(QueueMaker):
    """A queue that hands elements out in the order in which they came."""

    component_types: tuple[DType, ...]
    shapes: tuple[TensorShape, ...] = ()
    capacity: int = -1
    container: str = ""
    shared_name: str = ""


class PaddingFIFOQueueV2(QueueMaker):
    """A FIFOQueue whose elements may differ in size; in a batch they are padded."""

    component_types: tuple[DType, ...]
    shapes: tuple[TensorShape, ...] = ()
    capacity: int = -1
    container: str = ""
    shared_name: str = ""


class RandomShuffleQueueV2(QueueMaker):
    """A queue that hands out any of its elements, and keeps a reserve to choose from."""

    component_types: tuple[DType, ...]
    shapes: tuple[TensorShape, ...] = ()
    capacity: int = -1
    min_after_dequeue: int = 0
    seed: int = 0
    seed2: int = 0
    container: str = ""
    shared_name: str = ""

    def order(self) -> Order:
        return AtRandom(self.seed, self.seed2)

    def reserve(self) -> int:
        return self.min_after_dequeue


class PriorityQueueV2(QueueMaker, kw_only=True):
    """A queue that hands out the element with the smallest priority, its first component."""

    component_types: tuple[DType, ...] = ()
    shapes: tuple[TensorShape, ...]
    capacity: int = -1
    container: str = ""
    shared_name: str = ""

    def types(self) -> tuple[DType, ...]:
        return (int64, *self.component_types)

    def element_shapes(self) -> tuple[TensorShape, ...]:
        return (SCALAR, *(self.shapes or (UNKNOWN,) * len(self.component_types)))

    def order(self) -> Order:
        return ByPriority()


def _queue_op(handle: Tensor) -> QueueMaker | None:
    """The op that made the queue, where the graph shows it."""
    op = handle.node.op
    return op if isinstance(op, QueueMaker) else None


class _OnQueue(Op, abstract=True):
    """An op on the queue behind a handle."""

    stateful = True
    differentiable = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        if self.__dict__.get("timeout_ms", -1) != -1:
            raise InvalidArgumentError(message="Timeout not supported yet.")
        return self.act(run, behind(inputs[0], Queue), *inputs[1:])

    def act(self, run: Any, queue: Queue, *inputs: Any) -> Any:
        raise NotImplementedError


class QueueEnqueueV2(_OnQueue):
    """One more element; waits for room."""

    signature = "handle:resource, components:[Tcomponents] ->"
    timeout_ms: int = -1

    def act(self, run: Any, queue: Queue, *inputs: Any) -> Any:
        queue.put(run, [queue.checked(inputs[0], batch=False)])
        return ()


class QueueEnqueueManyV2(_OnQueue):
    """Each row as an element; waits for room, row by row."""

    signature = "handle:resource, components:[Tcomponents] ->"
    timeout_ms: int = -1

    def infer(self, handle: Tensor, components: Sequence[Tensor]) -> Any:
        rows: Any = TensorShape([None])
        for component in components:
            rows = rows.merge_with(component.shape.with_rank_at_least(1)[:1])
        return ()

    def act(self, run: Any, queue: Queue, *inputs: Any) -> Any:
        columns = queue.checked(inputs[0], batch=True)
        rows = len(columns[0]) if columns else 0
        queue.put(run, [[np.asarray(c[i], c.dtype) for c in columns] for i in range(rows)])
        return ()


class _Dequeue(_OnQueue, abstract=True):
    """Elements that leave the queue."""

    component_types: tuple[DType, ...]
    timeout_ms: int = -1

    def _shapes(self, handle: Tensor) -> Sequence[TensorShape]:
        op = _queue_op(handle)
        if op is None:
            return (UNKNOWN,) * len(self.component_types)
        if op.types() != self.component_types:
            raise ValueError(
                f"the queue holds {[t.name for t in op.types()]}, component_types says "
                f"{[t.name for t in self.component_types]}"
            )
        return op.element_shapes()


class QueueDequeueV2(_Dequeue):
    """The next element; waits for one."""

    signature = "handle:resource -> components:[component_types]"

    def infer(self, handle: Tensor) -> Any:
        return tuple(self._shapes(handle))

    def act(self, run: Any, queue: Queue, *inputs: Any) -> Any:
        return list(queue.take(run, 1)[0])


class QueueDequeueManyV2(_Dequeue):
    """The next n elements, side by side; waits until there are so many."""

    signature = "handle:resource, n:int32 -> components:[component_types]"
    by_value = True
    #: fewer will do when the queue is closed
    fewer = False

    def infer(self, handle: Tensor, n: Tensor) -> Any:
        n.shape.with_rank(0)
        count = known_scalar(n)
        if count is not None and count < 0:
            raise ValueError(f"Input 'n' must be >= 0, but is {count}")
        rows = TensorShape([None if self.fewer else count])
        return tuple(rows.concatenate(s) for s in self._shapes(handle))

    def act(self, run: Any, queue: Queue, *inputs: Any) -> Any:
        count = int(inputs[0])
        if count < 0:
            raise InvalidArgumentError(message=f"{self.type} requested {count} < 0 elements")
        queue.check_shapes_are_known()
        return queue.stacked(queue.take(run, count, self.fewer))


class QueueDequeueUpToV2(QueueDequeueManyV2):
    """The next n elements, or those that are left when the queue is closed."""

    fewer = True


class QueueCloseV2(_OnQueue):
    """Nothing more comes in; what is in it may still leave."""

    signature = "handle:resource ->"
    cancel_pending_enqueues: bool = False

    def act(self, run: Any, queue: Queue, *inputs: Any) -> Any:
        queue.close(run, self.cancel_pending_enqueues)
        return ()


class QueueIsClosedV2(_OnQueue):
    """Whether the queue is closed."""

    signature = "handle:resource -> is_closed:bool"

    def infer(self, handle: Tensor) -> Any:
        return SCALAR

    def act(self, run: Any, queue: Queue, *inputs: Any) -> Any:
        return np.array(queue.closed)


class QueueSizeV2(_OnQueue):
    """The number of elements in the queue."""

    signature = "handle:resource -> size:int32"

    def infer(self, handle: Tensor) -> Any:
        return SCALAR

    def act(self, run: Any, queue: Queue, *inputs: Any) -> Any:
        return np.array(len(queue), np.int32)
