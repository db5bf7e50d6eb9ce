"""The local variables that a metric counts in, and what it gives out."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.variable_modes import VariableAggregation, VariableSynchronization
from graphflow.frontend.variables import Variable
from graphflow.ir.build import current_graph
from graphflow.ops import idioms


def metric_variable(
    shape: Any, dtype: Any, validate_shape: bool = True, name: str | None = None
) -> Any:
    """A variable that starts at zero and is neither trained nor saved."""
    return Variable(
        lambda: idioms.zeros(shape, dtype),
        trainable=False,
        collections=[GraphKeys.LOCAL_VARIABLES, GraphKeys.METRIC_VARIABLES],
        validate_shape=validate_shape,
        synchronization=VariableSynchronization.ON_READ,
        aggregation=VariableAggregation.SUM,
        name=name,
    )


def collected(collections: Any, value: Any) -> Any:
    """`value`, after it is added to the collections."""
    if collections:
        current_graph().add_to_collections(collections, value)
    return value


__all__: list[str] = []
NAMESPACES = {"python.ops.metrics_impl": ["metric_variable"]}
