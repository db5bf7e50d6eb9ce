"""Maxima and means over windows."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.framework.argument_scopes import add_arg_scope
from graphflow.contrib.layers.named_outputs import (
    IMAGES,
    VOLUMES,
    collect_named_outputs,
    data_layout,
    n_positive_integers,
)
from graphflow.frontend import nn_pooling
from graphflow.frontend.layers.pooling import (
    AveragePooling2D,
    AveragePooling3D,
    MaxPooling2D,
    MaxPooling3D,
)
from graphflow.ir import build
from graphflow.ir.convert import convert


def _pooling(
    layer_class: Any, name: str, default_scope: str, layouts: tuple[str, str], usual: str
) -> Any:
    """The pooling of one kind and rank."""

    def function(
        inputs: Any,
        kernel_size: Any,
        stride: Any = 2,
        padding: Any = "VALID",
        data_format: str = usual,
        outputs_collections: Any = None,
        scope: Any = None,
    ) -> Any:
        layout = data_layout(data_format, layouts)
        with build.name_scope(scope, default_scope, [inputs]) as sc:
            layer = layer_class(kernel_size, stride, padding, layout, _scope=sc)
            outputs = layer.apply(convert(inputs))
            return collect_named_outputs(outputs_collections, sc, outputs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = layer_class.__doc__
    return add_arg_scope(function)


avg_pool2d = _pooling(AveragePooling2D, "avg_pool2d", "AvgPool2D", IMAGES, "NHWC")
avg_pool3d = _pooling(AveragePooling3D, "avg_pool3d", "AvgPool3D", VOLUMES, "NDHWC")
max_pool2d = _pooling(MaxPooling2D, "max_pool2d", "MaxPool2D", IMAGES, "NHWC")
max_pool3d = _pooling(MaxPooling3D, "max_pool3d", "MaxPool3D", VOLUMES, "NDHWC")


@add_arg_scope
def pool(
    inputs: Any,
    kernel_size: Any,
    pooling_type: str,
    padding: Any = "VALID",
    data_format: str | None = None,
    dilation_rate: Any = 1,
    stride: Any = 1,
    outputs_collections: Any = None,
    scope: Any = None,
) -> Any:
    """A maximum ("MAX") or mean ("AVG") over windows of rows, images or volumes."""
    with build.name_scope(scope, f"{pooling_type.lower()}_pool", [inputs]) as sc:
        inputs = convert(inputs)
        rank = inputs.shape.rank
        if rank is None:
            raise ValueError("Rank of inputs must be known")
        if rank < 3:
            raise ValueError("Rank of inputs must be >= 3")
        outputs = nn_pooling.pool(
            inputs,
            window_shape=n_positive_integers(rank - 2, kernel_size),
            pooling_type=pooling_type,
            padding=padding,
            data_format=data_format,
            dilation_rate=n_positive_integers(rank - 2, dilation_rate),
            strides=n_positive_integers(rank - 2, stride),
            name=sc,
        )
        return collect_named_outputs(outputs_collections, sc, outputs)


__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": ["avg_pool2d", "avg_pool3d", "max_pool2d", "max_pool3d"],
    "contrib.layers.python.layers": ["avg_pool2d", "avg_pool3d", "max_pool2d", "max_pool3d"],
    "contrib.layers.python.layers.layers": ["avg_pool2d", "avg_pool3d", "max_pool2d", "max_pool3d"],
    "contrib.slim": ["avg_pool2d", "avg_pool3d", "max_pool2d", "max_pool3d", "pool"],
}
