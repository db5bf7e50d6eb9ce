"""The long short-term memory with peepholes, clipping and a projection of its output."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.initializers import zeros_initializer
from graphflow.frontend.layers import named_initializers
from graphflow.frontend.math import clip_by_value, sigmoid
from graphflow.frontend.partitioners import fixed_size_partitioner
from graphflow.frontend.rnn.cell import check_dtype, check_dtypes, input_depth
from graphflow.frontend.rnn.cells import GatedCell, LSTMStateTuple, affine
from graphflow.ir import raw
from graphflow.ops.arrays import concat, split


class LSTMCell(GatedCell):
    """c' = sigmoid(f + forget_bias) * c + sigmoid(i) * activation(j), h' = sigmoid(o) * activation(c') @ P.

    With peepholes the gates i and f see c, and o sees c'.
    """

    def __init__(
        self,
        num_units: int,
        use_peepholes: bool = False,
        cell_clip: Any = None,
        initializer: Any = None,
        num_proj: int | None = None,
        proj_clip: Any = None,
        num_unit_shards: int | None = None,
        num_proj_shards: int | None = None,
        forget_bias: Any = 1.0,
        state_is_tuple: bool = True,
        activation: Any = None,
        reuse: Any = None,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(num_units, activation, reuse, name, dtype, kwargs)
        self._use_peepholes, self._forget_bias = use_peepholes, forget_bias
        self._cell_clip, self._proj_clip = cell_clip, proj_clip
        self._initializer = named_initializers.get(initializer)
        self._num_proj, self._state_is_tuple = num_proj, state_is_tuple
        self._num_unit_shards, self._num_proj_shards = num_unit_shards, num_proj_shards

    @property
    def state_size(self) -> Any:
        units, given = self._num_units, self.output_size
        return LSTMStateTuple(units, given) if self._state_is_tuple else units + given

    @property
    def output_size(self) -> Any:
        return self._num_proj or self._num_units

    def build(self, inputs_shape: Any) -> None:
        depth, units = input_depth(inputs_shape), self._num_units
        check_dtype(self.dtype)
        h_depth = units if self._num_proj is None else self._num_proj
        self._kernel = self.add_variable(
            "kernel",
            shape=[depth + h_depth, 4 * units],
            initializer=self._initializer,
            partitioner=_shards(self._num_unit_shards),
        )
        zeros = zeros_initializer if self.dtype is None else zeros_initializer(dtype=self.dtype)
        self._bias = self.add_variable("bias", shape=[4 * units], initializer=zeros)
        if self._use_peepholes:
            self._w_f_diag, self._w_i_diag, self._w_o_diag = (
                self.add_variable(f"w_{gate}_diag", shape=[units], initializer=self._initializer)
                for gate in "fio"
            )
        if self._num_proj is not None:
            self._proj_kernel = self.add_variable(
                "projection/kernel",
                shape=[units, self._num_proj],
                initializer=self._initializer,
                partitioner=_shards(self._num_proj_shards),
            )
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        check_dtypes(inputs, state)
        c, h = state if self._state_is_tuple else self._parts(state)
        if inputs.shape.with_rank(2)[1].value is None:
            raise ValueError("Could not infer input size from inputs.get_shape()[-1]")
        i, j, f, o = split(affine([inputs, h], self._kernel, self._bias), 4, axis=1)
        if self._use_peepholes:
            kept = sigmoid(f + self._forget_bias + self._w_f_diag * c) * c
            c = kept + sigmoid(i + self._w_i_diag * c) * self._activation(j)
        else:
            c = sigmoid(f + self._forget_bias) * c + sigmoid(i) * self._activation(j)
        if self._cell_clip is not None:
            c = clip_by_value(c, -self._cell_clip, self._cell_clip)
        opened = sigmoid(o + self._w_o_diag * c) if self._use_peepholes else sigmoid(o)
        h = opened * self._activation(c)
        if self._num_proj is not None:
            h = raw.MatMul(h, self._proj_kernel)
            if self._proj_clip is not None:
                h = clip_by_value(h, -self._proj_clip, self._proj_clip)
        return h, LSTMStateTuple(c, h) if self._state_is_tuple else concat([c, h], 1)

    def _parts(self, state: Any) -> tuple[Any, Any]:
        units = self._num_units
        given = units if self._num_proj is None else self._num_proj
        return raw.Slice(state, [0, 0], [-1, units]), raw.Slice(state, [0, units], [-1, given])

    def get_config(self) -> dict[str, Any]:
        names = (
            *("use_peepholes", "cell_clip", "num_proj", "proj_clip", "num_unit_shards"),
            *("num_proj_shards", "forget_bias", "state_is_tuple"),
        )
        found = super().get_config() | {name: getattr(self, f"_{name}") for name in names}
        return found | {"initializer": named_initializers.serialize(self._initializer)}


def _shards(count: int | None) -> Any:
    return None if count is None else fixed_size_partitioner(count)


__all__: list[str] = []
NAMESPACES = {
    "nn.rnn_cell": ["LSTMCell"],
    "contrib.rnn": ["LSTMCell"],
    "contrib.rnn.core_rnn_cell": ["LSTMCell"],
    "python.ops.rnn_cell": ["LSTMCell"],
    "python.ops.rnn_cell_impl": ["LSTMCell"],
}
