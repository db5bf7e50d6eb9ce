"""BasicDecoder: a cell, a layer above it, and a helper that chooses."""

from __future__ import annotations

from collections import namedtuple
from typing import Any

from graphflow.contrib.seq2seq.decoding import Decoder
from graphflow.contrib.seq2seq.training_inputs import Helper
from graphflow.frontend import nest
from graphflow.frontend.layers.layer import Layer
from graphflow.frontend.rnn.sizes import check_cell
from graphflow.ir import build
from graphflow.ir.shape import TensorShape


class BasicDecoderOutput(namedtuple("BasicDecoderOutput", ["rnn_output", "sample_id"])):
    """The outputs of a step, and what was chosen of them."""


def size_after(layer: Layer | None, size: Any) -> Any:
    """The size of what a layer makes of outputs of the given size."""
    if layer is None:
        return size
    batch = nest.map_structure(lambda s: TensorShape([None]).concatenate(s), size)
    return nest.map_structure(lambda s: s[1:], layer.compute_output_shape(batch))


def check_layer(layer: Any) -> None:
    if layer is not None and not isinstance(layer, Layer):
        raise TypeError(f"output_layer must be a Layer, received: {type(layer)}")


class BasicDecoder(Decoder):
    """In each step a cell is called, a layer after it, and a helper chooses and says what comes next."""

    def __init__(
        self, cell: Any, helper: Any, initial_state: Any, output_layer: Any = None
    ) -> None:
        check_cell("cell", cell)
        if not isinstance(helper, Helper):
            raise TypeError(f"helper must be a Helper, received: {type(helper)}")
        check_layer(output_layer)
        self._cell, self._helper = cell, helper
        self._initial_state, self._output_layer = initial_state, output_layer

    @property
    def batch_size(self) -> Any:
        return self._helper.batch_size

    def _rnn_output_size(self) -> Any:
        return size_after(self._output_layer, self._cell.output_size)

    @property
    def output_size(self) -> Any:
        return BasicDecoderOutput(self._rnn_output_size(), self._helper.sample_ids_shape)

    @property
    def output_dtype(self) -> Any:
        dtype = nest.flatten(self._initial_state)[0].dtype
        outputs = nest.map_structure(lambda _: dtype, self._rnn_output_size())
        return BasicDecoderOutput(outputs, self._helper.sample_ids_dtype)

    def initialize(self, name: str | None = None) -> tuple[Any, Any, Any]:
        return (*self._helper.initialize(), self._initial_state)

    def step(
        self, time: Any, inputs: Any, state: Any, name: str | None = None
    ) -> tuple[Any, Any, Any, Any]:
        with build.name_scope(name, "BasicDecoderStep", (time, inputs, state)):
            outputs, cell_state = self._cell(inputs, state)
            if self._output_layer is not None:
                outputs = self._output_layer(outputs)
            chosen = self._helper.sample(time=time, outputs=outputs, state=cell_state)
            finished, next_inputs, next_state = self._helper.next_inputs(
                time=time, outputs=outputs, state=cell_state, sample_ids=chosen
            )
        return BasicDecoderOutput(outputs, chosen), next_state, next_inputs, finished


__all__: list[str] = []
NAMESPACES = {
    "contrib.seq2seq": ["BasicDecoder", "BasicDecoderOutput"],
    "contrib.seq2seq.python.ops.basic_decoder": ["BasicDecoder", "BasicDecoderOutput"],
}
