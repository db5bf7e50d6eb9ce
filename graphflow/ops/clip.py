"""Values kept between two bounds, and the buckets between many."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ops import idioms
from graphflow.ops.elementwise import Elementwise


class ClipByValue(Elementwise):
    """y = t, but no less than the minimum and no more than the maximum, which are scalars or have the shape of t."""

    signature = (
        "t:T, clip_value_min:T, clip_value_max:T -> output:T | T: number, qint8, quint8, qint32"
    )
    uncomputed = "c"

    def infer(self, t: Tensor, low: Tensor, high: Tensor) -> Any:
        shape = t.shape
        for bound in (low, high):
            if bound.shape.rank:
                shape = shape.merge_with(bound.shape)
        return shape

    def scalar(self, m: Any, t: Any, low: Any, high: Any) -> Any:
        return m.maximum(m.minimum(t, high), low)

    def gradient(self, n: Node, g: Any) -> Sequence[Tensor | None]:
        t, low, high = n.inputs
        shapes = [idioms.shape(x) for x in n.inputs]
        zeros = idioms.zeros(idioms.shape(g), g.dtype)
        below, above = raw.Less(t, low), raw.Greater(t, high)
        _, by_low = raw.BroadcastGradientArgs(shapes[0], shapes[1])
        by_t, by_high = raw.BroadcastGradientArgs(shapes[0], shapes[2])
        slopes = (
            raw.Select(raw.LogicalOr(below, above), zeros, g),
            raw.Select(below, g, zeros),
            raw.Select(above, g, zeros),
        )
        parts = zip(slopes, (by_t, by_low, by_high), shapes, strict=True)
        return [raw.Reshape(raw.Sum(slope, axes), shape) for slope, axes, shape in parts]


class Bucketize(Elementwise):
    """y = how many of the boundaries, which are sorted, are not above x."""

    signature = "input:T -> output:int32 | T: int32, int64, float, double"
    differentiable = False
    boundaries: tuple[float, ...]

    def infer(self, x: Tensor) -> Any:
        if list(self.boundaries) != sorted(self.boundaries):
            raise ValueError(f"Expected sorted boundaries, got {list(self.boundaries)}")
        return x.shape

    def reference(self, x: Any) -> Any:
        # TensorFlow holds boundaries as float32
        limits = np.array(self.boundaries, np.float32)
        return np.searchsorted(limits, x, side="right").astype(np.int32)
