"""Convolutions in which channels do not meet: separable ones, and one filter for every channel."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.framework.argument_scopes import add_arg_scope
from graphflow.contrib.framework.model_variables import model_variable
from graphflow.contrib.layers.layer_variables import LayerScope, finished, take_into_collections
from graphflow.contrib.layers.named_outputs import (
    IMAGES,
    channel_dimension,
    collect_named_outputs,
    data_layout,
    get_variable_collections,
    last_dimension,
    two_element_tuple,
)
from graphflow.contrib.layers.weight_initializers import xavier_initializer
from graphflow.frontend import nn
from graphflow.frontend.initializers import zeros_initializer
from graphflow.frontend.layers.separable import SeparableConv2D
from graphflow.frontend.nn_depthwise import depthwise_conv2d
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import raw

_XAVIER, _ZEROS = xavier_initializer(), zeros_initializer()
_NAMES = {
    "bias": "biases",
    "depthwise_kernel": "depthwise_weights",
    "pointwise_kernel": "pointwise_weights",
}


@add_arg_scope
def separable_convolution2d(
    inputs: Any,
    num_outputs: int | None,
    kernel_size: Any,
    depth_multiplier: int = 1,
    stride: Any = 1,
    padding: Any = "SAME",
    data_format: str = "NHWC",
    rate: Any = 1,
    activation_fn: Any = nn.relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = _XAVIER,
    pointwise_initializer: Any = None,
    weights_regularizer: Any = None,
    biases_initializer: Any = _ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Any:
    """Each channel with its own filters, then the channels mixed at each point unless num_outputs is None."""
    layout = data_layout(data_format, IMAGES)
    with LayerScope(scope, "SeparableConv2d", inputs, reuse, _NAMES) as (sc, x):
        if num_outputs is not None:
            layer = SeparableConv2D(
                filters=num_outputs,
                kernel_size=kernel_size,
                strides=stride,
                padding=padding,
                data_format=layout,
                dilation_rate=two_element_tuple(rate),
                depth_multiplier=depth_multiplier,
                use_bias=not normalizer_fn and biases_initializer,
                depthwise_initializer=weights_initializer,
                pointwise_initializer=(
                    weights_initializer if pointwise_initializer is None else pointwise_initializer
                ),
                bias_initializer=biases_initializer,
                depthwise_regularizer=weights_regularizer,
                pointwise_regularizer=weights_regularizer,
                bias_regularizer=biases_regularizer,
                trainable=trainable,
                name=sc.name,
                dtype=x.dtype.base_dtype,
                _scope=sc,
                _reuse=reuse,
            )
            outputs = layer.apply(x)
            take_into_collections(layer.depthwise_kernel, variables_collections, "weights")
            take_into_collections(layer.pointwise_kernel, variables_collections, "weights")
            if layer.bias is not None:
                take_into_collections(layer.bias, variables_collections, "biases")
            outputs = finished(outputs, normalizer_fn, normalizer_params, activation_fn)
            return collect_named_outputs(outputs_collections, sc.name, outputs)
        channels = channel_dimension(x.shape, layout, min_rank=4)
        weights = model_variable(
            "depthwise_weights",
            shape=[*two_element_tuple(kernel_size), channels, depth_multiplier],
            dtype=x.dtype.base_dtype,
            initializer=weights_initializer,
            regularizer=weights_regularizer,
            trainable=trainable,
            collections=get_variable_collections(variables_collections, "weights"),
        )
        steps = two_element_tuple(stride)
        strides = [1, 1, *steps] if layout == "channels_first" else [1, *steps, 1]
        rates = two_element_tuple(rate)
        outputs = depthwise_conv2d(x, weights, strides, padding, rates, data_format=data_format)
        if normalizer_fn is None and biases_initializer is not None:
            biases = model_variable(
                "biases",
                shape=[depth_multiplier * channels],
                dtype=x.dtype.base_dtype,
                initializer=biases_initializer,
                regularizer=biases_regularizer,
                trainable=trainable,
                collections=get_variable_collections(variables_collections, "biases"),
            )
            outputs = nn.bias_add(outputs, biases, data_format=data_format)
        outputs = finished(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def convolution2d_in_plane(
    inputs: Any,
    kernel_size: Any,
    stride: Any = 1,
    padding: Any = "SAME",
    activation_fn: Any = nn.relu,
    normalizer_fn: Any = None,
    normalizer_params: Any = None,
    weights_initializer: Any = _XAVIER,
    weights_regularizer: Any = None,
    biases_initializer: Any = _ZEROS,
    biases_regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
) -> Any:
    """The convolution of every channel with one and the same filter."""
    with variable_scope(scope, "ConvInPlane", [inputs], reuse=reuse) as sc:
        dtype = inputs.dtype.base_dtype
        sizes, steps = two_element_tuple(kernel_size), two_element_tuple(stride)
        channels = last_dimension(inputs.shape, min_rank=4)
        weights = model_variable(
            "weights",
            shape=[*sizes, 1, 1],
            dtype=dtype,
            initializer=weights_initializer,
            regularizer=weights_regularizer,
            collections=get_variable_collections(variables_collections, "weights"),
            trainable=trainable,
        )
        each = raw.Tile(weights, [1, 1, channels, 1])
        outputs = depthwise_conv2d(inputs, each, [1, *steps, 1], padding)
        if normalizer_fn is None and biases_initializer is not None:
            biases = model_variable(
                "biases",
                shape=[channels],
                dtype=dtype,
                initializer=biases_initializer,
                regularizer=biases_regularizer,
                collections=get_variable_collections(variables_collections, "biases"),
                trainable=trainable,
            )
            outputs = nn.bias_add(outputs, biases)
        outputs = finished(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


separable_conv2d = separable_convolution2d
conv2d_in_plane = convolution2d_in_plane

__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": [
        *("conv2d_in_plane", "convolution2d_in_plane", "separable_conv2d"),
        "separable_convolution2d",
    ],
    "contrib.layers.python.layers": [
        *("conv2d_in_plane", "convolution2d_in_plane", "separable_conv2d"),
        "separable_convolution2d",
    ],
    "contrib.layers.python.layers.layers": [
        *("conv2d_in_plane", "convolution2d_in_plane", "separable_conv2d"),
        "separable_convolution2d",
    ],
    "contrib.slim": [
        *("conv2d_in_plane", "convolution2d_in_plane", "separable_conv2d"),
        "separable_convolution2d",
    ],
}
