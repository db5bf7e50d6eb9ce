"""Normalisation by the moments of each example: layer_norm, instance_norm, group_norm; unit_norm."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.framework.argument_scopes import add_arg_scope
from graphflow.contrib.layers.batch_parameters import BatchParameters
from graphflow.contrib.layers.named_outputs import IMAGES, collect_named_outputs, data_layout
from graphflow.frontend.array_parts import strided_slice
from graphflow.frontend.math import div
from graphflow.frontend.nn_normalization import (
    batch_normalization,
    moments,
    normalize_moments,
    sufficient_statistics,
)
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import float16, int32
from graphflow.ops import idioms
from graphflow.ops.arrays import concat


@add_arg_scope
def layer_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    activation_fn: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    begin_norm_axis: int = 1,
    begin_params_axis: int = -1,
    scope: Any = None,
) -> Any:
    """gamma * (inputs - mean) / sqrt(variance) + beta, by the moments over the axes from begin_norm_axis on."""
    with variable_scope(scope, "LayerNorm", [inputs], reuse=reuse) as sc:
        inputs = convert(inputs)
        rank = _ranked(inputs)
        if begin_norm_axis < 0:
            begin_norm_axis += rank
        if begin_params_axis >= rank or begin_norm_axis >= rank:
            raise ValueError(
                f"begin_params_axis ({begin_params_axis}) and begin_norm_axis ({begin_norm_axis}) "
                f"must be < rank(inputs) ({rank})"
            )
        shape = inputs.shape[begin_params_axis:]
        if not shape.is_static:
            raise ValueError(
                f"Inputs {inputs.name}: shape(inputs)[{begin_params_axis}:] is not fully defined: "
                f"{inputs.shape}"
            )
        dtype = inputs.dtype.base_dtype
        made = BatchParameters(shape, dtype, {}, {}, variables_collections, trainable)
        beta = made.made("beta") if center else None
        gamma = made.made("gamma") if scale else None
        mean, variance = moments(inputs, list(range(begin_norm_axis, rank)), keep_dims=True)
        outputs = batch_normalization(
            inputs,
            mean,
            variance,
            offset=beta,
            scale=gamma,
            variance_epsilon=1e-3 if dtype is float16 else 1e-12,
        )
        outputs.set_shape(inputs.shape)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


def _ranked(inputs: Any) -> int:
    rank: int | None = inputs.shape.rank
    if rank is None:
        raise ValueError(f"Inputs {inputs.name} has undefined rank.")
    return rank


@add_arg_scope
def instance_norm(
    inputs: Any,
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-6,
    activation_fn: Any = None,
    param_initializers: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    data_format: str = "NHWC",
    scope: Any = None,
) -> Any:
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta, by the moments of each channel of each example."""
    inputs = convert(inputs)
    rank = _ranked(inputs)
    first = data_layout(data_format, IMAGES) == "channels_first"
    with variable_scope(scope, "InstanceNorm", [inputs], reuse=reuse) as sc:
        channel = 1 if first else rank - 1
        shape = inputs.shape[channel : channel + 1]
        if not shape.is_static:
            raise ValueError(f"Inputs {inputs.name} has undefined channels dimension {shape}.")
        beside = [1, shape[0].value, *[1] * (rank - 2)] if first else None
        made = BatchParameters(
            shape,
            inputs.dtype.base_dtype,
            param_initializers or {},
            {},
            variables_collections,
            trainable,
        )
        beta = _beside(made, "beta", beside) if center else None
        gamma = _beside(made, "gamma", beside) if scale else None
        axes = [axis for axis in range(1, rank) if axis != channel]
        mean, variance = moments(inputs, axes, keep_dims=True)
        outputs = batch_normalization(
            inputs, mean, variance, beta, gamma, epsilon, name="instancenorm"
        )
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


def _beside(made: BatchParameters, name: str, shape: Any) -> Any:
    """A variable, along the axes of the inputs."""
    value = made.made(name)
    return raw.Reshape(value, shape) if shape else value


@add_arg_scope
def group_norm(
    inputs: Any,
    groups: int = 32,
    channels_axis: int = -1,
    reduction_axes: Any = (-3, -2),
    center: bool = True,
    scale: bool = True,
    epsilon: float = 1e-6,
    activation_fn: Any = None,
    param_initializers: Any = None,
    reuse: Any = None,
    variables_collections: Any = None,
    outputs_collections: Any = None,
    trainable: bool = True,
    scope: Any = None,
    mean_close_to_zero: bool = False,
) -> Any:
    """gamma * (inputs - mean) / sqrt(variance + epsilon) + beta, by the moments of each group of channels."""
    inputs = convert(inputs)
    rank = _ranked(inputs)
    if channels_axis > rank - 1:
        raise ValueError("Axis is out of bounds.")
    shape = idioms.shape(inputs)
    sizes = [shape[i] if d.value is None else d.value for i, d in enumerate(inputs.shape)]
    at = channels_axis + rank if channels_axis < 0 else channels_axis
    channels = inputs.shape[at].value
    if channels is None:
        raise ValueError(f"Inputs {inputs.name} has undefined channel dimension: {at}.")
    axes = [axis + rank if axis < 0 else axis for axis in reduction_axes]
    for axis in axes:
        if axis > rank:
            raise ValueError("Axis is out of bounds.")
        if inputs.shape[axis].value is None:
            raise ValueError(f"Inputs {inputs.name} has undefined dimensions {axis}.")
        if axis == at:
            raise ValueError("reduction_axis must be mutually exclusive with channels_axis")
    if groups > channels:
        raise ValueError(f"Invalid groups {groups} for {channels} channels.")
    if channels % groups:
        raise ValueError(f"{channels} channels is not commensurate with {groups} groups.")
    grouped = [groups, channels // groups]
    beside = [*[1] * at, *grouped, *[1] * (rank - at - 1)]
    inputs = raw.Reshape(inputs, [*sizes[:at], *grouped, *sizes[at + 1 :]])
    axes = [at + 1, *(axis + 1 if axis > at else axis for axis in axes)]
    with variable_scope(scope, "GroupNorm", [inputs], reuse=reuse) as sc:
        made = BatchParameters(
            [channels],
            inputs.dtype.base_dtype,
            param_initializers or {},
            {},
            variables_collections,
            trainable,
        )
        beta = _beside(made, "beta", beside) if center else None
        gamma = _beside(made, "gamma", beside) if scale else None
        if mean_close_to_zero:
            statistics = sufficient_statistics(inputs, axes, keep_dims=True)
            mean, variance = normalize_moments(*statistics[:3], shift=None)
        else:
            mean, variance = moments(inputs, axes, keep_dims=True)
        gain = raw.Rsqrt(variance + epsilon)
        offset = -mean * gain
        if gamma is not None:
            gain, offset = gain * gamma, offset * gamma
        if beta is not None:
            offset = offset + beta
        outputs = raw.Reshape(inputs * gain + offset, sizes)
        if activation_fn is not None:
            outputs = activation_fn(outputs)
        return collect_named_outputs(outputs_collections, sc.name, outputs)


@add_arg_scope
def unit_norm(inputs: Any, dim: int, epsilon: float = 1e-7, scope: Any = None) -> Any:
    """inputs / sqrt(epsilon + sum(inputs ** 2)) along an axis."""
    with variable_scope(scope, "UnitNorm", [inputs]):
        rank = inputs.shape.rank
        if not rank:
            raise ValueError("The input rank must be known.")
        if not 0 <= dim < rank:
            raise ValueError("dim must be positive but smaller than the input rank.")
        lengths = raw.Sqrt(epsilon + reduce_sum(raw.Square(inputs), dim, True))
        ones = [idioms.ones([dim], int32)] if dim else []
        times = [*ones, strided_slice(idioms.shape(inputs), [dim], [dim + 1])]
        if dim < rank - 1:
            times.append(idioms.ones([rank - 1 - dim], int32))
        return div(inputs, raw.Tile(lengths, concat(times, 0)))


__all__: list[str] = []
NAMESPACES = {
    "contrib.layers": ["group_norm", "instance_norm", "layer_norm", "unit_norm"],
    "contrib.layers.python.layers": ["group_norm", "instance_norm", "layer_norm", "unit_norm"],
    "contrib.layers.python.layers.layers": [
        "group_norm",
        "instance_norm",
        "layer_norm",
        "unit_norm",
    ],
    "contrib.slim": ["group_norm", "instance_norm", "layer_norm", "unit_norm"],
}
