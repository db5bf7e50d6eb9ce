"""How the layers of tf.layers make their variables here: as model variables, under the names of old."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.contrib.framework.model_variables import model_variable
from graphflow.contrib.layers.named_outputs import get_variable_collections
from graphflow.frontend.variable_modes import VariableAggregation, VariableSynchronization
from graphflow.frontend.variable_scope import variable_scope
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert


def _model_variable_getter(
    getter: Callable[..., Any],
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    collections: Any = None,
    caching_device: Any = None,
    partitioner: Any = None,
    rename: dict[str, str] | None = None,
    use_resource: bool | None = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
    **_: Any,
) -> Any:
    scope, slash, last = name.rpartition("/")
    return model_variable(
        scope + slash + (rename or {}).get(last, last),
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        collections=collections,
        trainable=trainable,
        caching_device=caching_device,
        partitioner=partitioner,
        custom_getter=getter,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def model_getter(rename: dict[str, str] | None = None) -> Callable[..., Any]:
    """A custom getter that makes model variables, some under other names."""

    def layer_variable_getter(getter: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        return _model_variable_getter(getter, *args, **{**kwargs, "rename": rename})

    return layer_variable_getter


#: what weights and biases are called here
WEIGHTS_AND_BIASES = {"bias": "biases", "kernel": "weights"}


def take_into_collections(variable: Any, variables_collections: Any, name: str) -> None:
    """Add a variable to the collections that were asked for variables of this kind."""
    graph = current_graph()
    for collection in get_variable_collections(variables_collections, name) or ():
        kept = graph.get_collection_ref(collection)
        if not any(v is variable for v in kept):
            kept.append(variable)


class LayerScope:
    """The scope of a layer: its variables are model variables, and its inputs are a tensor."""

    def __init__(
        self,
        scope: Any,
        default_name: str,
        inputs: Any,
        reuse: Any = None,
        rename: dict[str, str] | None = None,
    ) -> None:
        self._opened = variable_scope(
            scope, default_name, [inputs], reuse=reuse, custom_getter=model_getter(rename)
        )
        self._inputs = inputs

    def __enter__(self) -> tuple[Any, Any]:
        return self._opened.__enter__(), convert(self._inputs)

    def __exit__(self, *error: Any) -> Any:
        return self._opened.__exit__(*error)


def finished(outputs: Any, normalizer_fn: Any, normalizer_params: Any, activation_fn: Any) -> Any:
    """Outputs after normalisation and activation."""
    if normalizer_fn is not None:
        outputs = normalizer_fn(outputs, **(normalizer_params or {}))
    return outputs if activation_fn is None else activation_fn(outputs)
