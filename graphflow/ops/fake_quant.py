"""Quantisation that stays float32: values are moved to the steps that a few bits can tell apart."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import SCALAR, TensorShape


class Steps(NamedTuple):
    """The lowest and highest step and the distance between two; the range is moved so that 0 is a step."""

    low: Any
    high: Any
    scale: Any


def _steps(low: Any, high: Any, num_bits: int, narrow_range: bool) -> Steps:
    """The steps of a range; all of them zero where the range is empty at 0."""
    if not 2 <= num_bits <= 16:
        raise InvalidArgumentError(
            message=f"num_bits must be between 2 and 16, inclusive: {num_bits}"
        )
    first, last = np.float32(int(narrow_range)), np.float32(2**num_bits - 1)
    scale = (high - low) / (last - first)
    exact = first - low / scale
    # half away from zero, as C rounds
    zero = np.clip(np.floor(exact + np.float32(0.5)), first, last)
    return Steps((first - zero) * scale, (last - zero) * scale, scale)


def _quantised(x: Any, steps: Steps) -> Any:
    inside = np.clip(x, steps.low, steps.high) - steps.low
    return (
        np.floor(inside * (np.float32(1) / steps.scale) + np.float32(0.5)) * steps.scale + steps.low
    )


def _inside(x: Any, steps: Steps) -> Any:
    return (x >= steps.low) & (x <= steps.high)


class _Range(Op, abstract=True):
    """What ranges that are attributes have in common."""

    min: float = -6.0
    max: float = 6.0
    num_bits: int = 8
    narrow_range: bool = False

    def steps(self) -> Steps:
        if self.min >= self.max:
            raise InvalidArgumentError(
                message=f"min has to be smaller than max, was: {self.min:g} >= {self.max:g}"
            )
        return _steps(np.float32(self.min), np.float32(self.max), self.num_bits, self.narrow_range)


class FakeQuantWithMinMaxArgs(_Range):
    """y = x on the nearest step of a range that is known."""

    signature = "inputs:float -> outputs:float"

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any) -> Any:
        with np.errstate(all="ignore"):
            return np.asarray(_quantised(x, self.steps()))

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [raw.FakeQuantWithMinMaxArgsGradient(g, n.inputs[0], **dict(self.attrs()))]


class FakeQuantWithMinMaxArgsGradient(_Range):
    """The gradient, where x is in the range, else 0."""

    signature = "gradients:float, inputs:float -> backprops:float"

    def infer(self, g: Tensor, x: Tensor) -> Any:
        return g.shape.merge_with(x.shape)

    def reference(self, g: Any, x: Any) -> Any:
        return np.where(_inside(x, self.steps()), g, np.float32(0))


class _Learned(Op, abstract=True):
    """What ranges that are inputs have in common."""

    num_bits: int = 8
    narrow_range: bool = False

    def steps(self, low: Any, high: Any) -> Steps:
        with np.errstate(all="ignore"):
            return _steps(low, high, self.num_bits, self.narrow_range)

    def quantised(self, x: Any, low: Any, high: Any) -> Any:
        with np.errstate(all="ignore"):
            moved = _quantised(x, self.steps(low, high))
        return np.where((low == 0) & (high == 0), np.float32(0), moved)

    def slopes(self, g: Any, x: Any, low: Any, high: Any, axes: tuple[int, ...]) -> Any:
        """The gradients by x, min and max; an empty range lets the gradient through."""
        steps = self.steps(low, high)
        empty = (low == 0) & (high == 0)
        by_x = np.where(empty | _inside(x, steps), g, np.float32(0))
        by_low = np.where((x < steps.low) & ~empty, g, np.float32(0)).sum(axes, dtype=np.float32)
        by_high = np.where((x > steps.high) & ~empty, g, np.float32(0)).sum(axes, dtype=np.float32)
        return by_x, by_low, by_high


class FakeQuantWithMinMaxVars(_Learned):
    """y = x on the nearest step between min and max."""

    signature = "inputs:float, min:float, max:float -> outputs:float"

    def infer(self, x: Tensor, low: Tensor, high: Tensor) -> Any:
        low.shape.with_rank(0)
        high.shape.with_rank(0)
        return x.shape

    def reference(self, x: Any, low: Any, high: Any) -> Any:
        return self.quantised(x, low, high)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        found: list[Tensor | None] = raw.FakeQuantWithMinMaxVarsGradient(
            g, *n.inputs, **dict(self.attrs())
        )
        return found


class FakeQuantWithMinMaxVarsGradient(_Learned):
    """The gradients by x, min and max."""

    signature = (
        "gradients:float, inputs:float, min:float, max:float"
        " -> backprops_wrt_input:float, backprop_wrt_min:float, backprop_wrt_max:float"
    )

    def infer(self, g: Tensor, x: Tensor, low: Tensor, high: Tensor) -> Any:
        return g.shape.merge_with(x.shape), SCALAR, SCALAR

    def reference(self, g: Any, x: Any, low: Any, high: Any) -> Any:
        return self.slopes(g, x, low, high, tuple(range(x.ndim)))


class FakeQuantWithMinMaxVarsPerChannel(_Learned):
    """As FakeQuantWithMinMaxVars, with one range for each place of the last axis."""

    signature = "inputs:float, min:float, max:float -> outputs:float"

    def infer(self, x: Tensor, low: Tensor, high: Tensor) -> Any:
        return _with_channels(x.shape, low, high)

    def reference(self, x: Any, low: Any, high: Any) -> Any:
        return self.quantised(x, low, high)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        found: list[Tensor | None] = raw.FakeQuantWithMinMaxVarsPerChannelGradient(
            g, *n.inputs, **dict(self.attrs())
        )
        return found


class FakeQuantWithMinMaxVarsPerChannelGradient(_Learned):
    """The gradients by x, and by the min and max of each place of the last axis."""

    signature = FakeQuantWithMinMaxVarsGradient.signature

    def infer(self, g: Tensor, x: Tensor, low: Tensor, high: Tensor) -> Any:
        whole = _with_channels(g.shape.merge_with(x.shape), low, high)
        bounds = low.shape.merge_with(high.shape)
        return whole, bounds, bounds

    def reference(self, g: Any, x: Any, low: Any, high: Any) -> Any:
        return self.slopes(g, x, low, high, tuple(range(x.ndim - 1)))


def _with_channels(shape: TensorShape, low: Tensor, high: Tensor) -> TensorShape:
    """The shape, whose last dimension is the length of the bounds."""
    bounds = low.shape.with_rank(1).merge_with(high.shape)
    if shape.known is None:
        return shape
    channels = shape.with_rank_at_least(1)[-1:].merge_with(bounds)
    return shape[:-1].concatenate(channels)
