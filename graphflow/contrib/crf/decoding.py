"""The likeliest sequence of tags."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.contrib.crf.cells import CrfDecodeBackwardRnnCell, CrfDecodeForwardRnnCell
from graphflow.contrib.crf.scores import by_length
from graphflow.frontend.array import expand_dims, squeeze
from graphflow.frontend.reduce import argmax, reduce_max
from graphflow.frontend.rnn.dynamic import dynamic_rnn
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ops import idioms
from graphflow.ops.arrays import concat


def viterbi_decode(score: Any, transition_params: Any) -> tuple[list[Any], Any]:
    """The best sequence of tags for arrays [steps, tags] and [tags, tags], and its score."""
    trellis = np.zeros_like(score)
    before = np.zeros_like(score, dtype=np.int32)
    trellis[0] = score[0]
    for t in range(1, score.shape[0]):
        steps = trellis[t - 1][:, None] + transition_params
        trellis[t] = score[t] + steps.max(axis=0)
        before[t] = steps.argmax(axis=0)
    tags = [np.argmax(trellis[-1])]
    for row in before[:0:-1]:
        tags.append(row[tags[-1]])
    return tags[::-1], np.max(trellis[-1])


def crf_decode(potentials: Any, transition_params: Any, sequence_length: Any) -> tuple[Any, Any]:
    """The best sequences of tags and their scores."""

    def single() -> Any:
        only = squeeze(potentials, [1])
        tags = expand_dims(argmax(only, axis=1), 1)
        best = reduce_max(only, axis=1)
        return idioms.cast(tags, int32), best

    def several() -> Any:
        tags = potentials.shape[2].value
        forward = CrfDecodeForwardRnnCell(transition_params)
        first = squeeze(raw.Slice(potentials, [0, 0, 0], [-1, 1, -1]), axis=[1])
        rest = raw.Slice(potentials, [0, 1, 0], [-1, -1, -1])
        steps = raw.Maximum(convert(0, sequence_length.dtype), sequence_length - 1)
        before, last = dynamic_rnn(
            forward, rest, sequence_length=steps, initial_state=first, dtype=int32
        )
        before = raw.ReverseSequence(before, steps, seq_dim=1)
        backward = CrfDecodeBackwardRnnCell(tags)
        end = idioms.cast(argmax(last, axis=1), int32)
        end = expand_dims(end, axis=-1)
        found, _ = dynamic_rnn(
            backward, before, sequence_length=steps, initial_state=end, dtype=int32
        )
        found = concat([end, squeeze(found, axis=[2])], axis=1)
        found = raw.ReverseSequence(found, sequence_length, seq_dim=1)
        return found, reduce_max(last, axis=1)

    found: tuple[Any, Any] = by_length(potentials, single, several)
    return found


__all__: list[str] = []
NAMESPACES = {
    "contrib.crf": ["crf_decode", "viterbi_decode"],
    "contrib.crf.python.ops.crf": ["crf_decode", "viterbi_decode"],
}
