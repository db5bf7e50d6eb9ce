"""Cells that go through all time steps in one call; inputs are [time, batch, features], or a list."""

from __future__ import annotations

import abc
from typing import Any

from graphflow.frontend.array import expand_dims
from graphflow.frontend.array_joins import reverse, reverse_sequence, sequence_mask, tile
from graphflow.frontend.array_parts import gather_nd
from graphflow.frontend.initializers import constant_initializer
from graphflow.frontend.layers.input_spec import InputSpec
from graphflow.frontend.layers.layer import Layer
from graphflow.frontend.reduce import reduce_max
from graphflow.frontend.rnn.cells import LSTMStateTuple
from graphflow.frontend.rnn.dynamic import dynamic_rnn
from graphflow.frontend.rnn.static import static_rnn
from graphflow.ir import raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int64
from graphflow.ir.shape import as_shape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack, transpose, unstack
from graphflow.ops.reduce_idioms import sequence


class FusedRNNCell(abc.ABC):
    """outputs, state = cell(inputs) for all time steps at once."""

    @abc.abstractmethod
    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        """Outputs of all steps, and the last state."""


class FusedRNNCellAdaptor(FusedRNNCell):
    """An ordinary cell, in a loop or unrolled."""

    def __init__(self, cell: Any, use_dynamic_rnn: bool = False) -> None:
        self._cell, self._use_dynamic_rnn = cell, use_dynamic_rnn

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        is_list = isinstance(inputs, list)
        options = {
            "sequence_length": sequence_length,
            "initial_state": initial_state,
            "dtype": dtype,
            "scope": scope,
        }
        if self._use_dynamic_rnn:
            if is_list:
                inputs = stack(inputs)
            outputs, state = dynamic_rnn(self._cell, inputs, time_major=True, **options)
            return unstack(outputs) if is_list else outputs, state
        if not is_list:
            inputs = unstack(inputs)
        outputs, state = static_rnn(self._cell, inputs, **options)
        return outputs if is_list else stack(outputs), state


class TimeReversedFusedRNN(FusedRNNCell):
    """A fused cell that goes from the last step to the first."""

    def __init__(self, cell: Any) -> None:
        self._cell = cell

    def _reverse(self, t: Any, lengths: Any) -> Any:
        if isinstance(t, list):
            return list(reversed(t))
        return reverse(t, [0]) if lengths is None else reverse_sequence(t, lengths, 0, 1)

    def __call__(
        self,
        inputs: Any,
        initial_state: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
        scope: Any = None,
    ) -> Any:
        outputs, state = self._cell(
            self._reverse(inputs, sequence_length),
            initial_state=initial_state,
            dtype=dtype,
            sequence_length=sequence_length,
            scope=scope,
        )
        return self._reverse(outputs, sequence_length), state


class LSTMBlockWrapper(Layer):
    """A memory that is computed for all time steps by one op."""

    @property
    @abc.abstractmethod
    def num_units(self) -> int:
        """The number of units."""

    @abc.abstractmethod
    def _call_cell(
        self,
        inputs: Any,
        initial_cell_state: Any,
        initial_output: Any,
        dtype: Any,
        sequence_length: Any,
    ) -> tuple[Any, Any]:
        """The memory and the outputs of all steps."""

    def call(
        self, inputs: Any, initial_state: Any = None, dtype: Any = None, sequence_length: Any = None
    ) -> Any:
        is_list = isinstance(inputs, list)
        if is_list:
            inputs = stack(inputs)
        shape = inputs.shape.with_rank(3)
        if not shape[2].value:
            raise ValueError(f"Expecting inputs_shape[2] to be set: {shape}")
        batch, steps = shape[1].value, shape[0].value
        batch = idioms.shape(inputs)[1] if batch is None else batch
        steps = idioms.shape(inputs)[0] if steps is None else steps
        if initial_state is None:
            if dtype is None:
                raise ValueError("Either initial_state or dtype needs to be specified")
            zeros = idioms.zeros(stack([batch, self.num_units]), dtype=dtype)
            initial_state = (zeros, zeros)
        elif len(initial_state) != 2:
            raise ValueError("Expecting initial_state to be a tuple with length 2 or None")
        elif dtype is None:
            dtype = initial_state[0].dtype
        if sequence_length is not None:
            sequence_length = convert(sequence_length)
        c, h = initial_state
        memory, outputs = self._call_cell(inputs, c, h, dtype, sequence_length)
        if sequence_length is None:
            last = LSTMStateTuple(memory[-1], outputs[-1])
        else:
            mask = transpose(sequence_mask(sequence_length, steps, dtype=dtype), [1, 0])
            mask = tile(expand_dims(mask, [-1]), [1, 1, self.num_units])
            outputs *= mask
            memory = concat([expand_dims(c, [0]), memory], 0)
            given = concat([expand_dims(h, [0]), outputs], 0)
            last = LSTMStateTuple(
                *(_at(values, sequence_length, batch) for values in (memory, given))
            )
        return unstack(outputs) if is_list else outputs, last


def _at(values: Any, lengths: Any, batch: Any) -> Any:
    """For each example the value after its last step."""
    return gather_nd(values, stack([lengths, sequence(batch)], axis=1))


class LSTMBlockFusedCell(LSTMBlockWrapper):
    """BasicLSTMCell, or with peepholes LSTMCell, for all time steps as one op."""

    def __init__(
        self,
        num_units: int,
        forget_bias: float = 1.0,
        cell_clip: float | None = None,
        use_peephole: bool = False,
        reuse: Any = None,
        dtype: Any = None,
        name: str = "lstm_fused_cell",
    ) -> None:
        super().__init__(_reuse=reuse, name=name, dtype=dtype)
        self._num_units, self._forget_bias = num_units, forget_bias
        self._cell_clip = -1 if cell_clip is None else cell_clip
        self._use_peephole = use_peephole
        self.input_spec = InputSpec(ndim=3)

    @property
    def num_units(self) -> int:
        return self._num_units

    def build(self, input_shape: Any) -> None:
        depth, units = as_shape(input_shape)[2].value, self._num_units
        if depth is None:
            raise ValueError(f"Expecting input_shape[2] to be set: {input_shape}")
        self._kernel = self.add_variable("kernel", [depth + units, units * 4])
        zeros = constant_initializer(0.0)
        self._bias = self.add_variable("bias", [units * 4], initializer=zeros)
        self._peepholes = None
        if self._use_peephole:
            self._peepholes = [self.add_variable(f"w_{gate}_diag", [units]) for gate in "ifo"]
        self.built = True

    def _call_cell(
        self,
        inputs: Any,
        initial_cell_state: Any = None,
        initial_output: Any = None,
        dtype: Any = None,
        sequence_length: Any = None,
    ) -> tuple[Any, Any]:
        steps = inputs.shape.with_rank(3)[0].value
        steps = idioms.shape(inputs)[0] if steps is None else steps
        peepholes = self._peepholes or [idioms.zeros([self._num_units], dtype=dtype)] * 3
        longest = steps if sequence_length is None else reduce_max(sequence_length)
        found = raw.BlockLSTM(
            idioms.cast(longest, int64),
            inputs,
            initial_cell_state,
            initial_output,
            self._kernel,
            *peepholes,
            self._bias,
            forget_bias=float(self._forget_bias),
            cell_clip=float(self._cell_clip),
            use_peephole=self._use_peephole,
        )
        return found[1], found[6]


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn": [
        *("FusedRNNCell", "FusedRNNCellAdaptor", "LSTMBlockFusedCell", "LSTMBlockWrapper"),
        "TimeReversedFusedRNN",
    ],
    "contrib.rnn.python.ops.fused_rnn_cell": [
        *("FusedRNNCell", "FusedRNNCellAdaptor", "LSTMBlockFusedCell", "LSTMBlockWrapper"),
        "TimeReversedFusedRNN",
    ],
}
