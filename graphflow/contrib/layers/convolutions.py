"""Convolutions of rows, images and volumes, and transposed ones."""

from __future__ import annotations

import inspect
from typing import Any

from graphflow.contrib.framework.argument_scopes import add_arg_scope
from graphflow.contrib.layers.layer_variables import (
    WEIGHTS_AND_BIASES,
    LayerScope,
    finished,
    take_into_collections,
)
from graphflow.contrib.layers.named_outputs import (
    IMAGES,
    VOLUMES,
    collect_named_outputs,
    data_layout,
)
from graphflow.contrib.layers.weight_initializers import xavier_initializer
from graphflow.frontend import nn
from graphflow.frontend.initializers import zeros_initializer
from graphflow.frontend.layers.convolutional import Conv, Conv1D, Conv2D, Conv3D
from graphflow.frontend.layers.transposed import Conv2DTranspose, Conv3DTranspose

_XAVIER, _ZEROS = xavier_initializer(), zeros_initializer()
_LAYERS: dict[int, type[Conv]] = {3: Conv1D, 4: Conv2D, 5: Conv3D}
_LAYOUTS = (None, "NWC", "NCW", "NHWC", "NCHW", "NDHWC", "NCDHW")


@add_arg_scope
def convolution(
    inputs: Any,
    num_outputs: int,
    kernel_size: Any,
    stride: Any = 1,
    padding: Any = "SAME",
    data_format: str | None = None,
    rate: Any = 1,
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
    conv_dims: int | None = None,
) -> Any:
    """activation(convolution(inputs, weights) + biases), or a normaliser instead of the biases."""
    if data_format not in _LAYOUTS:
        raise ValueError(f"Invalid data_format: {data_format!r}")
    with LayerScope(scope, "Conv", inputs, reuse, WEIGHTS_AND_BIASES) as (sc, x):
        rank = x.shape.rank
        if conv_dims is not None and conv_dims + 2 != rank:
            raise ValueError(f"Convolution expects input with rank {conv_dims + 2}, got {rank}")
        if rank not in _LAYERS:
            raise ValueError("Convolution not supported for input with rank", rank)
        first = data_format is not None and data_format.startswith("NC")
        layer = _LAYERS[rank](
            num_outputs,
            kernel_size,
            strides=stride,
            padding=padding,
            data_format="channels_first" if first else "channels_last",
            dilation_rate=rate,
            use_bias=not normalizer_fn and biases_initializer,
            kernel_initializer=weights_initializer,
            bias_initializer=biases_initializer,
            kernel_regularizer=weights_regularizer,
            bias_regularizer=biases_regularizer,
            trainable=trainable,
            name=sc.name,
            dtype=x.dtype.base_dtype,
            _scope=sc,
            _reuse=reuse,
        )
        outputs = _applied(layer, x, variables_collections)
        outputs = finished(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


def _applied(layer: Any, x: Any, variables_collections: Any) -> Any:
    outputs = layer.apply(x)
    take_into_collections(layer.kernel, variables_collections, "weights")
    if layer.bias is not None:
        take_into_collections(layer.bias, variables_collections, "biases")
    return outputs


def _of_rank(conv_dims: int, name: str) -> Any:
    """convolution for inputs of one rank."""
    signature = inspect.signature(convolution)
    own = [p for p in signature.parameters.values() if p.name != "conv_dims"]

    def function(*args: Any, **kwargs: Any) -> Any:
        if "conv_dims" in kwargs or len(args) > len(own):
            raise TypeError(f"{name}() takes {len(own)} arguments; conv_dims is not one of them")
        return convolution(*args, **kwargs, conv_dims=conv_dims)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = convolution.__doc__
    function.__dict__["__signature__"] = signature.replace(parameters=own)
    return add_arg_scope(function)


convolution1d = conv1d = _of_rank(1, "convolution1d")
convolution2d = conv2d = _of_rank(2, "convolution2d")
convolution3d = conv3d = _of_rank(3, "convolution3d")


def _transposed(
    layer_class: Any, name: str, layouts: tuple[str, str], usual: str, default_scope: str
) -> Any:
    """The transposed convolution of one rank."""

    def function(
        inputs: Any,
        num_outputs: int,
        kernel_size: Any,
        stride: Any = 1,
        padding: Any = "SAME",
        data_format: str = usual,
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
        with LayerScope(scope, default_scope, inputs, reuse, WEIGHTS_AND_BIASES) as (sc, x):
            layer = layer_class(
                num_outputs,
                kernel_size,
                strides=stride,
                padding=padding,
                data_format=data_layout(data_format, layouts),
                use_bias=not normalizer_fn and biases_initializer,
                kernel_initializer=weights_initializer,
                bias_initializer=biases_initializer,
                kernel_regularizer=weights_regularizer,
                bias_regularizer=biases_regularizer,
                trainable=trainable,
                name=sc.name,
                dtype=x.dtype.base_dtype,
                _scope=sc,
                _reuse=reuse,
            )
            outputs = _applied(layer, x, variables_collections)
            outputs = finished(outputs, normalizer_fn, normalizer_params, activation_fn)
            return collect_named_outputs(outputs_collections, sc.name, outputs)

    function.__name__ = function.__qualname__ = name
    function.__doc__ = "activation(transposed convolution(inputs, weights) + biases)."
    return add_arg_scope(function)


convolution2d_transpose = conv2d_transpose = _transposed(
    Conv2DTranspose, "convolution2d_transpose", IMAGES, "NHWC", "Conv2d_transpose"
)
convolution3d_transpose = conv3d_transpose = _transposed(
    Conv3DTranspose, "convolution3d_transpose", VOLUMES, "NDHWC", "Conv3d_transpose"
)

__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": [
        *("conv1d", "conv2d", "conv2d_transpose", "conv3d", "conv3d_transpose", "convolution"),
        *("convolution1d", "convolution2d", "convolution2d_transpose", "convolution3d"),
        "convolution3d_transpose",
    ],
    "contrib.layers.python.layers": [
        *("conv1d", "conv2d", "conv2d_transpose", "conv3d", "conv3d_transpose", "convolution"),
        *("convolution1d", "convolution2d", "convolution2d_transpose", "convolution3d"),
        "convolution3d_transpose",
    ],
    "contrib.layers.python.layers.layers": [
        *("conv1d", "conv2d", "conv2d_transpose", "conv3d", "conv3d_transpose", "convolution"),
        *("convolution1d", "convolution2d", "convolution2d_transpose", "convolution3d"),
        "convolution3d_transpose",
    ],
    "contrib.slim": [
        *("conv1d", "conv2d", "conv2d_transpose", "conv3d", "conv3d_transpose", "convolution"),
        *("convolution1d", "convolution2d", "convolution2d_transpose", "convolution3d"),
        "convolution3d_transpose",
    ],
}
