"""Beta random variables."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.array import fill, ones, ones_like, shape
from graphflow.frontend.array_parts import where_v2
from graphflow.frontend.checks import assert_less, assert_positive
from graphflow.frontend.distributions.distribution import FULLY_REPARAMETERIZED, Distribution
from graphflow.frontend.distributions.divergences import RegisterKL
from graphflow.frontend.distributions.parameters import checked, gen_new_seed
from graphflow.frontend.math import (
    betainc,
    digamma,
    lgamma,
    log1p,
    logical_and,
    xlogy,
)
from graphflow.frontend.nn import softplus
from graphflow.frontend.random import random_gamma
from graphflow.frontend.type_checks import assert_same_float_dtype
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import SCALAR
from graphflow.ops.dependencies import with_dependencies

NAMESPACES = {
    "distributions": ["Beta"],
    "contrib.distributions": ["Beta", "BetaWithSoftplusConcentration"],
}
__all__: list[str] = []


class Beta(Distribution):
    """p(x) = x^(concentration1 - 1) (1 - x)^(concentration0 - 1) / B(concentration1, concentration0)."""

    def __init__(
        self,
        concentration1: Any = None,
        concentration0: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Beta",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [concentration1, concentration0]) as scope:
            first = convert(concentration1, name="concentration1")
            self._concentration1 = _positive(first, validate_args)
            second = convert(concentration0, name="concentration0")
            self._concentration0 = _positive(second, validate_args)
            assert_same_float_dtype([self._concentration1, self._concentration0])
            self._total_concentration = self._concentration1 + self._concentration0
        super().__init__(
            self._total_concentration.dtype,
            FULLY_REPARAMETERIZED,
            validate_args,
            allow_nan_stats,
            parameters,
            [self._concentration1, self._concentration0, self._total_concentration],
            scope,
        )

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Any]:
        return dict.fromkeys(("concentration1", "concentration0"), convert(sample_shape, int32))

    @property
    def concentration1(self) -> Tensor:
        return self._concentration1

    @property
    def concentration0(self) -> Tensor:
        return self._concentration0

    @property
    def total_concentration(self) -> Tensor:
        return self._total_concentration

    def _batch_shape(self) -> Any:
        return self.total_concentration.shape

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self.total_concentration)

    def _event_shape(self) -> Any:
        return SCALAR

    def _event_shape_tensor(self) -> Tensor:
        return convert([], int32)

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        first = ones_like(self.total_concentration, dtype=self.dtype) * self.concentration1
        second = ones_like(self.total_concentration, dtype=self.dtype) * self.concentration0
        one = random_gamma([n], first, dtype=self.dtype, seed=seed)
        other = random_gamma([n], second, dtype=self.dtype, seed=gen_new_seed(seed, "beta"))
        return one / (one + other)

    def _log_prob(self, value: Tensor) -> Tensor:
        return self._log_unnormalized_prob(value) - self._log_normalization()

    def _log_unnormalized_prob(self, x: Tensor) -> Tensor:
        if self.validate_args:
            positive = assert_positive(x, message="sample must be positive")
            told = "sample must be less than `1`."
            small = assert_less(x, ones([], self.dtype), message=told)
            x = with_dependencies([positive, small], x)
        return xlogy(self.concentration1 - 1.0, x) + (self.concentration0 - 1.0) * log1p(-x)

    def _log_normalization(self) -> Tensor:
        first, second = lgamma(self.concentration1), lgamma(self.concentration0)
        return first + second - lgamma(self.total_concentration)

    def _cdf(self, value: Tensor) -> Tensor:
        return betainc(self.concentration1, self.concentration0, value)

    def _entropy(self) -> Tensor:
        return (
            self._log_normalization()
            - (self.concentration1 - 1.0) * digamma(self.concentration1)
            - (self.concentration0 - 1.0) * digamma(self.concentration0)
            + (self.total_concentration - 2.0) * digamma(self.total_concentration)
        )

    def _mean(self) -> Tensor:
        return self._concentration1 / self._total_concentration

    def _variance(self) -> Tensor:
        return self._mean() * (1.0 - self._mean()) / (1.0 + self.total_concentration)

    def _mode(self) -> Tensor:
        mode = (self.concentration1 - 1.0) / (self.total_concentration - 2.0)
        if self.allow_nan_stats:
            nan = fill(self.batch_shape_tensor(), np.array(np.nan, self.dtype.numpy), name="nan")
            defined = logical_and(self.concentration1 > 1.0, self.concentration0 > 1.0)
            return where_v2(defined, mode, nan)
        both = ((self.concentration1, 1), (self.concentration0, 0))
        checks = [
            assert_less(
                ones([], dtype=self.dtype), c, message=f"Mode undefined for concentration{i} <= 1."
            )
            for c, i in both
        ]
        return with_dependencies(checks, mode)


def _positive(concentration: Tensor, validate: bool) -> Tensor:
    told = "Concentration parameter must be positive."
    checks = [assert_positive(concentration, message=told)] if validate else []
    return checked(validate, checks, concentration)


class BetaWithSoftplusConcentration(Beta):
    """A beta variable whose parameters are softplus of those given."""

    def __init__(
        self,
        concentration1: Any,
        concentration0: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "BetaWithSoftplusConcentration",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [concentration1, concentration0]) as scope:
            first = softplus(concentration1, name="softplus_concentration1")
            second = softplus(concentration0, name="softplus_concentration0")
            super().__init__(first, second, validate_args, allow_nan_stats, scope)
        self._parameters = parameters


@RegisterKL(Beta, Beta)
def _kl_beta_beta(a: Beta, b: Beta, name: str | None = None) -> Tensor:
    values = [t for d in (a, b) for t in d._graph_parents]
    with build.name_scope(name, "kl_beta_beta", values):
        theirs = b._log_normalization()
        constant = theirs - a._log_normalization()
        return (
            constant
            - digamma(a.concentration1) * (b.concentration1 - a.concentration1)
            - digamma(a.concentration0) * (b.concentration0 - a.concentration0)
            + digamma(a.total_concentration) * (b.total_concentration - a.total_concentration)
        )
