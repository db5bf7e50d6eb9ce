"""Tensors whose shape is checked: now where it is known, else when the graph runs."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.frontend.assertions import Assert
from graphflow.frontend.reduce import reduce_all
from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Node, Tensor
from graphflow.ir.sparse_tensor import is_sparse
from graphflow.ops import idioms


def with_same_shape(expected_tensor: Tensor, tensor: Tensor) -> Tensor:
    """`tensor`, which must have the shape of the other one."""
    with build.name_scope(f"{tensor.op.name}/", values=[expected_tensor, tensor]):
        shape = expected_tensor.shape
        expected: Any = (
            shape.as_list()
            if shape.is_fully_defined()
            else idioms.shape(expected_tensor, name="expected_shape")
        )
        return with_shape(expected, tensor)


def with_shape(expected_shape: Any, tensor: Any) -> Tensor:
    """`tensor`, which must have this shape."""
    if is_sparse(tensor):
        raise ValueError("SparseTensor not supported.")
    if isinstance(expected_shape, Tensor):
        _check_dtype(expected_shape, expected_shape.dtype.base_dtype is int32, tensor)
        return _checked(expected_shape, tensor)
    if isinstance(expected_shape, list | tuple):
        array = np.asarray(expected_shape)
        expected_shape = (
            array.astype(np.int32) if array.dtype == np.int64 or not array.size else array
        )
    if isinstance(expected_shape, np.ndarray):
        if expected_shape.ndim > 1:
            raise ValueError(
                f"Invalid rank {expected_shape.ndim} for shape {expected_shape} expected "
                f"of tensor {tensor.name}."
            )
        _check_dtype(expected_shape, expected_shape.dtype == np.int32, tensor)
    sizes = [int(s) for s in expected_shape]
    if not tensor.shape.is_fully_defined():
        return _checked(expected_shape, tensor)
    if tensor.shape.is_compatible_with(sizes):
        found: Tensor = tensor
        return found
    if not sizes and tensor.shape.is_compatible_with([1]):
        return _as_scalar(tensor)
    raise ValueError(
        f"Invalid shape for tensor {tensor.name}, expected {expected_shape}, got {tensor.shape}."
    )


def _check_dtype(shape: Any, holds: bool, tensor: Tensor) -> None:
    if not holds:
        raise ValueError(
            f"Invalid dtype {shape.dtype} for shape {shape} expected of tensor {tensor.name}."
        )


def _as_scalar(tensor: Tensor) -> Tensor:
    with build.name_scope(f"{tensor.op.name}/", values=[tensor]):
        scalar: Tensor = raw.Reshape(tensor, [])
        return scalar


def _checked(expected: Any, tensor: Tensor) -> Tensor:
    with build.name_scope(f"{tensor.op.name}/", values=[tensor]):
        if not isinstance(expected, Tensor) and len(expected) < 1:
            scalar: Tensor = raw.Reshape(tensor, [])
            return scalar
        with build.current_graph().control_dependencies([_assertion(expected, tensor)]):
            result: Tensor = raw.Identity(tensor)
        if not isinstance(expected, Tensor):
            result.set_shape([int(s) for s in expected])
        return result


def _assertion(expected: Any, tensor: Tensor) -> Node:
    """An assertion that rank and sizes are those expected, of which -1 may be any."""
    with build.name_scope("assert_shape", values=[tensor]) as scope:
        actual = idioms.shape(tensor, name="actual")
        with build.name_scope("is_shape", values=[tensor]) as holds_scope:
            count = idioms.size(expected)
            with build.name_scope("is_rank", values=[tensor]) as rank_scope:
                wanted = convert(count, name="expected")
                is_rank = raw.Equal(wanted, idioms.rank(tensor, name="actual"), name=rank_scope)
            with build.name_scope("shape_tensor_equal", values=[expected, actual]) as equal_scope:
                fits = raw.LogicalOr(
                    raw.Equal(expected, -1),
                    raw.Equal(expected, actual, name="equal"),
                    name="exclude_partial_shape",
                )
                is_equal = reduce_all(fits, name=equal_scope)
            holds = raw.LogicalAnd(is_rank, is_equal, name=holds_scope)
        message = f"Wrong shape for {tensor.name} [expected] [actual]."
        found: Node = Assert(holds, [message, expected, actual], name=scope)
        return found


__all__: list[str] = []
NAMESPACES = {"contrib.framework": ["with_same_shape", "with_shape"]}
