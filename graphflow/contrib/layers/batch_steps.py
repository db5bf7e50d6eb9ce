"""The arithmetic of batch_norm where the layer of tf.layers cannot do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphflow.contrib.layers.batch_parameters import BatchParameters
from graphflow.contrib.layers.named_outputs import constant_value, smart_cond
from graphflow.frontend.nn_normalization import (
    batch_normalization,
    fused_batch_norm,
    moments,
    weighted_moments,
)
from graphflow.frontend.train.moving_averages import assign_moving_average
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant, convert


@dataclass(frozen=True)
class BatchSteps:
    """How to normalise, and when the averages follow."""

    decay: Any
    epsilon: float
    center: bool
    scale: bool
    is_training: Any
    updates_collections: Any
    zero_debias: bool
    data_format: str

    # ---- one op does it all ------------------------------------------------------------------------

    def fused(self, x: Any, made: BatchParameters) -> Any:
        """Images normalised by one op."""
        size = made.shape.as_list()[0]
        beta = made.made("beta") if self.center else constant([0.0] * size, made.dtype)
        gamma = made.made("gamma") if self.scale else constant([1.0] * size, made.dtype)
        averages = made.averages()
        options: dict[str, Any] = {"epsilon": self.epsilon, "data_format": self.data_format}

        def by_batch() -> Any:
            return fused_batch_norm(x, gamma, beta, **options)

        def by_averages() -> Any:
            mean, variance = averages
            return fused_batch_norm(
                x, gamma, beta, mean=mean, variance=variance, is_training=False, **options
            )

        outputs, mean, variance = smart_cond(self.is_training, by_batch, by_averages)
        if not self._may_train:
            return outputs
        if self.updates_collections is not None:
            self._follow(averages, (mean, variance))
            return outputs
        return smart_cond(
            self.is_training,
            lambda: self._after_updates(averages, (mean, variance), (outputs,))[0],
            lambda: outputs,
        )

    # ---- step by step ------------------------------------------------------------------------------

    def stepwise(self, x: Any, made: BatchParameters, batch_weights: Any) -> Any:
        """Anything normalised by its moments, each example counted as often as its weight says."""
        rank = x.shape.rank
        first = self.data_format == "NCHW"
        if batch_weights is not None:
            batch_weights = convert(batch_weights)
            x.shape[0:1].assert_is_compatible_with(batch_weights.shape)
            batch_weights = raw.Reshape(batch_weights, [-1, *[1] * (rank - 1)])
        beta = made.made("beta") if self.center else None
        gamma = made.made("gamma") if self.scale else None
        averages = made.averages()
        mean, variance = self._moments(x, batch_weights, averages)
        if first:
            beside = [1, x.shape[1].value, *[1] * (rank - 2)]
            mean, variance, beta, gamma = (
                None if value is None else raw.Reshape(value, beside)
                for value in (mean, variance, beta, gamma)
            )
        outputs = batch_normalization(x, mean, variance, beta, gamma, self.epsilon)
        outputs.set_shape(x.shape)
        return outputs

    def _moments(self, x: Any, weights: Any, averages: tuple[Any, Any]) -> Any:
        """The moments to normalise by."""
        if not self._may_train:
            return averages
        first, rank = self.data_format == "NCHW", x.shape.rank
        axes = [0, *range(2, rank)] if first else list(range(rank - 1))
        batch: Any = (
            moments(x, axes, keep_dims=first)
            if weights is None
            else weighted_moments(x, axes, weights, keepdims=first)
        )
        if first:
            batch = tuple(raw.Reshape(value, [-1]) for value in batch)
        if self.updates_collections is None:
            return smart_cond(
                self.is_training,
                lambda: self._after_updates(averages, batch, batch),
                lambda: averages,
            )
        self._follow(averages, batch)
        return smart_cond(self.is_training, lambda: batch, lambda: averages)

    # ---- the averages ------------------------------------------------------------------------------

    @property
    def _may_train(self) -> bool:
        known = constant_value(self.is_training)
        return known is None or bool(known)

    def _updates(self, averages: tuple[Any, Any], batch: tuple[Any, Any]) -> tuple[Any, Any]:
        mean = assign_moving_average(
            averages[0], batch[0], self.decay, zero_debias=self.zero_debias
        )
        return mean, assign_moving_average(averages[1], batch[1], self.decay, zero_debias=False)

    def _follow(self, averages: tuple[Any, Any], batch: tuple[Any, Any]) -> None:
        """Put the updates into their collections."""
        updates = smart_cond(
            self.is_training, lambda: self._updates(averages, batch), lambda: averages
        )
        for update in updates:
            current_graph().add_to_collections(self.updates_collections, update)

    def _after_updates(
        self, averages: tuple[Any, Any], batch: tuple[Any, Any], values: Any
    ) -> tuple[Any, ...]:
        """`values`, available only after the averages are updated."""
        with current_graph().control_dependencies(self._updates(averages, batch)):
            return tuple(raw.Identity(value) for value in values)
