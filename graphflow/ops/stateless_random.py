"""Random ops whose seed is an input: the same seed gives the same values in every run."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.ir.dtype import DType, float32, int64
from graphflow.ir.known import known_scalar, known_shape
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.numeric.random.multinomial import multinomial
from graphflow.numeric.random.normal import random_standard_normal, truncated_normal
from graphflow.numeric.random.philox import Stream
from graphflow.numeric.random.uniform import random_uniform, random_uniform_int
from graphflow.numeric.room import check_room


def _stream(seed: Any) -> Stream:
    first, second = (int(s) for s in np.asarray(seed).astype(np.int64))
    return Stream.stateless(first, second)


def _check_seed(seed: Tensor) -> None:
    if not seed.shape.is_compatible_with([2]):
        raise ValueError(f"seed must have shape [2], not {seed.shape}")


def _sizes(shape: Any) -> tuple[int, ...]:
    sizes = tuple(int(d) for d in np.asarray(shape).reshape(-1))
    check_room(sizes, 8)
    return sizes


class _Stateless(Op, abstract=True):
    """Values of a given shape, from a given seed."""

    signature = (
        "shape:T, seed:Tseed -> output:dtype "
        "| T: index = int32; Tseed: index = int64; dtype: floating"
    )
    differentiable = False
    by_value = True
    dtype: DType = float32

    def infer(self, shape: Tensor, seed: Tensor) -> Any:
        _check_seed(seed)
        return known_shape(shape)


class StatelessRandomUniform(_Stateless):
    """Uniform in [0, 1)."""

    def reference(self, shape: Any, seed: Any) -> Any:
        return random_uniform(_stream(seed), _sizes(shape), self.dtype.numpy)


class StatelessRandomNormal(_Stateless):
    """Normal with mean 0 and standard deviation 1."""

    def reference(self, shape: Any, seed: Any) -> Any:
        return random_standard_normal(_stream(seed), _sizes(shape), self.dtype.numpy)


class StatelessTruncatedNormal(_Stateless):
    """Standard normal, redrawn beyond two standard deviations."""

    def reference(self, shape: Any, seed: Any) -> Any:
        return truncated_normal(_stream(seed), _sizes(shape), self.dtype.numpy)


class StatelessRandomUniformInt(Op):
    """Uniform integers in [minval, maxval)."""

    signature = (
        "shape:T, seed:Tseed, minval:dtype, maxval:dtype -> output:dtype "
        "| T: index = int32; Tseed: index = int64; dtype: index"
    )
    differentiable = False
    by_value = True

    def infer(self, shape: Tensor, seed: Tensor, low: Tensor, high: Tensor) -> Any:
        _check_seed(seed)
        return known_shape(shape)

    def reference(self, shape: Any, seed: Any, low: Any, high: Any) -> Any:
        return random_uniform_int(_stream(seed), _sizes(shape), int(low), int(high), low.dtype)


class StatelessMultinomial(Op):
    """For each row of logits, samples of classes."""

    signature = (
        "logits:T, num_samples:int32, seed:Tseed -> output:output_dtype "
        "| T: real; Tseed: index = int64; output_dtype: index"
    )
    differentiable = False
    by_value = True
    output_dtype: DType = int64

    def infer(self, logits: Tensor, num_samples: Tensor, seed: Tensor) -> Any:
        _check_seed(seed)
        rows = logits.shape.with_rank(2)[:1]
        return rows.concatenate([known_scalar(num_samples)])

    def reference(self, logits: Any, num_samples: Any, seed: Any) -> Any:
        return multinomial(_stream(seed), logits, int(num_samples), self.output_dtype.numpy)
