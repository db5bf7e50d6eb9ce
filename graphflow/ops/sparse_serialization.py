"""Sparse tensors as single values, in which form datasets hand them on."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import DType, int64, string, variant
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape


class Sparse(NamedTuple):
    """A sparse tensor as one value."""

    indices: Any
    values: Any
    dense_shape: Any


class _Serialize(Op, abstract=True):
    differentiable = False
    out_type: DType = string

    def checked(self, indices: Any, values: Any, shape: Any) -> None:
        if self.out_type is not variant:
            raise NotImplementedError("sparse tensors are serialized as variants, not as strings")
        if indices.ndim != 2 or values.ndim != 1 or shape.ndim != 1:
            raise InvalidArgumentError(
                message="a sparse tensor has a matrix of indices, a vector of values and a vector of sizes"
            )
        if indices.shape != (len(values), len(shape)):
            raise InvalidArgumentError(
                message=f"indices of shape {list(indices.shape)} do not fit {len(values)} values of rank {len(shape)}"
            )


class SerializeSparse(_Serialize):
    """A sparse tensor as one value."""

    signature = (
        "sparse_indices:int64, sparse_values:T, sparse_shape:int64 -> serialized_sparse:out_type"
    )

    def infer(self, *inputs: Tensor) -> Any:
        return TensorShape([3])

    def reference(self, *inputs: Any) -> Any:
        self.checked(*inputs)
        return Sparse(*inputs)


class SerializeManySparse(_Serialize):
    """The rows of a sparse tensor, each as one value."""

    signature = (
        "sparse_indices:int64, sparse_values:T, sparse_shape:int64 -> serialized_sparse:out_type"
    )

    def infer(self, *inputs: Tensor) -> Any:
        return TensorShape([None, 3])

    def reference(self, *inputs: Any) -> Any:
        self.checked(*inputs)
        indices, values, shape = inputs
        if len(shape) < 2:
            raise InvalidArgumentError(
                message=f"Rank of input SparseTensor should be > 1, but saw rank: {len(shape)}"
            )
        order = np.argsort(indices[:, 0], kind="stable")
        indices, values = indices[order], values[order]
        ends = np.searchsorted(indices[:, 0], np.arange(int(shape[0]) + 1))
        rows = np.empty(int(shape[0]), object)
        for i in range(len(rows)):
            here = slice(ends[i], ends[i + 1])
            rows[i] = Sparse(indices[here, 1:], values[here], shape[1:])
        return rows


class DeserializeSparse(Op):
    """The sparse tensor that one value stands for; of an array of them, all as the rows of one."""

    signature = (
        "serialized_sparse:Tserialized -> sparse_indices:int64, sparse_values:dtype, "
        "sparse_shape:int64 | Tserialized: string, variant = string"
    )
    differentiable = False
    dtype: DType

    def infer(self, serialized: Tensor) -> Any:
        return TensorShape([None, None]), TensorShape([None]), TensorShape([None])

    def reference(self, serialized: Any) -> Any:
        found = _whole(serialized)
        if found.values.dtype != self.dtype.numpy:
            raise InvalidArgumentError(
                message=f"Requested SparseTensor of type {self.dtype.name} but the value is of {found.values.dtype}"
            )
        return found


def _whole(serialized: Any) -> Sparse:
    if isinstance(serialized, Sparse):
        return serialized
    if not isinstance(serialized, np.ndarray) or serialized.dtype != object or not serialized.size:
        raise InvalidArgumentError(message="no sparse tensors to be put together")
    rows = [_whole(row) for row in serialized]
    if len({len(row.dense_shape) for row in rows}) > 1:
        raise InvalidArgumentError(message="Inconsistent rank across SparseTensors")
    shape = np.max([row.dense_shape for row in rows], axis=0)
    return Sparse(
        np.concatenate([_numbered(i, row.indices) for i, row in enumerate(rows)]),
        np.concatenate([row.values for row in rows]),
        np.array([len(rows), *shape], int64.numpy),
    )


def _numbered(row: int, indices: Any) -> Any:
    column = np.full((len(indices), 1), row, int64.numpy)
    return np.concatenate([column, indices], axis=1)
