"""Uniform random variables."""

from __future__ import annotations

import math
from typing import Any

from graphflow.frontend.array import (
    broadcast_dynamic_shape,
    identity,
    ones,
    ones_like,
    shape,
    zeros,
    zeros_like,
)
from graphflow.frontend.array_joins import concat
from graphflow.frontend.array_parts import where_v2
from graphflow.frontend.checks import assert_less
from graphflow.frontend.distributions.distribution import FULLY_REPARAMETERIZED
from graphflow.frontend.distributions.elementwise_shapes import Elementwise
from graphflow.frontend.math import is_nan, log, logical_or, square
from graphflow.frontend.random import random_uniform
from graphflow.frontend.type_checks import assert_same_float_dtype
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.node import Tensor

NAMESPACES = {"distributions": ["Uniform"], "contrib.distributions": ["Uniform"]}
__all__: list[str] = []


class Uniform(Elementwise):
    """p(x) = 1 / (high - low) for low <= x < high."""

    parts = ("low", "high")

    def __init__(
        self,
        low: Any = 0.0,
        high: Any = 1.0,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Uniform",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [low, high]) as scope:
            told = "uniform not defined when low >= high."
            checks = [assert_less(low, high, message=told)] if validate_args else []
            with current_graph().control_dependencies(checks):
                self._low = identity(low, name="low")
                self._high = identity(high, name="high")
                assert_same_float_dtype([self._low, self._high])
        super().__init__(
            self._low.dtype,
            FULLY_REPARAMETERIZED,
            validate_args,
            allow_nan_stats,
            parameters,
            [self._low, self._high],
            scope,
        )

    @property
    def low(self) -> Tensor:
        return self._low

    @property
    def high(self) -> Tensor:
        return self._high

    def range(self, name: str = "range") -> Tensor:
        with self._name_scope(name):
            return self.high - self.low

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        sizes = concat([[n], self.batch_shape_tensor()], 0)
        drawn = random_uniform(sizes, dtype=self.dtype, seed=seed)
        return self.low + self.range() * drawn

    def _prob(self, value: Tensor) -> Tensor:
        x = value * ones(self.batch_shape_tensor(), dtype=value.dtype)
        odd = is_nan(x)
        outside = logical_or(x < self.low, x >= self.high)
        nothing = zeros_like(x)
        density = ones_like(x) / self.range()
        return where_v2(odd, x, where_v2(outside, nothing, density))

    def _cdf(self, value: Tensor) -> Tensor:
        sizes = broadcast_dynamic_shape(shape(value), self.batch_shape_tensor())
        nothing, everything = zeros(sizes, dtype=self.dtype), ones(sizes, dtype=self.dtype)
        x = value * everything
        below = value < self.low
        inside = (x - self.low) / self.range()
        not_big = where_v2(below, nothing, inside)
        return where_v2(value >= self.high, everything, not_big)

    def _entropy(self) -> Tensor:
        return log(self.range())

    def _mean(self) -> Tensor:
        return (self.low + self.high) / 2.0

    def _variance(self) -> Tensor:
        return square(self.range()) / 12.0

    def _stddev(self) -> Tensor:
        return self.range() / math.sqrt(12.0)
