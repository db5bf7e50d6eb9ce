"""The plain recurrent cell, the gated recurrent unit, and the basic long short-term memory."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from graphflow.frontend import nn
from graphflow.frontend.initializers import constant_initializer, zeros_initializer
from graphflow.frontend.layers import activations, named_initializers
from graphflow.frontend.layers.input_spec import InputSpec
from graphflow.frontend.math import sigmoid, tanh
from graphflow.frontend.rnn.cell import LayerRNNCell, check_dtype, check_dtypes, input_depth
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ops.arrays import concat, split


class GatedCell(LayerRNNCell):
    """What the cells here have in common: so many units, and an activation."""

    def __init__(
        self,
        num_units: int,
        activation: Any,
        reuse: Any,
        name: str | None,
        dtype: Any,
        options: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype, **options)
        check_dtype(self.dtype)
        self.input_spec = InputSpec(ndim=2)
        self._num_units = num_units
        self._activation = activations.get(activation) if activation else tanh

    @property
    def state_size(self) -> Any:
        return self._num_units

    @property
    def output_size(self) -> Any:
        return self._num_units

    def get_config(self) -> dict[str, Any]:
        """The arguments with which an equal one is made."""
        found = dict(super().get_config())
        return found | {
            "num_units": self._num_units,
            "activation": activations.serialize(self._activation),
            "reuse": self._reuse,
        }


def affine(parts: list[Any], kernel: Any, bias: Any) -> Tensor:
    """parts side by side @ kernel + bias."""
    return nn.bias_add(raw.MatMul(concat(parts, 1), kernel), bias)


class BasicRNNCell(GatedCell):
    """output = activation(input @ W + state @ U + b), which is the next state too."""

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, kwargs)

    def build(self, inputs_shape: Any) -> None:
        depth, units = input_depth(inputs_shape), self._num_units
        check_dtype(self.dtype)
        self._kernel = self.add_variable("kernel", shape=[depth + units, units])
        self._bias = self.add_variable(
            "bias", shape=[units], initializer=zeros_initializer(dtype=self.dtype)
        )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        check_dtypes(inputs, state)
        output = self._activation(affine([inputs, state], self._kernel, self._bias))
        return output, output


class GRUCell(GatedCell):
    """u * state + (1 - u) * activation(input @ W + (r * state) @ U + b), with r, u = sigmoid(...) gates."""

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        kernel_initializer: Any = None,
        bias_initializer: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, kwargs)
        self._kernel_initializer = named_initializers.get(kernel_initializer)
        self._bias_initializer = named_initializers.get(bias_initializer)

    def build(self, inputs_shape: Any) -> None:
        depth, units = input_depth(inputs_shape), self._num_units
        check_dtype(self.dtype)
        # open at first: the state passes through
        opened = self._bias_initializer or constant_initializer(1.0, dtype=self.dtype)
        zeros = self._bias_initializer or zeros_initializer(dtype=self.dtype)
        self._gate_kernel, self._gate_bias = self._weights("gates", depth, 2 * units, opened)
        self._candidate_kernel, self._candidate_bias = self._weights(
            "candidate", depth, units, zeros
        )
        self.built = True

    def _weights(self, part: str, depth: int, size: int, bias: Any) -> tuple[Any, Any]:
        kernel = self.add_variable(
            f"{part}/kernel",
            shape=[depth + self._num_units, size],
            initializer=self._kernel_initializer,
        )
        return kernel, self.add_variable(f"{part}/bias", shape=[size], initializer=bias)

    def call(self, inputs: Any, state: Any) -> Any:
        check_dtypes(inputs, state)
        gates = sigmoid(affine([inputs, state], self._gate_kernel, self._gate_bias))
        r, u = split(gates, 2, axis=1)
        c = self._activation(
            affine([inputs, r * state], self._candidate_kernel, self._candidate_bias)
        )
        new_state = u * state + (1 - u) * c
        return new_state, new_state

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "kernel_initializer": named_initializers.serialize(self._kernel_initializer),
            "bias_initializer": named_initializers.serialize(self._bias_initializer),
        }


class LSTMStateTuple(namedtuple("LSTMStateTuple", ["c", "h"])):
    """The state of a long short-term memory: what it remembers, and what it last gave out."""

    __slots__ = ()

    @property
    def dtype(self) -> Any:
        """The type of both."""
        if self.c.dtype != self.h.dtype:
            raise TypeError(f"Inconsistent internal state: {self.c.dtype} vs {self.h.dtype}")
        return self.c.dtype


class BasicLSTMCell(GatedCell):
    """c' = c * sigmoid(f + forget_bias) + sigmoid(i) * activation(j), h' = activation(c') * sigmoid(o)."""

    def __init__(
        self,
        num_units: int,
        forget_bias: Any = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, kwargs)
        self._forget_bias, self._state_is_tuple = forget_bias, state_is_tuple

    @property
    def state_size(self) -> Any:
        units = self._num_units
        return LSTMStateTuple(units, units) if self._state_is_tuple else 2 * units

    def build(self, inputs_shape: Any) -> None:
        depth, units = input_depth(inputs_shape), self._num_units
        check_dtype(self.dtype)
        self._kernel = self.add_variable("kernel", shape=[depth + units, 4 * units])
        self._bias = self.add_variable(
            "bias", shape=[4 * units], initializer=zeros_initializer(dtype=self.dtype)
        )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        check_dtypes(inputs, state)
        one = convert(1, int32)
        c, h = state if self._state_is_tuple else split(state, 2, axis=one)
        i, j, f, o = split(affine([inputs, h], self._kernel, self._bias), 4, axis=one)
        forget_bias = convert(self._forget_bias, f.dtype)
        kept = raw.Mul(c, sigmoid(raw.Add(f, forget_bias)))
        new_c = raw.Add(kept, raw.Mul(sigmoid(i), self._activation(j)))
        new_h = raw.Mul(self._activation(new_c), sigmoid(o))
        both = LSTMStateTuple(new_c, new_h) if self._state_is_tuple else concat([new_c, new_h], 1)
        return new_h, both

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {
            "forget_bias": self._forget_bias,
            "state_is_tuple": self._state_is_tuple,
        }


__all__: list[str] = []
NAMESPACES = {
    "nn.rnn_cell": ["BasicLSTMCell", "BasicRNNCell", "GRUCell", "LSTMStateTuple"],
    "contrib.rnn": ["BasicLSTMCell", "BasicRNNCell", "GRUCell", "LSTMStateTuple"],
    "contrib.rnn.core_rnn_cell": ["BasicLSTMCell", "BasicRNNCell", "GRUCell", "LSTMStateTuple"],
    "python.ops.rnn_cell": ["BasicLSTMCell", "BasicRNNCell", "GRUCell", "LSTMStateTuple"],
    "python.ops.rnn_cell_impl": ["BasicLSTMCell", "BasicRNNCell", "GRUCell", "LSTMStateTuple"],
}
