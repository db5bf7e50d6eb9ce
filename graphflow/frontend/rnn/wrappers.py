"""Cells around cells: a stack of them, a residual connection, a device."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.layers.layer import Layer
from graphflow.frontend.rnn.cell import RNNCell
from graphflow.frontend.rnn.sizes import check_cell
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir import build, raw
from graphflow.ops.arrays import concat


class CellWrapper(RNNCell):
    """A cell that does something before and after it calls another one, of the same sizes."""

    def __init__(self, cell: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        check_cell("cell", cell)
        self.cell = cell

    @property
    def state_size(self) -> Any:
        return self.cell.state_size

    @property
    def output_size(self) -> Any:
        return self.cell.output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        with build.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self.cell.zero_state(batch_size, dtype)

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        return self._call_wrapped_cell(inputs, state, cell_call_fn=self.cell.__call__, scope=scope)

    def _call_wrapped_cell(self, inputs: Any, state: Any, cell_call_fn: Any, **kwargs: Any) -> Any:
        raise NotImplementedError

    def get_config(self) -> dict[str, Any]:
        inner = {"class_name": type(self.cell).__name__, "config": self.cell.get_config()}
        return dict(super().get_config()) | {"cell": inner}

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """An equal one; the cell itself must have been put into `config`."""
        config = dict(config)
        cell = config.pop("cell")
        try:
            check_cell("cell", cell)
            return cls(cell, **config)
        except TypeError:
            raise ValueError(
                "RNNCellWrapper cannot reconstruct the wrapped cell. Please overwrite the cell "
                "in the config with a RNNCell instance."
            ) from None


class ResidualWrapper(CellWrapper):
    """output + input, or what `residual_fn` makes of input and output."""

    def __init__(self, cell: Any, residual_fn: Any = None, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._residual_fn = residual_fn

    def _call_wrapped_cell(self, inputs: Any, state: Any, cell_call_fn: Any, **kwargs: Any) -> Any:
        outputs, new_state = cell_call_fn(inputs, state, **kwargs)
        return (self._residual_fn or _sum)(inputs, outputs), new_state


def _sum(inputs: Any, outputs: Any) -> Any:
    nest.assert_same_structure(inputs, outputs)
    nest.map_structure(lambda x, y: x.shape.assert_is_compatible_with(y.shape), inputs, outputs)
    return nest.map_structure(lambda x, y: x + y, inputs, outputs)


class DeviceWrapper(CellWrapper):
    """The same cell on a given device."""

    def __init__(self, cell: Any, device: Any, **kwargs: Any) -> None:
        super().__init__(cell, **kwargs)
        self._device = device

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        with (
            build.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]),
            build.current_graph().device(self._device),
        ):
            return self.cell.zero_state(batch_size, dtype)

    def _call_wrapped_cell(self, inputs: Any, state: Any, cell_call_fn: Any, **kwargs: Any) -> Any:
        with build.current_graph().device(self._device):
            return cell_call_fn(inputs, state, **kwargs)

    def get_config(self) -> dict[str, Any]:
        return super().get_config() | {"device": self._device}


class MultiRNNCell(RNNCell):
    """Cells one above the other: the output of each is the input of the next."""

    def __init__(self, cells: Any, state_is_tuple: bool = True) -> None:
        super().__init__()
        if not cells:
            raise ValueError("Must specify at least one cell for MultiRNNCell.")
        if not nest.is_sequence(cells):
            raise TypeError(f"cells must be a list or tuple, but saw: {cells}.")
        self._cells, self._state_is_tuple = cells, state_is_tuple
        if not state_is_tuple and any(nest.is_sequence(c.state_size) for c in cells):
            raise ValueError(
                "Some cells return tuples of states, but the flag state_is_tuple is not set.  "
                f"State sizes are: {[c.state_size for c in cells]}"
            )

    @property
    def state_size(self) -> Any:
        sizes = tuple(cell.state_size for cell in self._cells)
        return sizes if self._state_is_tuple else sum(sizes)

    @property
    def output_size(self) -> Any:
        return self._cells[-1].output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        with build.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            if self._state_is_tuple:
                return tuple(cell.zero_state(batch_size, dtype) for cell in self._cells)
            return super().zero_state(batch_size, dtype)

    @property
    def trainable_weights(self) -> list[Any]:
        return self._weights("trainable_weights") if self.trainable else []

    @property
    def non_trainable_weights(self) -> list[Any]:
        others = self._weights("non_trainable_weights")
        return others if self.trainable else self._weights("trainable_weights") + others

    def _weights(self, kind: str) -> list[Any]:
        layers = (cell for cell in self._cells if isinstance(cell, Layer))
        return [weight for layer in layers for weight in getattr(layer, kind)]

    def call(self, inputs: Any, state: Any) -> Any:
        at, value, states = 0, inputs, []
        for i, cell in enumerate(self._cells):
            with variable_scope(f"cell_{i}"):
                if self._state_is_tuple:
                    if not nest.is_sequence(state):
                        raise ValueError(
                            f"Expected state to be a tuple of length {len(self.state_size)}, "
                            f"but received: {state}"
                        )
                    part = state[i]
                else:
                    part = raw.Slice(state, [0, at], [-1, cell.state_size])
                    at += cell.state_size
                value, new_state = cell(value, part)
                states.append(new_state)
        return value, tuple(states) if self._state_is_tuple else concat(states, 1)


__all__: list[str] = []
NAMESPACES = {
    "nn.rnn_cell": ["DeviceWrapper", "MultiRNNCell", "ResidualWrapper"],
    "contrib.rnn": ["DeviceWrapper", "MultiRNNCell", "ResidualWrapper"],
    "contrib.rnn.core_rnn_cell": ["DeviceWrapper", "MultiRNNCell", "ResidualWrapper"],
    "python.ops.rnn_cell": ["DeviceWrapper", "MultiRNNCell", "ResidualWrapper"],
    "python.ops.rnn_cell_impl": ["DeviceWrapper", "MultiRNNCell", "ResidualWrapper"],
}
