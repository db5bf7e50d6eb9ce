"""Long short-term memories of groups of units, and one that is open at certain times only."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.rnn.linear import Linear
from graphflow.frontend import nn
from graphflow.frontend.array import stop_gradient
from graphflow.frontend.array_parts import where
from graphflow.frontend.initializers import constant_initializer, random_uniform_initializer
from graphflow.frontend.math import exp, log, sigmoid, tanh
from graphflow.frontend.random import random_uniform
from graphflow.frontend.rnn.cell import RNNCell
from graphflow.frontend.rnn.cells import LSTMStateTuple
from graphflow.frontend.variable_scope import get_variable, get_variable_scope, variable_scope
from graphflow.ir import raw
from graphflow.ir.dtype import float32
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, split


class GLSTMCell(RNNCell):
    """A memory in groups: each sees its own part of the input and of the state."""

    def __init__(
        self,
        num_units: int,
        initializer: Any = None,
        num_proj: int | None = None,
        number_of_groups: int = 1,
        forget_bias: Any = 1.0,
        activation: Any = tanh,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        if num_units % number_of_groups:
            raise ValueError("num_units must be divisible by number_of_groups")
        if num_proj and num_proj % number_of_groups:
            raise ValueError("num_proj must be divisible by number_of_groups")
        self._num_units, self._num_proj = num_units, num_proj
        self._initializer, self._forget_bias = initializer, forget_bias
        self._activation, self._groups = activation, number_of_groups
        self._linears: dict[int, Linear] = {}
        self._projection: Linear | None = None

    @property
    def state_size(self) -> Any:
        return LSTMStateTuple(self._num_units, self.output_size)

    @property
    def output_size(self) -> Any:
        return self._num_proj or self._num_units

    def call(self, inputs: Any, state: Any) -> Any:
        c, h = state
        batch = inputs.shape[0].value or idioms.shape(inputs)[0]
        depth = inputs.shape[1].value
        if depth is None:
            raise ValueError("input size must be statically known")
        if depth % self._groups:
            raise ValueError(
                f"input size ({depth}) must be divisible by number_of_groups ({self._groups})"
            )
        with variable_scope(get_variable_scope(), initializer=self._initializer):
            parts = [self._group(k, inputs, h, batch, depth) for k in range(self._groups)]
            biases = [
                get_variable(
                    f"bias_{gate}",
                    [self._num_units],
                    dtype=inputs.dtype,
                    initializer=constant_initializer(0.0, dtype=inputs.dtype),
                )
                for gate in "ijfo"
            ]
            i, j, f, o = (
                nn.bias_add(concat(list(gate), axis=1), bias)
                for gate, bias in zip(zip(*parts, strict=True), biases, strict=True)
            )
        c = sigmoid(f + self._forget_bias) * c + sigmoid(i) * tanh(j)
        h = sigmoid(o) * self._activation(c)
        if self._num_proj is not None:
            with variable_scope("projection"):
                if self._projection is None:
                    self._projection = Linear(h, self._num_proj, False)
                h = self._projection(h)
        return h, LSTMStateTuple(c, h)

    def _group(self, k: int, inputs: Any, h: Any, batch: Any, depth: int) -> Any:
        """The gates of one group."""
        given = self.output_size // self._groups

        def part(x: Any, size: int) -> Any:
            name = f"GLSTM_group{k}_input_generation"
            return raw.Slice(x, [0, k * size], [batch, size], name=name)

        with variable_scope(f"group{k}"):
            args = concat([part(inputs, depth // self._groups), part(h, given)], axis=1)
            if k not in self._linears:
                self._linears[k] = Linear(args, 4 * (self._num_units // self._groups), False)
            return split(self._linears[k](args), 4, 1)


class PhasedLSTMCell(RNNCell):
    """A memory of which each unit changes in a part of its own period only; inputs are (time, x)."""

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        leak: float = 0.001,
        ratio_on: float = 0.1,
        trainable_ratio_on: bool = True,
        period_init_min: float = 1.0,
        period_init_max: float = 1000.0,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units, self._use_peepholes, self._leak = num_units, use_peepholes, leak
        self._ratio_on, self._trainable_ratio_on = ratio_on, trainable_ratio_on
        self._period_init_min, self._period_init_max = period_init_min, period_init_max
        self._linears: dict[str, Linear] = {}

    @property
    def state_size(self) -> Any:
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> Any:
        return self._num_units

    def _linear(self, scope: str, args: Any, size: int) -> Any:
        if scope not in self._linears:
            self._linears[scope] = Linear(args, size, True)
        return self._linears[scope](args)

    def _phase(self, time: Any) -> tuple[Any, Any]:
        """How far each unit is in its period, and for what part of it it is open."""
        units = self._num_units
        low, high = self._period_init_min, self._period_init_max

        def spread(shape: Any, dtype: Any = float32, partition_info: Any = None) -> Any:
            return exp(random_uniform(shape, log(low), log(high), dtype))

        period = get_variable("period", [units], initializer=spread)
        start = random_uniform_initializer(0.0, period.initial_value)
        phase = get_variable("phase", [units], initializer=start)
        ratio_on = get_variable(
            "ratio_on",
            [units],
            initializer=constant_initializer(self._ratio_on),
            trainable=self._trainable_ratio_on,
        )
        shifted = time - idioms.cast(phase, time.dtype)
        length = idioms.cast(period, time.dtype)
        # the remainder of a division, with the gradient of the identity
        rest = stop_gradient(raw.FloorMod(shifted, length) - shifted) + shifted
        return idioms.cast(rest / length, float32), ratio_on

    def call(self, inputs: Any, state: Any) -> Any:
        c_prev, h_prev = state
        time, x = inputs
        seen = [x, h_prev]
        with variable_scope("mask_gates"):
            args = [*seen, c_prev] if self._use_peepholes else seen
            gates = sigmoid(self._linear("mask_gates", args, 2 * self._num_units))
            i, f = split(gates, 2, axis=1)
        with variable_scope("new_input"):
            new = tanh(self._linear("new_input", seen, self._num_units))
        c = c_prev * f + i * new
        with variable_scope("output_gate"):
            args = [*seen, c] if self._use_peepholes else seen
            o = sigmoid(self._linear("output_gate", args, self._num_units))
        h = tanh(c) * o
        cycle, ratio_on = self._phase(time)
        up = 2 * cycle / ratio_on
        down = 2 - up
        closed = self._leak * cycle
        k = where(cycle < ratio_on, down, closed)
        k = where(cycle < 0.5 * ratio_on, up, k)
        c = k * c + (1 - k) * c_prev
        h = k * h + (1 - k) * h_prev
        return h, LSTMStateTuple(c, h)


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn": ["GLSTMCell", "PhasedLSTMCell"],
    "contrib.rnn.python.ops.rnn_cell": ["GLSTMCell", "PhasedLSTMCell"],
}
