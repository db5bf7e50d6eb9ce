"""Activations by name, and tf.keras.activations: "relu" in the place of a function."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nn, nn_softmax
from graphflow.frontend.layers.by_name import ByName
from graphflow.frontend.math import clip_by_value, exp, sigmoid, tanh
from graphflow.frontend.nn import softplus, softsign
from graphflow.frontend.reduce import reduce_max, reduce_sum
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32
from graphflow.ops import idioms


def linear(x: Any) -> Any:
    """x itself."""
    return x


def relu(x: Any, alpha: Any = 0.0, max_value: Any = None, threshold: Any = 0) -> Any:
    """max(x, 0), with another threshold, a slope below it and a ceiling if asked."""
    negative: Any = None
    if alpha != 0.0:
        if max_value is None and threshold == 0:
            return nn.leaky_relu(x, alpha=alpha)
        negative = nn.relu(-x + threshold if threshold else -x)
    if threshold != 0:
        x = x * idioms.cast(raw.Greater(x, threshold), float32)
    else:
        x = nn.relu6(x) if max_value == 6 else nn.relu(x)
    if max_value is not None and (threshold != 0 or max_value != 6):
        ceiling, zero = convert(max_value, x.dtype.base_dtype), convert(0.0, x.dtype.base_dtype)
        x = clip_by_value(x, zero, ceiling)
    if negative is not None:
        x = x - convert(alpha, x.dtype.base_dtype) * negative
    return x


def elu(x: Any, alpha: Any = 1.0) -> Any:
    """x above 0 and alpha * (exp(x) - 1) below."""
    result = nn.elu(x)
    return result if alpha == 1 else raw.Select(x > 0, result, alpha * result)


def selu(x: Any) -> Any:
    """The elu, so scaled that it keeps mean 0 and variance 1."""
    return 1.0507009873554805 * elu(x, 1.6732632423543772)


def softmax(x: Any, axis: int = -1) -> Any:
    """exp(x) / sum(exp(x)) along an axis."""
    rank = x.shape.rank
    if rank == 2:
        return nn_softmax.softmax(x)
    if rank is None or rank < 2:
        raise ValueError(f"Cannot apply softmax to a tensor that is 1D. Received input: {x}")
    powers = exp(x - reduce_max(x, axis=axis, keepdims=True))
    return powers / reduce_sum(powers, axis=axis, keepdims=True)


def exponential(x: Any) -> Any:
    """exp(x)."""
    return exp(x)


def hard_sigmoid(x: Any) -> Any:
    """0.2 * x + 0.5, kept between 0 and 1."""
    slope, middle = convert(0.2, x.dtype.base_dtype), convert(0.5, x.dtype.base_dtype)
    return clip_by_value(raw.Add(raw.Mul(x, slope), middle), 0.0, 1.0)


class _Functions(ByName):
    """Functions by their names: they are given as they are, not called."""

    absent = staticmethod(linear)
    refusal = TypeError

    def _made(self, found: Any, options: dict[str, Any]) -> Any:
        return found


_known = _Functions(
    "activation function",
    {
        f.__name__: f
        for f in (
            *(elu, exponential, hard_sigmoid, linear, relu, selu, sigmoid),
            *(softmax, softplus, softsign, tanh),
        )
    },
)
deserialize, get, serialize = _known.deserialize, _known.get, _known.serialize

__all__: list[str] = []
NAMESPACES = {
    "keras.activations": [
        *("deserialize", "elu", "exponential", "get", "hard_sigmoid", "linear", "relu", "selu"),
        *("serialize", "sigmoid", "softmax", "softplus", "softsign", "tanh"),
    ]
}
