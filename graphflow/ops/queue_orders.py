"""In which order a queue hands out its elements: as they came, at random, or by priority."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

from graphflow.numeric.random.philox import Stream, Words
from graphflow.numeric.random.shuffle import queue_index

#: an element of a queue: an array for each component
Element = Sequence[Any]


class Order(Protocol):
    """The elements of a queue, and which one is next."""

    def __len__(self) -> int: ...

    def put(self, element: Element) -> None: ...

    def take(self) -> Element: ...

    def put_back(self, elements: Sequence[Element]) -> None:
        """Return elements that were taken just now, in the order in which they were taken."""


class FirstInFirstOut:
    """The element that came first goes first."""

    def __init__(self) -> None:
        self._elements: deque[Element] = deque()

    def __len__(self) -> int:
        return len(self._elements)

    def put(self, element: Element) -> None:
        self._elements.append(element)

    def take(self) -> Element:
        return self._elements.popleft()

    def put_back(self, elements: Sequence[Element]) -> None:
        self._elements.extendleft(reversed(elements))


class AtRandom:
    """Any element; the last one then moves into its place."""

    def __init__(self, seed: int, seed2: int) -> None:
        self._elements: list[Element] = []
        unseeded = seed == 0 and seed2 == 0
        self._words = Words(Stream.nondeterministic() if unseeded else Stream(seed, seed2))

    def __len__(self) -> int:
        return len(self._elements)

    def put(self, element: Element) -> None:
        self._elements.append(element)

    def take(self) -> Element:
        at = queue_index(self._words, len(self._elements))
        taken = self._elements[at]
        self._elements[at] = self._elements[-1]
        self._elements.pop()
        return taken

    def put_back(self, elements: Sequence[Element]) -> None:
        self._elements.extend(elements)


class ByPriority:
    """The element with the smallest first component.

    A binary heap. Elements of one priority come out in the order that C++'s standard heap gives, which is
    TensorFlow's: a hole at the top sinks to a leaf by its smaller child, the right one of two equals, and the last
    element rises from there.
    """

    def __init__(self) -> None:
        self._heap: list[Element] = []

    def __len__(self) -> int:
        return len(self._heap)

    def put(self, element: Element) -> None:
        self._heap.append(element)
        self._rise(len(self._heap) - 1, element)

    def put_back(self, elements: Sequence[Element]) -> None:
        for element in elements:
            self.put(element)

    def take(self) -> Element:
        heap = self._heap
        last = heap.pop()
        if not heap:
            return last
        first = heap[0]
        self._rise(self._sunk(), last)
        return first

    def _sunk(self) -> int:
        """The leaf at which a hole made at the top arrives."""
        heap, hole = self._heap, 0
        while 2 * hole + 2 < len(heap):
            child = 2 * hole + 2
            if heap[child][0] > heap[child - 1][0]:
                child -= 1
            heap[hole] = heap[child]
            hole = child
        if 2 * hole + 1 < len(heap):
            heap[hole] = heap[2 * hole + 1]
            hole = 2 * hole + 1
        return hole

    def _rise(self, hole: int, element: Element) -> None:
        heap = self._heap
        while hole and heap[(hole - 1) // 2][0] > element[0]:
            heap[hole] = heap[(hole - 1) // 2]
            hole = (hole - 1) // 2
        heap[hole] = element
