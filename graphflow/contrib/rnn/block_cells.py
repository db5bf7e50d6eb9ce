"""Cells whose step is one op."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.initializers import constant_initializer
from graphflow.frontend.layers.input_spec import InputSpec
from graphflow.frontend.rnn.cell import LayerRNNCell
from graphflow.frontend.rnn.cells import LSTMStateTuple
from graphflow.ir import raw
from graphflow.ir.shape import as_shape
from graphflow.ops import idioms


class LSTMBlockCell(LayerRNNCell):
    """BasicLSTMCell, or with peepholes LSTMCell, as one op."""

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        dtype: Any = None,
        reuse: Any = None,
        name: str = "lstm_cell",
    ) -> None:
        super().__init__(_reuse=reuse, dtype=dtype, name=name)
        self._num_units, self._forget_bias = num_units, forget_bias
        self._use_peephole = use_peephole
        self._cell_clip = -1 if cell_clip is None else cell_clip
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self) -> Any:
        return LSTMStateTuple(self._num_units, self._num_units)

    @property
    def output_size(self) -> Any:
        return self._num_units

    def build(self, inputs_shape: Any) -> None:
        depth, units = as_shape(inputs_shape)[1].value, self._num_units
        if not depth:
            raise ValueError(f"Expecting inputs_shape[1] to be set: {inputs_shape}")
        self._kernel = self.add_variable("kernel", [depth + units, units * 4])
        zeros = constant_initializer(0.0)
        self._bias = self.add_variable("bias", [units * 4], initializer=zeros)
        self._peepholes = None
        if self._use_peephole:
            self._peepholes = [self.add_variable(f"w_{gate}_diag", [units]) for gate in "ifo"]
        self.built = True

    def call(self, inputs: Any, state: Any) -> Any:
        if len(state) != 2:
            raise ValueError("Expecting state to be a tuple with length 2.")
        peepholes = self._peepholes or [idioms.zeros([self._num_units], dtype=self.dtype)] * 3
        c, h = state
        step = raw.LSTMBlockCell(
            inputs,
            c,
            h,
            self._kernel,
            *peepholes,
            self._bias,
            forget_bias=float(self._forget_bias),
            cell_clip=float(self._cell_clip),
            use_peephole=self._use_peephole,
        )
        return step[6], LSTMStateTuple(step[1], step[6])


class GRUBlockCell(LayerRNNCell):
    """GRUCell as one op, with names of variables of its own."""

    _NAMES = ("w_ru", "b_ru", "w_c", "b_c")

    def __init__(
        self,
        num_units: int | None = None,
        cell_size: int | None = None,
        reuse: Any = None,
        name: str = "gru_cell",
    ) -> None:
        super().__init__(_reuse=reuse, name=name)
        if (cell_size is None) == (num_units is None):
            raise ValueError("Exactly one of num_units or cell_size must be provided.")
        self._cell_size: Any = cell_size if num_units is None else num_units
        self.input_spec = InputSpec(ndim=2)

    @property
    def state_size(self) -> Any:
        return self._cell_size

    @property
    def output_size(self) -> Any:
        return self._cell_size

    def build(self, input_shape: Any) -> None:
        depth, units = as_shape(input_shape)[1].value, self._cell_size
        if depth is None:
            raise ValueError("Expecting input_size to be set.")
        made = []
        for name, shape, start in zip(
            self._NAMES,
            ([depth + units, 2 * units], [2 * units], [depth + units, units], [units]),
            (None, 1.0, None, 0.0),
            strict=True,
        ):
            initializer = None if start is None else constant_initializer(start)
            made.append(self.add_variable(name, shape, initializer=initializer))
        self._gate_kernel, self._gate_bias, self._candidate_kernel, self._candidate_bias = made
        self.built = True

    def call(self, inputs: Any, h_prev: Any) -> Any:
        size = h_prev.shape.with_rank(2)[1].value
        if size != self._cell_size:
            raise ValueError(f"Shape of h_prev[1] incorrect: cell_size {self._cell_size} vs {size}")
        *_, new_h = raw.GRUBlockCell(
            inputs,
            h_prev,
            self._gate_kernel,
            self._candidate_kernel,
            self._gate_bias,
            self._candidate_bias,
        )
        return new_h, new_h


class GRUBlockCellV2(GRUBlockCell):
    """GRUCell as one op, with the names of its variables."""

    _NAMES = ("gates/kernel", "gates/bias", "candidate/kernel", "candidate/bias")


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn": ["GRUBlockCell", "GRUBlockCellV2", "LSTMBlockCell"],
    "contrib.rnn.python.ops.gru_ops": ["GRUBlockCell", "GRUBlockCellV2"],
    "contrib.rnn.python.ops.lstm_ops": ["LSTMBlockCell"],
}
