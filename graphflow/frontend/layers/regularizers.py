"""tf.keras.regularizers: penalties for large weights."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.layers.by_name import ByName
from graphflow.frontend.reduce import reduce_sum
from graphflow.ir import raw
from graphflow.ir.convert import constant
from graphflow.ir.dtype import float32


class Regularizer:
    """Makes a penalty from a weight."""

    def __call__(self, x: Any) -> Any:
        return 0.0

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**config)


class L1L2(Regularizer):
    """l1 * sum(|x|) + l2 * sum(x ** 2)."""

    def __init__(self, l1: float = 0.0, l2: float = 0.0) -> None:
        self.l1, self.l2 = np.float32(l1), np.float32(l2)

    def __call__(self, x: Any) -> Any:
        if not self.l1 and not self.l2:
            return constant(0.0, float32)
        penalty: Any = 0.0
        if self.l1:
            penalty += float(self.l1) * reduce_sum(raw.Abs(x))
        if self.l2:
            penalty += float(self.l2) * reduce_sum(raw.Square(x))
        return penalty

    def get_config(self) -> dict[str, float]:
        return {"l1": float(self.l1), "l2": float(self.l2)}


def l1(l: float = 0.01) -> L1L2:  # noqa: E741  users write l=
    """l * sum(|x|)."""
    return L1L2(l1=l)


def l2(l: float = 0.01) -> L1L2:  # noqa: E741  users write l=
    """l * sum(x ** 2)."""
    return L1L2(l2=l)


def l1_l2(l1: float = 0.01, l2: float = 0.01) -> L1L2:
    """l1 * sum(|x|) + l2 * sum(x ** 2)."""
    return L1L2(l1=l1, l2=l2)


_known = ByName("regularizer", {"L1L2": L1L2, "l1": l1, "l2": l2, "l1_l2": l1_l2})
deserialize, get, serialize = _known.deserialize, _known.get, _known.serialize

__all__: list[str] = []
NAMESPACES = {
    "keras.regularizers": [
        *("L1L2", "Regularizer", "deserialize", "get", "l1", "l1_l2", "l2", "serialize"),
    ]
}
