"""Linear-chain conditional random fields: how likely a sequence of tags is.

A sequence scores the sum of inputs[t, tag_t] and of transitions[tag_t, tag_t+1]; its probability is
exp(score) / sum(exp(score of any sequence)).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.contrib.crf.cells import CrfForwardRnnCell
from graphflow.frontend.array import expand_dims, squeeze
from graphflow.frontend.array_joins import sequence_mask
from graphflow.frontend.array_parts import gather, gather_nd, where
from graphflow.frontend.layers.smart_cond import smart_cond
from graphflow.frontend.reduce import reduce_logsumexp, reduce_sum
from graphflow.frontend.rnn.dynamic import dynamic_rnn
from graphflow.frontend.variable_scope import get_variable
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32, int64
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.reduce_idioms import sequence


def by_length(inputs: Any, single: Callable[[], Any], several: Callable[[], Any]) -> Any:
    """One function for sequences of one step, another for longer ones: the former have no transitions."""
    steps = inputs.shape[1].value or idioms.shape(inputs)[1]
    return smart_cond(raw.Equal(steps, 1), single, several)


def _not_empty(lengths: Any, values: Any) -> Any:
    """The values, 0 for empty sequences."""
    return where(raw.LessEqual(lengths, 0), idioms.zeros_like(values), values)


def crf_sequence_score(
    inputs: Any, tag_indices: Any, sequence_lengths: Any, transition_params: Any
) -> Any:
    """The score of the sequences of tags."""

    def single() -> Any:
        batch = idioms.shape(inputs, out_type=tag_indices.dtype)[0]
        rows = raw.Reshape(sequence(batch, dtype=tag_indices.dtype), [-1, 1])
        found = gather_nd(squeeze(inputs, [1]), concat([rows, tag_indices], axis=1))
        return _not_empty(sequence_lengths, found)

    def several() -> Any:
        unary = crf_unary_score(tag_indices, sequence_lengths, inputs)
        binary = crf_binary_score(tag_indices, sequence_lengths, transition_params)
        return unary + binary

    return by_length(inputs, single, several)


def crf_multitag_sequence_score(
    inputs: Any, tag_bitmap: Any, sequence_lengths: Any, transition_params: Any
) -> Any:
    """log sum exp of the scores of all sequences whose tags are among those marked."""

    def marked() -> Any:
        return where(tag_bitmap, inputs, raw.Fill(idioms.shape(inputs), float("-inf")))

    return by_length(
        inputs,
        lambda: reduce_logsumexp(marked(), axis=[1, 2], keepdims=False),
        lambda: crf_log_norm(marked(), sequence_lengths, transition_params),
    )


def crf_log_norm(inputs: Any, sequence_lengths: Any, transition_params: Any) -> Any:
    """log sum exp of the scores of all sequences."""
    first = squeeze(raw.Slice(inputs, [0, 0, 0], [-1, 1, -1]), [1])

    def single() -> Any:
        return _not_empty(sequence_lengths, reduce_logsumexp(first, [1]))

    def several() -> Any:
        rest = raw.Slice(inputs, [0, 1, 0], [-1, -1, -1])
        cell = CrfForwardRnnCell(transition_params)
        zero = convert(0, sequence_lengths.dtype)
        _, alphas = dynamic_rnn(
            cell,
            rest,
            sequence_length=raw.Maximum(zero, sequence_lengths - 1),
            initial_state=first,
            dtype=float32,
        )
        return _not_empty(sequence_lengths, reduce_logsumexp(alphas, [1]))

    return by_length(inputs, single, several)


def crf_log_likelihood(
    inputs: Any, tag_indices: Any, sequence_lengths: Any, transition_params: Any = None
) -> tuple[Any, Any]:
    """The logarithm of the probability of the tags, and the transitions: new variables unless given."""
    tags = inputs.shape[2].value
    if transition_params is None:
        transition_params = get_variable("transitions", [tags, tags])
    score = crf_sequence_score(inputs, tag_indices, sequence_lengths, transition_params)
    norm = crf_log_norm(inputs, sequence_lengths, transition_params)
    return score - norm, transition_params


def crf_unary_score(tag_indices: Any, sequence_lengths: Any, inputs: Any) -> Any:
    """sum_t inputs[t, tag_t]."""
    batch, steps, tags = (idioms.shape(inputs)[i] for i in range(3))
    flat = raw.Reshape(inputs, [-1])
    offsets = expand_dims(sequence(batch) * steps * tags, 1)
    offsets += expand_dims(sequence(steps) * tags, 0)
    if tag_indices.dtype == int64:
        offsets = idioms.cast(offsets, int64)
    places = raw.Reshape(offsets + tag_indices, [-1])
    found = raw.Reshape(gather(flat, places), [batch, steps])
    mask = sequence_mask(sequence_lengths, maxlen=idioms.shape(tag_indices)[1], dtype=float32)
    return reduce_sum(found * mask, 1)


def crf_binary_score(tag_indices: Any, sequence_lengths: Any, transition_params: Any) -> Any:
    """sum_t transitions[tag_t, tag_t+1]."""
    tags = transition_params.shape[0]
    count = idioms.shape(tag_indices)[1] - 1
    starts = raw.Slice(tag_indices, [0, 0], [-1, count])
    ends = raw.Slice(tag_indices, [0, 1], [-1, count])
    places = starts * tags + ends
    found = gather(raw.Reshape(transition_params, [-1]), places)
    mask = sequence_mask(sequence_lengths, maxlen=idioms.shape(tag_indices)[1], dtype=float32)
    return reduce_sum(found * raw.Slice(mask, [0, 1], [-1, -1]), 1)


__all__: list[str] = []
NAMESPACES = {
    "contrib.crf": [
        *("crf_binary_score", "crf_log_likelihood", "crf_log_norm"),
        *("crf_multitag_sequence_score", "crf_sequence_score", "crf_unary_score"),
    ],
    "contrib.crf.python.ops.crf": [
        *("crf_binary_score", "crf_log_likelihood", "crf_log_norm"),
        *("crf_multitag_sequence_score", "crf_sequence_score", "crf_unary_score"),
    ],
}
