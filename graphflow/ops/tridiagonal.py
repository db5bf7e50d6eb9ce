"""Matrices that are zero but for three diagonals."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.convert import constant
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, TensorShape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack
from graphflow.ops.linalg import same_size
from graphflow.ops.matrix_idioms import matrix_transpose
from graphflow.ops.reduce_idioms import conj, reduce_sum

_TYPES = "T: float32, float64, complex"


def _dense(above: Any, main: Any, below: Any) -> Any:
    """The matrix with these three diagonals; the last element above and the first below mean nothing."""
    size = main.shape[-1]
    out = np.zeros((*main.shape, size), main.dtype)
    at = np.arange(size)
    out[..., at, at] = main
    out[..., at[:-1], at[1:]] = above[..., :-1]
    out[..., at[1:], at[:-1]] = below[..., 1:]
    return out


class TridiagonalMatMul(Op):
    """The product of a matrix of three diagonals, each given as one row, and another matrix."""

    signature = f"superdiag:T, maindiag:T, subdiag:T, rhs:T -> output:T | {_TYPES}"

    def infer(self, above: Tensor, main: Tensor, below: Tensor, rhs: Tensor) -> Any:
        rows = main.shape.with_rank_at_least(2)
        for other in (above, below):
            rows = rows.merge_with(other.shape.with_rank_at_least(2))
        dims = rhs.shape.with_rank_at_least(2).known
        if rows.known is None or dims is None:
            return rhs.shape
        same_size(rows.known[-1], dims[-2])
        return rhs.shape

    def reference(self, above: Any, main: Any, below: Any, rhs: Any) -> Any:
        lines = [t[..., 0, :] for t in (above, main, below)]
        return np.matmul(_dense(*lines), rhs)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        above, main, below = (matrix_transpose(t, conjugate=True) for t in n.inputs[:3])
        rhs = conj(n.inputs[3])
        to_above = reduce_sum(_up(rhs) * g, axis=-1)
        to_main = reduce_sum(rhs * g, axis=-1)
        to_below = reduce_sum(_down(rhs) * g, axis=-1)
        to_rhs = _down(above * g) + main * g + _up(below * g)
        return [*(raw.ExpandDims(t, -2) for t in (to_above, to_main, to_below)), to_rhs]


def _up(x: Tensor) -> Tensor:
    """Rows moved up by one, zeros after them."""
    return _padded(x, [[0, 1], [0, 0]], np.s_[..., 1:, :])


def _down(x: Tensor) -> Tensor:
    """Rows moved down by one, zeros before them."""
    return _padded(x, [[1, 0], [0, 0]], np.s_[..., :-1, :])


def _padded(x: Tensor, last: list[list[int]], kept: Any) -> Tensor:
    paddings = concat([_outer_zeros(x), constant(last)], 0)
    found: Tensor = raw.Pad(x[kept], paddings)
    return found


def _outer_zeros(x: Tensor) -> Tensor:
    """No padding for each axis before the last two."""
    rank = idioms.rank(x)
    return idioms.zeros((rank - 2, 2), dtype="int32")


class TridiagonalSolve(Op):
    """The x with a x = rhs for a matrix a of three diagonals, given as three rows."""

    signature = f"diagonals:T, rhs:T -> output:T | {_TYPES}"
    partial_pivoting: bool = True

    def infer(self, diagonals: Tensor, rhs: Tensor) -> Any:
        lines = diagonals.shape.with_rank_at_least(2).known
        dims = rhs.shape.with_rank_at_least(2).known
        if lines is None or dims is None:
            return UNKNOWN
        same_size(lines[-2], 3)
        batch = TensorShape.of(lines[:-2]).merge_with(TensorShape.of(dims[:-2])).known
        assert batch is not None
        return TensorShape.of((*batch, same_size(lines[-1], dims[-2]), dims[-1]))

    def reference(self, diagonals: Any, rhs: Any) -> Any:
        if diagonals.shape[-2] != 3:
            raise ValueError(f"Expected diagonals to have 3 rows, got {diagonals.shape[-2]}")
        if rhs.size == 0:
            return np.zeros_like(rhs)
        dense = _dense(diagonals[..., 0, :], diagonals[..., 1, :], diagonals[..., 2, :])
        try:
            return np.linalg.solve(dense, rhs)
        except np.linalg.LinAlgError:
            raise ValueError("The matrix is not invertible.") from None

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        diagonals, x = n.inputs[0], n.outputs[0]
        transposed = _transposed(diagonals)
        to_rhs = raw.TridiagonalSolve(transposed, g, partial_pivoting=self.partial_pivoting)
        return [-_three_diagonals(to_rhs, x), to_rhs]


def _transposed(diagonals: Tensor) -> Tensor:
    main = diagonals[..., 1, :]
    if diagonals.shape.is_static:
        zeros = idioms.zeros([*diagonals.shape.as_tuple()[:-2], 1], dtype=diagonals.dtype)
        above = concat((diagonals[..., 2, 1:], zeros), -1)
        below = concat((zeros, diagonals[..., 0, :-1]), -1)
    else:
        outer = _outer_zeros(diagonals)
        after = concat((outer, constant([[0, 1]])), 0)
        above = raw.Pad(diagonals[..., 2, 1:], after)
        before = concat((outer, constant([[1, 0]])), 0)
        below = raw.Pad(diagonals[..., 0, :-1], before)
    return stack([above, main, below], axis=-2)


def _three_diagonals(x: Tensor, y: Tensor) -> Tensor:
    """The three diagonals of x y^T."""
    main = reduce_sum(x * y, axis=-1)
    if y.shape.is_static:
        sizes = x.shape.as_tuple()
        zeros = idioms.zeros([*sizes[:-2], 1, sizes[-1]], dtype=x.dtype)
        above = reduce_sum(x * concat((y[..., 1:, :], zeros), -2), axis=-1)
        below = reduce_sum(x * concat((zeros, y[..., :-1, :]), -2), axis=-1)
    else:
        outer = _outer_zeros(y)
        after = concat((outer, constant([[0, 1], [0, 0]])), 0)
        above = reduce_sum(x * raw.Pad(y[..., 1:, :], after), axis=-1)
        before = concat((outer, constant([[1, 0], [0, 0]])), 0)
        below = reduce_sum(x * raw.Pad(y[..., :-1, :], before), axis=-1)
    return stack([above, main, below], axis=-2)
