"""How a cond is put together: both functions called once, each for a body of an If."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.tensor_array import TensorArray
from graphflow.ir import build, raw, report
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bool_, int32, int64
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.bodies import (
    Body,
    counted,
    seen_from,
    stateful_inside,
    uncounted,
    united,
    wait_for,
)
from graphflow.ops.control_flow import open_to_waiters
from graphflow.ops.dependencies import with_dependencies


def cond(
    pred: Any,
    true_fn: Callable[[], Any] | None = None,
    false_fn: Callable[[], Any] | None = None,
    strict: bool = False,
    name: str | None = None,
    fn1: Callable[[], Any] | None = None,
    fn2: Callable[[], Any] | None = None,
) -> Any:
    """What `true_fn` returns if `pred` holds when the graph runs, else what `false_fn` returns.

    Both functions are called once, now; only the nodes of one of them will run.
    """
    true_fn = _one_function("true_fn", true_fn, "fn1", fn1)
    false_fn = _one_function("false_fn", false_fn, "fn2", fn2)
    for what, function in (("true_fn", true_fn), ("false_fn", false_fn)):
        if not callable(function):
            raise TypeError(f"{what} must be callable.")
    with build.name_scope(name, "cond", [pred]):
        if isinstance(pred, bool):
            raise TypeError("pred must not be a Python bool")
        graph = build.current_graph()
        pred = predicate(convert(pred, name="pred"), "pred", "Switch")
        pred = seen_from(graph, pred)
        counted(graph, "Switch", "switch_t", "switch_f", "pred_id")
        then = _Branch(pred, "true_fn", true_fn)
        other = _Branch(pred, "false_fn", false_fn)
        returned = [b.returned if strict else _unpacked(b.returned) for b in (then, other)]
        _same_results(then, other, *returned)
        merged = iter(_merged(pred, then, other))
        flat = [
            result.with_flow(next(merged)) if isinstance(result, TensorArray) else next(merged)
            for result in nest.flatten(returned[0], expand_composites=True)
        ]
        results = nest.pack_sequence_as(returned[0], flat, expand_composites=True)
        return results if strict else _unpacked(results)


def _one_function(new: str, given: Any, old: str, also: Any) -> Any:
    if also is not None:
        if given is not None:
            raise TypeError(f"cond(): {new} and {old} may not be set simultaneously.")
        return also
    if given is None:
        raise TypeError(f"cond(): {new} argument required")
    return given


def predicate(pred: Tensor, what: str, op: str) -> Tensor:
    """A condition: a bool scalar."""
    if pred.dtype.base_dtype is not bool_:
        raise TypeError(
            report.problem(
                f"Input '{what}' of '{op}' Op has type {pred.dtype.name} that does not match expected type of bool.",
                at=report.here(),
                operands=[(what, pred)],
                hint="compare it with something, as in x > 0",
            )
        )
    if pred.shape.rank not in (None, 0):
        raise ValueError(
            report.problem(
                f"Shape must be rank 0 but is rank {pred.shape.rank}: a condition is one bool, not an array of them.",
                at=report.here(),
                operands=[(what, pred)],
                hint="tf.reduce_all and tf.reduce_any make one of many; tf.where chooses element by element",
            )
        )
    return pred


class _Branch:
    """One branch: what its function returned, and its body with the tensors of that as results."""

    def __init__(self, pred: Tensor, what: str, function: Callable[[], Any]) -> None:
        graph = build.current_graph()
        self.pred, self.what = pred, what
        self.body = Body(graph)
        graph.unique_name("cond_text")
        with self.body.as_default():
            self.returned = function()
            if self.returned is None:
                raise ValueError(f"{what} must have a return value.")
            results = nest.map_structure(self._result, self.returned, expand_composites=True)
        self.body.outputs = nest.flatten(results, expand_composites=True)

    def _result(self, value: Any) -> Tensor:
        """A returned value as a tensor of the body; of an op, the condition after it has run."""
        if isinstance(value, Node):
            with uncounted(self.body):
                pivot = self.body.carried_in(self.pred)
            gated: Tensor = with_dependencies([value], pivot)
            return gated
        tensor = convert(value.flow if isinstance(value, TensorArray) else value)
        return seen_from(self.body, tensor)


def _unpacked(results: Any) -> Any:
    """A list or tuple of one result stands for the result."""
    return results[0] if isinstance(results, list | tuple) and len(results) == 1 else results


def _same_results(then: _Branch, other: _Branch, returned: Any, other_returned: Any) -> None:
    try:
        nest.assert_same_structure(returned, other_returned, expand_composites=True)
    except TypeError as error:
        raise TypeError(f"Incompatible return types of true_fn and false_fn: {error}") from None
    except ValueError as error:
        raise ValueError(f"Incompatible return values of true_fn and false_fn: {error}") from None
    if not then.body.outputs:
        raise ValueError("true_fn and false_fn must return at least one result.")
    _widen_indices(returned, other_returned, then, other)
    for x, y in zip(then.body.outputs, other.body.outputs, strict=True):
        if x.dtype.base_dtype is not y.dtype.base_dtype:
            raise ValueError(
                "Outputs of true_fn and false_fn must have the same type: "
                f"{x.dtype.name}, {y.dtype.name}"
            )


def _widen_indices(returned: Any, other_returned: Any, then: _Branch, other: _Branch) -> None:
    """Indices of slices are int64 in both branches if they are in one of them."""
    if not any(isinstance(r, IndexedSlices) for r in nest.flatten(returned)):
        return
    for at, (x, y) in enumerate(zip(then.body.outputs, other.body.outputs, strict=True)):
        if {x.dtype.base_dtype, y.dtype.base_dtype} == {int32, int64}:
            for branch in (then, other):
                with branch.body.as_default():
                    branch.body.outputs[at] = idioms.cast(branch.body.outputs[at], int64)


def _merged(pred: Tensor, then: _Branch, other: _Branch) -> list[Tensor]:
    """The If node, and its outputs under the names that TensorFlow gives the merged results."""
    bodies = (then.body, other.body)
    inputs = united(bodies)
    make = raw.If if stateful_inside(bodies) else raw.StatelessIf
    outputs: list[Tensor] = make(
        pred,
        inputs,
        Tout=[t.dtype.base_dtype for t in then.body.outputs],
        then_branch=then.body,
        else_branch=other.body,
        name="Merge",
    )
    wait_for(outputs[0].node, bodies)
    open_to_waiters(outputs[0].node)
    return [outputs[0], *(raw.Identity(t, name="Merge") for t in outputs[1:])]
