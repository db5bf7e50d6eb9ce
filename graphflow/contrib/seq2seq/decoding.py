"""dynamic_decode: a decoder in a loop, until all its sequences have ended."""

from __future__ import annotations

import abc
import contextlib
from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.array_parts import where
from graphflow.frontend.control_flow import while_loop
from graphflow.frontend.reduce import reduce_all
from graphflow.frontend.rnn.sizes import time_and_batch_swapped, zeros_of_sizes
from graphflow.frontend.rnn.steps import cache_beside_readers
from graphflow.frontend.tensor_array import TensorArray
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.known import constant_value
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms


class Decoder(abc.ABC):
    """What makes a sequence, step by step."""

    @property
    def batch_size(self) -> Any:
        """The number of sequences."""
        raise NotImplementedError

    @property
    def output_size(self) -> Any:
        """The sizes of the outputs for one sequence."""
        raise NotImplementedError

    @property
    def output_dtype(self) -> Any:
        """The types of the outputs, in the structure of their sizes."""
        raise NotImplementedError

    @abc.abstractmethod
    def initialize(self, name: str | None = None) -> tuple[Any, Any, Any]:
        """Which sequences have ended before they began, the first inputs, the first state."""
        raise NotImplementedError

    @abc.abstractmethod
    def step(
        self, time: Any, inputs: Any, state: Any, name: str | None = None
    ) -> tuple[Any, Any, Any, Any]:
        """Outputs, next state, next inputs, and which sequences have ended."""
        raise NotImplementedError

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> tuple[Any, Any]:
        """Outputs and state made of those of all steps."""
        raise NotImplementedError

    @property
    def tracks_own_finished(self) -> bool:
        """Whether `step` itself keeps ended sequences ended."""
        return False


def dynamic_decode(
    decoder: Any,
    output_time_major: bool = False,
    impute_finished: bool = False,
    maximum_iterations: Any = None,
    parallel_iterations: int = 32,
    swap_memory: bool = False,
    scope: Any = None,
    **kwargs: Any,
) -> tuple[Any, Any, Any]:
    """Outputs of all steps, last state, and lengths of the sequences.

    With `impute_finished`, a sequence that has ended gives zeros and keeps its state.
    """
    if not isinstance(decoder, Decoder):
        raise TypeError(f"Expected decoder to be type Decoder, but saw: {type(decoder)}")
    with variable_scope(scope, "decoder") as variables:
        cache_beside_readers(variables)
        if maximum_iterations is not None:
            maximum_iterations = convert(maximum_iterations, int32, name="maximum_iterations")
            if maximum_iterations.shape.rank != 0:
                raise ValueError("maximum_iterations must be a scalar")
        finished, inputs, state = decoder.initialize()
        zeros = nest.map_structure(
            lambda size, dtype: zeros_of_sizes(decoder.batch_size, size, dtype),
            decoder.output_size,
            decoder.output_dtype,
        )
        if maximum_iterations is not None:
            finished = raw.LogicalOr(finished, maximum_iterations <= 0)
        lengths = idioms.zeros_like(finished, dtype=int32)
        time = convert(0, int32)
        arrays = nest.map_structure(
            lambda size, dtype: TensorArray(
                dtype, size=0, dynamic_size=True, element_shape=_known(decoder, size)
            ),
            decoder.output_size,
            decoder.output_dtype,
        )

        def one_step(
            time: Any, arrays: Any, state: Any, inputs: Any, finished: Any, lengths: Any
        ) -> Any:
            outputs, new_state, new_inputs, new_finished = decoder.step(time, inputs, state)
            if not decoder.tracks_own_finished:
                new_finished = raw.LogicalOr(new_finished, finished)
            going_on = raw.LogicalNot(finished)
            longer = raw.Fill(idioms.shape(lengths), time + 1)
            new_lengths = where(going_on, longer, lengths)
            nest.assert_same_structure(state, new_state)
            nest.assert_same_structure(arrays, outputs)
            nest.assert_same_structure(inputs, new_inputs)
            if impute_finished:
                outputs = nest.map_structure(lambda o, z: where(finished, z, o), outputs, zeros)
                new_state = nest.map_structure(
                    lambda new, old: _kept(finished, old, new), new_state, state
                )
            arrays = nest.map_structure(lambda a, o: a.write(time, o), arrays, outputs)
            return time + 1, arrays, new_state, new_inputs, new_finished, new_lengths

        _, arrays, state, _, _, lengths = while_loop(
            lambda time, arrays, state, inputs, finished, lengths: raw.LogicalNot(
                reduce_all(finished)
            ),
            one_step,
            (time, arrays, state, inputs, finished, lengths),
            parallel_iterations=parallel_iterations,
            maximum_iterations=maximum_iterations,
            swap_memory=swap_memory,
        )
        outputs = nest.map_structure(lambda a: a.stack(), arrays)
        with contextlib.suppress(NotImplementedError):
            outputs, state = decoder.finalize(outputs, state, lengths)
        if not output_time_major:
            outputs = nest.map_structure(time_and_batch_swapped, outputs)
    return outputs, state, lengths


def _known(decoder: Decoder, size: Any) -> TensorShape | None:
    """What is known of the shape of an output of one step."""
    if not isinstance(size, TensorShape) or size.rank == 0:
        return None
    batch = constant_value(convert(decoder.batch_size, name="batch_size"))
    return TensorShape([None if batch is None else int(batch)]).concatenate(size)


def _kept(finished: Any, old: Any, new: Any) -> Any:
    """The new value, the old one for the sequences that have ended."""
    if isinstance(old, TensorArray):
        return new
    new.set_shape(old.shape)
    return new if new.shape.rank == 0 else where(finished, old, new)


__all__: list[str] = []
NAMESPACES = {
    "contrib.seq2seq": ["Decoder", "dynamic_decode"],
    "contrib.seq2seq.python.ops.decoder": ["Decoder", "dynamic_decode"],
}
