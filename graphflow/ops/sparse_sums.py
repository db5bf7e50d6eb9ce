"""Sums, greatest elements and softmax of sparse tensors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np

from graphflow.ir import raw
from graphflow.ir.dtype import int64
from graphflow.ir.known import known_list, known_shape
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, TensorShape
from graphflow.ir.sparse_tensor import SparseTensor
from graphflow.ops import idioms
from graphflow.ops.dims import axis_within
from graphflow.ops.reduce_idioms import reduced_shape
from graphflow.ops.sparse_dense import NUMERIC
from graphflow.ops.sparse_idioms import check_inside
from graphflow.ops.sparse_shapes import rank_of, some

_REAL = "T: float, double, int32, uint8, int16, int8, int64, bfloat16, uint16, half, uint32, uint64"
_PAIR = "a_indices:int64, a_values:T, a_shape:int64, b_indices:int64, b_values:T, b_shape:int64"


def _union(a: Any, b: Any) -> tuple[Any, Any, Any]:
    """The rows of coordinates of both in order, and where those of each are among them."""
    rows, inverse = np.unique(np.concatenate([a, b]), axis=0, return_inverse=True)
    inverse = inverse.reshape(-1)
    return rows, inverse[: len(a)], inverse[len(a) :]


class SparseAdd(Op):
    """The sum of two sparse tensors, less the elements whose magnitude is below the threshold."""

    signature = (
        f"{_PAIR}, thresh:Treal -> sum_indices:int64, sum_values:T, sum_shape:int64 "
        f"| {NUMERIC}; Treal: real"
    )

    def infer(self, *inputs: Tensor) -> Any:
        return some(rank_of(inputs[2]))

    def reference(
        self, ai: Any, av: Any, a_shape: Any, bi: Any, bv: Any, b_shape: Any, thresh: Any
    ) -> Any:
        if not np.array_equal(a_shape, b_shape):
            raise ValueError(
                f"operands' shapes do not match: got {a_shape.tolist()} and {b_shape.tolist()}"
            )
        rows, at_a, at_b = _union(ai, bi)
        total = np.zeros(len(rows), av.dtype)
        np.add.at(total, at_a, av)
        np.add.at(total, at_b, bv)
        kept = np.abs(total) >= thresh
        return rows[kept], total[kept], a_shape

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        da, db = raw.SparseAddGrad(grads[1], n.inputs[0], n.inputs[3], n.outputs[0])
        da.set_shape(n.inputs[1].shape)
        db.set_shape(n.inputs[4].shape)
        return [None, da, None, None, db, None, None]


class SparseAddGrad(Op):
    """The gradient of each operand's elements: that of the sum where the sum has them, else zero."""

    signature = (
        "backprop_val_grad:T, a_indices:int64, b_indices:int64, sum_indices:int64 "
        f"-> a_val_grad:T, b_val_grad:T | {NUMERIC}"
    )
    differentiable = False

    def infer(self, g: Tensor, a: Tensor, b: Tensor, total: Tensor) -> Any:
        return a.shape.with_rank(2)[:1], b.shape.with_rank(2)[:1]

    def reference(self, g: Any, a: Any, b: Any, total: Any) -> Any:
        places = {tuple(row): i for i, row in enumerate(total.tolist())}
        padded = np.append(g, np.zeros(1, g.dtype))
        found = [[places.get(tuple(row), len(g)) for row in rows.tolist()] for rows in (a, b)]
        return tuple(padded[np.array(at, np.int64)] for at in found)


class _Reduced(Op, abstract=True):
    """A fold of the elements that share the coordinates which are left."""

    keep_dims: bool = False
    fold: ClassVar[Any]

    def groups(self, indices: Any, values: Any, shape: Any, axes: Any) -> tuple[Any, Any, Any]:
        """Distinct coordinates, their folds, and the shape of the whole, with sizes of 1 kept."""
        check_inside(indices, shape)
        rank = len(shape)
        gone = sorted({axis_within(a, rank) for a in np.ravel(axes)})
        kept = [i for i in range(rank) if i not in gone]
        rows = indices.copy()
        rows[:, gone] = 0
        sizes = shape.copy()
        sizes[gone] = 1
        if not self.keep_dims:
            rows, sizes = rows[:, kept], sizes[kept]
        if not len(rows):
            return rows, values, sizes
        if not rows.shape[1]:
            distinct, numbers = rows[:1], np.zeros(len(rows), np.int64)
        else:
            distinct, numbers = np.unique(rows, axis=0, return_inverse=True)
        order = np.argsort(numbers.reshape(-1), kind="stable")
        starts = np.flatnonzero(np.diff(numbers.reshape(-1)[order], prepend=-1))
        folded = type(self).fold(values[order], starts).astype(values.dtype)
        return distinct, folded, sizes


class _ReducedDense(_Reduced, abstract=True):
    by_value = True

    def infer(self, indices: Tensor, values: Tensor, shape: Tensor, axes: Tensor) -> Any:
        rank, gone = rank_of(shape), known_list(axes)
        sizes = known_shape(shape).known
        if rank is None or sizes is None or gone is None:
            return TensorShape([None] * rank) if self.keep_dims and rank is not None else UNKNOWN
        folded = {axis_within(a, rank) for a in gone}
        if self.keep_dims:
            return TensorShape.of(tuple(1 if i in folded else d for i, d in enumerate(sizes)))
        return TensorShape.of(tuple(d for i, d in enumerate(sizes) if i not in folded))

    def reference(self, indices: Any, values: Any, shape: Any, axes: Any) -> Any:
        rows, folded, sizes = self.groups(indices, values, shape, axes)
        out = np.zeros(tuple(int(s) for s in sizes), values.dtype)
        if len(folded):
            out[tuple(rows.T)] = folded if rows.shape[1] else folded[0]
        return out


class _ReducedSparse(_Reduced, abstract=True):
    def infer(self, *inputs: Tensor) -> Any:
        return some(rank_of(inputs[2]) if self.keep_dims else None)

    def reference(self, indices: Any, values: Any, shape: Any, axes: Any) -> Any:
        return self.groups(indices, values, shape, axes)


_REDUCED = "input_indices:int64, input_values:T, input_shape:int64, reduction_axes:int32"


class SparseReduceSum(_ReducedDense):
    """The sum of the elements over the axes, as a dense tensor."""

    signature = f"{_REDUCED} -> output:T | {NUMERIC}"
    fold = np.add.reduceat

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        indices, _, shape, axes = n.inputs
        kept = reduced_shape(shape, axes)
        whole = raw.Reshape(g, kept)
        scale = shape // idioms.cast(kept, int64)
        return [None, raw.GatherNd(whole, indices // scale), None, None]


class SparseReduceMax(_ReducedDense):
    """The greatest of the elements over the axes, as a dense tensor; zero where there is none."""

    signature = f"{_REDUCED} -> output:T | {_REAL}"
    fold = np.maximum.reduceat


class SparseReduceSumSparse(_ReducedSparse):
    """The sum of the elements over the axes."""

    signature = (
        f"{_REDUCED} -> output_indices:int64, output_values:T, output_shape:int64 | {NUMERIC}"
    )
    fold = np.add.reduceat


class SparseReduceMaxSparse(_ReducedSparse):
    """The greatest of the elements over the axes."""

    signature = f"{_REDUCED} -> output_indices:int64, output_values:T, output_shape:int64 | {_REAL}"
    fold = np.maximum.reduceat


class SparseSoftmax(Op):
    """exp(x) / sum(exp(x)) over the elements that are there in each row."""

    signature = "sp_indices:int64, sp_values:T, sp_shape:int64 -> output:T | T: float, double"

    def infer(self, indices: Tensor, values: Tensor, shape: Tensor) -> Any:
        return values.shape

    def reference(self, indices: Any, values: Any, shape: Any) -> Any:
        if len(shape) < 2:
            raise ValueError(f"Input should have rank >= 2, got: {shape.tolist()}")
        check_inside(indices, shape)
        if not len(values):
            return values
        _, row = np.unique(indices[:, :-1], axis=0, return_inverse=True)
        row = row.reshape(-1)
        count = int(row.max()) + 1
        greatest = np.full(count, -np.inf, values.dtype)
        np.maximum.at(greatest, row, values)
        with np.errstate(all="ignore"):
            powers = np.exp(values - greatest[row])
            total = np.zeros(count, values.dtype)
            np.add.at(total, row, powers)
            return powers / total[row]

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """g * y - sum(g * y) * y over the elements that are there."""
        indices, _, shape = n.inputs
        y = SparseTensor(indices, n.outputs[0], shape)
        dy = SparseTensor(indices, g, shape)
        product = SparseTensor(indices, y.values * dy.values, shape)
        summed = -raw.SparseReduceSum(
            product.indices, product.values, product.dense_shape, [-1], keep_dims=True
        )
        values = raw.SparseDenseCwiseAdd(dy.indices, dy.values, dy.dense_shape, summed)
        total = SparseTensor(dy.indices, values, dy.dense_shape)
        return [None, total.values * y.values, None]


class _Extreme(Op, abstract=True):
    """The greater or the lesser of two sparse tensors, whose missing elements are zero."""

    choose: ClassVar[Any]

    def infer(self, *inputs: Tensor) -> Any:
        return some(rank_of(inputs[2]))[:2]

    def reference(self, ai: Any, av: Any, a_shape: Any, bi: Any, bv: Any, b_shape: Any) -> Any:
        if not np.array_equal(a_shape, b_shape):
            raise ValueError(
                f"Operands' shapes do not match: got {a_shape.tolist()} and {b_shape.tolist()}"
            )
        rows, at_a, at_b = _union(ai, bi)
        a, b = np.zeros(len(rows), av.dtype), np.zeros(len(rows), bv.dtype)
        a[at_a], b[at_b] = av, bv
        return rows, type(self).choose(a, b)

    def gradient(self, n: Node, *grads: Tensor | None) -> Sequence[Tensor | None]:
        raise NotImplementedError(f"Gradient for {n.type} is currently not implemented yet.")


class SparseSparseMaximum(_Extreme):
    """The greater of a and b."""

    signature = f"{_PAIR} -> output_indices:int64, output_values:T | {_REAL}"
    choose = np.maximum


class SparseSparseMinimum(_Extreme):
    """The lesser of a and b."""

    signature = (
        f"{_PAIR} -> output_indices:int64, output_values:T | T: number, qint8, quint8, qint32"
    )
    choose = np.minimum
