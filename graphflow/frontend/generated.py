"""Public functions that are one op and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from graphflow.ir import raw


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
        if not is_sparse(x):
            return make(x, name=name)
        return type(x)(x.indices, make(x.values, name=name), x.dense_shape)

    function.__doc__ = make.__doc__
    return function


def is_sparse(x: Any) -> bool:
    """Whether x is a SparseTensor."""
    return hasattr(x, "dense_shape") and not hasattr(x, "_as_tensor")


def binary(op_type: str) -> Callable[..., Any]:
    """The function of x and y that makes one node of this type."""
    make = getattr(raw, op_type)

    def function(x: Any, y: Any, name: str | None = None) -> Any:
        return make(x, y, name=name)

    function.__doc__ = make.__doc__
    return function
