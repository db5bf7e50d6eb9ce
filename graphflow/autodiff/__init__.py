"""Floor 2: symbolic differentiation, node for node as TensorFlow builds it."""

from graphflow.autodiff import branches, loops  # noqa: F401  they register the gradients of If and While
from graphflow.autodiff.gradients import AggregationMethod, UnconnectedGradients, gradients
from graphflow.autodiff.registry import RegisterGradient, not_differentiable

__all__ = [
    "AggregationMethod",
    "RegisterGradient",
    "UnconnectedGradients",
    "gradients",
    "not_differentiable",
]
