"""Switch and Merge as If: the pieces between them become the bodies of its branches.

A run of pieces under one condition becomes one If where it can. Where something after the If takes part in what comes
later under the same condition, as in gradients, there are several, and each hands out what the later ones use.
"""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from typing import Any

from graphflow.io.graphdef.branch import Branch
from graphflow.io.graphdef.conditions import MERGES, SWITCHES, Choice, Conditions, State
from graphflow.io.graphdef.flat import Endpoint, FlatNode
from graphflow.io.graphdef.order import Piece, cycle, users


def raise_branches(pieces: Sequence[Piece], conditions: Conditions | None = None) -> list[Piece]:
    """The pieces of one level, in an order in which they run, without Switch and Merge."""
    if not any(isinstance(p, FlatNode) and p.op in SWITCHES | MERGES for p in pieces):
        return list(pieces)
    conditions = conditions or Conditions(pieces)
    alive = [p for p in pieces if conditions.of(p) is not None]
    return _Level(alive, (), conditions).arranged()


class _Level:
    """Pieces that run under at least the conditions `state`, put in order one after the other.

    Those under exactly these conditions stay as they are. The others gather in groups: what belongs to one
    predicate and hangs together. When nothing else can come next, all that can run of one group becomes an If.
    """

    def __init__(self, pieces: Sequence[Piece], state: State, conditions: Conditions) -> None:
        self.pieces, self.state, self.conditions = pieces, state, conditions
        self.used_by, self.waits = users(pieces)
        self.predicate = [self._predicate(p) for p in pieces]
        self.group = _groups(pieces, self.predicate, self.used_by)
        #: how many pieces of a group wait for something outside of it
        self.foreign: dict[int, int] = {}
        for i, used in enumerate(self.used_by):
            for user in used:
                if self._group_of(user) not in (None, self._group_of(i)):
                    self.foreign[self.group[user]] = self.foreign.get(self.group[user], 0) + 1
        self.ready: list[int] = []
        self.ready_in: dict[int, list[int]] = {}
        self.result: list[Piece] = []

    def _predicate(self, piece: Piece) -> int | None:
        """The first predicate beyond those of this level that the piece depends on."""
        state = self.conditions.of(piece)
        assert state is not None
        return next(
            (p for p, _ in state if (p, 0) not in self.state and (p, 1) not in self.state), None
        )

    def _group_of(self, i: int) -> int | None:
        return None if self.predicate[i] is None else self.group[i]

    def arranged(self) -> list[Piece]:
        for i, count in enumerate(self.waits):
            if not count:
                self._now_ready(i)
        done = 0
        while self.ready or self.ready_in:
            if self.ready:
                i = heapq.heappop(self.ready)
                self._place(self.pieces[i])
                self._release(i, None)
                done += 1
            else:
                done += self._branch(min(self.ready_in, key=self._urgency))
        if done < len(self.pieces):
            raise cycle([p for p, count in zip(self.pieces, self.waits, strict=True) if count])
        return self.result

    def _urgency(self, group: int) -> tuple[bool, int]:
        """Groups that wait for nothing outside come first: they become one If."""
        return self.foreign.get(group, 0) > 0, min(self.ready_in[group])

    def _now_ready(self, i: int) -> None:
        group = self._group_of(i)
        if group is None:
            heapq.heappush(self.ready, i)
        else:
            self.ready_in.setdefault(group, []).append(i)

    def _release(self, i: int, within: int | None) -> list[int]:
        """Piece i has its place: count it for its users; those of the group `within` that can run now."""
        found = []
        for user in self.used_by[i]:
            group = self._group_of(user)
            if group is not None and group != self._group_of(i):
                self.foreign[group] -= 1
            self.waits[user] -= 1
            if not self.waits[user]:
                if group is not None and group == within:
                    found.append(user)
                else:
                    self._now_ready(user)
        return found

    def _place(self, piece: Piece) -> None:
        if not isinstance(piece, FlatNode) or piece.op not in MERGES:
            self.result.append(piece)
            return
        choice = self.conditions.choices[piece.name]
        if isinstance(choice, int):
            self.result.append(piece.identity(piece.inputs[choice]))
        else:
            predicates = self.conditions.predicates
            self.result.append(Branch(predicates, choice[0], ((), ()), [(piece, choice)]))

    def _branch(self, group: int) -> int:
        """An If of all that can run now of a group; how many pieces it holds."""
        todo = self.ready_in.pop(group)
        inside: list[int] = []
        while todo:
            i = todo.pop()
            inside.append(i)
            todo.extend(self._release(i, group))
        inside.sort()
        predicate = self.predicate[inside[0]]
        assert predicate is not None
        sides: list[list[Piece]] = []
        for branch in (0, 1):
            taken = [
                self.pieces[i]
                for i in inside
                if (predicate, branch) in (self.conditions.of(self.pieces[i]) or ())
            ]
            state = tuple(sorted((*self.state, (predicate, branch))))
            sides.append(_Level(taken, state, self.conditions).arranged())
        merges = self._merges(predicate, {name for i in inside for name in self.pieces[i].gives})
        made = [(merge, choice) for _, merge, choice in merges]
        self.result.append(
            Branch(self.conditions.predicates, predicate, (sides[0], sides[1]), made)
        )
        for i, _, _ in merges:
            self._release(i, None)
        return len(inside) + len(merges)

    def _merges(self, predicate: int, inside: set[str]) -> list[tuple[int, FlatNode, Choice]]:
        """The Merges that can come now and choose by this predicate: they are results of the If."""
        found: list[tuple[int, FlatNode, Choice]] = []
        for i in sorted(self.ready):
            piece = self.pieces[i]
            if not isinstance(piece, FlatNode) or piece.op not in MERGES:
                continue
            choice = self.conditions.choices[piece.name]
            if (
                isinstance(choice, tuple)
                and choice[0] == predicate
                and any(n in inside for n, _ in piece.inputs)
            ):
                found.append((i, piece, choice))
        taken = {i for i, _, _ in found}
        self.ready = [i for i in self.ready if i not in taken]
        heapq.heapify(self.ready)
        return found


def _is_merge(piece: Piece) -> bool:
    return isinstance(piece, FlatNode) and piece.op in MERGES


def _groups(
    pieces: Sequence[Piece], predicate: Sequence[int | None], used_by: Sequence[Sequence[int]]
) -> list[int]:
    """For each piece the number of its group: pieces of one predicate that hang together by what they use.

    Those that a Merge chooses between hang together too, and those whose Switches name the same predicate: they were
    written as one tf.cond.
    """
    leader = list(range(len(pieces)))

    def find(i: int) -> int:
        while leader[i] != i:
            leader[i] = leader[leader[i]]
            i = leader[i]
        return i

    # where a predicate is switched by itself, that only marks a branch: all conditions on it may share the name
    switches: dict[str, Endpoint] = {
        p.name: p.inputs[1]
        for p in pieces
        if isinstance(p, FlatNode) and p.op in SWITCHES and p.inputs[0] != p.inputs[1]
    }
    first: dict[Any, int] = {}
    for i, used in enumerate(used_by):
        number = predicate[i]
        if number is None:
            continue
        for user in used:
            if predicate[user] == number:
                leader[find(user)] = find(i)
            elif predicate[user] is None and _is_merge(pieces[user]):
                leader[find(i)] = find(first.setdefault((number, user), i))
        for name, _ in pieces[i].inputs:
            if name in switches:
                key = number, switches[name]
                leader[find(i)] = find(first.setdefault(key, i))
    return [find(i) for i in range(len(pieces))]
