"""Cells around cells: one that attends to its last outputs, one whose inputs may pass by."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.rnn.linear import Linear
from graphflow.frontend import nest
from graphflow.frontend.array import expand_dims
from graphflow.frontend.initializers import constant_initializer
from graphflow.frontend.math import sigmoid, tanh
from graphflow.frontend.nn import xw_plus_b
from graphflow.frontend.nn_convolution import conv2d
from graphflow.frontend.nn_softmax import softmax
from graphflow.frontend.reduce import reduce_sum
from graphflow.frontend.rnn.cell import RNNCell
from graphflow.frontend.rnn.sizes import check_cell
from graphflow.frontend.variable_scope import get_variable, variable_scope
from graphflow.ir import build, raw
from graphflow.ops.arrays import concat


class AttentionCellWrapper(RNNCell):
    """A cell that is given, beside its input, a weighted mean of its last `attn_length` outputs."""

    def __init__(
        self,
        cell: Any,
        attn_length: int,
        attn_size: int | None = None,
        attn_vec_size: int | None = None,
        input_size: int | None = None,
        state_is_tuple: bool = True,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        check_cell("cell", cell)
        if nest.is_sequence(cell.state_size) and not state_is_tuple:
            raise ValueError(
                "Cell returns tuple of states, but the flag state_is_tuple is not set. "
                f"State size is: {cell.state_size}"
            )
        if attn_length <= 0:
            raise ValueError(f"attn_length should be greater than zero, got {attn_length}")
        self._cell, self._attn_length, self._input_size = cell, attn_length, input_size
        self._attn_size = cell.output_size if attn_size is None else attn_size
        self._attn_vec_size = self._attn_size if attn_vec_size is None else attn_vec_size
        self._state_is_tuple = state_is_tuple
        self._linears: dict[str, Linear] = {}

    @property
    def state_size(self) -> Any:
        size = (self._cell.state_size, self._attn_size, self._attn_size * self._attn_length)
        return size if self._state_is_tuple else sum(size)

    @property
    def output_size(self) -> Any:
        return self._attn_size

    def _linear(self, name: str, args: Any, size: Any) -> Any:
        """A linear map that is made once."""
        if name not in self._linears:
            self._linears[name] = Linear(args, size, True)
        return self._linears[name](args)

    def call(self, inputs: Any, state: Any) -> Any:
        size, length = self._attn_size, self._attn_length
        if self._state_is_tuple:
            state, seen, past = state
        else:
            inner, whole = self._cell.state_size, state
            state = raw.Slice(whole, [0, 0], [-1, inner])
            seen = raw.Slice(whole, [0, inner], [-1, size])
            past = raw.Slice(whole, [0, inner + size], [-1, size * length])
        past = raw.Reshape(past, [-1, length, size])
        depth = inputs.shape.as_list()[1] if self._input_size is None else self._input_size
        inputs = self._linear("inputs", [inputs, seen], depth)
        output, new_state = self._cell(inputs, state)
        flat = concat(nest.flatten(new_state), 1) if self._state_is_tuple else new_state
        seen, past = self._attention(flat, past)
        with variable_scope("attn_output_projection"):
            output = self._linear("outputs", [output, seen], size)
        past = concat([past, expand_dims(output, 1)], 1)
        past = raw.Reshape(past, [-1, length * size])
        found = (new_state, seen, past)
        return output, found if self._state_is_tuple else concat(list(found), 1)

    def _attention(self, query: Any, past: Any) -> tuple[Any, Any]:
        """The weighted mean, and the past without its first step."""
        size, length, width = self._attn_size, self._attn_length, self._attn_vec_size
        with variable_scope("attention"):
            k = get_variable("attn_w", [1, 1, size, width])
            v = get_variable("attn_v", [width])
            hidden = raw.Reshape(past, [-1, length, 1, size])
            features = conv2d(hidden, k, [1, 1, 1, 1], "SAME")
            y = raw.Reshape(self._linear("query", query, width), [-1, 1, 1, width])
            score = softmax(reduce_sum(v * tanh(features + y), [2, 3]))
            mean = reduce_sum(raw.Reshape(score, [-1, length, 1, 1]) * hidden, [1, 2])
            return raw.Reshape(mean, [-1, size]), raw.Slice(past, [0, 1, 0], [-1, -1, -1])


class HighwayWrapper(RNNCell):
    """carry * input + transform * output, where both gates depend on the input."""

    def __init__(
        self, cell: Any, couple_carry_transform_gates: bool = True, carry_bias_init: float = 1.0
    ) -> None:
        self._cell, self._coupled = cell, couple_carry_transform_gates
        self._carry_bias_init = carry_bias_init

    @property
    def state_size(self) -> Any:
        return self._cell.state_size

    @property
    def output_size(self) -> Any:
        return self._cell.output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        with build.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self._cell.zero_state(batch_size, dtype)

    def _gate(self, name: str, x: Any, bias: float) -> Any:
        depth = x.shape.with_rank(2)[1].value
        weight = get_variable(f"{name}_w", [depth, depth])
        start = constant_initializer(bias)
        return sigmoid(xw_plus_b(x, weight, get_variable(f"{name}_b", [depth], initializer=start)))

    def _highway(self, x: Any, out: Any) -> Any:
        carry = self._gate("carry", x, self._carry_bias_init)
        bias = -self._carry_bias_init
        transform = 1 - carry if self._coupled else self._gate("transform", x, bias)
        return x * carry + out * transform

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        outputs, new_state = self._cell(inputs, state, scope=scope)
        nest.assert_same_structure(inputs, outputs)
        nest.map_structure(lambda x, y: x.shape.assert_is_compatible_with(y.shape), inputs, outputs)
        return nest.map_structure(self._highway, inputs, outputs), new_state


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn": ["AttentionCellWrapper", "HighwayWrapper"],
    "contrib.rnn.python.ops.rnn_cell": ["AttentionCellWrapper", "HighwayWrapper"],
}
