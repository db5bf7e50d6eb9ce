"""DropoutWrapper: dropout of what goes into a cell, of its state and of what comes out."""

from __future__ import annotations

import hashlib
import numbers
from collections.abc import Callable
from typing import Any

from graphflow.frontend import nest, nn
from graphflow.frontend.nest_paths import get_traverse_shallow_structure, map_structure_up_to
from graphflow.frontend.random import random_uniform
from graphflow.frontend.rnn.cells import LSTMStateTuple
from graphflow.frontend.rnn.wrappers import CellWrapper
from graphflow.frontend.tensor_array import TensorArray
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.known import constant_value
from graphflow.ir.shape import TensorShape
from graphflow.ops.arrays import concat
from graphflow.ops.operators import div


class DropoutWrapper(CellWrapper):
    """A cell with dropout; `variational_recurrent` drops the same elements in every step."""

    def __init__(
        self,
        cell: Any,
        input_keep_prob: Any = 1.0,
        output_keep_prob: Any = 1.0,
        state_keep_prob: Any = 1.0,
        variational_recurrent: bool = False,
        input_size: Any = None,
        dtype: Any = None,
        seed: Any = None,
        dropout_state_filter_visitor: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(cell, dtype=dtype, **kwargs)
        if dropout_state_filter_visitor is not None and not callable(dropout_state_filter_visitor):
            raise TypeError("dropout_state_filter_visitor must be callable")
        self._dropout_state_filter = dropout_state_filter_visitor or _all_but_memory
        with build.name_scope("DropoutWrapperInit"):
            self._input_keep_prob = _probability("input_keep_prob", input_keep_prob)
            self._state_keep_prob = _probability("state_keep_prob", state_keep_prob)
            self._output_keep_prob = _probability("output_keep_prob", output_keep_prob)
        self._variational_recurrent, self._input_size = variational_recurrent, input_size
        self._seed = seed
        self._noise: dict[str, Any] = {"input": None, "state": None, "output": None}
        if variational_recurrent:
            self._draw(cell, dtype)

    def _draw(self, cell: Any, dtype: Any) -> None:
        """The noise that decides, once for all steps, what is dropped."""
        if dtype is None:
            raise ValueError("When variational_recurrent=True, dtype must be provided")
        sizes = {"state": cell.state_size, "output": cell.output_size}
        kept = self._input_keep_prob
        if not isinstance(kept, numbers.Real) or kept < 1.0:
            if self._input_size is None:
                raise ValueError(
                    "When variational_recurrent=True and input_keep_prob < 1.0 or is unknown, "
                    "input_size must be provided"
                )
            sizes = {"input": self._input_size, **sizes}

        for part, size in sizes.items():

            def noise(i: int, s: Any, part: str = part) -> Any:
                shape = concat(([1], TensorShape(s).as_list()), 0)
                return random_uniform(shape, seed=self._seed_of(part, i), dtype=dtype)

            self._noise[part] = _numbered(size, noise, size)

    @property
    def wrapped_cell(self) -> Any:
        """The cell inside."""
        return self.cell

    def _seed_of(self, part: str, index: int) -> int | None:
        """A seed for each place, out of the one given."""
        if self._seed is None:
            return None
        text = f"{self._seed}{part}_{index}".encode()
        return int(hashlib.md5(text, usedforsecurity=False).hexdigest()[:8], 16) & 0x7FFFFFFF

    def _dropped(self, part: str, values: Any, keep_prob: Any, filtered: Any = None) -> Any:
        """The values with dropout where the structure `filtered` does not say False."""
        if filtered is None:
            filtered = values

        def fresh(i: int, wanted: Any, value: Any) -> Any:
            if isinstance(wanted, bool) and not wanted:
                return value
            return nn.dropout(value, rate=1.0 - keep_prob, seed=self._seed_of(part, i))

        def drawn(i: int, wanted: Any, value: Any, noise: Any) -> Any:
            if isinstance(wanted, bool) and not wanted:
                return value
            kept = raw.Floor(keep_prob + noise)
            scaled = div(value, keep_prob) * kept
            scaled.set_shape(value.shape)
            return scaled

        if self._variational_recurrent:
            return _numbered(filtered, drawn, filtered, values, self._noise[part])
        return _numbered(filtered, fresh, filtered, values)

    def _call_wrapped_cell(self, inputs: Any, state: Any, cell_call_fn: Any, **kwargs: Any) -> Any:
        if _drops(self._input_keep_prob):
            inputs = self._dropped("input", inputs, self._input_keep_prob)
        output, new_state = cell_call_fn(inputs, state, **kwargs)
        if _drops(self._state_keep_prob):
            filtered = get_traverse_shallow_structure(self._dropout_state_filter, new_state)
            new_state = self._dropped("state", new_state, self._state_keep_prob, filtered)
        if _drops(self._output_keep_prob):
            output = self._dropped("output", output, self._output_keep_prob)
        return output, new_state

    def get_config(self) -> dict[str, Any]:
        names = (
            *("input_keep_prob", "output_keep_prob", "state_keep_prob"),
            *("variational_recurrent", "input_size", "seed"),
        )
        return super().get_config() | {name: getattr(self, f"_{name}") for name in names}


def _probability(what: str, given: Any) -> Any:
    """A probability: a number where it is known, else a tensor."""
    tensor = convert(given)
    known = constant_value(tensor)
    if known is None:
        return tensor
    if not 0 <= known <= 1:
        raise ValueError(f"Parameter {what} must be between 0 and 1: {float(known):g}")
    return float(known)


def _drops(keep_prob: Any) -> bool:
    return not isinstance(keep_prob, float) or keep_prob < 1


def _all_but_memory(substate: Any) -> Any:
    """Dropout for all of a state but the memory of an LSTM, which it would destroy, and arrays."""
    if isinstance(substate, LSTMStateTuple):
        return LSTMStateTuple(c=False, h=True)
    return not isinstance(substate, TensorArray)


def _numbered(shallow: Any, function: Callable[..., Any], *structures: Any) -> Any:
    """`function` of the number of each place of `shallow` and of what the structures hold there."""
    count = iter(range(len(nest.flatten(shallow))))
    return map_structure_up_to(shallow, lambda *parts: function(next(count), *parts), *structures)


__all__: list[str] = []
NAMESPACES = {
    "nn.rnn_cell": ["DropoutWrapper"],
    "contrib.rnn": ["DropoutWrapper"],
    "contrib.rnn.core_rnn_cell": ["DropoutWrapper"],
    "python.ops.rnn_cell": ["DropoutWrapper"],
    "python.ops.rnn_cell_impl": ["DropoutWrapper"],
}
