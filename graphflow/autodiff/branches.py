"""The gradient of If: an If on the same condition, whose bodies differentiate the two forward bodies."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.autodiff.inside import GradientBody, root_scope, zeros_of
from graphflow.autodiff.registry import RegisterGradient
from graphflow.autodiff.walk import trainable
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int64
from graphflow.ir.graph import Graph
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.bodies import seen_from, stateful_inside, united, wait_for
from graphflow.ops.control_flow import If, taken_from_branch


class _BranchGradient(GradientBody):
    """The gradient of one body of an If."""

    def __init__(self, node: Node, forward: Graph) -> None:
        super().__init__(build.current_graph(), forward)
        self.node = node
        self.scope = root_scope(node)

    def given(self, body: _BranchGradient, position: int, argument: Tensor) -> Tensor | None:
        return self.carried_in(body.node.inputs[1 + position])

    def handed_out(self, body: _BranchGradient, tensor: Tensor) -> Tensor:
        return self.carried_in(taken_from_branch(body.node, body.forward, tensor))

    def gradients(self, grads: Sequence[Any], wanted: Sequence[int]) -> list[Any]:
        """The gradients of the wanted inputs of the forward body."""
        given = [
            (y, g)
            for y, g in zip(self.forward.outputs, grads, strict=False)
            if g is not None and trainable(y)
        ]
        ys = [y for y, _ in given]
        seeds = [self.carried(g) for _, g in given]
        return self.differentiate(ys, seeds, [self.forward.inputs[i] for i in wanted])

    def complete(self) -> None:
        """Let the forward node hand out what this body wants of it."""

        self.trim()

        def hand_out(tensor: Tensor) -> Tensor:
            return taken_from_branch(self.node, self.forward, tensor)

        for tensor, argument in self.settle(hand_out):
            outer = seen_from(build.current_graph(), tensor)
            before = self.captures.get(outer)
            self.captures[outer] = argument if before is None else self.merged(before, argument)


def _if_gradient(n: Node, *grads: Any, wanted: Sequence[bool]) -> list[Any]:
    op = n.op
    assert isinstance(op, If)
    inputs = [i for i, is_wanted in enumerate(wanted[1:]) if is_wanted]
    bodies = [_BranchGradient(n, forward) for forward in (op.then_branch, op.else_branch)]
    found = [body.gradients(grads, inputs) for body in bodies]
    results: list[Any] = [None] * len(n.inputs)
    kinds: dict[int, type] = {}
    for i, together in zip(inputs, zip(*found, strict=True), strict=True):
        if all(g is None for g in together):
            continue
        slices = any(isinstance(g, IndexedSlices) for g in together)
        kinds[i] = IndexedSlices if slices else Tensor
        outer = n.inputs[1 + i]
        parts = [
            _parts(body, g, other, outer, slices)
            for body, g, other in zip(bodies, together, reversed(together), strict=True)
        ]
        for body, part in zip(bodies, _one_index_type(bodies, parts), strict=True):
            body.outputs.extend(part)
    if not kinds:
        return results
    outputs = iter(_made(n, bodies))
    for i, kind in kinds.items():
        results[1 + i] = (
            next(outputs) if kind is Tensor else IndexedSlices(*(next(outputs) for _ in range(3)))
        )
    return results


def _parts(body: GradientBody, grad: Any, other: Any, outer: Tensor, slices: bool) -> list[Tensor]:
    """The tensors of a gradient as this branch gives it; zeros where the branch does not use the input."""
    with body.as_default():
        if grad is None:
            like = other.values if isinstance(other, IndexedSlices) else other
            grad = zeros_of(outer, like)
        if not slices:
            return [grad]
        if isinstance(grad, IndexedSlices):
            shape = grad.dense_shape
            if shape is None:
                shape = raw.Shape(outer)
            return [grad.values, grad.indices, convert(shape)]
        shape = raw.Shape(grad)
        return [grad, raw.Range(0, shape[0], 1), shape]


def _one_index_type(
    bodies: Sequence[GradientBody], parts: list[list[Tensor]]
) -> list[list[Tensor]]:
    """The same with indices, and shapes, of one type in both branches."""
    unequal = [
        i for i, pair in enumerate(zip(*parts, strict=True)) if pair[0].dtype is not pair[1].dtype
    ]
    for body, part in zip(bodies, parts, strict=True):
        with body.as_default():
            for i in unequal:
                part[i] = idioms.cast(part[i], int64)
    return parts


def _made(n: Node, bodies: Sequence[_BranchGradient]) -> list[Tensor]:
    for body in bodies:
        body.complete()
    inputs = united(bodies)
    op = raw.If if stateful_inside(bodies) else raw.StatelessIf
    types = [t.dtype.base_dtype for t in bodies[0].outputs]
    cond = seen_from(build.current_graph(), n.inputs[0])
    outputs: list[Tensor] = op(
        cond, inputs, Tout=types, then_branch=bodies[0], else_branch=bodies[1], name="cond_grad"
    )
    wait_for(outputs[0].node, bodies)
    return outputs


_if_gradient.takes_wanted = True  # type: ignore[attr-defined]  # the walk says which inputs matter
for _type in ("If", "StatelessIf"):
    RegisterGradient(_type)(_if_gradient)
