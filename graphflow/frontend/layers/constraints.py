"""tf.keras.constraints: what a weight is projected to after each step of an optimiser."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.layers.by_name import ByName
from graphflow.frontend.math import clip_by_value
from graphflow.frontend.reduce import reduce_sum
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32
from graphflow.ops import idioms

#: what norms are kept away from 0 by
_EPSILON = 1e-7


class Constraint:
    """Makes an allowed weight of any weight."""

    def __call__(self, w: Any) -> Any:
        return w

    def get_config(self) -> dict[str, Any]:
        return {}


def _norms(w: Any, axis: Any) -> Any:
    """The lengths of w along an axis; never the root of a negative number."""
    squares = reduce_sum(raw.Square(w), axis=axis, keepdims=True)
    zero, infinity = convert(0.0, squares.dtype), convert(float("inf"), squares.dtype)
    return raw.Sqrt(clip_by_value(squares, zero, infinity))


def _clipped(x: Any, low: Any, high: Any) -> Any:
    return clip_by_value(x, convert(low, x.dtype), convert(max(low, high), x.dtype))


class MaxNorm(Constraint):
    """Lengths of at most max_value."""

    def __init__(self, max_value: Any = 2, axis: Any = 0) -> None:
        self.max_value, self.axis = max_value, axis

    def __call__(self, w: Any) -> Any:
        norms = _norms(w, self.axis)
        return w * (_clipped(norms, 0, self.max_value) / (_EPSILON + norms))

    def get_config(self) -> dict[str, Any]:
        return {"max_value": self.max_value, "axis": self.axis}


class NonNeg(Constraint):
    """No negative elements."""

    def __call__(self, w: Any) -> Any:
        return w * idioms.cast(raw.GreaterEqual(w, 0.0), float32)


class UnitNorm(Constraint):
    """Lengths of 1."""

    def __init__(self, axis: Any = 0) -> None:
        self.axis = axis

    def __call__(self, w: Any) -> Any:
        return w / (_EPSILON + _norms(w, self.axis))

    def get_config(self) -> dict[str, Any]:
        return {"axis": self.axis}


class MinMaxNorm(Constraint):
    """Lengths drawn by `rate` into a range."""

    def __init__(
        self, min_value: Any = 0.0, max_value: Any = 1.0, rate: Any = 1.0, axis: Any = 0
    ) -> None:
        self.min_value, self.max_value, self.rate, self.axis = min_value, max_value, rate, axis

    def __call__(self, w: Any) -> Any:
        norms = _norms(w, self.axis)
        inside = _clipped(norms, self.min_value, self.max_value)
        desired = self.rate * inside + (1 - self.rate) * norms
        return w * (desired / (_EPSILON + norms))

    def get_config(self) -> dict[str, Any]:
        names = ("min_value", "max_value", "rate", "axis")
        return {name: getattr(self, name) for name in names}


max_norm, non_neg, unit_norm, min_max_norm = MaxNorm, NonNeg, UnitNorm, MinMaxNorm
_known = ByName(
    "constraint",
    {
        "MaxNorm": MaxNorm,
        "MinMaxNorm": MinMaxNorm,
        "NonNeg": NonNeg,
        "UnitNorm": UnitNorm,
        "max_norm": MaxNorm,
        "maxnorm": MaxNorm,
        "min_max_norm": MinMaxNorm,
        "non_neg": NonNeg,
        "nonneg": NonNeg,
        "unit_norm": UnitNorm,
        "unitnorm": UnitNorm,
    },
)
deserialize, get, serialize = _known.deserialize, _known.get, _known.serialize

__all__: list[str] = []
NAMESPACES = {
    "keras.constraints": [
        *("Constraint", "MaxNorm", "MinMaxNorm", "NonNeg", "UnitNorm", "deserialize", "get"),
        *("max_norm", "min_max_norm", "non_neg", "serialize", "unit_norm"),
    ]
}
