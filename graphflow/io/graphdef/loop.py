"""One While, made of the nodes of a frame."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from graphflow.io.graphdef.conditions import MERGES, SWITCHES
from graphflow.io.graphdef.flat import Endpoint, FlatNode
from graphflow.io.graphdef.loop_shapes import loosened_wholly, settle_shapes
from graphflow.io.graphdef.names import Names, fresh
from graphflow.io.graphdef.nodes import wait
from graphflow.io.graphdef.order import Piece, in_order
from graphflow.io.graphdef.pieces import ImportedBody, add, build_pieces
from graphflow.ir.node import Node, Tensor
from graphflow.ops.bodies import seen_from, stateful_inside, united, wait_for

ENTERS = frozenset(["Enter", "RefEnter"])
EXITS = frozenset(["Exit", "RefExit"])
NEXTS = frozenset(["NextIteration", "RefNextIteration"])


class Loop:
    """The nodes of a frame that go round together, known outside by the names of its Exits."""

    def __init__(self, frame: str, pieces: Sequence[Piece]) -> None:
        self.frame = frame
        nodes = [p for p in pieces if isinstance(p, FlatNode)]
        self.by_name = {name: p for p in pieces for name in p.gives}
        self.enters = [n for n in nodes if n.op in ENTERS]
        self.exits = [n for n in nodes if n.op in EXITS]
        self.merges = [n for n in nodes if n.op in MERGES and any(map(self._next, n.inputs))]
        self.condition = self._condition(nodes)
        self.switches = {
            n.name for n in nodes if n.op in SWITCHES and n.inputs[1:] == [(self.condition.name, 0)]
        }
        self.inputs = [e for n in self.enters for e in n.inputs]
        self.controls = [c for n in self.enters for c in n.controls]
        self.name = self.condition.name
        for merge in self.merges:
            if len(merge.inputs) != 2 or all(map(self._next, merge.inputs)):
                raise ValueError(
                    f"Node '{merge.name}' ({merge.op}): a loop variable has two values, "
                    "a first one from Enter and the others from NextIteration"
                )

    @property
    def gives(self) -> Iterable[str]:
        return [n.name for n in self.exits]

    @property
    def needs(self) -> Iterable[str]:
        return [*(n for n, _ in self.inputs), *self.controls]

    def _next(self, endpoint: Endpoint) -> bool:
        node = self.by_name.get(endpoint[0])
        return isinstance(node, FlatNode) and node.op in NEXTS

    def _condition(self, nodes: Sequence[FlatNode]) -> FlatNode:
        found = [n for n in nodes if n.op == "LoopCond"]
        if len(found) != 1 or len(found[0].inputs) != 1:
            raise ValueError(
                f"the loop of the frame '{self.frame}' ({nodes[0].name!r}, ...) has {len(found)} LoopCond nodes, not one"
            )
        return found[0]

    def build(self, names: Names) -> None:
        """Make the node, and a node under the name of each Exit."""
        try:
            loop = _Making(self, names)
            loop.fill()
        except ValueError:
            # a first value may have a shape that only the first iteration has
            if not names.library.may_retry():
                raise
            loop.undo()
            loop = _Making(self, names, loose=True)
            loop.fill()
        values = loop.node()
        after = Names(names.graph, names.spelling, names)
        for merge, value in values.items():
            after.bind((merge, 0), value)
        build_pieces(self.slice(self.exits), after)
        for node in self.exits:
            passed = fresh(names.graph, names.spelling.full(node.name))
            value = after.tensor(*node.inputs[0], node.name)
            made = add(names.graph, "Identity", [value], passed)
            wait(made, node.controls, names)
            names.define(node.name, made)

    def slice(self, ends: Iterable[FlatNode]) -> list[Piece]:
        """The pieces of one iteration that these nodes use, in an order in which they run."""
        from graphflow.io.graphdef.raising import raised  # noqa: F401

        found: dict[int, Piece] = {}
        todo = [name for node in ends for name in node.needs]
        while todo:
            piece = self.by_name.get(todo.pop())
            if piece is None or id(piece) in found:
                continue
            if isinstance(piece, FlatNode):
                if piece.op in ENTERS or piece in self.merges:
                    continue
                if piece.name in self.switches:
                    todo.append(piece.inputs[0][0])
                    continue
            found[id(piece)] = piece
            todo.extend(piece.needs)
        return []
