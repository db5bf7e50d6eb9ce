"""A decoder that, at each step, looks back at all outputs of an encoder."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.legacy_seq2seq.decoders import Feedback, embedded_choice
from graphflow.contrib.rnn.linear import Linear
from graphflow.frontend import nest
from graphflow.frontend.nn_convolution import conv2d
from graphflow.frontend.nn_embedding import embedding_lookup
from graphflow.frontend.nn_softmax import softmax
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.variable_scope import get_variable, get_variable_scope, variable_scope
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack


class _Heads:
    """Where to look: for each head a distribution over the steps, and what lies there on average."""

    def __init__(self, states: Any, length: Any, count: int, dtype: Any) -> None:
        size = states.shape[2].value
        self.length, self.size, self.dtype = length, size, dtype
        # a convolution of 1 x 1 maps all steps at once
        self.hidden = raw.Reshape(states, [-1, length, 1, size])
        self.features, self.v = [], []
        for a in range(count):
            kernel = get_variable(f"AttnW_{a}", [1, 1, size, size], dtype=dtype)
            self.features.append(conv2d(self.hidden, kernel, [1, 1, 1, 1], "SAME"))
            self.v.append(get_variable(f"AttnV_{a}", [size], dtype=dtype))

    def __call__(self, query: Any) -> list[Any]:
        """sum_i softmax_i(v . tanh(W h_i + U query)) h_i, for each head."""
        if nest.is_sequence(query):
            parts = nest.flatten(query)
            for part in parts:
                if part.shape.rank not in (None, 0, 2):
                    raise ValueError(f"a part of the state has the shape {part.shape}, not 2 axes")
            query = concat(parts, 1)
        found = []
        for a, (features, v) in enumerate(zip(self.features, self.v, strict=True)):
            with variable_scope(f"Attention_{a}"):
                y = Linear(query, self.size, True)(query)
                y = raw.Reshape(y, [-1, 1, 1, self.size])
                y = idioms.cast(y, self.dtype)
                score = reduce_sum(v * raw.Tanh(features + y), [2, 3])
                weight = softmax(idioms.cast(score, float32))
                weight = idioms.cast(weight, self.dtype)
                spread = raw.Reshape(weight, [-1, self.length, 1, 1])
                seen = reduce_sum(spread * self.hidden, [1, 2])
                found.append(raw.Reshape(seen, [-1, self.size]))
        return found


def attention_decoder(
    decoder_inputs: Any,
    initial_state: Any,
    attention_states: Any,
    cell: Any,
    output_size: int | None = None,
    num_heads: int = 1,
    loop_function: Feedback | None = None,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[Any], Any]:
    """The outputs of a cell that is given, beside its inputs, what it attends to in `attention_states`."""
    if not decoder_inputs:
        raise ValueError("Must provide at least 1 input to attention decoder.")
    if num_heads < 1:
        raise ValueError("With less than 1 heads, use a non-attention decoder.")
    if attention_states.shape[2].value is None:
        raise ValueError(f"Shape[2] of attention_states must be known: {attention_states.shape}")
    if output_size is None:
        output_size = cell.output_size
    with variable_scope(scope or "attention_decoder", dtype=dtype) as inner:
        dtype = inner.dtype
        batch_size = idioms.shape(decoder_inputs[0])[0]
        length = attention_states.shape[1].value
        if length is None:
            length = idioms.shape(attention_states)[1]
        attend = _Heads(attention_states, length, num_heads, dtype)
        state, outputs = initial_state, []
        previous = None
        sizes = stack([batch_size, attend.size])
        seen = [idioms.zeros(sizes, dtype=dtype) for _ in range(num_heads)]
        for s in seen:
            s.set_shape([None, attend.size])
        if initial_state_attention:
            seen = attend(initial_state)
        for i, now in enumerate(decoder_inputs):
            if i > 0:
                get_variable_scope().reuse_variables()
            if loop_function is not None and previous is not None:
                with variable_scope("loop_function", reuse=True):
                    now = loop_function(previous, i)
            depth = now.shape.with_rank(2)[1]
            if depth.value is None:
                raise ValueError(f"Could not infer input size from input: {now.name}")
            inputs = [idioms.cast(e, dtype) for e in [now, *seen]]
            output, state = cell(Linear(inputs, depth, True)(inputs), state)
            if i == 0 and initial_state_attention:
                with variable_scope(get_variable_scope(), reuse=True):
                    seen = attend(state)
            else:
                seen = attend(state)
            with variable_scope("AttnOutputProjection"):
                inputs = [idioms.cast(output, dtype), *seen]
                output = Linear(inputs, output_size, True)(inputs)
            if loop_function is not None:
                previous = output
            outputs.append(output)
    return outputs, state


def embedding_attention_decoder(
    decoder_inputs: Any,
    initial_state: Any,
    attention_states: Any,
    cell: Any,
    num_symbols: int,
    embedding_size: int,
    num_heads: int = 1,
    output_size: int | None = None,
    output_projection: Any = None,
    feed_previous: bool = False,
    update_embedding_for_previous: bool = True,
    dtype: Any = None,
    scope: Any = None,
    initial_state_attention: bool = False,
) -> tuple[list[Any], Any]:
    """attention_decoder for numbers of words; with `feed_previous` they are what it chose itself."""
    if output_size is None:
        output_size = cell.output_size
    if output_projection is not None:
        biases = convert(output_projection[1], dtype)
        biases.shape.assert_is_compatible_with([num_symbols])
    with variable_scope(scope or "embedding_attention_decoder", dtype=dtype):
        embedding = get_variable("embedding", [num_symbols, embedding_size])
        feedback = None
        if feed_previous:
            feedback = embedded_choice(embedding, output_projection, update_embedding_for_previous)
        return attention_decoder(
            [embedding_lookup(embedding, i) for i in decoder_inputs],
            initial_state,
            attention_states,
            cell,
            output_size=output_size,
            num_heads=num_heads,
            loop_function=feedback,
            initial_state_attention=initial_state_attention,
        )


__all__: list[str] = []
NAMESPACES = {
    "contrib.legacy_seq2seq": ["attention_decoder", "embedding_attention_decoder"],
    "contrib.legacy_seq2seq.python.ops.seq2seq": [
        *("attention_decoder", "embedding_attention_decoder"),
    ],
}
