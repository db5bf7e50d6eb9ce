"""One reverse walk over a graph, which makes gradient nodes in that graph or in another that sees it."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from graphflow.autodiff.aggregate import aggregate
from graphflow.autodiff.registry import gradient_function
from graphflow.ir import build, raw, report
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.dependencies import tuple_

Colocate = Callable[[Node], AbstractContextManager[Any]]


def anywhere(node: Node) -> AbstractContextManager[Any]:
    """Gradient nodes go where they would go without it."""
    return nullcontext()


class Walk:
    """One reverse walk over the nodes of `graph` between xs and ys.

    Gradient nodes are made in the current graph: `graph` itself, or a body that carries its tensors in.
    """

    gate = False
    method: int | None = None

    def __init__(
        self,
        graph: Graph,
        ys: Sequence[Tensor],
        xs: Sequence[Tensor],
        colocate: Colocate = anywhere,
    ) -> None:
        self.graph, self.ys, self.colocate = graph, ys, colocate
        self.reached = reached(graph, xs)
        self.between = self._between()
        self.pending: dict[Node, int] = defaultdict(int)
        inside = set(self.between)
        for node in self.between:
            for t in node.inputs:
                if t.node in inside:
                    self.pending[t.node] += 1
        self.stops = {
            x.node for x in xs if not any(self.pending[t.node] > 0 for t in x.node.inputs)
        }
        #: tensor -> the gradients that came so far; one, once the tensor's node has been visited
        self.partial: dict[Tensor, list[Any]] = {}
        self.done: dict[Tensor, Any] = {}

    def stop(self, tensors: Iterable[Tensor]) -> None:
        self.stops |= {t.node for t in tensors}

    def _between(self) -> list[Node]:
        """Nodes on a path from xs to ys, in the order of a breadth-first walk back from ys."""
        seen: set[Node] = set()
        order: list[Node] = []
        queue = deque(y.node for y in self.ys)
        while queue:
            node = queue.popleft()
            if node.graph is self.graph and self.reached[node.id] and node not in seen:
                seen.add(node)
                order.append(node)
                queue.extend(t.node for t in node.inputs)
        return order

    def run(self, seeds: Sequence[Any]) -> dict[Tensor, Any]:
        """The gradient of every tensor between, from those of the ys."""
        for y, seed in zip(self.ys, seeds, strict=True):
            self.partial.setdefault(y, []).append(seed)
        queue: deque[Node] = deque()
        for y in self.ys:
            node = y.node
            if (
                self.pending[node] == 0
                and node not in queue
                and node.graph is self.graph
                and self.reached[node.id]
            ):
                queue.append(node)
        while queue:
            node = queue.popleft()
            self._visit(node)
            for t in node.inputs:
                self.pending[t.node] -= 1
                if self.pending[t.node] == 0:
                    queue.append(t.node)
        return self.done

    def _visit(self, node: Node) -> None:
        with self.colocate(node):
            outs = []
            for output in node.outputs:
                parts = self.partial.pop(output, None)
                grad = None if parts is None else aggregate(parts, node, self.method)
                self.done[output] = grad
                outs.append(grad)
            if node in self.stops or all(g is None for g in outs):
                return
            function = gradient_function(node)
            if function is None:
                return
            for i, (output, grad) in enumerate(zip(node.outputs, outs, strict=True)):
                if grad is None and trainable(output) and not node.op.takes_none:
                    outs[i] = self._zeros(output)
            grads = self._apply(node, function, outs)
            for t, grad in zip(node.inputs, grads, strict=True):
                if grad is not None:
                    self._receive(node, t, grad)

    def _zeros(self, output: Tensor) -> Tensor:
        """The gradient of an output that the result does not depend on."""
        if output.dtype.name == "variant":
            zeros: Tensor = raw.ListZerosLike(output)
            return zeros
        # in a body the value itself would have to be kept for it
        inside = build.current_graph() is not self.graph
        return idioms.zeros_like(output, optimize=inside)

    def _apply(self, node: Node, function: Any, outs: list[Any]) -> list[Any]:
        graph = build.current_graph()
        before, graph.grad_of = graph.grad_of, node
        more = {"wanted": self._wanted(node)} if getattr(function, "takes_wanted", False) else {}
        try:
            with graph.name_scope(node.name + "_grad"):
                found = function(node, *outs, **more)
                grads = list(found) if isinstance(found, list | tuple) else [found]
                if found is None:
                    grads = []
                if len(grads) != len(node.inputs):
                    raise ValueError(
                        f"Num gradients {len(grads)} generated for op {node.name} ({node.type}) "
                        f"do not match num inputs {len(node.inputs)}"
                    )
                if self.gate and sum(g is not None for g in grads) > 1:
                    with graph.device(None), graph.colocate_with(None):
                        grads = tuple_(grads)
        finally:
            graph.grad_of = before
        return grads

    def _wanted(self, node: Node) -> list[bool]:
        """For each input whether its gradient leads on to xs."""
        return [trainable(t) and bool(self.reached[t.node.id]) for t in node.inputs]

    def _receive(self, node: Node, t: Tensor, grad: Any) -> None:
        if isinstance(grad, Tensor) and t.dtype.name != "resource":
            try:
                grad.set_shape(t.shape)
            except ValueError:
                raise ValueError(
                    report.problem(
                        "Incompatible shapes between op input and calculated input gradient: "
                        f"{t.shape} and {grad.shape}.",
                        node.type,
                        node.name,
                        node.where,
                        [("input", t), ("gradient", grad)],
                        "the gradient of an op has the shape of its input",
                    )
                ) from None
        self.partial.setdefault(t, []).append(grad)


def trainable(tensor: Tensor) -> bool:
    """Whether gradients flow through values of this type."""
    return tensor.dtype.is_differentiable


def reached(graph: Graph, xs: Sequence[Tensor]) -> bytearray:
    """Per node id: whether it depends on xs by a path of differentiable tensors. Ids are in topological order."""
    nodes = graph.nodes
    marks = bytearray(len(nodes))
    if not xs:
        return marks
    for x in xs:
        marks[x.node.id] = 1
    for i in range(min(x.node.id for x in xs), len(nodes)):
        if not marks[i]:
            for t in nodes[i].inputs:
                if marks[t.node.id] and trainable(t):
                    marks[i] = 1
                    break
    return marks
