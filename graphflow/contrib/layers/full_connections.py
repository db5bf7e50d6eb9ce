"""fully_connected and its kin: activation(inputs @ weights + biases)."""

from __future__ import annotations

import functools
from typing import Any

from graphflow.contrib.framework.argument_scopes import add_arg_scope
from graphflow.contrib.layers.layer_variables import (
    WEIGHTS_AND_BIASES,
    LayerScope,
    finished,
    take_into_collections,
)
from graphflow.contrib.layers.named_outputs import collect_named_outputs
from graphflow.contrib.layers.weight_initializers import xavier_initializer
from graphflow.frontend import nn
from graphflow.frontend.initializers import zeros_initializer
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.layers.dense import Dense
from graphflow.frontend.variable_scope import get_variable, variable_scope
from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ops import idioms
from graphflow.ops.arrays import stack, unstack
from graphflow.ops.matrix_idioms import matmul

_XAVIER, _ZEROS = xavier_initializer(), zeros_initializer()


@add_arg_scope
def fully_connected(
    inputs: Any,
    num_outputs: int,
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
    """activation(inputs @ weights + biases), or the same with a normaliser instead of the biases."""
    if not isinstance(num_outputs, int):
        raise ValueError(
            f"num_outputs type should be one of [<class 'int'>], got {type(num_outputs)}."
        )
    opened = LayerScope(scope, "fully_connected", inputs, reuse, WEIGHTS_AND_BIASES)
    with opened as (sc, x):
        layer = Dense(
            units=num_outputs,
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
        outputs = layer.apply(x)
        take_into_collections(layer.kernel, variables_collections, "weights")
        if layer.bias is not None:
            take_into_collections(layer.bias, variables_collections, "biases")
        outputs = finished(outputs, normalizer_fn, normalizer_params, activation_fn)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


def legacy_fully_connected(
    x: Any,
    num_output_units: int,
    activation_fn: Any = None,
    weight_init: Any = _XAVIER,
    bias_init: Any = _ZEROS,
    name: Any = None,
    weight_collections: Any = (GraphKeys.WEIGHTS,),
    bias_collections: Any = (GraphKeys.BIASES,),
    output_collections: Any = (GraphKeys.ACTIVATIONS,),
    trainable: bool = True,
    weight_regularizer: Any = None,
    bias_regularizer: Any = None,
) -> Any:
    """activation(x @ weights + bias), with the collections of old."""
    with variable_scope(name, "fully_connected", [x]):
        x = convert(x)
        rank = x.shape.rank
        if rank is None:
            raise ValueError("dims of x must be known but is None")
        if rank < 2:
            raise ValueError(f"rank of x must be at least 2 not: {rank}")
        size = x.shape.dims[-1].value
        if size is None:
            raise ValueError("last dimension of x must be known but is None")

        def made(name: str, shape: list[int], initializer: Any, regularizer: Any, keys: Any) -> Any:
            return get_variable(
                name,
                shape=shape,
                dtype=x.dtype.base_dtype,
                initializer=initializer,
                collections={*(keys or ()), GraphKeys.GLOBAL_VARIABLES},
                regularizer=regularizer,
                trainable=trainable,
            )

        shape = [size, num_output_units]
        weights = made("weights", shape, weight_init, weight_regularizer, weight_collections)
        rows = x if rank <= 2 else raw.Reshape(x, [-1, size])
        y = matmul(rows, weights)
        if bias_init is not None:
            shape = [num_output_units]
            bias = made("bias", shape, bias_init, bias_regularizer, bias_collections)
            y = nn.bias_add(y, bias)
        if rank > 2:
            sizes = [*unstack(idioms.shape(x))[:-1], num_output_units]
            y = raw.Reshape(y, stack(sizes))
            y.set_shape([*x.shape.as_list()[:-1], num_output_units])
        if activation_fn is not None:
            y = activation_fn(y)
        keys = [*(output_collections or ()), GraphKeys.ACTIVATIONS]
        current_graph().add_to_collections(keys, y)
        return y


linear = functools.partial(fully_connected, activation_fn=None)
relu = functools.partial(fully_connected, activation_fn=nn.relu)
relu6 = functools.partial(fully_connected, activation_fn=nn.relu6)
elu = functools.partial(fully_connected, activation_fn=nn.elu)
legacy_linear = functools.partial(legacy_fully_connected, activation_fn=None)
legacy_relu = functools.partial(legacy_fully_connected, activation_fn=nn.relu)

__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": [
        *("elu", "fully_connected", "legacy_fully_connected", "legacy_linear", "legacy_relu"),
        *("linear", "relu", "relu6"),
    ],
    "contrib.layers.python.layers": [
        *("elu", "fully_connected", "legacy_fully_connected", "legacy_linear", "legacy_relu"),
        *("linear", "relu", "relu6"),
    ],
    "contrib.layers.python.layers.layers": [
        *("elu", "fully_connected", "legacy_fully_connected", "legacy_linear", "legacy_relu"),
        *("linear", "relu", "relu6"),
    ],
    "contrib.slim": [
        *("elu", "fully_connected", "legacy_fully_connected", "legacy_linear", "legacy_relu"),
        *("linear", "relu", "relu6"),
    ],
}
