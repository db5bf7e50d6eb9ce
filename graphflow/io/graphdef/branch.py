"""One If, made of the pieces of its branches."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from graphflow.io.graphdef.conditions import Choice
from graphflow.io.graphdef.flat import Endpoint, FlatNode
from graphflow.io.graphdef.names import Names, fresh
from graphflow.io.graphdef.pieces import ImportedBody, add, build_pieces, constant, waited
from graphflow.ir.node import Node, Tensor
from graphflow.ops.bodies import seen_from, stateful_inside, united, wait_for

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
        """Make the node, and a node under the name of each Merge."""
        full = names.spelling.full(self.name)
        label = fresh(names.graph, f"{full.rpartition('/')[0] or full}/If", names.spelling.claimed)
        node = self.made(names, label)
        outputs = iter(node.outputs)
        for merge, _ in self.merges:
            value = next(outputs)
            passed = fresh(names.graph, names.spelling.full(merge.name))
            if merge.name in names.spelling.indexed:
                named = add(names.graph, "IdentityN", [[value, next(outputs)]], passed)
            else:
                named = add(names.graph, "Identity", [value], passed)
            names.define(merge.name, named)

    def made(self, names: Names, label: str) -> Node:
        """The If: for each Merge its value, and the number of the input that it is where somebody asks for it."""
        graph = names.graph
        condition = seen_from(graph, names.tensor(*self.predicates[self.predicate], self.name))
        bodies = [ImportedBody(graph, f"{label}/{side}") for side in SIDES]
        levels = [Names(body, names.spelling, names, branch=True) for body in bodies]
        effects = []
        for level, side in zip(levels, self.sides, strict=True):
            build_pieces(side, level)
            effects.append(self._effects(side, level))
        for merge, choice in self.merges:
            assert isinstance(choice, tuple)
            for body, level, chosen in zip(bodies, levels, choice[1:], strict=True):
                body.outputs.extend(self._chosen(merge, chosen, level))
        if any(effects) or not self.merges:
            for body, nodes in zip(bodies, effects, strict=True):
                body.outputs.append(waited(body, nodes, fresh(graph, f"{body.label}/done")))
        op = "If" if stateful_inside(bodies) else "StatelessIf"
        node = add(
            graph,
            op,
            [condition, united(bodies)],
            label,
            Tout=[t.dtype.base_dtype for t in bodies[0].outputs],
            then_branch=bodies[1],
            else_branch=bodies[0],
        )
        wait_for(node, bodies)
        for level in levels:
            level.holder = node
        return node

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

    def _chosen(self, merge: FlatNode, choice: Choice, level: Names) -> list[Tensor]:
        """The value that a Merge takes in this branch, and which of its inputs that is."""
        graph = level.graph
        label = fresh(graph, f"{level.spelling.full(merge.name)}/choice", level.spelling.claimed)
        if isinstance(choice, int):
            value = seen_from(graph, level.tensor(*merge.inputs[choice], merge.name))
            if merge.name not in level.spelling.indexed:
                return [value]
            return [value, constant(graph, np.int32(choice), label)]
        inner = Branch(self.predicates, choice[0], ((), ()), [(merge, choice)])
        return inner.made(level, label).outputs
