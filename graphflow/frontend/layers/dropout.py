"""Dropout: drops elements while it is trained, and only then."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nn
from graphflow.frontend.layers.layer import Layer
from graphflow.frontend.layers.smart_cond import smart_cond
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ops import idioms


class Dropout(Layer):
    """inputs / (1 - rate) with each element dropped with the probability `rate`, while training."""

    def __init__(
        self,
        rate: Any = 0.5,
        noise_shape: Any = None,
        seed: int | None = None,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(name=name, **kwargs)
        self.rate, self.noise_shape, self.seed = rate, noise_shape, seed
        self.supports_masking = True

    def _noise_shape(self, inputs: Any) -> Any:
        if self.noise_shape is None:
            return None
        shape = idioms.shape(inputs)
        return convert([shape[i] if n is None else n for i, n in enumerate(self.noise_shape)])

    def call(self, inputs: Any, training: Any = False) -> Any:
        def dropped() -> Any:
            noise_shape = self._noise_shape(inputs)
            return nn.dropout(inputs, noise_shape=noise_shape, seed=self.seed, rate=self.rate)

        return smart_cond(training, dropped, lambda: raw.Identity(inputs))

    def compute_output_shape(self, input_shape: Any) -> Any:
        return input_shape


def dropout(
    inputs: Any,
    rate: Any = 0.5,
    noise_shape: Any = None,
    seed: int | None = None,
    training: Any = False,
    name: Any = None,
) -> Any:
    """inputs / (1 - rate) with each element dropped with the probability `rate`, while training."""
    layer = Dropout(rate, noise_shape=noise_shape, seed=seed, name=name)
    return layer.apply(inputs, training=training)


__all__: list[str] = []
NAMESPACES = {"layers": ["Dropout", "dropout"], "python.layers.core": ["Dropout", "dropout"]}
