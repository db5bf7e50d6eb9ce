"""Functions of matrices: the principal square root, the principal logarithm, the exponential."""

from __future__ import annotations

from typing import Any

import numpy as np

from graphflow.numeric.linear import Array, square, wide

#: the iteration of the square root converges quadratically: what needs more has no square root
_ROUNDS = 60


def _root(a: Array) -> Array:
    """The y with y y = a whose eigenvalues lie in the right half-plane, NaN where there is none.

    Denman and Beavers: m <- (I + (m + m^-1) / 2) / 2, y <- y (I + m^-1) / 2, from m = y = a, scaled
    by the determinant while m is far from I.
    """
    size = len(a)
    identity = np.eye(size, dtype=a.dtype)
    eps = np.finfo(a.dtype).eps
    y, m = a, a
    for _ in range(_ROUNDS):
        distance = np.linalg.norm(m - identity)
        if not np.isfinite(distance):
            break
        if distance <= size * eps:
            return y
        scale = 1.0
        if distance > 0.01:
            scale = float(np.abs(np.linalg.det(m)) ** (-1.0 / (2 * size)))
        inverse = np.linalg.inv(m)
        y = (y * scale / 2) @ (identity + inverse / scale**2)
        following = (identity + (m * scale**2 + inverse / scale**2) / 2) / 2
        if np.linalg.norm(following - identity) >= distance and distance < 1e3 * size * eps:
            return y
        m = following
    return np.full_like(a, np.nan)


def square_root(x: Array) -> Array:
    """The principal square root of each matrix; NaN where a matrix has none."""
    a = wide(square(x))
    out = np.empty_like(a)
    for at in np.ndindex(a.shape[:-2]):
        out[at] = _rooted(a[at])
    return out.astype(x.dtype, copy=False)


def _rooted(a: Array) -> Array:
    # twice the precision, which the iteration loses for matrices that are nearly singular
    double = a.astype(np.complex128 if a.dtype.kind == "c" else np.float64)
    with np.errstate(all="ignore"):
        try:
            return _root(double).astype(a.dtype)
        except np.linalg.LinAlgError:
            pass
    if np.array_equal(a, np.diag(np.diagonal(a))):
        return np.diag(np.sqrt(np.diagonal(a))).astype(a.dtype)
    raise ValueError("Matrix square root did not converge: the matrix is singular.")


def logarithm(x: Array) -> Array:
    """The principal logarithm of each matrix.

    Roots are taken until x is near I; there log(I + d) = integral over t in [0, 1] of d (I + t d)^-1.
    """
    a = square(x)
    out = np.empty_like(a)
    nodes, weights = np.polynomial.legendre.leggauss(16)
    for at in np.ndindex(a.shape[:-2]):
        matrix = a[at].astype(np.complex128)
        identity = np.eye(len(matrix))
        roots = 0
        while np.linalg.norm(matrix - identity, 1) > 0.25 and roots < _ROUNDS:
            matrix, roots = _rooted(matrix), roots + 1
        if not np.isfinite(matrix).all():
            raise ValueError("Matrix logarithm did not converge: the matrix has none.")
        d = matrix - identity
        total = sum(
            w / 2 * np.linalg.solve(identity + (t + 1) / 2 * d, d)
            for t, w in zip(nodes, weights, strict=True)
        )
        out[at] = total * 2.0**roots
    return out


def exponential(x: Array) -> Array:
    """exp of each matrix: the Taylor polynomial of the matrix divided by 2^s, squared s times."""
    a = wide(square(x))
    out = np.empty_like(a)
    for at in np.ndindex(a.shape[:-2]):
        double = a[at].astype(np.complex128 if a.dtype.kind == "c" else np.float64)
        norm = float(np.linalg.norm(double, 1)) if double.size else 0.0
        squarings = max(0, int(np.ceil(np.log2(norm))) + 3) if 0 < norm < np.inf else 0
        scaled = double / 2.0**squarings
        total: Any = np.eye(len(double), dtype=double.dtype)
        for k in range(18, 0, -1):
            total = np.eye(len(double), dtype=double.dtype) + scaled @ total / k
        for _ in range(squarings):
            total = total @ total
        out[at] = total
    return out.astype(x.dtype, copy=False)
