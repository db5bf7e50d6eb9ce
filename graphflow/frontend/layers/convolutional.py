"""Convolutions of rows, images and volumes."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array_joins import pad
from graphflow.frontend.initializers import zeros_initializer
from graphflow.frontend.layers import (
    activations,
    constraints,
    named_initializers,
    regularizers,
    windows,
)
from graphflow.frontend.layers.functions import function_of
from graphflow.frontend.layers.input_spec import InputSpec
from graphflow.frontend.layers.layer import Layer
from graphflow.frontend.nn import bias_add
from graphflow.frontend.nn_convolution import Convolution
from graphflow.ir import raw
from graphflow.ir.shape import TensorShape, as_shape

ZEROS = zeros_initializer()


class Conv(Layer):
    """activation(convolution(inputs, kernel) + bias)."""

    #: how many axes the window moves along
    rank: int

    def __init__(
        self,
        filters: Any,
        kernel_size: Any,
        strides: Any = 1,
        padding: Any = "valid",
        data_format: str | None = "channels_last",
        dilation_rate: Any = 1,
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
            trainable=trainable,
            name=name,
            activity_regularizer=regularizers.get(activity_regularizer),
            **kwargs,
        )
        self.filters = filters
        self.kernel_size = windows.sizes(kernel_size, self.rank, "kernel_size")
        self.strides = windows.sizes(strides, self.rank, "strides")
        self.padding = windows.padding(padding)
        if self.padding == "causal" and self.rank != 1:
            raise ValueError("Causal padding is only supported for `Conv1D` and `SeparableConv1D`.")
        self.data_format = windows.data_format(data_format)
        self.dilation_rate = windows.sizes(dilation_rate, self.rank, "dilation_rate")
        self.activation = activations.get(activation)
        self.use_bias = use_bias
        self.kernel_initializer = named_initializers.get(kernel_initializer)
        self.bias_initializer = named_initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.input_spec = InputSpec(ndim=self.rank + 2)
        self.kernel: Any = None
        self.bias: Any = None

    def build(self, input_shape: Any) -> None:
        shape = as_shape(input_shape)
        inputs = self._accept(shape)
        self.kernel = self._weight("kernel", (*self.kernel_size, inputs, self.filters))
        self._make_bias()
        how = "valid" if self.padding == "causal" else self.padding
        self._convolution = Convolution(
            shape,
            self.kernel.shape,
            how if isinstance(how, list | tuple) else how.upper(),
            strides=self.strides,
            dilation_rate=self.dilation_rate,
            data_format=self._layout,
        )
        self.built = True

    def _accept(self, shape: TensorShape) -> int:
        """From now on inputs of that many channels only."""
        count = windows.channels(shape, self.data_format)
        self.input_spec = InputSpec(ndim=self.rank + 2, axes={self._channel_axis: count})
        return count

    def _weight(self, name: str, shape: tuple[int, ...], like: str = "") -> Any:
        """A weight, with the options that were given for weights of this name or of `like`."""
        options = {
            kind: getattr(self, f"{like or name}_{kind}")
            for kind in ("initializer", "regularizer", "constraint")
        }
        return self.add_weight(name, shape, dtype=self.dtype, trainable=True, **options)

    def _make_bias(self) -> None:
        if self.use_bias:
            self.bias = self._weight("bias", (self.filters,))

    @property
    def _channel_axis(self) -> int:
        return 1 if self.data_format == "channels_first" else -1

    @property
    def _layout(self) -> str:
        return windows.layout(self.data_format, self.rank + 2)

    def call(self, inputs: Any) -> Any:
        if self.padding == "causal":
            inputs = pad(inputs, self._causal_padding())
        outputs = self._convolution(inputs, self.kernel)
        if self.use_bias:
            outputs = self._biased(outputs)
        return self.activation(outputs)

    def _biased(self, outputs: Any) -> Any:
        if self.data_format == "channels_last":
            return bias_add(outputs, self.bias, data_format="NHWC")
        if self.rank == 1:
            return outputs + raw.Reshape(self.bias, (1, self.filters, 1))
        return bias_add(outputs, self.bias, data_format="NCHW")

    def _causal_padding(self) -> list[list[int]]:
        """So much before each row that no result looks ahead."""
        before = [self.dilation_rate[0] * (self.kernel_size[0] - 1), 0]
        last = self.data_format == "channels_last"
        return [[0, 0], before, [0, 0]] if last else [[0, 0], [0, 0], before]

    def compute_output_shape(self, input_shape: Any) -> TensorShape:
        sizes = as_shape(input_shape).as_list()
        first = self.data_format == "channels_first"
        space = [
            windows.swept(size, window, self.padding, stride, dilation)
            for size, window, stride, dilation in zip(
                sizes[2:] if first else sizes[1:-1],
                self.kernel_size,
                self.strides,
                self.dilation_rate,
                strict=True,
            )
        ]
        rest = [self.filters, *space] if first else [*space, self.filters]
        return TensorShape([sizes[0], *rest])


class Conv1D(Conv):
    """A convolution of rows."""

    rank = 1


class Conv2D(Conv):
    """A convolution of images."""

    rank = 2


class Conv3D(Conv):
    """A convolution of volumes."""

    rank = 3


conv1d = function_of(Conv1D, "conv1d")
conv2d = function_of(Conv2D, "conv2d")
conv3d = function_of(Conv3D, "conv3d")

__all__: list[str] = []
NAMESPACES = {
    "layers": ["Conv1D", "Conv2D", "Conv3D", "conv1d", "conv2d", "conv3d"],
    "python.layers.convolutional": {
        "Conv1D": "Conv1D",
        "Conv2D": "Conv2D",
        "Conv3D": "Conv3D",
        "Convolution1D": "Conv1D",
        "Convolution2D": "Conv2D",
        "Convolution3D": "Conv3D",
        "conv1d": "conv1d",
        "conv2d": "conv2d",
        "conv3d": "conv3d",
        "convolution1d": "conv1d",
        "convolution2d": "conv2d",
        "convolution3d": "conv3d",
    },
}
