"""batch_norm: by the moments of the batch in training, by their moving averages afterwards."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.framework.argument_scopes import add_arg_scope
from graphflow.contrib.layers.batch_parameters import INITIALIZERS, BatchParameters
from graphflow.contrib.layers.batch_steps import BatchSteps
from graphflow.contrib.layers.layer_variables import LayerScope, take_into_collections
from graphflow.contrib.layers.named_outputs import IMAGES, collect_named_outputs, data_layout
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.layers.batch_normalization import BatchNormalization
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float32
from graphflow.ops import idioms


@add_arg_scope
def batch_norm(
    inputs: Any,
    decay: float = 0.999,
    center: bool = True,
    scale: bool = False,
    epsilon: float = 0.001,
    activation_fn: Any = None,
    param_initializers: Any = None,
    param_regularizers: Any = None,
    updates_collections: Any = GraphKeys.UPDATE_OPS,
    is_training: Any = True,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    batch_weights: Any = None,
    fused: bool | None = None,
    data_format: str = "NHWC",
    zero_debias_moving_mean: bool = False,
    scope: Any = None,
    renorm: bool = False,
    renorm_clipping: Any = None,
    renorm_decay: float = 0.99,
    adjustment: Any = None,
) -> Any:
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta.

    The averages are updated by nodes in `updates_collections`; with None, before the outputs are given out.
    """
    inputs = convert(inputs)
    rank = inputs.shape.rank
    fused = fused is None or fused
    usual = updates_collections is GraphKeys.UPDATE_OPS and not zero_debias_moving_mean
    plain = batch_weights is None and not renorm and adjustment is None
    first = data_layout(data_format, IMAGES) == "channels_first"
    initializers, penalties = param_initializers or {}, param_regularizers or {}
    steps = BatchSteps(
        decay,
        epsilon,
        center,
        scale,
        is_training,
        updates_collections,
        zero_debias_moving_mean,
        data_format,
    )

    def parameters(x: Any, dtype: Any, regularizers: Any) -> BatchParameters:
        if x.shape.rank is None:
            raise ValueError(f"Inputs {x.name} has undefined rank.")
        channels = x.shape[1:2] if first else x.shape[-1:]
        if not channels.is_static:
            raise ValueError(f"Inputs {x.name} has undefined channels dimension {channels}.")
        return BatchParameters(
            channels, dtype, initializers, regularizers, variables_collections, trainable
        )

    if fused and plain and ((rank == 4 and not usual) or rank == 2):
        with variable_scope(scope, "BatchNorm", [inputs], reuse=reuse) as sc:
            x = _image_like(inputs, first) if rank == 2 else inputs
            outputs = steps.fused(x, parameters(x, float32, penalties))
            outputs.set_shape(x.shape)
            if rank == 2:
                outputs = raw.Reshape(outputs, idioms.shape(inputs))
            return _given_out(outputs, activation_fn, outputs_collections, sc)
    with LayerScope(scope, "BatchNorm", inputs, reuse) as (sc, x):
        if batch_weights is None and usual:
            layer = BatchNormalization(
                axis=1 if first else -1,
                momentum=decay,
                epsilon=epsilon,
                center=center,
                scale=scale,
                beta_regularizer=penalties.get("beta"),
                gamma_regularizer=penalties.get("gamma"),
                trainable=trainable,
                renorm=renorm,
                renorm_clipping=renorm_clipping,
                renorm_momentum=renorm_decay,
                adjustment=adjustment,
                name=sc.name,
                _scope=sc,
                _reuse=reuse,
                fused=fused,
                **{
                    f"{name}_initializer": initializers.get(name, usual_one)
                    for name, usual_one in INITIALIZERS.items()
                },
            )
            outputs = layer.apply(x, training=is_training)
            for name in ("moving_mean", "moving_variance", "beta", "gamma"):
                if getattr(layer, name) is not None:
                    take_into_collections(getattr(layer, name), variables_collections, name)
            return _given_out(outputs, activation_fn, outputs_collections, sc)
        if renorm:
            raise ValueError(
                "renorm is not supported with batch_weights, updates_collections or "
                "zero_debias_moving_mean"
            )
        outputs = steps.stepwise(x, parameters(x, x.dtype.base_dtype, {}), batch_weights)
        return _given_out(outputs, activation_fn, outputs_collections, sc)


def _image_like(x: Any, first: bool) -> Any:
    """Rows as images of one pixel."""
    channels = x.shape[-1].value
    if channels is None:
        raise ValueError("`C` dimension must be known but is None")
    return raw.Reshape(x, [-1, channels, 1, 1] if first else [-1, 1, 1, channels])


def _given_out(outputs: Any, activation_fn: Any, collections: Any, sc: Any) -> Any:
    if activation_fn is not None:
        outputs = activation_fn(outputs)
    return collect_named_outputs(collections, sc.name, outputs)


__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": ["batch_norm"],
    "contrib.layers.python.layers": ["batch_norm"],
    "contrib.layers.python.layers.layers": ["batch_norm"],
    "contrib.slim": ["batch_norm"],
}
