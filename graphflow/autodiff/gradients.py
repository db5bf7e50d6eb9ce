"""Reverse mode: one walk from the results back to the sources, in TensorFlow's order and under its names."""

from __future__ import annotations

import enum
from collections import defaultdict, deque
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any

from graphflow.autodiff.aggregate import AggregationMethod, aggregate
from graphflow.autodiff.registry import gradient_function
from graphflow.ir import build, raw, report
from graphflow.ir.convert import const, convert
from graphflow.ir.graph import Graph
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.dependencies import tuple_


class UnconnectedGradients(enum.Enum):
    """What the gradient of something the result does not depend on is: None, or zeros."""

    NONE = "none"
    ZERO = "zero"


def gradients(
    ys: Any,
    xs: Any,
    grad_ys: Any = None,
    name: str = "gradients",
    colocate_gradients_with_ops: bool = False,
    gate_gradients: bool = False,
    aggregation_method: int | None = None,
    stop_gradients: Any = None,
    unconnected_gradients: Any = UnconnectedGradients.NONE,
) -> list[Any]:
    """The derivatives of sum(ys) by each of xs, as new nodes; None where ys do not depend on an x."""
    try:
        unconnected = UnconnectedGradients(unconnected_gradients)
    except ValueError:
        raise ValueError(
            f"Unknown value for unconnected_gradients: {unconnected_gradients!r}"
        ) from None
    ys, xs, stops = _as_list(ys), _as_list(xs), _as_list(stop_gradients)
    given = [None] * len(ys) if grad_ys is None else _as_list(grad_ys)
    if len(given) != len(ys):
        raise ValueError(f"Passed {len(given)} grad_ys for {len(ys)} ys")
    with build.name_scope(name, "gradients", [*ys, *xs, *stops, *given]):
        graph = build.current_graph()
        # TensorFlow reserves this name in every call, so later names count on it
        graph.unique_name("uid")
        y_tensors = [_endpoint(graph, y, "y") for y in ys]
        x_tensors = [_source(graph, x) for x in xs]
        colocate = _Colocate(graph, colocate_gradients_with_ops)
        seeds = [
            _seed(i, y, g, colocate) for i, (y, g) in enumerate(zip(y_tensors, given, strict=True))
        ]
        walk = _Walk(graph, y_tensors, [x for x in x_tensors if x is not None], colocate)
        walk.stop(stop for s in stops if (stop := _source(graph, s)) is not None)
        walk.gate, walk.method = gate_gradients, aggregation_method
        found = walk.run(seeds)
        return [_result(x, t, found, unconnected) for x, t in zip(xs, x_tensors, strict=True)]


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _endpoint(graph: Graph, y: Any, name: str) -> Tensor:
    """The tensor to differentiate, as this graph sees it."""
    if isinstance(y, IndexedSlices):
        y = y.values
    if isinstance(y, Node):
        raise TypeError(
            f"Can't convert Operation '{y.name}' to Tensor: a gradient is of a tensor, not of an op"
        )
    tensor = convert(y, name=name)
    return tensor if tensor.graph is graph else graph.captures.get(tensor, tensor)


def _source(graph: Graph, x: Any) -> Tensor | None:
    """The tensor to differentiate by, as this graph sees it; None where it never came into this body."""
    if x is None:
        raise TypeError("cannot differentiate by None")
    if isinstance(x, IndexedSlices):
        x = x.values
    tensor = getattr(x, "_gradient_source", None) or convert(x, name="x", as_ref=True)
    if tensor.graph is graph:
        return tensor
    chain = []
    at: Graph | None = graph
    while at is not None and at is not tensor.graph:
        chain.append(at)
        at = at.outer
    for body in reversed(chain):
        inner = body.captures.get(tensor)
        if inner is None:
            return None
        tensor = inner
    return tensor


class _Colocate:
    """Places gradient nodes beside the nodes they serve, if asked to."""

    def __init__(self, graph: Graph, on: bool) -> None:
        self.graph, self.on = graph, on

    def __call__(self, node: Node) -> Any:
        return self.graph.colocate_with(node) if self.on else nullcontext()


def _seed(i: int, y: Tensor, given: Any, colocate: _Colocate) -> Any:
    """The gradient that a result starts with: ones, or the one given."""
    with colocate(y.node):
        if given is None:
            if y.dtype.is_complex:
                raise TypeError(
                    f"Gradients of complex tensors must set grad_ys (y.dtype = {y.dtype!r})"
                )
            if not y.dtype.is_floating and not y.dtype.is_integer:
                raise TypeError(
                    f"Tensor {y} with type {y.dtype.name} must be numeric to obtain a default gradient"
                )
            sizes = idioms.shape(y)
            base = y.dtype.base_dtype
            return raw.Fill(sizes, const(base.numpy.type(1), base, f"grad_ys_{i}"))
        if isinstance(given, IndexedSlices):
            parts = (given.values, given.indices, given.dense_shape)
            ends = ("values", "indices", "shape")
            return IndexedSlices(
                *(
                    None if p is None else raw.Identity(p, name=f"grad_ys_{i}_{e}")
                    for p, e in zip(parts, ends, strict=True)
                )
            )
        grad = convert(given, name="grad_y", hint=y.dtype.base_dtype)
        numeric = y.dtype.is_floating or y.dtype.is_integer
        if numeric and not (grad.dtype.is_floating or grad.dtype.is_integer):
            raise TypeError(
                f"Gradient type {grad.dtype.name} generated for real or integer-valued tensor {y} "
                f"with type {y.dtype.name} must be real or integer"
            )
        if y.dtype.is_complex and not grad.dtype.is_complex:
            raise TypeError(
                f"Gradient type {grad.dtype.name} generated for complex-valued tensor {y} "
                f"with type {y.dtype.name} must be complex"
            )
        return raw.Identity(grad, name=f"grad_ys_{i}")


def _result(
    x: Any, tensor: Tensor | None, found: dict[Tensor, Any], unconnected: UnconnectedGradients
) -> Any:
    grad = None if tensor is None else found.get(tensor)
    if grad is None and unconnected is UnconnectedGradients.ZERO:
        return idioms.zeros_like(x)
    return grad


class _Walk:
    """One reverse walk over the nodes between xs and ys."""

    gate = False
    method: int | None = None

    def __init__(
        self, graph: Graph, ys: Sequence[Tensor], xs: Sequence[Tensor], colocate: _Colocate
    ) -> None:
        self.graph, self.ys, self.colocate = graph, ys, colocate
        self.reached = _reached(graph, xs)
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
                    outs[i] = idioms.zeros_like(output, optimize=False)
            grads = self._apply(node, function, outs)
            for t, grad in zip(node.inputs, grads, strict=True):
                if grad is not None:
                    self._receive(node, t, grad)

    def _apply(self, node: Node, function: Any, outs: list[Any]) -> list[Any]:
        graph = self.graph
        before, graph.grad_of = graph.grad_of, node
        try:
            with graph.name_scope(node.name + "_grad"):
                grads = _as_list(function(node, *outs))
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


def _reached(graph: Graph, xs: Sequence[Tensor]) -> bytearray:
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


__all__ = ["AggregationMethod", "UnconnectedGradients", "gradients", "trainable"]
