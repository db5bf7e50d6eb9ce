"""RNNCell: a layer that takes an input and a state, and gives an output and the next state."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nest
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.layers.layer import Layer
from graphflow.frontend.partitioned_variables import PartitionedVariable
from graphflow.frontend.rnn.sizes import zeros_of_sizes
from graphflow.frontend.variable_scope import get_variable_scope, variable_scope
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype
from graphflow.ir.known import constant_value
from graphflow.ir.node import Tensor
from graphflow.ir.shape import as_shape
from graphflow.ops import idioms


class RNNCell(Layer):
    """output, next_state = cell(inputs, state).

    A subclass says `state_size` and `output_size`, for one example, and what `call` does with a batch.
    """

    def __init__(
        self, trainable: bool = True, name: str | None = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)
        self._is_tf_rnn_cell = True
        self._entered: Any = None

    def __call__(self, inputs: Any, state: Any, scope: Any = None) -> Any:
        if scope is not None:
            with variable_scope(scope, custom_getter=self._rnn_get_variable) as inner:
                return super().__call__(inputs, state, scope=inner)
        if self._entered is None:
            # the scope of the first call is that of all calls
            self._entered = variable_scope(
                get_variable_scope(), custom_getter=self._rnn_get_variable
            )
        with self._entered:
            return super().__call__(inputs, state)

    def _rnn_get_variable(self, getter: Any, *args: Any, **kwargs: Any) -> Any:
        """get_variable in `call`: what it gives is a weight of this cell."""
        variable = getter(*args, **kwargs)
        trained = build.current_graph().get_collection(GraphKeys.TRAINABLE_VARIABLES)
        part = next(iter(variable)) if isinstance(variable, PartitionedVariable) else variable
        is_trained = any(part is other for other in trained)
        weights = self._trainable_weights if is_trained else self._non_trainable_weights
        if all(variable is not other for other in weights):
            weights.append(variable)
        return variable

    @property
    def state_size(self) -> Any:
        """The size of the state of one example: a number, a shape, or a structure of them."""
        raise NotImplementedError("Abstract method")

    @property
    def output_size(self) -> Any:
        """The size of the output for one example."""
        raise NotImplementedError("Abstract method")

    def build(self, _: Any) -> None:
        """Nothing: such a cell makes its variables in `call`."""

    def get_initial_state(
        self, inputs: Any = None, batch_size: Any = None, dtype: Any = None
    ) -> Any:
        """zero_state of the batch size and the type given, or of those of `inputs`."""
        if inputs is not None:
            inputs = convert(inputs, name="inputs")
            known = inputs.shape[0].value
            if batch_size is not None:
                given = constant_value(batch_size) if isinstance(batch_size, Tensor) else batch_size
                if known != given:
                    raise ValueError(
                        "batch size from input tensor is different from the input param. "
                        f"Input tensor batch: {known}, batch_size: {batch_size}"
                    )
            if dtype is not None and inputs.dtype != dtype:
                raise ValueError(
                    "dtype from input tensor is different from the input param. "
                    f"Input tensor dtype: {inputs.dtype}, dtype: {dtype}"
                )
            batch_size = known or idioms.shape(inputs)[0]
            dtype = inputs.dtype
        if batch_size is None or dtype is None:
            raise ValueError(
                "batch_size and dtype cannot be None while constructing initial state: "
                f"batch_size={batch_size}, dtype={dtype}"
            )
        return self.zero_state(batch_size, dtype)

    def zero_state(self, batch_size: Any, dtype: Any) -> Any:
        """A state of zeros."""
        size = self.state_size
        with build.name_scope(type(self).__name__ + "ZeroState", values=[batch_size]):
            return zeros_of_sizes(batch_size, size, dtype)


class LayerRNNCell(RNNCell):
    """A cell that makes its variables in `build`, as layers do."""

    def __call__(
        self, inputs: Any, state: Any, scope: Any = None, *args: Any, **kwargs: Any
    ) -> Any:
        return Layer.__call__(self, inputs, state, *args, scope=scope, **kwargs)


def check_dtype(dtype: Any) -> None:
    """ValueError unless a cell can compute with numbers of this type."""
    if dtype is None:
        return
    dtype = as_dtype(dtype)
    if not (dtype.is_floating or dtype.is_complex):
        raise ValueError(f"RNN cell only supports floating point inputs, but saw dtype: {dtype}")


def check_dtypes(*values: Any) -> None:
    for t in nest.flatten(values):
        check_dtype(t.dtype)


def input_depth(shape: Any) -> int:
    """The number of features of the inputs, which must be known."""
    shape = as_shape(shape)
    depth = shape[-1].value if shape.rank else None
    if depth is None:
        raise ValueError(f"Expected inputs.shape[-1] to be known, saw shape: {shape}")
    return int(depth)


__all__: list[str] = []
NAMESPACES = {
    "nn.rnn_cell": ["RNNCell"],
    "contrib.rnn": ["LayerRNNCell", "RNNCell"],
    "contrib.rnn.core_rnn_cell": ["RNNCell"],
    "contrib.rnn.python.ops.core_rnn_cell": ["RNNCell"],
    "python.ops.rnn_cell": ["RNNCell"],
    "python.ops.rnn_cell_impl": ["LayerRNNCell", "RNNCell"],
}
