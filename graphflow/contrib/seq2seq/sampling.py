"""Draws of bits and of classes, in any number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.frontend.array_joins import pad
from graphflow.frontend.math import sigmoid
from graphflow.frontend.random import multinomial, random_uniform
from graphflow.frontend.reduce import reduce_prod
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32, int64
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, transpose


def _samples(draw: Callable[[Any], Any], sample_shape: Any, name: str | None = None) -> Tensor:
    """So many draws as `sample_shape` holds, in that shape."""
    with build.name_scope(name, "call_sampler", values=[sample_shape]):
        sample_shape = convert(sample_shape, int32, name="sample_shape")
        missing = idioms.cast(raw.Equal(idioms.rank(sample_shape), 0), int32)
        sizes = pad(idioms.shape(sample_shape), paddings=[[missing, 0]], constant_values=1)
        sample_shape = raw.Reshape(sample_shape, sizes)
        samples = draw(reduce_prod(sample_shape))
        rest = idioms.shape(samples)[1:]
        found: Tensor = raw.Reshape(samples, concat([sample_shape, rest], 0))
        return found


def bernoulli_sample(
    probs: Any = None,
    logits: Any = None,
    dtype: Any = int32,
    sample_shape: Any = (),
    seed: int | None = None,
) -> Tensor:
    """1 with these probabilities, else 0."""
    given = sigmoid(logits, name="probs") if probs is None else convert(probs, name="probs")
    batch_shape = idioms.shape(given)

    def draw(n: Any) -> Any:
        shape = concat([[n], batch_shape], 0)
        uniform = random_uniform(shape, seed=seed, dtype=given.dtype)
        return idioms.cast(raw.Less(uniform, given), dtype)

    return _samples(draw, sample_shape)


def categorical_sample(
    logits: Any, dtype: Any = int32, sample_shape: Any = (), seed: int | None = None
) -> Tensor:
    """Classes with probabilities that are the softmax of the logits."""
    logits = convert(logits, name="logits")
    classes = idioms.shape(logits)[-1]
    batch_shape = idioms.shape(logits)[:-1]

    def draw(n: Any) -> Any:
        rows = logits if logits.shape.rank == 2 else raw.Reshape(logits, [-1, classes])
        wide = int64 if logits.dtype.size > 4 else int32
        drawn = multinomial(rows, n, seed=seed, output_dtype=wide)
        drawn = raw.Reshape(transpose(drawn), concat([[n], batch_shape], 0))
        return idioms.cast(drawn, dtype)

    return _samples(draw, sample_shape)


__all__: list[str] = []
