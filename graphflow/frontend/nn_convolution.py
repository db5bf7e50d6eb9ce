"""tf.nn: convolutions of rows, images and volumes."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.nn_space_to_batch import SpaceToBatch, strides_and_rate
from graphflow.frontend.nn_windows import channel_axis, explicit_padding, known_rank, per_axis
from graphflow.frontend.spelling import one_of_two
from graphflow.ir import build, raw
from graphflow.ir.node import Tensor
from graphflow.ir.shape import UNKNOWN, TensorShape, as_shape

_ONES = (1, 1, 1, 1)


def conv2d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str | None = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """The convolution of a batch of images with a filter [height, width, in, out]."""
    filter = one_of_two("filters", filters, "filter", filter)
    padding, explicit = explicit_padding(padding)
    channels = channel_axis(data_format, 4)
    return raw.Conv2D(
        input,
        filter,
        strides=per_axis(strides, 2, channels, "strides"),
        padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu,
        explicit_paddings=explicit,
        data_format=data_format or "NHWC",
        dilations=per_axis(dilations, 2, channels, "dilations"),
        name=name,
    )


def conv2d_backprop_filter(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: Any,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
) -> Tensor:
    """The gradient of conv2d with respect to its filter."""
    padding, explicit = explicit_padding(padding)
    return raw.Conv2DBackpropFilter(
        input,
        filter_sizes,
        out_backprop,
        strides=strides,
        padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu,
        explicit_paddings=explicit,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def conv2d_backprop_input(
    input_sizes: Any,
    filter: Any = None,
    out_backprop: Any = None,
    strides: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool = True,
    data_format: str = "NHWC",
    dilations: Any = _ONES,
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """The gradient of conv2d with respect to its input."""
    filter = one_of_two("filters", filters, "filter", filter)
    padding, explicit = explicit_padding(padding)
    return raw.Conv2DBackpropInput(
        input_sizes,
        filter,
        out_backprop,
        strides=strides,
        padding=padding,
        use_cudnn_on_gpu=use_cudnn_on_gpu,
        explicit_paddings=explicit,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def conv1d(
    value: Any = None,
    filters: Any = None,
    stride: Any = None,
    padding: Any = None,
    use_cudnn_on_gpu: bool | None = None,
    data_format: str | None = None,
    name: str | None = None,
    input: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The convolution of a batch of rows with a filter [width, in, out]."""
    value = one_of_two("input", input, "value", value)
    with build.name_scope(name, "conv1d", [value, filters]) as scope:
        if data_format not in (None, "NHWC", "NWC", "NCHW", "NCW"):
            raise ValueError('data_format must be "NWC" or "NCW".')
        channels = channel_axis(data_format, 3)
        axis = 2 if channels == 1 else 1
        strides = [1, *per_axis(stride, 1, channels, "stride")]
        rates = [1, *per_axis(dilations, 1, channels, "dilations")]
        y = raw.Conv2D(
            raw.ExpandDims(value, axis),
            raw.ExpandDims(filters, 0),
            strides=strides,
            padding=padding,
            use_cudnn_on_gpu=True if use_cudnn_on_gpu is None else use_cudnn_on_gpu,
            data_format="NCHW" if channels == 1 else "NHWC",
            dilations=rates,
            name=scope,
        )
        return raw.Squeeze(y, squeeze_dims=[axis])


def conv3d(
    input: Any,
    filter: Any = None,
    strides: Any = None,
    padding: Any = None,
    data_format: str = "NDHWC",
    dilations: Any = (1, 1, 1, 1, 1),
    name: str | None = None,
    filters: Any = None,
) -> Tensor:
    """The convolution of a batch of volumes with a filter [depth, height, width, in, out]."""
    filter = one_of_two("filters", filters, "filter", filter)
    return raw.Conv3D(
        input,
        filter,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


def conv3d_backprop_filter_v2(
    input: Any,
    filter_sizes: Any,
    out_backprop: Any,
    strides: Any,
    padding: str,
    data_format: str = "NDHWC",
    dilations: Any = (1, 1, 1, 1, 1),
    name: str | None = None,
) -> Tensor:
    """The gradient of conv3d with respect to its filter."""
    return raw.Conv3DBackpropFilterV2(
        input,
        filter_sizes,
        out_backprop,
        strides=strides,
        padding=padding,
        data_format=data_format,
        dilations=dilations,
        name=name,
    )


conv3d_backprop_filter = conv3d_backprop_filter_v2


def convolution(
    input: Any,
    filter: Any,
    padding: Any,
    strides: Any = None,
    dilation_rate: Any = None,
    name: str | None = None,
    data_format: str | None = None,
    filters: Any = None,
    dilations: Any = None,
) -> Tensor:
    """The convolution of a batch of rows, images or volumes; dilated ones are dealt out over the batch."""
    filter = one_of_two("filters", filters, "filter", filter)
    rate = one_of_two("dilations", dilations, "dilation_rate", dilation_rate)
    rank = known_rank(None, _shape_of(input), _shape_of(filter))
    channels, spatial = channel_axis(data_format, rank), rank - 2
    steps = per_axis(strides, spatial, channels, "strides")
    rates = per_axis(rate, spatial, channels, "dilations")
    with build.name_scope(name, "convolution", [input, filter]) as scope:
        if all(r == 1 for r in rates):
            layout = data_format or _USUAL[rank]
            return _PLAIN[rank](
                input,
                filter,
                steps,
                padding=padding,
                data_format=layout,
                dilations=rates,
                name=scope,
            )
        middle = slice(2, None) if channels == 1 else slice(1, -1)
        dealt = Convolution(
            _shape_of(input),
            _shape_of(filter),
            padding,
            steps[middle],
            rates[middle],
            scope,
            data_format,
        )
        return dealt(input, filter)


_PLAIN: dict[int, Any] = {3: conv1d, 4: conv2d, 5: conv3d}
_USUAL = {3: "NWC", 4: "NHWC", 5: "NDHWC"}


def _shape_of(x: Any) -> TensorShape:
    return UNKNOWN if x.shape is None else as_shape(x.shape)


class Convolution:
    """A convolution of which all but the operands is settled; dilated ones are dealt out over the batch."""

    def __init__(
        self,
        input_shape: TensorShape,
        filter_shape: TensorShape,
        padding: Any,
        strides: Any = None,
        dilation_rate: Any = None,
        name: str | None = None,
        data_format: str | None = None,
    ) -> None:
        rank = filter_shape.rank if filter_shape.rank is not None else input_shape.rank
        if rank is None:
            raise ValueError("rank of input or filter must be known")
        for label, shape in (("input", input_shape), ("filter", filter_shape)):
            if shape.rank not in (None, rank):
                raise ValueError(f"{label} tensor must have rank {rank}")
        first = channel_axis(data_format, rank) == 1
        depth, wanted = input_shape[1 if first else rank - 1], filter_shape[rank - 2]
        if not depth.is_compatible_with(wanted):
            raise ValueError(
                "number of input channels does not match corresponding dimension of filter, "
                f"{depth} != {wanted}"
            )
        strides, rate = strides_and_rate(rank - 2, strides, dilation_rate)
        axes = range(2 if first else 1, rank if first else rank - 1)
        self.strides: list[int] = strides.tolist()
        self.name, self.data_format = name, data_format
        self._dealt = SpaceToBatch(input_shape, rate, padding, filter_shape, axes, data_format)

    def __call__(self, input: Any, filter: Any) -> Tensor:
        def plain(x: Tensor, _: int, padding: Any) -> Tensor:
            return self._plain(x, filter, padding)

        return self._dealt(input, filter, plain)

    def _plain(self, x: Any, w: Any, padding: Any) -> Tensor:
        rank = len(self.strides) + 2
        layout = self.data_format or _USUAL[rank]
        strides = per_axis(self.strides, rank - 2, channel_axis(layout, rank), "strides")
        return _PLAIN[rank](x, w, strides, padding, data_format=layout, name=self.name)


def atrous_conv2d(
    value: Any, filters: Any, rate: Any, padding: Any, name: str | None = None
) -> Tensor:
    """conv2d whose taps lie `rate` elements apart."""
    rates = np.broadcast_to(rate, (2,))
    return convolution(value, filters, padding, dilation_rate=rates, name=name)


__all__: list[str] = []

NAMESPACES = {
    "nn": [
        *("atrous_conv2d", "conv1d", "conv2d", "conv2d_backprop_filter", "conv2d_backprop_input"),
        *("conv3d", "conv3d_backprop_filter", "conv3d_backprop_filter_v2", "convolution"),
    ]
}
