"""spatial_softmax: where in an image each channel looks."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.framework.argument_scopes import add_arg_scope
from graphflow.contrib.framework.model_variables import model_variable
from graphflow.contrib.layers.named_outputs import IMAGES, data_layout, get_variable_collections
from graphflow.frontend.array_joins import meshgrid
from graphflow.frontend.initializers import constant_initializer, ones_initializer
from graphflow.frontend.nn_softmax import softmax
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import build, raw
from graphflow.ir.dtype import float32
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, transpose


@add_arg_scope
def spatial_softmax(
    features: Any,
    temperature: Any = None,
    name: Any = None,
    variables_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
) -> Any:
    """The expected position (x, y) of each channel under the softmax of its values."""
    with variable_scope(name, "spatial_softmax"):
        shape = idioms.shape(features)
        first = data_layout(data_format, IMAGES) == "channels_first"
        if first:
            channels, height, width = features.shape[1].value, shape[2], shape[3]
        else:
            height, width, channels = shape[1], shape[2], features.shape[3].value
        if channels is None:
            raise ValueError(
                "The num_channels dimension of the inputs to `spatial_softmax` should be defined. "
                "Found `None`."
            )
        with build.name_scope("spatial_softmax_op", "spatial_softmax_op", [features]):
            rows, columns = raw.LinSpace(-1.0, 1.0, height), raw.LinSpace(-1.0, 1.0, width)
            x, y = meshgrid(rows, columns, indexing="ij")
            x, y = raw.Reshape(x, [height * width]), raw.Reshape(y, [height * width])
            heat = model_variable(
                "temperature",
                shape=(),
                dtype=float32,
                initializer=(
                    ones_initializer() if temperature is None else constant_initializer(temperature)
                ),
                collections=(
                    get_variable_collections(variables_collections, "temperature")
                    if trainable
                    else None
                ),
                trainable=trainable,
            )
            if not first:
                features = transpose(features, [0, 3, 1, 2])
            flat = raw.Reshape(features, [-1, height * width])
            attention = softmax(flat / heat)
            expected_x = reduce_sum(x * attention, [1], keepdims=True)
            expected_y = reduce_sum(y * attention, [1], keepdims=True)
            points = raw.Reshape(concat([expected_x, expected_y], 1), [-1, channels * 2])
            points.set_shape([None, channels * 2])
    return points


__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": ["spatial_softmax"],
    "contrib.layers.python.layers": ["spatial_softmax"],
    "contrib.layers.python.layers.layers": ["spatial_softmax"],
    "contrib.slim": ["spatial_softmax"],
}
