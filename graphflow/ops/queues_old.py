"""The queue ops of files from before handles were resources: they count as references to strings."""

from __future__ import annotations

from typing import Any

from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.ops.queue_values import Queue
from graphflow.ops.queues import (
    FIFOQueueV2,
    PaddingFIFOQueueV2,
    PriorityQueueV2,
    QueueCloseV2,
    QueueDequeueManyV2,
    QueueDequeueUpToV2,
    QueueDequeueV2,
    QueueEnqueueManyV2,
    QueueEnqueueV2,
    QueueIsClosedV2,
    QueueMaker,
    QueueSizeV2,
    RandomShuffleQueueV2,
)
from graphflow.ops.session_resources import behind, wrapped


class FakeQueue(Op):
    """The handle of a queue as the ops of old want it."""

    signature = "resource:resource -> handle:&string"
    stateful = True
    differentiable = False

    def infer(self, handle: Tensor) -> Any:
        return TensorShape((2,))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return wrapped(behind(inputs[0], Queue))


class _OldMaker(QueueMaker, abstract=True):
    """A queue whose handle counts as a reference to a string."""

    signature = "-> handle:&string"

    def infer(self) -> Any:
        return TensorShape((2,))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        return wrapped(super().execute(run, node, *inputs))


class FIFOQueue(_OldMaker, FIFOQueueV2):
    """FIFOQueueV2 with a handle of old."""


class PaddingFIFOQueue(_OldMaker, PaddingFIFOQueueV2):
    """PaddingFIFOQueueV2 with a handle of old."""


class RandomShuffleQueue(_OldMaker, RandomShuffleQueueV2):
    """RandomShuffleQueueV2 with a handle of old."""


class PriorityQueue(_OldMaker, PriorityQueueV2):
    """PriorityQueueV2 with a handle of old."""


class QueueEnqueue(QueueEnqueueV2):
    """QueueEnqueueV2 with a handle of old."""

    signature = "handle:&string, components:[Tcomponents] ->"
    stateful = False


class QueueEnqueueMany(QueueEnqueueManyV2):
    """QueueEnqueueManyV2 with a handle of old."""

    signature = "handle:&string, components:[Tcomponents] ->"
    stateful = False


class QueueDequeue(QueueDequeueV2):
    """QueueDequeueV2 with a handle of old."""

    signature = "handle:&string -> components:[component_types]"
    stateful = False


class QueueDequeueMany(QueueDequeueManyV2):
    """QueueDequeueManyV2 with a handle of old."""

    signature = "handle:&string, n:int32 -> components:[component_types]"
    stateful = False


class QueueDequeueUpTo(QueueDequeueUpToV2):
    """QueueDequeueUpToV2 with a handle of old."""

    signature = "handle:&string, n:int32 -> components:[component_types]"
    stateful = False


class QueueClose(QueueCloseV2):
    """QueueCloseV2 with a handle of old."""

    signature = "handle:&string ->"
    stateful = False


class QueueIsClosed(QueueIsClosedV2):
    """QueueIsClosedV2 with a handle of old."""

    signature = "handle:&string -> is_closed:bool"
    stateful = False


class QueueSize(QueueSizeV2):
    """QueueSizeV2 with a handle of old."""

    signature = "handle:&string -> size:int32"
    stateful = False
