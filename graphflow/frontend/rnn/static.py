"""static_rnn and its kin: one copy of a cell's nodes for each time step."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.array_joins import reverse_sequence
from graphflow.frontend.reduce import reduce_max, reduce_min
from graphflow.frontend.rnn.dynamic import first_state
from graphflow.frontend.rnn.sizes import check_cell, shape_joined, sizes_joined, state_dtype
from graphflow.frontend.rnn.steps import Ends, cache_beside_readers, step
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack, unstack


def static_rnn(
    cell: Any,
    inputs: Any,
    initial_state: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[Any, Any]:
    """The outputs of a cell for each of the inputs, and its state after the last one."""
    check_cell("cell", cell)
    _check_list(inputs)
    outputs = []
    with variable_scope(scope or "rnn") as variables:
        cache_beside_readers(variables)
        first = inputs
        while nest.is_sequence(first):
            first = first[0]
        batch = _known_batch(first, inputs)
        batch_size = batch or idioms.shape(first)[0]
        state = initial_state
        if state is None:
            state = first_state(
                cell, batch_size, dtype, "no initial_state is provided, dtype must be specified"
            )
        ends = zero_output = None
        if sequence_length is not None:
            lengths = convert(sequence_length, name="sequence_length")
            if lengths.shape.rank not in (None, 1):
                raise ValueError("sequence_length must be a vector of length batch_size")
            zero_output = _zeros(cell.output_size, batch_size, batch, state_dtype(dtype, state))
            lengths = idioms.cast(lengths, int32)
            ends = Ends(lengths, reduce_min(lengths), reduce_max(lengths))
        for time, now in enumerate(inputs):
            if time > 0:
                variables.reuse_variables()
            if ends is None:
                output, state = cell(now, state)
            else:
                output, state = _step(cell, now, time, ends, zero_output, state)
            outputs.append(output)
        return outputs, state


def _step(cell: Any, now: Any, time: int, ends: Ends, zero_output: Any, state: Any) -> Any:
    return step(time, ends, zero_output, state, lambda: cell(now, state))


def _check_list(inputs: Any) -> None:
    if not nest.is_sequence(inputs):
        raise TypeError("inputs must be a sequence")
    if not inputs:
        raise ValueError("inputs must not be empty")


def _known_batch(first: Any, inputs: Any) -> int | None:
    """The batch size that the first input tells, and no other one contradicts."""
    if first.shape.rank == 1:
        return first.shape[0].value
    batch = first.shape.with_rank_at_least(2)[0]
    for x in nest.flatten(inputs):
        size, *rest = x.shape.with_rank_at_least(2)
        batch.merge_with(size)
        for i, part in enumerate(rest):
            if part.value is None:
                raise ValueError(
                    f"Input size (dimension {i} of inputs) must be accessible via shape inference, "
                    "but saw value None."
                )
    return batch.value


def _zeros(output_size: Any, batch_size: Any, batch: int | None, dtype: Any) -> Any:
    """What the cell gives for examples that have ended."""

    def zeros(size: Any) -> Any:
        made = idioms.zeros(stack(sizes_joined(batch_size, size)), dtype)
        made.set_shape(shape_joined(batch, size))
        return made

    flat = [zeros(size) for size in nest.flatten(output_size)]
    return nest.pack_sequence_as(output_size, flat)


def static_state_saving_rnn(
    cell: Any,
    inputs: Any,
    state_saver: Any,
    state_name: Any,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[Any, Any]:
    """static_rnn with a state that comes from `state_saver` and goes back to it."""
    size = cell.state_size
    nested = nest.is_sequence(size)
    if nested != nest.is_sequence(state_name):
        raise ValueError(
            "state_name should be the same type as cell.state_size.  "
            f"state_name: {state_name}, cell.state_size: {size}"
        )
    names = nest.flatten(state_name)
    if len(names) != len(nest.flatten(size)):
        raise ValueError(
            f"#elems(state_name) != #elems(state_size): {len(names)} vs. {len(nest.flatten(size))}"
        )
    begin = nest.pack_sequence_as(size, [state_saver.state(name) for name in names])
    outputs, state = static_rnn(
        cell, inputs, initial_state=begin, sequence_length=sequence_length, scope=scope
    )
    parts = nest.flatten(state)
    saved = [state_saver.save_state(n, part) for n, part in zip(names, parts, strict=True)]
    with build.current_graph().control_dependencies(saved):
        outputs[-1] = nest.map_structure(raw.Identity, outputs[-1])
        state = nest.pack_sequence_as(state, [raw.Identity(part) for part in parts])
    return outputs, state


def static_bidirectional_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    sequence_length: Any = None,
    scope: Any = None,
) -> tuple[Any, Any, Any]:
    """The outputs of two cells side by side, of which one goes forwards and one backwards, and their states."""
    check_cell("cell_fw", cell_fw)
    check_cell("cell_bw", cell_bw)
    _check_list(inputs)
    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as fw_scope:
            output_fw, state_fw = static_rnn(
                cell_fw, inputs, initial_state_fw, dtype, sequence_length, scope=fw_scope
            )
        with variable_scope("bw") as bw_scope:
            backwards = _reversed(inputs, sequence_length)
            output_bw, state_bw = static_rnn(
                cell_bw, backwards, initial_state_bw, dtype, sequence_length, scope=bw_scope
            )
    output_bw = _reversed(output_bw, sequence_length)
    both = zip(nest.flatten(output_fw), nest.flatten(output_bw), strict=True)
    outputs = nest.pack_sequence_as(output_fw, [concat([fw, bw], 1) for fw, bw in both])
    return outputs, state_fw, state_bw


def _reversed(inputs: Any, lengths: Any) -> list[Any]:
    """The inputs in the opposite order, each example's own first ones."""
    if lengths is None:
        return list(reversed(inputs))
    turned: list[list[Any]] = [[] for _ in inputs]
    for series in zip(*(nest.flatten(x) for x in inputs), strict=True):
        backwards = unstack(reverse_sequence(stack(series), lengths, 0, 1))
        for part, parts in zip(backwards, turned, strict=True):
            parts.append(part)
    return [nest.pack_sequence_as(x, parts) for x, parts in zip(inputs, turned, strict=True)]


__all__: list[str] = []
NAMESPACES = {
    "nn": ["static_bidirectional_rnn", "static_rnn", "static_state_saving_rnn"],
    "contrib.rnn": ["static_bidirectional_rnn", "static_rnn", "static_state_saving_rnn"],
    "python.ops.rnn": ["static_bidirectional_rnn", "static_rnn", "static_state_saving_rnn"],
}
