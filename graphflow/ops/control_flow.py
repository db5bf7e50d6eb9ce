"""If and While: nodes that hold the graphs they run."""

from __future__ import annotations

import functools
import itertools
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from graphflow.ir import build
from graphflow.ir.dtype import DType, bool_, variant
from graphflow.ir.graph import Graph
from graphflow.ir.literal import Literal
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op, lookup
from graphflow.ir.shape import SCALAR, Dim, Symbol, TensorShape
from graphflow.ops.bodies import common_shape, loosened, uncounted
from graphflow.ops.loop_values import Absent


class If(Op):
    """The results of one of two bodies, by the value of `cond`; both take all inputs."""

    signature = "cond:Tcond, input:[Tin] -> output:[Tout]"
    interned = False
    stateful = True
    takes_none = True
    Tout: tuple[DType, ...]
    then_branch: Graph
    else_branch: Graph
    output_shapes: tuple[TensorShape, ...] = ()

    def infer(self, cond: Tensor, inputs: Sequence[Tensor]) -> Any:
        for name, body in (("then_branch", self.then_branch), ("else_branch", self.else_branch)):
            _check_types(name, body, inputs, self.Tout)
        both = zip(self.then_branch.outputs, self.else_branch.outputs, strict=True)
        shapes = [common_shape(t.shape, e.shape) for t, e in both]
        declared = [*self.output_shapes, *[TensorShape(None)] * len(shapes)]
        return tuple(s.merge_with(d) for s, d in zip(shapes, declared, strict=False))

    def carried_into(self, body: Graph, inputs: Sequence[Tensor]) -> dict[Tensor, Tensor]:
        return dict(zip(inputs[1:], body.inputs, strict=True))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        chosen = self.then_branch if _truth(inputs[0]) else self.else_branch
        return _returned(node, run.call(chosen, inputs[1]))


class StatelessIf(If):
    """An If whose bodies have no effects."""

    stateful = False


class While(Op, kw_only=True):
    """A body run again and again: while `cond` holds, or once for each element of the scanned lists.

    Inputs: the first values of the loop variables (`carries` of them), values that stay the same, and
    `scanned` lists, of which iteration i is given element i. Outputs: the last values of the loop
    variables, and for every further result of the body its history: the list of what it was in each
    iteration. With `reverse` the iterations go through the lists from their ends; histories lie beside the
    scanned lists, element by element, either way.
    """

    signature = "input:[T] -> output:[Tout]"
    interned = False
    stateful = True
    takes_none = True
    loops = True
    Tout: tuple[DType, ...]
    cond: Graph | None
    body: Graph
    output_shapes: tuple[TensorShape, ...] = ()
    parallel_iterations: int = 10
    carries: int
    scanned: int = 0
    reverse: bool = False
    back_prop: bool = True

    def infer(self, inputs: Sequence[Tensor]) -> Any:
        count = self.carries
        lists = inputs[len(inputs) - self.scanned :]
        plain = inputs[: len(inputs) - self.scanned]
        if any(t.dtype.base_dtype is not variant for t in lists):
            raise ValueError("a scanned input is a list, of type variant")
        results = self.body.outputs
        if len(self.body.inputs) != len(inputs) or len(results) != len(self.Tout):
            raise ValueError(
                f"the body takes {len(self.body.inputs)} arguments and gives {len(results)} results: "
                f"{len(inputs)} inputs and {len(self.Tout)} outputs do not fit"
            )
        _check_types("body", self.body, plain, self.Tout[:count], self.scanned)
        if self.cond is None and not lists:
            raise ValueError("a loop needs a condition or a list to go through")
        if self.cond is not None:
            _check_types("cond", self.cond, plain, None)
        shapes = list(self.output_shapes[:count])
        shapes += [
            exit_shape(inputs[i].shape, self.body.inputs[i].shape, results[i].shape)
            for i in range(len(shapes), count)
        ]
        return (*shapes, *[SCALAR] * (len(self.Tout) - count))

    def carried_into(self, body: Graph, inputs: Sequence[Tensor]) -> dict[Tensor, Tensor]:
        same = slice(self.carries, len(inputs) - self.scanned)
        return dict(zip(inputs[same], body.inputs[same], strict=True))

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        values: list[Any] = inputs[0]
        carried = values[: self.carries]
        kept = values[self.carries : len(values) - self.scanned]
        lists = values[len(values) - self.scanned :]
        rows: list[list[Any]] = []
        for at in self._iterations(lists):
            if self.cond is not None and not _truth(run.call(self.cond, [*carried, *kept])[0]):
                break
            results = run.call(self.body, [*carried, *kept, *(one[at] for one in lists)])
            carried = results[: self.carries]
            rows.append(results[self.carries :])
        if self.reverse:
            rows.reverse()
        count = len(rows[0]) if rows else len(self.body.outputs) - self.carries
        histories = [[row[i] for row in rows] for i in range(count)]
        return _returned(node, [*carried, *histories])

    def _iterations(self, lists: Sequence[Sequence[Any]]) -> Iterable[int]:
        if not lists:
            return itertools.repeat(0)
        count = len(lists[0])
        if any(len(one) != count for one in lists):
            raise ValueError(f"lists of different lengths: {[len(one) for one in lists]}")
        return range(count - 1, -1, -1) if self.reverse else range(count)


class StatelessWhile(While):
    """A While whose bodies have no effects."""

    stateful = False


def _truth(value: Any) -> bool:
    """A bool; a number that is not zero, a text or an array that is not empty."""
    array = np.asarray(value)
    return bool(array) if array.ndim == 0 else array.size > 0


def _returned(node: Node, results: list[Any]) -> Any:
    return results if node.rest else results[0]


def _check_types(
    name: str, body: Graph, inputs: Sequence[Tensor], results: Sequence[DType] | None, more: int = 0
) -> None:
    if len(body.inputs) != len(inputs) + more:
        raise ValueError(f"{name} takes {len(body.inputs)} arguments, {len(inputs)} are given")
    for argument, given in zip(body.inputs, inputs, strict=False):
        if argument.dtype.base_dtype is not given.dtype.base_dtype:
            raise ValueError(f"{name} takes {argument}, {given} is given")
    if results is None:
        if [t.dtype.base_dtype.kind for t in body.outputs] != ["b"]:
            raise ValueError(f"{name} gives one bool, not {body.outputs}")
        return
    found = [t.dtype.base_dtype for t in body.outputs[: len(results)]]
    if found != list(results):
        raise ValueError(
            f"{name} gives {[t.name for t in found]}, {[t.name for t in results]} are declared"
        )


def exit_shape(first: TensorShape, argument: TensorShape, result: TensorShape) -> TensorShape:
    """The shape of a loop variable after the loop, which may not have run at all."""
    if argument.known is None or first.known is None or result.known is None:
        return loosened(argument)
    if not len(first.known) == len(argument.known) == len(result.known):
        return TensorShape(None)
    each = zip(first.known, argument.known, result.known, strict=True)
    return TensorShape.of(tuple(_exit_dim(*sizes) for sizes in each))


def _exit_dim(first: Dim, argument: Dim, result: Dim) -> Dim:
    if isinstance(argument, int):
        return argument if first == argument == result else Symbol()
    unchanged = result is argument or result is first
    return first if unchanged and isinstance(first, Symbol) else Symbol()


# ---- taking values out of bodies that exist already: gradients want what the forward bodies computed ----


def taken_from_branch(node: Node, branch: Graph, tensor: Tensor) -> Tensor:
    """An output of an If for a tensor of one of its bodies; what it is when the other one runs is nobody's concern."""
    op = node.op
    assert isinstance(op, If)
    found = _output_of(node, branch, tensor, 0)
    if found is not None:
        return found
    other = op.else_branch if branch is op.then_branch else op.then_branch
    base, shape = tensor.dtype.base_dtype, loosened(tensor.shape)
    with uncounted(other), other.control_dependencies(None):
        name = _fresh(other, f"{tensor.node.name}/absent")
        absent = build.add(other, Absent(base, shape), [], {}, name)
    assert absent.out is not None
    branch.outputs.append(tensor)
    other.outputs.append(absent.out)
    return _grown(node, base, shape)


def taken_from_loop(node: Node, tensor: Tensor) -> Tensor:
    """An output of a While for the history of a tensor of its body."""
    op = node.op
    assert isinstance(op, While)
    found = _output_of(node, op.body, tensor, op.carries)
    if found is not None:
        return found
    op.body.outputs.append(tensor)
    return _grown(node, variant, SCALAR)


def taken_out(node: Node, body: Graph, tensor: Tensor) -> Tensor:
    """An output of an If or a While for a tensor of its body; of a loop it is the tensor's history."""
    return taken_from_loop(node, tensor) if node.op.loops else taken_from_branch(node, body, tensor)


def open_to_waiters(node: Node) -> None:
    """Let nodes outside wait for nodes inside the bodies of `node`, as batch normalisation's updates are waited for."""
    for body in node.op.__dict__.values():
        if isinstance(body, Graph) and body is not node.op.__dict__.get("cond"):
            body.stand_in = functools.partial(_stand_in, node, body)


def _stand_in(node: Node, body: Graph, inner: Node) -> Node:
    """A node beside `node` that runs when the body has run, `inner` with it."""
    name = f"{inner.name}/done"
    found = node.graph.ledger.nodes_by_name.get(name)
    if found is not None and found.graph is node.graph:
        return found
    mark = Literal(np.array(True))
    with uncounted(body), body.control_dependencies([inner]), node.graph.control_dependencies(None):
        done = build.add(body, lookup("Const")(mark, bool_), [], {}, _fresh(body, f"{name}/mark"))
        assert done.out is not None
        result = taken_out(node, body, done.out)
        bound = {"T": result.dtype}
        return build.add(node.graph, lookup("Identity")(), [result], bound, _fresh(body, name))


def _output_of(node: Node, body: Graph, tensor: Tensor, start: int) -> Tensor | None:
    for i in range(start, len(body.outputs)):
        if body.outputs[i] is tensor:
            return node.outputs[i]
    return None


def _grown(node: Node, dtype: DType, shape: TensorShape) -> Tensor:
    """One more output of a node whose body gives one more result."""
    made = Tensor(node, len(node.outputs), dtype, shape)
    node.rest = (*node.rest, made)
    node.op = node.op.replace(Tout=(*node.op.__dict__["Tout"], dtype))
    return made


def _fresh(graph: Graph, name: str) -> str:
    """A name that is free, without taking it from the user's nodes."""
    taken = graph.ledger.nodes_by_name
    names = (f"{name}_{i}" if i else name for i in itertools.count())
    return next(n for n in names if n not in taken)
