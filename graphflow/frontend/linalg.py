"""Linear algebra: tf.matmul, tf.linalg and the names of it that lie directly under tf."""

from __future__ import annotations

from typing import Any, NamedTuple

from graphflow.ir import build, raw
from graphflow.ir.convert import convert
from graphflow.ir.dtype import int32
from graphflow.ir.node import Tensor
from graphflow.ops import matrix_idioms
from graphflow.ops.complex import real
from graphflow.ops.matrix_idioms import (
    cholesky_solve,
    diag_part,
    eye,
    matmul,
)
from graphflow.ops.reduce_idioms import reduce_sum

__all__ = [
    "cholesky",
    "cholesky_solve",
    "cross",
    "eye",
    "matmul",
    "matrix_determinant",
    "matrix_inverse",
    "matrix_solve",
    "matrix_square_root",
    "matrix_triangular_solve",
    "qr",
    "self_adjoint_eig",
    "self_adjoint_eigvals",
    "sparse_matmul",
    "svd",
    "trace",
]


class Qr(NamedTuple):
    """x = q r."""

    q: Tensor
    r: Tensor


class LogMatrixDeterminant(NamedTuple):
    """det = sign * exp(log_abs_determinant)."""

    sign: Tensor
    log_abs_determinant: Tensor


class Lu(NamedTuple):
    """Both triangular factors in one matrix, and the order of the rows."""

    lu: Tensor
    p: Tensor


def sparse_matmul(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    transpose_b: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """The product of matrices with many zeros, as float32."""
    flips = {"transpose_a": transpose_a, "transpose_b": transpose_b}
    sparse = {"a_is_sparse": a_is_sparse, "b_is_sparse": b_is_sparse}
    found: Tensor = raw.SparseMatMul(a, b, **flips, **sparse, name=name)
    return found


def matvec(
    a: Any,
    b: Any,
    transpose_a: bool = False,
    adjoint_a: bool = False,
    a_is_sparse: bool = False,
    b_is_sparse: bool = False,
    name: str | None = None,
) -> Tensor:
    """Matrices times vectors."""
    with build.name_scope(name, "MatVec", [a, b]) as scope:
        del scope
        column = raw.ExpandDims(b, -1)
        product = matmul(
            a,
            column,
            transpose_a=transpose_a,
            adjoint_a=adjoint_a,
            a_is_sparse=a_is_sparse,
            b_is_sparse=b_is_sparse,
        )
        found: Tensor = raw.Squeeze(product, squeeze_dims=[-1])
        return found


def cholesky(input: Any, name: str | None = None) -> Tensor:
    """The lower triangle l with l l* = x."""
    found: Tensor = raw.Cholesky(input, name=name)
    return found


def matrix_inverse(input: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """The inverse of each matrix, or the adjoint of the inverse."""
    found: Tensor = raw.MatrixInverse(input, adjoint=adjoint, name=name)
    return found


def matrix_determinant(input: Any, name: str | None = None) -> Tensor:
    """The determinant of each matrix."""
    found: Tensor = raw.MatrixDeterminant(input, name=name)
    return found


def slogdet(input: Any, name: str | None = None) -> LogMatrixDeterminant:
    """The sign of each determinant, and the logarithm of its magnitude."""
    return LogMatrixDeterminant(*raw.LogMatrixDeterminant(input, name=name))


def logdet(matrix: Any, name: str | None = None) -> Any:
    """The logarithm of the determinant of positive definite matrices."""
    with build.name_scope(name, "logdet", [matrix]):
        diagonal = real(diag_part(raw.Cholesky(matrix)))
        return 2.0 * reduce_sum(raw.Log(diagonal), axis=[-1])


def matrix_solve(matrix: Any, rhs: Any, adjoint: bool = False, name: str | None = None) -> Tensor:
    """The x with matrix x = rhs."""
    found: Tensor = raw.MatrixSolve(matrix, rhs, adjoint=adjoint, name=name)
    return found


def matrix_triangular_solve(
    matrix: Any, rhs: Any, lower: bool = True, adjoint: bool = False, name: str | None = None
) -> Tensor:
    """The x with matrix x = rhs, where the matrix counts as triangular."""
    found: Tensor = raw.MatrixTriangularSolve(matrix, rhs, lower=lower, adjoint=adjoint, name=name)
    return found


def matrix_square_root(input: Any, name: str | None = None) -> Tensor:
    """The principal y with y y = x."""
    found: Tensor = raw.MatrixSquareRoot(input, name=name)
    return found


def logm(input: Any, name: str | None = None) -> Tensor:
    """The principal logarithm of each matrix."""
    found: Tensor = raw.MatrixLogarithm(input, name=name)
    return found


def qr(input: Any, full_matrices: bool = False, name: str | None = None) -> Qr:
    """x = q r with orthonormal columns of q and an upper triangle r."""
    return Qr(*raw.Qr(input, full_matrices=full_matrices, name=name))


def lu(input: Any, output_idx_type: Any = int32, name: str | None = None) -> Lu:
    """p x = l u with triangles l and u and a permutation p."""
    return Lu(*raw.Lu(input, output_idx_type=output_idx_type, name=name))


def self_adjoint_eig(tensor: Any, name: str | None = None) -> tuple[Tensor, Tensor]:
    """Eigenvalues from the smallest up, and eigenvectors as columns."""
    e, v = raw.SelfAdjointEigV2(tensor, compute_v=True, name=name)
    return e, v


def self_adjoint_eigvals(tensor: Any, name: str | None = None) -> Tensor:
    """Eigenvalues from the smallest up."""
    found: Tensor = raw.SelfAdjointEigV2(tensor, compute_v=False, name=name)[0]
    return found


def svd(
    tensor: Any, full_matrices: bool = False, compute_uv: bool = True, name: str | None = None
) -> Any:
    """x = u diag(s) v*: (s, u, v), or s alone."""
    s, u, v = raw.Svd(tensor, compute_uv=compute_uv, full_matrices=full_matrices, name=name)
    return (real(s), u, v) if compute_uv else real(s)


def cross(a: Any, b: Any, name: str | None = None) -> Tensor:
    """The cross product of vectors of three elements."""
    found: Tensor = raw.Cross(a, b, name=name)
    return found


def trace(x: Any, name: str | None = None) -> Any:
    """The sum of the main diagonal of each matrix."""
    with build.name_scope(name, "Trace", [x]) as scope:
        x = convert(x, name="x")
        return reduce_sum(diag_part(x), [-1], name=scope)


adjoint = matrix_idioms.adjoint
det, inv, solve, sqrtm = matrix_determinant, matrix_inverse, matrix_solve, matrix_square_root
triangular_solve = matrix_triangular_solve
eigh, eigvalsh = self_adjoint_eig, self_adjoint_eigvals

NAMESPACES = {
    "linalg": [
        "adjoint",
        "cholesky",
        "cholesky_solve",
        "cross",
        "det",
        "eigh",
        "eigvalsh",
        "eye",
        "inv",
        "logdet",
        "logm",
        "lu",
        "matmul",
        "matvec",
        "qr",
        "slogdet",
        "solve",
        "sqrtm",
        "svd",
        "trace",
        "triangular_solve",
    ]
}
