"""One step of a beam search: every beam is continued by every word, and the best continuations are kept."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from graphflow.contrib.seq2seq.attention_wrapper import AttentionWrapperState
from graphflow.frontend import nest
from graphflow.frontend.array import expand_dims
from graphflow.frontend.array_joins import tile
from graphflow.frontend.array_parts import gather, one_hot, where
from graphflow.frontend.math import log
from graphflow.frontend.nn import top_k
from graphflow.frontend.nn_softmax import log_softmax
from graphflow.frontend.reduce import reduce_mean, reduce_sum
from graphflow.frontend.tensor_array import TensorArray
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32, int32, int64
from graphflow.ir.known import constant_value
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.operators import div
from graphflow.ops.reduce_idioms import sequence


class BeamSearchDecoderState(
    namedtuple(
        "BeamSearchDecoderState",
        ["cell_state", "log_probs", "finished", "lengths", "accumulated_attention_probs"],
    )
):
    """For each beam: the state of the cell, how likely it is, whether it has ended, its length."""


class BeamSearchDecoderOutput(
    namedtuple("BeamSearchDecoderOutput", ["scores", "predicted_ids", "parent_ids"])
):
    """For each beam: its score, its last word, and which beam of the step before it continues."""


def beam_step(
    time: Any,
    logits: Any,
    next_cell_state: Any,
    beam_state: BeamSearchDecoderState,
    batch_size: Any,
    beam_width: int,
    end_token: Any,
    length_penalty_weight: Any,
    coverage_penalty_weight: Any,
) -> tuple[BeamSearchDecoderOutput, BeamSearchDecoderState]:
    """The outputs of the step and the state after it."""
    batch = constant_value(batch_size)
    static = [None if batch is None else int(batch), beam_width]
    finished = beam_state.finished
    going_on = raw.LogicalNot(finished)
    log_probs = _masked(log_softmax(logits), end_token, finished)
    total = expand_dims(beam_state.log_probs, 2) + log_probs
    words = logits.shape[-1].value or idioms.shape(logits)[-1]

    lengths = _longer(beam_state.lengths, going_on, batch_size, beam_width, end_token, words)
    seen = attention_probabilities(next_cell_state, coverage_penalty_weight)
    covered = None
    if seen is not None:
        seen *= expand_dims(idioms.cast(going_on, float32), 2)
        covered = beam_state.accumulated_attention_probs + seen
    scores = _scores(
        total, lengths, length_penalty_weight, coverage_penalty_weight, finished, covered
    )
    convert(time, name="time")
    flat = raw.Reshape(scores, [batch_size, -1])
    best, places = top_k(flat, k=convert(beam_width, int32, name="beam_width"))
    best.set_shape(static)
    places.set_shape(static)

    def of_places(values: Any) -> Any:
        count = beam_width * words
        return _gathered(places, values, batch_size, count, [-1], name="next_beam_probs")

    next_probs = of_places(total)
    word = idioms.cast(raw.FloorMod(places, words, name="next_beam_word_ids"), int32)
    parent = idioms.cast(places / words, int32, name="next_beam_parent_ids")
    finished = _gathered(parent, finished, batch_size, beam_width, [-1])
    ended = raw.LogicalOr(finished, raw.Equal(word, end_token), name="next_beam_finished")
    one_more = idioms.cast(raw.LogicalNot(finished), int64)
    next_lengths = _gathered(parent, beam_state.lengths, batch_size, beam_width, [-1])
    next_lengths += one_more
    rows = [batch_size * beam_width, -1] if covered is not None else None
    next_covered: Any = ()
    if covered is not None:
        next_covered = _gathered(
            *(parent, covered, batch_size, beam_width, rows),
            name="next_accumulated_attention_probs",
        )

    def of_parents(values: Any) -> Any:
        shape = [batch_size * beam_width, -1]
        if isinstance(values, TensorArray) or check_rank(values) < len(shape):
            return values
        return _gathered(parent, values, batch_size, beam_width, shape)

    next_state = BeamSearchDecoderState(
        cell_state=nest.map_structure(of_parents, next_cell_state),
        log_probs=next_probs,
        lengths=next_lengths,
        finished=ended,
        accumulated_attention_probs=next_covered,
    )
    return BeamSearchDecoderOutput(best, word, parent), next_state


def check_rank(t: Any) -> int:
    """The rank of a tensor, which must be known."""
    rank = t.shape.rank
    if rank is None:
        raise ValueError(f"Expected tensor ({t}) to have known rank, but ndims == None.")
    return int(rank)


def _masked(probs: Any, end_token: Any, finished: Any) -> Any:
    """Log-probabilities in which a beam that has ended is continued by the end alone."""
    words = idioms.shape(probs)[2]
    row = one_hot(
        end_token,
        words,
        dtype=probs.dtype,
        on_value=convert(0.0, probs.dtype),
        off_value=probs.dtype.min,
    )
    rows = tile(raw.Reshape(row, [1, 1, -1]), concat([idioms.shape(finished), [1]], 0))
    mask = tile(expand_dims(finished, 2), [1, 1, words])
    return where(mask, rows, probs)


def _longer(
    lengths: Any, going_on: Any, batch_size: Any, beam_width: int, end_token: Any, words: Any
) -> Any:
    """The length of every continuation of every beam: the end does not count."""
    more = one_hot(
        indices=raw.Fill([batch_size, beam_width], end_token),
        depth=words,
        on_value=_long(0),
        off_value=_long(1),
        dtype=int64,
    )
    more *= expand_dims(idioms.cast(going_on, int64), 2)
    return more + expand_dims(lengths, 2)


def _long(number: int) -> Any:
    return idioms.cast(number, int64, name="ToInt64")


def _scores(
    log_probs: Any,
    lengths: Any,
    length_weight: Any,
    coverage_weight: Any,
    finished: Any,
    covered: Any,
) -> Any:
    """log p / ((5 + length) / 6) ** length_weight + coverage_weight * coverage."""
    scores = log_probs / idioms.cast(_length_penalty(lengths, length_weight), log_probs.dtype)
    weight = convert(coverage_weight, name="coverage_penalty_weight")
    if weight.shape.rank != 0:
        raise ValueError(
            f"coverage_penalty_weight should be a scalar, but saw shape: {weight.shape}"
        )
    if constant_value(weight) == 0.0:
        return scores
    if covered is None:
        raise ValueError(
            "accumulated_attention_probs can be None only if coverage penalty is disabled."
        )
    # what was never looked at counts as fully covered: the penalty is for what was looked at too little
    covered = where(raw.Equal(covered, 0.0), idioms.ones_like(covered), covered)
    coverage = reduce_sum(log(raw.Minimum(covered, 1.0)), 2)
    coverage *= idioms.cast(finished, float32)
    return scores + expand_dims(coverage * weight, 2)


def _length_penalty(lengths: Any, weight: Any) -> Any:
    weight = convert(weight, name="penalty_factor")
    weight.set_shape(())
    known = constant_value(weight)
    if known is not None and known == 0:
        return 1.0
    return div((5.0 + idioms.cast(lengths, float32)) ** weight, 6.0**weight)


def attention_probabilities(cell_state: Any, coverage_weight: Any) -> Any:
    """How much each beam looks at each step of the memory; None where nobody asks."""
    if coverage_weight == 0.0:
        return None
    states = cell_state if type(cell_state) is tuple else [cell_state]
    if isinstance(cell_state, tuple) and not isinstance(cell_state, AttentionWrapperState):
        states = list(cell_state)
    found = [_alignments(s) for s in states if isinstance(s, AttentionWrapperState)]
    if not found:
        raise ValueError("coverage_penalty_weight must be 0.0 if no cell is attentional.")
    return found[0] if len(found) == 1 else _mean(found)


def _alignments(state: AttentionWrapperState) -> Any:
    alignments = state.alignments
    return _mean(alignments) if isinstance(alignments, tuple) else alignments


def _mean(parts: Any) -> Any:
    columns = [expand_dims(p, -1) for p in parts]
    return reduce_mean(concat(columns, -1), -1)


def _gathered(
    indices: Any, values: Any, batch_size: Any, count: Any, shape: Any, name: str | None = None
) -> Any:
    """For each beam the entry of `values` that `indices` names, of the `count` entries of its example."""
    with build.name_scope(name, "tensor_gather_helper"):
        first = expand_dims(sequence(batch_size) * count, 1)
        indices = raw.Reshape(indices + first, [-1])
        found = gather(raw.Reshape(values, shape), indices)
        sizes = idioms.shape(values)[: 1 + len(shape)]
        batch = constant_value(batch_size)
        known = TensorShape([None if batch is None else int(batch)]).concatenate(
            values.shape[1 : 1 + len(shape)]
        )
        found = raw.Reshape(found, sizes, name="output")
        found.set_shape(known)
        return found


__all__: list[str] = []
NAMESPACES = {
    "contrib.seq2seq": ["BeamSearchDecoderOutput", "BeamSearchDecoderState"],
    "contrib.seq2seq.python.ops.beam_search_decoder": [
        *("BeamSearchDecoderOutput", "BeamSearchDecoderState"),
    ],
}
