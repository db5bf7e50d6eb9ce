"""Gamma and exponential random variables."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.array import fill, identity, ones, shape
from graphflow.frontend.array_joins import concat
from graphflow.frontend.array_parts import where_v2
from graphflow.frontend.checks import assert_less, assert_positive
from graphflow.frontend.distributions.distribution import FULLY_REPARAMETERIZED
from graphflow.frontend.distributions.divergences import RegisterKL
from graphflow.frontend.distributions.elementwise_shapes import Elementwise
from graphflow.frontend.math import digamma, igamma, lgamma, log, sqrt, square, xlogy
from graphflow.frontend.nn import softplus
from graphflow.frontend.random import random_gamma, random_uniform
from graphflow.frontend.type_checks import assert_same_float_dtype
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor
from graphflow.ops.dependencies import with_dependencies

NAMESPACES = {
    "distributions": ["Exponential", "Gamma"],
    "contrib.distributions": [
        *("Exponential", "ExponentialWithSoftplusRate", "Gamma"),
        "GammaWithSoftplusConcentrationRate",
    ],
}
__all__: list[str] = []


class Gamma(Elementwise):
    """p(x) = x^(concentration - 1) exp(-rate x) rate^concentration / gamma(concentration)."""

    parts = ("concentration", "rate")

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Gamma",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [concentration, rate]) as scope:
            checked = [concentration, rate] if validate_args else []
            with current_graph().control_dependencies([assert_positive(p) for p in checked]):
                self._concentration = identity(concentration, name="concentration")
                self._rate = identity(rate, name="rate")
                assert_same_float_dtype([self._concentration, self._rate])
        super().__init__(
            self._concentration.dtype,
            FULLY_REPARAMETERIZED,
            validate_args,
            allow_nan_stats,
            parameters,
            [self._concentration, self._rate],
            scope,
        )

    @property
    def concentration(self) -> Tensor:
        return self._concentration

    @property
    def rate(self) -> Tensor:
        return self._rate

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        return random_gamma([n], self.concentration, self.rate, self.dtype, seed)

    def _log_prob(self, value: Tensor) -> Tensor:
        return self._log_unnormalized_prob(value) - self._log_normalization()

    def _log_unnormalized_prob(self, x: Tensor) -> Tensor:
        x = self._valid(x)
        return xlogy(self.concentration - 1.0, x) - self.rate * x

    def _log_normalization(self) -> Tensor:
        return lgamma(self.concentration) - self.concentration * log(self.rate)

    def _cdf(self, value: Tensor) -> Tensor:
        x = self._valid(value)
        return igamma(self.concentration, self.rate * x)

    def _entropy(self) -> Tensor:
        c = self.concentration
        return c - log(self.rate) + lgamma(c) + (1.0 - c) * digamma(c)

    def _mean(self) -> Tensor:
        return self.concentration / self.rate

    def _variance(self) -> Tensor:
        return self.concentration / square(self.rate)

    def _stddev(self) -> Tensor:
        return sqrt(self.concentration) / self.rate

    def _mode(self) -> Tensor:
        mode = (self.concentration - 1.0) / self.rate
        if self.allow_nan_stats:
            nan = fill(self.batch_shape_tensor(), np.array(np.nan, self.dtype.numpy), name="nan")
            return where_v2(self.concentration > 1.0, mode, nan)
        told = "mode not defined when any concentration <= 1"
        check = assert_less(ones([], self.dtype), self.concentration, message=told)
        return with_dependencies([check], mode)

    def _valid(self, x: Tensor) -> Tensor:
        assert_same_float_dtype([x], self.dtype)
        return with_dependencies([assert_positive(x)], x) if self.validate_args else x


class GammaWithSoftplusConcentrationRate(Gamma):
    """A gamma variable whose parameters are softplus of those given."""

    def __init__(
        self,
        concentration: Any,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "GammaWithSoftplusConcentrationRate",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [concentration, rate]) as scope:
            first = softplus(concentration, name="softplus_concentration")
            second = softplus(rate, name="softplus_rate")
            super().__init__(first, second, validate_args, allow_nan_stats, scope)
        self._parameters = parameters


class Exponential(Gamma):
    """p(x) = rate exp(-rate x)."""

    def __init__(
        self,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Exponential",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [rate]) as scope:
            given = convert(rate, name="rate")
        super().__init__(ones([], dtype=given.dtype), given, validate_args, allow_nan_stats, scope)
        self._parameters = parameters
        self._graph_parents.append(self._rate)

    @classmethod
    def _param_shapes(cls, sample_shape: Any) -> dict[str, Any]:
        return {"rate": super()._param_shapes(sample_shape)["rate"]}

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        sizes = concat([[n], shape(self._rate)], 0)
        lowest = np.finfo(self.dtype.numpy).tiny
        drawn = random_uniform(sizes, lowest, 1.0, self.dtype, seed)
        return -log(drawn) / self._rate

    def _log_survival_function(self, value: Tensor) -> Tensor:
        return self._log_prob(value) - log(self._rate)


class ExponentialWithSoftplusRate(Exponential):
    """An exponential variable whose rate is softplus of the parameter."""

    def __init__(
        self,
        rate: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "ExponentialWithSoftplusRate",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [rate]) as scope:
            positive = softplus(rate, name="softplus_rate")
            super().__init__(positive, validate_args, allow_nan_stats, scope)
        self._parameters = parameters


@RegisterKL(Gamma, Gamma)
def _kl_gamma_gamma(a: Gamma, b: Gamma, name: str | None = None) -> Tensor:
    values = [a.concentration, a.rate, b.concentration, b.rate]
    with build.name_scope(name, "kl_gamma_gamma", values):
        return (
            (a.concentration - b.concentration) * digamma(a.concentration)
            + lgamma(b.concentration)
            - lgamma(a.concentration)
            + b.concentration * log(a.rate)
            - b.concentration * log(b.rate)
            + a.concentration * (b.rate / a.rate - 1.0)
        )
