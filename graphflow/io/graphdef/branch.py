"""One If, made of the pieces of its branches."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from graphflow.io.graphdef.conditions import Choice
from graphflow.io.graphdef.flat import Endpoint, FlatNode
from graphflow.io.graphdef.names import Names, fresh
from graphflow.io.graphdef.pieces import ImportedBody, add, build_pieces, constant, waited
from graphflow.ir.node import Node, Tensor
from graphflow.ops.bodies import seen_from, stateful_inside, united, wait_for
from graphflow.ops.control_flow import open_to_waiters, taken_from_branch

if TYPE_CHECKING:
    from graphflow.io.graphdef.order import Piece

SIDES = ("else", "then")


class Branch:
    """Pieces that run where a predicate is false, pieces that run where it is true, and Merges that choose."""

    def __init__(
        self,
        predicates: Sequence[Endpoint],
        predicate: int,
        sides: tuple[Sequence[Piece], Sequence[Piece]],
        merges: Sequence[tuple[FlatNode, Choice]],
    ) -> None:
        self.predicates, self.predicate = predicates, predicate
        self.sides, self.merges = sides, merges
        self.inputs: list[Endpoint] = []
        self.controls: list[str] = []
        self.inside = [name for side in sides for piece in side for name in piece.gives]
        self.name = merges[0][0].name if merges else self.inside[0]

    @property
    def gives(self) -> Iterable[str]:
        return [*self.inside, *(m.name for m, _ in self.merges)]

    @property
    def needs(self) -> Iterable[str]:
        return ()

    def build(self, names: Names) -> None:
        """Make the node, and a node under the name of each Merge; without any, only when somebody asks for it."""
        if self.merges or not names.can_defer:
            self._build(names)
        else:
            names.defer(self.inside, functools.partial(self._build, names))

    def _build(self, names: Names) -> None:
        graph, spelling = names.graph, names.spelling
        full = spelling.full(self.name)
        made = self.made(names, spelling.auxiliary(graph, f"{full.rpartition('/')[0] or full}/If"))
        for k, (merge, _) in enumerate(self.merges):
            value = made.node.outputs[k]
            named = add(graph, "Identity", [value], fresh(graph, spelling.full(merge.name)))
            names.define(merge.name, named)
            names.lazy[merge.name, 1] = functools.partial(_index, made, k)

    def made(self, names: Names, label: str) -> _Made:
        """The If; its first outputs are the values of the Merges."""
        graph = names.graph
        condition = seen_from(graph, names.tensor(*self.predicates[self.predicate], self.name))
        bodies = [ImportedBody(graph, f"{label}/{side}") for side in SIDES]
        levels = [Names(body, names.spelling, names, branch=True) for body in bodies]
        effects = []
        for level, side in zip(levels, self.sides, strict=True):
            build_pieces(side, level)
            effects.append(self._effects(side, level))
        picks = []
        for merge, choice in self.merges:
            assert isinstance(choice, tuple)
            picked = [
                self._picked(merge, c, level) for c, level in zip(choice[1:], levels, strict=True)
            ]
            picks.append(picked)
        if any(effects) or not self.merges:
            for body, nodes in zip(bodies, effects, strict=True):
                body.outputs.append(waited(body, nodes, fresh(graph, f"{body.label}/done")))
        node = add(
            graph,
            "If" if stateful_inside(bodies) else "StatelessIf",
            [condition, united(bodies)],
            label,
            Tout=[t.dtype.base_dtype for t in bodies[0].outputs],
            then_branch=bodies[1],
            else_branch=bodies[0],
        )
        wait_for(node, bodies)
        open_to_waiters(node)
        for level in levels:
            level.holder = node
        return _Made(node, bodies, picks)

    def _effects(self, side: Sequence[Piece], level: Names) -> list[Node]:
        """The nodes of a branch that something outside of it waits for."""
        inside, waiters = set(self.inside), level.spelling.waiters
        awaited = [
            level.control(name)
            for piece in side
            for name in piece.gives
            if not inside.issuperset(waiters.get(name, ()))
        ]
        return [n for n in awaited if n is not None and n.graph is level.graph]

    def _picked(self, merge: FlatNode, choice: Choice, level: Names) -> int | _Made:
        """Let the value that a Merge takes in this branch be a result of it."""
        graph = level.graph
        if isinstance(choice, int):
            graph.outputs.append(seen_from(graph, level.tensor(*merge.inputs[choice], merge.name)))
            return choice
        label = level.spelling.auxiliary(graph, f"{level.spelling.full(merge.name)}/If")
        inner = Branch(self.predicates, choice[0], ((), ()), [(merge, choice)]).made(level, label)
        graph.outputs.append(inner.node.outputs[0])
        return inner


@dataclass
class _Made:
    """An If, and for each of its Merges the input that each branch takes, or the If that decides it there."""

    node: Node
    bodies: Sequence[ImportedBody]
    picks: Sequence[Sequence[int | _Made]]


def _index(made: _Made, k: int) -> Tensor:
    """The number of the input that a Merge took: one more output, made when somebody asks for it."""
    values = []
    for body, pick in zip(made.bodies, made.picks[k], strict=True):
        if isinstance(pick, int):
            values.append(constant(body, np.int32(pick), fresh(body, f"{body.label}/value_index")))
        else:
            values.append(_index(pick, 0))
    index = taken_from_branch(made.node, made.bodies[1], values[1])
    made.bodies[0].outputs[-1] = values[0]
    return index
