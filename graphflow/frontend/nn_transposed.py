"""tf.nn: transposed convolutions, the gradients of convolutions used forwards."""

from __future__ import annotations

from collections.abc import Sized
from typing import Any

import numpy as np

from graphflow.frontend.nn_windows import channel_axis, one_dimensional, per_axis
from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor
from graphflow.ops import idioms
from graphflow.ops.arrays import concat


def conv2d_transpose(
    value: Any = None,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str | None = "NHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The transposed convolution of a batch of images with a filter [height, width, out, in]."""
    value = one_of_two("input", input, "value", value)
    filter = one_of_two("filters", filters, "filter", filter)
    with build.name_scope(name, "conv2d_transpose", [value, filter, output_shape]) as scope:
        return _images(value, filter, output_shape, strides, padding, data_format, dilations, scope)


def _images(
    value: Any,
    filter: Any,
    output_shape: Any,
    strides: Any,
    padding: str,
    data_format: str | None,
    dilations: Any,
    name: str | None,
) -> Tensor:
    with build.name_scope(name, "conv2d_transpose", [value, output_shape]) as scope:
        channels = channel_axis(data_format, 4)
        return raw.Conv2DBackpropInput(
            output_shape,
            filter,
            value,
            strides=per_axis(strides, 2, channels, "strides"),
            padding=padding,
            data_format=data_format or "NHWC",
            dilations=per_axis(dilations, 2, channels, "dilations"),
            name=scope,
        )


def conv1d_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str | None = "NWC",
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """The transposed convolution of a batch of rows with a filter [width, out, in]."""
    with build.name_scope(name, "conv1d_transpose", [input, filters, output_shape]) as scope:
        layout, axis = one_dimensional(data_format or "NWC", "conv1d_transpose", ("NWC", "NCW"))
        channels = channel_axis(layout, 3)
        steps = [1, *per_axis(strides, 1, channels, "stride")]
        rates = [1, *per_axis(dilations, 1, channels, "dilations")]
        images, kernel = raw.ExpandDims(input, axis), raw.ExpandDims(filters, 0)
        sizes = output_shape if isinstance(output_shape, Tensor) else list(output_shape)
        sizes = concat([sizes[:axis], [1], sizes[axis:]], 0)
        y = raw.Conv2DBackpropInput(
            sizes,
            kernel,
            images,
            strides=steps,
            padding=padding,
            data_format=layout,
            dilations=rates,
            name=scope,
        )
        return raw.Squeeze(y, squeeze_dims=[axis])


def conv3d_transpose(
    value: Any,
    filter: Any = None,
    output_shape: Any = None,
    strides: Any = None,
    padding: str = "SAME",
    data_format: str | None = "NDHWC",
    name: str | None = None,
    input: Any = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The transposed convolution of a batch of volumes with a filter [depth, height, width, out, in]."""
    filter = one_of_two("filters", filters, "filter", filter)
    value = one_of_two("input", input, "value", value)
    with build.name_scope(name, "conv3d_transpose", [value, output_shape]) as scope:
        channels = channel_axis(data_format, 5)
        return raw.Conv3DBackpropInputV2(
            output_shape,
            filter,
            value,
            strides=per_axis(strides, 3, channels, "strides"),
            padding=padding,
            data_format=data_format or "NDHWC",
            dilations=per_axis(dilations, 3, channels, "dilations"),
            name=scope,
        )


def conv_transpose(
    input: Any,
    filters: Any,
    output_shape: Any,
    strides: Any,
    padding: str = "SAME",
    data_format: str | None = None,
    dilations: Any = None,
    name: str | None = None,
) -> Tensor:
    """The transposed convolution of a batch of rows, images or volumes, as many axes as `output_shape` has."""
    with build.name_scope(name, "conv_transpose", [input, output_shape]) as scope:
        if isinstance(output_shape, Tensor):
            rank = int(output_shape.shape[0])
        elif isinstance(output_shape, Sized):
            rank = len(output_shape)
        else:
            raise ValueError("output_shape must be a tensor or sized collection.")
        if not 3 <= rank <= 5:
            raise ValueError(f"output_shape must be of length 3, 4 or 5 but was {rank}.")
        if rank == 3:
            return conv1d_transpose(
                input, filters, output_shape, strides, padding, data_format, dilations, scope
            )
        if rank == 4:
            return _images(
                input, filters, output_shape, strides, padding, data_format, dilations, scope
            )
        return conv3d_transpose(
            input, filters, output_shape, strides, padding, data_format, scope, dilations=dilations
        )


def atrous_conv2d_transpose(
    value: Any, filters: Any, output_shape: Any, rate: int, padding: str, name: str | None = None
) -> Tensor:
    """The transposed convolution whose taps lie `rate` elements apart."""
    with build.name_scope(name, "atrous_conv2d_transpose", [value, filters, output_shape]):
        value, filters = convert(value, name="value"), convert(filters, name="filters")
        if not value.shape[3].is_compatible_with(filters.shape[3]):
            raise ValueError(
                "value's input channels does not match filters' input channels, "
                f"{value.shape[3]} != {filters.shape[3]}"
            )
        if rate < 1:
            raise ValueError(f"rate {rate} cannot be less than one")
        if rate == 1:
            return conv2d_transpose(value, filters, output_shape, [1, 1, 1, 1], padding)
        sizes = convert(output_shape, name="output_shape")
        if not sizes.shape.is_compatible_with([4]):
            raise ValueError(f"output_shape must have shape (4,), got {sizes.shape}")
        if isinstance(output_shape, tuple):
            output_shape = list(output_shape)
        if isinstance(output_shape, list | np.ndarray) and not filters.shape[2].is_compatible_with(
            output_shape[3]
        ):
            raise ValueError(
                "output_shape does not match filter's output channels, "
                f"{output_shape[3]} != {filters.shape[2]}"
            )
        (top, bottom), (left, right) = _same_padding(filters, rate, padding)
        height, width = output_shape[1] + top + bottom, output_shape[2] + left + right
        more_rows, more_columns = (rate - height % rate) % rate, (rate - width % rate) % rate
        block = np.array([rate, rate], dtype=np.int64)
        dealt = raw.SpaceToBatchND(value, block, [[0, more_rows], [0, more_columns]])
        y = raw.Conv2DBackpropInput(
            [
                rate * rate * output_shape[0],
                (height + more_rows) // rate,
                (width + more_columns) // rate,
                output_shape[3],
            ],
            filters,
            dealt,
            strides=[1, 1, 1, 1],
            padding="VALID",
        )
        crops = [[top, bottom + more_rows], [left, right + more_columns]]
        return raw.BatchToSpaceND(y, block, crops)


def _same_padding(filters: Tensor, rate: int, padding: str) -> Any:
    """What SAME padding puts before and behind the rows and columns under a dilated filter."""
    if padding == "VALID":
        return (0, 0), (0, 0)
    if padding != "SAME":
        raise ValueError(f"padding must be either VALID or SAME: {padding}")
    sizes: Any = filters.shape.as_list() if filters.shape.is_static else idioms.shape(filters)
    kernel = [sizes[0], sizes[1]]
    extra = [e - 1 for e in [k + (k - 1) * (rate - 1) for k in kernel]]
    pairs = []
    for e in extra:
        before = e // 2
        pairs.append((before, e - before))
    return pairs


__all__: list[str] = []

NAMESPACES = {
    "nn": [
        *("atrous_conv2d_transpose", "conv1d_transpose", "conv2d_transpose", "conv3d_transpose"),
        "conv_transpose",
    ]
}
