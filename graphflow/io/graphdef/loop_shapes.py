"""Shapes of loop variables: a file does not say them, so they are found out.

A loop variable starts with the shape of its first value. Whatever an iteration changes of it becomes unknown, and
the shapes inside are inferred again, until an iteration leaves all shapes as they are.
"""

from __future__ import annotations

from collections.abc import Sequence

from graphflow.ir.graph import Graph
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape
from graphflow.ir.signature import split
from graphflow.ops.bodies import Arg
from graphflow.ops.control_flow import If, While


def settle_shapes(bodies: Sequence[Graph], carries: int) -> None:
    """Loosen the first `carries` arguments of a loop's bodies, the last of which gives their next values."""
    body = bodies[-1]
    loose: set[Dim] = set()
    while True:
        changed = False
        for k in range(carries):
            before = body.inputs[k].shape
            shape = _agreed(before, body.outputs[k].shape, loose)
            if shape is before:
                continue
            changed = True
            for each in bodies:
                _give(each.inputs[k], shape)
        if not changed:
            return
        for each in bodies:
            _infer_again(each)


def _agreed(before: TensorShape, after: TensorShape, loose: set[Dim]) -> TensorShape:
    """What is left of the shape that an iteration starts with, when it ends with another one."""
    if before.known is None:
        return before
    if after.known is None or len(after.known) != len(before.known):
        return UNKNOWN
    if all(p == q or p in loose for p, q in zip(before.known, after.known, strict=True)):
        return before
    dims: list[Dim] = []
    for p, q in zip(before.known, after.known, strict=True):
        if p == q or p in loose:
            dims.append(p)
        else:
            dims.append(Symbol())
            loose.add(dims[-1])
    return TensorShape.of(tuple(dims))


def _give(argument: Tensor, shape: TensorShape) -> None:
    argument.shape = shape
    argument.node.op = Arg(dtype=argument.dtype, shape=shape)


def _infer_again(graph: Graph) -> None:
    """The shapes of all nodes from those of the arguments."""
    for node in graph.nodes:
        if node.out is not None and node.inputs:
            _infer_node(node)


def _infer_node(node: Node) -> None:
    op = node.op
    if isinstance(op, If):
        for body in (op.then_branch, op.else_branch):
            _pass_on(node.inputs[1:], body, 0)
            _infer_again(body)
    elif isinstance(op, While):
        bodies = [op.body] if op.cond is None else [op.cond, op.body]
        for body in bodies:
            _pass_on(node.inputs, body, op.carries)
            _infer_again(body)
        settle_shapes(bodies, op.carries)
    shapes = op.infer(*split(type(op).sig().inputs, node.inputs, node.type_attrs()))
    for tensor, shape in zip(
        node.outputs, (shapes,) if type(shapes) is TensorShape else shapes, strict=False
    ):
        tensor.shape = shape


def _pass_on(outer: Sequence[Tensor], body: Graph, carries: int) -> None:
    """The shapes of what goes into a body, as its arguments; loop variables keep what was loosened before."""
    for k, (tensor, argument) in enumerate(zip(outer, body.inputs, strict=True)):
        shape = _agreed(argument.shape, tensor.shape, set()) if k < carries else tensor.shape
        if shape is not argument.shape:
            _give(argument, shape)
