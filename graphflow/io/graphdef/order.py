"""The order in which the pieces of a file are built: what a piece needs comes before it."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Sequence
from typing import Protocol, TypeVar


class Piece(Protocol):
    """A node of a file, or several that are built together."""

    name: str
    #: the values and the nodes of the same level that it uses
    inputs: list[tuple[str, int]]
    controls: list[str]

    @property
    def gives(self) -> Iterable[str]: ...

    @property
    def needs(self) -> Iterable[str]: ...


P = TypeVar("P", bound=Piece)


def users(pieces: Sequence[Piece]) -> tuple[list[list[int]], list[int]]:
    """For each piece the places of those that need it, and how many pieces each one waits for."""
    giver = {name: i for i, piece in enumerate(pieces) for name in piece.gives}
    used_by: list[list[int]] = [[] for _ in pieces]
    waits = [0] * len(pieces)
    for i, piece in enumerate(pieces):
        for source in {giver[n] for n in piece.needs if n in giver}:
            used_by[source].append(i)
            waits[i] += 1
    return used_by, waits


def in_order(pieces: Sequence[P]) -> list[P]:
    """The pieces, each after what it needs, else as they stand; ValueError for a cycle."""
    used_by, waits = users(pieces)
    ready = [i for i, count in enumerate(waits) if not count]
    ordered: list[P] = []
    while ready:
        i = heapq.heappop(ready)
        ordered.append(pieces[i])
        for user in used_by[i]:
            waits[user] -= 1
            if not waits[user]:
                heapq.heappush(ready, user)
    if len(ordered) < len(pieces):
        raise cycle([p for p, count in zip(pieces, waits, strict=True) if count])
    return ordered


def cycle(left: Sequence[Piece]) -> ValueError:
    """The error for pieces that wait for each other."""
    names = ", ".join(repr(p.name) for p in left[:3])
    more = f" and {len(left) - 3} more" if len(left) > 3 else ""
    return ValueError(
        f"{len(left)} nodes in a cycle, or behind one, that is no loop of Enter, Merge and NextIteration: {names}{more}"
    )
