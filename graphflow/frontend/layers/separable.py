"""Separable convolutions: each channel with its own window, then the channels mixed at each point."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array_joins import pad
from graphflow.frontend.layers import constraints, named_initializers, regularizers, windows
from graphflow.frontend.layers.convolutional import ZEROS, Conv
from graphflow.frontend.layers.functions import function_of
from graphflow.frontend.nn import bias_add
from graphflow.frontend.nn_depthwise import separable_conv2d as nn_separable_conv2d
from graphflow.ir import raw
from graphflow.ir.shape import as_shape


class SeparableConv(Conv):
    """activation(pointwise mixing of(convolution of each channel) + bias)."""

    def __init__(
        self,
        filters: Any,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = "channels_last",
        dilation_rate: Any = 1,
        depth_multiplier: int = 1,
        activation: Any = None,
        use_bias: Any = True,
        depthwise_initializer: Any = None,
        pointwise_initializer: Any = None,
        bias_initializer: Any = ZEROS,
        depthwise_regularizer: Any = None,
        pointwise_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        depthwise_constraint: Any = None,
        pointwise_constraint: Any = None,
        bias_constraint: Any = None,
        trainable: bool = True,
        name: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            filters,
            kernel_size,
            strides,
            padding,
            data_format,
            dilation_rate,
            activation,
            use_bias,
            bias_initializer=bias_initializer,
            bias_regularizer=bias_regularizer,
            activity_regularizer=activity_regularizer,
            bias_constraint=bias_constraint,
            trainable=trainable,
            name=name,
            **kwargs,
        )
        self.depth_multiplier = depth_multiplier
        self.depthwise_initializer = named_initializers.get(depthwise_initializer)
        self.pointwise_initializer = named_initializers.get(pointwise_initializer)
        self.depthwise_regularizer = regularizers.get(depthwise_regularizer)
        self.pointwise_regularizer = regularizers.get(pointwise_regularizer)
        self.depthwise_constraint = constraints.get(depthwise_constraint)
        self.pointwise_constraint = constraints.get(pointwise_constraint)
        self.depthwise_kernel: Any = None
        self.pointwise_kernel: Any = None

    def build(self, input_shape: Any) -> None:
        inputs = self._accept(as_shape(input_shape))
        each = (*self.kernel_size, inputs, self.depth_multiplier)
        mix = (*(1,) * self.rank, self.depth_multiplier * inputs, self.filters)
        self.depthwise_kernel = self._weight("depthwise_kernel", each, "depthwise")
        self.pointwise_kernel = self._weight("pointwise_kernel", mix, "pointwise")
        self._make_bias()
        self.built = True

    def call(self, inputs: Any) -> Any:
        raise NotImplementedError

    def _images(self, inputs: Any, each: Any, mix: Any, strides: Any, rate: Any) -> Any:
        """The separable convolution of images, and the bias."""
        first = self.data_format == "channels_first"
        how = "valid" if self.padding == "causal" else self.padding
        layout = windows.layout(self.data_format, 4)
        outputs = nn_separable_conv2d(
            inputs,
            each,
            mix,
            strides=(1, 1, *strides) if first else (1, *strides, 1),
            padding=how.upper(),
            rate=rate,
            data_format=layout,
        )
        return bias_add(outputs, self.bias, data_format=layout) if self.use_bias else outputs


class SeparableConv1D(SeparableConv):
    """A separable convolution of rows."""

    rank = 1

    def call(self, inputs: Any) -> Any:
        if self.padding == "causal":
            inputs = pad(inputs, self._causal_padding())
        axis = 1 if self.data_format == "channels_last" else 2
        inputs = raw.ExpandDims(inputs, axis)
        each = raw.ExpandDims(self.depthwise_kernel, 0)
        mix = raw.ExpandDims(self.pointwise_kernel, 0)
        rate = (1, *self.dilation_rate)
        outputs = self._images(inputs, each, mix, self.strides * 2, rate)
        return self.activation(raw.Squeeze(outputs, squeeze_dims=[axis]))


class SeparableConv2D(SeparableConv):
    """A separable convolution of images."""

    rank = 2

    def call(self, inputs: Any) -> Any:
        each, mix = self.depthwise_kernel, self.pointwise_kernel
        return self.activation(self._images(inputs, each, mix, self.strides, self.dilation_rate))


separable_conv1d = function_of(SeparableConv1D, "separable_conv1d")
separable_conv2d = function_of(SeparableConv2D, "separable_conv2d")

__all__: list[str] = []
NAMESPACES = {
    "layers": ["SeparableConv1D", "SeparableConv2D", "separable_conv1d", "separable_conv2d"],
    "python.layers.convolutional": {
        "SeparableConv1D": "SeparableConv1D",
        "SeparableConv2D": "SeparableConv2D",
        "SeparableConvolution1D": "SeparableConv1D",
        "SeparableConvolution2D": "SeparableConv2D",
        "separable_conv1d": "separable_conv1d",
        "separable_conv2d": "separable_conv2d",
    },
}
