"""How a while loop is put together: its condition and its body as graphs, and the variables that go round."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.branch_building import predicate
from graphflow.frontend.tensor_array import TensorArray
from graphflow.ir import build, raw, report
from graphflow.ir.convert import convert
from graphflow.ir.graph import Graph
from graphflow.ir.indexed_slices import IndexedSlices
from graphflow.ir.node import Tensor
from graphflow.ir.shape import SCALAR, TensorShape
from graphflow.ops.bodies import (
    Body,
    counted,
    loosened,
    seen_from,
    stateful_inside,
    united,
    wait_for,
)
from graphflow.ops.control_flow import exit_shape, open_to_waiters


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
        result = _built(cond, body, loop_vars, shape_invariants, parallel_iterations, back_prop)
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


def _built(
    cond: Callable[..., Any],
    body: Callable[..., Any],
    loop_vars: Any,
    shape_invariants: Any,
    parallel_iterations: int,
    back_prop: bool,
) -> Any:
    """A While node; the loop variables after it, in the structure that the body returned."""
    graph = build.current_graph()
    flat = nest.flatten(loop_vars, expand_composites=True)
    first = [convert(v.flow if isinstance(v, TensorArray) else v) for v in flat]
    invariants = _invariants(loop_vars, first, shape_invariants)
    graph.unique_name("while_context")
    first = [seen_from(graph, t) for t in first]
    count = len(first)
    counted(graph, *["Enter"] * count)

    condition = Body(graph, "Enter")
    arguments = _variables(condition, first, invariants, "Merge")
    with condition.as_default():
        holds = predicate(convert(cond(*_packed(loop_vars, flat, arguments))), "input", "LoopCond")
        condition.outputs = [seen_from(condition, holds)]
    counted(graph, "LoopCond", *["Switch"] * count)

    inside = Body(graph, "Enter", condition)
    variables = _variables(inside, first, invariants, "Identity")
    with inside.as_default():
        given = _packed(loop_vars, flat, variables)
        returned = body(*given)
        if not nest.is_sequence_or_composite(returned):
            returned = [returned]
        nest.assert_same_structure(list(given), list(returned), expand_composites=True)
        leaves = nest.flatten(returned, expand_composites=True)
        results = [convert(v.flow if isinstance(v, TensorArray) else v) for v in leaves]
        inside.outputs = [seen_from(inside, t) for t in results]
    counted(graph, *["NextIteration"] * count)
    _check_results(first, invariants, inside.outputs)

    outputs = _loop(graph, condition, inside, first, invariants, parallel_iterations, back_prop)
    again = [
        leaf.with_flow(out) if isinstance(leaf, TensorArray) else out
        for leaf, out in zip(leaves, outputs, strict=True)
    ]
    return nest.pack_sequence_as(returned, again, expand_composites=True)


def _variables(
    body: Body, first: Sequence[Tensor], invariants: Sequence[TensorShape], name: str
) -> list[Tensor]:
    """The arguments of a body that stand for the loop variables."""
    made = [
        body.parameter(t.dtype.base_dtype, shape, name)
        for t, shape in zip(first, invariants, strict=True)
    ]
    body.inputs = list(made)
    return made


def _packed(loop_vars: Any, flat: Sequence[Any], tensors: Sequence[Tensor]) -> Any:
    """Tensors in the structure of the loop variables, as what the loop variables are."""
    parts = [
        v.with_flow(t) if isinstance(v, TensorArray) else t
        for v, t in zip(flat, tensors, strict=True)
    ]
    return nest.pack_sequence_as(loop_vars, parts, expand_composites=True)


def _loop(
    graph: Graph,
    condition: Body,
    inside: Body,
    first: Sequence[Tensor],
    invariants: Sequence[TensorShape],
    parallel_iterations: int,
    back_prop: bool,
) -> list[Tensor]:
    """The While node, and its outputs under the names that TensorFlow gives the values after a loop."""
    bodies = (condition, inside)
    captured = united(bodies)
    shapes = [
        exit_shape(t.shape, shape, result.shape)
        for t, shape, result in zip(first, invariants, inside.outputs, strict=True)
    ]
    make = raw.While if stateful_inside(bodies) else raw.StatelessWhile
    outputs: list[Tensor] = make(
        [*first, *captured],
        Tout=[t.dtype.base_dtype for t in first],
        cond=condition,
        body=inside,
        output_shapes=shapes,
        parallel_iterations=parallel_iterations,
        carries=len(first),
        back_prop=back_prop,
        name="Exit",
    )
    wait_for(outputs[0].node, bodies)
    open_to_waiters(outputs[0].node)
    return [outputs[0], *(raw.Identity(t, name="Exit") for t in outputs[1:])]


def _invariants(loop_vars: Any, first: Sequence[Tensor], given: Any) -> list[TensorShape]:
    """For each loop variable what its shape is in every iteration."""
    if given is None:
        return [loosened(t.shape) for t in first]
    shapes: list[Any] = []
    for variable, shape in zip(nest.flatten(loop_vars), nest.flatten(given), strict=True):
        if not isinstance(shape, TensorShape):
            raise ValueError("`shapes` must be a (possibly nested) list of shapes.")
        shapes.extend(_component_shapes(variable, shape))
    for t, shape in zip(first, shapes, strict=True):
        if not fits(t.shape, shape):
            raise ValueError(
                f"The shape invariant specified for {t.name} is not compatible with the initial shape of the "
                f"loop variable. It enters the loop with shape {t.shape}, but the specified shape invariant is {shape}."
            )
    return [loosened(s) for s in shapes]


def _component_shapes(variable: Any, shape: TensorShape) -> list[TensorShape]:
    """The shapes of the tensors of a loop variable, from the one that is stated for it."""
    if isinstance(variable, IndexedSlices):
        rows = shape[0] if shape.known is not None else None
        whole = [TensorShape([shape.rank])] if variable.dense_shape is not None else []
        return [shape, TensorShape([rows]), *whole]
    if nest.is_composite(variable):
        rank = shape.rank
        return [TensorShape([None, rank]), TensorShape([None]), TensorShape([rank])]
    return [shape]


def fits(shape: TensorShape, invariant: TensorShape) -> bool:
    """Whether what is known of a shape says all that the invariant says."""
    if invariant.known is None:
        return True
    if shape.known is None or len(shape.known) != len(invariant.known):
        return False
    return all(
        not isinstance(want, int) or have == want
        for have, want in zip(shape.known, invariant.known, strict=True)
    )


def _check_results(
    first: Sequence[Tensor], invariants: Sequence[TensorShape], results: Sequence[Tensor]
) -> None:
    for t, invariant, result in zip(first, invariants, results, strict=True):
        if result.dtype.base_dtype is not t.dtype.base_dtype:
            raise TypeError(
                report.problem(
                    f"Input tensor '{t.name}' enters the loop with type {t.dtype.name}, but has type "
                    f"{result.dtype.name} after one iteration.",
                    at=report.here(),
                    operands=[("enters", t), ("after", result)],
                    hint="tf.cast the result of the body, or start with the other type",
                    then="",
                )
            )
        if not fits(result.shape, invariant):
            raise ValueError(
                report.problem(
                    f"Input tensor '{t.name}' enters the loop with shape {t.shape}, but has shape {result.shape} "
                    "after one iteration. To allow the shape to vary across iterations, use the "
                    "`shape_invariants` argument of tf.while_loop to specify a less-specific shape.",
                    at=report.here(),
                    operands=[("enters", t), ("after", result)],
                    then="",
                )
            )
