"""Variables by kind: model_variable for what a model is made of, local_variable for what is not saved."""

from __future__ import annotations

import functools
from typing import Any

from graphflow.contrib.framework.argument_scopes import add_arg_scope
from graphflow.frontend.framework import device as on_device
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.variable_modes import VariableAggregation, VariableSynchronization
from graphflow.frontend.variable_scope import get_variable, get_variable_scope
from graphflow.frontend.variables import Variable
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import float32


def local_variable(
    initial_value: Any,
    validate_shape: bool = True,
    name: str | None = None,
    use_resource: bool | None = None,
) -> Any:
    """A variable that is neither trained nor saved."""
    return _untrained(GraphKeys.LOCAL_VARIABLES, initial_value, validate_shape, name, use_resource)


def global_variable(
    initial_value: Any,
    validate_shape: bool = True,
    name: str | None = None,
    use_resource: bool | None = None,
) -> Any:
    """A variable that is saved but not trained."""
    return _untrained(GraphKeys.GLOBAL_VARIABLES, initial_value, validate_shape, name, use_resource)


def _untrained(
    collection: str, value: Any, validate_shape: bool, name: str | None, use_resource: Any
) -> Any:
    return Variable(
        value,
        trainable=False,
        collections=[collection],
        validate_shape=validate_shape,
        use_resource=use_resource,
        name=name,
    )


@add_arg_scope
def variable(
    name: str,
    shape: Any = None,
    dtype: Any = None,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    collections: Any = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: bool | None = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
) -> Any:
    """get_variable on a device of its own."""
    given = [GraphKeys.GLOBAL_VARIABLES] if collections is None else collections
    getter: Any = get_variable
    if custom_getter is not None:
        getter = functools.partial(custom_getter, reuse=get_variable_scope().reuse)
    with on_device(device or ""):
        return getter(
            name,
            shape=shape,
            dtype=dtype,
            initializer=initializer,
            regularizer=regularizer,
            trainable=trainable,
            collections=list(dict.fromkeys(given)),
            caching_device=caching_device,
            partitioner=partitioner,
            use_resource=use_resource,
            synchronization=synchronization,
            aggregation=aggregation,
        )


@add_arg_scope
def model_variable(
    name: str,
    shape: Any = None,
    dtype: Any = float32,
    initializer: Any = None,
    regularizer: Any = None,
    trainable: bool = True,
    collections: Any = None,
    caching_device: Any = None,
    device: Any = None,
    partitioner: Any = None,
    custom_getter: Any = None,
    use_resource: bool | None = None,
    synchronization: Any = VariableSynchronization.AUTO,
    aggregation: Any = VariableAggregation.NONE,
) -> Any:
    """A variable that also belongs to the collection MODEL_VARIABLES."""
    return variable(
        name,
        shape=shape,
        dtype=dtype,
        initializer=initializer,
        regularizer=regularizer,
        trainable=trainable,
        collections=[
            *(collections or ()),
            GraphKeys.GLOBAL_VARIABLES,
            GraphKeys.MODEL_VARIABLES,
        ],
        caching_device=caching_device,
        device=device,
        partitioner=partitioner,
        custom_getter=custom_getter,
        use_resource=use_resource,
        synchronization=synchronization,
        aggregation=aggregation,
    )


def add_model_variable(var: Any) -> None:
    """Take a variable for one of the model."""
    kept = current_graph().get_collection_ref(GraphKeys.MODEL_VARIABLES)
    if not any(v is var for v in kept):
        kept.append(var)


class VariableDeviceChooser:
    """A device function that deals variables out over tasks."""

    def __init__(
        self,
        num_tasks: int = 0,
        job_name: str = "ps",
        device_type: str = "CPU",
        device_index: int = 0,
        replica: int | None = None,
    ) -> None:
        self._tasks, self._job, self._next = num_tasks, job_name, 0
        self._replica = "" if replica is None else f"/replica:{replica}"
        self._device = f"/device:{device_type}:{device_index}"

    def __call__(self, op: Any) -> str:
        if not self._tasks:
            return self._replica + self._device
        task, self._next = self._next, (self._next + 1) % self._tasks
        return f"/job:{self._job}{self._replica}/task:{task}{self._device}"


__all__: list[str] = []
NAMESPACES = {
    "contrib.framework": [
        *("VariableDeviceChooser", "add_model_variable", "global_variable", "local_variable"),
        *("model_variable", "variable"),
    ],
    "contrib.framework.python.ops.variables": [
        *("VariableDeviceChooser", "add_model_variable", "global_variable", "local_variable"),
        *("model_variable", "variable"),
    ],
    "contrib.slim": [
        *("VariableDeviceChooser", "add_model_variable", "global_variable", "local_variable"),
        *("model_variable", "variable"),
    ],
}
