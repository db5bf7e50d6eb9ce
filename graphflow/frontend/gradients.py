"""tf.gradients and its kin."""

from __future__ import annotations

from graphflow.autodiff import (
    AggregationMethod,
    RegisterGradient,
    UnconnectedGradients,
    gradients,
)
from graphflow.autodiff import not_differentiable as NoGradient
from graphflow.autodiff import not_differentiable as NotDifferentiable
from graphflow.autodiff import not_differentiable as no_gradient

__all__ = [
    "AggregationMethod",
    "NoGradient",
    "NotDifferentiable",
    "RegisterGradient",
    "UnconnectedGradients",
    "gradients",
    "no_gradient",
]
