"""Products of matrices against numpy: narrow types, batches that broadcast, adjoints, and sizes that do not fit."""

from __future__ import annotations

from typing import Any

import ml_dtypes
import numpy as np
import pytest

import graphflow as tf
from graphflow.ir import raw


def run(fetches: Any) -> Any:
    with tf.Session() as session:
        return session.run(fetches)


def hidden(value: Any) -> Any:
    """A tensor of which the graph knows the type alone."""
    return tf.placeholder_with_default(value, None)


@pytest.mark.parametrize("dtype", ["float32", "float64", "int32", "int64", "complex64"])
def test_products_like_numpy(dtype: str) -> None:
    rng = np.random.default_rng(0)
    a, b = ((rng.standard_normal(s) * 9).astype(dtype) for s in ((4, 5), (5, 3)))
    for transpose_a in (False, True):
        for transpose_b in (False, True):
            left, right = (a.T if transpose_a else a), (b.T if transpose_b else b)
            got = run(raw.MatMul(left, right, transpose_a=transpose_a, transpose_b=transpose_b))
            assert got.dtype == a.dtype
            np.testing.assert_allclose(got, a @ b, rtol=1e-4, atol=1e-3)


@pytest.mark.parametrize("dtype", [np.float16, ml_dtypes.bfloat16])
def test_half_widths_are_rounded_once(dtype: Any) -> None:
    rng = np.random.default_rng(1)
    a, b = (rng.standard_normal(s).astype(dtype) for s in ((4, 300), (300, 3)))
    exact = a.astype(np.float64) @ b.astype(np.float64)
    rounding = float(ml_dtypes.finfo(dtype).eps)
    got = run(tf.matmul(a, b))
    assert got.dtype == dtype
    np.testing.assert_allclose(got.astype(np.float64), exact, rtol=rounding, atol=rounding)
    batch = run(tf.matmul(a[None], b[None]))
    np.testing.assert_array_equal(batch[0], got)


def test_batches_broadcast_and_adjoints_conjugate() -> None:
    rng = np.random.default_rng(2)
    a = rng.standard_normal((5, 1, 2, 3)) + 1j * rng.standard_normal((5, 1, 2, 3))
    b = rng.standard_normal((6, 4, 3)) + 1j * rng.standard_normal((6, 4, 3))
    want = a @ b.conj().swapaxes(-1, -2)
    np.testing.assert_allclose(run(tf.matmul(a, b, adjoint_b=True)), want)
    np.testing.assert_allclose(run(tf.matmul(a, b, transpose_b=True)), a @ b.swapaxes(-1, -2))
    assert tf.matmul(a, b, adjoint_b=True).shape.as_list() == [5, 6, 2, 4]


def test_unknown_sizes_are_inferred_as_far_as_they_go() -> None:
    a = tf.placeholder(tf.float32, [None, 3])
    b = tf.placeholder(tf.float32, [None, None])
    assert tf.matmul(a, b).shape.as_list() == [None, None]
    assert tf.matmul(a, b, transpose_a=True).shape.as_list() == [3, None]
    batch = tf.placeholder(tf.float32, [None, 2, 3])
    assert tf.matmul(batch, a, transpose_b=True).shape.as_list() == [None, 2, None]
    assert tf.matmul(tf.placeholder(tf.float32), a).shape.ndims is None


def test_sizes_that_do_not_fit() -> None:
    a = np.zeros((2, 3))
    with pytest.raises(ValueError, match="Dimensions must be equal, but are 3 and 2"):
        tf.matmul(a, a)
    with pytest.raises(ValueError, match="rank 2"):
        tf.matmul(np.zeros(3), a)
    with pytest.raises(tf.errors.InvalidArgumentError, match=r"do not chain|size-incompatible"):
        run(tf.matmul(hidden(a), hidden(a)))
    with pytest.raises(tf.errors.InvalidArgumentError, match="ndims must be >= 2"):
        run(tf.matmul(hidden(np.zeros(3)), hidden(a)))
    with pytest.raises(ValueError, match="Incompatible shapes"):
        tf.matmul(np.zeros((2, 3, 4)), np.zeros((3, 4, 5)))
    with pytest.raises(tf.errors.InvalidArgumentError, match="differ"):
        run(raw.BatchMatMul(hidden(np.zeros((2, 3, 4))), hidden(np.zeros((1, 4, 5)))))


def test_sparse_product_of_mixed_types() -> None:
    a = np.array([[0.0, 1.5], [2.0, 0.0]], np.float32)
    b = np.array([[1.0, 0.0], [3.0, 4.0]], ml_dtypes.bfloat16)
    got = run(tf.sparse_matmul(a, b, a_is_sparse=True))
    assert got.dtype == np.float32
    np.testing.assert_array_equal(got, a @ b.astype(np.float32))


def test_infinities_stay_where_they_are() -> None:
    a = np.array([[np.inf, 1.0], [0.0, 1.0]])
    b = np.array([[0.0], [1.0]])
    np.testing.assert_array_equal(run(tf.matmul(a, b)), [[np.nan], [1.0]])
