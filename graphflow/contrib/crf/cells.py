"""The steps along a chain of tags, as cells: sums over all sequences so far, the best of them, and the way back."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array import expand_dims, squeeze
from graphflow.frontend.reduce import argmax, reduce_logsumexp, reduce_max
from graphflow.frontend.rnn.cell import RNNCell
from graphflow.ir import raw
from graphflow.ir.dtype import int32
from graphflow.ops import idioms
from graphflow.ops.arrays import stack
from graphflow.ops.reduce_idioms import sequence


class _Forward(RNNCell):
    """A cell whose state has a number for each tag."""

    def __init__(self, transition_params: Any) -> None:
        self._transition_params = expand_dims(transition_params, 0)
        self._num_tags = transition_params.shape[0].value

    @property
    def state_size(self) -> Any:
        return self._num_tags

    @property
    def output_size(self) -> Any:
        return self._num_tags

    def _steps(self, state: Any) -> Any:
        """[batch, from, to]: the state and the transition from each tag to each."""
        return expand_dims(state, 2) + self._transition_params


class CrfForwardRnnCell(_Forward):
    """For each tag, log sum exp of the scores of the sequences that end with it."""

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        alphas = inputs + reduce_logsumexp(self._steps(state), [1])
        return alphas, alphas


class CrfDecodeForwardRnnCell(_Forward):
    """For each tag, the score of the best sequence that ends with it; the output is the tag before it."""

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        steps = self._steps(state)
        best = inputs + reduce_max(steps, [1])
        return idioms.cast(argmax(steps, 1), int32), best


class CrfDecodeBackwardRnnCell(RNNCell):
    """The tag before the one that is the state, by what the forward cell gave for this step."""

    def __init__(self, num_tags: Any) -> None:
        self._num_tags = num_tags

    @property
    def state_size(self) -> Any:
        return 1

    @property
    def output_size(self) -> Any:
        return 1

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        state = squeeze(state, axis=[1])
        rows = sequence(idioms.shape(inputs)[0])
        indices = stack([rows, state], axis=1)
        tags = expand_dims(raw.GatherNd(inputs, indices), axis=-1)
        return tags, tags


__all__: list[str] = []
NAMESPACES = {
    "contrib.crf": ["CrfDecodeBackwardRnnCell", "CrfDecodeForwardRnnCell", "CrfForwardRnnCell"],
    "contrib.crf.python.ops.crf": [
        *("CrfDecodeBackwardRnnCell", "CrfDecodeForwardRnnCell", "CrfForwardRnnCell"),
    ],
}
