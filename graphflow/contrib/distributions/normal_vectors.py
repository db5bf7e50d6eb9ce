"""Vectors of independent normal random variables."""

from __future__ import annotations

import math
from typing import Any

from graphflow.frontend.array import expand_dims, ones_like, shape, zeros_like
from graphflow.frontend.array_joins import concat
from graphflow.frontend.array_spaces import matrix_diag
from graphflow.frontend.distributions.distribution import FULLY_REPARAMETERIZED, Distribution
from graphflow.frontend.distributions.divergences import RegisterKL
from graphflow.frontend.math import abs as absolute
from graphflow.frontend.math import log, square, squared_difference
from graphflow.frontend.math_more import cast
from graphflow.frontend.nn import softplus
from graphflow.frontend.random import random_normal
from graphflow.frontend.reduce import reduce_sum
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor

NAMESPACES = {
    "contrib.distributions": [
        *("MultivariateNormalDiag", "MultivariateNormalDiagWithSoftplusScale"),
    ],
}
__all__: list[str] = []


class MultivariateNormalDiag(Distribution):
    """loc + scale * z, with z standard normal and the scale a diagonal."""

    def __init__(
        self,
        loc: Any = None,
        scale_diag: Any = None,
        scale_identity_multiplier: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalDiag",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [loc, scale_diag, scale_identity_multiplier]) as scope:
            given = next((v for v in (loc, scale_diag) if v is not None), None)
            if given is None:
                raise ValueError(
                    "one of loc and scale_diag must be given: the length of the vector is not known"
                )
            kind = convert(given).dtype.base_dtype
            factor = None
            if scale_identity_multiplier is not None:
                multiplier = convert(scale_identity_multiplier, kind, "scale_identity_multiplier")
                factor = expand_dims(multiplier, -1)
            middle = None if loc is None else convert(loc, kind, "loc")
            diagonal = ones_like(middle) if scale_diag is None else scale_diag
            scale = convert(diagonal, kind, "scale_diag")
            scale = scale if factor is None else scale * factor
            if middle is None:
                middle = zeros_like(scale)
            # of one shape from here on
            self._loc = middle + zeros_like(scale)
            self._scale = scale + zeros_like(middle)
        super().__init__(
            kind,
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
    def scale_diag(self) -> Tensor:
        return self._scale

    def _batch_shape(self) -> Any:
        return self._loc.shape[:-1]

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._loc)[:-1]

    def _event_shape(self) -> Any:
        return self._loc.shape.with_rank_at_least(1)[-1:]

    def _event_shape_tensor(self) -> Tensor:
        return shape(self._loc)[-1:]

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        sizes = concat([[n], shape(self._loc)], 0)
        return random_normal(sizes, dtype=self.dtype, seed=seed) * self._scale + self._loc

    def _log_scale(self) -> Tensor:
        return reduce_sum(log(absolute(self._scale)), -1)

    def _log_prob(self, value: Tensor) -> Tensor:
        z = (value - self._loc) / self._scale
        squares = square(z) + math.log(2.0 * math.pi)
        return -0.5 * reduce_sum(squares, -1) - self._log_scale()

    def _entropy(self) -> Tensor:
        k = cast(shape(self._loc)[-1], self.dtype)
        return 0.5 * k * (1.0 + math.log(2.0 * math.pi)) + self._log_scale()

    def _mean(self) -> Tensor:
        return self._loc + zeros_like(self._scale)

    _mode = _mean

    def _covariance(self) -> Tensor:
        return matrix_diag(square(self._scale))

    def _variance(self) -> Tensor:
        return square(self._scale)

    def _stddev(self) -> Tensor:
        return absolute(self._scale)


class MultivariateNormalDiagWithSoftplusScale(MultivariateNormalDiag):
    """The scale is softplus of the parameter."""

    def __init__(
        self,
        loc: Any,
        scale_diag: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "MultivariateNormalDiagWithSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [scale_diag]) as scope:
            positive = softplus(scale_diag)
            super().__init__(loc, positive, None, validate_args, allow_nan_stats, scope)
        self._parameters = parameters


@RegisterKL(MultivariateNormalDiag, MultivariateNormalDiag)
def _kl(a: MultivariateNormalDiag, b: MultivariateNormalDiag, name: str | None = None) -> Tensor:
    with build.name_scope(name, "kl_mvn", [a.loc, b.loc]):
        ours, theirs = square(a.scale_diag), square(b.scale_diag)
        terms = ours / theirs - 1.0 + squared_difference(a.loc, b.loc) / theirs - log(ours / theirs)
        return 0.5 * reduce_sum(terms, -1)
