"""The global step: one integer variable of a graph that counts training steps."""

from __future__ import annotations

import logging
from typing import Any

from graphflow.frontend.initializers import zeros_initializer
from graphflow.frontend.keys import GraphKeys
from graphflow.frontend.variable_modes import VariableAggregation
from graphflow.frontend.variable_scope import get_variable
from graphflow.frontend.variables import Variable
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import int64
from graphflow.ir.graph import Graph
from graphflow.ir.node import Tensor

_log = logging.getLogger("tensorflow")

#: the collection that holds the one tensor through which hooks read the step
READ_KEY = "global_step_read_op_cache"


def global_step(sess: Any, global_step_tensor: Any) -> int:
    """The value of the step in a session."""
    return int(sess.run(global_step_tensor))


def get_global_step(graph: Graph | None = None) -> Any:
    """The step of the graph, or None; it is in the collection of that name, or is called global_step."""
    graph = graph or current_graph()
    found = graph.get_collection(GraphKeys.GLOBAL_STEP)
    if len(found) > 1:
        _log.error("Multiple tensors in global_step collection.")
        return None
    if not found:
        try:
            found = [graph.get_tensor_by_name("global_step:0")]
        except KeyError:
            return None
    assert_global_step(found[0])
    return found[0]


def create_global_step(graph: Graph | None = None) -> Any:
    """The step of the graph, which has none yet."""
    graph = graph or current_graph()
    if get_global_step(graph) is not None:
        raise ValueError('"global_step" already exists.')
    with graph.as_default(), graph.name_scope(None):
        return get_variable(
            GraphKeys.GLOBAL_STEP,
            shape=[],
            dtype=int64,
            initializer=zeros_initializer(),
            trainable=False,
            aggregation=VariableAggregation.ONLY_FIRST_REPLICA,
            collections=[GraphKeys.GLOBAL_VARIABLES, GraphKeys.GLOBAL_STEP],
        )


def get_or_create_global_step(graph: Graph | None = None) -> Any:
    """The step of the graph."""
    graph = graph or current_graph()
    found = get_global_step(graph)
    return create_global_step(graph) if found is None else found


def assert_global_step(global_step_tensor: Any) -> None:
    """TypeError unless it can be a global step: an integer scalar."""
    if not isinstance(global_step_tensor, Variable | Tensor):
        raise TypeError(
            f'Existing "global_step" must be a Variable or Tensor: {global_step_tensor}.'
        )
    if not global_step_tensor.dtype.base_dtype.is_integer:
        raise TypeError(
            f'Existing "global_step" does not have integer type: {global_step_tensor.dtype}'
        )
    shape = global_step_tensor.get_shape()
    if shape.ndims != 0 and shape.is_fully_defined():
        raise TypeError(f'Existing "global_step" is not scalar: {shape}')


def global_step_read(graph: Graph | None = None) -> Tensor | None:
    """The step as hooks read it, made once; None where the graph has no step."""
    graph = graph or current_graph()
    found = graph.get_collection(READ_KEY)
    if len(found) > 1:
        raise RuntimeError(f"There are multiple items in collection {READ_KEY}.")
    if found:
        tensor: Tensor = found[0]
        return tensor
    step = get_global_step(graph)
    if step is None:
        return None
    with graph.as_default(), graph.name_scope(None), graph.name_scope(step.op.name + "/"):
        value = step.initialized_value() if isinstance(step, Variable) else step
        tensor = value + 0
        graph.add_to_collection(READ_KEY, tensor)
    return tensor


NAMESPACES = {
    "train": [
        "assert_global_step",
        "create_global_step",
        "get_global_step",
        "get_or_create_global_step",
        "global_step",
    ]
}
