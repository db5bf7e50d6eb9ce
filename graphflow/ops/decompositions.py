"""Factors of matrices: Cholesky, QR, singular values, eigenvalues, LU."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from graphflow.ir import raw
from graphflow.ir.build import current_graph
from graphflow.ir.dtype import DType, int32
from graphflow.ir.node import Node, Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, Dim, Symbol, TensorShape
from graphflow.numeric import linear
from graphflow.ops import idioms
from graphflow.ops.complex import real
from graphflow.ops.linalg import SOLVED, square_matrices
from graphflow.ops.matrix_idioms import (
    adjoint,
    diag,
    diag_part,
    eye,
    matmul,
    matrix_transpose,
    set_diag,
)


class Cholesky(Op):
    """The lower triangle l with l l* = x."""

    signature = f"input:T -> output:T | T: {SOLVED}"

    def infer(self, x: Tensor) -> Any:
        return square_matrices(x)

    def reference(self, x: Any) -> Any:
        return linear.cholesky(x)

    def gradient(self, n: Node, g: Tensor) -> Sequence[Tensor | None]:
        """l^-* phi(l* g) l^-1, made symmetric; phi keeps the lower triangle and halves the diagonal."""
        factor = n.outputs[0]
        size, batch = idioms.shape(factor)[-1], idioms.shape(factor)[:-2]
        identity = eye(size, batch_shape=batch, dtype=factor.dtype)
        inverse = raw.MatrixTriangularSolve(factor, identity)
        middle = matmul(factor, g, adjoint_a=True)
        middle = raw.MatrixBandPart(set_diag(middle, 0.5 * diag_part(middle)), -1, 0)
        found = matmul(matmul(inverse, middle, adjoint_a=True), inverse)
        found = found + adjoint(found)
        return [found * 0.5]


class CholeskyGrad(Op):
    """The gradient by x of a function of l = cholesky(x), from the one by l."""

    signature = "l:T, grad:T -> output:T | T: float16, float32, float64"

    def infer(self, factor: Tensor, grad: Tensor) -> Any:
        return square_matrices(factor)

    def reference(self, factor: Any, grad: Any) -> Any:
        return linear.cholesky_gradient(factor, grad)


def _smaller(rows: Dim, columns: Dim) -> Dim:
    """min(rows, columns), as far as it is known."""
    if isinstance(rows, int) and isinstance(columns, int):
        return min(rows, columns)
    return rows if rows == columns else 0 if 0 in (rows, columns) else Symbol()


class Qr(Op):
    """x = q r with orthonormal columns of q and an upper triangle r."""

    signature = f"input:T -> q:T, r:T | T: {SOLVED}"
    full_matrices: bool = False

    def infer(self, x: Tensor) -> Any:
        dims = x.shape.with_rank_at_least(2).known
        if dims is None:
            return UNKNOWN, UNKNOWN
        *batch, rows, columns = dims
        rank = rows if self.full_matrices else _smaller(rows, columns)
        return TensorShape.of((*batch, rows, rank)), TensorShape.of((*batch, rank, columns))

    def reference(self, x: Any) -> Any:
        return linear.qr(x, self.full_matrices)

    def gradient(self, n: Node, dq: Tensor, dr: Tensor) -> Sequence[Tensor | None]:
        q, r = n.outputs
        if q.dtype.is_complex:
            raise NotImplementedError(f"QrGrad not implemented for dtype: {q.dtype}")
        if r.shape.rank is None or r.shape[-2].value is None or r.shape[-1].value is None:
            raise NotImplementedError("QrGrad not implemented with dynamic shapes.")
        if r.shape[-2] != r.shape[-1]:
            raise NotImplementedError(
                "QrGrad not implemented when ncols > nrows or full_matrices is true and ncols != nrows."
            )
        qdq = matmul(q, dq, adjoint_a=True)
        skew_q = qdq - adjoint(qdq)
        rdr = matmul(r, dr, adjoint_b=True)
        skew_r = rdr - adjoint(rdr)
        lower = raw.MatrixBandPart(skew_q + skew_r, -1, 0)
        first = matmul(q, dr + _over(lower, r))
        return [first + _over(dq - matmul(q, qdq), r)]


def _over(x: Tensor, r: Tensor) -> Tensor:
    """x r^-* of an upper triangle r."""
    found: Tensor = adjoint(raw.MatrixTriangularSolve(r, adjoint(x), lower=False, adjoint=False))
    return found


class SelfAdjointEigV2(Op):
    """Eigenvalues of self-adjoint matrices from the smallest up, and eigenvectors as columns."""

    signature = f"input:T -> e:T, v:T | T: {SOLVED}"
    compute_v: bool = True

    def infer(self, x: Tensor) -> Any:
        shape = square_matrices(x)
        vectors = shape if self.compute_v else TensorShape((0,))
        return UNKNOWN if shape.known is None else TensorShape.of(shape.known[:-1]), vectors

    def reference(self, x: Any) -> Any:
        if self.compute_v:
            return linear.self_adjoint_eig(x)
        return *linear.self_adjoint_eig(x, False), np.zeros(0, x.dtype)

    def gradient(self, n: Node, ge: Tensor, gv: Tensor) -> Sequence[Tensor | None]:
        """v (diag(ge) + f * (v* gv)) v*, with f[i, j] = 1 / (e[j] - e[i]) beside a zero diagonal."""
        e, v = n.outputs
        with current_graph().control_dependencies([ge, gv]):
            if self.compute_v:
                apart = raw.Reciprocal(raw.ExpandDims(e, -2) - raw.ExpandDims(e, -1))
                f = set_diag(apart, idioms.zeros_like(e))
                middle = diag(ge) + f * matmul(v, gv, adjoint_a=True)
            else:
                v = raw.SelfAdjointEigV2(n.inputs[0])[1]
                middle = diag(ge)
            found = matmul(v, matmul(middle, v, adjoint_b=True))
            found = raw.MatrixBandPart(found + adjoint(found), -1, 0)
            return [set_diag(found, 0.5 * diag_part(found))]


class Svd(Op):
    """x = u diag(s) v* with the singular values s from the largest down."""

    signature = f"input:T -> s:T, u:T, v:T | T: {SOLVED}"
    compute_uv: bool = True
    full_matrices: bool = False

    def infer(self, x: Tensor) -> Any:
        nothing = TensorShape((0,))
        dims = x.shape.with_rank_at_least(2).known
        if dims is None:
            return (UNKNOWN,) * 3 if self.compute_uv else (UNKNOWN, nothing, nothing)
        *batch, rows, columns = dims
        rank = _smaller(rows, columns)
        values = TensorShape.of((*batch, rank))
        if not self.compute_uv:
            return values, nothing, nothing
        widths = (rows, columns) if self.full_matrices else (rank, rank)
        sides = zip((rows, columns), widths, strict=True)
        return values, *(TensorShape.of((*batch, size, width)) for size, width in sides)

    def reference(self, x: Any) -> Any:
        if self.compute_uv:
            return linear.svd(x, True, self.full_matrices)
        nothing = np.zeros(0, x.dtype)
        return *linear.svd(x, False), nothing, nothing

    def gradient(self, n: Node, gs: Tensor, gu: Tensor, gv: Tensor) -> Sequence[Tensor | None]:
        x = n.inputs[0]
        x.shape.with_rank_at_least(2)
        middle = diag(gs)
        if not self.compute_uv:
            s, u, v = raw.Svd(x, compute_uv=True)
            real(s)  # TensorFlow's svd makes this node and leaves it
            found = matmul(u, matmul(middle, v, adjoint_b=True))
            found.set_shape(x.shape)
            return [found]
        if x.dtype.is_complex:
            raise NotImplementedError(
                "SVD gradient is not implemented for complex types and compute_uv=True."
            )
        rows, columns = self._sizes(x, gu, gv)
        with current_graph().control_dependencies([gs, gu, gv]):
            return [self._by_vectors(n, middle, gu, gv, rows, columns)]

    def _sizes(self, x: Tensor, gu: Tensor, gv: Tensor) -> tuple[int, int]:
        """How many rows and columns the matrix has, from its own shape and those of the gradients."""
        rows = x.shape[-2].merge_with(gu.shape[-2]).value
        columns = x.shape[-1].merge_with(gv.shape[-2]).value
        if rows is None or columns is None:
            raise NotImplementedError(
                "SVD gradient has not been implemented for input with unknown inner matrix shape."
            )
        if self.full_matrices and abs(rows - columns) > 1:
            raise NotImplementedError(
                "svd gradient is not implemented for abs(m - n) > 1 when full_matrices is True"
            )
        return rows, columns

    def _by_vectors(
        self, n: Node, middle: Tensor, gu: Tensor, gv: Tensor, rows: int, columns: int
    ) -> Tensor:
        """u (diag(gs) + (f_u + f_u*) s + s (f_v + f_v*)) v*, and for oblong x what leaves the span of v."""
        s, u, v = n.outputs
        upright = rows > columns
        if upright:  # the transposed problem
            rows, columns, u, v, gu, gv = columns, rows, v, u, gv, gu
        s_matrix, squares, sizes = diag(s), raw.Square(s), idioms.shape(s)
        identity = eye(sizes[-1], batch_shape=sizes[:-1], dtype=s.dtype)
        apart = raw.ExpandDims(squares, -2) - raw.ExpandDims(squares, -1) + identity
        f = set_diag(raw.Reciprocal(apart), idioms.zeros_like(s))
        inverse = diag(raw.Reciprocal(s))
        v1, gv1 = v[..., :, :rows], gv[..., :, :rows]
        u_gu, v_gv = matmul(u, gu, adjoint_a=True), matmul(v1, gv1, adjoint_a=True)
        f_u, f_v = f * u_gu, f * v_gv
        inside = (
            middle + matmul(f_u + adjoint(f_u), s_matrix) + matmul(s_matrix, f_v + adjoint(f_v))
        )
        found = matmul(u, matmul(inside, v1, adjoint_b=True))
        if rows != columns:
            gv1t = matrix_transpose(gv1)
            outside = gv1t - matmul(matmul(gv1t, v1), v1, adjoint_b=True)
            if self.full_matrices:
                v2, gv2 = v[..., :, rows:columns], gv[..., :, rows:columns]
                outside = outside - matmul(matmul(v1, gv2, adjoint_a=True), v2, adjoint_b=True)
            found = found + matmul(matmul(u, inverse), outside)
        if upright:
            found = matrix_transpose(found)
        found.set_shape(n.inputs[0].shape)
        return found


class Lu(Op):
    """Both triangles of p x = l u in one matrix, and p as the order of the rows."""

    signature = f"input:T -> lu:T, p:output_idx_type | T: {SOLVED}; output_idx_type: index"
    output_idx_type: DType = int32

    def infer(self, x: Tensor) -> Any:
        shape = square_matrices(x)
        return shape, UNKNOWN if shape.known is None else TensorShape.of(shape.known[:-1])

    def reference(self, x: Any) -> Any:
        return linear.lu(x, self.output_idx_type.numpy)
