"""BeamSearchDecoder: the likeliest sequences, of which so many are followed at a time."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

import numpy as np

from graphflow.contrib.seq2seq.basic_decoder import check_layer, size_after
from graphflow.contrib.seq2seq.beam_arrays import sorted_array
from graphflow.contrib.seq2seq.beam_step import (
    BeamSearchDecoderOutput,
    BeamSearchDecoderState,
    attention_probabilities,
    beam_step,
    check_rank,
)
from graphflow.contrib.seq2seq.decoding import Decoder
from graphflow.contrib.seq2seq.scheduled_sampling import embedding_function
from graphflow.frontend import nest
from graphflow.frontend.array import expand_dims
from graphflow.frontend.array_joins import tile
from graphflow.frontend.array_parts import one_hot
from graphflow.frontend.control_flow import cond
from graphflow.frontend.reduce import reduce_all, reduce_max
from graphflow.frontend.rnn.sizes import check_cell, known_shape
from graphflow.frontend.tensor_array import TensorArray
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import bool_, int32, int64
from graphflow.ir.known import constant_value
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat


class FinalBeamSearchDecoderOutput(
    namedtuple("FinalBeamDecoderOutput", ["predicted_ids", "beam_search_decoder_output"])
):
    """The sequences of all beams, the best first, and the outputs of the single steps."""


class BeamSearchDecoder(Decoder):
    """In each step every beam is continued by every word, and the best continuations are kept."""

    def __init__(
        self,
        cell: Any,
        embedding: Any,
        start_tokens: Any,
        end_token: Any,
        initial_state: Any,
        beam_width: int,
        output_layer: Any = None,
        length_penalty_weight: Any = 0.0,
        coverage_penalty_weight: Any = 0.0,
        reorder_tensor_arrays: bool = True,
    ) -> None:
        check_cell("cell", cell)
        check_layer(output_layer)
        self._cell, self._output_layer = cell, output_layer
        self._reorder_tensor_arrays = reorder_tensor_arrays
        self._beam_width = beam_width
        self._length_penalty_weight = length_penalty_weight
        self._coverage_penalty_weight = coverage_penalty_weight
        self._embedding_fn = embedding_function(embedding)
        starts = convert(start_tokens, int32, name="start_tokens")
        if starts.shape.rank != 1:
            raise ValueError("start_tokens must be a vector")
        self._end_token = convert(end_token, int32, name="end_token")
        if self._end_token.shape.rank != 0:
            raise ValueError("end_token must be a scalar")
        self._batch_size = idioms.size(start_tokens)
        self._initial_cell_state = nest.map_structure(
            self._split, initial_state, self._cell.state_size
        )
        self._start_tokens = tile(expand_dims(starts, 1), [1, beam_width])
        self._start_inputs = self._embedding_fn(self._start_tokens)
        self._finished = self._first_beam(False, True, bool_)

    def _first_beam(self, inside: Any, outside: Any, dtype: Any) -> Any:
        """One value for the first beam, another for the others: at first all beams are alike, and one is enough."""
        return one_hot(
            idioms.zeros([self._batch_size], dtype=int32),
            depth=self._beam_width,
            on_value=inside,
            off_value=outside,
            dtype=dtype,
        )

    @property
    def batch_size(self) -> Any:
        return self._batch_size

    @property
    def tracks_own_finished(self) -> bool:
        """True: as beams change places, what had ended moves too."""
        return True

    @property
    def output_size(self) -> Any:
        shape = TensorShape([self._beam_width])
        return BeamSearchDecoderOutput(scores=shape, predicted_ids=shape, parent_ids=shape)

    @property
    def output_dtype(self) -> Any:
        dtype = nest.flatten(self._initial_cell_state)[0].dtype
        size = size_after(self._output_layer, self._cell.output_size)
        return BeamSearchDecoderOutput(
            scores=nest.map_structure(lambda _: dtype, size), predicted_ids=int32, parent_ids=int32
        )

    def initialize(self, name: str | None = None) -> tuple[Any, Any, Any]:
        dtype = nest.flatten(self._initial_cell_state)[0].dtype
        zeros = idioms.zeros([self._batch_size], dtype=int32)
        log_probs = one_hot(
            zeros,
            depth=self._beam_width,
            on_value=convert(0.0, dtype),
            off_value=convert(-np.inf, dtype),
            dtype=dtype,
        )
        attention = attention_probabilities(self._initial_cell_state, self._coverage_penalty_weight)
        state = BeamSearchDecoderState(
            cell_state=self._initial_cell_state,
            log_probs=log_probs,
            finished=self._finished,
            lengths=idioms.zeros([self._batch_size, self._beam_width], dtype=int64),
            accumulated_attention_probs=() if attention is None else attention,
        )
        return self._finished, self._start_inputs, state

    def step(
        self, time: Any, inputs: Any, state: Any, name: str | None = None
    ) -> tuple[Any, Any, Any, Any]:
        with build.name_scope(name, "BeamSearchDecoderStep", (time, inputs, state)):
            inputs = nest.map_structure(lambda x: self._merged(x, x.shape[2:]), inputs)
            cell_state = nest.map_structure(self._merge, state.cell_state, self._cell.state_size)
            outputs, cell_state = self._cell(inputs, cell_state)
            outputs = nest.map_structure(lambda x: self._parted(x, x.shape[1:]), outputs)
            cell_state = nest.map_structure(self._split, cell_state, self._cell.state_size)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            found, next_state = beam_step(
                time=time,
                logits=outputs,
                next_cell_state=cell_state,
                beam_state=state,
                batch_size=self._batch_size,
                beam_width=self._beam_width,
                end_token=self._end_token,
                length_penalty_weight=self._length_penalty_weight,
                coverage_penalty_weight=self._coverage_penalty_weight,
            )
            finished, words = next_state.finished, found.predicted_ids
            next_inputs = cond(
                reduce_all(finished),
                lambda: self._start_inputs,
                lambda: self._embedding_fn(words),
            )
        return found, next_state, next_inputs, finished

    def finalize(self, outputs: Any, final_state: Any, sequence_lengths: Any) -> tuple[Any, Any]:
        longest = idioms.cast(reduce_max(final_state.lengths, axis=1), int32)
        words = raw.GatherTree(outputs.predicted_ids, outputs.parent_ids, longest, self._end_token)
        if self._reorder_tensor_arrays:
            cell_state = nest.map_structure(
                lambda t: sorted_array(
                    t, outputs.parent_ids, final_state.lengths, self._batch_size, self._beam_width
                ),
                final_state.cell_state,
            )
            final_state = final_state._replace(cell_state=cell_state)
        found = FinalBeamSearchDecoderOutput(
            beam_search_decoder_output=outputs, predicted_ids=words
        )
        return found, final_state

    # ---- [batch, beam, ...] and [batch * beam, ...] ------------------------------------------------

    def _static_batch(self) -> int | None:
        known = constant_value(self._batch_size)
        return None if known is None else int(known)

    def _merged(self, t: Any, size: Any) -> Any:
        """Batch and beams as one axis."""
        known = known_shape(size)
        shape = idioms.shape(t)
        batch = self._static_batch()
        count = None if batch is None else batch * self._beam_width
        sizes = concat(([self._batch_size * self._beam_width], shape[2:]), 0)
        merged = raw.Reshape(t, sizes)
        merged.set_shape(TensorShape([count]).concatenate(known))
        return merged

    def _parted(self, t: Any, size: Any) -> Any:
        """Batch and beams as two axes."""
        known = known_shape(size)
        shape = idioms.shape(t)
        sizes = concat(([self._batch_size, self._beam_width], shape[1:]), 0)
        parted = raw.Reshape(t, sizes)
        expected = TensorShape([self._static_batch(), self._beam_width]).concatenate(known)
        if not parted.shape.is_compatible_with(expected):
            raise ValueError(
                "Unexpected behavior when reshaping between beam width and batch size.  "
                f"The reshaped tensor has shape: {parted.shape}.  We expected it to have shape "
                f"(batch_size, beam_width, depth) == {expected}.  Perhaps you forgot to create a "
                "zero_state with batch_size=encoder_batch_size * beam_width?"
            )
        parted.set_shape(expected)
        return parted

    def _split(self, t: Any, size: Any) -> Any:
        if isinstance(t, TensorArray):
            return t
        return self._parted(t, size) if check_rank(t) >= 1 else t

    def _merge(self, t: Any, size: Any) -> Any:
        if isinstance(t, TensorArray):
            return t
        return self._merged(t, size) if check_rank(t) >= 2 else t


def gather_tree(
    step_ids: Any,
    parent_ids: Any,
    max_sequence_lengths: Any,
    end_token: Any,
    name: str | None = None,
) -> Any:
    """The sequences that the beams ended with, put together from the steps."""
    return raw.GatherTree(step_ids, parent_ids, max_sequence_lengths, end_token, name=name)


def tile_batch(t: Any, multiplier: int, name: str | None = None) -> Any:
    """Each example so many times, one copy below the other: one for each beam."""
    flat = nest.flatten(t)
    with build.name_scope(name, "tile_batch", [*flat, multiplier]):
        return nest.map_structure(lambda part: _tiled(part, multiplier), t)


def _tiled(t: Any, multiplier: int) -> Any:
    t = convert(t, name="t")
    sizes = idioms.shape(t)
    rank = t.shape.rank
    if not rank:
        raise ValueError("t must have statically known rank")
    batch = t.shape[0].value
    tiled = tile(expand_dims(t, 1), [1, multiplier] + [1] * (rank - 1))
    tiled = raw.Reshape(tiled, concat(([sizes[0] * multiplier], sizes[1:]), 0))
    count = None if batch is None else batch * multiplier
    tiled.set_shape(TensorShape([count]).concatenate(t.shape[1:]))
    return tiled


__all__: list[str] = []
NAMESPACES = {
    "contrib.seq2seq": [
        *("BeamSearchDecoder", "FinalBeamSearchDecoderOutput", "gather_tree", "tile_batch"),
    ],
    "contrib.seq2seq.python.ops.beam_search_decoder": [
        *("BeamSearchDecoder", "FinalBeamSearchDecoderOutput", "gather_tree", "tile_batch"),
    ],
}
