"""The functions of TensorFlow's framework: default graph, scopes, collections, seeds, conversion."""

from __future__ import annotations

from contextlib import contextmanager
from typing import Any

from graphflow.errors import OpError
from graphflow.frontend.keys import GraphKeys
from graphflow.ir import build
from graphflow.ir.build import current_graph as get_default_graph
from graphflow.ir.build import reset_default_graph
from graphflow.ir.graph import Graph
from graphflow.ir.node import Node as Operation
from graphflow.ir.node import Tensor
from graphflow.ir.shape import Dimension, TensorShape

__all__ = [
    "Dimension",
    "Graph",
    "GraphKeys",
    "OpError",
    "Operation",
    "Tensor",
    "TensorShape",
    "add_to_collection",
    "add_to_collections",
    "colocate_with",
    "container",
    "control_dependencies",
    "device",
    "get_collection",
    "get_collection_ref",
    "get_default_graph",
    "get_seed",
    "init_scope",
    "name_scope",
    "op_scope",
    "reset_default_graph",
    "set_random_seed",
]


class name_scope:
    """`with tf.name_scope("layer")`: names inside start with it; "layer/" enters that very scope again."""

    def __init__(self, name: str | None, default_name: Any = None, values: Any = None) -> None:
        if default_name is not None and not isinstance(default_name, str):
            raise TypeError(f"`default_name` type ({type(default_name)}) is not a string type.")
        if name is None and values is not None and default_name is None:
            raise ValueError(
                "At least one of name (None) and default_name (None) must be provided."
            )
        self._name = default_name if name is None else name
        self._values = list(values) if values is not None else []
        self._open: list[Any] = []

    @property
    def name(self) -> str | None:
        return self._name

    def __enter__(self) -> str:
        scope = build.name_scope(self._name, None, self._values)
        entered: str = scope.__enter__()
        self._open.append(scope)
        return entered

    def __exit__(self, *error: Any) -> None:
        self._open.pop().__exit__(*error)


@contextmanager
def op_scope(values: Any, name: str | None, default_name: str | None = None) -> Any:
    """name_scope with its arguments in the order of old."""
    with build.name_scope(name, default_name, list(values)) as scope:
        yield scope


def control_dependencies(control_inputs: Any) -> Any:
    return get_default_graph().control_dependencies(control_inputs)


def device(device_name_or_function: Any) -> Any:
    return get_default_graph().device(device_name_or_function)


def colocate_with(op: Any, ignore_existing: bool = False) -> Any:
    return get_default_graph().colocate_with(op, ignore_existing)


def container(container_name: str) -> Any:
    return get_default_graph().container(container_name)


@contextmanager
def init_scope() -> Any:
    """Nodes made inside belong to the outermost graph and wait for nothing: initial values."""
    inner = get_default_graph()
    outer = inner.outermost
    before, devices = outer.scope, outer.devices
    with outer.as_default(), outer.control_dependencies(None):
        outer.scope, outer.devices = inner.scope, inner.devices
        try:
            yield
        finally:
            outer.scope, outer.devices = before, devices


def add_to_collection(name: Any, value: Any) -> None:
    get_default_graph().add_to_collection(name, value)


def add_to_collections(names: Any, value: Any) -> None:
    get_default_graph().add_to_collections(names, value)


def get_collection(key: Any, scope: str | None = None) -> list[Any]:
    return get_default_graph().get_collection(key, scope)


def get_collection_ref(key: Any) -> list[Any]:
    return get_default_graph().get_collection_ref(key)


def set_random_seed(seed: int | None) -> None:
    """The graph's seed: with it every random op made from now on is reproducible."""
    get_default_graph().seed = seed


def get_seed(op_seed: int | None) -> tuple[int | None, int | None]:
    """The two seeds of an op that is being made now; (None, None) where nothing fixes them."""
    graph = get_default_graph()
    if graph.seed is None and op_seed is None:
        return None, None
    wrap = 2**31 - 1
    first = 87654321 if graph.seed is None else graph.seed % wrap
    second = (graph.ledger.count if op_seed is None else op_seed) % wrap
    return (0, wrap) if (first, second) == (0, 0) else (first, second)


NAMESPACES = {"random": ["get_seed", "set_random_seed"]}
