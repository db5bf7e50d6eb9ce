"""tf.linalg.LinearOperator: the arithmetic of numpy on the matrices that the operators stand for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphflow as tf

RANDOM = np.random.default_rng(3)
MATRIX = RANDOM.random((2, 3, 3)) + 2 * np.eye(3)
SCALES = RANDOM.random((2, 3)) + 1
COLUMNS = RANDOM.random((2, 3, 4))

OPERATORS: dict[str, tuple[Callable[[Any], Any], Any, Any]] = {
    "full": (tf.linalg.LinearOperatorFullMatrix, MATRIX, MATRIX),
    "tril": (tf.linalg.LinearOperatorLowerTriangular, MATRIX, np.tril(MATRIX)),
    "diag": (tf.linalg.LinearOperatorDiag, SCALES, SCALES[:, :, None] * np.eye(3)),
}


@pytest.mark.parametrize("kind", OPERATORS)
@pytest.mark.parametrize("fed", [False, True], ids=["constant", "shape unknown"])
def test_does_what_the_matrix_does(kind: str, fed: bool) -> None:
    make, value, dense = OPERATORS[kind]
    given = tf.placeholder(tf.float64) if fed else tf.constant(value)
    op = make(given)
    across = np.swapaxes(dense, 1, 2)
    vector = COLUMNS[:, :, 0]
    expected = {
        op.to_dense(): dense,
        op.matmul(COLUMNS): dense @ COLUMNS,
        op.matmul(COLUMNS, adjoint=True): across @ COLUMNS,
        op.matmul(np.swapaxes(COLUMNS, 1, 2), adjoint_arg=True): dense @ COLUMNS,
        op.matvec(vector): (dense @ vector[:, :, None])[:, :, 0],
        op.solve(COLUMNS): np.linalg.solve(dense, COLUMNS),
        op.solve(COLUMNS, adjoint=True): np.linalg.solve(across, COLUMNS),
        op.solvevec(vector): np.linalg.solve(dense, vector[:, :, None])[:, :, 0],
        op.determinant(): np.linalg.det(dense),
        op.log_abs_determinant(): np.log(np.abs(np.linalg.det(dense))),
        op.diag_part(): np.diagonal(dense, axis1=1, axis2=2),
        op.trace(): np.trace(dense, axis1=1, axis2=2),
        op.add_to_tensor(MATRIX): dense + MATRIX,
        op.shape_tensor(): [2, 3, 3],
    }
    with tf.Session() as sess:
        got = sess.run(list(expected), {given: value} if fed else None)
    for tensor, value, want in zip(expected, got, expected.values(), strict=True):
        np.testing.assert_allclose(value, want, rtol=1e-10, err_msg=tensor.name)
    if not fed:
        assert op.shape == (2, 3, 3)
        assert (op.dtype, op.tensor_rank, op.is_square) == (tf.float64, 3, True)


def test_idiom_mask_of_the_future() -> None:
    """The nodes are TensorFlow's, under one scope for each call."""
    scores = tf.placeholder(tf.float32, [None, 3, 3])
    triangle = tf.linalg.LinearOperatorLowerTriangular(tf.ones_like(scores[0])).to_dense()
    masked = tf.where(tf.equal(triangle, 0), tf.fill([3, 3], -1e9), scores[0])
    assert triangle.op.name == "LinearOperatorLowerTriangular/to_dense/MatrixBandPart"
    assert [t.op.name.rpartition("/")[2] for t in triangle.op.inputs[1:]] == [
        "num_lower",
        "num_upper",
    ]
    with tf.Session() as sess:
        got = sess.run(masked, {scores: np.ones((1, 3, 3))})
    assert (got == 1).tolist() == np.tril(np.ones((3, 3), bool)).tolist()


def test_refusals() -> None:
    linalg = tf.linalg
    for make, value in (
        (linalg.LinearOperatorLowerTriangular, [1.0]),
        (linalg.LinearOperatorFullMatrix, [1.0]),
        (linalg.LinearOperatorDiag, 1.0),
    ):
        with pytest.raises(ValueError, match="must have at least"):
            make(tf.constant(value))
    with pytest.raises(ValueError, match="Only square"):
        linalg.LinearOperatorLowerTriangular(MATRIX, is_square=False)
    with pytest.raises(ValueError, match="always non-singular"):
        linalg.LinearOperatorFullMatrix(MATRIX, is_non_singular=False, is_positive_definite=True)
    with pytest.raises(NotImplementedError, match="square"):
        linalg.LinearOperatorFullMatrix(COLUMNS, is_square=False).determinant()
