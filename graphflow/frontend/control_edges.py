"""group, tuple and no_op: what waits for what."""

from __future__ import annotations

from typing import Any

from graphflow.frontend import nest
from graphflow.ir.node import Node
from graphflow.ops.dependencies import group as _group
from graphflow.ops.dependencies import no_op, tuple_

__all__ = ["group", "no_op", "tuple"]


def group(*inputs: Any, **kwargs: Any) -> Node:
    """A node that has run when all of `inputs` have."""
    name = kwargs.pop("name", None)
    if kwargs:
        raise ValueError("Unknown keyword arguments: " + ", ".join(kwargs))
    for item in nest.flatten(inputs, expand_composites=True):
        if not hasattr(item, "device"):
            raise TypeError(
                f"Expected tf.group() expected Tensor arguments not '{item}' with type '{type(item)}'"
            )
    return _group(*inputs, name=name)


def tuple(tensors: Any, name: str | None = None, control_inputs: Any = None) -> list[Any]:
    """`tensors`, each available only after all of them are computed."""
    return tuple_(tensors, name, control_inputs)
