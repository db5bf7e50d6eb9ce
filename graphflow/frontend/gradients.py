"""tf.gradients and its kin."""

from __future__ import annotations

__all__ = [
    *("AggregationMethod", "NoGradient", "NotDifferentiable", "RegisterGradient"),
    *("UnconnectedGradients", "gradients"),
]
