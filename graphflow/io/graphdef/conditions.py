"""Under which conditions a node of Switch and Merge runs: what TensorFlow's executor finds out by dead values.

A condition is a predicate and the branch it must choose. Switch adds one, Merge takes one away; whatever needs
values under contrary conditions never runs.
"""

from __future__ import annotations

from collections.abc import Sequence

from graphflow.io.graphdef.flat import Endpoint, FlatNode
from graphflow.io.graphdef.order import Piece

SWITCHES = frozenset(["Switch", "RefSwitch"])
MERGES = frozenset(["Merge", "RefMerge"])

#: (number of a predicate, branch), by number: outer predicates have smaller ones
State = tuple[tuple[int, int], ...]

#: a Merge of more conditions than this is no program's work
GREATEST_MERGE = 256
#: branches in branches beyond this depth are no program's work
GREATEST_DEPTH = 64

#: how a Merge chooses: the input it takes, or a predicate and the choices where it is false and true
Choice = int | tuple[int, "Choice", "Choice"]


class Conditions:
    """The conditions of all pieces of one level, which come in an order in which they can run."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        self.predicates: list[Endpoint] = []
        self.choices: dict[str, Choice] = {}
        self._nodes = {p.name: p for p in pieces if isinstance(p, FlatNode)}
        self._numbers: dict[Endpoint, int] = {}
        #: name -> conditions of the node, None if it never runs; what is missing is outside and there
        self._states: dict[str, State | None] = {}
        for piece in pieces:
            state = self._state(piece)
            if state and len(state) > GREATEST_DEPTH:
                raise ValueError(f"'{piece.name}' lies under {len(state)} conditions")
            for name in piece.gives:
                self._states[name] = state

    def of(self, piece: Piece) -> State | None:
        """The conditions of a piece."""
        return next((self._states[name] for name in piece.gives), ())

    def predicate_of(self, switch: FlatNode) -> int:
        """The number of the predicate of a Switch."""
        return self._numbers[self._canonical(switch.inputs[1])]

    def _canonical(self, endpoint: Endpoint) -> Endpoint:
        """Where a predicate comes from: Identity does not make another one of it."""
        node = self._nodes.get(endpoint[0])
        while node is not None and node.op == "Identity" and node.inputs:
            endpoint = node.inputs[0]
            node = self._nodes.get(endpoint[0])
        return endpoint

    def endpoint(self, endpoint: Endpoint) -> State | None:
        """The conditions under which a value is there."""
        state = self._states.get(endpoint[0], ())
        node = self._nodes.get(endpoint[0])
        if state is None or node is None or node.op not in SWITCHES:
            return state
        return _joined(state, ((self.predicate_of(node), int(endpoint[1] == 1)),))

    def _state(self, piece: Piece) -> State | None:
        if isinstance(piece, FlatNode) and piece.op in MERGES:
            return self._merged(piece)
        if isinstance(piece, FlatNode) and piece.op == "ControlTrigger":
            return ()
        states = [self.endpoint(e) for e in piece.inputs]
        states += [self._states.get(c, ()) for c in piece.controls]
        if isinstance(piece, FlatNode) and piece.op in SWITCHES:
            if len(piece.inputs) != 2:
                raise ValueError(f"Node '{piece.name}' ({piece.op}) takes 2 inputs")
            predicate = self._canonical(piece.inputs[1])
            if predicate not in self._numbers:
                self._numbers[predicate] = len(self.predicates)
                self.predicates.append(predicate)
        return self._all(states)

    def _all(self, states: Sequence[State | None]) -> State | None:
        found: State | None = ()
        for state in states:
            found = _joined(found, state)
        return found

    def _merged(self, merge: FlatNode) -> State | None:
        """The conditions under which one of the inputs is there."""
        alive: dict[State, Choice] = {}
        for i, endpoint in enumerate(merge.inputs):
            state = self.endpoint(endpoint)
            if state is not None:
                alive.setdefault(state, i)
        if not alive:
            return None
        if len(alive) > GREATEST_MERGE:
            raise ValueError(f"Node '{merge.name}' ({merge.op}) has {len(alive)} inputs")
        while len(alive) > 1 and _united(alive):
            pass
        least = min(alive, key=len)
        if any(not set(least) <= set(other) for other in alive):
            raise ValueError(
                f"Node '{merge.name}' ({merge.op}): its inputs are not the two sides of one condition: "
                + "; ".join(self._shown(s) for s in alive)
            )
        self.choices[merge.name] = alive[least]
        return least

    def _shown(self, state: State) -> str:
        return " and ".join(f"'{self.predicates[p][0]}' is {bool(branch)}" for p, branch in state)


def _joined(a: State | None, b: State | None) -> State | None:
    """Both conditions; None if they contradict each other."""
    if a is None or b is None:
        return None
    if not a or not b or a == b:
        return a or b
    both = dict(a)
    for predicate, branch in b:
        if both.setdefault(predicate, branch) != branch:
            return None
    return tuple(sorted(both.items()))


def _united(alive: dict[State, Choice]) -> bool:
    """Make one of two states that differ in the branch of one predicate; whether there were such."""
    for state in sorted(alive, key=len, reverse=True):
        for at in range(len(state) - 1, -1, -1):
            predicate, branch = state[at]
            rest = (*state[:at], *state[at + 1 :])
            other = (*state[:at], (predicate, 1 - branch), *state[at + 1 :])
            if other not in alive:
                continue
            pair = alive.pop(state), alive.pop(other)
            first, second = pair if branch == 0 else pair[::-1]
            alive.setdefault(rest, (predicate, first, second))
            return True
    return False
