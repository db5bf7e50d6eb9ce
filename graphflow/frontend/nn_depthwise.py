"""tf.nn: convolutions in which channels do not meet, and morphology."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.nn_convolution import conv2d
from graphflow.frontend.nn_space_to_batch import with_space_to_batch
from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor
from graphflow.ops import idioms

_ONES = (1, 1, 1, 1)


def depthwise_conv2d_native(
    input: Any,
    filter: Any,
    strides: Any,
    padding: str,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """The convolution of each channel with its own filters [height, width, in, multiplier]."""
    return raw.DepthwiseConv2dNative(
        input,
        filter,
        strides=strides,
        padding=padding,
        data_format=data_format or "NHWC",
        dilations=dilations,
        name=name,
    )


def depthwise_conv2d_native_backprop_input(
    input_sizes: Any,
    filter: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """The gradient of depthwise_conv2d_native with respect to its input."""
    return raw.DepthwiseConv2dNativeBackpropInput(
        input_sizes,
        filter,
        out_backprop,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def depthwise_conv2d_native_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    data_format: str = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """The gradient of depthwise_conv2d_native with respect to its filter."""
    return raw.DepthwiseConv2dNativeBackpropFilter(
        input,
        filter_sizes,
        out_backprop,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


depthwise_conv2d_backprop_input = depthwise_conv2d_native_backprop_input
depthwise_conv2d_backprop_filter = depthwise_conv2d_native_backprop_filter


def depthwise_conv2d(
    input: Any,
    filter: Any,
    strides: Any,
    padding: str,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """The convolution of each channel with its own filters, whose taps may lie `rate` elements apart."""
    rate = one_of_two("dilations", dilations, "rate", rate)
    with build.name_scope(name, "depthwise", [input, filter]) as scope:
        input, filter = convert(input, name="tensor_in"), convert(filter, name="filter_in")
        return _dealt(input, filter, strides, padding, rate, data_format, scope)


def _dealt(
    input: Tensor,
    filter: Tensor,
    strides: Any,
    padding: str,
    rate: Any,
    data_format: str | None,
    name: str,
) -> Tensor:
    def native(x: Tensor, _: int, how: str) -> Tensor:
        return depthwise_conv2d_native(x, filter, strides, how, data_format, name=name)

    return with_space_to_batch(
        input,
        filter_shape=idioms.shape(filter),
        dilation_rate=[1, 1] if rate is None else rate,
        padding=padding,
        data_format=data_format,
        op=native,
    )


def separable_conv2d(
    input: Any,
    depthwise_filter: Any,
    pointwise_filter: Any,
    strides: Any,
    padding: str,
    rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    dilations: Any = None,
) -> Tensor:
    """depthwise_conv2d, and then a mixing of the channels at each point."""
    rate = one_of_two("dilations", dilations, "rate", rate)
    operands = [input, depthwise_filter, pointwise_filter]
    with build.name_scope(name, "separable_conv2d", operands) as scope:
        input = convert(input, name="tensor_in")
        depthwise_filter = convert(depthwise_filter, name="depthwise_filter")
        pointwise_filter = convert(pointwise_filter, name="pointwise_filter")
        sizes = pointwise_filter.shape.with_rank(4)
        for axis in (0, 1):
            sizes.dims[axis].assert_is_compatible_with(1)
        each = _dealt(input, depthwise_filter, strides, padding, rate, data_format, "depthwise")
        return conv2d(each, pointwise_filter, _ONES, "VALID", data_format=data_format, name=scope)


def dilation2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    rates: Any = None,
    padding: Any = None,
    name: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The maximum of input + filter over each window."""
    filter = one_of_two("filters", filters, "filter", filter)
    rates = one_of_two("dilations", dilations, "rates", rates)
    return raw.Dilation2D(input, filter, strides=strides, rates=rates, padding=padding, name=name)


def erosion2d(
    value: Any, kernel: Any, strides: Any, rates: Any, padding: str, name: str | None = None
) -> Tensor:
    """The minimum of value - kernel over each window."""
    with build.name_scope(name, "erosion2d", [value, kernel]) as scope:
        least = raw.Dilation2D(
            raw.Neg(value),
            raw.ReverseV2(kernel, [0, 1]),
            strides=strides,
            rates=rates,
            padding=padding,
            name=scope,
        )
        return raw.Neg(least)


__all__: list[str] = []

NAMESPACES = {
    "nn": [
        *(
            "depthwise_conv2d",
            "depthwise_conv2d_backprop_filter",
            "depthwise_conv2d_backprop_input",
        ),
        *("depthwise_conv2d_native", "depthwise_conv2d_native_backprop_filter"),
        *("depthwise_conv2d_native_backprop_input", "dilation2d", "erosion2d", "separable_conv2d"),
    ]
}
