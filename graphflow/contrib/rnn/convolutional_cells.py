"""Long short-term memories over lines, images and volumes: gates are convolutions."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.initializers import constant_initializer
from graphflow.frontend.math import sigmoid, tanh
from graphflow.frontend.nn_convolution import conv1d, conv2d, conv3d
from graphflow.frontend.rnn.cell import RNNCell
from graphflow.frontend.rnn.cells import LSTMStateTuple
from graphflow.frontend.variable_scope import get_variable
from graphflow.ir.shape import TensorShape
from graphflow.ops.arrays import concat, split


class ConvLSTMCell(RNNCell):
    """c' = c * sigmoid(f + forget_bias) + sigmoid(i) * tanh(j), h' = tanh(c') * sigmoid(o), for each place."""

    def __init__(
        self,
        conv_ndims: int,
        input_shape: Any,
        output_channels: int,
        kernel_shape: Any,
        use_bias: bool = True,
        skip_connection: bool = False,
        forget_bias: Any = 1.0,
        initializers: Any = None,
        name: str = "conv_lstm_cell",
    ) -> None:
        super().__init__(name=name)
        if conv_ndims != len(input_shape) - 1:
            raise ValueError(f"Invalid input_shape {input_shape} for conv_ndims={conv_ndims}.")
        self._conv_ndims, self._input_shape = conv_ndims, input_shape
        self._output_channels, self._kernel_shape = output_channels, list(kernel_shape)
        self._use_bias, self._forget_bias = use_bias, forget_bias
        self._skip_connection = skip_connection

    def _size(self, channels: int) -> TensorShape:
        return TensorShape([*self._input_shape[:-1], channels])

    @property
    def output_size(self) -> Any:
        more = self._input_shape[-1] if self._skip_connection else 0
        return self._size(self._output_channels + more)

    @property
    def state_size(self) -> Any:
        size = self._size(self._output_channels)
        return LSTMStateTuple(size, size)

    def call(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        c, h = state
        count = 4 * self._output_channels
        gates = _convolved([inputs, h], self._kernel_shape, count, self._use_bias)
        i, j, f, o = split(gates, 4, axis=self._conv_ndims + 1)
        new_c = sigmoid(f + self._forget_bias) * c
        new_c += sigmoid(i) * tanh(j)
        output = tanh(new_c) * sigmoid(o)
        if self._skip_connection:
            output = concat([output, inputs], axis=-1)
        return output, LSTMStateTuple(new_c, output)


def _convolved(args: list[Any], kernel_shape: list[int], features: int, bias: bool) -> Any:
    """The inputs side by side, convolved."""
    shapes = [a.shape.as_list() for a in args]
    rank = len(shapes[0])
    for shape in shapes:
        if len(shape) not in (3, 4, 5):
            raise ValueError(f"Conv Linear expects 3D, 4D or 5D arguments: {shapes}")
        if len(shape) != rank:
            raise ValueError(f"Conv Linear expects all args to be of same Dimension: {shapes}")
    depth, dtype = sum(s[-1] for s in shapes), args[0].dtype
    kernel = get_variable("kernel", [*kernel_shape, depth, features], dtype=dtype)
    convolve: Any = {3: conv1d, 4: conv2d, 5: conv3d}[rank]
    strides: Any = 1 if rank == 3 else [1] * rank
    joined = args[0] if len(args) == 1 else concat(args, rank - 1)
    result = convolve(joined, kernel, strides, padding="SAME")
    if not bias:
        return result
    zeros = constant_initializer(0.0, dtype=dtype)
    return result + get_variable("biases", [features], dtype=dtype, initializer=zeros)


class Conv1DLSTMCell(ConvLSTMCell):
    """The memory over lines."""

    def __init__(self, name: str = "conv_1d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=1, name=name, **kwargs)


class Conv2DLSTMCell(ConvLSTMCell):
    """The memory over images."""

    def __init__(self, name: str = "conv_2d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=2, name=name, **kwargs)


class Conv3DLSTMCell(ConvLSTMCell):
    """The memory over volumes."""

    def __init__(self, name: str = "conv_3d_lstm_cell", **kwargs: Any) -> None:
        super().__init__(conv_ndims=3, name=name, **kwargs)


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn": ["Conv1DLSTMCell", "Conv2DLSTMCell", "Conv3DLSTMCell", "ConvLSTMCell"],
    "contrib.rnn.python.ops.rnn_cell": [
        *("Conv1DLSTMCell", "Conv2DLSTMCell", "Conv3DLSTMCell", "ConvLSTMCell"),
    ],
}
