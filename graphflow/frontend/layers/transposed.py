"""Transposed convolutions: the gradients of convolutions taken as layers."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.layers import windows
from graphflow.frontend.layers.convolutional import ZEROS, Conv
from graphflow.frontend.layers.functions import function_of
from graphflow.frontend.nn import bias_add
from graphflow.frontend.nn_transposed import conv2d_transpose as nn_conv2d_transpose
from graphflow.frontend.nn_transposed import conv3d_transpose as nn_conv3d_transpose
from graphflow.ir.shape import TensorShape, as_shape
from graphflow.ops import idioms
from graphflow.ops.arrays import stack, transpose


class ConvTranspose(Conv):
    """activation(transposed convolution(inputs, kernel) + bias)."""

    def __init__(
        self,
        filters: Any,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = "channels_last",
        activation: Any = None,
        use_bias: Any = True,
        kernel_initializer: Any = None,
        bias_initializer: Any = ZEROS,
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
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
            1,
            activation,
            use_bias,
            kernel_initializer,
            bias_initializer,
            kernel_regularizer,
            bias_regularizer,
            activity_regularizer,
            kernel_constraint,
            bias_constraint,
            trainable,
            name,
            **kwargs,
        )

    def build(self, input_shape: Any) -> None:
        shape = as_shape(input_shape)
        if shape.rank != self.rank + 2:
            raise ValueError(
                f"Inputs should have rank {self.rank + 2}. Received input shape: {shape}"
            )
        self.kernel = self._weight("kernel", (*self.kernel_size, self.filters, self._accept(shape)))
        self._make_bias()
        self.built = True

    @property
    def _space(self) -> range:
        """The axes that the window moves along."""
        first = 2 if self.data_format == "channels_first" else 1
        return range(first, first + self.rank)

    def _grown(self, lengths: list[Any]) -> list[Any]:
        return [
            windows.unswept(length, window, self.padding, stride)
            for length, window, stride in zip(lengths, self.kernel_size, self.strides, strict=True)
        ]

    def call(self, inputs: Any) -> Any:
        shape = idioms.shape(inputs)
        batch = shape[0]
        lengths = self._grown([shape[axis] for axis in self._space])
        first = self.data_format == "channels_first"
        rest = [self.filters, *lengths] if first else [*lengths, self.filters]
        target = stack([batch, *rest])
        outputs = self._transposed(inputs, target)
        outputs.set_shape(self.compute_output_shape(inputs.shape))
        if self.use_bias:
            layout = "NCHW" if first else "NHWC"
            outputs = bias_add(outputs, self.bias, data_format=layout)
        return self.activation(outputs)

    def _transposed(self, inputs: Any, target: Any) -> Any:
        raise NotImplementedError

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        sizes = as_shape(input_shape).as_list()
        sizes[self._channel_axis] = self.filters
        grown = self._grown([sizes[axis] for axis in self._space])
        for axis, size in zip(self._space, grown, strict=True):
            sizes[axis] = size
        return TensorShape(sizes)


class Conv2DTranspose(ConvTranspose):
    """A transposed convolution of images."""

    rank = 2

    def _transposed(self, inputs: Any, target: Any) -> Any:
        how, strides = self.padding.upper(), (1, *self.strides, 1)
        if self.data_format == "channels_last":
            # nobody reads this node, but the seeds of random ops made later count it
            target[0]
            return nn_conv2d_transpose(inputs, self.kernel, target, strides, how)
        # where there is no accelerator, TensorFlow's images have their channels last
        inputs = transpose(inputs, (0, 2, 3, 1))
        target = stack([target[axis] for axis in (0, 2, 3, 1)])
        outputs = nn_conv2d_transpose(inputs, self.kernel, target, strides, how)
        return transpose(outputs, (0, 3, 1, 2))


class Conv3DTranspose(ConvTranspose):
    """A transposed convolution of volumes."""

    rank = 3

    def _transposed(self, inputs: Any, target: Any) -> Any:
        first = self.data_format == "channels_first"
        strides = (1, 1, *self.strides) if first else (1, *self.strides, 1)
        how, layout = self.padding.upper(), self._layout
        return nn_conv3d_transpose(inputs, self.kernel, target, strides, how, data_format=layout)


conv2d_transpose = function_of(Conv2DTranspose, "conv2d_transpose")
conv3d_transpose = function_of(Conv3DTranspose, "conv3d_transpose")

__all__: list[str] = []
NAMESPACES = {
    "layers": ["Conv2DTranspose", "Conv3DTranspose", "conv2d_transpose", "conv3d_transpose"],
    "python.layers.convolutional": [
        *("Conv2DTranspose", "Conv3DTranspose", "conv2d_transpose", "conv3d_transpose"),
    ],
}
