"""Rows as sets: tf.sets.*, and tf.edit_distance."""

from __future__ import annotations

from typing import Any

from graphflow.frontend.array import convert_to_tensor_or_sparse_tensor
from graphflow.ir import raw
from graphflow.ir.node import Tensor
from graphflow.ir.sparse_tensor import SparseTensor, is_sparse
from graphflow.ops.sparse_idioms import parts

__all__ = ["edit_distance"]

_TYPES = ("int8", "int16", "int32", "int64", "uint8", "uint16", "string")


def edit_distance(
    hypothesis: Any, truth: Any, normalize: bool = True, name: str | None = "edit_distance"
) -> Tensor:
    """How many changes make each row of one sparse tensor of that of another."""
    if not is_sparse(hypothesis):
        raise TypeError("Hypothesis must be a SparseTensor.")
    if not is_sparse(truth):
        raise TypeError("Truth must be a SparseTensor.")
    out: Tensor = raw.EditDistance(
        *(hypothesis.indices, hypothesis.values, hypothesis.dense_shape),
        *(truth.indices, truth.values, truth.dense_shape),
        normalize=normalize,
        name=name,
    )
    return out


def set_size(a: Any, validate_indices: bool = True) -> Tensor:
    """The number of distinct elements in each row of a sparse tensor."""
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if not isinstance(a, SparseTensor):
        raise TypeError(f"Expected `SparseTensor`, got {a}.")
    if a.dtype.base_dtype.name not in _TYPES:
        raise TypeError(f"Invalid dtype {a.dtype}.")
    out: Tensor = raw.SetSize(*parts(a), validate_indices=validate_indices)
    return out


def _operands(a: Any, b: Any) -> tuple[Any, Any, bool]:
    """Both as tensors, the dense one first, and whether they changed places."""
    a = convert_to_tensor_or_sparse_tensor(a, name="a")
    if a.dtype.base_dtype.name not in _TYPES:
        raise TypeError(f"'a' invalid dtype {a.dtype}.")
    b = convert_to_tensor_or_sparse_tensor(b, name="b")
    if a.dtype.base_dtype is not b.dtype.base_dtype:
        raise TypeError(f"Types don't match, {a.dtype} vs {b.dtype}.")
    if isinstance(a, SparseTensor) and not isinstance(b, SparseTensor):
        return b, a, True
    return a, b, False


def _combined(a: Any, b: Any, operation: str, validate: bool) -> SparseTensor:
    attrs = {"set_operation": operation, "validate_indices": validate}
    if isinstance(a, SparseTensor):
        return SparseTensor(*raw.SparseToSparseSetOperation(*parts(a), *parts(b), **attrs))
    if isinstance(b, SparseTensor):
        return SparseTensor(*raw.DenseToSparseSetOperation(a, *parts(b), **attrs))
    return SparseTensor(*raw.DenseToDenseSetOperation(a, b, **attrs))


def set_intersection(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """What the rows of both have."""
    a, b, _ = _operands(a, b)
    return _combined(a, b, "intersection", validate_indices)


def set_difference(
    a: Any, b: Any, aminusb: bool = True, validate_indices: bool = True
) -> SparseTensor:
    """What the rows of one have and those of the other lack."""
    a, b, flipped = _operands(a, b)
    return _combined(a, b, "a-b" if aminusb != flipped else "b-a", validate_indices)


def set_union(a: Any, b: Any, validate_indices: bool = True) -> SparseTensor:
    """What the rows of either have."""
    a, b, _ = _operands(a, b)
    return _combined(a, b, "union", validate_indices)


NAMESPACES = {
    "sets": {
        "difference": "set_difference",
        "intersection": "set_intersection",
        "set_difference": "set_difference",
        "set_intersection": "set_intersection",
        "set_size": "set_size",
        "set_union": "set_union",
        "size": "set_size",
        "union": "set_union",
    }
}
