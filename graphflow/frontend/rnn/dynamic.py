"""dynamic_rnn and bidirectional_dynamic_rnn: a cell in a loop over as many time steps as there are."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.array_joins import reverse, reverse_sequence
from graphflow.frontend.control_flow import Assert, while_loop
from graphflow.frontend.reduce import reduce_all, reduce_max, reduce_min
from graphflow.frontend.rnn.sizes import (
    batch_size_of,
    check_cell,
    known_shape,
    shape_joined,
    sizes_joined,
    state_dtype,
    time_and_batch_swapped,
)
from graphflow.frontend.rnn.steps import Ends, cache_beside_readers, step
from graphflow.frontend.tensor_array import TensorArray
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.arrays import stack


def dynamic_rnn(
    cell: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """The outputs of a cell for all time steps, and its state after the last one.

    Past the end of an example, as `sequence_length` says, outputs are 0 and the state stays as it is.
    """
    check_cell("cell", cell)
    with variable_scope(scope or "rnn") as variables:
        cache_beside_readers(variables)
        flat = nest.flatten(inputs)
        if not time_major:
            flat = [convert(x) for x in flat]
            flat = [time_and_batch_swapped(x) for x in flat]
        if sequence_length is not None:
            sequence_length = _lengths(sequence_length)
        batch_size = batch_size_of(flat)
        state = initial_state
        if state is None:
            state = first_state(
                cell, batch_size, dtype, "there is no initial_state, you must give a dtype"
            )
        if sequence_length is not None:
            with build.current_graph().control_dependencies(
                [_is_batch(sequence_length, batch_size)]
            ):
                sequence_length = raw.Identity(sequence_length, name="CheckSeqLen")
        outputs, state = _loop(
            cell,
            nest.pack_sequence_as(inputs, flat),
            state,
            parallel_iterations or 32,
            swap_memory,
            sequence_length,
            dtype,
        )
        if not time_major:
            outputs = nest.map_structure(time_and_batch_swapped, outputs)
        return outputs, state


def first_state(cell: Any, batch_size: Any, dtype: Any, otherwise: str) -> Any:
    """The state that a cell begins with where none is given."""
    if not dtype:
        raise ValueError(f"If {otherwise}.")
    if getattr(cell, "get_initial_state", None) is not None:
        return cell.get_initial_state(inputs=None, batch_size=batch_size, dtype=dtype)
    return cell.zero_state(batch_size, dtype)


def _lengths(given: Any) -> Tensor:
    lengths = idioms.cast(given, int32)
    if lengths.shape.rank not in (None, 1):
        raise ValueError(
            f"sequence_length must be a vector of length batch_size, but saw shape: {lengths.shape}"
        )
    named: Tensor = raw.Identity(lengths, name="sequence_length")
    return named


def _is_batch(lengths: Tensor, batch_size: Any) -> Any:
    """An assertion that there is one length for each example."""
    found = idioms.shape(lengths)
    wanted = stack([batch_size])
    message = f"Expected shape for Tensor {lengths.name} is "
    return Assert(
        reduce_all(raw.Equal(found, wanted)), [message, wanted, " but saw shape: ", found]
    )


def _loop(
    cell: Any,
    inputs: Any,
    initial_state: Any,
    parallel_iterations: int,
    swap_memory: bool,
    sequence_length: Any,
    dtype: Any,
) -> tuple[Any, Any]:
    flat = nest.flatten(inputs)
    output_sizes = nest.flatten(cell.output_size)
    time_steps = idioms.shape(flat[0])[0]
    batch_size = batch_size_of(flat)
    steps, batch = _common_sizes(flat)
    row_shapes = [x.shape.with_rank_at_least(3)[1:] for x in flat]
    output_dtype = state_dtype(dtype, initial_state)

    zeros = [
        idioms.zeros(stack(sizes_joined(batch_size, size)), output_dtype) for size in output_sizes
    ]
    zero_output = nest.pack_sequence_as(cell.output_size, zeros)
    ends = None
    longest = time_steps
    if sequence_length is not None:
        ends = Ends(sequence_length, reduce_min(sequence_length), reduce_max(sequence_length))
        longest = ends.greatest
    time = convert(0, int32, name="time")
    with build.name_scope("dynamic_rnn") as scope:
        base = scope

    def array(name: str, element_shape: TensorShape, element_dtype: Any) -> TensorArray:
        return TensorArray(
            element_dtype,
            size=time_steps,
            element_shape=element_shape,
            tensor_array_name=base + name,
        )

    outputs = [
        array(f"output_{i}", TensorShape([batch]).concatenate(known_shape(size)), output_dtype)
        for i, size in enumerate(output_sizes)
    ]
    rows = [array(f"input_{i}", x.shape[1:], x.dtype) for i, x in enumerate(flat)]
    rows = [row.unstack(x) for row, x in zip(rows, flat, strict=True)]

    def one_step(time: Any, written: Any, state: Any) -> Any:
        read = [row.read(time) for row in rows]
        for value, shape in zip(read, row_shapes, strict=True):
            value.set_shape(shape)
        now = nest.pack_sequence_as(inputs, read)
        if ends is None:
            output, new_state = cell(now, state)
        else:
            output, new_state = step(
                time, ends, zero_output, state, lambda: cell(now, state), always_select=True
            )
        found = nest.flatten(output)
        written = tuple(a.write(time, o) for a, o in zip(written, found, strict=True))
        return time + 1, written, new_state

    bound = raw.Minimum(time_steps, raw.Maximum(1, longest))
    _, filled, final_state = while_loop(
        lambda time, *_: time < bound,
        one_step,
        (time, tuple(outputs), initial_state),
        parallel_iterations=parallel_iterations,
        maximum_iterations=time_steps,
        swap_memory=swap_memory,
    )
    stacked = [a.stack() for a in filled]
    for output, size in zip(stacked, output_sizes, strict=True):
        output.set_shape(shape_joined([steps, batch], size))
    return nest.pack_sequence_as(cell.output_size, stacked), final_state


def _common_sizes(inputs: Any) -> tuple[int | None, int | None]:
    """Time steps and batch size of all inputs, as far as they are known."""
    shapes = [x.shape.with_rank_at_least(3) for x in inputs]
    steps, batch = shapes[0].as_list()[:2]
    for shape in shapes:
        if not shape[2:].is_fully_defined():
            raise ValueError(
                "Input size (depth of inputs) must be accessible via shape inference, but saw value None."
            )
        if shape[0].value != steps:
            raise ValueError(
                "Time steps is not the same for all the elements in the input in a batch."
            )
        if shape[1].value != batch:
            raise ValueError("Batch_size is not the same for all the elements in the input.")
    return steps, batch


def bidirectional_dynamic_rnn(
    cell_fw: Any,
    cell_bw: Any,
    inputs: Any,
    sequence_length: Any = None,
    initial_state_fw: Any = None,
    initial_state_bw: Any = None,
    dtype: Any = None,
    parallel_iterations: int | None = None,
    swap_memory: bool = False,
    time_major: bool = False,
    scope: Any = None,
) -> tuple[Any, Any]:
    """The outputs and the states of two cells, of which one goes from the first step on and one from the last."""
    check_cell("cell_fw", cell_fw)
    check_cell("cell_bw", cell_bw)
    options = {
        "sequence_length": sequence_length,
        "dtype": dtype,
        "parallel_iterations": parallel_iterations,
        "swap_memory": swap_memory,
        "time_major": time_major,
    }
    time_axis = 0 if time_major else 1

    def reversed_in_time(x: Any) -> Any:
        if sequence_length is None:
            return reverse(x, axis=[time_axis])
        return reverse_sequence(x, sequence_length, seq_axis=time_axis, batch_axis=1 - time_axis)

    with variable_scope(scope or "bidirectional_rnn"):
        with variable_scope("fw") as fw_scope:
            output_fw, state_fw = dynamic_rnn(
                cell_fw, inputs, initial_state=initial_state_fw, scope=fw_scope, **options
            )
        with variable_scope("bw") as bw_scope:
            backwards = nest.map_structure(reversed_in_time, inputs)
            output_bw, state_bw = dynamic_rnn(
                cell_bw, backwards, initial_state=initial_state_bw, scope=bw_scope, **options
            )
    return (output_fw, reversed_in_time(output_bw)), (state_fw, state_bw)


__all__: list[str] = []
NAMESPACES = {
    "nn": ["bidirectional_dynamic_rnn", "dynamic_rnn"],
    "python.ops.rnn": ["bidirectional_dynamic_rnn", "dynamic_rnn"],
}
