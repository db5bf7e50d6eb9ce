"""Categorical random variables."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array import ones, ones_like, rank, reshape, shape, zeros_like
from graphflow.frontend.array_joins import concat, sequence_mask, transpose
from graphflow.frontend.array_parts import where
from graphflow.frontend.distributions.distribution import NOT_REPARAMETERIZED, Distribution
from graphflow.frontend.distributions.divergences import RegisterKL
from graphflow.frontend.distributions.parameters import (
    embed_check_categorical_event_shape,
    embed_check_integer_casting_closed,
    get_logits_and_probs,
)
from graphflow.frontend.math_more import cast
from graphflow.frontend.nn_losses import sparse_softmax_cross_entropy_with_logits
from graphflow.frontend.nn_softmax import log_softmax, softmax
from graphflow.frontend.random import multinomial
from graphflow.frontend.reduce import argmax, reduce_sum
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype, int32, int64
from graphflow.ir.node import Tensor
from graphflow.ir.shape import SCALAR

NAMESPACES = {"distributions": ["Categorical"], "contrib.distributions": ["Categorical"]}
__all__: list[str] = []


class Categorical(Distribution):
    """k with probability softmax(logits)_k."""

    def __init__(
        self,
        logits: Any = None,
        probs: Any = None,
        dtype: Any = int32,
        validate_args: bool = False,
        allow_nan_stats: bool = True,
        name: str = "Categorical",
    ) -> None:
        parameters = dict(locals())
        with build.name_scope(name, None, [logits, probs]) as scope:
            self._logits, self._probs = get_logits_and_probs(
                logits, probs, multidimensional=True, validate_args=validate_args, name=scope
            )
            if validate_args:
                self._logits = embed_check_categorical_event_shape(self._logits)
            self._find_sizes()
        super().__init__(
            as_dtype(dtype),
            NOT_REPARAMETERIZED,
            validate_args,
            allow_nan_stats,
            parameters,
            [self._logits, self._probs],
            scope,
        )

    def _find_sizes(self) -> None:
        known = self._logits.shape.with_rank_at_least(1)
        if known.rank is not None:
            self._batch_rank = convert(known.rank - 1, int32, "batch_rank")
        else:
            with build.name_scope("batch_rank"):
                self._batch_rank = rank(self._logits) - 1
        sizes = shape(self._logits, name="logits_shape")
        if known[-1].value is not None:
            self._event_size = convert(known[-1].value, int32, "event_size")
        else:
            with build.name_scope("event_size"):
                self._event_size = sizes[self._batch_rank]
        if known[:-1].is_static:
            self._batch_sizes = convert(known[:-1].as_list(), int32, "batch_shape")
        else:
            with build.name_scope("batch_shape"):
                self._batch_sizes = sizes[:-1]

    @property
    def event_size(self) -> Tensor:
        return self._event_size

    @property
    def logits(self) -> Tensor:
        return self._logits

    @property
    def probs(self) -> Tensor:
        return self._probs

    def _batch_shape(self) -> Any:
        return self.logits.shape[:-1]

    def _batch_shape_tensor(self) -> Tensor:
        found: Tensor = raw.Identity(self._batch_sizes)
        return found

    def _event_shape(self) -> Any:
        return SCALAR

    def _event_shape_tensor(self) -> Tensor:
        return convert([], int32)

    def _sample_n(self, n: Any, seed: Any = None) -> Tensor:
        rows = self.logits
        if rows.shape.rank != 2:
            rows = reshape(rows, [-1, self.event_size])
        kind = int64 if self.dtype.size > 4 else int32
        drawn = multinomial(rows, n, seed=seed, output_dtype=kind)
        turned = transpose(drawn)
        drawn = reshape(turned, concat([[n], self.batch_shape_tensor()], 0))
        return cast(drawn, self.dtype)

    def _whole(self, k: Any, parameters: Tensor) -> tuple[Tensor, Tensor]:
        """Classes and parameters of one batch shape."""
        k = convert(k, name="k")
        if self.validate_args:
            k = embed_check_integer_casting_closed(k, int32)
        return _broadcast(k, parameters, self.dtype)

    def _cdf(self, value: Tensor) -> Tensor:
        k, probs = self._whole(value, self.probs)
        rows = reshape(probs, (-1, self._event_size))
        flat = reshape(k, [-1])
        below = sequence_mask(flat, self._event_size)
        summed = reduce_sum(where(below, rows, zeros_like(rows)), axis=-1)
        return reshape(summed, shape(k))

    def _log_prob(self, value: Tensor) -> Tensor:
        k, logits = self._whole(value, self.logits)
        return -sparse_softmax_cross_entropy_with_logits(labels=k, logits=logits)

    def _entropy(self) -> Tensor:
        return -reduce_sum(log_softmax(self.logits) * self.probs, axis=-1)

    def _mode(self) -> Tensor:
        found = cast(argmax(self.logits, axis=self._batch_rank), self.dtype)
        found.set_shape(self.batch_shape)
        return found


def _broadcast(event: Tensor, parameters: Tensor, dtype: Any) -> tuple[Tensor, Tensor]:
    if event.dtype.is_floating:
        event = cast(event, int32)
    elif not event.dtype.is_integer:
        raise TypeError(f"`value` should have integer `dtype` or `self.dtype` ({dtype})")
    batch = parameters.shape[:-1] if parameters.shape.rank is not None else None
    known = batch is not None and batch.is_static and event.shape.is_static
    if not known or batch != event.shape:
        parameters *= ones_like(event[..., None], dtype=parameters.dtype)
        sizes = shape(parameters)[:-1]
        event *= ones(sizes, dtype=event.dtype)
        if parameters.shape.rank is not None:
            event.set_shape(parameters.shape[:-1])
    return event, parameters


@RegisterKL(Categorical, Categorical)
def _kl_categorical_categorical(a: Categorical, b: Categorical, name: str | None = None) -> Tensor:
    with build.name_scope(name, "kl_categorical_categorical", [a.logits, b.logits]):
        difference = log_softmax(a.logits) - log_softmax(b.logits)
        return reduce_sum(softmax(a.logits) * difference, axis=-1)
