"""Distributions of single numbers whose parameters broadcast against each other."""

from __future__ import annotations

import functools
from typing import Any

from graphflow.frontend.array import broadcast_dynamic_shape, broadcast_static_shape, shape
from graphflow.frontend.distributions.distribution import Distribution
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import SCALAR


class Elementwise(Distribution):
    """One number for each element of the parameters."""

    #: the names of the parameters, as attributes and as arguments
    parts: tuple[str, ...] = ()

    @classmethod
    def _param_shapes(cls, sample_shape: Any) -> dict[str, Any]:
        return dict.fromkeys(cls.parts, convert(sample_shape, int32))

    def _parts(self) -> list[Tensor]:
        return [getattr(self, name) for name in self.parts]

    def _batch_shape(self) -> Any:
        return functools.reduce(broadcast_static_shape, [p.shape for p in self._parts()])

    def _batch_shape_tensor(self) -> Tensor:
        sizes = [shape(p) for p in self._parts()]
        return functools.reduce(broadcast_dynamic_shape, sizes)

    def _event_shape(self) -> Any:
        return SCALAR

    def _event_shape_tensor(self) -> Tensor:
        return convert([], int32)
