"""Public functions that are one op and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.ir import build, raw
from graphflow.ir.sparse_tensor import SparseTensor, is_sparse


def unary(op_type: str) -> Callable[..., Any]:
    """The function of x that makes one node of this type."""
    make = getattr(raw, op_type)

    def function(x: Any, name: str | None = None) -> Any:
        return make(x, name=name)

    function.__doc__ = make.__doc__
    return function


def unary_of_sparse(op_type: str) -> Callable[..., Any]:
    """As `unary`, for a function that maps 0 to 0: of a SparseTensor it changes the values alone."""
    make = getattr(raw, op_type)

    def function(x: Any, name: str | None = None) -> Any:
        return of_values(make, x, name or op_type) if is_sparse(x) else make(x, name=name)

    function.__doc__ = make.__doc__
    return function


def of_values(make: Callable[..., Any], x: Any, name: str) -> Any:
    """The SparseTensor x with other values. TensorFlow takes the name in vain first, for an op of x itself."""
    build.graph_of([x.values]).unique_name(name)
    return SparseTensor(x.indices, make(x.values, name=name), x.dense_shape)


def binary(op_type: str) -> Callable[..., Any]:
    """The function of x and y that makes one node of this type."""
    make = getattr(raw, op_type)

    def function(x: Any, y: Any, name: str | None = None) -> Any:
        return make(x, y, name=name)

    function.__doc__ = make.__doc__
    return function


def take_names(module: dict[str, Any]) -> None:
    """Call the functions made here by the names under which a module holds them."""
    for name, value in module.items():
        if getattr(value, "__module__", "") == __name__ and value.__name__ == "function":
            value.__name__ = value.__qualname__ = name
