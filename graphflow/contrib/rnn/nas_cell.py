"""NASCell: the cell that a search over cells found."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nn
from graphflow.frontend.initializers import zeros_initializer
from graphflow.frontend.math import sigmoid, tanh
from graphflow.frontend.rnn.cell import LayerRNNCell
from graphflow.frontend.rnn.cells import LSTMStateTuple
from graphflow.ir import raw
from graphflow.ir.shape import as_shape
from graphflow.ops.arrays import split

#: what becomes of the sums of inputs and states, of which there are eight
_FIRST = (sigmoid, nn.relu, sigmoid, nn.relu, tanh, sigmoid, tanh, sigmoid)
_PRODUCT = 3


class NASCell(LayerRNNCell):
    """Eight gates, joined two by two until one is left."""

    def __init__(
        self,
        num_units: int,
        num_proj: int | None = None,
        use_bias: bool = False,
        reuse: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, **kwargs)
        self._num_units, self._num_proj, self._use_bias = num_units, num_proj, use_bias

    @property
    def state_size(self) -> Any:
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self) -> Any:
        return self._num_units if self._num_proj is None else self._num_proj

    def build(self, inputs_shape: Any) -> None:
        depth = as_shape(inputs_shape).with_rank(2)[1].value
        if depth is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        size = len(_FIRST) * self._num_units
        self.recurrent_kernel = self.add_variable("recurrent_kernel", [self.output_size, size])
        self.kernel = self.add_variable("kernel", [depth, size])
        if self._use_bias:
            self.bias = self.add_variable("bias", shape=[size], initializer=zeros_initializer)
        if self._num_proj is not None:
            shape = [self._num_units, self._num_proj]
            self.projection_weights = self.add_variable("projection_weights", shape)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        c, h = state
        of_state = raw.MatMul(h, self.recurrent_kernel)
        of_inputs = raw.MatMul(inputs, self.kernel)
        if self._use_bias:
            of_state = nn.bias_add(of_state, self.bias)
        states = split(of_state, len(_FIRST), axis=1)
        values = split(of_inputs, len(_FIRST), axis=1)
        first = [
            gate(values[i] * states[i] if i == _PRODUCT else values[i] + states[i])
            for i, gate in enumerate(_FIRST)
        ]
        second = [
            tanh(first[0] * first[1]),
            tanh(first[2] + first[3]),
            tanh(first[4] * first[5]),
            sigmoid(first[6] + first[7]),
        ]
        new_c = tanh(second[0] + c) * second[1]
        new_h = tanh(new_c * tanh(second[2] + second[3]))
        if self._num_proj is not None:
            new_h = raw.MatMul(new_h, self.projection_weights)
        return new_h, LSTMStateTuple(new_c, new_h)


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn": ["NASCell"],
    "contrib.rnn.python.ops.rnn_cell": ["NASCell"],
}
