"""Staging areas: small queues that keep the next step's values at hand."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import ResourceExhaustedError
from graphflow.ir.dtype import DType
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, UNKNOWN
from graphflow.ops.queue_orders import Element, FirstInFirstOut
from graphflow.ops.queue_values import Queue
from graphflow.ops.session_resources import session_resource


class Staged(FirstInFirstOut):
    """Elements in the order in which they came, which can be looked at in their places."""

    def at(self, index: int) -> Element:
        return self._elements[index]

    def clear(self) -> None:
        self._elements.clear()

    @property
    def size_in_bytes(self) -> int:
        return sum(_bytes(element) for element in self._elements)


def _bytes(element: Element) -> int:
    return sum(int(value.nbytes) for value in element)


class StagingArea(Queue):
    """A queue that is never closed, and has room for so many bytes."""

    def __init__(self, name: str, types: Sequence[DType], capacity: int, memory: int) -> None:
        self.staged = Staged()
        shapes = (UNKNOWN,) * len(types)
        super().__init__("StagingArea", name, types, shapes, capacity or -1, self.staged)
        self._memory = memory

    def stage(self, run: Any, values: Sequence[Any]) -> None:
        """Append an element, as soon as there is room for it."""
        element = [np.array(value) for value in values]
        size = _bytes(element)
        if self._memory and size > self._memory:
            raise ResourceExhaustedError(
                message=f"Attempted to insert tensors with combined size of '{size}' bytes into Staging Area "
                f"with a memory limit of '{self._memory}'."
            )
        self.put(run, [element], lambda: self._fits(size))

    def peek(self, run: Any, index: int) -> Element:
        """The element in a place, as soon as there is one."""
        with self._turn(self._taking) as turn:
            self._wait(run, turn, lambda: len(self.staged) > index >= 0, "Peek")
            return self.staged.at(index)

    def clear(self) -> None:
        with self._changed:
            self.staged.clear()
            self._changed.notify_all()

    def _fits(self, size: int) -> bool:
        return not self._memory or self.staged.size_in_bytes + size <= self._memory


class _OnArea(Op, abstract=True):
    """An op on the staging area of a shared name."""

    stateful = True
    differentiable = False

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        types, sizes = node.type_attrs()["dtypes"], self.__dict__
        area = session_resource(
            run,
            node,
            "staging area",
            lambda name: StagingArea(name, types, sizes["capacity"], sizes["memory_limit"]),
        )
        return self.act(run, area, *inputs)

    def act(self, run: Any, area: StagingArea, *inputs: Any) -> Any:
        raise NotImplementedError


class Stage(_OnArea):
    """One more element; waits for room."""

    signature = "values:[dtypes] ->"
    capacity: int = 0
    memory_limit: int = 0
    container: str = ""
    shared_name: str = ""

    def act(self, run: Any, area: StagingArea, *inputs: Any) -> Any:
        area.stage(run, inputs[0])
        return ()


class Unstage(_OnArea, kw_only=True):
    """The next element; waits for one."""

    signature = "-> values:[dtypes]"
    capacity: int = 0
    memory_limit: int = 0
    dtypes: tuple[DType, ...]
    container: str = ""
    shared_name: str = ""

    def infer(self) -> Any:
        return (UNKNOWN,) * len(self.dtypes)

    def act(self, run: Any, area: StagingArea, *inputs: Any) -> Any:
        return list(area.take(run, 1)[0])


class StagePeek(_OnArea, kw_only=True):
    """The element in a place, which stays there; waits for one."""

    signature = "index:int32 -> values:[dtypes]"
    capacity: int = 0
    memory_limit: int = 0
    dtypes: tuple[DType, ...]
    container: str = ""
    shared_name: str = ""

    def infer(self, index: Tensor) -> Any:
        return (UNKNOWN,) * len(self.dtypes)

    def act(self, run: Any, area: StagingArea, *inputs: Any) -> Any:
        return list(area.peek(run, int(inputs[0])))


class StageSize(_OnArea, kw_only=True):
    """The number of elements."""

    signature = "-> size:int32"
    capacity: int = 0
    memory_limit: int = 0
    dtypes: tuple[DType, ...]
    container: str = ""
    shared_name: str = ""

    def infer(self) -> Any:
        return SCALAR

    def act(self, run: Any, area: StagingArea, *inputs: Any) -> Any:
        return np.array(len(area), np.int32)


class StageClear(_OnArea, kw_only=True):
    """No elements any more."""

    signature = "->"
    capacity: int = 0
    memory_limit: int = 0
    dtypes: tuple[DType, ...]
    container: str = ""
    shared_name: str = ""

    def act(self, run: Any, area: StagingArea, *inputs: Any) -> Any:
        area.clear()
        return ()
