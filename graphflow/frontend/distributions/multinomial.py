"""Multinomial random variables."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array import identity, ones_like, reshape, shape
from graphflow.frontend.array_joins import concat, transpose
from graphflow.frontend.array_parts import one_hot
from graphflow.frontend.array_spaces import matrix_set_diag
from graphflow.frontend.checks import assert_equal
from graphflow.frontend.distributions.distribution import NOT_REPARAMETERIZED, Distribution
from graphflow.frontend.distributions.parameters import (
    embed_check_nonnegative_integer_form,
    get_logits_and_probs,
    log_combinations,
)
from graphflow.frontend.functional import map_fn
from graphflow.frontend.linalg import matmul
from graphflow.frontend.math_more import cast
from graphflow.frontend.nn_softmax import log_softmax
from graphflow.frontend.random import multinomial
from graphflow.frontend.reduce import reduce_sum
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ops.dependencies import with_dependencies

NAMESPACES = {"distributions": ["Multinomial"], "contrib.distributions": ["Multinomial"]}
__all__: list[str] = []


class Multinomial(Distribution):
    """How often each class came in `total_count` draws."""

    def __init__(
        self,
        total_count: Any,
        logits: Any = None,
        probs: Any = None,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Multinomial",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [total_count, logits, probs]) as scope:
            self._total_count = convert(total_count, name="total_count")
            if validate_args:
                self._total_count = embed_check_nonnegative_integer_form(self._total_count)
            self._logits, self._probs = get_logits_and_probs(
                logits, probs, multidimensional=True, validate_args=validate_args, name=scope
            )
            self._expected = self._total_count[..., None] * self._probs
        super().__init__(
            self._probs.dtype,
            NOT_REPARAMETERIZED,
            validate_args,
            allow_nan_stats,
            parameters,
            [self._total_count, self._logits, self._probs],
            scope,
        )

    @property
    def total_count(self) -> Tensor:
        return self._total_count

    @property
    def logits(self) -> Tensor:
        return self._logits

    @property
    def probs(self) -> Tensor:
        return self._probs

    def _batch_shape(self) -> Any:
        return self._expected.shape.with_rank_at_least(1)[:-1]

    def _batch_shape_tensor(self) -> Tensor:
        return shape(self._expected)[:-1]

    def _event_shape(self) -> Any:
        return self._expected.shape.with_rank_at_least(1)[-1:]

    def _event_shape_tensor(self) -> Tensor:
        return shape(self._expected)[-1:]

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        draws = cast(self.total_count, int32)
        k = self.event_shape_tensor()[0]
        draws = ones_like(self.logits[..., 0], dtype=draws.dtype) * draws
        logits = ones_like(draws[..., None], dtype=self.logits.dtype) * self.logits
        rows = reshape(logits, [-1, k])
        counts = n * reshape(draws, [-1])

        def sample_one(args: Any) -> Tensor:
            row, count = args
            drawn = multinomial(row[None, ...], count, seed)
            drawn = reshape(drawn, shape=[n, -1])
            return reduce_sum(one_hot(drawn, depth=k), axis=-2)

        found = map_fn(sample_one, [rows, counts], dtype=self.dtype)
        turned = transpose(found, perm=[1, 0, 2])
        return reshape(turned, concat([[n], self.batch_shape_tensor(), [k]], 0))

    def _log_prob(self, value: Tensor) -> Tensor:
        return self._log_unnormalized_prob(value) - self._log_normalization(value)

    def _log_unnormalized_prob(self, counts: Tensor) -> Tensor:
        counts = self._valid(counts)
        return reduce_sum(counts * log_softmax(self.logits), -1)

    def _log_normalization(self, counts: Tensor) -> Tensor:
        return -log_combinations(self.total_count, self._valid(counts))

    def _mean(self) -> Tensor:
        return identity(self._expected)

    def _covariance(self) -> Tensor:
        p = self.probs * ones_like(self.total_count)[..., None]
        column = self._expected[..., None]
        return matrix_set_diag(-matmul(column, p[..., None, :]), self._variance())

    def _variance(self) -> Tensor:
        p = self.probs * ones_like(self.total_count)[..., None]
        return self._expected - self._expected * p

    def _valid(self, counts: Tensor) -> Tensor:
        if not self.validate_args:
            return counts
        counts = embed_check_nonnegative_integer_form(counts)
        told = "counts must sum to `self.total_count`"
        check = assert_equal(self.total_count, reduce_sum(counts, -1), message=told)
        return with_dependencies([check], counts)
