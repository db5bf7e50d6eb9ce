"""tf.contrib.staging: areas in which a step's values wait for the next step."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.build import current_graph
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype
from graphflow.ir.node import Node, Tensor
from graphflow.ir.shape import TensorShape
from graphflow.ops.dependencies import no_op

__all__: list[str] = []


class StagingArea:
    """A small queue of tuples of tensors, known by its name."""

    def __init__(
        self,
        dtypes: Sequence[Any],
        shapes: Any = None,
        names: Sequence[str] | None = None,
        shared_name: str | None = None,
        capacity: int = 0,
        memory_limit: int = 0,
    ) -> None:
        if shared_name is not None and not isinstance(shared_name, str):
            raise ValueError("shared_name must be a string")
        graph = current_graph()
        self._name = graph.unique_name("StagingArea") if shared_name is None else shared_name
        self._dtypes = [as_dtype(t) for t in dtypes]
        for what, given in (("shapes", shapes), ("names", names)):
            if given is not None and len(given) != len(self._dtypes):
                raise ValueError(f"StagingArea {what} must be the same length as dtypes")
        self._shapes = [TensorShape(s) for s in shapes or [None] * len(self._dtypes)]
        self._names = names
        self._limits = {"capacity": capacity, "memory_limit": memory_limit}
        # the ops on the area lie beside this node
        with graph.name_scope(f"{self._name}_root"):
            self._root = no_op()

    @property
    def name(self) -> str:
        return self._name

    @property
    def dtypes(self) -> list[DType]:
        return self._dtypes

    @property
    def shapes(self) -> list[TensorShape]:
        return self._shapes

    @property
    def names(self) -> Sequence[str] | None:
        return self._names

    @property
    def capacity(self) -> int:
        return self._limits["capacity"]

    @property
    def memory_limit(self) -> int:
        return self._limits["memory_limit"]

    def put(self, values: Any, name: str | None = None) -> Node:
        """An op that puts values into the area, as soon as there is room."""
        given = values if isinstance(values, list | tuple | dict) else [values]
        listed = list(given.values()) if isinstance(given, dict) else list(given)
        with build.name_scope(name, f"{self._name}_put", listed) as scope:
            tensors = self._components(given)
            with current_graph().colocate_with(self._root):
                node: Node = raw.Stage(tensors, shared_name=self._name, name=scope, **self._limits)
                return node

    def _components(self, given: Any) -> list[Tensor]:
        if isinstance(given, dict):
            if not self._names:
                raise ValueError("Staging areas must have names to enqueue a dictionary")
            if not set(given).issubset(self._names):
                raise ValueError(
                    "Keys in dictionary to put do not match names of staging area. "
                    f"Dictionary: ({sorted(given)}), Queue: ({sorted(self._names)})"
                )
            given = [given[n] for n in self._names if n in given]
        elif self._names:
            raise ValueError("You must enqueue a dictionary in a staging area with names")
        if len(given) > len(self._dtypes):
            raise ValueError(f"Unexpected number of inputs '{len(given)}' vs '{len(self._dtypes)}'")
        tensors = []
        for i, (value, dtype, shape) in enumerate(
            zip(given, self._dtypes, self._shapes, strict=False)
        ):
            if value.dtype != dtype:
                raise ValueError(f"Datatypes do not match. '{value.dtype}' != '{dtype}'")
            value.shape.assert_is_compatible_with(shape)
            tensors.append(convert(value, dtype=dtype, name=f"component_{i}"))
        return tensors

    def _values(self, tensors: list[Tensor]) -> Any:
        no_op()  # TensorFlow asks a node for the current device, and leaves it behind
        for tensor, shape in zip(tensors, self._shapes, strict=True):
            tensor.set_shape(shape)
        return tensors if self._names is None else dict(zip(self._names, tensors, strict=True))

    def get(self, name: str | None = None) -> Any:
        """The next values, as soon as there are some."""
        with current_graph().colocate_with(self._root):
            tensors = raw.Unstage(
                dtypes=self._dtypes,
                shared_name=self._name,
                name=name or f"{self._name}_get",
                **self._limits,
            )
        return self._values(tensors)

    def peek(self, index: Any, name: str | None = None) -> Any:
        """The values in a place of the area, which stay there."""
        with current_graph().colocate_with(self._root):
            tensors = raw.StagePeek(
                index,
                dtypes=self._dtypes,
                shared_name=self._name,
                name=name or f"{self._name}_peek",
                **self._limits,
            )
        return self._values(tensors)

    def size(self, name: str | None = None) -> Tensor:
        tensor: Tensor = raw.StageSize(
            dtypes=self._dtypes,
            shared_name=self._name,
            name=name or f"{self._name}_size",
            **self._limits,
        )
        return tensor

    def clear(self, name: str | None = None) -> Node:
        """An op after which the area is empty."""
        node: Node = raw.StageClear(
            dtypes=self._dtypes,
            shared_name=self._name,
            name=name or f"{self._name}_clear",
            **self._limits,
        )
        return node


NAMESPACES = {"contrib.staging": ["StagingArea"]}
