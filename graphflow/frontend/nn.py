"""tf.nn: activations, biases, softmax, dropout and what else is no convolution, pooling or loss."""

from __future__ import annotations

import numbers
from collections import namedtuple
from typing import Any

import numpy as np

from graphflow.autodiff import RegisterGradient
from graphflow.frontend.control_flow import cond
from graphflow.frontend.random import random_uniform
from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32, int32, int64
from graphflow.ir.known import constant_value
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import Symbol, TensorShape, as_shape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.elementwise import after
from graphflow.ops.reduce_idioms import reduce_sum

TopKV2 = namedtuple("TopKV2", ["values", "indices"])


def relu(features: Any, name: str | None = None) -> Tensor:
    """max(features, 0)."""
    return raw.Relu(features, name=name)


def relu6(features: Any, name: str | None = None) -> Tensor:
    """min(max(features, 0), 6)."""
    with build.name_scope(name, "Relu6", [features]) as scope:
        return raw.Relu6(convert(features, name="features"), name=scope)


def elu(features: Any, name: str | None = None) -> Tensor:
    """exp(features) - 1 where features are negative, features elsewhere."""
    return raw.Elu(features, name=name)


def selu(features: Any, name: str | None = None) -> Tensor:
    """The scaled elu that keeps mean 0 and variance 1."""
    return raw.Selu(features, name=name)


def leaky_relu(features: Any, alpha: Any = 0.2, name: str | None = None) -> Tensor:
    """max(features, alpha * features)."""
    with build.name_scope(name, "LeakyRelu", [features, alpha]) as scope:
        features = convert(features, name="features")
        if features.dtype.is_integer:
            features = idioms.cast(features, float32)
        if isinstance(alpha, np.ndarray):
            alpha = alpha.item()
        return raw.LeakyRelu(features, alpha=alpha, name=scope)


def crelu(features: Any, name: str | None = None, axis: int = -1) -> Tensor:
    """relu of features and of -features, side by side along `axis`."""
    with build.name_scope(name, "CRelu", [features]) as scope:
        features = convert(features, name="features")
        return raw.Relu(concat([features, -features], axis, name=scope))


def softplus(features: Any, name: str | None = None) -> Tensor:
    """log(exp(features) + 1)."""
    return raw.Softplus(features, name=name)


def softsign(features: Any, name: str | None = None) -> Tensor:
    """features / (|features| + 1)."""
    return raw.Softsign(features, name=name)


def swish(features: Any) -> Tensor:
    """features * sigmoid(features), whose gradient computes the sigmoid again and so need not keep it."""
    features = convert(features)
    product = features * raw.Sigmoid(features)
    # nobody reads this node, but the seeds of random ops made later count it
    raw.Identity(product)
    with build.current_graph().gradient_override_map({"IdentityN": "graphflow.swish"}):
        return raw.IdentityN([product, features])[0]


@RegisterGradient("graphflow.swish")
def _swish_gradient(n: Node, g: Tensor, _: Tensor | None) -> list[Tensor | None]:
    features = n.inputs[1]
    with after(g):
        sigmoid = raw.Sigmoid(features)
    slope = sigmoid * (1.0 + features * (1.0 - sigmoid))
    return [None, g * slope]


def bias_add(
    value: Any, bias: Any, data_format: str | None = None, name: str | None = None
) -> Tensor:
    """value + bias, along the channels."""
    with build.name_scope(name, "BiasAdd", [value, bias]) as scope:
        layout = "NHWC"
        if data_format is not None:
            if data_format.startswith("NC"):
                layout = "NCHW"
            elif not (data_format.startswith("N") and data_format.endswith("C")):
                raise ValueError(
                    f"data_format must be of the form `N...C` or `NC...`, got {data_format!r}"
                )
        value = convert(value, name="input")
        bias = convert(bias, dtype=value.dtype, name="bias")
        return raw.BiasAdd(value, bias, data_format=layout, name=scope)


def xw_plus_b(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """x @ weights + biases."""
    with build.name_scope(name, "xw_plus_b", [x, weights, biases]) as scope:
        x, weights = convert(x, name="x"), convert(weights, name="weights")
        biases = convert(biases, name="biases")
        return bias_add(raw.MatMul(x, weights), biases, name=scope)


def relu_layer(x: Any, weights: Any, biases: Any, name: str | None = None) -> Tensor:
    """relu(x @ weights + biases)."""
    with build.name_scope(name, "relu_layer", [x, weights, biases]) as scope:
        x, weights = convert(x, name="x"), convert(weights, name="weights")
        biases = convert(biases, name="biases")
        return raw.Relu(bias_add(raw.MatMul(x, weights), biases), name=scope)


def l2_loss(t: Any, name: str | None = None) -> Tensor:
    """sum(t ** 2) / 2."""
    return raw.L2Loss(t, name=name)


def l2_normalize(
    x: Any, axis: Any = None, epsilon: float = 1e-12, name: str | None = None, dim: Any = None
) -> Tensor:
    """x / sqrt(max(sum(x ** 2), epsilon)) along `axis`."""
    axis = one_of_two("axis", axis, "dim", dim)
    with build.name_scope(name, "l2_normalize", [x]) as scope:
        x = convert(x, name="x")
        squares = reduce_sum(raw.Square(x), axis, keepdims=True)
        return raw.Mul(x, raw.Rsqrt(raw.Maximum(squares, epsilon)), name=scope)


def top_k(input: Any, k: Any = 1, sorted: bool = True, name: str | None = None) -> TopKV2:
    """The k largest elements of each row and where they are."""
    return TopKV2(*raw.TopKV2(input, k, sorted=sorted, name=name))


def in_top_k(predictions: Any, targets: Any, k: Any, name: str | None = None) -> Tensor:
    """Whether each target is among the k classes with the highest predictions."""
    with build.name_scope(name, "in_top_k"):
        return raw.InTopKV2(predictions, targets, k, name=name)


def dropout(
    x: Any,
    keep_prob: Any = None,
    noise_shape: Any = None,
    seed: int | None = None,
    name: str | None = None,
    rate: Any = None,
) -> Tensor:
    """x / (1 - rate) with each element dropped, that is made 0, with the probability `rate`."""
    try:
        dropped = None if keep_prob is None else 1.0 - keep_prob
    except TypeError:
        raise ValueError(
            f"keep_prob must be a floating point number or Tensor (got {keep_prob!r})"
        ) from None
    rate = one_of_two("rate", rate, "keep_prob", dropped)
    if rate is None:
        raise ValueError("You must provide a rate to dropout.")
    with build.name_scope(name, "dropout", [x]):
        x = convert(x, name="x")
        if not x.dtype.is_floating:
            raise ValueError(
                "x has to be a floating point tensor since it's going to be scaled. "
                f"Got a {x.dtype} tensor instead."
            )
        if isinstance(rate, numbers.Real):
            if not 0 <= float(rate) < 1:
                raise ValueError(
                    f"rate must be a scalar tensor or a float in the range [0, 1), got {float(rate):g}"
                )
            if rate == 0:
                return x
        rate = convert(rate, dtype=x.dtype, name="rate")
        rate.shape.assert_has_rank(0)
        if constant_value(rate) == 0:
            return x
        drawn = random_uniform(_noise_shape(x, noise_shape), seed=seed, dtype=x.dtype)
        scale = 1 / (1 - rate)
        kept = drawn >= rate
        y = x * scale * idioms.cast(kept, x.dtype)
        y.set_shape(x.shape)
        return y


def _noise_shape(x: Tensor, given: Any) -> Any:
    """The shape in which elements are dropped together: that of x, its unknown sizes filled in, or any."""
    if given is None:
        return idioms.shape(x)
    try:
        noise = as_shape(given)
    except (TypeError, ValueError):
        return given
    mine, theirs = x.shape.known, noise.known
    if mine is None or theirs is None or len(mine) != len(theirs):
        return given
    return TensorShape(
        [
            m if isinstance(t, Symbol) and isinstance(m, int) else t
            for m, t in zip(mine, theirs, strict=True)
        ]
    )


def zero_fraction(value: Any, name: str | None = None) -> Tensor:
    """The share of elements that are 0."""
    with build.name_scope(name, "zero_fraction", [value]):
        value = convert(value, name="value")
        size = idioms.size(value, out_type=int64)
        # counting in 32 bits is quicker
        others = cond(
            size <= int32.max,
            lambda: idioms.cast(_not_zero(value, int32), int64),
            lambda: _not_zero(value, int64),
        )
        with build.name_scope("counts_to_fraction"):
            zeros = idioms.cast(size - others, float32)
            share = zeros / idioms.cast(size, float32)
        return raw.Identity(share, name="fraction")


def _not_zero(value: Tensor, dtype: Any) -> Tensor:
    with build.name_scope("count_nonzero", values=[value]):
        zero = idioms.zeros([], dtype=value.dtype)
        found = idioms.cast(raw.NotEqual(value, zero), dtype)
        return reduce_sum(found, name="nonzero_count")


__all__: list[str] = []

NAMESPACES = {
    "nn": [
        *("bias_add", "crelu", "dropout", "elu", "in_top_k", "l2_loss", "l2_normalize"),
        *("leaky_relu", "relu", "relu6", "relu_layer", "selu", "softplus", "softsign", "swish"),
        *("top_k", "xw_plus_b", "zero_fraction"),
    ],
    "math": ["in_top_k", "l2_normalize", "softplus", "softsign", "top_k", "zero_fraction"],
    "linalg": ["l2_normalize"],
}
