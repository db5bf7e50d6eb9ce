"""Dirichlet random variables, and the counts of draws whose probabilities are such."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.array import fill, ones, reshape, shape
from graphflow.frontend.array_joins import concat
from graphflow.frontend.array_parts import one_hot, where_v2
from graphflow.frontend.array_spaces import matrix_set_diag
from graphflow.frontend.checks import assert_equal, assert_less, assert_near, assert_positive
from graphflow.frontend.distributions.distribution import (
    FULLY_REPARAMETERIZED,
    NOT_REPARAMETERIZED,
    Distribution,
)
from graphflow.frontend.distributions.divergences import RegisterKL
from graphflow.frontend.distributions.parameters import (
    checked,
    embed_check_categorical_event_shape,
    embed_check_nonnegative_integer_form,
    gen_new_seed,
    log_combinations,
)
from graphflow.frontend.linalg import matmul
from graphflow.frontend.math import digamma, lbeta, log, rsqrt, sqrt, xlogy
from graphflow.frontend.math_more import cast
from graphflow.frontend.random import multinomial, random_gamma
from graphflow.frontend.rank_checks import assert_rank_at_least
from graphflow.frontend.reduce import reduce_all, reduce_sum
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ops.dependencies import with_dependencies

NAMESPACES = {
    "distributions": ["Dirichlet", "DirichletMultinomial"],
    "contrib.distributions": ["Dirichlet", "DirichletMultinomial"],
}
__all__: list[str] = []

_POSITIVE = "Concentration parameter must be positive."


class _Concentrated(Distribution):
    """What both have: events as long as the concentration."""

    _concentration: Tensor
    _total_concentration: Tensor

    @property
    def concentration(self) -> Tensor:
        return self._concentration

    @property
    def total_concentration(self) -> Tensor:
        return self._total_concentration

    def _batch_shape(self) -> Any:
        return self.total_concentration.shape

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self.total_concentration)

    def _event_shape(self) -> Any:
        return self.concentration.shape.with_rank_at_least(1)[-1:]

    def _event_shape_tensor(self) -> Tensor:
        return shape(self.concentration)[-1:]

    def _scale(self) -> Tensor:
        raise NotImplementedError

    def _covariance(self) -> Tensor:
        x = self._scale() * self._mean()
        return matrix_set_diag(-matmul(x[..., None], x[..., None, :]), self._variance())


class Dirichlet(_Concentrated):
    """p(x) = prod x_j^(concentration_j - 1) / B(concentration) where sum x_j = 1."""

    def __init__(
        self,
        concentration: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Dirichlet",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [concentration]) as scope:
            given = convert(concentration, name="concentration")
            self._concentration = _valid_concentration(given, validate_args)
            self._total_concentration = reduce_sum(self._concentration, -1)
        super().__init__(
            self._concentration.dtype,
            FULLY_REPARAMETERIZED,
            validate_args,
            allow_nan_stats,
            parameters,
            [self._concentration, self._total_concentration],
            scope,
        )

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        drawn = random_gamma([n], self.concentration, dtype=self.dtype, seed=seed)
        return drawn / reduce_sum(drawn, -1, keepdims=True)

    def _log_prob(self, value: Tensor) -> Tensor:
        return self._log_unnormalized_prob(value) - lbeta(self.concentration)

    def _log_unnormalized_prob(self, x: Tensor) -> Tensor:
        if self.validate_args:
            positive = assert_positive(x, message="samples must be positive")
            told = "sample last-dimension must sum to `1`"
            one = assert_near(ones([], dtype=self.dtype), reduce_sum(x, -1), message=told)
            x = with_dependencies([positive, one], x)
        return reduce_sum(xlogy(self.concentration - 1.0, x), -1)

    def _entropy(self) -> Tensor:
        k = cast(self.event_shape_tensor()[0], self.dtype)
        return (
            lbeta(self.concentration)
            + (self.total_concentration - k) * digamma(self.total_concentration)
            - reduce_sum((self.concentration - 1.0) * digamma(self.concentration), axis=-1)
        )

    def _mean(self) -> Tensor:
        return self.concentration / self.total_concentration[..., None]

    def _variance(self) -> Tensor:
        scale = self._scale()
        x = scale * self._mean()
        return x * (scale - x)

    def _scale(self) -> Tensor:
        return rsqrt(1.0 + self.total_concentration[..., None])

    def _mode(self) -> Tensor:
        k = cast(self.event_shape_tensor()[0], self.dtype)
        mode = (self.concentration - 1.0) / (self.total_concentration[..., None] - k)
        if self.allow_nan_stats:
            nan = fill(shape(mode), np.array(np.nan, self.dtype.numpy), name="nan")
            return where_v2(reduce_all(self.concentration > 1.0, axis=-1), mode, nan)
        told = "Mode undefined when any concentration <= 1"
        check = assert_less(ones([], self.dtype), self.concentration, message=told)
        return with_dependencies([check], mode)


def _valid_concentration(concentration: Tensor, validate: bool) -> Tensor:
    if not validate:
        return concentration
    least = "Concentration parameter must have >=1 dimensions."
    two = "Concentration parameter must have event_size >= 2."
    checks = [
        assert_positive(concentration, message=_POSITIVE),
        assert_rank_at_least(concentration, 1, message=least),
        assert_less(1, shape(concentration)[-1], message=two),
    ]
    return checked(validate, checks, concentration)


@RegisterKL(Dirichlet, Dirichlet)
def _kl_dirichlet_dirichlet(a: Dirichlet, b: Dirichlet, name: str | None = None) -> Tensor:
    with build.name_scope(name, "kl_dirichlet_dirichlet", [a.concentration, b.concentration]):
        of_sum = digamma(reduce_sum(a.concentration, axis=-1, keepdims=True))
        difference = digamma(a.concentration) - of_sum
        apart = a.concentration - b.concentration
        return (
            reduce_sum(apart * difference, axis=-1)
            - lbeta(a.concentration)
            + lbeta(b.concentration)
        )


class DirichletMultinomial(_Concentrated):
    """Counts of `total_count` draws whose probabilities are a Dirichlet variable."""

    def __init__(
        self,
        total_count: Any,
        concentration: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "DirichletMultinomial",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [total_count, concentration]) as scope:
            self._total_count = convert(total_count, name="total_count")
            if validate_args:
                self._total_count = embed_check_nonnegative_integer_form(self._total_count)
            given = convert(concentration, name="concentration")
            if validate_args:
                given = embed_check_categorical_event_shape(given)
                given = with_dependencies([assert_positive(given, message=_POSITIVE)], given)
            self._concentration = given
            self._total_concentration = reduce_sum(self._concentration, -1)
        super().__init__(
            self._concentration.dtype,
            NOT_REPARAMETERIZED,
            validate_args,
            allow_nan_stats,
            parameters,
            [self._total_count, self._concentration],
            scope,
        )

    @property
    def total_count(self) -> Tensor:
        return self._total_count

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        draws = cast(self.total_count, int32)
        k = self.event_shape_tensor()[0]
        drawn = random_gamma([n], self.concentration, dtype=self.dtype, seed=seed)
        rows = reshape(log(drawn), [-1, k])
        other = gen_new_seed(seed, "dirichlet_multinomial")
        classes = multinomial(rows, draws, seed=other)
        counts = reduce_sum(one_hot(classes, depth=k), -2)
        whole = reshape(counts, concat([[n], self.batch_shape_tensor(), [k]], 0))
        return cast(whole, self.dtype)

    def _log_prob(self, value: Tensor) -> Tensor:
        if self.validate_args:
            value = embed_check_nonnegative_integer_form(value)
            told = "counts last-dimension must sum to `self.total_count`"
            check = assert_equal(self.total_count, reduce_sum(value, -1), message=told)
            value = with_dependencies([check], value)
        ordered = lbeta(self.concentration + value) - lbeta(self.concentration)
        return ordered + log_combinations(self.total_count, value)

    def _mean(self) -> Tensor:
        return self.total_count * (self.concentration / self.total_concentration[..., None])

    def _variance(self) -> Tensor:
        scale = self._scale()
        x = scale * self._mean()
        return x * (self.total_count * scale - x)

    def _scale(self) -> Tensor:
        total = self.total_concentration[..., None]
        return sqrt((1.0 + total / self.total_count) / (1.0 + total))
