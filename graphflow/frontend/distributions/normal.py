"""Normal random variables."""

from __future__ import annotations

import math
from typing import Any

from graphflow.frontend.array import identity, ones_like
from graphflow.frontend.array_joins import concat
from graphflow.frontend.checks import assert_positive
from graphflow.frontend.distributions.distribution import FULLY_REPARAMETERIZED
from graphflow.frontend.distributions.divergences import RegisterKL
from graphflow.frontend.distributions.elementwise_shapes import Elementwise
from graphflow.frontend.distributions.normal_functions import log_ndtr, ndtr, ndtri
from graphflow.frontend.math import log, square, squared_difference
from graphflow.frontend.nn import softplus
from graphflow.frontend.random import random_normal
from graphflow.frontend.type_checks import assert_same_float_dtype
from graphflow.ir import build
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor

NAMESPACES = {
    "distributions": ["Normal"],
    "contrib.distributions": ["Normal", "NormalWithSoftplusScale"],
}
__all__: list[str] = []


class Normal(Elementwise):
    """p(x) = exp(-(x - loc)^2 / (2 scale^2)) / (scale sqrt(2 pi))."""

    parts = ("loc", "scale")

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Normal",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [loc, scale]) as scope:
            checks = [assert_positive(scale)] if validate_args else []
            with current_graph().control_dependencies(checks):
                self._loc = identity(loc, name="loc")
                self._scale = identity(scale, name="scale")
                assert_same_float_dtype([self._loc, self._scale])
        super().__init__(
            self._scale.dtype,
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
        drawn = random_normal(sizes, 0.0, 1.0, self.loc.dtype, seed)
        return drawn * self.scale + self.loc

    def _log_prob(self, value: Tensor) -> Tensor:
        return -0.5 * square(self._z(value)) - self._log_normalization()

    def _log_normalization(self) -> Tensor:
        return 0.5 * math.log(2.0 * math.pi) + log(self.scale)

    def _log_cdf(self, value: Tensor) -> Tensor:
        return log_ndtr(self._z(value))

    def _cdf(self, value: Tensor) -> Tensor:
        return ndtr(self._z(value))

    def _log_survival_function(self, value: Tensor) -> Tensor:
        return log_ndtr(-self._z(value))

    def _survival_function(self, value: Tensor) -> Tensor:
        return ndtr(-self._z(value))

    def _quantile(self, value: Tensor) -> Tensor:
        z = ndtri(value)
        with build.name_scope("reconstruct", None, [z]):
            return z * self.scale + self.loc

    def _entropy(self) -> Tensor:
        scale = self.scale * ones_like(self.loc)
        return 0.5 * math.log(2.0 * math.pi * math.e) + log(scale)

    def _mean(self) -> Tensor:
        return self.loc * ones_like(self.scale)

    _mode = _mean

    def _stddev(self) -> Tensor:
        return self.scale * ones_like(self.loc)

    def _z(self, x: Tensor) -> Tensor:
        with build.name_scope("standardize", None, [x]):
            return (x - self.loc) / self.scale


class NormalWithSoftplusScale(Normal):
    """A normal variable whose scale is softplus of the parameter."""

    def __init__(
        self,
        loc: Any,
        scale: Any,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "NormalWithSoftplusScale",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [scale]) as scope:
            positive = softplus(scale, name="softplus_scale")
            super().__init__(loc, positive, validate_args, allow_nan_stats, scope)
        self._parameters = parameters


@RegisterKL(Normal, Normal)
def _kl_normal_normal(a: Normal, b: Normal, name: str | None = None) -> Tensor:
    with build.name_scope(name, "kl_normal_normal", [a.loc, b.loc]):
        one, two, half = (convert(v, a.dtype) for v in (1, 2, 0.5))
        ours, theirs = square(a.scale), square(b.scale)
        ratio = ours / theirs
        return squared_difference(a.loc, b.loc) / (two * theirs) + half * (ratio - one - log(ratio))
