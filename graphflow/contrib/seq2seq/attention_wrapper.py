"""AttentionWrapper: a cell that is given, beside its input, what it attended to last."""

from __future__ import annotations

from collections import namedtuple
from collections.abc import Callable
from typing import Any

from graphflow.contrib.seq2seq.attention import AttentionMechanism
from graphflow.contrib.seq2seq.same_shape import with_same_shape
from graphflow.frontend import nest
from graphflow.frontend.array import expand_dims, squeeze
from graphflow.frontend.checks import assert_equal
from graphflow.frontend.layers.dense import Dense
from graphflow.frontend.rnn.cell import RNNCell
from graphflow.frontend.rnn.sizes import check_cell, zeros_of_sizes
from graphflow.frontend.tensor_array import TensorArray
from graphflow.ir import build, raw
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.matrix_idioms import matmul

_BEAMS = "Are you using the BeamSearchDecoder?  "
_TILE = "You may need to tile your {} via the tf.contrib.seq2seq.tile_batch function with "
_BETWEEN = "Non-matching batch sizes between the memory (encoder output) and "
#: why two batch sizes must be one, in the order in which they are checked
_AT_FIRST = (
    "When constructing AttentionWrapper {}: "
    + _BETWEEN
    + "initial_cell_state.  "
    + _BEAMS
    + _TILE.format("initial state")
    + "argument multiple=beam_width."
)
_AT_ZERO = (
    "When calling zero_state of AttentionWrapper {}: "
    + _BETWEEN
    + "the requested batch size.  "
    + _BEAMS
    + "If so, make sure your encoder output has been tiled to beam_width via "
    "tf.contrib.seq2seq.tile_batch, and the batch_size= argument passed to zero_state is "
    "batch_size * beam_width."
)
_AT_CALL = (
    "When applying AttentionWrapper {}: "
    + _BETWEEN
    + "the query (decoder output).  "
    + _BEAMS
    + _TILE.format("memory input")
    + "argument multiple=beam_width."
)


class AttentionWrapperState(
    namedtuple(
        "AttentionWrapperState",
        ["cell_state", "attention", "time", "alignments", "alignment_history", "attention_state"],
    )
):
    """The state of the cell inside, what was attended to and how much, and the number of the step."""

    def clone(self, **kwargs: Any) -> AttentionWrapperState:
        """The same state with some parts replaced by others of the same shape."""

        def checked(old: Any, new: Any) -> Any:
            if isinstance(old, Tensor) and isinstance(new, Tensor):
                return with_same_shape(old, new)
            return new

        found: AttentionWrapperState = nest.map_structure(checked, self, self._replace(**kwargs))
        return found


def attended_by(mechanism: Any, output: Any, state: Any, layer: Any) -> tuple[Any, Any, Any]:
    """What is attended to by the output of a cell, how much, and the next state of the mechanism."""
    alignments, next_state = mechanism(output, state=state)
    seen = matmul(expand_dims(alignments, 1), mechanism.values)
    seen = squeeze(seen, [1])
    if layer is not None:
        seen = layer(concat([output, seen], 1))
    return seen, alignments, next_state


class AttentionWrapper(RNNCell):
    """A cell with one attention mechanism or several."""

    def __init__(
        self,
        cell: Any,
        attention_mechanism: Any,
        attention_layer_size: Any = None,
        alignment_history: bool = False,
        cell_input_fn: Callable[[Any, Any], Any] | None = None,
        output_attention: bool = True,
        initial_cell_state: Any = None,
        name: str | None = None,
        attention_layer: Any = None,
        attention_fn: Callable[..., Any] | None = None,
        dtype: Any = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        check_cell("cell", cell)
        self._is_multi = isinstance(attention_mechanism, list | tuple)
        self._attention_mechanisms = _mechanisms(attention_mechanism)
        if cell_input_fn is None:
            cell_input_fn = _side_by_side
        elif not callable(cell_input_fn):
            kind = type(cell_input_fn).__name__
            raise TypeError(f"cell_input_fn must be callable, saw type: {kind}")
        self._cell, self._cell_input_fn = cell, cell_input_fn
        self._set_layers(attention_layer_size, attention_layer)
        self._attention_fn = attention_fn or attended_by
        self._output_attention, self._alignment_history = output_attention, alignment_history
        self._initial_cell_state: Any = None
        with build.name_scope(name, "AttentionWrapperInit"):
            if initial_cell_state is not None:
                last = nest.flatten(initial_cell_state)[-1]
                batch = last.shape[0].value or idioms.shape(last)[0]
                checks = self._batch_size_checks(batch, _AT_FIRST.format(self._base_name))
                with build.current_graph().control_dependencies(checks):
                    self._initial_cell_state = nest.map_structure(
                        lambda s: raw.Identity(s, name="check_initial_cell_state"),
                        initial_cell_state,
                    )

    def _set_layers(self, sizes: Any, layers: Any) -> None:
        """The layers above output and attention, one for each mechanism, or none, and the size after them."""
        mechanisms = self._attention_mechanisms
        if sizes is not None and layers is not None:
            raise ValueError("Only one of attention_layer_size and attention_layer should be set")
        self._attention_layers: Any = None
        if sizes is not None:
            sizes = tuple(sizes) if isinstance(sizes, list | tuple) else (sizes,)
            _check_count("attention_layer_size", "integer", sizes, mechanisms)
            self._attention_layers = tuple(
                Dense(size, name="attention_layer", use_bias=False, dtype=mechanism.dtype)
                for size, mechanism in zip(sizes, mechanisms, strict=True)
            )
            self._attention_layer_size = sum(sizes)
            return
        depths = [m.values.shape[-1].value for m in mechanisms]
        if layers is not None:
            layers = tuple(layers) if isinstance(layers, list | tuple) else (layers,)
            _check_count("attention_layer", "layer", layers, mechanisms)
            self._attention_layers = layers
            depths = [
                layer.compute_output_shape([None, self._cell.output_size + depth])[-1].value
                for layer, depth in zip(layers, depths, strict=True)
            ]
        self._attention_layer_size = sum(depths)

    def _batch_size_checks(self, batch_size: Any, message: str) -> list[Any]:
        mechanisms = self._attention_mechanisms
        return [assert_equal(batch_size, m.batch_size, message=message) for m in mechanisms]

    def _item_or_tuple(self, items: Any) -> Any:
        found = tuple(items)
        return found if self._is_multi else found[0]

    @property
    def output_size(self) -> Any:
        return self._attention_layer_size if self._output_attention else self._cell.output_size

    @property
    def state_size(self) -> Any:
        mechanisms = self._attention_mechanisms
        return AttentionWrapperState(
            cell_state=self._cell.state_size,
            time=TensorShape([]),
            attention=self._attention_layer_size,
            alignments=self._item_or_tuple(m.alignments_size for m in mechanisms),
            attention_state=self._item_or_tuple(m.state_size for m in mechanisms),
            alignment_history=self._item_or_tuple(
                m.alignments_size if self._alignment_history else () for m in mechanisms
            ),
        )

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        mechanisms = self._attention_mechanisms
        with build.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            state = self._initial_cell_state
            if state is None:
                state = self._cell.get_initial_state(batch_size=batch_size, dtype=dtype)
            checks = self._batch_size_checks(batch_size, _AT_ZERO.format(self._base_name))
            with build.current_graph().control_dependencies(checks):
                state = nest.map_structure(
                    lambda s: raw.Identity(s, name="checked_cell_state"), state
                )
            alignments = [m.initial_alignments(batch_size, dtype) for m in mechanisms]
            return AttentionWrapperState(
                cell_state=state,
                time=idioms.zeros([], dtype=int32),
                attention=zeros_of_sizes(batch_size, self._attention_layer_size, dtype),
                alignments=self._item_or_tuple(alignments),
                attention_state=self._item_or_tuple(
                    m.initial_state(batch_size, dtype) for m in mechanisms
                ),
                alignment_history=self._item_or_tuple(
                    TensorArray(dtype, size=0, dynamic_size=True, element_shape=a.shape)
                    if self._alignment_history
                    else ()
                    for a in alignments
                ),
            )

    def call(self, inputs: Any, state: Any) -> Any:
        if not isinstance(state, AttentionWrapperState):
            raise TypeError(
                "Expected state to be instance of AttentionWrapperState. "
                f"Received type {type(state)} instead."
            )
        cell_inputs = self._cell_input_fn(inputs, state.attention)
        output, cell_state = self._cell(cell_inputs, state.cell_state)
        batch = output.shape[0].value or idioms.shape(output)[0]
        checks = self._batch_size_checks(batch, _AT_CALL.format(self.name))
        with build.current_graph().control_dependencies(checks):
            output = raw.Identity(output, name="checked_cell_output")
        before = state.attention_state if self._is_multi else [state.attention_state]
        past = state.alignment_history if self._is_multi else [state.alignment_history]
        seen, alignments, states, histories = [], [], [], []
        for i, mechanism in enumerate(self._attention_mechanisms):
            layer = self._attention_layers[i] if self._attention_layers else None
            found = self._attention_fn(mechanism, output, before[i], layer)
            seen.append(found[0])
            alignments.append(found[1])
            states.append(found[2])
            kept = past[i].write(state.time, found[1]) if self._alignment_history else ()
            histories.append(kept)
        attention = concat(seen, 1)
        next_state = AttentionWrapperState(
            time=state.time + 1,
            cell_state=cell_state,
            attention=attention,
            attention_state=self._item_or_tuple(states),
            alignments=self._item_or_tuple(alignments),
            alignment_history=self._item_or_tuple(histories),
        )
        return attention if self._output_attention else output, next_state


def _side_by_side(inputs: Any, attention: Any) -> Any:
    return concat([inputs, attention], -1)


def _mechanisms(given: Any) -> tuple[Any, ...]:
    if isinstance(given, list | tuple):
        for mechanism in given:
            if not isinstance(mechanism, AttentionMechanism):
                raise TypeError(
                    "attention_mechanism must contain only instances of AttentionMechanism, "
                    f"saw type: {type(mechanism).__name__}"
                )
        return tuple(given)
    if not isinstance(given, AttentionMechanism):
        raise TypeError(
            "attention_mechanism must be an AttentionMechanism or list of multiple "
            f"AttentionMechanism instances, saw type: {type(given).__name__}"
        )
    return (given,)


def _check_count(what: str, kind: str, given: Any, mechanisms: Any) -> None:
    if len(given) != len(mechanisms):
        raise ValueError(
            f"If provided, {what} must contain exactly one {kind} per attention_mechanism, "
            f"saw: {len(given)} vs {len(mechanisms)}"
        )


__all__: list[str] = []
NAMESPACES = {
    "contrib.seq2seq": ["AttentionWrapper", "AttentionWrapperState"],
    "contrib.seq2seq.python.ops.attention_wrapper": {
        "AttentionWrapper": "AttentionWrapper",
        "AttentionWrapperState": "AttentionWrapperState",
        "_compute_attention": "attended_by",
    },
}
