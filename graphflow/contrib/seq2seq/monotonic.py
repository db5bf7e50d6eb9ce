"""Attention that never goes back: each step of the memory is passed, or chosen, once."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np

from graphflow.contrib.seq2seq.attention import (
    MemoryAttention,
    bahdanau_score,
    bahdanau_weights,
    bias_free,
    luong_scale,
    luong_score,
)
from graphflow.frontend.array_parts import one_hot
from graphflow.frontend.functional import scan
from graphflow.frontend.math import clip_by_value, exp, log, sigmoid
from graphflow.frontend.random import random_normal
from graphflow.frontend.reduce import cumprod, cumsum
from graphflow.frontend.variable_scope import get_variable, variable_scope
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, transpose


def safe_cumprod(x: Any, *args: Any, **kwargs: Any) -> Any:
    """cumprod as the exponential of a sum of logarithms, whose gradient is safe at 0."""
    with build.name_scope(None, "SafeCumprod", [x]):
        x = convert(x, name="x")
        tiny = np.finfo(x.dtype.as_numpy_dtype).tiny
        return exp(cumsum(log(clip_by_value(x, tiny, 1)), *args, **kwargs))


def monotonic_attention(p_choose_i: Any, previous_attention: Any, mode: str) -> Any:
    """The distribution of the next choice, by that of the last and the probability that a step is not passed."""
    p = convert(p_choose_i, name="p_choose_i")
    previous = convert(previous_attention, name="previous_attention")
    if mode == "recursive":
        batch = p.shape[0].value or idioms.shape(p)[0]
        shifted = concat([idioms.ones((batch, 1)), 1 - p[:, :-1]], 1)
        passed = scan(
            lambda x, row: raw.Reshape(row[0] * x + row[1], (batch,)),
            [transpose(shifted), transpose(previous)],
            idioms.zeros((batch,)),
        )
        return p * transpose(passed)
    if mode == "parallel":
        passed = safe_cumprod(1 - p, axis=1, exclusive=True)
        arrived = cumsum(previous / clip_by_value(passed, 1e-10, 1.0), axis=1)
        return p * passed * arrived
    if mode == "hard":
        p *= cumsum(previous, axis=1)
        return p * cumprod(1 - p, axis=1, exclusive=True)
    raise ValueError("mode must be 'recursive', 'parallel', or 'hard'.")


def _chosen(score: Any, previous: Any, sigmoid_noise: float, mode: str, seed: int | None) -> Any:
    """The distribution of the next choice by the score of each step; noise drives scores apart."""
    if sigmoid_noise > 0:
        noise = random_normal(idioms.shape(score), dtype=score.dtype, seed=seed)
        score += sigmoid_noise * noise
    p = idioms.cast(score > 0, score.dtype) if mode == "hard" else sigmoid(score)
    return monotonic_attention(p, previous, mode)


class _Monotonic(MemoryAttention):
    """A mechanism that begins at the first step of the memory."""

    def initial_alignments(self, batch_size: Any, dtype: Any) -> Any:
        """All at the first step."""
        zeros = idioms.zeros((batch_size,), dtype=int32)
        return one_hot(zeros, self._alignments_size, dtype=dtype)


class BahdanauMonotonicAttention(_Monotonic):
    """Monotonic attention by v . tanh(W key + U query) + r."""

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        normalize: bool = False,
        score_mask_value: Any = None,
        sigmoid_noise: float = 0.0,
        sigmoid_noise_seed: int | None = None,
        score_bias_init: float = 0.0,
        mode: str = "parallel",
        dtype: Any = None,
        name: str = "BahdanauMonotonicAttention",
    ) -> None:
        super().__init__(
            query_layer=bias_free(num_units, "query_layer", dtype),
            memory_layer=bias_free(num_units, "memory_layer", dtype),
            memory=memory,
            probability_fn=functools.partial(
                _chosen, sigmoid_noise=sigmoid_noise, mode=mode, seed=sigmoid_noise_seed
            ),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            name=name,
        )
        self._num_units, self._normalize, self._name = num_units, normalize, name
        self._score_bias_init = score_bias_init

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        with variable_scope(None, "bahdanau_monotonic_attention", [query]):
            mapped = self.query_layer(query) if self.query_layer else query
            weights = bahdanau_weights(self._num_units, self._normalize, query.dtype)
            score = bahdanau_score(mapped, self._keys, *weights)
            score += get_variable(
                "attention_score_bias", dtype=mapped.dtype, initializer=self._score_bias_init
            )
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class LuongMonotonicAttention(_Monotonic):
    """Monotonic attention by query . key + r."""

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        scale: bool = False,
        score_mask_value: Any = None,
        sigmoid_noise: float = 0.0,
        sigmoid_noise_seed: int | None = None,
        score_bias_init: float = 0.0,
        mode: str = "parallel",
        dtype: Any = None,
        name: str = "LuongMonotonicAttention",
    ) -> None:
        super().__init__(
            query_layer=None,
            memory_layer=bias_free(num_units, "memory_layer", dtype),
            memory=memory,
            probability_fn=functools.partial(
                _chosen, sigmoid_noise=sigmoid_noise, mode=mode, seed=sigmoid_noise_seed
            ),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            name=name,
        )
        self._num_units, self._scale, self._name = num_units, scale, name
        self._score_bias_init = score_bias_init

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        with variable_scope(None, "luong_monotonic_attention", [query]):
            score = luong_score(query, self._keys, luong_scale(self._scale, query.dtype))
            score += get_variable(
                "attention_score_bias", dtype=query.dtype, initializer=self._score_bias_init
            )
        alignments = self._probability_fn(score, state)
        return alignments, alignments


__all__: list[str] = []
NAMESPACES = {
    "contrib.seq2seq": [
        *("BahdanauMonotonicAttention", "LuongMonotonicAttention", "monotonic_attention"),
        "safe_cumprod",
    ],
    "contrib.seq2seq.python.ops.attention_wrapper": [
        *("BahdanauMonotonicAttention", "LuongMonotonicAttention", "monotonic_attention"),
        "safe_cumprod",
    ],
}
