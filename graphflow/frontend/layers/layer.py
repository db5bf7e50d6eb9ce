"""Layer: makes its variables when it is first called, under a scope of its own."""

from __future__ import annotations

import copy
import functools
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from graphflow.frontend import nest
from graphflow.frontend.framework import name_scope
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.layers import activations, constraints, named_initializers, regularizers
from graphflow.frontend.layers.input_spec import check_inputs
from graphflow.frontend.layers.layer_state import LayerState, calling, parameters, take_down
from graphflow.frontend.scope_record import VariableScope
from graphflow.frontend.variable_modes import VariableAggregation, VariableSynchronization
from graphflow.frontend.variable_scope import get_variable, variable_scope
from graphflow.frontend.variables import Variable
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import as_dtype, bool_, float32
from graphflow.ops import idioms

__all__: list[str] = []

_OPTIONS = {
    *("activity_regularizer", "autocast", "batch_input_shape", "batch_size", "dynamic"),
    *("input_shape", "weights"),
}


class Layer(LayerState):
    """A function of tensors with weights.

    A subclass makes its weights in `build(input_shape)` with add_weight, and its result in `call(inputs)`.
    """

    def __init__(
        self, trainable: bool = True, name: Any = None, dtype: Any = None, **kwargs: Any
    ) -> None:
        scope = kwargs.pop("_scope", None)
        self._reuse = kwargs.pop("_reuse", None)
        for option in kwargs:
            if option not in _OPTIONS:
                raise TypeError("Keyword argument not understood:", option)
        super().__init__(trainable)
        self.built, self.supports_masking = False, False
        self._use_resource_variables = False
        self._activity_regularizer = kwargs.get("activity_regularizer")
        self._initial_weights = kwargs.get("weights")
        self._init_set_name(name)
        self._dtype: str | None = None if dtype is None else as_dtype(dtype).name
        self._call_fn_args = parameters(type(self).call)[1:]
        self._scope: VariableScope | None = None
        if scope:
            with variable_scope(scope) as captured:
                self._scope = captured
        self._current_scope: VariableScope | None = None

    # ---- names -------------------------------------------------------------------------------------

    def _init_set_name(self, name: Any) -> None:
        base = name.name if isinstance(name, VariableScope) else name
        if not isinstance(name, str) or not name:
            self._name, unnamed = self._make_unique_name()
            self._base_name: str = base or unnamed
        else:
            self._name = self._base_name = name

    def _make_unique_name(self) -> tuple[str, str]:
        """A name from the class, numbered: dense_1, dense_2."""
        base = _snake_case(type(self).__name__)
        counts = current_graph().notes.setdefault("layer_names", {})
        counts[base] = counts.get(base, 0) + 1
        return f"{base}_{counts[base]}", base

    @property
    def name(self) -> str:  # type: ignore[override]  # a plain attribute in the part below
        return self._name

    @property
    def dtype(self) -> str | None:
        """The type of the weights: that of the first input unless another was given."""
        return self._dtype

    @property
    def graph(self) -> None:
        """None: layers belong to no graph."""

    @property
    def scope_name(self) -> str:
        if self._scope is None:
            raise ValueError(
                f'No name available for layer scope because the layer "{self._name}" has not been used '
                "yet. The scope name  is determined the first time the layer instance is called. You "
                "must therefore call the layer before querying `scope_name`."
            )
        return self._scope.name

    def _name_scope(self) -> str:
        scope = self._current_scope
        assert scope is not None
        return scope.original_name_scope

    def _set_scope(self, scope: Any = None) -> None:
        if self._scope is not None:
            return
        if self._reuse:
            opened = variable_scope(self._base_name if scope is None else scope)
        else:
            opened = variable_scope(scope, default_name=self._base_name)
        with opened as captured:
            self._scope = captured

    # ---- weights -----------------------------------------------------------------------------------

    def add_weight(
        self,
        name: str,
        shape: Any,
        dtype: Any = None,
        initializer: Any = None,
        regularizer: Any = None,
        trainable: bool | None = None,
        constraint: Any = None,
        use_resource: bool | None = None,
        synchronization: Any = VariableSynchronization.AUTO,
        aggregation: Any = VariableAggregation.NONE,
        partitioner: Any = None,
        **kwargs: Any,
    ) -> Any:
        """A weight: a new variable of the layer's scope, or the one that is there already."""
        for option in kwargs:
            if option != "experimental_autocast":
                raise TypeError("Unknown keyword argument:", option)
        if synchronization == VariableSynchronization.ON_READ:
            if trainable:
                raise ValueError(
                    "Synchronization value can be set to VariableSynchronization.ON_READ only for "
                    "non-trainable variables. You have specified trainable=True and "
                    "synchronization=VariableSynchronization.ON_READ."
                )
            trainable = False
        wanted = as_dtype(dtype or self.dtype or float32)
        trained = trainable is not False and self.trainable
        known: set[Any] = set()
        if regularizer:
            known.update(current_graph().get_collection(GraphKeys.GLOBAL_VARIABLES))
        self._set_scope(None)
        inside = variable_scope(
            self._scope, reuse=self.built or self._reuse, auxiliary_name_scope=False
        )
        with inside as scope:
            self._current_scope = scope
            with name_scope(self._name_scope()):
                self._dtype = self._dtype or wanted.base_dtype.name
                if initializer is None:
                    initializer = scope.initializer
                chosen = named_initializers.get(initializer)
                variable = get_variable(
                    name,
                    shape=() if shape is None else shape,
                    dtype=wanted,
                    initializer=chosen or self._usual_initializer(name, wanted),
                    constraint=constraints.get(constraint),
                    trainable=trained,
                    partitioner=partitioner,
                    use_resource=use_resource or self._use_resource_variables or scope.use_resource,
                    synchronization=synchronization,
                    aggregation=aggregation,
                )
                self._keep(variable, trained)
                if regularizer and variable not in known:
                    self._regularise(name, variable, regularizers.get(regularizer))
        return variable

    add_variable = add_weight

    def _usual_initializer(self, name: str, dtype: Any) -> Any:
        if dtype.is_floating:
            return named_initializers.glorot_uniform()
        if dtype.is_integer or dtype.is_bool:
            return named_initializers.zeros()
        raise ValueError(
            f"An initializer for variable {name} of type {dtype.base_dtype} is required"
            f" for layer {self.name}"
        )

    def _keep(self, variable: Any, trained: bool) -> None:
        """Among the weights; a custom getter may have made one that is not trained."""
        if trained:
            collection = current_graph().get_collection(GraphKeys.TRAINABLE_VARIABLES)
            trained = any(v is variable for v in collection)
        (self._trainable_weights if trained else self._non_trainable_weights).append(variable)

    def _regularise(self, name: str, variable: Any, regularizer: Any) -> None:
        def loss() -> Any:
            with name_scope(name + "/Regularizer"):
                return regularizer(variable)

        self.add_loss(loss)

    def add_loss(self, losses: Any, inputs: Any = None) -> None:
        """Take down losses, and add them to the regularisation losses of the graph."""
        kept, callables = len(self._losses), len(self._callable_losses)
        super().add_loss(losses, inputs)
        made = [make() for make in self._callable_losses[callables:]]
        new = [*self._losses[kept:], *(loss for loss in made if loss is not None)]
        take_down(new, GraphKeys.REGULARIZATION_LOSSES)

    # ---- calls -------------------------------------------------------------------------------------

    def build(self, input_shape: Any) -> None:
        """Make the weights, for inputs of this shape."""
        self.built = True

    def call(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """The result."""
        return inputs

    def apply(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        return self(inputs, *args, **kwargs)

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """The result for these inputs; the first call makes the weights."""
        self._set_scope(kwargs.pop("scope", None))
        reuse = True if self.built else self._reuse
        with variable_scope(self._scope, reuse=reuse, auxiliary_name_scope=False) as scope:
            self._current_scope = scope
            if "scope" in self._call_fn_args:
                kwargs["scope"] = scope
            outputs = self._called(inputs, args, kwargs)
        take_down(self.updates, GraphKeys.UPDATE_OPS)
        return outputs

    def _called(self, inputs: Any, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        inputs = nest.map_structure(_converted, inputs)
        training = self._training(args, kwargs)
        token = calling.set((inputs, training))
        try:
            check_inputs(self.input_spec, inputs, self.name)
            with current_graph().as_default(), name_scope(self._name_scope()):
                self._maybe_build(inputs)
                outputs = self.call(inputs, *args, **kwargs)
                if outputs is None:
                    raise ValueError(
                        "A layer's `call` method should return a Tensor or a list of Tensors, "
                        f"not None (layer: {self.name})."
                    )
                if self._activity_regularizer is not None:
                    self._regularise_outputs(self._activity_regularizer, inputs, outputs)
                return outputs
        finally:
            calling.reset(token)

    def _training(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> Any:
        """Whether the layer is being trained: as the call says, or else the call around it."""
        names = dict(zip(self._call_fn_args[1:], args, strict=False)) | kwargs
        expected = "training" in self._call_fn_args
        if "training" in names:
            if not expected:
                kwargs.pop("training")
            return names["training"]
        around = calling.get()
        value = None if around is None else around[1]
        if expected and value is not None:
            kwargs["training"] = (
                idioms.cast(value, bool_) if hasattr(value, "_as_tensor") else bool(value)
            )
        return value

    def _maybe_build(self, inputs: Any) -> None:
        if not self.built:
            flat = nest.flatten(inputs)
            if flat and self._dtype is None and hasattr(flat[0], "dtype"):
                self._dtype = flat[0].dtype.base_dtype.name
            if type(self).build is not Layer.build:
                shapes = None
                if all(hasattr(x, "shape") for x in flat):
                    shapes = nest.map_structure(lambda x: x.shape, inputs)
                self.build(shapes)
            self.built = True
        if self._initial_weights is not None:
            weights, self._initial_weights = self._initial_weights, None
            self.set_weights(weights)

    def _regularise_outputs(self, regularizer: Any, inputs: Any, outputs: Any) -> None:
        with name_scope("ActivityRegularizer"):
            for output in nest.flatten(outputs):
                loss = regularizer(output)
                batch = idioms.cast(idioms.shape(output)[0], loss.dtype)
                self.add_loss(loss / batch, inputs=inputs)

    # ---- the rest ----------------------------------------------------------------------------------

    @property
    def activity_regularizer(self) -> Any:
        return self._activity_regularizer

    @activity_regularizer.setter
    def activity_regularizer(self, regularizer: Any) -> None:
        self._activity_regularizer = regularizer

    def compute_output_shape(self, input_shape: Any) -> Any:
        raise NotImplementedError

    def compute_mask(self, inputs: Any, mask: Any = None) -> Any:
        return mask if self.supports_masking else None

    def get_config(self) -> dict[str, Any]:
        """The arguments with which an equal layer is made."""
        config = {"name": self.name, "trainable": self.trainable, "dtype": self.dtype}
        for name in parameters(type(self).__init__)[1:]:
            if name not in config and hasattr(self, name):
                kind = name.rpartition("_")[2]
                described = _DESCRIBED.get(kind, lambda value: value)
                config[name] = described(getattr(self, name))
        return config

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        return cls(**config)

    def __deepcopy__(self, memo: dict[int, Any]) -> Any:
        made = type(self).__new__(type(self))
        memo[id(self)] = made
        for name, value in self.__dict__.items():
            shared = name == "_scope" or any(
                hasattr(v, "_as_tensor") or isinstance(v, Variable) for v in nest.flatten(value)
            )
            made.__dict__[name] = copy.copy(value) if shared else copy.deepcopy(value, memo)
        return made


#: last part of the name of an argument -> how its value is told
_DESCRIBED: dict[str, Callable[[Any], Any]] = {
    "activation": activations.serialize,
    "constraint": constraints.serialize,
    "initializer": named_initializers.serialize,
    "regularizer": regularizers.serialize,
}


def _converted(value: Any) -> Any:
    return convert(value) if isinstance(value, np.ndarray | float | int) else value


@functools.cache
def _snake_case(name: str) -> str:
    parted = re.sub(r"(.)([A-Z][a-z0-9]+)", r"\1_\2", name)
    lower = re.sub(r"([a-z])([A-Z])", r"\1_\2", parted).lower()
    return lower if lower[0] != "_" else "private" + lower


NAMESPACES = {"layers": ["Layer"], "python.layers.base": ["Layer"]}
