"""raw_rnn: a cell in a loop whose inputs, states and outputs a function decides on, step by step."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.control_flow import while_loop
from graphflow.frontend.reduce import reduce_all
from graphflow.frontend.rnn.sizes import check_cell, known_shape, sizes_joined
from graphflow.frontend.rnn.steps import cache_beside_readers, kept
from graphflow.frontend.tensor_array import TensorArray
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms


def raw_rnn(
    cell: Any,
    loop_fn: Callable[..., Any],
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    scope: Any = None,
) -> tuple[Any, Any, Any]:
    """What the loop emitted, as arrays; the last state of the cell; the last state of the loop.

    loop_fn(time, cell_output, cell_state, loop_state) returns: which examples are finished, the next input, the
    next state, what to emit, the next state of the loop. Before the first step it is called with time 0 and None.
    """
    check_cell("cell", cell)
    if not callable(loop_fn):
        raise TypeError("loop_fn must be a callable")
    with variable_scope(scope or "rnn") as variables:
        cache_beside_readers(variables)
        time = convert(0, int32)
        finished, first_input, initial_state, emitted, loop_state = loop_fn(time, None, None, None)
        stateless = loop_state is None
        if stateless:
            loop_state = convert(0, int32)
        batch, batch_size = _batch(nest.flatten(first_input))
        nest.assert_same_structure(initial_state, cell.state_size)
        state = nest.map_structure(convert, initial_state)
        structure, sizes, dtypes = _emissions(emitted, cell, nest.flatten(state)[0].dtype)
        arrays = [
            TensorArray(
                dtype,
                dynamic_size=True,
                element_shape=TensorShape([batch]).concatenate(known_shape(size)),
                size=0,
                name=f"rnn_output_{i}",
            )
            for i, (dtype, size) in enumerate(zip(dtypes, sizes, strict=True))
        ]
        zeros = [
            idioms.zeros(sizes_joined(batch_size, size), dtype)
            for size, dtype in zip(sizes, dtypes, strict=True)
        ]
        zero_emit = nest.pack_sequence_as(structure, zeros)

        def one_step(
            time: Any, finished: Any, current: Any, emitted: Any, state: Any, loop_state: Any
        ) -> Any:
            output, cell_state = cell(current, state)
            nest.assert_same_structure(state, cell_state)
            nest.assert_same_structure(cell.output_size, output)
            next_time = time + 1
            now_finished, next_input, next_state, emit, next_loop_state = loop_fn(
                next_time, output, cell_state, loop_state
            )
            nest.assert_same_structure(state, next_state)
            nest.assert_same_structure(current, next_input)
            nest.assert_same_structure(emitted, emit)
            if next_loop_state is None:
                next_loop_state = loop_state
            before = finished
            emit = nest.map_structure(lambda o, n: kept(before, o, n), zero_emit, emit)
            next_state = nest.map_structure(lambda o, n: kept(before, o, n), state, next_state)
            emitted = nest.map_structure(lambda a, e: a.write(time, e), emitted, emit)
            finished = raw.LogicalOr(before, now_finished)
            return next_time, finished, next_input, emitted, next_state, next_loop_state

        *_, emitted, state, loop_state = while_loop(
            lambda _, finished, *others: raw.LogicalNot(reduce_all(finished)),
            one_step,
            [
                time,
                finished,
                first_input,
                nest.pack_sequence_as(structure, arrays),
                state,
                loop_state,
            ],
            parallel_iterations=parallel_iterations or 32,
            swap_memory=swap_memory,
        )
        return emitted, state, None if stateless else loop_state


def _batch(inputs: list[Any]) -> tuple[int | None, Any]:
    """The batch size where it is known, and the one to compute with."""
    sizes = [x.shape[0] for x in inputs]
    for size in sizes:
        sizes[0].merge_with(size)
    known = sizes[0].value
    return known, idioms.shape(inputs[0])[0] if known is None else known


def _emissions(emitted: Any, cell: Any, state_dtype: Any) -> tuple[Any, list[Any], list[Any]]:
    """The structure of what is emitted, and for each part the size of one example and the type."""
    if emitted is None:
        sizes = nest.flatten(cell.output_size)
        return cell.output_size, sizes, [state_dtype] * len(sizes)
    parts = nest.flatten(emitted)
    shapes = [p.shape if p.shape.is_fully_defined() else idioms.shape(p) for p in parts]
    return emitted, shapes, [p.dtype for p in parts]


__all__: list[str] = []
NAMESPACES = {
    "nn": ["raw_rnn"],
    "python.ops.rnn": ["raw_rnn"],
}
