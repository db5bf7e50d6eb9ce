"""Attention mechanisms: by a query, a distribution over the steps of a memory."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from graphflow.frontend import nest
from graphflow.frontend.array import expand_dims, squeeze
from graphflow.frontend.array_joins import sequence_mask
from graphflow.frontend.array_parts import one_hot, where
from graphflow.frontend.checks import assert_positive
from graphflow.frontend.initializers import (
    constant_initializer,
    ones_initializer,
    zeros_initializer,
)
from graphflow.frontend.layers.dense import Dense
from graphflow.frontend.layers.layer import Layer
from graphflow.frontend.math import rsqrt, square, tanh
from graphflow.frontend.nn_softmax import softmax
from graphflow.frontend.reduce import argmax, reduce_sum
from graphflow.frontend.rnn.sizes import zeros_of_sizes
from graphflow.frontend.variable_scope import get_variable, variable_scope
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype, float32, int32
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.matrix_idioms import matmul


class AttentionMechanism:
    """What says how much each step of a memory matters."""

    @property
    def alignments_size(self) -> Any:
        """The number of steps."""
        raise NotImplementedError

    @property
    def state_size(self) -> Any:
        """The size of what is handed from call to call."""
        raise NotImplementedError


class MemoryAttention(AttentionMechanism):
    """A memory and, made of it by a layer, keys that queries are compared with."""

    def __init__(
        self,
        query_layer: Any,
        memory: Any,
        probability_fn: Callable[[Any, Any], Any],
        memory_sequence_length: Any = None,
        memory_layer: Any = None,
        check_inner_dims_defined: bool = True,
        score_mask_value: Any = None,
        custom_key_value_fn: Callable[[Any, Any], Any] | None = None,
        name: str | None = None,
    ) -> None:
        for what, layer in (("query_layer", query_layer), ("memory_layer", memory_layer)):
            if layer is not None and not isinstance(layer, Layer):
                raise TypeError(f"{what} is not a Layer: {type(layer).__name__}")
        self._query_layer, self._memory_layer = query_layer, memory_layer
        self.dtype = memory_layer.dtype
        if not callable(probability_fn):
            kind = type(probability_fn).__name__
            raise TypeError(f"probability_fn must be callable, saw type: {kind}")
        if score_mask_value is None:
            score_mask_value = as_dtype(self.dtype).as_numpy_dtype(-np.inf)
        self._probability_fn: Callable[[Any, Any], Any] = lambda score, previous: probability_fn(
            _masked_score(score, memory_sequence_length, score_mask_value), previous
        )
        with build.name_scope(name, "BaseAttentionMechanismInit", nest.flatten(memory)):
            self._values = _masked_memory(memory, memory_sequence_length, check_inner_dims_defined)
            self._keys = memory_layer(self._values) if memory_layer else self._values
            if custom_key_value_fn is not None:
                self._keys, self._values = custom_key_value_fn(self._keys, self._values)
            keys = self._keys
            self._batch_size = keys.shape[0].value or idioms.shape(keys)[0]
            self._alignments_size = keys.shape[1].value or idioms.shape(keys)[1]

    @property
    def memory_layer(self) -> Any:
        return self._memory_layer

    @property
    def query_layer(self) -> Any:
        return self._query_layer

    @property
    def values(self) -> Any:
        """The memory, zeros past the ends of its sequences."""
        return self._values

    @property
    def keys(self) -> Any:
        """What queries are compared with."""
        return self._keys

    @property
    def batch_size(self) -> Any:
        return self._batch_size

    @property
    def alignments_size(self) -> Any:
        return self._alignments_size

    @property
    def state_size(self) -> Any:
        return self._alignments_size

    def initial_alignments(self, batch_size: Any, dtype: Any) -> Any:
        """How much each step matters before the first query: not at all."""
        return zeros_of_sizes(batch_size, self._alignments_size, dtype)

    def initial_state(self, batch_size: Any, dtype: Any) -> Any:
        return self.initial_alignments(batch_size, dtype)


def _masked_memory(memory: Any, lengths: Any, check_sizes: bool) -> Any:
    """The memory, zeros past the ends of its sequences."""
    memory = nest.map_structure(lambda m: convert(m, name="memory"), memory)
    if lengths is not None:
        lengths = convert(lengths, name="memory_sequence_length")
    for m in nest.flatten(memory) if check_sizes else ():
        if not m.shape[2:].is_fully_defined():
            raise ValueError(
                f"Expected memory {m.name} to have fully defined inner dims, "
                f"but saw shape: {m.shape}"
            )
    if lengths is None:
        return memory
    first = nest.flatten(memory)[0]
    mask = sequence_mask(lengths, maxlen=idioms.shape(first)[1], dtype=first.dtype)

    def masked(m: Any) -> Any:
        rank = m.shape.rank
        if rank is None:
            rank = idioms.rank(m)
        ones = idioms.ones(rank - 2, dtype=int32)
        return m * raw.Reshape(mask, concat((idioms.shape(mask), ones), 0))

    return nest.map_structure(masked, memory)


def _masked_score(score: Any, lengths: Any, mask_value: Any) -> Any:
    """The score, past the ends of sequences so small that nothing falls there."""
    if lengths is None:
        return score
    message = "All values in memory_sequence_length must be greater than zero."
    check = assert_positive(lengths, message=message)
    with build.current_graph().control_dependencies([check]):
        mask = sequence_mask(lengths, maxlen=idioms.shape(score)[1])
    return where(mask, score, mask_value * idioms.ones_like(score))


def luong_score(query: Any, keys: Any, scale: Any) -> Any:
    """query . key, for each step."""
    depth, units = query.shape[-1], keys.shape[-1]
    if depth.value is None or depth.value != units.value:
        raise ValueError(
            "Incompatible or unknown inner dimensions between query and keys.  "
            f"Query ({query}) has units: {depth}.  Keys ({keys}) have units: {units}.  "
            f"Perhaps you need to set num_units to the keys' dimension ({units})?"
        )
    query = expand_dims(query, 1)
    score = matmul(query, keys, transpose_b=True)
    score = squeeze(score, [1])
    return score if scale is None else scale * score


def bahdanau_score(query: Any, keys: Any, v: Any, g: Any = None, b: Any = None) -> Any:
    """v . tanh(key + query), for each step; normalised, g v / |v| . tanh(key + query + b)."""
    query = expand_dims(query, 1)
    if g is not None and b is not None:
        unit = g * v * rsqrt(reduce_sum(square(v)))
        return reduce_sum(unit * tanh(keys + query + b), [2])
    return reduce_sum(v * tanh(keys + query), [2])


def luong_scale(wanted: bool, dtype: Any) -> Any:
    """The number that scores are multiplied with, if it is wanted."""
    if not wanted:
        return None
    return get_variable("attention_g", dtype=dtype, initializer=ones_initializer, shape=())


def bahdanau_weights(units: int, normalize: bool, dtype: Any) -> tuple[Any, Any, Any]:
    """v, and, if normalised, g and b."""
    v = get_variable("attention_v", [units], dtype=dtype)
    if not normalize:
        return v, None, None
    even = constant_initializer(math.sqrt(1.0 / units))
    g = get_variable("attention_g", dtype=dtype, initializer=even, shape=())
    b = get_variable("attention_b", [units], dtype=dtype, initializer=zeros_initializer())
    return v, g, b


def bias_free(units: int, name: str, dtype: Any) -> Dense:
    return Dense(units, name=name, use_bias=False, dtype=float32 if dtype is None else dtype)


class LuongAttention(MemoryAttention):
    """softmax(query . key)."""

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        scale: bool = False,
        probability_fn: Callable[[Any], Any] | None = None,
        score_mask_value: Any = None,
        dtype: Any = None,
        custom_key_value_fn: Callable[[Any, Any], Any] | None = None,
        name: str = "LuongAttention",
    ) -> None:
        distribution = probability_fn or softmax
        super().__init__(
            query_layer=None,
            memory_layer=bias_free(num_units, "memory_layer", dtype),
            memory=memory,
            probability_fn=lambda score, _: distribution(score),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn,
            name=name,
        )
        self._num_units, self._scale, self._name = num_units, scale, name

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        with variable_scope(None, "luong_attention", [query]):
            score = luong_score(query, self._keys, luong_scale(self._scale, query.dtype))
        alignments = self._probability_fn(score, state)
        return alignments, alignments


class BahdanauAttention(MemoryAttention):
    """softmax(v . tanh(W key + U query))."""

    def __init__(
        self,
        num_units: int,
        memory: Any,
        memory_sequence_length: Any = None,
        normalize: bool = False,
        probability_fn: Callable[[Any], Any] | None = None,
        score_mask_value: Any = None,
        dtype: Any = None,
        custom_key_value_fn: Callable[[Any, Any], Any] | None = None,
        name: str = "BahdanauAttention",
    ) -> None:
        distribution = probability_fn or softmax
        super().__init__(
            query_layer=bias_free(num_units, "query_layer", dtype),
            memory_layer=bias_free(num_units, "memory_layer", dtype),
            memory=memory,
            probability_fn=lambda score, _: distribution(score),
            memory_sequence_length=memory_sequence_length,
            score_mask_value=score_mask_value,
            custom_key_value_fn=custom_key_value_fn,
            name=name,
        )
        self._num_units, self._normalize, self._name = num_units, normalize, name

    def __call__(self, query: Any, state: Any) -> tuple[Any, Any]:
        with variable_scope(None, "bahdanau_attention", [query]):
            mapped = self.query_layer(query) if self.query_layer else query
            weights = bahdanau_weights(self._num_units, self._normalize, query.dtype)
            score = bahdanau_score(mapped, self._keys, *weights)
        alignments = self._probability_fn(score, state)
        return alignments, alignments


def hardmax(logits: Any, name: str | None = None) -> Any:
    """1 at the greatest of the logits, 0 elsewhere."""
    with build.name_scope(name, "Hardmax", [logits]):
        logits = convert(logits, name="logits")
        depth = logits.shape[-1].value
        if depth is None:
            depth = idioms.shape(logits)[-1]
        return one_hot(argmax(logits, -1), depth, dtype=logits.dtype)


__all__: list[str] = []
NAMESPACES = {
    "contrib.seq2seq": ["AttentionMechanism", "BahdanauAttention", "LuongAttention", "hardmax"],
    "contrib.seq2seq.python.ops.attention_wrapper": {
        "AttentionMechanism": "AttentionMechanism",
        "BahdanauAttention": "BahdanauAttention",
        "LuongAttention": "LuongAttention",
        "hardmax": "hardmax",
        "_BaseAttentionMechanism": "MemoryAttention",
        "_bahdanau_score": "bahdanau_score",
        "_luong_score": "luong_score",
    },
}
