"""Laplace random variables."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphflow.frontend.array import identity, zeros_like
from graphflow.frontend.array_joins import concat
from graphflow.frontend.checks import assert_positive
from graphflow.frontend.distributions.distribution import FULLY_REPARAMETERIZED
from graphflow.frontend.distributions.elementwise_shapes import Elementwise
from graphflow.frontend.distributions.normal_functions import log_cdf_laplace
from graphflow.frontend.math import abs as absolute
from graphflow.frontend.math import exp, log, log1p, sign
from graphflow.frontend.nn import softplus
from graphflow.frontend.random import random_uniform
from graphflow.frontend.type_checks import assert_same_float_dtype
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.node import Tensor

NAMESPACES = {
    "distributions": ["Laplace"],
    "contrib.distributions": ["Laplace", "LaplaceWithSoftplusScale"],
}
__all__: list[str] = []


class Laplace(Elementwise):
    """p(x) = exp(-|x - loc| / scale) / (2 scale)."""

    parts = ("loc", "scale")

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Laplace",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [loc, scale]) as scope:
            checks = [assert_positive(scale)] if validate_args else []
            with current_graph().control_dependencies(checks):
                self._loc = identity(loc, name="loc")
                self._scale = identity(scale, name="scale")
                assert_same_float_dtype([self._loc, self._scale])
            super().__init__(
                self._loc.dtype,
                FULLY_REPARAMETERIZED,
                validate_args,
                allow_nan_stats,
                parameters,
                [self._loc, self._scale],
                scope,
            )

    @property
    def loc(self) -> Tensor:
        return self._loc

    @property
    def scale(self) -> Tensor:
        return self._scale

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        sizes = concat([[n], self.batch_shape_tensor()], 0)
        kind = self.dtype.numpy.type
        lowest = np.nextafter(kind(-1.0), kind(0.0))
        drawn = random_uniform(sizes, lowest, 1.0, self.dtype, seed)
        return self.loc - self.scale * sign(drawn) * log1p(-absolute(drawn))

    def _log_prob(self, value: Tensor) -> Tensor:
        return -absolute(self._z(value)) - self._log_normalization()

    def _log_normalization(self) -> Tensor:
        return math.log(2.0) + log(self.scale)

    def _prob(self, value: Tensor) -> Tensor:
        return exp(self._log_prob(value))

    def _log_cdf(self, value: Tensor) -> Tensor:
        return log_cdf_laplace(self._z(value))

    def _log_survival_function(self, value: Tensor) -> Tensor:
        return log_cdf_laplace(-self._z(value))

    def _cdf(self, value: Tensor) -> Tensor:
        z = self._z(value)
        return 0.5 + 0.5 * sign(z) * (1.0 - exp(-absolute(z)))

    def _entropy(self) -> Tensor:
        scale = self.scale + zeros_like(self.loc)
        return math.log(2.0) + 1.0 + log(scale)

    def _mean(self) -> Tensor:
        return self.loc + zeros_like(self.scale)

    _mode = _mean

    def _stddev(self) -> Tensor:
        return math.sqrt(2.0) * self.scale + zeros_like(self.loc)

    def _z(self, x: Tensor) -> Tensor:
        return (x - self.loc) / self.scale


class LaplaceWithSoftplusScale(Laplace):
    """A Laplace variable whose scale is softplus of the parameter."""

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "LaplaceWithSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [loc, scale]) as scope:
            positive = softplus(scale, name="softplus_scale")
            super().__init__(loc, positive, validate_args, allow_nan_stats, scope)
        self._parameters = parameters
