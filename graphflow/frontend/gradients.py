"""tf.gradients and its kin."""

from __future__ import annotations

from graphflow.autodiff import (
    AggregationMethod,
    RegisterGradient,
    UnconnectedGradients,
    gradients,
)
from graphflow.autodiff import not_differentiable as NotDifferentiable  # noqa: N812  TensorFlow's name
from graphflow.autodiff import not_differentiable as NoGradient  # noqa: N812

__all__ = [
    *("AggregationMethod", "NoGradient", "NotDifferentiable", "RegisterGradient"),
    *("UnconnectedGradients", "gradients"),
]
