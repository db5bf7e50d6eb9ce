"""One While, made of the nodes of a frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphflow.io.graphdef.branches import raise_branches
from graphflow.io.graphdef.conditions import MERGES, SWITCHES
from graphflow.io.graphdef.flat import Endpoint, FlatNode
from graphflow.io.graphdef.iteration import Iteration
from graphflow.io.graphdef.names import Names, fresh
from graphflow.io.graphdef.nodes import wait
from graphflow.io.graphdef.order import Piece, in_order
from graphflow.io.graphdef.pieces import add, build_pieces

ENTERS = frozenset(["Enter", "RefEnter"])
EXITS = frozenset(["Exit", "RefExit"])
NEXTS = frozenset(["NextIteration", "RefNextIteration"])


class Loop:
    """The nodes of a frame that go round together, known outside by the names of its Exits."""

    def __init__(self, frame: str, pieces: Sequence[Piece]) -> None:
        self.frame = frame
        self.nodes = [p for p in pieces if isinstance(p, FlatNode)]
        self._place = {name: i for i, p in enumerate(pieces) for name in p.gives}
        self._pieces = pieces
        self.exits = [n for n in self.nodes if n.op in EXITS]
        self.condition = self._condition()
        enters = [n for n in self.nodes if n.op in ENTERS]
        self.inputs = [e for n in enters for e in n.inputs]
        self.controls = [c for n in enters for c in n.controls]
        self.name = self.condition.name
        counts = [n.attrs.get("parallel_iterations") for n in enters]
        self.parallel_iterations = max(
            [n for n in counts if isinstance(n, int) and n > 0], default=10
        )
        by_name = {n.name: n for n in self.nodes}
        nexts = {n.name for n in self.nodes if n.op in NEXTS}
        #: (Merge, first value, NextIteration) of each loop variable
        self.variables: list[tuple[FlatNode, Endpoint, FlatNode]] = []
        for node in self.nodes:
            if node.op not in MERGES or not any(n in nexts for n, _ in node.inputs):
                continue
            first = [e for e in node.inputs if e[0] not in nexts]
            if len(node.inputs) != 2 or len(first) != 1:
                raise ValueError(
                    f"Node '{node.name}' ({node.op}): a loop variable has two values, "
                    "the first one from Enter and the others from NextIteration"
                )
            later = next(by_name[n] for n, _ in node.inputs if n in nexts)
            self.variables.append((node, first[0], later))
        self._ends = {merge.name for merge, _, _ in self.variables} | {n.name for n in enters}

    @property
    def gives(self) -> Iterable[str]:
        return [n.name for n in self.exits]

    @property
    def needs(self) -> Iterable[str]:
        return [*(n for n, _ in self.inputs), *self.controls]

    def _condition(self) -> FlatNode:
        found = [n for n in self.nodes if n.op == "LoopCond"]
        if len(found) != 1 or len(found[0].inputs) != 1:
            raise ValueError(
                f"the loop of the frame '{self.frame}' ('{self.nodes[0].name}', ...) has {len(found)} LoopCond "
                "nodes, not one"
            )
        return found[0]

    def build(self, names: Names) -> None:
        """Make the node, and a node under the name of each Exit."""
        iteration = Iteration(self, names)
        try:
            iteration.fill()
        except ValueError:
            # the first value may have a shape that no later one has
            if not names.library.may_retry():
                raise
            iteration.undo()
            iteration = Iteration(self, names, loose=True)
            iteration.fill()
        after = Names(names.graph, names.spelling, names)
        for merge, value in iteration.values():
            after.bind((merge.name, 0), value)
        build_pieces(self.slice(self.exits), after)
        for node in self.exits:
            passed = fresh(names.graph, names.spelling.full(node.name))
            value = after.tensor(*node.inputs[0], node.name)
            made = add(names.graph, "Identity", [value], passed)
            wait(made, node.controls, names)
            names.define(node.name, made)

    def slice(self, ends: Iterable[FlatNode]) -> list[Piece]:
        """The pieces of one iteration that these nodes use, in an order in which they run."""
        found: set[int] = set()
        todo = [name for node in ends for name in node.needs]
        while todo:
            name = todo.pop()
            place = self._place.get(name)
            if place is None or place in found or name in self._ends:
                continue
            piece = self._pieces[place]
            if self._leaves(piece):
                # both outputs are the value that goes in: where they are used says which one is meant
                todo.append(piece.inputs[0][0])
                continue
            found.add(place)
            todo.extend(piece.needs)
        return raise_branches(in_order([self._pieces[i] for i in sorted(found)]))

    def _leaves(self, piece: Piece) -> bool:
        """Whether this is a Switch that goes on to the next iteration or leaves the loop."""
        return (
            isinstance(piece, FlatNode)
            and piece.op in SWITCHES
            and piece.inputs[1:] == [(self.condition.name, 0)]
        )
