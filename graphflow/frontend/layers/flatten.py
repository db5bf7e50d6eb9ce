"""Flatten: all axes but the first become one."""

from __future__ import annotations

import math
from typing import Any

from graphflow.frontend.layers import windows
from graphflow.frontend.layers.input_spec import InputSpec
from graphflow.frontend.layers.layer import Layer
from graphflow.ir import raw
from graphflow.ir.shape import TensorShape, as_shape
from graphflow.ops import idioms
from graphflow.ops.arrays import transpose


class Flatten(Layer):
    """All axes but the first become one; channels that come first go last before."""

    def __init__(self, data_format: str | None = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.data_format = windows.data_format(data_format)
        self.input_spec = InputSpec(min_ndim=1)

    def call(self, inputs: Any) -> Any:
        rank = inputs.shape.rank
        if self.data_format == "channels_first" and rank > 1:
            inputs = transpose(inputs, [0, *range(2, rank), 1])
        batch = inputs.shape[0].value or idioms.shape(inputs)[0]
        outputs = raw.Reshape(inputs, (batch, -1))
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        return outputs

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        first, *rest = as_shape(input_shape).as_list()
        return TensorShape([first, math.prod(rest) if all(rest) else None])


def flatten(inputs: Any, name: str | None = None, data_format: str = "channels_last") -> Any:
    """All axes but the first become one."""
    return Flatten(name=name, data_format=data_format).apply(inputs)


__all__: list[str] = []
NAMESPACES = {"layers": ["Flatten", "flatten"], "python.layers.core": ["Flatten", "flatten"]}
