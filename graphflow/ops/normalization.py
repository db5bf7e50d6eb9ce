"""Batch normalization of images in one op, in its three versions, and its gradients to the second order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.dtype import float16, float32
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, TensorShape
from graphflow.numeric import batch_norm
from graphflow.ops import idioms
from graphflow.ops.arrays import transpose
from graphflow.ops.pullback import pull_back
from graphflow.ops.reduce_idioms import fold, reduce_sum
from graphflow.ops.windows import one_of, same_dim, with_rank

_STATISTICS = "x:T, scale:U, offset:U, mean:U, variance:U -> y:T, batch_mean:U, batch_variance:U"
_NARROW = "T: float16, bfloat16, float32; U: float32"


def _known_channels(
    x: Tensor, data_format: str, vectors: dict[str, Tensor]
) -> tuple[TensorShape, Dim]:
    """The shape of x and its number of channels, which the vectors share."""
    one_of("data_format", data_format, ("NHWC", "NCHW"))
    sizes = list(with_rank("x", x, 4))
    at = data_format.index("C")
    channels = sizes[at]
    for name, vector in vectors.items():
        channels = same_dim(
            f"the channels of x and the size of {name}", channels, with_rank(name, vector, 1)[0]
        )
    sizes[at] = channels
    return TensorShape.of(tuple(sizes)), channels


class _BatchNorm(Op, abstract=True):
    """The attributes that all versions and their gradients share."""

    epsilon: float = 9.999999747378752e-05
    data_format: str = "NHWC"
    is_training: bool = True


class FusedBatchNorm(_BatchNorm):
    """(x - mean) / sqrt(variance + epsilon) * scale + offset, by the statistics of the batch in training."""

    signature = (
        "x:T, scale:T, offset:T, mean:T, variance:T -> y:T, batch_mean:T, batch_variance:T, "
        "reserve_space_1:T, reserve_space_2:T | T: float32"
    )
    #: the op that gives the gradient
    grad_type = "FusedBatchNormGrad"

    def infer(
        self, x: Tensor, scale: Tensor, offset: Tensor, mean: Tensor, variance: Tensor
    ) -> Any:
        vectors = {"scale": scale, "offset": offset}
        if not self.is_training:
            vectors |= {"mean": mean, "variance": variance}
        shape, channels = _known_channels(x, self.data_format, vectors)
        return shape, *[TensorShape.of((channels,))] * 4

    def reference(self, x: Any, scale: Any, offset: Any, mean: Any, variance: Any) -> Any:
        return batch_norm.fused_batch_norm(x, scale, offset, mean, variance, **dict(self.attrs()))

    def gradient(self, n: Node, g: Tensor, *_: Tensor | None) -> Sequence[Tensor | None]:
        x, scale, _offset, mean, variance = n.inputs
        op, attrs = getattr(raw, self.grad_type), dict(self.attrs())
        third = n.outputs[5:]
        if self.is_training:
            _y, _mean, _variance, *saved = n.outputs
            return list(op(g, x, scale, *saved, **attrs))
        if self.data_format == "NCHW":
            x, g = transpose(x, [0, 2, 3, 1]), transpose(g, [0, 2, 3, 1])
        attrs["data_format"] = "NHWC"
        dx, dscale, doffset, _, _ = op(g, x, scale, mean, variance, *third, **attrs)
        if self.data_format == "NCHW":
            dx = transpose(dx, [0, 3, 1, 2])
        return [dx, dscale, doffset, None, None]


class FusedBatchNormV2(FusedBatchNorm):
    """FusedBatchNorm, with statistics in float32 for narrower x."""

    signature = f"{_STATISTICS}, reserve_space_1:U, reserve_space_2:U | {_NARROW}"
    grad_type = "FusedBatchNormGradV2"


class FusedBatchNormV3(FusedBatchNorm):
    """FusedBatchNormV2, with one more result for devices that save more."""

    signature = (
        f"{_STATISTICS}, reserve_space_1:U, reserve_space_2:U, reserve_space_3:U | {_NARROW}"
    )
    grad_type = "FusedBatchNormGradV3"

    def infer(
        self, x: Tensor, scale: Tensor, offset: Tensor, mean: Tensor, variance: Tensor
    ) -> Any:
        return *super().infer(x, scale, offset, mean, variance), UNKNOWN

    def reference(self, x: Any, scale: Any, offset: Any, mean: Any, variance: Any) -> Any:
        return *super().reference(x, scale, offset, mean, variance), np.zeros((), np.float32)


class FusedBatchNormGrad(_BatchNorm):
    """The gradients of x, scale and offset; of mean and variance, which are constants, there is nothing."""

    signature = (
        "y_backprop:T, x:T, scale:T, reserve_space_1:T, reserve_space_2:T -> x_backprop:T, "
        "scale_backprop:T, offset_backprop:T, reserve_space_3:T, reserve_space_4:T | T: float32"
    )

    def infer(
        self, dy: Tensor, x: Tensor, scale: Tensor, mean: Tensor, variance: Tensor, *_: Tensor
    ) -> Any:
        shape, channels = _known_channels(
            dy,
            self.data_format,
            {"scale": scale, "reserve_space_1": mean, "reserve_space_2": variance},
        )
        vector = TensorShape.of((channels,))
        rest = TensorShape.of((0,)) if self.is_training else vector
        return shape.merge_with(x.shape), vector, vector, rest, rest

    def reference(self, dy: Any, x: Any, scale: Any, mean: Any, variance: Any, *_: Any) -> Any:
        found = batch_norm.fused_batch_norm_grad(dy, x, scale, mean, variance, **dict(self.attrs()))
        rest = np.zeros(0 if self.is_training else scale.shape, scale.dtype)
        return *found, rest, rest

    def gradient(self, n: Node, *grads: Tensor) -> Sequence[Tensor | None]:
        dy, x, scale, mean, variance = n.inputs[:5]

        def composed(dy: Tensor, x: Tensor, scale: Tensor) -> list[Tensor]:
            return self._composed(dy, x, scale, mean, variance)

        rest = [None] * (len(n.inputs) - 3)
        return [*pull_back(composed, [dy, x, scale], grads[:3]), *rest]

    def _composed(
        self, dy: Tensor, x: Tensor, scale: Tensor, mean: Tensor, variance: Tensor
    ) -> list[Tensor]:
        """The three gradients made of small ops, each of which has a gradient of its own."""
        narrow = x.dtype.base_dtype
        if narrow is float16:
            x, dy = idioms.cast(x, float32), idioms.cast(dy, float32)
        first = self.data_format == "NCHW"
        axes = [0, 2, 3] if first else [0, 1, 2]
        if first:
            scale = raw.Reshape(scale, [1, idioms.size(scale), 1, 1])
        if not self.is_training:
            return self._composed_frozen(dy, x, scale, mean, variance, axes, narrow)
        mean_dy = fold("Mean", dy, axes, first)
        mean_x = fold("Mean", x, axes, first)
        var_x = fold("Mean", raw.SquaredDifference(x, raw.StopGradient(mean_x)), axes, first)
        dy_offset, x_offset = dy - mean_dy, x - mean_x
        mean_product = fold("Mean", dy * x_offset, axes, first)
        factor = scale * raw.Rsqrt(var_x + self.epsilon)
        dx = factor * (dy_offset - raw.Reciprocal(var_x + self.epsilon) * mean_product * x_offset)
        dscale = raw.Rsqrt(var_x + self.epsilon) * reduce_sum(dy * x_offset, axes, first)
        if first:
            dscale = raw.Squeeze(dscale)
        return [idioms.cast(dx, narrow), dscale, reduce_sum(dy, axes)]

    def _composed_frozen(
        self,
        dy: Tensor,
        x: Tensor,
        scale: Tensor,
        mean: Tensor,
        variance: Tensor,
        axes: Any,
        narrow: Any,
    ) -> list[Tensor]:
        if self.data_format == "NCHW":
            shape = [1, idioms.size(mean), 1, 1]
            mean, variance = raw.Reshape(mean, shape), raw.Reshape(variance, shape)
        doffset = reduce_sum(dy, axes)
        root = raw.Rsqrt(variance + self.epsilon)
        dscale = reduce_sum(dy * (x - mean) * root, axes)
        return [idioms.cast(dy * scale * root, narrow), dscale, doffset]


_GRAD = "y_backprop:T, x:T, scale:float32, reserve_space_1:U, reserve_space_2:U"
_GRAD_OUT = "x_backprop:T, scale_backprop:U, offset_backprop:U"


class FusedBatchNormGradV2(FusedBatchNormGrad):
    """The gradient of FusedBatchNormV2."""

    signature = f"{_GRAD} -> {_GRAD_OUT}, reserve_space_3:U, reserve_space_4:U | {_NARROW}"


class FusedBatchNormGradV3(FusedBatchNormGrad):
    """The gradient of FusedBatchNormV3."""

    signature = f"{_GRAD}, reserve_space_3:U -> {_GRAD_OUT}, reserve_space_4:U, reserve_space_5:U | {_NARROW}"
