"""Reverse mode: one walk from the results back to the sources, in TensorFlow's order and under its names."""

from __future__ import annotations

import enum
from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any

from graphflow.autodiff.aggregate import AggregationMethod
from graphflow.autodiff.walk import Walk, reached, trainable
from graphflow.ir import build, raw
from graphflow.ir.convert import const, convert
from graphflow.ir.graph import Graph
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor
from graphflow.ir.pause import collector_paused
from graphflow.ops import idioms


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
    with collector_paused(), build.name_scope(name, "gradients", [*ys, *xs, *stops, *given]):
        graph = build.current_graph()
        # TensorFlow reserves this name in every call, so later names count on it
        graph.unique_name("uid")
        y_tensors = [_endpoint(y, "y") for y in ys]
        x_tensors = [_source(x) for x in xs]
        stopped = [_source(s) for s in stops]
        colocate = _Colocate(graph, colocate_gradients_with_ops)
        seeds = [
            _seed(i, y, g, colocate) for i, (y, g) in enumerate(zip(y_tensors, given, strict=True))
        ]

        def walks(level: Graph, tensors: Sequence[Tensor], ends: Sequence[Tensor]) -> Walk:
            walk = Walk(level, tensors, ends, colocate)
            walk.stop(s for s in stopped if s.graph is level)
            walk.gate, walk.method = gate_gradients, aggregation_method
            return walk

        found = _differentiate(graph, y_tensors, seeds, x_tensors, walks)
        return [_result(x, t, found, unconnected) for x, t in zip(xs, x_tensors, strict=True)]


def _as_list(value: Any) -> list[Any]:
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]


def _endpoint(y: Any, name: str) -> Tensor:
    """The tensor to differentiate."""
    if isinstance(y, IndexedSlices):
        y = y.values
    if isinstance(y, Node):
        raise TypeError(
            f"Can't convert Operation '{y.name}' to Tensor: a gradient is of a tensor, not of an op"
        )
    return convert(y, name=name)


def _source(x: Any) -> Tensor:
    """The tensor to differentiate by."""
    if x is None:
        raise TypeError("cannot differentiate by None")
    if isinstance(x, IndexedSlices):
        x = x.values
    found: Tensor | None = getattr(x, "_gradient_source", None)
    return convert(x, name="x", as_ref=True) if found is None else found


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
    x: Any, tensor: Tensor, found: dict[Tensor, Any], unconnected: UnconnectedGradients
) -> Any:
    grad = found.get(tensor)
    if grad is None and unconnected is UnconnectedGradients.ZERO:
        return idioms.zeros_like(x)
    return grad


def _chain(graph: Graph) -> list[Graph]:
    """A graph and those around it, from the inside out."""
    found: list[Graph] = []
    at: Graph | None = graph
    while at is not None:
        found.append(at)
        at = at.outer
    return found


def _sources(chain: Sequence[Graph], xs: Sequence[Tensor]) -> dict[Graph, list[Tensor]]:
    """Where the walk over each graph ends: at the xs in it, and at captures that depend on xs further out."""
    found: dict[Graph, list[Tensor]] = {g: [x for x in xs if x.graph is g] for g in chain}
    for outer, inner in zip(chain[:0:-1], chain[-2::-1], strict=True):
        marks = reached(outer, found[outer])
        found[inner] += [
            argument
            for tensor, argument in inner.captures.items()
            if marks[tensor.node.id] and trainable(tensor)
        ]
    return found


def _differentiate(
    graph: Graph, ys: Sequence[Tensor], seeds: Sequence[Any], xs: Sequence[Tensor], walks: Any
) -> dict[Tensor, Any]:
    """Gradients of xs that may lie further out than the body in which they are asked for.

    A walk over each graph, from the inside out: what reaches an argument of a body goes on from the tensor
    that it captures. All new nodes are made in the current graph.
    """
    chain = _chain(graph)
    ends = _sources(chain, xs)
    starts: dict[Graph, list[tuple[Tensor, Any]]] = {g: [] for g in chain}
    for y, seed in zip(ys, seeds, strict=True):
        if y.graph in starts:
            starts[y.graph].append((y, seed))
    found: dict[Tensor, Any] = {}
    for level in chain:
        if not starts[level] or not ends[level]:
            continue
        tensors, given = zip(*starts[level], strict=True)
        grads = walks(level, tensors, ends[level]).run(given)
        found.update((x, grads.get(x)) for x in ends[level])
        if level.outer is None:
            continue
        for tensor, argument in level.captures.items():
            grad = grads.get(argument)
            if grad is not None:
                starts[level.outer].append((tensor, grad))
    return found


__all__ = ["AggregationMethod", "UnconnectedGradients", "gradients", "trainable"]
