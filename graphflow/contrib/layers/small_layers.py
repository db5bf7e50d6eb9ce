"""Layers with few weights or none: bias_add, dropout, flatten, one_hot_encoding, softmax, maxout."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.framework.argument_scopes import add_arg_scope
from graphflow.contrib.framework.model_variables import model_variable
from graphflow.contrib.layers.layer_variables import LayerScope
from graphflow.contrib.layers.named_outputs import (
    IMAGES,
    collect_named_outputs,
    data_layout,
    get_variable_collections,
    last_dimension,
)
from graphflow.frontend import nn
from graphflow.frontend.array import SparseTensor
from graphflow.frontend.array_parts import gather_nd, one_hot, where
from graphflow.frontend.initializers import zeros_initializer
from graphflow.frontend.layers.dropout import Dropout
from graphflow.frontend.layers.flatten import flatten as layers_flatten
from graphflow.frontend.nn_softmax import softmax as nn_softmax
from graphflow.frontend.reduce import reduce_max
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import int32, int64
from graphflow.ops import idioms
from graphflow.ops.arrays import transpose

_ZEROS = zeros_initializer()


@add_arg_scope
def bias_add(
    inputs: Any,
    activation_fn: Any = None,
    initializer: Any = _ZEROS,
    regularizer: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Any:
    """activation(inputs + biases), along the channels."""
    first = data_layout(data_format, IMAGES) == "channels_first"
    with variable_scope(scope, "BiasAdd", [inputs], reuse=reuse) as sc:
        inputs = convert(inputs)
        rank = inputs.shape.rank
        if rank is None:
            raise ValueError("Dims of shape must be known but is None")
        if rank != 4 and first:
            raise ValueError("Data format NCHW only supports 4D Tensor")
        channels = inputs.shape.dims[1 if first else -1].value
        if channels is None:
            raise ValueError("`C` dimension must be known but is None")
        biases = model_variable(
            "biases",
            shape=[channels],
            dtype=inputs.dtype.base_dtype,
            initializer=initializer,
            regularizer=regularizer,
            collections=get_variable_collections(variables_collections, "biases"),
            trainable=trainable,
        )
        outputs = nn.bias_add(inputs, biases, data_format=data_format)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def dropout(
    inputs: Any,
    keep_prob: Any = 0.5,
    noise_shape: Any = None,
    is_training: Any = True,
    outputs_collections: Any = None,
    scope: Any = None,
    seed: int | None = None,
) -> Any:
    """inputs / keep_prob with each element kept with that probability, while training."""
    with LayerScope(scope, "Dropout", inputs) as (sc, x):
        layer = Dropout(
            rate=1 - keep_prob, noise_shape=noise_shape, seed=seed, name=sc.name, _scope=sc
        )
        outputs = layer.apply(x, training=is_training)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def flatten(inputs: Any, outputs_collections: Any = None, scope: Any = None) -> Any:
    """All axes but the first become one."""
    with build.name_scope(scope, "Flatten", [inputs]) as sc:
        outputs = layers_flatten(convert(inputs))
        return collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def one_hot_encoding(
    labels: Any,
    num_classes: Any,
    on_value: Any = 1.0,
    off_value: Any = 0.0,
    outputs_collections: Any = None,
    scope: Any = None,
) -> Any:
    """Each label as a row that is on_value at the label and off_value elsewhere."""
    with build.name_scope(scope, "OneHotEncoding", [labels, num_classes]) as sc:
        labels = convert(labels)
        if labels.dtype.base_dtype is int32:
            labels = idioms.cast(labels, int64, name="ToInt64")
        outputs = one_hot(labels, num_classes, on_value=on_value, off_value=off_value)
        return collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def softmax(logits: Any, scope: Any = None) -> Any:
    """exp(logits) / sum(exp(logits)) along the last axis."""
    with variable_scope(scope, "softmax", [logits]):
        rows = raw.Reshape(logits, [-1, last_dimension(logits.shape, min_rank=2)])
        predictions = raw.Reshape(nn_softmax(rows), idioms.shape(logits))
        predictions.set_shape(logits.shape)
        return predictions


@add_arg_scope
def maxout(inputs: Any, num_units: int, axis: int = -1, scope: Any = None) -> Any:
    """The largest of each group of channels."""
    with variable_scope(scope, "MaxOut", [inputs]):
        inputs = convert(inputs)
        sizes = inputs.shape.as_list()
        channels = sizes[axis]
        if channels % num_units:
            raise ValueError(
                f"number of features({channels}) is not a multiple of num_units({num_units})"
            )
        sizes[axis] = num_units
        sizes.append(channels // num_units)
        shape = [idioms.shape(inputs)[i] if n is None else n for i, n in enumerate(sizes)]
        return reduce_max(raw.Reshape(inputs, shape), -1, keepdims=False)


@add_arg_scope
def dense_to_sparse(
    tensor: Any, eos_token: Any = 0, outputs_collections: Any = None, scope: Any = None
) -> Any:
    """The elements that are not the token, as a sparse tensor."""
    with variable_scope(scope, "dense_to_sparse", [tensor]) as sc:
        tensor = convert(tensor)
        indices = where(raw.NotEqual(tensor, constant(eos_token, tensor.dtype)))
        values = gather_nd(tensor, indices)
        outputs = SparseTensor(indices, values, idioms.shape(tensor, out_type=int64))
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def images_to_sequence(
    inputs: Any, data_format: str = "NHWC", outputs_collections: Any = None, scope: Any = None
) -> Any:
    """Images as sequences of their columns."""
    first = data_layout(data_format, IMAGES) == "channels_first"
    with build.name_scope(scope, "ImagesToSequence", [inputs]) as sc:
        inputs = convert(inputs)
        if first:
            inputs = transpose(inputs, [0, 2, 3, 1])
        *_, width, depth = inputs.shape.as_list()
        shape = idioms.shape(inputs)
        batch, height = shape[0], shape[1]
        columns = transpose(inputs, [2, 0, 1, 3])
        outputs = raw.Reshape(columns, [width, batch * height, depth])
        return collect_named_outputs(outputs_collections, sc, outputs)


@add_arg_scope
def sequence_to_images(
    inputs: Any,
    height: int,
    output_data_format: str = "channels_last",
    outputs_collections: Any = None,
    scope: Any = None,
) -> Any:
    """Sequences of columns as images."""
    with build.name_scope(scope, "SequenceToImages", [inputs]) as sc:
        inputs = convert(inputs)
        width, count, depth = inputs.shape.as_list()
        count = -1 if count is None else count // height
        images = raw.Reshape(inputs, [width, count, height, depth])
        first = output_data_format == "channels_first"
        outputs = transpose(images, [1, 3, 2, 0] if first else [1, 2, 0, 3])
        return collect_named_outputs(outputs_collections, sc, outputs)


__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": [
        *("bias_add", "dense_to_sparse", "dropout", "flatten", "images_to_sequence", "maxout"),
        *("one_hot_encoding", "sequence_to_images", "softmax"),
    ],
    "contrib.layers.python.layers": [
        *("bias_add", "dense_to_sparse", "dropout", "flatten", "images_to_sequence", "maxout"),
        *("one_hot_encoding", "sequence_to_images", "softmax"),
    ],
    "contrib.layers.python.layers.layers": [
        *("bias_add", "dense_to_sparse", "dropout", "flatten", "images_to_sequence", "maxout"),
        *("one_hot_encoding", "sequence_to_images", "softmax"),
    ],
    "contrib.slim": [
        *("bias_add", "dense_to_sparse", "dropout", "flatten", "images_to_sequence", "maxout"),
        *("one_hot_encoding", "sequence_to_images", "softmax"),
    ],
}
