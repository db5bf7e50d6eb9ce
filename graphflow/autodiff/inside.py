"""The body of a gradient: what it wants of the forward body comes in from outside, computed once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphflow.autodiff.walk import Walk
from graphflow.ir import build, raw
from graphflow.ir.dtype import int32
from graphflow.ir.graph import Graph
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import lookup
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.bodies import Arg, Body, uncounted


class GradientBody(Body):
    """A body in which the gradient of another body is computed.

    A tensor of the forward body is seen as: the outer tensor that the forward body was given for it, a copy of a
    constant, or, settled by `settle` when the body is complete, something that the forward node hands out.
    """

    def __init__(self, outer: Graph, forward: Graph) -> None:
        super().__init__(outer)
        self.forward = forward
        self.seen: dict[Tensor, Tensor] = {}
        #: forward tensors whose values must come from the forward node, with the arguments for them
        self.owed: dict[Tensor, Tensor] = {}

    def carried_in(self, tensor: Tensor) -> Tensor:
        found = self.seen.get(tensor)
        if found is None:
            body = self._gradient_of(tensor.graph)
            if body is None:
                return super().carried_in(tensor)
            found = self.seen[tensor] = self._mirrored(tensor, body)
        return found

    def _gradient_of(self, graph: Graph) -> GradientBody | None:
        """This body if it is the gradient of `graph`, or the body whose gradient it is in turn, and so on."""
        body: Graph = self
        while isinstance(body, GradientBody):
            if body.forward is graph:
                return body
            body = body.forward
        return None

    def _mirrored(self, tensor: Tensor, body: GradientBody) -> Tensor:
        """A tensor of the forward body of `body`, as it is seen in here."""
        node = tensor.node
        if node.type == "Const":
            with self.control_dependencies(None):
                name = self.unique_name(f"{node.name.rpartition('/')[2]}")
                copied = build.add(self, node.op, [], {}, name)
            assert copied.out is not None
            return copied.out
        if node.type == "Arg":
            known = self.given(body, body.forward.inputs.index(tensor), tensor)
            if known is not None:
                return known
        if body is not self:
            return self.handed_out(body, tensor)
        self.owed[tensor] = made = self.parameter(tensor.dtype.base_dtype, tensor.shape, "kept")
        return made

    def given(self, body: Any, position: int, argument: Tensor) -> Tensor | None:
        """What the forward body of `body` was given for an argument, where it can be seen from here as it is."""
        raise NotImplementedError

    def handed_out(self, body: Any, tensor: Tensor) -> Tensor:
        """A tensor of a body further back, whose node hands it out: a gradient that users wrote may look at it."""
        raise NotImplementedError

    def trim(self, arguments: Sequence[Tensor] = ()) -> None:
        """Drop what the results do not depend on: ops differentiate by all inputs, even by those nobody asks about.

        What such nodes alone would need of the forward body is not kept by it then.
        """
        live = {t.node for t in arguments}
        todo = [t.node for t in self.outputs]
        while todo:
            node = todo.pop()
            if node not in live:
                live.add(node)
                todo.extend(node.controls)
                todo.extend(t.node for t in node.inputs)
        _forget([n for n in self.nodes if n not in live])
        self.nodes = [n for n in self.nodes if n in live]
        for at, node in enumerate(self.nodes):
            node.id = at
        self.owed = {t: a for t, a in self.owed.items() if a.node in live}
        self.captures = {t: a for t, a in self.captures.items() if a.node in live}

    def settle(self, hand_out: Callable[[Tensor], Tensor]) -> list[tuple[Tensor, Tensor]]:
        """(outer tensor, argument) for all that is owed; `hand_out` makes the forward node give a tensor out.

        Where nothing but the shape of a value is looked at, the forward body gives its shape.
        """
        users: dict[Tensor, list[Node]] = {argument: [] for argument in self.owed.values()}
        for node in self.nodes:
            for tensor in node.inputs:
                if tensor in users:
                    users[tensor].append(node)
        settled: dict[Tensor, Tensor] = {}
        for tensor, argument in self.owed.items():
            askers = users[argument]
            source = tensor
            if askers and argument not in self.outputs and all(_asks_shape(n) for n in askers):
                source = _shape_in(self.forward, tensor)
                _become_shape(argument, source.shape, askers)
            before = settled.get(source)
            settled[source] = argument if before is None else self.merged(before, argument)
        return [(hand_out(source), argument) for source, argument in settled.items()]

    def merged(self, one: Tensor, other: Tensor) -> Tensor:
        """The earlier of two arguments that carry the same, used in the place of both."""
        kept, dropped = (one, other) if one.node.id < other.node.id else (other, one)
        for node in self.nodes:
            if any(t is dropped for t in node.inputs):
                node.inputs = tuple(kept if t is dropped else t for t in node.inputs)
        self.outputs = [kept if t is dropped else t for t in self.outputs]
        return kept

    def differentiate(
        self, ys: Sequence[Tensor], seeds: Sequence[Any], xs: Sequence[Tensor]
    ) -> list[Any]:
        """Gradients of xs, as nodes in here, by a walk over the forward body."""
        if not ys or not xs:
            return [None] * len(xs)
        with self.as_default():
            found = Walk(self.forward, ys, xs).run(seeds)
        return [found.get(x) for x in xs]

    def carried(self, grad: Any) -> Any:
        """A gradient from outside, as it is seen in here."""
        if isinstance(grad, IndexedSlices):
            parts = (grad.values, grad.indices, grad.dense_shape)
            return IndexedSlices(*(None if p is None else self.carried_in(p) for p in parts))
        return self.carried_in(grad)


def _forget(nodes: Sequence[Node]) -> None:
    """Take nodes, and those in their bodies, out of the ledger."""
    for node in nodes:
        node.graph.ledger.nodes_by_name.pop(node.name)
        for value in node.op.__dict__.values():
            if isinstance(value, Graph):
                _forget(value.nodes)


def _asks_shape(node: Node) -> bool:
    return node.type == "Shape" and node.op.__dict__["out_type"] is int32


def _shape_in(forward: Graph, tensor: Tensor) -> Tensor:
    """The shape of a tensor of the forward body, computed there."""
    for node in forward.nodes[tensor.node.id :]:
        if node.inputs and node.inputs[0] is tensor and _asks_shape(node):
            assert node.out is not None
            return node.out
    name = forward.unique_name("kept_shape")
    op = lookup("Shape")(out_type=int32)
    with uncounted(forward), forward.control_dependencies(None):
        made = build.add(forward, op, [tensor], {}, name)
    assert made.out is not None
    return made.out


def _become_shape(argument: Tensor, shape: TensorShape, users: Sequence[Node]) -> None:
    """Let an argument carry a shape, and the nodes that asked for the shape pass it on."""
    argument.dtype, argument.shape = int32, shape
    argument.node.op = Arg(dtype=int32, shape=shape)
    for node in users:
        node.op = lookup("Identity")()


def root_scope(node: Node) -> str:
    """The scope of tf.gradients, while the gradient of `node` is being made under it."""
    return build.current_graph().scope.rpartition(f"/{node.name}_grad")[0]


def dense(grad: Any) -> Any:
    """A gradient as one tensor."""
    return grad._as_tensor(None, None, False) if isinstance(grad, IndexedSlices) else grad


def zeros_of(tensor: Tensor, like: Tensor | None = None) -> Tensor:
    """The gradient of a value that nothing depends on; `like` is a gradient of it, which a resource needs."""
    zeros: Tensor
    if tensor.dtype.name == "variant":
        zeros = raw.ListZerosLike(tensor)
    elif tensor.dtype.name == "resource":
        assert like is not None
        shape = like.shape if like.shape.is_static else raw.VariableShape(tensor)
        zeros = idioms.zeros(shape, like.dtype.base_dtype)
    else:
        zeros = idioms.zeros_like(tensor)
    return zeros
