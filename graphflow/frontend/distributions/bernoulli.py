"""Bernoulli random variables."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array import identity, ones_like, shape
from graphflow.frontend.array_joins import concat
from graphflow.frontend.distributions.distribution import NOT_REPARAMETERIZED, Distribution
from graphflow.frontend.distributions.divergences import RegisterKL
from graphflow.frontend.distributions.parameters import (
    embed_check_integer_casting_closed,
    get_logits_and_probs,
)
from graphflow.frontend.math import less, sigmoid
from graphflow.frontend.math_more import cast
from graphflow.frontend.nn import softplus
from graphflow.frontend.nn_losses import sigmoid_cross_entropy_with_logits
from graphflow.frontend.random import random_uniform
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype, bool_, int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import SCALAR

NAMESPACES = {
    "distributions": ["Bernoulli"],
    "contrib.distributions": ["Bernoulli"],
}
__all__: list[str] = []


class Bernoulli(Distribution):
    """1 with probability p = sigmoid(logits), else 0."""

    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Bernoulli",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name) as scope:
            self._logits, self._probs = get_logits_and_probs(
                logits, probs, validate_args=validate_args, name=scope
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

    @staticmethod
    def _param_shapes(sample_shape: Any) -> dict[str, Any]:
        return {"logits": convert(sample_shape, int32)}

    @property
    def logits(self) -> Tensor:
        return self._logits

    @property
    def probs(self) -> Tensor:
        return self._probs

    def _batch_shape(self) -> Any:
        return self._logits.shape

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._logits)

    def _event_shape(self) -> Any:
        return SCALAR

    def _event_shape_tensor(self) -> Tensor:
        return convert([], int32)

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        sizes = concat([[n], self.batch_shape_tensor()], 0)
        drawn = random_uniform(sizes, seed=seed, dtype=self.probs.dtype)
        return cast(less(drawn, self.probs), self.dtype)

    def _log_prob(self, value: Tensor) -> Tensor:
        if self.validate_args:
            value = embed_check_integer_casting_closed(value, bool_)
        event, logits = cast(value, self.logits.dtype), self.logits
        known = event.shape.is_static and logits.shape.is_static
        if not known or event.shape != logits.shape:
            logits, event = ones_like(event) * logits, ones_like(logits) * event
        return -sigmoid_cross_entropy_with_logits(labels=event, logits=logits)

    def _entropy(self) -> Tensor:
        return -self.logits * (sigmoid(self.logits) - 1) + softplus(-self.logits)

    def _mean(self) -> Tensor:
        return identity(self.probs)

    def _variance(self) -> Tensor:
        return self._mean() * (1.0 - self.probs)

    def _mode(self) -> Tensor:
        return cast(self.probs > 0.5, self.dtype)


@RegisterKL(Bernoulli, Bernoulli)
def _kl_bernoulli_bernoulli(a: Bernoulli, b: Bernoulli, name: str | None = None) -> Tensor:
    with build.name_scope(name, "kl_bernoulli_bernoulli", [a.logits, b.logits]):
        of_zero = softplus(-b.logits) - softplus(-a.logits)
        of_one = softplus(b.logits) - softplus(a.logits)
        return sigmoid(a.logits) * of_zero + sigmoid(-a.logits) * of_one
