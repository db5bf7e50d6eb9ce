"""Checks of types and kinds that need no run: tf.assert_type, tf.assert_integer, tf.assert_scalar."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np

from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.dtype import DType, as_dtype, float32
from graphflow.ir.node import Node, Tensor
from graphflow.ir.sparse_tensor import is_sparse
from graphflow.ops.dependencies import no_op

__all__ = [
    "assert_integer",
    "assert_proper_iterable",
    "assert_same_float_dtype",
    "assert_scalar",
    "assert_type",
    "is_numeric_tensor",
]

_NUMERIC = frozenset(
    as_dtype(name)
    for name in (
        *("float32", "float64", "int8", "int16", "int32", "int64", "uint8"),
        *("qint8", "qint32", "quint8", "complex64"),
    )
)


def is_numeric_tensor(tensor: Any) -> bool:
    """Whether this is a tensor of numbers."""
    return isinstance(tensor, Tensor) and tensor.dtype in _NUMERIC


def assert_proper_iterable(values: Any) -> None:
    """Refuse what can be iterated over though it is meant as one thing: tensors, arrays, text."""
    if isinstance(values, Tensor | np.ndarray | bytes | str) or is_sparse(values):
        raise TypeError(
            f'Expected argument "values" to be a "proper" iterable.  Found: {type(values)}'
        )
    if not isinstance(values, Iterable):
        raise TypeError(f'Expected argument "values" to be iterable.  Found: {type(values)}')


def assert_type(
    tensor: Any, tf_type: Any, message: str | None = None, name: str | None = None
) -> Node:
    """The tensor has this element type."""
    with build.name_scope(name, "assert_type", [tensor]):
        tensor = convert(tensor, name="tensor")
        if tensor.dtype != tf_type:
            raise TypeError(f"{message or ''}  {tensor.name} must be of type {tf_type}")
        return no_op("statically_determined_correct_type")


def assert_integer(x: Any, message: str | None = None, name: str | None = None) -> Node:
    """The tensor is of integers."""
    with build.name_scope(name, "assert_integer", [x]):
        x = convert(x, name="x")
        if not x.dtype.is_integer:
            raise TypeError(
                f'{message or ""}  Expected "x" to be integer type.  Found: {x.name} of dtype {x.dtype}'
            )
        return no_op("statically_determined_was_integer")


def assert_scalar(tensor: Any, name: str | None = None, message: str | None = None) -> Tensor:
    """The tensor, which is a scalar."""
    with build.name_scope(name, "assert_scalar", [tensor]) as scope:
        tensor = convert(tensor, name=scope)
        if tensor.shape.rank != 0:
            raise ValueError(
                f"{message or ''}Expected scalar shape for {tensor.name}, saw shape: {tensor.shape}."
            )
        found: Tensor = tensor
        return found


def assert_same_float_dtype(tensors: Any = None, dtype: Any = None) -> DType:
    """The one type of all the tensors, which is one of floats."""
    wanted = None if dtype is None else as_dtype(dtype)
    for item in tensors or ():
        if item is None:
            continue
        found = item.dtype.base_dtype
        wanted = found if wanted is None else wanted
        if found is not wanted:
            shown = getattr(item, "name", None) or str(item)
            raise ValueError(f"{shown}, type={found}, must be of the same type ({wanted}).")
    if wanted is None:
        return float32
    if not wanted.is_floating:
        raise ValueError(f"Expected floating point type, got {wanted}.")
    return wanted


NAMESPACES = {
    "debugging": [
        "assert_integer",
        "assert_proper_iterable",
        "assert_same_float_dtype",
        "assert_scalar",
        "assert_type",
        "is_numeric_tensor",
    ]
}
