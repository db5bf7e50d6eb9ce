"""The gradient of While: a loop over the same iterations in the opposite order.

Its loop variables are the gradients of the forward loop's variables, and a sum for each value that stayed the same.
What the forward iterations computed comes in as histories, so nothing runs twice. It is a While itself, and
is differentiated as such.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from graphflow.autodiff.inside import GradientBody, dense, root_scope, zeros_of
from graphflow.autodiff.registry import RegisterGradient
from graphflow.autodiff.walk import reached, trainable
from graphflow.ir import build, raw
from graphflow.ir.convert import const
from graphflow.ir.dtype import bool_, variant
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.bodies import seen_from, stateful_inside, uncounted, wait_for
from graphflow.ops.control_flow import While, taken_from_loop


class _LoopGradient(GradientBody):
    """The gradient of one iteration."""

    def __init__(self, node: Node, forward: While) -> None:
        super().__init__(build.current_graph(), forward.body)
        self.node, self.loop = node, forward
        self.scope = root_scope(node)
        self.label = "Enter"
        #: lists of the graph outside -> the argument for one element
        self.lists: dict[Tensor, Tensor] = {}

    def given(self, body: _LoopGradient, position: int, argument: Tensor) -> Tensor | None:
        if position < body.loop.carries:
            return None
        outer = body.node.inputs[position]
        if position < len(body.node.inputs) - body.loop.scanned:
            return self.carried_in(outer)
        return self.element(outer, argument)

    def handed_out(self, body: _LoopGradient, tensor: Tensor) -> Tensor:
        return self.element(taken_from_loop(body.node, tensor), tensor)

    def element(self, outer: Tensor, like: Tensor) -> Tensor:
        """The argument for the element of a list that belongs to this iteration; its type is that of `like`."""
        seen = seen_from(self._outside, outer)
        found = self.lists.get(seen)
        if found is None:
            found = self.parameter(like.dtype.base_dtype, like.shape, "element")
            self.lists[seen] = found
        return found

    def complete(self, variables: Sequence[Tensor]) -> None:
        """Let the forward loop hand out the histories that this body wants."""
        self.trim(variables)
        present = set(self.nodes)
        self.lists = {t: a for t, a in self.lists.items() if a.node in present}
        for history, argument in self.settle(lambda t: taken_from_loop(self.node, t)):
            self.lists[seen_from(self._outside, history)] = argument
        if not self.lists:
            # the length of any list says how many iterations there were
            counted = seen_from(self._outside, self._count())
            self.lists[counted] = self.parameter(bool_, TensorShape(()), "element")

    def _count(self) -> Tensor:
        """A list with an element for each iteration of the forward loop."""
        if self.loop.scanned:
            return self.node.inputs[-1]
        forward = self.forward
        kept = forward.outputs[self.loop.carries :]
        mark = next((t for t in kept if t.node.type == "Const"), None)
        if mark is None:
            with uncounted(forward), forward.as_default(), forward.control_dependencies(None):
                mark = const(np.array(True), bool_, "iteration")
        return taken_from_loop(self.node, mark)


class _Flow:
    """Which loop variables the gradient runs through: those that depend on what is wanted and that the results depend on."""

    def __init__(self, loop: While, grads: Sequence[Any], wanted: Sequence[bool]) -> None:
        body, self.carries = loop.body, loop.carries
        results = len(body.outputs)
        self.reach: list[set[int]] = []
        for argument in body.inputs:
            marks = reached(body, [argument]) if trainable(argument) else b""
            self.reach.append(
                {
                    k
                    for k in range(results)
                    if marks and marks[body.outputs[k].node.id] and trainable(body.outputs[k])
                }
            )
        ends = {k for k, g in enumerate(grads) if g is not None}
        self.needed = self._backward(ends)
        depends = self._forward({i for i, is_wanted in enumerate(wanted) if is_wanted})
        self.through = sorted(
            k
            for k in range(self.carries)
            if k in self.needed and k in depends and trainable(body.inputs[k])
        )
        self.others = [
            i
            for i in range(self.carries, len(body.inputs))
            if wanted[i] and self.reach[i] & self.needed
        ]

    def _backward(self, needed: set[int]) -> set[int]:
        needed = set(needed)
        while True:
            more = {k for k in range(self.carries) if self.reach[k] & needed} - needed
            if not more:
                return needed
            needed |= more

    def _forward(self, depends: set[int]) -> set[int]:
        depends = set(depends)
        while True:
            more = {k for i in depends for k in self.reach[i] if k < self.carries} - depends
            if not more:
                return depends
            depends |= more


def _while_gradient(n: Node, *grads: Any, wanted: Sequence[bool]) -> list[Any]:
    loop = n.op
    assert isinstance(loop, While)
    results: list[Any] = [None] * len(n.inputs)
    if not loop.back_prop:
        return results
    flow = _Flow(loop, grads, wanted)
    if not flow.through and not flow.others:
        return results
    body = _LoopGradient(n, loop)
    made = _Iteration(body, n, loop, grads, flow)
    if not made.next and not made.histories:
        # nothing on the way passes a gradient on
        return results
    outputs = made.node()
    for k, i in enumerate(flow.through):
        if wanted[i]:
            results[i] = outputs[k]
    for i, ports in made.ports.items():
        results[i] = made.result(i, [outputs[p] for p in ports])
    return results


class _Iteration:
    """The loop of the gradient as it is put together: first values, arguments and results, side by side."""

    def __init__(
        self, body: _LoopGradient, n: Node, loop: While, grads: Sequence[Any], flow: _Flow
    ) -> None:
        self.body, self.n, self.loop = body, n, loop
        self.first: list[Tensor] = []
        self.arguments: list[Tensor] = []
        self.next: list[Tensor] = []
        self.histories: list[Tensor] = []
        self.shapes: list[TensorShape] = []
        #: input of the forward loop -> outputs of the gradient loop that make up its gradient
        self.ports: dict[int, list[int]] = {}
        self._later: dict[int, list[int]] = {}
        for k in flow.through:
            self._start(k, grads[k])
        found = iter(self._gradients(grads, flow))
        for k in flow.through:
            self._continue(k, next(found))
        for i in flow.others:
            self._collect(i, next(found))

    def _start(self, k: int, grad: Any) -> None:
        """The gradient of loop variable k, as it comes from after the loop."""
        after, before = self.n.outputs[k], self.n.inputs[k]
        first = zeros_of(self._seen(after)) if grad is None else dense(grad)
        self._variable(first, self.loop.body.outputs[k].shape, before.shape)

    def _gradients(self, grads: Sequence[Any], flow: _Flow) -> list[Any]:
        """What one iteration gives for the variables that the gradient runs through and for the other inputs."""
        forward = self.loop.body
        ys = [forward.outputs[k] for k in flow.through]
        seeds: list[Any] = list(self.arguments)
        for h in range(self.loop.carries, len(grads)):
            if grads[h] is not None and trainable(forward.outputs[h]):
                ys.append(forward.outputs[h])
                seeds.append(self.body.element(grads[h], forward.outputs[h]))
        xs = [forward.inputs[i] for i in (*flow.through, *flow.others)]
        return self.body.differentiate(ys, seeds, xs)

    def _continue(self, k: int, grad: Any) -> None:
        """The gradient of loop variable k in the iteration before this one."""
        with self.body.as_default():
            self.next.append(zeros_of(self.loop.body.inputs[k]) if grad is None else dense(grad))

    def _collect(self, i: int, grad: Any) -> None:
        """The gradient of an input that is no loop variable: one by one for a list, else summed or set side by side."""
        if grad is None:
            return
        if i >= len(self.n.inputs) - self.loop.scanned:
            self._history(i, [self._dense(grad)])
        elif isinstance(grad, IndexedSlices):
            self._history(i, [grad.values, grad.indices])
        else:
            self._sum(i, grad)

    def _seen(self, tensor: Tensor) -> Tensor:
        return seen_from(build.current_graph(), tensor)

    def _dense(self, grad: Any) -> Tensor:
        with self.body.as_default():
            tensor: Tensor = dense(grad)
            return tensor

    def _variable(self, first: Tensor, inside: TensorShape, outside: TensorShape) -> Tensor:
        """A loop variable: its first value, its shape in an iteration, its shape after the loop."""
        self.first.append(first)
        self.shapes.append(outside)
        argument = self.body.parameter(first.dtype.base_dtype, inside, "variable")
        self.arguments.append(argument)
        return argument

    def _sum(self, i: int, grad: Tensor) -> None:
        """The gradient of a value that stayed the same: the sum over the iterations."""
        outer = self._seen(self.n.inputs[i])
        shape = grad.shape if grad.shape.is_static else outer.shape
        total = self._variable(_zeros_outside(outer, grad), grad.shape, shape)
        with self.body.as_default():
            add = (
                raw.ListAdd([total, grad])
                if grad.dtype is variant
                else raw.AddV2(total, grad, name="sum")
            )
        self.ports[i] = [len(self.next)]
        self.next.append(add)

    def _history(self, i: int, parts: Iterable[Tensor]) -> None:
        """The gradients of all iterations, one by one."""
        self._later[i] = []
        for part in parts:
            self._later[i].append(len(self.histories))
            self.histories.append(part)

    def node(self) -> list[Tensor]:
        """The loop."""
        body, loop = self.body, self.loop
        for i, places in self._later.items():
            self.ports[i] = [len(self.next) + p for p in places]
        body.outputs = [*self.next, *self.histories]
        body.complete(self.arguments)
        captured = list(body.captures)
        body.inputs = [*self.arguments, *body.captures.values(), *body.lists.values()]
        types = [t.dtype.base_dtype for t in self.next] + [variant] * len(self.histories)
        make = raw.While if stateful_inside([body]) else raw.StatelessWhile
        outputs: list[Tensor] = make(
            [*self.first, *captured, *body.lists],
            Tout=types,
            cond=None,
            body=body,
            output_shapes=self.shapes,
            parallel_iterations=loop.parallel_iterations,
            carries=len(self.next),
            scanned=len(body.lists),
            reverse=not loop.reverse,
            name="while_grad",
        )
        wait_for(outputs[0].node, [body])
        return outputs

    def result(self, i: int, parts: Sequence[Tensor]) -> Any:
        """The gradient of input i, out of outputs of the loop."""
        if len(parts) == 1:
            return parts[0]
        return _slices(
            self._seen(self.n.inputs[i]),
            self.histories[self._later[i][0]],
            self.histories[self._later[i][1]],
            parts,
        )


def _zeros_outside(outer: Tensor, grad: Tensor) -> Tensor:
    if outer.dtype.name in ("variant", "resource"):
        return zeros_of(outer, grad)
    if grad.shape.is_static:
        return idioms.zeros(grad.shape, grad.dtype.base_dtype)
    return zeros_of(outer)


def _slices(
    outer: Tensor, values: Tensor, indices: Tensor, lists: Sequence[Tensor]
) -> IndexedSlices:
    """The rows of all iterations below one row of zeros, which is there even if no iteration was."""
    shape_of = raw.VariableShape if outer.dtype.name == "resource" else raw.Shape
    whole = shape_of(outer)
    rest = values.shape[1:]
    if rest.is_static:
        row = idioms.zeros(TensorShape([1]).concatenate(rest), values.dtype)
    else:
        row = idioms.zeros(raw.ConcatV2([[1], whole[1:]], 0), values.dtype)
    start = const(np.zeros(1, indices.dtype.numpy), indices.dtype)
    return IndexedSlices(raw.ListConcat(row, lists[0]), raw.ListConcat(start, lists[1]), whole)


_while_gradient.takes_wanted = True  # type: ignore[attr-defined]  # the walk says which inputs matter
for _type in ("While", "StatelessWhile"):
    RegisterGradient(_type)(_while_gradient)
