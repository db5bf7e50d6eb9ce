"""Sparse tensors meeting dense ones: SparseToDense, SparseTensorDenseMatMul, SparseDenseCwiseMul."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from graphflow.ir import raw
from graphflow.ir.dtype import int64
from graphflow.ir.known import known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import TensorShape
from graphflow.ir.sparse_tensor import SparseTensor
from graphflow.numeric.room import check_room
from graphflow.numeric.sequences import sparse_to_dense
from graphflow.ops import arrays, idioms
from graphflow.ops.reduce_idioms import reduce_sum
from graphflow.ops.sparse_idioms import check_inside

NUMERIC = "T: number, qint8, quint8, qint32"


class SparseToDense(Op):
    """A tensor of the default with values[i] at indices[i]."""

    signature = (
        "sparse_indices:Tindices, output_shape:Tindices, sparse_values:T, default_value:T "
        "-> dense:T | Tindices: index"
    )
    by_value = True
    validate_indices: bool = True

    def infer(self, indices: Tensor, shape: Tensor, values: Tensor, default: Tensor) -> Any:
        return known_shape(shape)

    def reference(self, indices: Any, shape: Any, values: Any, default: Any) -> Any:
        check_room(shape, values.dtype.itemsize)
        return sparse_to_dense(indices, shape, values, default[()], self.validate_indices)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        values = raw.GatherNd(g, n.inputs[0])
        default = reduce_sum(g) - reduce_sum(values)
        nothing = [idioms.zeros_like(x) for x in n.inputs[:2]]
        return [*nothing, values, default]


class SparseTensorDenseMatMul(Op):
    """The product of a sparse and a dense matrix, either of which may be transposed and conjugated."""

    signature = (
        "a_indices:Tindices, a_values:T, a_shape:int64, b:T -> product:T | Tindices: index = int64"
    )
    by_value = True
    adjoint_a: bool = False
    adjoint_b: bool = False

    def infer(self, indices: Tensor, values: Tensor, shape: Tensor, b: Tensor) -> Any:
        a, right = known_shape(shape).with_rank(2), b.shape.with_rank(2)
        if a.known is None or right.known is None:
            return TensorShape([None, None])
        rows, inner = a.known[::-1] if self.adjoint_a else a.known
        other, cols = right.known[::-1] if self.adjoint_b else right.known
        if isinstance(inner, int) and isinstance(other, int) and inner != other:
            raise ValueError(f"Dimensions must be equal, but are {inner} and {other}")
        return TensorShape.of((rows, cols))

    def reference(self, indices: Any, values: Any, shape: Any, b: Any) -> Any:
        check_inside(indices, shape)
        if self.adjoint_a:
            indices, values, shape = indices[:, ::-1], np.conj(values), shape[::-1]
        b = np.conj(b.T) if self.adjoint_b else b
        if shape[1] != b.shape[0]:
            raise ValueError(
                f"Cannot multiply A and B because inner dimension does not match: {shape[1]} vs. "
                f"{b.shape[0]}.  Did you forget a transpose?"
            )
        product = np.zeros((int(shape[0]), b.shape[1]), b.dtype)
        np.add.at(product, indices[:, 0], values[:, None] * b[indices[:, 1]])
        return product

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        indices, values, shape, b = n.inputs
        if values.dtype.is_complex:
            raise NotImplementedError(
                "SparseTensorDenseMatMul op does not support complex gradients."
            )
        db = raw.SparseTensorDenseMatMul(indices, values, shape, g, adjoint_a=not self.adjoint_a)
        if self.adjoint_b:
            db = arrays.transpose(db)
        rows, cols = indices[:, 0], indices[:, 1]
        left = raw.GatherV2(g, cols if self.adjoint_a else rows, 0)
        right = arrays.transpose(b) if self.adjoint_b else b
        right = raw.GatherV2(right, rows if self.adjoint_a else cols, 0)
        return [None, reduce_sum(left * right, 1), None, db]


class SparseTensorDenseAdd(Op):
    """The dense tensor with the sparse one added."""

    signature = (
        "a_indices:Tindices, a_values:T, a_shape:Tindices, b:T -> output:T "
        f"| {NUMERIC}; Tindices: index"
    )

    def infer(self, indices: Tensor, values: Tensor, shape: Tensor, b: Tensor) -> Any:
        return b.shape

    def reference(self, indices: Any, values: Any, shape: Any, b: Any) -> Any:
        if tuple(shape) != b.shape:
            raise ValueError(
                f"Dimensions 0 to {b.ndim} of the operands must be equal: {shape.tolist()} and "
                f"{list(b.shape)}"
            )
        check_inside(indices, shape)
        total = b.copy()
        np.add.at(total, tuple(indices.T), values)
        return total

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        return [None, raw.GatherNd(g, n.inputs[0]), None, g]


class _Cwise(Op, abstract=True):
    """The values of a sparse tensor with those of a dense one that broadcasts to its shape."""

    signature = f"sp_indices:int64, sp_values:T, sp_shape:int64, dense:T -> output:T | {NUMERIC}"
    combine: ClassVar[Any]

    def infer(self, indices: Tensor, values: Tensor, shape: Tensor, dense: Tensor) -> Any:
        return values.shape

    def reference(self, indices: Any, values: Any, shape: Any, dense: Any) -> Any:
        check_inside(indices, shape)
        whole = np.broadcast_to(dense, tuple(int(s) for s in shape))
        with np.errstate(all="ignore"):
            return type(self).combine(values, whole[tuple(indices.T)]).astype(values.dtype)


def _parts_at(n: Node) -> tuple[Tensor, Tensor, Tensor]:
    """Where in the dense operand each value looked, what it found, and the operand's shape."""
    indices, shape, dense = n.inputs[0], n.inputs[2], n.inputs[3]
    dense_shape = idioms.cast(idioms.shape(dense), int64)
    added = raw.ExpandDims(idioms.size(shape) - idioms.size(dense_shape), 0)
    padded = arrays.concat([idioms.ones(added, int64), dense_shape], 0)
    scaling = shape // padded
    places = raw.Slice(indices // scaling, arrays.concat([[0], added], 0), [-1, -1])
    return places, raw.GatherNd(dense, places), dense_shape


def _spread(n: Node, places: Tensor, values: Tensor, shape: Tensor) -> Tensor:
    """Zeros like the dense operand with the values added at their places."""
    nothing = idioms.zeros_like(n.inputs[3])
    x = SparseTensor(places, values, shape)
    out: Tensor = raw.SparseTensorDenseAdd(x.indices, x.values, x.dense_shape, nothing)
    return out


class SparseDenseCwiseAdd(_Cwise):
    """values + dense."""

    combine = np.add

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        raise NotImplementedError(
            "Gradient for SparseDenseCwiseAdd is currently not implemented yet."
        )


class SparseDenseCwiseMul(_Cwise):
    """values * dense."""

    combine = np.multiply

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        places, found, shape = _parts_at(n)
        dx = g * found
        return [None, dx, None, _spread(n, places, g * n.inputs[1], shape)]


class SparseDenseCwiseDiv(_Cwise):
    """values / dense."""

    combine = np.divide

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        places, found, shape = _parts_at(n)
        dx = g / found
        dy = g * (-n.inputs[1] / raw.Square(found))
        return [None, dx, None, _spread(n, places, dy, shape)]
