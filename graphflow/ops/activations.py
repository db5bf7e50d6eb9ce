"""Activations of neural networks and their gradients, element by element."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.elementwise import Elementwise, after
from graphflow.ops.idioms import zeros_shaped_like

#: the numbers with which selu keeps mean 0 and variance 1
SELU_SCALE = 1.0507009873554804934193349852946
SELU_SCALE_ALPHA = 1.7580993408473768599402175208123


class Activation(Elementwise, abstract=True):
    """y[i] = f(x[i])."""

    signature = "features:T -> activations:T | T: floating"

    def infer(self, x: Tensor) -> Any:
        return x.shape


class ActivationGrad(Elementwise, abstract=True):
    """dx[i] = dy[i] * f'(x[i]), from the input of f or from its output."""

    signature = "gradients:T, features:T -> backprops:T | T: floating"

    def infer(self, g: Tensor, x: Tensor) -> Any:
        return g.shape.merge_with(x.shape)

    def reference(self, g: Any, x: Any) -> Any:
        if g.shape != x.shape:
            raise ValueError(
                f"gradients and features must have one shape, got {g.shape} and {x.shape}"
            )
        return super().reference(g, x)


class Relu(Activation):
    """max(x, 0)."""

    signature = "features:T -> activations:T | T: real, qint8"

    def scalar(self, m: Any, x: Any) -> Any:
        return m.maximum(x, m.constant(0, x))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.ReluGrad(g, n.out)]


class ReluGrad(ActivationGrad):
    """g * (x > 0)."""

    signature = "gradients:T, features:T -> backprops:T | T: real"

    def scalar(self, m: Any, g: Any, x: Any) -> Any:
        zero = m.constant(0, x)
        return m.mul(g, m.select(m.greater(x, zero), m.constant(1, x), zero))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x = n.inputs[1]
        return [raw.ReluGrad(g, x), zeros_shaped_like(x)]


class Relu6(Activation):
    """min(max(x, 0), 6)."""

    signature = "features:T -> activations:T | T: real"

    def scalar(self, m: Any, x: Any) -> Any:
        return m.minimum(m.maximum(x, m.constant(0, x)), m.constant(6, x))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.Relu6Grad(g, n.out)]


class Relu6Grad(ActivationGrad):
    """g * (0 < x < 6)."""

    signature = "gradients:T, features:T -> backprops:T | T: real"

    def scalar(self, m: Any, g: Any, x: Any) -> Any:
        zero = m.constant(0, x)
        inside = m.logical_and(m.greater(x, zero), m.less(x, m.constant(6, x)))
        return m.mul(g, m.select(inside, m.constant(1, x), zero))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x = n.inputs[1]
        return [raw.Relu6Grad(g, x), zeros_shaped_like(x)]


class LeakyRelu(Activation):
    """max(x, alpha * x)."""

    signature = "features:T -> activations:T | T: floating = float32"
    alpha: float = 0.20000000298023224

    def scalar(self, m: Any, x: Any) -> Any:
        return m.maximum(x, m.mul(m.constant(self.alpha, x), x))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.LeakyReluGrad(g, n.inputs[0], alpha=self.alpha)]


class LeakyReluGrad(ActivationGrad):
    """g where x > 0, alpha * g elsewhere."""

    signature = "gradients:T, features:T -> backprops:T | T: floating = float32"
    alpha: float = 0.20000000298023224

    def scalar(self, m: Any, g: Any, x: Any) -> Any:
        return m.select(m.greater(x, m.constant(0, x)), g, m.mul(g, m.constant(self.alpha, x)))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        x = n.inputs[1]
        return [raw.LeakyReluGrad(g, x, alpha=self.alpha), zeros_shaped_like(x)]


class Elu(Activation):
    """x above 0, exp(x) - 1 below."""

    def scalar(self, m: Any, x: Any) -> Any:
        return m.select(m.less(x, m.constant(0, x)), m.expm1(x), x)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.EluGrad(g, n.out)]


class EluGrad(ActivationGrad):
    """g where y >= 0, g * (y + 1) elsewhere."""

    signature = "gradients:T, outputs:T -> backprops:T | T: floating"

    def scalar(self, m: Any, g: Any, y: Any) -> Any:
        below = m.mul(m.add(y, m.constant(1, y)), g)
        return m.select(m.less(y, m.constant(0, y)), below, g)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        dy, y = n.inputs
        return [raw.EluGrad(g, y), raw.Select(y < 0, g * dy, idioms.zeros_like(y))]


class Selu(Activation):
    """scale * x above 0, scale * alpha * (exp(x) - 1) below."""

    def scalar(self, m: Any, x: Any) -> Any:
        below = m.mul(m.constant(SELU_SCALE_ALPHA, x), m.expm1(x))
        return m.select(m.less(x, m.constant(0, x)), below, m.mul(m.constant(SELU_SCALE, x), x))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.SeluGrad(g, n.out)]


class SeluGrad(ActivationGrad):
    """g * scale where y >= 0, g * (y + scale * alpha) elsewhere."""

    signature = "gradients:T, outputs:T -> backprops:T | T: floating"

    def scalar(self, m: Any, g: Any, y: Any) -> Any:
        below = m.mul(g, m.add(y, m.constant(SELU_SCALE_ALPHA, y)))
        return m.select(m.less(y, m.constant(0, y)), below, m.mul(g, m.constant(SELU_SCALE, y)))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        dy, y = n.inputs
        return [raw.SeluGrad(g, y), raw.Select(y < 0.0, g * dy, idioms.zeros_like(y))]


class Softplus(Activation):
    """log(exp(x) + 1) = max(x, 0) + log1p(exp(-|x|))."""

    def scalar(self, m: Any, x: Any) -> Any:
        tail = m.log1p(m.exp(m.neg(m.abs(x))))
        return m.add(m.maximum(x, m.constant(0, x)), tail)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [g * raw.Sigmoid(n.inputs[0])]


class SoftplusGrad(ActivationGrad):
    """g / (exp(-x) + 1)."""

    def scalar(self, m: Any, g: Any, x: Any) -> Any:
        return m.div(g, m.add(m.exp(m.neg(x)), m.constant(1, x)))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        dy, x = n.inputs
        with after(g):
            first = raw.SoftplusGrad(g, x)
            return [first, g * dy / (raw.Exp(-x) + 2.0 + raw.Exp(x))]


class Softsign(Activation):
    """x / (|x| + 1)."""

    def scalar(self, m: Any, x: Any) -> Any:
        return m.div(x, m.add(m.abs(x), m.constant(1, x)))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.SoftsignGrad(g, n.inputs[0])]


class SoftsignGrad(ActivationGrad):
    """g / (|x| + 1) ** 2."""

    def scalar(self, m: Any, g: Any, x: Any) -> Any:
        root = m.add(m.abs(x), m.constant(1, x))
        return m.div(g, m.mul(root, root))
