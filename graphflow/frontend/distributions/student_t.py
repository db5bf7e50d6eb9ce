"""Student's t."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.array import (
    broadcast_dynamic_shape,
    fill,
    identity,
    ones,
    ones_like,
    shape,
)
from graphflow.frontend.array_joins import concat
from graphflow.frontend.array_parts import where_v2
from graphflow.frontend.checks import assert_less, assert_positive
from graphflow.frontend.distributions.distribution import FULLY_REPARAMETERIZED
from graphflow.frontend.distributions.elementwise_shapes import Elementwise
from graphflow.frontend.distributions.parameters import gen_new_seed
from graphflow.frontend.math import abs as absolute
from graphflow.frontend.math import (
    betainc,
    digamma,
    floor,
    greater,
    lbeta,
    less,
    lgamma,
    log,
    log1p,
    rsqrt,
    square,
)
from graphflow.frontend.nn import softplus
from graphflow.frontend.random import random_gamma, random_normal
from graphflow.frontend.type_checks import assert_same_float_dtype
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.node import Tensor
from graphflow.ops.dependencies import with_dependencies

NAMESPACES = {
    "distributions": ["StudentT"],
    "contrib.distributions": ["StudentT", "StudentTWithAbsDfSoftplusScale"],
}
__all__: list[str] = []


class StudentT(Elementwise):
    """p(x) = (1 + y^2 / df)^(-(df + 1) / 2) / Z with y = (x - loc) / scale."""

    parts = ("df", "loc", "scale")

    def __init__(
        self,
        df: Any,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "StudentT",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [df, loc, scale]) as scope:
            checks = [assert_positive(df)] if validate_args else []
            with current_graph().control_dependencies(checks):
                self._df = identity(df, name="df")
                self._loc = identity(loc, name="loc")
                self._scale = identity(scale, name="scale")
                assert_same_float_dtype((self._df, self._loc, self._scale))
        super().__init__(
            self._scale.dtype,
            FULLY_REPARAMETERIZED,
            validate_args,
            allow_nan_stats,
            parameters,
            [self._df, self._loc, self._scale],
            scope,
        )

    @property
    def df(self) -> Tensor:
        return self._df

    @property
    def loc(self) -> Tensor:
        return self._loc

    @property
    def scale(self) -> Tensor:
        return self._scale

    def _batch_shape_tensor(self) -> Tensor:
        df = shape(self.df)
        return broadcast_dynamic_shape(
            df, broadcast_dynamic_shape(shape(self.loc), shape(self.scale))
        )

    def _ones(self) -> Tensor:
        return ones(self.batch_shape_tensor(), dtype=self.dtype)

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        sizes = concat([[n], self.batch_shape_tensor()], 0)
        normal = random_normal(sizes, dtype=self.dtype, seed=seed)
        df = self.df * self._ones()
        other = gen_new_seed(seed, "student_t")
        chi = random_gamma([n], 0.5 * df, beta=0.5, dtype=self.dtype, seed=other)
        samples = normal * rsqrt(chi / df)
        return samples * self.scale + self.loc

    def _log_prob(self, value: Tensor) -> Tensor:
        return self._log_unnormalized_prob(value) - self._log_normalization()

    def _log_unnormalized_prob(self, x: Tensor) -> Tensor:
        y = (x - self.loc) / self.scale
        return -0.5 * (self.df + 1.0) * log1p(y**2.0 / self.df)

    def _log_normalization(self) -> Tensor:
        return (
            log(absolute(self.scale))
            + 0.5 * log(self.df)
            + 0.5 * np.log(np.pi)
            + lgamma(0.5 * self.df)
            - lgamma(0.5 * (self.df + 1.0))
        )

    def _cdf(self, value: Tensor) -> Tensor:
        y = (value - self.loc) / absolute(self.scale)
        x = self.df / (y**2.0 + self.df)
        lower = 0.5 * betainc(0.5 * self.df, 0.5, x)
        return where_v2(less(y, 0.0), lower, 1.0 - lower)

    def _entropy(self) -> Tensor:
        v = self._ones()[..., None]
        u = v * self.df[..., None]
        both = concat([u, v], -1) / 2.0
        return (
            log(absolute(self.scale))
            + 0.5 * log(self.df)
            + lbeta(both)
            + 0.5 * (self.df + 1.0) * (digamma(0.5 * (self.df + 1.0)) - digamma(0.5 * self.df))
        )

    def _mean(self) -> Tensor:
        mean = self.loc * self._ones()
        return self._where_defined(mean, "mean")

    def _where_defined(self, moment: Tensor, what: str) -> Tensor:
        """A moment, NaN where df <= 1."""
        if self.allow_nan_stats:
            defined = greater(self.df, self._ones())
            nan = fill(self.batch_shape_tensor(), np.array(np.nan, self.dtype.numpy), name="nan")
            return where_v2(defined, moment, nan)
        told = f"{what} not defined for components of df <= 1"
        check = assert_less(ones([], dtype=self.dtype), self.df, message=told)
        return with_dependencies([check], moment)

    def _variance(self) -> Tensor:
        finite = greater(self.df, 2.0)
        below = self.df - 2.0
        denominator = where_v2(finite, below, ones_like(self.df))
        variance = self._ones() * square(self.scale) * self.df / denominator
        infinite = np.array(np.inf, self.dtype.numpy)
        is_finite = self.df > fill(self.batch_shape_tensor(), 2.0)
        endless = fill(self.batch_shape_tensor(), infinite, name="inf")
        return self._where_defined(where_v2(is_finite, variance, endless), "variance")

    def _mode(self) -> Tensor:
        return identity(self.loc)


class StudentTWithAbsDfSoftplusScale(StudentT):
    """Student's t with floor(|df|) and softplus of the scale."""

    def __init__(
        self,
        df: Any,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "StudentTWithAbsDfSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [df, scale]) as scope:
            whole = floor(absolute(df))
            positive = softplus(scale, name="softplus_scale")
            super().__init__(whole, loc, positive, validate_args, allow_nan_stats, scope)
        self._parameters = parameters
