"""Resources other than variables that a session must set up: queues of records, tables, and their kin."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from graphflow.frontend.keys import GraphKeys
from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import constant
from graphflow.ir.dtype import string
from graphflow.ir.node import Node, Tensor
from graphflow.ops.arrays import stack
from graphflow.ops.dependencies import group, no_op
from graphflow.ops.slice_keys import boolean_mask


class Resource(NamedTuple):
    """A handle, the op that sets up what it refers to, and whether that was done."""

    handle: Any
    create: Any
    is_initialized: Any


def register_resource(
    handle: Any, create_op: Any, is_initialized_op: Any, is_shared: bool = True
) -> None:
    """Let sessions set up this resource with the variables."""
    key = GraphKeys.RESOURCES if is_shared else GraphKeys.LOCAL_RESOURCES
    current_graph().add_to_collection(key, Resource(handle, create_op, is_initialized_op))


def shared_resources() -> list[Any]:
    return current_graph().get_collection(GraphKeys.RESOURCES)


def local_resources() -> list[Any]:
    return current_graph().get_collection(GraphKeys.LOCAL_RESOURCES)


def report_uninitialized_resources(
    resource_list: Sequence[Any] | None = None, name: str = "report_uninitialized_resources"
) -> Tensor:
    """The names of the resources that are not set up."""
    if resource_list is None:
        resource_list = [*shared_resources(), *local_resources()]
    with build.name_scope(name), current_graph().device("/cpu:0"):
        if not resource_list:
            return constant([], string)
        missing = raw.LogicalNot(stack([r.is_initialized for r in resource_list]))
        return boolean_mask(constant([r.handle.name for r in resource_list]), missing)


def initialize_resources(resource_list: Sequence[Any], name: str = "init") -> Node:
    """A node that sets up all of these."""
    return group(*[r.create for r in resource_list], name=name) if resource_list else no_op(name)


NAMESPACES = {
    "python.ops.resources": [
        "initialize_resources",
        "local_resources",
        "register_resource",
        "report_uninitialized_resources",
        "shared_resources",
    ]
}
