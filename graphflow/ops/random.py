"""Random ops: TensorFlow 1's streams, bit for bit. Each node keeps a stream per session."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from graphflow.ir.dtype import DType, int64
from graphflow.ir.known import known_scalar, known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.numeric.random.gamma import random_gamma
from graphflow.numeric.random.multinomial import multinomial
from graphflow.numeric.random.normal import random_standard_normal, truncated_normal
from graphflow.numeric.random.philox import Stream
from graphflow.numeric.random.poisson import random_poisson
from graphflow.numeric.random.shuffle import random_shuffle
from graphflow.numeric.random.truncated import parameterized_truncated_normal
from graphflow.numeric.random.uniform import random_uniform, random_uniform_int
from graphflow.numeric.room import check_room


class Random(Op, abstract=True):
    """An op that draws from its own stream, which seed and seed2 start."""

    stateful = True
    differentiable = False
    seed: int = 0
    seed2: int = 0

    def draw(self, stream: Any, *inputs: Any) -> Any:
        """The next values of the stream."""
        raise NotImplementedError

    def start(self) -> Any:
        if self.seed == 0 and self.seed2 == 0:
            return Stream.nondeterministic()
        return Stream(self.seed, self.seed2)

    def execute(self, run: Any, node: Node, *inputs: Any) -> Any:
        stream = run.stream(node, self.start)
        with run.state.lock:
            return self.draw(stream, *inputs)


def _sizes(shape: Any) -> tuple[int, ...]:
    """The sizes that a run gives; MemoryError where so many numbers would not fit."""
    sizes = tuple(int(d) for d in np.asarray(shape).reshape(-1))
    check_room(sizes, 8)
    return sizes


class _Filled(Random, abstract=True, kw_only=True):
    """Values of a given shape."""

    signature = "shape:T -> output:dtype | T: index = int32; dtype: floating"
    by_value = True
    dtype: DType

    def infer(self, shape: Tensor) -> Any:
        return known_shape(shape)

    def make(self) -> Callable[..., Any]:
        """The function of (stream, shape, dtype) that draws."""
        raise NotImplementedError

    def draw(self, stream: Any, *inputs: Any) -> Any:
        return self.make()(stream, _sizes(inputs[0]), self.dtype.numpy)


class RandomUniform(_Filled):
    """Uniform in [0, 1)."""

    def make(self) -> Callable[..., Any]:
        return random_uniform


class RandomStandardNormal(_Filled):
    """Normal with mean 0 and standard deviation 1."""

    def make(self) -> Callable[..., Any]:
        return random_standard_normal


class TruncatedNormal(_Filled):
    """Standard normal, redrawn beyond two standard deviations."""

    def make(self) -> Callable[..., Any]:
        return truncated_normal


class RandomUniformInt(Random):
    """Uniform integers in [minval, maxval)."""

    signature = "shape:T, minval:Tout, maxval:Tout -> output:Tout | T: index = int32; Tout: index"
    by_value = True

    def infer(self, shape: Tensor, low: Tensor, high: Tensor) -> Any:
        return known_shape(shape)

    def draw(self, stream: Any, *inputs: Any) -> Any:
        shape, low, high = inputs
        return random_uniform_int(stream, _sizes(shape), int(low), int(high), low.dtype)


class ParameterizedTruncatedNormal(Random):
    """Normal with given means and deviations, redrawn outside of given bounds."""

    signature = (
        "shape:T, means:dtype, stdevs:dtype, minvals:dtype, maxvals:dtype -> output:dtype "
        "| T: index = int32; dtype: floating"
    )
    by_value = True

    def infer(self, shape: Tensor, *rest: Tensor) -> Any:
        return known_shape(shape)

    def draw(self, stream: Any, *inputs: Any) -> Any:
        shape, *parameters = inputs
        return parameterized_truncated_normal(stream, _sizes(shape), *parameters)


class RandomShuffle(Random):
    """The rows of a tensor in random order."""

    signature = "value:T -> output:T"

    def infer(self, value: Tensor) -> Any:
        return value.shape

    def draw(self, stream: Any, *inputs: Any) -> Any:
        return random_shuffle(stream, inputs[0])


class Multinomial(Random):
    """For each row of logits, samples of classes."""

    signature = "logits:T, num_samples:int32 -> output:output_dtype | T: real"
    by_value = True
    output_dtype: DType = int64

    def infer(self, logits: Tensor, num_samples: Tensor) -> Any:
        rows = logits.shape.with_rank(2).known
        count = known_shape_of_scalar(num_samples)
        assert rows is not None
        return TensorShape.of((rows[0], *count))

    def draw(self, stream: Any, *inputs: Any) -> Any:
        logits, samples = inputs
        return multinomial(stream, logits, int(samples), self.output_dtype.numpy)


def known_shape_of_scalar(size: Tensor) -> tuple[Any, ...]:
    """The one dimension that a scalar size makes."""
    found = known_scalar(size)
    return TensorShape([found]).known or ()


class RandomGamma(Random):
    """Gamma with shape parameter alpha and rate 1, for each element of alpha."""

    signature = "shape:S, alpha:T -> output:T | S: index = int32; T: half, float, double"
    differentiable = True
    by_value = True

    def infer(self, shape: Tensor, alpha: Tensor) -> Any:
        return known_shape(shape).concatenate(alpha.shape)

    def draw(self, stream: Any, *inputs: Any) -> Any:
        return random_gamma(stream, _sizes(inputs[0]), inputs[1])


class RandomPoissonV2(Random):
    """Poisson with a given rate, for each element of the rate."""

    signature = (
        "shape:S, rate:R -> output:dtype | S: index = int32; "
        "R: half, float, double, int32, int64 = double; dtype: half, float, double, int32, int64"
    )
    by_value = True
    dtype: DType = int64

    def infer(self, shape: Tensor, rate: Tensor) -> Any:
        return known_shape(shape).concatenate(rate.shape)

    def draw(self, stream: Any, *inputs: Any) -> Any:
        return random_poisson(stream, _sizes(inputs[0]), inputs[1], self.dtype.numpy)
