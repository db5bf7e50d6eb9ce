"""Cells with few gates: the update gate, the intersection of both ways, the simple recurrent unit."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.rnn.linear import Linear
from graphflow.frontend import nn
from graphflow.frontend.initializers import zeros_initializer
from graphflow.frontend.layers.input_spec import InputSpec
from graphflow.frontend.math import sigmoid, tanh
from graphflow.frontend.rnn.cell import LayerRNNCell, RNNCell, input_depth
from graphflow.frontend.variable_scope import get_variable_scope, variable_scope
from graphflow.ir import raw
from graphflow.ops.arrays import concat, split


def _depth(inputs: Any) -> int:
    depth = inputs.shape.with_rank(2)[1].value
    if depth is None:
        raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
    return int(depth)


class UGRNNCell(RNNCell):
    """g * state + (1 - g) * activation(c)."""

    def __init__(
        self,
        num_units: int,
        initializer: Any = None,
        forget_bias: Any = 1.0,
        activation: Any = tanh,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units, self._initializer = num_units, initializer
        self._forget_bias, self._activation = forget_bias, activation
        self._linear: Linear | None = None

    @property
    def state_size(self) -> Any:
        return self._num_units

    @property
    def output_size(self) -> Any:
        return self._num_units

    def call(self, inputs: Any, state: Any) -> Any:
        _depth(inputs)
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            args = concat([inputs, state], 1)
            if self._linear is None:
                self._linear = Linear(args, 2 * self._num_units, True)
            g, c = split(self._linear(args), 2, axis=1)
            c = self._activation(c)
            g = sigmoid(g + self._forget_bias)
            new_state = g * state + (1.0 - g) * c
        return new_state, new_state


class IntersectionRNNCell(RNNCell):
    """A gate for the state, and one for the way from the input to the output."""

    def __init__(
        self,
        num_units: int,
        num_in_proj: int | None = None,
        initializer: Any = None,
        forget_bias: Any = 1.0,
        y_activation: Any = nn.relu,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units, self._num_input_proj = num_units, num_in_proj
        self._initializer, self._forget_bias = initializer, forget_bias
        self._y_activation = y_activation
        self._projection: Linear | None = None
        self._linear: Linear | None = None

    @property
    def state_size(self) -> Any:
        return self._num_units

    @property
    def output_size(self) -> Any:
        return self._num_units

    def call(self, inputs: Any, state: Any) -> Any:
        depth, n = _depth(inputs), self._num_units
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            if depth != n:
                if not self._num_input_proj:
                    raise ValueError(
                        "Must have input size == output size for Intersection RNN. To fix, "
                        "num_in_proj should be set to num_units at cell init."
                    )
                with variable_scope("in_projection"):
                    if self._projection is None:
                        self._projection = Linear(inputs, n, True)
                    inputs = self._projection(inputs)
            args = concat([inputs, state], 1)
            if self._linear is None:
                self._linear = Linear(args, 4 * n, True)
            gates = self._linear(args)
            gh, h, gy, y = (
                gates[:, :n] if k == 0 else gates[:, k * n : (k + 1) * n] for k in range(4)
            )
            h = tanh(h)
            y = self._y_activation(y)
            gh = sigmoid(gh + self._forget_bias)
            gy = sigmoid(gy + self._forget_bias)
            new_state = gh * state + (1.0 - gh) * h
            new_y = gy * inputs + (1.0 - gy) * y
        return new_y, new_state


class SRUCell(LayerRNNCell):
    """A cell whose gates do not look at the state: c' = f * c + (1 - f) * x W."""

    def __init__(
        self,
        num_units: int,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(_reuse=reuse, name=name, **kwargs)
        self._num_units, self._activation = num_units, activation or tanh
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self) -> Any:
        return self._num_units

    @property
    def output_size(self) -> Any:
        return self._num_units

    def build(self, inputs_shape: Any) -> None:
        depth, units = input_depth(inputs_shape), self._num_units
        self._kernel = self.add_variable("kernel", shape=[depth, 4 * units])
        self._bias = self.add_variable("bias", shape=[2 * units], initializer=zeros_initializer)
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        x_bar, f, r, x = split(raw.MatMul(inputs, self._kernel), 4, axis=1)
        gates = sigmoid(nn.bias_add(concat([f, r], 1), self._bias))
        f, r = split(gates, 2, axis=1)
        c = f * state + (1.0 - f) * x_bar
        return r * self._activation(c) + (1.0 - r) * x, c


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn": ["IntersectionRNNCell", "SRUCell", "UGRNNCell"],
    "contrib.rnn.python.ops.rnn_cell": ["IntersectionRNNCell", "SRUCell", "UGRNNCell"],
}
