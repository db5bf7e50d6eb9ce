"""The variables of batch_norm: beta, gamma and the moving averages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from graphflow.contrib.framework.model_variables import model_variable
from graphflow.contrib.layers.named_outputs import get_variable_collections
from graphflow.frontend.initializers import ones_initializer, zeros_initializer
from graphflow.frontend.variable_scope import get_variable_scope, variable_scope

#: how each begins unless the user says otherwise
INITIALIZERS = {
    "beta": zeros_initializer(),
    "gamma": ones_initializer(),
    "moving_mean": zeros_initializer(),
    "moving_variance": ones_initializer(),
}


@dataclass(frozen=True)
class BatchParameters:
    """Makes the variables of one normalisation."""

    shape: Any
    dtype: Any
    initializers: dict[str, Any]
    regularizers: dict[str, Any]
    collections: Any
    trainable: bool

    def made(self, name: str, trainable: bool | None = None) -> Any:
        """The variable of that name."""
        return model_variable(
            name,
            shape=self.shape,
            dtype=self.dtype,
            initializer=self.initializers.get(name, INITIALIZERS[name]),
            regularizer=self.regularizers.get(name),
            collections=get_variable_collections(self.collections, name),
            trainable=self.trainable if trainable is None else trainable,
        )

    def averages(self) -> tuple[Any, Any]:
        """The moving mean and the moving variance, in one piece each."""
        with variable_scope(get_variable_scope()) as scope:
            scope.set_partitioner(None)
            mean = self.made("moving_mean", trainable=False)
            return mean, self.made("moving_variance", trainable=False)
