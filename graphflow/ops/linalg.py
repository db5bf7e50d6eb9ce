"""Inverses, determinants and systems of linear equations, for batches of matrices."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.errors import FailedPreconditionError
from graphflow.ir import raw
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dimension, TensorShape
from graphflow.numeric import linear
from graphflow.ops import idioms
from graphflow.ops.arrays import concat
from graphflow.ops.matrix_idioms import cholesky_solve, gram_cholesky, matmul, matrix_transpose
from graphflow.ops.reduce_idioms import conj

SOLVED = "float16, float32, float64, complex"


def square_matrices(x: Tensor) -> TensorShape:
    """The shape of a batch of square matrices, with what one of the two sizes says of the other."""
    dims = x.shape.with_rank_at_least(2).known
    if dims is None:
        return UNKNOWN
    size = same_size(dims[-2], dims[-1])
    return TensorShape.of((*dims[:-2], size, size))


def same_size(a: Any, b: Any) -> Any:
    """The dimension that both are, or ValueError."""
    if isinstance(a, int) and isinstance(b, int) and a != b:
        raise ValueError(f"Dimensions must be equal, but are {a} and {b}.")
    return a if isinstance(a, int) else b if isinstance(b, int) else a


class MatrixInverse(Op):
    """The inverse of each matrix, or the adjoint of the inverse."""

    signature = f"input:T -> output:T | T: {SOLVED}"
    adjoint: bool = False

    def infer(self, x: Tensor) -> Any:
        return square_matrices(x)

    def reference(self, x: Any) -> Any:
        return linear.inverse(x, self.adjoint)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """-y* g y* for y = x^-1, and -y g* y for its adjoint, where TensorFlow 1 forgets the difference."""
        y, flip = n.outputs[0], self.adjoint
        inner = matmul(g, y, adjoint_a=flip, adjoint_b=not flip)
        return [-matmul(y, inner, adjoint_a=not flip)]


class MatrixDeterminant(Op):
    """The determinant of each matrix."""

    signature = f"input:T -> output:T | T: {SOLVED}"

    def infer(self, x: Tensor) -> Any:
        dims = square_matrices(x).known
        return UNKNOWN if dims is None else TensorShape.of(dims[:-2])

    def reference(self, x: Any) -> Any:
        return linear.determinant(x)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """g det* x^-*; TensorFlow 1 leaves out the conjugate of complex determinants."""
        inverse = raw.MatrixInverse(n.inputs[0], adjoint=True)
        return [_as_matrices(g * conj(n.outputs[0]), n.outputs[0]) * inverse]


def _as_matrices(x: Tensor, like: Tensor) -> Tensor:
    """A factor for each matrix, shaped to multiply the matrices."""
    shape = concat([idioms.shape(like), [1, 1]], 0)
    found: Tensor = raw.Reshape(x, shape)
    return found


class LogMatrixDeterminant(Op):
    """The sign of the determinant of each matrix, and the logarithm of its magnitude."""

    signature = f"input:T -> sign:T, log_abs_determinant:T | T: {SOLVED}"

    def infer(self, x: Tensor) -> Any:
        dims = square_matrices(x).known
        batch = UNKNOWN if dims is None else TensorShape.of(dims[:-2])
        return batch, batch

    def reference(self, x: Any) -> Any:
        return linear.log_determinant(x)

    def gradient(self, n: Node, _: Tensor | None, g: Tensor) -> Sequence[Tensor | None]:
        inverse = raw.MatrixInverse(n.inputs[0], adjoint=True)
        return [_as_matrices(g, n.outputs[1]) * inverse]


def _solved(a: Tensor, b: Tensor, must_be_square: bool) -> TensorShape:
    left, right = a.shape.with_rank_at_least(2).known, b.shape.with_rank_at_least(2).known
    if left is None or right is None:
        return UNKNOWN
    batch = TensorShape.of(left[:-2]).merge_with(TensorShape.of(right[:-2])).known
    assert batch is not None
    rows = same_size(left[-2], right[-2])
    unknowns = same_size(left[-1], rows) if must_be_square else left[-1]
    return TensorShape.of((*batch, unknowns, right[-1]))


class _Solve(Op, abstract=True):
    """An op whose output x has a x = b, or a* x = b."""

    signature = f"matrix:T, rhs:T -> output:T | T: {SOLVED}"

    def infer(self, a: Tensor, b: Tensor) -> Any:
        return _solved(a, b, True)

    def gradients_of(self, n: Node, to_rhs: Tensor, adjoint: bool) -> tuple[Tensor, Tensor]:
        """-(a^-* g) x* for a, where `to_rhs` is a^-* g."""
        x = n.outputs[0]
        first, second = (x, to_rhs) if adjoint else (to_rhs, x)
        return -matmul(first, second, adjoint_b=True), to_rhs


class MatrixSolve(_Solve):
    """The x with matrix x = rhs."""

    adjoint: bool = False

    def reference(self, a: Any, b: Any) -> Any:
        return linear.solve(a, b, self.adjoint)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        to_rhs = raw.MatrixSolve(n.inputs[0], g, adjoint=not self.adjoint)
        return self.gradients_of(n, to_rhs, self.adjoint)


class MatrixTriangularSolve(_Solve):
    """The x with matrix x = rhs, where the matrix counts as triangular."""

    lower: bool = True
    adjoint: bool = False

    def reference(self, a: Any, b: Any) -> Any:
        return linear.triangular_solve(a, b, self.lower, self.adjoint)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        to_rhs = raw.MatrixTriangularSolve(
            n.inputs[0], g, lower=self.lower, adjoint=not self.adjoint
        )
        to_matrix, to_rhs = self.gradients_of(n, to_rhs, self.adjoint)
        below, above = (-1, 0) if self.lower else (0, -1)
        return [raw.MatrixBandPart(to_matrix, below, above), to_rhs]


class MatrixSolveLs(Op):
    """The x that makes |matrix x - rhs|^2 + l2_regularizer |x|^2 least."""

    signature = f"matrix:T, rhs:T, l2_regularizer:float64 -> output:T | T: {SOLVED}"
    fast: bool = True

    def infer(self, a: Tensor, b: Tensor, regularizer: Tensor) -> Any:
        regularizer.shape.assert_has_rank(0)
        return _solved(a, b, False)

    def reference(self, a: Any, b: Any, regularizer: Any) -> Any:
        return linear.least_squares(a, b, float(regularizer), self.fast)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        if not self.fast:
            raise ValueError("Gradient not defined for fast=False")
        rows, columns = n.inputs[0].shape[-2], n.inputs[0].shape[-1]
        if rows.value is None or columns.value is None:
            raise NotImplementedError(
                f"the gradient of '{n.name}' (op type: MatrixSolveLs) needs the sizes of the matrix, "
                f"its shape is {n.inputs[0].shape}; matrix_solve_ls with fast=True has no such limit"
            )
        found = _tall(n, g) if _at_least(rows, columns) else _wide(n, g)
        return [*found, None]


def _at_least(a: Dimension, b: Dimension) -> bool:
    return bool(a >= b)


def _tall(n: Node, g: Tensor) -> list[Tensor]:
    a, b, regularizer = n.inputs
    factor = gram_cholesky(a, idioms.cast(regularizer, a.dtype), first_kind=True)
    z = cholesky_solve(factor, g)
    xz = matmul(n.outputs[0], z, adjoint_b=True)
    both = xz + matrix_transpose(xz)
    to_matrix = -matmul(a, both) + matmul(b, z, adjoint_b=True)
    return [to_matrix, matmul(a, z)]


def _wide(n: Node, g: Tensor) -> list[Tensor]:
    a, b, regularizer = n.inputs
    factor = gram_cholesky(a, idioms.cast(regularizer, a.dtype), first_kind=False)
    to_rhs = cholesky_solve(factor, matmul(a, g))
    y = cholesky_solve(factor, b)
    first = -matmul(to_rhs, matmul(y, a, adjoint_a=True))
    rest = g - matmul(a, to_rhs, adjoint_a=True)
    return [first + matmul(y, rest, adjoint_b=True), to_rhs]


class Cross(Op):
    """The cross product of vectors of three elements."""

    signature = "a:T, b:T -> product:T | T: real"

    def infer(self, a: Tensor, b: Tensor) -> Any:
        merged = a.shape.with_rank_at_least(1).merge_with(b.shape.with_rank_at_least(1))
        if merged.known is None:
            return UNKNOWN
        if merged[-1].value not in (3, None):
            raise ValueError(f"Dimension must be 3 but is {merged[-1]}")
        return TensorShape.of((*merged.known[:-1], 3))

    def reference(self, a: Any, b: Any) -> Any:
        if a.shape != b.shape:
            raise ValueError(
                f"Both inputs must be of same shape: {list(a.shape)} vs. {list(b.shape)}"
            )
        if a.ndim == 0 or a.shape[-1] != 3:
            raise FailedPreconditionError(
                message="Cross-products are only defined for 3-element vectors."
            )
        left, right = linear.wide(a), linear.wide(b)
        (a1, a2, a3), (b1, b2, b3) = np.moveaxis(left, -1, 0), np.moveaxis(right, -1, 0)
        with np.errstate(all="ignore"):
            parts = (a2 * b3 - a3 * b2, a3 * b1 - a1 * b3, a1 * b2 - a2 * b1)
            return np.stack(parts, -1).astype(a.dtype)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        a, b = n.inputs
        return [raw.Cross(b, g), raw.Cross(g, a)]
