"""Models from words to words: an encoder, an embedding of the words, a decoder of one kind or another."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from graphflow.contrib.legacy_seq2seq.attention import embedding_attention_decoder
from graphflow.contrib.legacy_seq2seq.decoders import (
    check_projection,
    embedded_choice,
    embedding_rnn_decoder,
    tied_rnn_seq2seq,
)
from graphflow.contrib.rnn.projections import EmbeddingWrapper, OutputProjectionWrapper
from graphflow.frontend import nest
from graphflow.frontend.control_flow import cond
from graphflow.frontend.nn_embedding import embedding_lookup
from graphflow.frontend.rnn.cell import RNNCell
from graphflow.frontend.rnn.static import static_rnn
from graphflow.frontend.variable_scope import get_variable, get_variable_scope, variable_scope
from graphflow.ir import raw
from graphflow.ops import idioms
from graphflow.ops.arrays import concat

Decode = Callable[[bool], tuple[list[Any], Any]]


def _either(feed_previous: Any, decode: Decode, count: int) -> tuple[list[Any], list[Any]]:
    """Outputs and flat state of a decoder that is fed its own choices if a tensor says so: two decoders that share."""

    def decoded(own_choices: bool) -> list[Any]:
        with variable_scope(get_variable_scope(), reuse=None if own_choices else True):
            outputs, state = decode(own_choices)
            return outputs + (nest.flatten(state) if nest.is_sequence(state) else [state])

    found = cond(feed_previous, lambda: decoded(True), lambda: decoded(False))
    return found[:count], found[count:]


def _as(structure: Any, flat: list[Any]) -> Any:
    return nest.pack_sequence_as(structure, flat) if nest.is_sequence(structure) else flat[0]


def embedding_rnn_seq2seq(
    encoder_inputs: Any,
    decoder_inputs: Any,
    cell: Any,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """An encoder and a decoder with embeddings of their own; without a projection outputs are logits."""
    with variable_scope(scope or "embedding_rnn_seq2seq") as inner:
        if dtype is not None:
            inner.set_dtype(dtype)
        encoder = EmbeddingWrapper(
            copy.deepcopy(cell),
            embedding_classes=num_encoder_symbols,
            embedding_size=embedding_size,
        )
        _, begin = static_rnn(encoder, encoder_inputs, dtype=dtype or inner.dtype)
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)

        def decode(own_choices: bool, **options: Any) -> Any:
            return embedding_rnn_decoder(
                decoder_inputs,
                begin,
                cell,
                num_decoder_symbols,
                embedding_size,
                output_projection=output_projection,
                feed_previous=own_choices,
                **options,
            )

        if isinstance(feed_previous, bool):
            return decode(feed_previous)
        outputs, state = _either(
            feed_previous,
            lambda own: decode(own, update_embedding_for_previous=False),
            len(decoder_inputs),
        )
        return outputs, _as(begin, state)


def embedding_tied_rnn_seq2seq(
    encoder_inputs: Any,
    decoder_inputs: Any,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    num_decoder_symbols: int | None = None,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """An encoder and a decoder that share embedding and weights."""
    with variable_scope(scope or "embedding_tied_rnn_seq2seq", dtype=dtype) as inner:
        dtype = inner.dtype
        check_projection(output_projection, num_symbols, dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size], dtype=dtype)
        read = [embedding_lookup(embedding, x) for x in encoder_inputs]
        written = [embedding_lookup(embedding, x) for x in decoder_inputs]
        if output_projection is None:
            words = num_symbols if num_decoder_symbols is None else num_decoder_symbols
            cell = OutputProjectionWrapper(cell, words)

        def decode(own_choices: bool, update: bool) -> Any:
            feedback = embedded_choice(embedding, output_projection, update)
            return tied_rnn_seq2seq(
                read, written, cell, loop_function=feedback if own_choices else None, dtype=dtype
            )

        if isinstance(feed_previous, bool):
            return decode(feed_previous, True)
        outputs, state = _either(feed_previous, lambda own: decode(own, False), len(decoder_inputs))
        batch = encoder_inputs[0].shape[0]
        for x in encoder_inputs[1:]:
            batch.merge_with(x.shape[0])
        size = batch.value
        if size is None:
            size = idioms.shape(encoder_inputs[0])[0]
        # these zeros are there for their structure
        return outputs, _as(cell.zero_state(size, dtype), state)


def embedding_attention_seq2seq(
    encoder_inputs: Any,
    decoder_inputs: Any,
    cell: Any,
    num_encoder_symbols: int,
    num_decoder_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_projection: Any = None,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[Any], Any]:
    """An encoder, and a decoder that attends to all its outputs."""
    with variable_scope(scope or "embedding_attention_seq2seq", dtype=dtype) as inner:
        encoder = EmbeddingWrapper(
            copy.deepcopy(cell),
            embedding_classes=num_encoder_symbols,
            embedding_size=embedding_size,
        )
        outputs, begin = static_rnn(encoder, encoder_inputs, dtype=inner.dtype)
        tops = [raw.Reshape(e, [-1, 1, cell.output_size]) for e in outputs]
        attended = concat(tops, 1)
        output_size = None
        if output_projection is None:
            cell = OutputProjectionWrapper(cell, num_decoder_symbols)
            output_size = num_decoder_symbols

        def decode(own_choices: bool, **options: Any) -> Any:
            return embedding_attention_decoder(
                decoder_inputs,
                begin,
                attended,
                cell,
                num_decoder_symbols,
                embedding_size,
                num_heads=num_heads,
                output_size=output_size,
                output_projection=output_projection,
                feed_previous=own_choices,
                initial_state_attention=initial_state_attention,
                **options,
            )

        if isinstance(feed_previous, bool):
            return decode(feed_previous)
        outputs, state = _either(
            feed_previous,
            lambda own: decode(own, update_embedding_for_previous=False),
            len(decoder_inputs),
        )
        return outputs, _as(begin, state)


def one2many_rnn_seq2seq(
    encoder_inputs: Any,
    decoder_inputs_dict: dict[Any, Any],
    enc_cell: Any,
    dec_cells_dict: dict[Any, Any],
    num_encoder_symbols: int,
    num_decoder_symbols_dict: dict[Any, int],
    embedding_size: int,
    feed_previous: Any = False,
    dtype: Any = None,
    scope: Any = None,
) -> tuple[dict[Any, Any], dict[Any, Any]]:
    """One encoder and several decoders, each with words of its own."""
    if not isinstance(enc_cell, RNNCell):
        raise TypeError(f"enc_cell is not an RNNCell: {type(enc_cell)}")
    if set(dec_cells_dict) != set(decoder_inputs_dict):
        raise ValueError("keys of dec_cells_dict != keys of decodre_inputs_dict")
    for cell in dec_cells_dict.values():
        if not isinstance(cell, RNNCell):
            raise TypeError(f"dec_cell is not an RNNCell: {type(cell)}")
    outputs_by_name: dict[Any, Any] = {}
    states_by_name: dict[Any, Any] = {}
    with variable_scope(scope or "one2many_rnn_seq2seq", dtype=dtype) as inner:
        encoder = EmbeddingWrapper(
            enc_cell, embedding_classes=num_encoder_symbols, embedding_size=embedding_size
        )
        _, begin = static_rnn(encoder, encoder_inputs, dtype=inner.dtype)
        for name, decoder_inputs in decoder_inputs_dict.items():
            words = num_decoder_symbols_dict[name]
            with variable_scope(f"one2many_decoder_{name}"):
                cell = OutputProjectionWrapper(dec_cells_dict[name], words)

                def decode(
                    own: bool, inputs: Any = decoder_inputs, cell: Any = cell, words: int = words
                ) -> Any:
                    return embedding_rnn_decoder(
                        inputs, begin, cell, words, embedding_size, feed_previous=own
                    )

                if isinstance(feed_previous, bool):
                    outputs, state = decode(feed_previous)
                else:
                    outputs, flat = _either(feed_previous, decode, len(decoder_inputs))
                    state = _as(begin, flat)
            outputs_by_name[name], states_by_name[name] = outputs, state
    return outputs_by_name, states_by_name


__all__: list[str] = []
NAMESPACES = {
    "contrib.legacy_seq2seq": [
        *("embedding_attention_seq2seq", "embedding_rnn_seq2seq", "embedding_tied_rnn_seq2seq"),
        "one2many_rnn_seq2seq",
    ],
    "contrib.legacy_seq2seq.python.ops.seq2seq": [
        *("embedding_attention_seq2seq", "embedding_rnn_seq2seq", "embedding_tied_rnn_seq2seq"),
        "one2many_rnn_seq2seq",
    ],
}
