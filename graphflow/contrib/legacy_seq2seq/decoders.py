"""Decoders over lists of inputs, and pairs of an encoder and such a decoder."""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable
from typing import Any

from graphflow.frontend.array import stop_gradient
from graphflow.frontend.nn import xw_plus_b
from graphflow.frontend.nn_embedding import embedding_lookup
from graphflow.frontend.reduce import argmax
from graphflow.frontend.rnn.static import static_rnn
from graphflow.frontend.variable_scope import get_variable, get_variable_scope, variable_scope
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32

Feedback = Callable[[Any, int], Any]


def embedded_choice(
    embedding: Any, output_projection: Any = None, update_embedding: bool = True
) -> Feedback:
    """A function that makes the next input out of an output: the row of the word that seems likeliest."""

    def feedback(output: Any, _: int) -> Any:
        if output_projection is not None:
            output = xw_plus_b(output, output_projection[0], output_projection[1])
        row = embedding_lookup(embedding, argmax(output, 1))
        return row if update_embedding else stop_gradient(row)

    return feedback


def rnn_decoder(
    decoder_inputs: Iterable[Any],
    initial_state: Any,
    cell: Any,
    loop_function: Feedback | None = None,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """The outputs of a cell for a list of inputs; with `loop_function` the inputs, after the first, are what it makes."""
    with variable_scope(scope or "rnn_decoder"):
        state, outputs = initial_state, []
        previous = None
        for i, now in enumerate(decoder_inputs):
            if loop_function is not None and previous is not None:
                with variable_scope("loop_function", reuse=True):
                    now = loop_function(previous, i)
            if i > 0:
                get_variable_scope().reuse_variables()
            output, state = cell(now, state)
            outputs.append(output)
            if loop_function is not None:
                previous = output
    return outputs, state


def basic_rnn_seq2seq(
    encoder_inputs: Any, decoder_inputs: Any, cell: Any, dtype: Any = float32, scope: Any = None
) -> tuple[list[Any], Any]:
    """A decoder that begins with the last state of an encoder of the same kind."""
    with variable_scope(scope or "basic_rnn_seq2seq"):
        _, state = static_rnn(copy.deepcopy(cell), encoder_inputs, dtype=dtype)
        return rnn_decoder(decoder_inputs, state, cell)


def tied_rnn_seq2seq(
    encoder_inputs: Any,
    decoder_inputs: Any,
    cell: Any,
    loop_function: Feedback | None = None,
    dtype: Any = float32,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """An encoder and a decoder that share their weights."""
    with variable_scope("combined_tied_rnn_seq2seq"):
        scope = scope or "tied_rnn_seq2seq"
        _, state = static_rnn(cell, encoder_inputs, dtype=dtype, scope=scope)
        get_variable_scope().reuse_variables()
        return rnn_decoder(decoder_inputs, state, cell, loop_function=loop_function, scope=scope)


def check_projection(output_projection: Any, num_symbols: int, dtype: Any) -> None:
    """Weights and biases that map outputs to words must fit the number of words."""
    if output_projection is not None:
        weights = convert(output_projection[0], dtype)
        weights.shape.assert_is_compatible_with([None, num_symbols])
        biases = convert(output_projection[1], dtype)
        biases.shape.assert_is_compatible_with([num_symbols])


def embedding_rnn_decoder(
    decoder_inputs: Any,
    initial_state: Any,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    scope: Any = None,
) -> tuple[list[Any], Any]:
    """A decoder whose inputs are numbers of words; with `feed_previous` they are what it chose itself."""
    with variable_scope(scope or "embedding_rnn_decoder") as inner:
        check_projection(output_projection, num_symbols, inner.dtype)
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        feedback = None
        if feed_previous:
            feedback = embedded_choice(embedding, output_projection, update_embedding_for_previous)
        # one after the other, between the steps: TensorFlow makes the nodes in that order
        rows = (embedding_lookup(embedding, i) for i in decoder_inputs)
        return rnn_decoder(rows, initial_state, cell, loop_function=feedback)


__all__: list[str] = []
NAMESPACES = {
    "contrib.legacy_seq2seq": [
        *("basic_rnn_seq2seq", "embedding_rnn_decoder", "rnn_decoder", "tied_rnn_seq2seq"),
    ],
    "contrib.legacy_seq2seq.python.ops.seq2seq": {
        "basic_rnn_seq2seq": "basic_rnn_seq2seq",
        "embedding_rnn_decoder": "embedding_rnn_decoder",
        "rnn_decoder": "rnn_decoder",
        "tied_rnn_seq2seq": "tied_rnn_seq2seq",
        "_extract_argmax_and_embed": "embedded_choice",
    },
}
