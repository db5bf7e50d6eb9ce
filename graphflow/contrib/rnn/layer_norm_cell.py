"""Long short-term memories whose gates are normalised, or that forget exactly what they take in."""

from __future__ import annotations

from typing import Any

from graphflow.contrib.layers.norms import layer_norm
from graphflow.frontend import nn
from graphflow.frontend.initializers import constant_initializer, zeros_initializer
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.math import clip_by_value, sigmoid, tanh
from graphflow.frontend.rnn.cell import RNNCell
from graphflow.frontend.rnn.cells import LSTMStateTuple
from graphflow.frontend.variable_scope import get_variable, get_variable_scope, variable_scope
from graphflow.ir import build, raw
from graphflow.ir.dtype import float32
from graphflow.ops.arrays import concat, split


def normalised(x: Any, gain: float, shift: float, scope: str, dtype: Any = float32) -> Any:
    """x with mean `shift` and deviation `gain` in each example, both of which are trained."""
    shape = x.shape[-1:]
    with variable_scope(scope):
        gamma, beta = constant_initializer(gain), constant_initializer(shift)
        get_variable("gamma", shape=shape, initializer=gamma, dtype=dtype)
        get_variable("beta", shape=shape, initializer=beta, dtype=dtype)
    return layer_norm(x, reuse=True, scope=scope)


class LayerNormBasicLSTMCell(RNNCell):
    """BasicLSTMCell with normalised gates and memory, and dropout of what comes in."""

    def __init__(
        self,
        num_units: int,
        forget_bias: Any = 1.0,
        input_size: Any = None,
        activation: Any = tanh,
        layer_norm: bool = True,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
        dropout_keep_prob: Any = 1.0,
        dropout_prob_seed: int | None = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units, self._activation = num_units, activation
        self._forget_bias = forget_bias
        self._keep_prob, self._seed = dropout_keep_prob, dropout_prob_seed
        self._layer_norm, self._norm_gain, self._norm_shift = layer_norm, norm_gain, norm_shift

    @property
    def state_size(self) -> Any:
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> Any:
        return self._num_units

    def _norm(self, x: Any, scope: str, dtype: Any = float32) -> Any:
        return normalised(x, self._norm_gain, self._norm_shift, scope, dtype)

    def _linear(self, args: Any) -> Any:
        size = 4 * self._num_units
        weights = get_variable("kernel", [args.shape[-1], size], dtype=args.dtype)
        result = raw.MatMul(args, weights)
        if self._layer_norm:
            return result
        return nn.bias_add(result, get_variable("bias", [size], dtype=args.dtype))

    def call(self, inputs: Any, state: Any) -> Any:
        c, h = state
        args = concat([inputs, h], 1)
        dtype = args.dtype
        gates = split(self._linear(args), 4, axis=1)
        if self._layer_norm:
            names = ("input", "transform", "forget", "output")
            gates = [self._norm(g, n, dtype) for g, n in zip(gates, names, strict=True)]
        i, j, f, o = gates
        g = self._activation(j)
        if not isinstance(self._keep_prob, float) or self._keep_prob < 1:
            g = nn.dropout(g, self._keep_prob, seed=self._seed)
        c = c * sigmoid(f + self._forget_bias) + sigmoid(i) * g
        if self._layer_norm:
            c = self._norm(c, "state", dtype)
        h = self._activation(c) * sigmoid(o)
        return h, LSTMStateTuple(c, h)


class CoupledInputForgetGateLSTMCell(RNNCell):
    """c' = f * c + (1 - f) * activation(j): what is taken in replaces what is forgotten."""

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: Any = None,
        num_unit_shards: int = 1,
        num_proj_shards: int = 1,
        forget_bias: Any = 1.0,
        state_is_tuple: bool = True,
        activation: Any = tanh,
        reuse: Any = None,
        layer_norm: bool = False,
        norm_gain: float = 1.0,
        norm_shift: float = 0.0,
    ) -> None:
        super().__init__(_reuse=reuse)
        self._num_units, self._use_peepholes = num_units, use_peepholes
        self._initializer, self._forget_bias = initializer, forget_bias
        self._num_proj, self._proj_clip = num_proj, proj_clip
        self._num_unit_shards, self._num_proj_shards = num_unit_shards, num_proj_shards
        self._state_is_tuple, self._activation = state_is_tuple, activation
        self._layer_norm, self._norm_gain, self._norm_shift = layer_norm, norm_gain, norm_shift

    @property
    def state_size(self) -> Any:
        units, given = self._num_units, self.output_size
        return LSTMStateTuple(units, given) if self._state_is_tuple else units + given

    @property
    def output_size(self) -> Any:
        return self._num_proj or self._num_units

    def _norm(self, x: Any, scope: str) -> Any:
        if not self._layer_norm:
            return x
        return normalised(x, self._norm_gain, self._norm_shift, scope)

    def call(self, inputs: Any, state: Any) -> Any:
        units = self._num_units
        given = units if self._num_proj is None else self._num_proj
        if self._state_is_tuple:
            c, h = state
        else:
            c = raw.Slice(state, [0, 0], [-1, units])
            h = raw.Slice(state, [0, units], [-1, given])
        dtype, depth = inputs.dtype, inputs.shape.with_rank(2)[1].value
        if depth is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        kernel = _in_shards("W", [depth + given, 3 * units], dtype, self._num_unit_shards)
        bias = get_variable("B", shape=[3 * units], initializer=zeros_initializer(), dtype=dtype)
        gates = raw.MatMul(concat([inputs, h], 1), kernel)
        if not self._layer_norm:
            gates = nn.bias_add(gates, bias)
        j, f, o = split(gates, 3, axis=1)
        j, f, o = (self._norm(g, n) for g, n in ((j, "transform"), (f, "forget"), (o, "output")))
        if self._use_peepholes:
            w_f = get_variable("W_F_diag", shape=[units], dtype=dtype)
            w_o = get_variable("W_O_diag", shape=[units], dtype=dtype)
            kept = sigmoid(f + self._forget_bias + w_f * c)
        else:
            kept = sigmoid(f + self._forget_bias)
        c = self._norm(kept * c + (1 - kept) * self._activation(j), "state")
        h = sigmoid(o + w_o * c if self._use_peepholes else o) * self._activation(c)
        if self._num_proj is not None:
            shape = [units, self._num_proj]
            h = raw.MatMul(h, _in_shards("W_P", shape, dtype, self._num_proj_shards))
            if self._proj_clip is not None:
                h = clip_by_value(h, -self._proj_clip, self._proj_clip)
        return h, LSTMStateTuple(c, h) if self._state_is_tuple else concat([c, h], 1)


def _in_shards(name: str, shape: list[int], dtype: Any, count: int) -> Any:
    """A variable in so many parts, one below the other, as one tensor."""
    if count > shape[0]:
        raise ValueError(f"Too many shards: shape={shape}, num_shards={count}")
    rows, more = divmod(shape[0], count)
    parts = [
        get_variable(f"{name}_{i}", [rows + (i < more), *shape[1:]], dtype=dtype)
        for i in range(count)
    ]
    if len(parts) == 1:
        return parts[0]
    full = f"{get_variable_scope().name}/{name}/concat:0"
    graph = build.current_graph()
    for value in graph.get_collection(GraphKeys.CONCATENATED_VARIABLES):
        if value.name == full:
            return value
    whole = concat(parts, 0, name=f"{name}/concat")
    graph.add_to_collection(GraphKeys.CONCATENATED_VARIABLES, whole)
    return whole


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn": ["CoupledInputForgetGateLSTMCell", "LayerNormBasicLSTMCell"],
    "contrib.rnn.python.ops.rnn_cell": [
        *("CoupledInputForgetGateLSTMCell", "LayerNormBasicLSTMCell"),
    ],
}
