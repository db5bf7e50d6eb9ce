"""Branches and loops: cond, case, while_loop, and the control edges around them."""

from __future__ import annotations

import collections
import functools
from collections.abc import Callable, Sequence
from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.loop_building import build_loop
from graphflow.frontend.tensor_array import TensorArray
from graphflow.ir import build, raw, report
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bool_, int32, int64, string
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import SCALAR
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
from graphflow.ops.dependencies import group as _group
from graphflow.ops.dependencies import no_op, tuple_, with_dependencies

__all__ = ["Assert", "case", "cond", "group", "no_op", "switch_case", "tuple", "while_loop"]
NAMESPACES = {"debugging": ["Assert"]}


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
        pred = _predicate(convert(pred, name="pred"), "pred", "Switch")
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


def _predicate(pred: Tensor, what: str, op: str) -> Tensor:
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
    return results[0] if isinstance(results, list | tuple_type) and len(results) == 1 else results


tuple_type = type(())


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
    return [outputs[0], *(raw.Identity(t, name="Merge") for t in outputs[1:])]


def while_loop(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    shape_invariants: Any = None,
    parallel_iterations: int = 10,
    back_prop: bool = True,
    swap_memory: bool = False,
    name: str | None = None,
    maximum_iterations: Any = None,
    return_same_structure: bool = False,
) -> Any:
    """The loop variables after `body` was applied to them as long as `cond` of them holds.

    Both functions are called once, now, with tensors that stand for the loop variables of any iteration.
    """
    if not callable(cond):
        raise TypeError("cond must be callable.")
    if not callable(body):
        raise TypeError("body must be callable.")
    if parallel_iterations < 1:
        raise TypeError("parallel_iterations must be a positive integer.")
    with build.name_scope(name, "while", nest.flatten(loop_vars)):
        if not loop_vars:
            raise ValueError("No loop variables provided")
        bounded = maximum_iterations is not None
        if bounded:
            limit = convert(maximum_iterations, name="maximum_iterations")
            if limit.shape.rank != 0:
                raise ValueError(f"maximum_iterations must be a scalar, saw shape: {limit.shape}")
            alone = len(loop_vars) == 1 and not return_same_structure
            cond, body, loop_vars = _bounded(cond, body, loop_vars, limit, alone)
            if shape_invariants is not None:
                if alone:
                    shape_invariants = shape_invariants[0]
                shape_invariants = (SCALAR, shape_invariants)
        if shape_invariants is not None:
            nest.assert_same_structure(loop_vars, shape_invariants)
        result = build_loop(
            cond, body, loop_vars, shape_invariants, parallel_iterations, back_prop, _predicate
        )
        if bounded:
            return result[1]
        leaves = nest.flatten(result, expand_composites=True)
        return result[0] if len(leaves) == 1 and not return_same_structure else result


def _bounded(
    cond: Callable[..., Any], body: Callable[..., Any], loop_vars: Any, limit: Tensor, alone: bool
) -> tuple[Callable[..., Any], Callable[..., Any], Any]:
    """The same loop with a counter as its first variable; a variable that stands alone is not in a list."""
    counter = convert(0, limit.dtype.base_dtype, name="iteration_counter")
    if alone:
        return (
            lambda i, v: raw.LogicalAnd(i < limit, cond(v)),
            lambda i, v: (i + 1, body(v)),
            (counter, loop_vars[0]),
        )
    return (
        lambda i, vs: raw.LogicalAnd(i < limit, cond(*vs)),
        lambda i, vs: (i + 1, body(*vs)),
        (counter, loop_vars),
    )


def case(
    pred_fn_pairs: Any,
    default: Callable[[], Any] | None = None,
    exclusive: bool = False,
    strict: bool = False,
    name: str = "case",
) -> Any:
    """What the function of the first pair whose predicate holds returns, else what `default` returns."""
    pairs = _pairs(pred_fn_pairs)
    predicates, actions = (list(column) for column in zip(*pairs, strict=True))
    with build.name_scope(name, "case", predicates):
        if default is None:
            default, predicates, actions = _last_as_default(predicates, actions)
        function: Callable[[], Any] = default
        for predicate, action in reversed(list(zip(predicates, actions, strict=True))):
            function = functools.partial(
                cond, predicate, true_fn=action, false_fn=function, strict=strict
            )
        if not exclusive:
            return function()
        check = _at_most(predicates, 1, "Input error: exclusive=True")
        with build.current_graph().control_dependencies([check]):
            return function()


def _pairs(given: Any) -> list[Any]:
    if not isinstance(given, list | tuple_type | dict):
        raise TypeError("fns must be a list, tuple, or dict")
    if isinstance(given, dict):
        items = list(given.items())
        ordered = isinstance(given, collections.OrderedDict)
        given = items if ordered else sorted(items, key=lambda pair: pair[0].name)
    for pair in given:
        if not isinstance(pair, tuple_type) or len(pair) != 2:
            raise TypeError("Each entry in pred_fn_pairs must be a 2-tuple")
        pred, function = pair
        if not isinstance(pred, Tensor):
            raise TypeError(f"pred must be a Tensor, got: {pred}")
        if pred.dtype.base_dtype is not bool_:
            raise TypeError(f"pred must be Tensor of type bool: {pred.name}")
        if not callable(function):
            raise TypeError(f"fn for pred {pred.name} must be callable.")
    if not given:
        raise ValueError("case needs at least one pair of a predicate and a function")
    return list(given)


def _last_as_default(
    predicates: list[Any], actions: list[Any]
) -> tuple[Callable[[], Any], list[Any], list[Any]]:
    """The last action taken for the default: it makes sure that its predicate holds."""
    last = len(predicates) - 1

    def default() -> Any:
        others = (
            "Implementation error: selected default action "
            f"#{last} was called, but some of other predicates are True: "
        )
        nothing = (
            "Input error: None of conditions evaluated as True:",
            convert(predicates, name="preds_c"),
        )
        checks = [_at_most(predicates[:last], 0, others), Assert(predicates[last], nothing)]
        with build.current_graph().control_dependencies(checks):
            return actions[last]()

    return default, predicates[:last], actions[:last]


def _at_most(predicates: Sequence[Any], most: int, message: str) -> Node:
    """An assertion that no more than `most` predicates hold."""
    stacked = convert(list(predicates), name="preds_c")
    numbers = idioms.cast(stacked, int32)
    count = raw.Sum(numbers, idioms.reduced_axes(numbers, None), name="num_true_conds")
    holds = raw.LessEqual(count, convert(most, name="n_true_conds"))
    names = ", ".join(getattr(p, "name", "?") for p in predicates)
    what = f"{message}: more than {most} conditions ({names}) evaluated as True:"
    return Assert(holds, [what, stacked], summarize=len(predicates))


def switch_case(
    branch_index: Any, branch_fns: Any, default: Callable[[], Any] | None = None, name: str = "switch_case"
) -> Any:
    """What the function number `branch_index` returns; `default`, or the last one, for any other number."""
    actions = _numbered(branch_index, branch_fns)
    if default is not None:
        actions.append(default)
    with build.name_scope(name, "case", [branch_index]):
        function = actions[-1]
        for number in range(len(actions) - 2, -1, -1):
            predicate = raw.Equal(branch_index, number)
            function = functools.partial(
                cond, predicate, true_fn=actions[number], false_fn=function, strict=True
            )
        return function()


def _numbered(branch_index: Any, branch_fns: Any) -> list[Callable[[], Any]]:
    if not isinstance(branch_index, Tensor):
        raise TypeError(f"branch_index must a Tensor, got {type(branch_index)}")
    if not branch_index.dtype.is_integer:
        raise TypeError(f"branch_index must an integer Tensor, got {branch_index.dtype}")
    if not branch_fns:
        raise ValueError("Must provide at least one item in branch_fns")
    if not isinstance(branch_fns, list | tuple_type | dict):
        raise TypeError("branch_fns must be a list, tuple, or dict")
    pairs = list(branch_fns.items()) if isinstance(branch_fns, dict) else list(branch_fns)
    if all(callable(fn) for fn in pairs):
        pairs = list(enumerate(pairs))
    for pair in pairs:
        if not isinstance(pair, tuple_type) or len(pair) != 2:
            raise TypeError("Each entry in branch_fns must be a 2-tuple")
        if not isinstance(pair[0], int):
            raise TypeError(f"key must be a Python `int`, got {type(pair[0])}")
        if not callable(pair[1]):
            raise TypeError(f"fn for key {pair[0]} must be callable.")
    keys = sorted(key for key, _ in pairs)
    if keys != list(range(len(keys))):
        raise ValueError(
            f"branch indices (keys) must form contiguous range of [0 to {len(keys)}) but found "
            f"{{{','.join(map(str, keys))}}}"
        )
    return [function for _, function in sorted(pairs, key=lambda pair: pair[0])]


def Assert(  # noqa: N802  TensorFlow's spelling
    condition: Any, data: Any, summarize: int | None = None, name: str | None = None
) -> Any:
    """An op that fails, showing `data`, unless `condition` holds."""
    with build.name_scope(name, "Assert", [condition, data]):
        tensors = [convert(d) for d in data]
        shown = 3 if summarize is None else summarize
        if all(t.dtype.base_dtype in (string, int32) for t in tensors):
            return raw.Assert(condition, list(data), summarize=shown, name="Assert")
        condition = convert(condition, name="Condition")

        def fail() -> Any:
            return raw.Assert(condition, list(data), summarize=shown, name="Assert")

        guarded: Tensor = cond(condition, no_op, fail, name="AssertGuard")
        return guarded.op


def group(*inputs: Any, **kwargs: Any) -> Node:
    """A node that has run when all of `inputs` have."""
    name = kwargs.pop("name", None)
    if kwargs:
        raise ValueError("Unknown keyword arguments: " + ", ".join(kwargs))
    for item in nest.flatten(inputs, expand_composites=True):
        if not hasattr(item, "device"):
            raise TypeError(
                f"Expected tf.group() expected Tensor arguments not '{item}' with type '{type(item)}'"
            )
    return _group(*inputs, name=name)


def tuple(  # noqa: A001  TensorFlow's spelling
    tensors: Any, name: str | None = None, control_inputs: Any = None
) -> list[Any]:
    """`tensors`, each available only after all of them are computed."""
    return tuple_(tensors, name, control_inputs)


