"""The two bodies of a While, condition and iteration, as they are put together from the nodes of a frame."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from graphflow.io.graphdef.flat import FlatNode
from graphflow.io.graphdef.loop_shapes import settle_shapes
from graphflow.io.graphdef.names import Names, fresh
from graphflow.io.graphdef.nodes import wait
from graphflow.io.graphdef.pieces import ImportedBody, add, build_pieces
from graphflow.io.graphdef.undo import Made
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops.bodies import seen_from, stateful_inside, united, wait_for
from graphflow.ops.control_flow import open_to_waiters

if TYPE_CHECKING:
    from graphflow.io.graphdef.loop import Loop


class Iteration:
    """A loop being made: `fill` makes its bodies, `values` makes the node; `loose` takes no shape from first values."""

    def __init__(self, loop: Loop, names: Names, loose: bool = False) -> None:
        self.loop, self.names, self.loose = loop, names, loose
        self._before = Made(names.graph.ledger)
        full = names.spelling.full(loop.condition.name)
        scope = full.rpartition("/")[0] or full
        self.label = names.spelling.auxiliary(names.graph, f"{scope}/While")
        self.bodies = [ImportedBody(names.graph, f"{self.label}/{b}") for b in ("cond", "body")]
        self.bodies[1].beside = self.bodies[0]
        self.levels = [Names(body, names.spelling, names) for body in self.bodies]
        #: loop variables, with their first values
        self.carried: list[tuple[FlatNode, FlatNode, Tensor]] = []
        #: references go round as they are, or not at all
        self.kept: list[tuple[FlatNode, Tensor]] = []

    def fill(self) -> None:
        """Make the nodes of both bodies."""
        for merge, endpoint, later in self.loop.variables:
            first = seen_from(self.names.graph, self.names.tensor(*endpoint, merge.name))
            if first.dtype._is_ref_dtype and self._unchanged(later, merge):
                self.kept.append((merge, first))
            else:
                self.carried.append((merge, later, first))
        for level, body in zip(self.levels, self.bodies, strict=True):
            for merge, first in self.kept:
                level.bind((merge.name, 0), first)
            for merge, _, first in self.carried:
                body.inputs.append(self._argument(body, merge, first))
                level.bind((merge.name, 0), body.inputs[-1])
        self._fill_condition()
        self._fill_body()
        self.invariants = united(self.bodies)
        settle_shapes(self.bodies, len(self.carried))

    def _argument(self, body: ImportedBody, merge: FlatNode, first: Tensor) -> Tensor:
        known = first.shape.known
        shape = (
            TensorShape(None if known is None else [None] * len(known))
            if self.loose
            else first.shape
        )
        name = self.names.spelling.full(merge.name)
        if body is self.bodies[0]:
            name = f"{body.label}/{name.rpartition('/')[2]}"
        return body.parameter(first.dtype.base_dtype, shape, name)

    def _unchanged(self, later: FlatNode, merge: FlatNode) -> bool:
        """Whether a loop variable is in the next iteration what it was in this one."""
        nodes = {n.name: n for n in self.loop.nodes}
        endpoint = self.names.spelling.resolved(later.inputs[0])
        node = nodes.get(endpoint[0])
        while node is not None and node.op in ("Identity", "RefIdentity") and node.inputs:
            endpoint = self.names.spelling.resolved(node.inputs[0])
            node = nodes.get(endpoint[0])
        return endpoint == (merge.name, 0)

    def _fill_condition(self) -> None:
        condition = self.loop.condition
        build_pieces(self.loop.slice([condition]), self.levels[0])
        self.bodies[0].outputs = [self._result(0, condition)]

    def _fill_body(self) -> None:
        nexts = [later for _, later, _ in self.carried]
        build_pieces(self.loop.slice(nexts), self.levels[1])
        self.bodies[1].outputs = [self._result(1, later) for later in nexts]

    def _result(self, which: int, node: FlatNode) -> Tensor:
        """What comes out of LoopCond or NextIteration, after all that it waits for."""
        level, body = self.levels[which], self.bodies[which]
        value = seen_from(body, level.tensor(*node.inputs[0], node.name))
        if not node.controls:
            return value
        made = add(body, "Identity", [value], fresh(body, self.names.spelling.full(node.name)))
        wait(made, node.controls, level)
        assert made.out is not None
        return made.out

    def values(self) -> Iterator[tuple[FlatNode, Tensor]]:
        """Make the node: the last value of each loop variable."""
        yield from self.kept
        bodies, firsts = self.bodies, [first for _, _, first in self.carried]
        node = add(
            self.names.graph,
            "While" if stateful_inside(bodies) else "StatelessWhile",
            [[*firsts, *self.invariants]],
            self.label,
            Tout=[t.dtype.base_dtype for t in bodies[1].outputs],
            cond=bodies[0],
            body=bodies[1],
            carries=len(firsts),
            parallel_iterations=self.loop.parallel_iterations,
        )
        wait_for(node, bodies)
        open_to_waiters(node)
        for (merge, _, _), value in zip(self.carried, node.outputs, strict=True):
            yield merge, value

    def undo(self) -> None:
        """Take back what was made, as if it had not been tried."""
        self._before.restore()
