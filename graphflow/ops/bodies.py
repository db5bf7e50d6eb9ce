"""Bodies of branches and loops: graphs inside a graph, which see outer tensors through arguments."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from graphflow.ir import build, report
from graphflow.ir.dtype import DType, DTypeOrRef
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import Symbol, TensorShape


class Arg(Op):
    """What a body is given: a value computed outside, a loop variable, or an element of a list."""

    signature = "-> output:dtype"
    dtype: DTypeOrRef
    shape: TensorShape = TensorShape(None)

    def infer(self) -> Any:
        return self.shape

    def gradient(self, n: Node, *grads: Any) -> Sequence[Tensor | None]:
        return []


class Body(Graph):
    """A graph inside another; what its nodes want from outside comes in through arguments.

    `label` names those arguments as TensorFlow names the node that carries a tensor in: Switch or Enter.
    """

    def __init__(self, outer: Graph, label: str = "Switch", beside: Body | None = None) -> None:
        super().__init__(outer)
        self.label = label
        #: the condition of the loop that this is the body of: TensorFlow carries a tensor into both at once
        self.beside = beside
        #: outer nodes that something in here waits for
        self.waits: dict[Node, None] = {}
        self.capture = self.carried_in

    def carried_in(self, tensor: Tensor) -> Tensor:
        """The argument through which `tensor`, of a graph further out, is seen in here."""
        outer = seen_from(self._outside, tensor)
        found = self.captures.get(outer)
        if found is None:
            found = self.argument(outer)
            if self.beside is not None and outer in self.beside.captures:
                self.ledger.count -= 1
        return found

    @property
    def _outside(self) -> Graph:
        assert self.outer is not None
        return self.outer

    def argument(self, outer: Tensor) -> Tensor:
        """A new argument for a tensor of the graph outside."""
        self.captures[outer] = made = self.parameter(outer.dtype, outer.shape, self.label)
        return made

    def parameter(self, dtype: DType, shape: TensorShape, name: str) -> Tensor:
        """A new argument; which place it has among the inputs is settled when the body is complete."""
        # no control block may hold it: nodes that use it would seem to have waited already
        with self.control_dependencies(None), self.device(None), self.colocate_with(None):
            node = build.add(self, Arg(dtype, shape), [], {}, self.unique_name(name))
        assert node.out is not None
        return node.out

    def surrounding_controls(self, inputs: Any) -> tuple[Node, ...]:
        for block in self.control:
            self.waits.update((n, None) for n in block.waited if n.graph is not self)
        # an argument is there from the start: there is nothing to wait for
        return tuple(n for n in super().surrounding_controls(inputs) if n.type != "Arg")


def seen_from(graph: Graph, tensor: Tensor) -> Tensor:
    """`tensor` as `graph` sees it: itself, or the argument of a body that carries it in."""
    if tensor.graph is graph:
        return tensor
    if graph.capture is not None:
        return graph.capture(tensor)
    raise ValueError(
        report.problem(
            f"{tensor} cannot be used here: it lives in a branch or loop body, or in another graph.",
            at=report.here(),
            operands=[("it", tensor)],
            hint="a tensor made in a body leaves it as a result of the body",
            then="",
        )
    )


@contextmanager
def uncounted(graph: Graph) -> Iterator[None]:
    """Nodes made inside have no counterpart in TensorFlow: they do not count, so random seeds stay the same."""
    before = graph.ledger.count
    try:
        yield
    finally:
        graph.ledger.count = before


def counted(graph: Graph, *names: str) -> None:
    """Count nodes that TensorFlow makes here and this design does not need, and take their names."""
    for name in names:
        graph.unique_name(name)
    graph.ledger.count += len(names)


def united(bodies: Sequence[Body]) -> list[Tensor]:
    """The outer tensors that any of the bodies uses; afterwards each body has an argument for each."""
    outer = list(dict.fromkeys(t for body in bodies for t in body.captures))
    for body in bodies:
        with uncounted(body):
            body.inputs += [
                body.captures[t] if t in body.captures else body.argument(t) for t in outer
            ]
    return outer


def wait_for(node: Node, bodies: Sequence[Body]) -> None:
    """Make the node of some bodies wait for the outer nodes that nodes inside wait for."""
    graph = node.graph
    for other in (n for body in bodies for n in body.waits):
        if other.graph is graph:
            if other.id < node.id and other not in node.controls:
                node.controls = (*node.controls, other)
        elif isinstance(graph, Body):
            graph.waits[other] = None


def stateful_inside(bodies: Sequence[Graph]) -> bool:
    """Whether running these bodies has an effect, or depends on more than the arguments."""
    return any(
        node.op.stateful or node.op.writes or any(t.dtype._is_ref_dtype for t in node.outputs)
        for body in bodies
        for node in body.nodes
    )


def common_shape(a: TensorShape, b: TensorShape) -> TensorShape:
    """What two shapes agree in."""
    if a.known is None or b.known is None or len(a.known) != len(b.known):
        return TensorShape(None)
    return TensorShape.of(
        tuple(p if p == q else Symbol() for p, q in zip(a.known, b.known, strict=True))
    )


def loosened(shape: TensorShape) -> TensorShape:
    """The shape with unknown sizes that are nobody else's."""
    if shape.known is None:
        return shape
    return TensorShape.of(tuple(Symbol() if isinstance(d, Symbol) else d for d in shape.known))
