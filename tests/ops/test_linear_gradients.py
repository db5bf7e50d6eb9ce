"""Gradients of reductions, products, linear algebra, segments and transforms against differences of values."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphflow as tf

RNG = np.random.default_rng(5)
SQUARE, TALL, WIDE = (
    RNG.standard_normal((3, 3)),
    RNG.standard_normal((4, 2)),
    RNG.standard_normal((2, 4)),
)
CUBE, VECTORS = RNG.standard_normal((2, 3, 4)), RNG.standard_normal((4, 3))
DEFINITE = SQUARE @ SQUARE.T + 2 * np.eye(3)
WHOLE = SQUARE + 1j * RNG.standard_normal((3, 3))
HERMITIAN = WHOLE @ WHOLE.conj().T + 2 * np.eye(3)
MAIN = np.array([[0.0], [9.0], [0.0]])
IDS, LOOSE_IDS = np.int32([0, 0, 1, 3]), np.int32([1, -1, 1, 0])


def symmetric(x: Any) -> Any:
    return (x + tf.linalg.adjoint(x)) * 0.5


Function = Callable[[Any], Any]
REAL: dict[str, tuple[Function, Any]] = {
    "sum": (lambda x: tf.square(tf.reduce_sum(x, [0, 2])), CUBE),
    "mean": (lambda x: tf.exp(tf.reduce_mean(x, 1)), CUBE),
    "prod": (lambda x: tf.reduce_prod(x, [-1, 0]), CUBE),
    "max": (lambda x: tf.square(tf.reduce_max(x, 1)), CUBE),
    "min": (lambda x: tf.square(tf.reduce_min(x)), CUBE),
    "logsumexp": (lambda x: tf.square(tf.reduce_logsumexp(x, 2)), CUBE),
    "std": (lambda x: tf.math.reduce_std(x, 0), CUBE),
    "cumsum": (lambda x: tf.exp(tf.cumsum(x, 2, exclusive=True)), CUBE),
    "cumprod": (lambda x: tf.exp(tf.cumprod(x, 1, reverse=True)), CUBE),
    "cumlogsumexp": (lambda x: tf.square(tf.math.cumulative_logsumexp(x, 1)), CUBE),
    "matmul": (lambda x: tf.exp(tf.matmul(x, x, transpose_a=True)), SQUARE),
    "broadcast matmul": (lambda x: tf.matmul(x, x[0], transpose_b=True), CUBE),
    "matvec": (lambda x: tf.square(tf.linalg.matvec(x, x[0])), SQUARE),
    "tensordot": (lambda x: tf.tensordot(x, x, [[1], [1]]), CUBE),
    "einsum": (lambda x: tf.einsum("abc,dbc->acd", x, x), CUBE),
    "einsum of three": (lambda x: tf.einsum("ij,ik,il->jkl", x, x, x), TALL),
    "trace": (lambda x: tf.square(tf.trace(x)), SQUARE),
    "inverse": (tf.matrix_inverse, DEFINITE),
    "determinant": (tf.matrix_determinant, SQUARE),
    "log determinant": (lambda x: tf.linalg.slogdet(x)[1], SQUARE),
    "cholesky": (lambda x: tf.exp(tf.cholesky(symmetric(x))), DEFINITE),
    "logdet": (lambda x: tf.linalg.logdet(symmetric(x)), DEFINITE),
    "solve": (lambda x: tf.matrix_solve(x, tf.square(x), adjoint=True), DEFINITE),
    "triangular": (lambda x: tf.matrix_triangular_solve(x, tf.square(x), lower=False), DEFINITE),
    "least squares": (lambda x: tf.matrix_solve_ls(x, tf.square(x), 0.2), TALL),
    "wide least squares": (lambda x: tf.matrix_solve_ls(x, tf.square(x), 0.2), WIDE),
    "eigenvalues": (lambda x: tf.exp(tf.self_adjoint_eig(symmetric(x))[0] * 0.1), DEFINITE),
    "eigenvectors": (lambda x: tf.square(tf.self_adjoint_eig(symmetric(x))[1]), DEFINITE),
    "singular values": (lambda x: tf.exp(tf.svd(x, compute_uv=False)), TALL),
    "left vectors": (lambda x: tf.square(tf.svd(x)[1]), TALL),
    "right vectors": (lambda x: tf.square(tf.svd(x)[2]), WIDE),
    "q": (lambda x: tf.square(tf.qr(x).q), TALL),
    "r": (lambda x: tf.square(tf.qr(x).r), SQUARE),
    "root": (lambda x: tf.exp(tf.linalg.sqrtm(x)), DEFINITE + 0.1 * SQUARE),
    "exponential": (tf.linalg.expm, SQUARE),
    "norm": (lambda x: tf.norm(x, ord=3, axis=1), SQUARE),
    "2-norm": (lambda x: tf.norm(x, ord=2, axis=[0, 1]), TALL),
    "clip": (lambda x: tf.clip_by_norm(x, 0.7, axes=[0]), SQUARE),
    "global clip": (lambda x: tf.clip_by_global_norm([x, tf.exp(x)], 0.7)[0], SQUARE),
    "cross": (lambda x: tf.cross(x, tf.exp(x)), VECTORS),
    "segment mean": (lambda x: tf.exp(tf.segment_mean(x, IDS)), VECTORS),
    "segment max": (lambda x: tf.exp(tf.segment_max(x, IDS)), VECTORS),
    "unsorted sum": (lambda x: tf.exp(tf.unsorted_segment_sum(x, LOOSE_IDS, 3)), VECTORS),
    "unsorted prod": (lambda x: tf.unsorted_segment_prod(x, LOOSE_IDS, 3), VECTORS),
    "unsorted min": (lambda x: tf.square(tf.unsorted_segment_min(x, LOOSE_IDS, 2)), VECTORS),
    "unsorted mean": (lambda x: tf.exp(tf.unsorted_segment_mean(x, LOOSE_IDS, 3)), VECTORS),
    "sparse mean": (lambda x: tf.exp(tf.sparse_segment_mean(x, [3, 0, 3], [0, 0, 1])), VECTORS),
    "sparse root": (lambda x: tf.exp(tf.sparse_segment_sqrt_n(x, [3, 0, 3], [0, 0, 2])), VECTORS),
    "diagonals": (
        lambda x: tf.linalg.tridiagonal_solve(x + MAIN, tf.square(x[0])),
        SQUARE,
    ),
    "diagonal product": (lambda x: tf.linalg.tridiagonal_matmul(x, tf.exp(x)), SQUARE),
}
COMPLEX: dict[str, tuple[Function, Any]] = {
    "sum": (lambda x: tf.square(tf.reduce_sum(x, 0)), WHOLE),
    "prod": (lambda x: tf.reduce_prod(x, 1), WHOLE),
    "matmul": (lambda x: tf.matmul(x, tf.square(x), adjoint_b=True), WHOLE),
    "transposed matmul": (lambda x: tf.matmul(x, tf.square(x), transpose_a=True), WHOLE),
    "batch matmul": (
        lambda x: tf.matmul(x[None], x[None], transpose_a=True, adjoint_b=True),
        WHOLE,
    ),
    "inverse": (tf.matrix_inverse, WHOLE),
    "determinant": (tf.matrix_determinant, WHOLE),
    "cholesky": (lambda x: tf.square(tf.cholesky(symmetric(x))), HERMITIAN),
    "solve": (lambda x: tf.matrix_solve(x, tf.square(x)), WHOLE),
    "adjoint solve": (lambda x: tf.matrix_solve(x, tf.square(x), adjoint=True), WHOLE),
    "triangular": (lambda x: tf.matrix_triangular_solve(x, tf.square(x), adjoint=True), HERMITIAN),
    "eigenvalues": (lambda x: tf.square(tf.self_adjoint_eigvals(symmetric(x))), HERMITIAN),
    "fft": (lambda x: tf.square(tf.fft(x)), WHOLE),
    "ifft2d": (lambda x: tf.square(tf.ifft2d(x)), WHOLE),
    "fft3d": (lambda x: tf.square(tf.fft3d(x[None])), WHOLE),
    "diagonal product": (lambda x: tf.linalg.tridiagonal_matmul(x, x), WHOLE),
}


def inner(a: Any, b: Any) -> float:
    """The change that a step b makes to a number whose gradient is a."""
    return float(np.real(np.vdot(a, b)))


def check(function: Function, value: Any, twice: bool = True, within: float = 1e-6) -> None:
    """The gradient of the values times fixed weights, and the gradient of that gradient, along a random step."""
    rng = np.random.default_rng(0)
    whole = value.dtype.kind == "c"
    step, direction = (
        rng.standard_normal(value.shape) * (1 + (0.3j if whole else 0)) for _ in range(2)
    )
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(value.dtype, value.shape)
        y = function(x)
        ys = y if isinstance(y, list) else [y]

        def change(fetches: list[Any], weights: list[Any], h: float = 1e-6) -> float:
            above = session.run(fetches, {x: value + h * step})
            below = session.run(fetches, {x: value - h * step})
            parts = zip(weights, above, below, strict=True)
            return sum(inner(w, (a - b) / (2 * h)) for w, a, b in parts)

        weights = [
            (rng.standard_normal(v.shape) + 0.5) * (1 - 0.7j if v.dtype.kind == "c" else 1)
            for v in session.run(ys, {x: value})
        ]
        seeds = [tf.constant(w, t.dtype) for w, t in zip(weights, ys, strict=True)]
        first = tf.gradients(ys, x, grad_ys=seeds)[0]
        found = inner(session.run(first, {x: value}), step)
        np.testing.assert_allclose(found, change(ys, weights), rtol=within, atol=within)
        if twice:
            second = tf.gradients(first, x, grad_ys=tf.constant(direction, first.dtype))[0]
            found = inner(session.run(second, {x: value}), step)
            want = change([first], [direction])
            np.testing.assert_allclose(found, want, rtol=20 * within, atol=20 * within)


@pytest.mark.parametrize("name", REAL)
def test_real_gradients(name: str) -> None:
    # TensorFlow needs the sizes of a matrix to differentiate its singular vectors; a permuted one hides them
    check(*REAL[name], twice=name != "2-norm")


@pytest.mark.parametrize("name", COMPLEX)
def test_complex_gradients(name: str) -> None:
    check(*COMPLEX[name])


@pytest.mark.parametrize("length", [None, 5, 6, 8])
def test_gradients_of_real_transforms(length: int | None) -> None:
    """They are float32: the differences are exact but for rounding, as the transforms are linear."""
    rng = np.random.default_rng(3)
    x, d = (rng.standard_normal((2, 6)).astype(np.float32) for _ in range(2))
    size = None if length is None else [length]
    with tf.Graph().as_default(), tf.Session() as session:
        given = tf.constant(x)
        y = tf.signal.rfft(given, size)
        seed = tf.constant(
            (rng.standard_normal(y.shape.as_list()) * (1 + 0.4j)).astype("complex64")
        )
        if length is None or length >= 6:  # a cut signal has no gradient in TensorFlow 1.15
            g = session.run(tf.gradients(y, given, grad_ys=seed)[0])
            moved = session.run(tf.signal.rfft(tf.constant(d), size))
            np.testing.assert_allclose(inner(g, d), inner(session.run(seed), moved), rtol=1e-4)
        back = tf.signal.irfft(y, size or [6])
        w = rng.standard_normal(back.shape.as_list()).astype(np.float32)
        g = session.run(tf.gradients(back, y, grad_ys=tf.constant(w))[0])
        step = (rng.standard_normal(y.shape.as_list()) * (0.3 + 1j)).astype("complex64")
        moved = session.run(tf.signal.irfft(tf.constant(step), size or [6]))
        np.testing.assert_allclose(inner(g, step), inner(w, moved), rtol=1e-4, atol=1e-4)
