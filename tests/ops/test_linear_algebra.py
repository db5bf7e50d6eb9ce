"""Factors, inverses, systems and functions of matrices: put together again they must give the matrix they came from."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir import raw


def run(fetches: Any) -> Any:
    with tf.Session() as session:
        return session.run(fetches)


def hidden(value: Any) -> Any:
    """A tensor of which the graph knows the type alone."""
    return tf.placeholder_with_default(np.asarray(value), None)


def matrices(dtype: str, *shape: int) -> Any:
    rng = np.random.default_rng(sum(shape))
    x = rng.standard_normal(shape)
    if np.dtype(dtype).kind == "c":
        x = x + 1j * rng.standard_normal(shape)
    return x.astype(dtype)


def adjoint(x: Any) -> Any:
    return np.swapaxes(x, -1, -2).conj()


def definite(dtype: str, *shape: int) -> Any:
    x = matrices(dtype, *shape)
    return (x @ adjoint(x) + 2 * np.eye(shape[-1])).astype(dtype)


TYPES = ["float32", "float64", "complex64", "complex128"]
PRECISION = {"float16": 2e-2, "float32": 2e-5, "complex64": 2e-5}


def near(got: Any, want: Any, dtype: str) -> None:
    within = PRECISION.get(dtype, 1e-11)
    wide = np.complex128 if np.dtype(dtype).kind == "c" else np.float64
    got, want = np.asarray(got).astype(wide), np.asarray(want).astype(wide)
    np.testing.assert_allclose(
        got, want, rtol=within, atol=within * max(1.0, np.abs(want).max(initial=0))
    )


@pytest.mark.parametrize("dtype", TYPES)
@pytest.mark.parametrize("shape", [(4, 4), (2, 3, 3), (5, 2), (2, 3, 5), (1, 1)])
def test_qr_and_svd(dtype: str, shape: tuple[int, ...]) -> None:
    x = matrices(dtype, *shape)
    for full in (False, True):
        q, r = run(tf.qr(x, full_matrices=full))
        near(q @ r, x, dtype)
        near(
            adjoint(q) @ q,
            np.broadcast_to(np.eye(q.shape[-1]), (*q.shape[:-2], *[q.shape[-1]] * 2)),
            dtype,
        )
        near(np.tril(r, -1), np.zeros_like(r), dtype)
        s, u, v = run(raw.Svd(x, full_matrices=full))
        rank = s.shape[-1]
        near((u[..., :rank] * s[..., None, :]) @ adjoint(v[..., :rank]), x, dtype)
        assert s.dtype == x.dtype
        assert (np.diff(s.real) <= 0).all()
    near(run(tf.svd(x, compute_uv=False)), s.real, dtype)


@pytest.mark.parametrize("dtype", [*TYPES, "float16"])
@pytest.mark.parametrize("shape", [(3, 3), (2, 4, 4), (1, 1)])
def test_factors_of_definite_matrices(dtype: str, shape: tuple[int, ...]) -> None:
    x = definite(dtype, *shape)
    wide = x.astype("float32") if dtype == "float16" else x
    lower = run(tf.cholesky(x))
    assert lower.dtype == x.dtype
    near(np.matmul(lower, adjoint(lower), dtype=wide.dtype), x, dtype)
    e, v = run(tf.self_adjoint_eig(x))
    assert e.dtype == x.dtype
    near((v * e[..., None, :]).astype(wide.dtype) @ adjoint(v).astype(wide.dtype), x, dtype)
    near(run(tf.self_adjoint_eigvals(x)), e, dtype)
    packed, order = run(tf.linalg.lu(x))
    unit, upper = np.tril(packed, -1) + np.eye(shape[-1]), np.triu(packed)
    near(unit @ upper, np.take_along_axis(x, order[..., None].astype(int), -2), dtype)


@pytest.mark.parametrize("dtype", TYPES)
def test_systems(dtype: str) -> None:
    a, b = matrices(dtype, 2, 4, 4) + 4 * np.eye(4, dtype=dtype), matrices(dtype, 2, 4, 3)
    near(a @ run(tf.matrix_inverse(a)), np.broadcast_to(np.eye(4), a.shape), dtype)
    near(a @ run(tf.matrix_solve(a, b)), b, dtype)
    near(adjoint(a) @ run(tf.matrix_solve(a, b, adjoint=True)), b, dtype)
    for lower in (False, True):
        part = np.tril(a) if lower else np.triu(a)
        near(part @ run(tf.matrix_triangular_solve(a, b, lower=lower)), b, dtype)
        got = run(tf.matrix_triangular_solve(a, b, lower=lower, adjoint=True))
        near(adjoint(part) @ got, b, dtype)
    near(run(tf.matrix_determinant(a)), np.linalg.det(a), dtype)
    sign, size = run(tf.linalg.slogdet(a))
    near(sign * np.exp(size), np.linalg.det(a), dtype)


@pytest.mark.parametrize("fast", [False, True])
@pytest.mark.parametrize("shape", [(5, 3), (3, 5), (2, 4, 2)])
def test_least_squares(fast: bool, shape: tuple[int, ...]) -> None:
    a, b = matrices("float64", *shape), matrices("float64", *shape[:-1], 2)
    got = run(raw.MatrixSolveLs(a, b, 0.0, fast=fast))
    near(got, np.linalg.pinv(a) @ b, "float64")
    if fast:
        gram = adjoint(a) @ a + 0.7 * np.eye(shape[-1])
        regular = run(raw.MatrixSolveLs(a, b, 0.7))
        near(regular, np.linalg.solve(gram, adjoint(a) @ b), "float64")
        near(run(tf.matrix_solve_ls(a, b, 0.7)), regular, "float64")


def test_the_other_triangle_is_not_looked_at() -> None:
    x = definite("float64", 3, 3)
    spoilt = np.tril(x) + np.triu(np.full_like(x, np.nan), 1)
    near(run(tf.cholesky(spoilt)), np.linalg.cholesky(x), "float64")
    near(run(tf.self_adjoint_eigvals(spoilt)), np.linalg.eigvalsh(x), "float64")
    b = matrices("float64", 3, 1)
    near(np.tril(x) @ run(tf.matrix_triangular_solve(spoilt, b)), b, "float64")


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: tf.matrix_inverse([[1.0, 2.0], [2.0, 4.0]]), "Input is not invertible"),
        (
            lambda: tf.matrix_solve(np.ones((2, 2)), np.ones((2, 1))),
            "Input matrix is not invertible",
        ),
        (lambda: tf.matrix_triangular_solve(np.zeros((2, 2)), np.ones((2, 1))), "not invertible"),
        (lambda: tf.linalg.lu(np.ones((2, 2))), "Input is not invertible"),
        (
            lambda: tf.cholesky([[1.0, 2.0], [2.0, 1.0]]),
            "Cholesky decomposition was not successful",
        ),
        (lambda: tf.self_adjoint_eig([[np.nan, 1.0], [1.0, 3.0]]), "was not successful"),
        (lambda: tf.matrix_inverse(hidden(np.ones((2, 3)))), "must be square"),
        (lambda: tf.matrix_inverse(hidden(np.ones(3))), "rank at least 2"),
        (lambda: tf.matrix_solve(hidden(np.eye(2)), hidden(np.ones((3, 1)))), "incompatible"),
        (lambda: tf.cholesky(hidden(np.ones((2, 3)))), "must be square"),
        (lambda: tf.cross(hidden(np.ones((1, 3))), hidden(np.ones(3))), "same shape"),
        (lambda: raw.MatrixSolveLs(np.ones((3, 2)), np.ones((3, 1)), 0.0), "rank deficient"),
        (
            lambda: raw.MatrixSolveLs(np.eye(2), np.ones((2, 1)), -1.0),
            "l2_regularizer must be >= 0",
        ),
        (lambda: tf.linalg.tridiagonal_solve(tf.zeros([3, 4]), tf.ones([4, 1])), "not invertible"),
    ],
)
def test_what_cannot_be_done_is_said(build: Any, message: str) -> None:
    with pytest.raises(tf.errors.InvalidArgumentError, match=message):
        run(build())


def test_vectors_of_another_length_have_no_cross_product() -> None:
    with pytest.raises(tf.errors.FailedPreconditionError, match="3-element"):
        run(tf.cross(hidden(np.ones(2)), hidden(np.ones(2))))


def test_empty_matrices() -> None:
    assert run(tf.matrix_inverse(np.zeros((2, 0, 0)))).shape == (2, 0, 0)
    np.testing.assert_array_equal(run(tf.matrix_determinant(np.zeros((2, 0, 0)))), [1.0, 1.0])
    assert run(tf.matrix_solve(np.zeros((0, 0)), np.zeros((0, 3)))).shape == (0, 3)
    assert run(tf.cholesky(np.zeros((0, 3, 3)))).shape == (0, 3, 3)
    s, u, v = run(tf.svd(np.zeros((0, 3)), full_matrices=True))
    assert (s.shape, u.shape, v.shape) == ((0,), (0, 0), (3, 3))
    q, r = run(tf.qr(np.zeros((3, 0)), full_matrices=True))
    assert (q.shape, r.shape) == ((3, 3), (3, 0))
    e, v = run(tf.self_adjoint_eig(np.zeros((2, 0, 0))))
    assert (e.shape, v.shape) == ((2, 0), (2, 0, 0))


def test_nan_is_handed_on() -> None:
    x = np.array([[np.nan, 0.0], [0.0, 1.0]])
    assert np.isnan(run(tf.cholesky(x))[np.tril_indices(2)]).any()
    s, u, v = run(tf.svd(np.stack([x, np.eye(2)])))
    assert np.isnan(s[0]).all()
    np.testing.assert_array_equal(s[1], [1.0, 1.0])
    assert np.isfinite(u).all()
    assert np.isfinite(v).all()


def test_unwanted_vectors_are_empty() -> None:
    assert run(raw.SelfAdjointEigV2(np.eye(2), compute_v=False)[1]).shape == (0,)
    assert [x.shape for x in run(raw.Svd(np.eye(2), compute_uv=False))] == [(2,), (0,), (0,)]


@pytest.mark.parametrize("dtype", TYPES)
def test_roots_logarithms_and_exponentials(dtype: str) -> None:
    x = definite(dtype, 2, 4, 4)
    root = run(tf.linalg.sqrtm(x))
    near(root @ root, x, dtype)
    if np.dtype(dtype).kind == "c":
        near(run(raw.MatrixExponential(tf.linalg.logm(x))), x, dtype)
    skew = matrices(dtype, 3, 3)
    skew = skew - adjoint(skew)
    turn = run(tf.linalg.expm(skew))
    near(turn @ adjoint(turn), np.eye(3), dtype)
    near(run(raw.MatrixExponential(skew)), turn, dtype)
    near(
        run(tf.linalg.expm(np.diag([1.0, -30.0, 5.0]).astype(dtype))),
        np.diag(np.exp([1.0, -30.0, 5.0])),
        dtype,
    )


def test_a_root_that_does_not_exist() -> None:
    assert np.isnan(run(tf.linalg.sqrtm(np.array([[-1.0, 0.0], [0.0, 2.0]])))).any()
    nilpotent = np.array([[0.0, 1.0], [0.0, 0.0]])
    with pytest.raises(tf.errors.InvalidArgumentError, match="singular"):
        run(tf.linalg.sqrtm(nilpotent))
    np.testing.assert_array_equal(run(tf.linalg.sqrtm(np.diag([4.0, 0.0]))), np.diag([2.0, 0.0]))


def test_cholesky_gradient_op_agrees_with_the_composition() -> None:
    with tf.Graph().as_default():
        x = tf.constant(definite("float64", 4, 4))
        lower = tf.cholesky(x)
        g = tf.constant(np.tril(matrices("float64", 4, 4)))
        composed = tf.gradients(lower, x, grad_ys=g)[0]
        np.testing.assert_allclose(*run([raw.CholeskyGrad(lower, g), composed]), atol=1e-12)


@pytest.mark.parametrize("shape", [(1, 1), (2, 5, 5)])
def test_three_diagonals(shape: tuple[int, ...]) -> None:
    *batch, size = shape[:-1]
    lines = matrices("float64", *batch, 3, size) + np.array([0.0, 4.0, 0.0])[:, None]
    dense = np.zeros(shape if len(shape) > 2 else (size, size))
    for i in range(size):
        dense[..., i, i] = lines[..., 1, i]
        if i + 1 < size:
            dense[..., i, i + 1], dense[..., i + 1, i] = lines[..., 0, i], lines[..., 2, i + 1]
    b = matrices("float64", *batch, size, 2)
    near(
        run(tf.linalg.tridiagonal_solve(tf.constant(lines), tf.constant(b))),
        np.linalg.solve(dense, b),
        "float64",
    )
    near(
        run(tf.linalg.tridiagonal_matmul(tf.constant(lines), tf.constant(b))), dense @ b, "float64"
    )
