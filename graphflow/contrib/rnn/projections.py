"""Cells around cells: embedded inputs, projected inputs and projected outputs."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from graphflow.contrib.rnn.linear import Linear
from graphflow.frontend.initializers import random_uniform_initializer
from graphflow.frontend.nn_embedding import embedding_lookup
from graphflow.frontend.rnn.cell import RNNCell
from graphflow.frontend.rnn.sizes import check_cell
from graphflow.frontend.variable_scope import get_variable, get_variable_scope
from graphflow.ir import build, raw


class _Around(RNNCell):
    """A cell with another one inside, whose state it has."""

    def __init__(self, cell: Any, reuse: Any) -> None:
        super().__init__(_reuse=reuse)
        check_cell("cell", cell)
        self._cell = cell

    @property
    def state_size(self) -> Any:
        return self._cell.state_size

    @property
    def output_size(self) -> Any:
        return self._cell.output_size

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        with build.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return self._cell.zero_state(batch_size, dtype)


class EmbeddingWrapper(_Around):
    """A cell whose inputs are numbers of words: it is given their rows of a table that is trained."""

    def __init__(
        self,
        cell: Any,
        embedding_classes: int,
        embedding_size: int,
        initializer: Any = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(cell, reuse)
        if embedding_classes <= 0 or embedding_size <= 0:
            raise ValueError(
                "Both embedding_classes and embedding_size must be > 0: "
                f"{embedding_classes}, {embedding_size}."
            )
        self._embedding_classes, self._embedding_size = embedding_classes, embedding_size
        self._initializer = initializer

    def call(self, inputs: Any, state: Any) -> Any:
        with build.current_graph().device("/cpu:0"):
            initializer = self._initializer or get_variable_scope().initializer
            if not initializer:
                # uniform of variance 1
                initializer = random_uniform_initializer(-math.sqrt(3), math.sqrt(3))
            embedding = get_variable(
                "embedding",
                [self._embedding_classes, self._embedding_size],
                initializer=initializer,
                dtype=(state[0] if isinstance(state, tuple) else state).dtype,
            )
            embedded = embedding_lookup(embedding, raw.Reshape(inputs, [-1]))
            return self._cell(embedded, state)


class InputProjectionWrapper(_Around):
    """A cell whose inputs go through a linear map first."""

    def __init__(
        self,
        cell: Any,
        num_proj: int,
        activation: Callable[[Any], Any] | None = None,
        input_size: Any = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(cell, reuse)
        self._num_proj, self._activation = num_proj, activation
        self._linear: Linear | None = None

    def call(self, inputs: Any, state: Any) -> Any:
        if self._linear is None:
            self._linear = Linear(inputs, self._num_proj, True)
        projected = self._linear(inputs)
        if self._activation:
            projected = self._activation(projected)
        return self._cell(projected, state)


class OutputProjectionWrapper(_Around):
    """A cell whose outputs go through a linear map."""

    def __init__(
        self,
        cell: Any,
        output_size: int,
        activation: Callable[[Any], Any] | None = None,
        reuse: Any = None,
    ) -> None:
        super().__init__(cell, reuse)
        if output_size < 1:
            raise ValueError(f"Parameter output_size must be > 0: {output_size}.")
        self._output_size, self._activation = output_size, activation
        self._linear: Linear | None = None

    @property
    def output_size(self) -> Any:
        return self._output_size

    def call(self, inputs: Any, state: Any) -> Any:
        output, new_state = self._cell(inputs, state)
        if self._linear is None:
            self._linear = Linear(output, self._output_size, True)
        projected = self._linear(output)
        if self._activation:
            projected = self._activation(projected)
        return projected, new_state


__all__: list[str] = []
NAMESPACES = {
    "contrib.rnn": ["EmbeddingWrapper", "InputProjectionWrapper", "OutputProjectionWrapper"],
    "contrib.rnn.core_rnn_cell": [
        *("EmbeddingWrapper", "InputProjectionWrapper", "OutputProjectionWrapper"),
    ],
    "contrib.rnn.python.ops.core_rnn_cell": [
        *("EmbeddingWrapper", "InputProjectionWrapper", "OutputProjectionWrapper"),
    ],
}
