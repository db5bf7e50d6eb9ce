"""Categorical random variables as one-hot vectors, and relaxed ones between the corners of the simplex."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.array import ones_like, reshape, shape
from graphflow.frontend.array_joins import concat, transpose
from graphflow.frontend.array_parts import one_hot
from graphflow.frontend.distributions.distribution import (
    FULLY_REPARAMETERIZED,
    NOT_REPARAMETERIZED,
    Distribution,
)
from graphflow.frontend.distributions.divergences import RegisterKL
from graphflow.frontend.distributions.parameters import get_logits_and_probs
from graphflow.frontend.math import lgamma, log
from graphflow.frontend.math_more import cast
from graphflow.frontend.nn_losses import softmax_cross_entropy_with_logits_v2
from graphflow.frontend.nn_softmax import log_softmax, softmax
from graphflow.frontend.random import multinomial, random_uniform
from graphflow.frontend.reduce import argmax, reduce_sum
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype, int32
from graphflow.ir.node import Tensor

NAMESPACES = {
    "contrib.distributions": [
        *("ExpRelaxedOneHotCategorical", "OneHotCategorical", "RelaxedOneHotCategorical"),
    ],
}
__all__: list[str] = []


class _OneHot(Distribution):
    """Events as long as the logits."""

    _logits: Tensor
    _probs: Tensor

    @property
    def logits(self) -> Tensor:
        return self._logits

    @property
    def probs(self) -> Tensor:
        return self._probs

    @property
    def event_size(self) -> Tensor:
        return shape(self._logits)[-1]

    def _batch_shape(self) -> Any:
        return self._logits.shape[:-1]

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._logits)[:-1]

    def _event_shape(self) -> Any:
        return self._logits.shape.with_rank_at_least(1)[-1:]

    def _event_shape_tensor(self) -> Tensor:
        return shape(self._logits)[-1:]


class OneHotCategorical(_OneHot):
    """A vector with a single 1, at k with probability softmax(logits)_k."""

    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "OneHotCategorical",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [logits, probs]) as scope:
            self._logits, self._probs = get_logits_and_probs(
                logits, probs, multidimensional=True, validate_args=validate_args, name=scope
            )
        super().__init__(
            as_dtype(dtype),
            NOT_REPARAMETERIZED,
            validate_args,
            allow_nan_stats,
            parameters,
            [self._logits, self._probs],
            scope,
        )

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        rows = self.logits
        if rows.shape.rank != 2:
            rows = reshape(rows, [-1, self.event_size])
        drawn = transpose(multinomial(rows, n, seed=seed))
        hot = one_hot(drawn, self.event_size, dtype=self.dtype)
        return reshape(hot, concat([[n], shape(self.logits)], 0))

    def _log_prob(self, value: Tensor) -> Tensor:
        x = cast(value, self.logits.dtype)
        x, logits = ones_like(self.logits) * x, ones_like(x) * self.logits
        return -softmax_cross_entropy_with_logits_v2(labels=x, logits=logits)

    def _entropy(self) -> Tensor:
        return -reduce_sum(log_softmax(self.logits) * self.probs, axis=-1)

    def _mean(self) -> Tensor:
        return self.probs

    def _variance(self) -> Tensor:
        return self.probs * (1.0 - self.probs)

    def _mode(self) -> Tensor:
        return one_hot(argmax(self.logits, axis=-1), self.event_size, dtype=self.dtype)


@RegisterKL(OneHotCategorical, OneHotCategorical)
def _kl_one_hot(a: OneHotCategorical, b: OneHotCategorical, name: str | None = None) -> Tensor:
    with build.name_scope(name, "kl_categorical_categorical", [a.logits, b.logits]):
        difference = log_softmax(a.logits) - log_softmax(b.logits)
        return reduce_sum(softmax(a.logits) * difference, axis=-1)


class ExpRelaxedOneHotCategorical(_OneHot):
    """The logarithm of a relaxed one-hot vector: log softmax((logits + gumbel noise) / temperature)."""

    def __init__(
        self,
        temperature: Any,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "ExpRelaxedOneHotCategorical",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [logits, probs, temperature]) as scope:
            self._logits, self._probs = get_logits_and_probs(
                logits, probs, multidimensional=True, validate_args=validate_args, name=scope
            )
            self._temperature = convert(temperature, self._logits.dtype, "temperature")
        super().__init__(
            self._logits.dtype if dtype is None else as_dtype(dtype),
            FULLY_REPARAMETERIZED,
            validate_args,
            allow_nan_stats,
            parameters,
            [self._logits, self._probs, self._temperature],
            scope,
        )

    @property
    def temperature(self) -> Tensor:
        return self._temperature

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        sizes = concat([[n], shape(self.logits)], 0)
        logits = self.logits * ones_like(self.logits, dtype=self.dtype)
        lowest = np.finfo(self.dtype.numpy).tiny
        drawn = random_uniform(sizes, lowest, 1.0, self.dtype, seed)
        noise = -log(-log(drawn))
        return log_softmax((noise + logits) / self._temperature)

    def _log_prob(self, value: Tensor) -> Tensor:
        k = cast(self.event_size, value.dtype)
        constant = lgamma(k) + (k - 1) * log(self._temperature)
        return constant + reduce_sum(log_softmax(self.logits - value * self._temperature), -1)


class RelaxedOneHotCategorical(ExpRelaxedOneHotCategorical):
    """softmax((logits + gumbel noise) / temperature): a point of the simplex, near a corner where it is cold."""

    def __init__(
        self,
        temperature: Any,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "RelaxedOneHotCategorical",
    ) -> None:
        super().__init__(temperature, logits, probs, dtype, validate_args, allow_nan_stats, name)

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        sizes = concat([[n], shape(self.logits)], 0)
        lowest = np.finfo(self.dtype.numpy).tiny
        drawn = random_uniform(sizes, lowest, 1.0, self.dtype, seed)
        noise = -log(-log(drawn))
        return softmax((noise + self.logits) / self._temperature)

    def _log_prob(self, value: Tensor) -> Tensor:
        logarithm = log(value)
        return super()._log_prob(logarithm) - reduce_sum(logarithm, -1)
