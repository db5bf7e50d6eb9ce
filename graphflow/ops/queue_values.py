"""The queue behind a handle: who waits for room or for elements, and how waiting ends.

Whoever wants to put something in stands in one line, whoever wants to take something out in another, and only the
first of a line may act. So what one call enqueues stays together, and a call for many elements gathers them
while those behind it wait. Closing stands in the line of those who put in: what came before it gets in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from graphflow.errors import CancelledError, InvalidArgumentError, OutOfRangeError
from graphflow.ir.dtype import DType
from graphflow.ir.shape import TensorShape
from graphflow.ops.queue_orders import Element, Order
from graphflow.ops.session_waiting import Turn, Waiting


class Queue(Waiting):
    """Elements of given types and shapes, at most `capacity` of them."""

    def __init__(
        self,
        kind: str,
        name: str,
        types: Sequence[DType],
        shapes: Sequence[TensorShape],
        capacity: int,
        order: Order,
        reserve: int = 0,
    ) -> None:
        super().__init__()
        self.kind, self.name = kind, name
        self.types, self.shapes = tuple(types), tuple(shapes)
        self.capacity = capacity
        #: so many elements stay behind as long as more may come
        self.reserve = reserve
        self.closed = False
        self._order = order
        self._putting: deque[Turn] = deque()
        self._taking: deque[Turn] = deque()

    def __len__(self) -> int:
        with self._changed:
            return len(self._order)

    # ---- putting in ----------------------------------------------------------------------------------

    def put(
        self, run: Any, elements: Sequence[Element], fits: Callable[[], bool] = lambda: True
    ) -> None:
        """Append elements, each as soon as there is room for it."""
        with self._turn(self._putting) as turn:
            for element in elements:
                self._wait(run, turn, lambda: self._may_put(turn) and fits(), "Enqueue")
                if self.closed:
                    raise CancelledError(message=f"{self.kind} '{self.name}' is closed.")
                self._order.put(element)
                self._changed.notify_all()

    def _may_put(self, turn: Turn) -> bool:
        if self._putting[0] is not turn:
            return False
        return self.closed or self.capacity < 0 or len(self._order) < self.capacity

    def close(self, run: Any, cancel_pending: bool) -> None:
        """Nothing more comes in; those who wait to put something in go first, or are turned away."""
        if cancel_pending:
            with self._changed:
                self.closed = True
                for waiting in self._putting:
                    waiting.cancelled = True
                self._changed.notify_all()
            return
        with self._turn(self._putting) as turn:
            self._wait(run, turn, lambda: self._putting[0] is turn, "Enqueue")
            if self.closed:
                raise CancelledError(message=f"Queue '{self.name}' is already closed.")
            self.closed = True

    # ---- taking out ----------------------------------------------------------------------------------

    def take(self, run: Any, count: int, fewer: bool = False) -> list[Element]:
        """`count` elements; with `fewer`, those that there are when no more will come."""
        taken: list[Element] = []
        with self._turn(self._taking) as turn:
            try:
                while len(taken) < count:
                    self._wait(run, turn, lambda: self._may_take(turn), "Dequeue")
                    if self.closed and len(self._order) < count - len(taken):
                        return self._rest(taken, count, fewer)
                    taken.append(self._order.take())
                    self._changed.notify_all()
            except BaseException:
                self._order.put_back(taken)
                raise
        return taken

    def _may_take(self, turn: Turn) -> bool:
        if self._taking[0] is not turn:
            return False
        return self.closed or len(self._order) > self.reserve

    def _rest(self, taken: list[Element], count: int, fewer: bool) -> list[Element]:
        """What a closed queue still gives to somebody who has taken some already."""
        self._order.put_back(taken)
        taken.clear()
        size = len(self._order)
        if not fewer or not size:
            raise OutOfRangeError(
                message=f"{self.kind} '{self.name}' is closed and has insufficient elements "
                f"(requested {count}, current size {size})"
            )
        return [self._order.take() for _ in range(size)]

    # ---- what fits -----------------------------------------------------------------------------------

    def checked(self, values: Sequence[Any], batch: bool) -> list[Any]:
        """Copies of the components of an element, or of several, after a look at their number and their shapes."""
        if len(values) != len(self.types):
            raise InvalidArgumentError(
                message=f"Wrong number of components in tuple. Expected {len(self.types)}, got {len(values)}"
            )
        rows = values[0].shape[0] if batch and values and values[0].ndim else 0
        for i, (value, dtype, shape) in enumerate(
            zip(values, self.types, self.shapes, strict=True)
        ):
            if value.dtype != dtype.numpy:
                raise InvalidArgumentError(
                    message=f"Type mismatch in tuple component {i}. Expected {dtype.name}, got {value.dtype}"
                )
            wanted = TensorShape([rows]).concatenate(shape) if batch else shape
            fits = wanted.is_compatible_with(value.shape)
            if not fits or (batch and value.shape[:1] != (rows,)):
                raise InvalidArgumentError(
                    message=f"Shape mismatch in tuple component {i}. Expected {wanted}, got {list(value.shape)}"
                )
        return [np.array(value) for value in values]

    def check_shapes_are_known(self) -> None:
        """Only elements of one shape can be stacked."""
        if any(shape.known is None for shape in self.shapes):
            raise InvalidArgumentError(
                message=f"{self.kind}'s DequeueMany and DequeueUpTo require the components to have specified shapes."
            )

    def stacked(self, elements: Sequence[Element]) -> list[Any]:
        """Elements side by side, component by component; where sizes differ, padded with zeros at their ends."""
        columns = zip(*elements, strict=True) if elements else ((),) * len(self.types)
        kinds = zip(columns, self.types, self.shapes, strict=True)
        return [_stack(column, dtype, shape) for column, dtype, shape in kinds]


def _stack(arrays: Sequence[Any], dtype: DType, shape: TensorShape) -> Any:
    sizes = [d if isinstance(d, int) else 0 for d in shape.known or ()]
    for array in arrays:
        sizes = [max(a, b) for a, b in zip(sizes, array.shape, strict=True)]
    padding: Any = b"" if dtype.kind == "s" else 0
    out = np.full((len(arrays), *sizes), padding, dtype.numpy)
    for i, array in enumerate(arrays):
        place: Any = (i, *(slice(0, n) for n in array.shape), ...)
        out[place] = array
    return out
