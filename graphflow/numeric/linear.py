"""Linear algebra on batches of matrices: the last two axes are rows and columns.

Half-width floats are computed in float32 and rounded once. What a matrix lacks (an inverse, a
Cholesky factor) is told as a ValueError.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def wide(x: Array) -> Array:
    """x in a type that LAPACK knows."""
    return x.astype(np.float32) if x.dtype.itemsize == 2 else x


def adjoint(x: Array) -> Array:
    """The conjugate transpose of each matrix."""
    swapped = np.swapaxes(x, -1, -2)
    return swapped.conj() if x.dtype.kind == "c" else swapped


def square(x: Array) -> Array:
    """x, or ValueError where it is not a batch of square matrices."""
    if x.ndim < 2:
        raise ValueError(f"Input must have rank at least 2, its shape is {list(x.shape)}")
    if x.shape[-1] != x.shape[-2]:
        raise ValueError(f"Input matrix must be square, its shape is {list(x.shape)}")
    return x


def inverse(x: Array, adjointed: bool = False) -> Array:
    """x^-1, or its adjoint."""
    a = wide(square(x))
    try:
        result = np.linalg.inv(adjoint(a) if adjointed else a)
    except np.linalg.LinAlgError:
        raise ValueError("Input is not invertible.") from None
    return result.astype(x.dtype, copy=False)


def determinant(x: Array) -> Array:
    """det(x)."""
    with np.errstate(all="ignore"):
        return np.asarray(np.linalg.det(wide(square(x)))).astype(x.dtype, copy=False)


def log_determinant(x: Array) -> tuple[Array, Array]:
    """The sign of det(x) and log |det(x)|, both of the type of x."""
    with np.errstate(all="ignore"):
        sign, logarithm = np.linalg.slogdet(wide(square(x)))
    return np.asarray(sign).astype(x.dtype), np.asarray(logarithm).astype(x.dtype)


def _chained(a: Array, b: Array) -> None:
    if a.ndim < 2 or b.ndim != a.ndim or a.shape[:-2] != b.shape[:-2] or a.shape[-2] != b.shape[-2]:
        raise ValueError(
            f"Input matrix and rhs are incompatible: {list(a.shape)} and {list(b.shape)}"
        )


def solve(a: Array, b: Array, adjointed: bool = False) -> Array:
    """a^-1 b, or that of the adjoint of a."""
    square(a)
    _chained(a, b)
    if b.size == 0:
        return np.zeros_like(b)
    left = adjoint(wide(a)) if adjointed else wide(a)
    try:
        return np.linalg.solve(left, wide(b)).astype(b.dtype, copy=False)
    except np.linalg.LinAlgError:
        raise ValueError("Input matrix is not invertible.") from None


def triangular_solve(a: Array, b: Array, lower: bool = True, adjointed: bool = False) -> Array:
    """The same for a triangle of a; what lies in the other triangle is not looked at."""
    square(a)
    _chained(a, b)
    if b.size == 0:
        return np.zeros_like(b)
    if (np.diagonal(a, axis1=-2, axis2=-1) == 0).any():
        raise ValueError("Input matrix is not invertible.")
    triangle = np.tril(wide(a)) if lower else np.triu(wide(a))
    rhs = wide(b)
    if adjointed:
        triangle, lower = adjoint(triangle), not lower
    if lower:
        # read backwards, a lower triangle is an upper one, of which elimination has nothing to do
        triangle, rhs = triangle[..., ::-1, ::-1], rhs[..., ::-1, :]
    x = np.linalg.solve(triangle, rhs)
    return (x[..., ::-1, :] if lower else x).astype(b.dtype, copy=False)


def least_squares(a: Array, b: Array, regularizer: float = 0.0, fast: bool = True) -> Array:
    """argmin |a x - b|^2 + regularizer |x|^2; the slow way takes the shortest x and no regularizer."""
    _chained(a, b)
    if regularizer < 0:
        raise ValueError("l2_regularizer must be >= 0.")
    result = np.zeros((*a.shape[:-2], a.shape[-1], b.shape[-1]), b.dtype)
    if result.size == 0 or a.size == 0:
        return result
    left, right = wide(a), wide(b)
    for at in np.ndindex(a.shape[:-2]):
        if not fast:
            result[at] = np.linalg.lstsq(left[at], right[at], rcond=None)[0]
        else:
            result[at] = _normal_equations(left[at], right[at], regularizer)
    return result


def _normal_equations(a: Array, b: Array, regularizer: float) -> Array:
    tall = a.shape[0] >= a.shape[1]
    gram = adjoint(a) @ a if tall else a @ adjoint(a)
    gram = gram + regularizer * np.eye(len(gram), dtype=a.dtype)
    try:
        factor = np.linalg.cholesky(gram)
    except np.linalg.LinAlgError:
        raise ValueError(
            "Input matrix was rank deficient or ill-conditioned. Try setting fast=False or "
            "provide a larger l2_regularizer > 0."
        ) from None
    rhs = adjoint(a) @ b if tall else b
    x = triangular_solve(factor, triangular_solve(factor, rhs), adjointed=True)
    return x if tall else adjoint(a) @ x


def cholesky(x: Array) -> Array:
    """The lower triangle l with l l* = x; only the lower triangle of x is looked at."""
    a = wide(square(x))
    try:
        return np.linalg.cholesky(a).astype(x.dtype, copy=False)
    except np.linalg.LinAlgError:
        pass
    result = np.zeros_like(x)
    for at in np.ndindex(a.shape[:-2]):
        try:
            result[at] = np.linalg.cholesky(a[at])
        except np.linalg.LinAlgError:
            if not np.isnan(np.tril(a[at])).any():
                raise ValueError(
                    "Cholesky decomposition was not successful. The input might not be valid."
                ) from None
            result[at] = np.tril(np.full_like(a[at], np.nan))
    return result


def cholesky_gradient(factor: Array, grad: Array) -> Array:
    """The gradient by x of a function of l = cholesky(x), from the one by l.

    l^-* phi(l* grad) l^-1, made symmetric; phi keeps the lower triangle and halves the diagonal.
    """
    square(factor)
    lower, g = np.tril(wide(factor)), np.tril(wide(grad))
    middle = np.tril(adjoint(lower) @ g)
    index = np.arange(middle.shape[-1])
    middle[..., index, index] *= 0.5
    half = triangular_solve(lower, middle, adjointed=True)
    x = adjoint(triangular_solve(lower, adjoint(half), adjointed=True))
    return ((x + adjoint(x)) * 0.5).astype(factor.dtype, copy=False)


def qr(x: Array, full_matrices: bool = False) -> tuple[Array, Array]:
    """x = q r with orthonormal columns of q and an upper triangle r."""
    q, r = np.linalg.qr(wide(x), "complete" if full_matrices else "reduced")
    return q.astype(x.dtype, copy=False), r.astype(x.dtype, copy=False)


def svd(x: Array, compute_uv: bool = True, full_matrices: bool = False) -> tuple[Array, ...]:
    """x = u diag(s) v* with the singular values s from the largest down; (s, u, v)."""
    a = wide(x)
    if np.isnan(a).any() or np.isinf(a).any():
        return _svd_of_the_unspeakable(x, compute_uv, full_matrices)
    try:
        if not compute_uv:
            s = np.linalg.svd(a, compute_uv=False)
            return (s.astype(x.dtype, copy=False),)
        u, s, vh = np.linalg.svd(a, full_matrices)
    except np.linalg.LinAlgError:
        raise ValueError("Singular value decomposition did not converge.") from None
    return tuple(part.astype(x.dtype, copy=False) for part in (s, u, adjoint(vh)))


def _svd_of_the_unspeakable(x: Array, compute_uv: bool, full_matrices: bool) -> tuple[Array, ...]:
    """NaN singular values with unit vectors, matrix by matrix, where one is not finite."""
    rows, columns = x.shape[-2:]
    rank = min(rows, columns)
    widths = (rows, columns) if full_matrices else (rank, rank)
    batch = x.shape[:-2]
    s = np.full((*batch, rank), np.nan, x.dtype)
    u, v = (
        np.broadcast_to(np.eye(size, width, dtype=x.dtype), (*batch, size, width)).copy()
        for size, width in zip((rows, columns), widths, strict=True)
    )
    for at in np.ndindex(batch):
        if np.isfinite(wide(x[at])).all():
            s[at], u[at], v[at] = svd(x[at], True, full_matrices)
    return (s, u, v) if compute_uv else (s,)


def self_adjoint_eig(x: Array, compute_v: bool = True) -> tuple[Array, ...]:
    """Eigenvalues from the smallest up, and eigenvectors as columns; looks at the lower triangle alone."""
    a = wide(square(x))
    try:
        if not np.isfinite(np.tril(a)).all():
            raise np.linalg.LinAlgError
        parts = np.linalg.eigh(a) if compute_v else (np.linalg.eigvalsh(a),)
    except np.linalg.LinAlgError:
        raise ValueError(
            "Self-adjoint eigen decomposition was not successful. The input might not be valid."
        ) from None
    return tuple(part.astype(x.dtype, copy=False) for part in parts)


def lu(x: Array, index: Any = np.int32) -> tuple[Array, Array]:
    """Both triangles of p x = l u in one matrix, and p as the order of the rows."""
    packed = wide(square(x)).copy()
    size, batch = x.shape[-1], x.shape[:-2]
    order = np.broadcast_to(np.arange(size, dtype=index), (*batch, size)).copy()
    for at in np.ndindex(batch):
        matrix, rows = packed[at], order[at]
        for k in range(size):
            pivot = k + int(np.argmax(np.abs(matrix[k:, k])))
            if matrix[pivot, k] == 0:
                raise ValueError("Input is not invertible.")
            matrix[[k, pivot]], rows[[k, pivot]] = matrix[[pivot, k]], rows[[pivot, k]]
            matrix[k + 1 :, k] /= matrix[k, k]
            matrix[k + 1 :, k + 1 :] -= np.outer(matrix[k + 1 :, k], matrix[k, k + 1 :])
    return packed.astype(x.dtype, copy=False), order
