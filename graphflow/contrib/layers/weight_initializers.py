"""Initialisers that keep the variance of what flows through a network."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from graphflow.frontend.random import random_uniform, truncated_normal
from graphflow.ir.dtype import as_dtype, float32


def variance_scaling_initializer(
    factor: float = 2.0,
    mode: str = "FAN_IN",
    uniform: bool = False,
    seed: int | None = None,
    dtype: Any = float32,
) -> Callable[..., Any]:
    """Values whose variance is factor / fan: of the inputs, the outputs, or their mean."""
    kind = as_dtype(dtype)
    if not kind.is_floating:
        raise TypeError("Cannot create initializer for non-floating point type.")
    if mode not in ("FAN_IN", "FAN_OUT", "FAN_AVG"):
        raise TypeError("Unknown mode %s [FAN_IN, FAN_OUT, FAN_AVG]", mode)

    def _initializer(shape: Any, dtype: Any = kind, partition_info: Any = None) -> Any:
        if not as_dtype(dtype).is_floating:
            raise TypeError("Cannot create initializer for non-floating point type.")
        inputs, outputs = _fans([float(size) for size in shape])
        fan = {"FAN_IN": inputs, "FAN_OUT": outputs, "FAN_AVG": (inputs + outputs) / 2.0}[mode]
        if uniform:
            limit = math.sqrt(3.0 * factor / fan)
            return random_uniform(shape, -limit, limit, dtype, seed=seed)
        # about what truncation takes from the variance
        return truncated_normal(shape, 0.0, math.sqrt(1.3 * factor / fan), dtype, seed=seed)

    return _initializer


def _fans(sizes: list[float]) -> tuple[float, float]:
    """How many inputs and outputs a weight of this shape joins."""
    if not sizes:
        return 1.0, 1.0
    field = math.prod(sizes[:-2])
    return (sizes[-2] if len(sizes) > 1 else sizes[-1]) * field, sizes[-1] * field


def xavier_initializer(
    uniform: bool = True, seed: int | None = None, dtype: Any = float32
) -> Callable[..., Any]:
    """Values whose variance is 1 / the mean of the numbers of inputs and outputs."""
    return variance_scaling_initializer(1.0, "FAN_AVG", uniform, seed, dtype)


xavier_initializer_conv2d = xavier_initializer

__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": [
        "variance_scaling_initializer",
        "xavier_initializer",
        "xavier_initializer_conv2d",
    ],
    "contrib.layers.python.layers": [
        "variance_scaling_initializer",
        "xavier_initializer",
        "xavier_initializer_conv2d",
    ],
    "contrib.layers.python.layers.initializers": [
        "variance_scaling_initializer",
        "xavier_initializer",
        "xavier_initializer_conv2d",
    ],
    "contrib.slim": [
        "variance_scaling_initializer",
        "xavier_initializer",
        "xavier_initializer_conv2d",
    ],
    "contrib.slim.initializers": [
        "variance_scaling_initializer",
        "xavier_initializer",
        "xavier_initializer_conv2d",
    ],
}
