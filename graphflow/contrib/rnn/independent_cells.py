"""Cells whose units see nothing of the states of the other units."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nn
from graphflow.frontend.initializers import (
    constant_initializer,
    random_uniform_initializer,
    zeros_initializer,
)
from graphflow.frontend.layers.input_spec import InputSpec
from graphflow.frontend.math import sigmoid, tanh
from graphflow.frontend.rnn.cell import LayerRNNCell, input_depth
from graphflow.frontend.rnn.cells import LSTMStateTuple
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ops.arrays import split


class _Independent(LayerRNNCell):
    """Weights for the inputs, one weight for each unit's own state."""

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units, self._activation = num_units, activation or tanh
        self._kernel_initializer, self._bias_initializer = kernel_initializer, bias_initializer

    @property
    def state_size(self) -> Any:
        return self._num_units

    @property
    def output_size(self) -> Any:
        return self._num_units

    def _weights(
        self, prefix: str, depth: int, size: int, bias: Any, kernel: str = "kernel_w"
    ) -> tuple[Any, Any, Any]:
        w = self.add_variable(
            f"{prefix}{kernel}", shape=[depth, size], initializer=self._kernel_initializer
        )
        spread = random_uniform_initializer(minval=-1, maxval=1, dtype=self.dtype)
        u = self.add_variable(f"{prefix}kernel_u", shape=[1, size], initializer=spread)
        start = self._bias_initializer if self._bias_initializer is not None else bias
        return w, u, self.add_variable(f"{prefix}bias", shape=[size], initializer=start)


class IndRNNCell(_Independent):
    """activation(x W + state * u + b)."""

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(num_units, activation, reuse, name=name, dtype=dtype)

    def build(self, inputs_shape: Any) -> None:
        zeros = zeros_initializer(dtype=self.dtype)
        depth = input_depth(inputs_shape)
        self._w, self._u, self._b = self._weights("", depth, self._num_units, zeros)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        output = self._activation(
            nn.bias_add(raw.MatMul(inputs, self._w) + state * self._u, self._b)
        )
        return output, output


class IndyGRUCell(_Independent):
    """A gated recurrent unit of independent units."""

    def build(self, inputs_shape: Any) -> None:
        depth, units = input_depth(inputs_shape), self._num_units
        ones = constant_initializer(1.0, dtype=self.dtype)
        self._gates = self._weights("gates/", depth, 2 * units, ones)
        zeros = zeros_initializer(dtype=self.dtype)
        self._candidate = self._weights("candidate/", depth, units, zeros, "kernel")
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        w, u, b = self._gates
        gates = raw.MatMul(inputs, w) + raw.Tile(state, [1, 2]) * u
        r, z = split(sigmoid(nn.bias_add(gates, b)), 2, axis=1)
        w, u, b = self._candidate
        # the order of the nodes is TensorFlow's
        reset = r * state
        candidate = raw.MatMul(inputs, w) + reset * u
        c = self._activation(nn.bias_add(candidate, b))
        new_state = z * state + (1 - z) * c
        return new_state, new_state


class IndyLSTMCell(_Independent):
    """A long short-term memory of independent units."""

    def __init__(
        self,
        num_units: int,
        forget_bias: Any = 1.0,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(
            num_units, activation, reuse, kernel_initializer, bias_initializer, name, dtype
        )
        self._forget_bias = forget_bias

    @property
    def state_size(self) -> Any:
        return LSTMStateTuple(self._num_units, self._num_units)

    def build(self, inputs_shape: Any) -> None:
        zeros = zeros_initializer(dtype=self.dtype)
        depth = input_depth(inputs_shape)
        self._w, self._u, self._b = self._weights("", depth, 4 * self._num_units, zeros)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        one = convert(1, int32)
        c, h = state
        gates = raw.MatMul(inputs, self._w)
        gates += raw.Tile(h, [1, 4]) * self._u
        i, j, f, o = split(nn.bias_add(gates, self._b), 4, axis=one)
        forget_bias = convert(self._forget_bias, f.dtype)
        kept = raw.Mul(c, sigmoid(raw.Add(f, forget_bias)))
        c = raw.Add(kept, raw.Mul(sigmoid(i), self._activation(j)))
        h = raw.Mul(self._activation(c), sigmoid(o))
        return h, LSTMStateTuple(c, h)


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn": ["IndRNNCell", "IndyGRUCell", "IndyLSTMCell"],
    "contrib.rnn.python.ops.rnn_cell": ["IndRNNCell", "IndyGRUCell", "IndyLSTMCell"],
}
