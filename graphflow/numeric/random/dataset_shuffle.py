"""The order in which a dataset's shuffling buffer gives elements out."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from graphflow.numeric.random.philox import Stream, Words

Element = TypeVar("Element")

# Of so many epochs that are only partly given out, the buffer takes in no further elements.
MOST_EPOCHS = 3
END: Any = object()


@dataclass(slots=True)
class EpochSeeds:
    """The random words of one epoch after another of a dataset that is shuffled anew each time, or never."""

    seed: int
    seed2: int
    reshuffle: bool = True
    _parent: Words = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._parent = Words(Stream(self.seed, self.seed2))

    def next_epoch(self) -> Words:
        """The words for the next epoch's order."""
        if not self.reshuffle:
            return Words(Stream(self.seed, self.seed2))
        seed = self._parent.draw()
        return Words(Stream(seed, self._parent.draw()))


def dataset_shuffle(
    epoch: Callable[[], Iterator[Element]],
    buffer_size: int,
    words: Words,
    epochs: int | None = 1,
    at_once: Callable[[Element], bool] = lambda element: False,
) -> Iterator[Element]:
    """The elements of `epochs` calls of `epoch` (None: without end), each taken at random from those in the buffer.

    An epoch's elements never come after one of the next epoch. The element drawn leaves its place to the
    oldest of its epoch. Elements that are to be given `at_once`, such as errors, stay out of the buffer.
    """
    if buffer_size < 1:
        raise ValueError(f"buffer_size must be greater than zero, got {buffer_size}")
    return _shuffled(epoch, buffer_size, words, epochs, at_once)


def _shuffled(
    epoch: Callable[[], Iterator[Element]],
    buffer_size: int,
    words: Words,
    epochs: int | None,
    at_once: Callable[[Element], bool],
) -> Iterator[Element]:
    # Elements are held by their place in the order of arrival; a span of places belongs to each epoch.
    held: dict[int, Element] = {}
    spans = deque([[0, 0]])
    source = None if epochs == 0 else epoch()
    begun, arrived = 1, 0
    while True:
        while source is not None and len(held) < buffer_size:
            element = next(source, END)
            if element is END:
                if epochs is None and not arrived:
                    return
                source = epoch() if epochs is None or begun < epochs else None
                begun += 1
                spans.append([arrived, arrived])
                continue
            if at_once(element):
                yield element
                continue
            held[arrived] = element
            arrived += 1
            spans[-1][1] = arrived
            if len(spans) > MOST_EPOCHS:
                break
        if not held:
            return
        while spans[0][0] == spans[0][1]:
            spans.popleft()
        span = spans[0]
        drawn = span[0] + words.draw() % (span[1] - span[0])
        element = held[drawn]
        held[drawn] = held[span[0]]
        del held[span[0]]
        span[0] += 1
        yield element
