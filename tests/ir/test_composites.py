"""IndexedSlices and SparseTensor: what they are made of, what they convert to, what a run makes of them."""

from __future__ import annotations

import numpy as np
import pytest

import graphflow as tf


def rows() -> tf.IndexedSlices:
    return tf.IndexedSlices(
        tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]),
        tf.constant([2, 0, 2]),
        tf.constant([4, 2]),
    )


def test_rows_named_twice_are_added() -> None:
    with tf.Session() as session:
        dense = session.run(tf.convert_to_tensor(rows()))
    np.testing.assert_array_equal(dense, [[3, 4], [0, 0], [6, 8], [0, 0]])


def test_slices_know_their_parts() -> None:
    slices = rows()
    assert slices.dtype == tf.float32
    assert slices.op is slices.values.op
    assert slices.name == slices.values.name
    assert slices.graph is tf.get_default_graph()
    assert slices.shape == tf.TensorShape([4, 2])
    assert "indices=" in str(slices)
    negative = -slices
    assert negative.indices is slices.indices
    assert negative.dense_shape is slices.dense_shape


def test_a_run_gives_the_parts() -> None:
    with tf.Session() as session:
        value = session.run(rows())
        bare = session.run(tf.IndexedSlices(tf.constant([1.0]), tf.constant([0])))
    assert isinstance(value, tf.IndexedSlicesValue)
    np.testing.assert_array_equal(value.indices, [2, 0, 2])
    assert bare.dense_shape is None


def test_slices_without_a_shape_are_no_tensor() -> None:
    bare = tf.IndexedSlices(tf.constant([1.0]), tf.constant([0]))
    with pytest.raises(ValueError, match="without dense_shape"):
        tf.convert_to_tensor(bare)
    with pytest.raises(ValueError, match="float64"):
        tf.convert_to_tensor(rows(), tf.float64)


def test_large_slices_warn() -> None:
    many = tf.IndexedSlices(tf.constant([[1.0]]), tf.constant([0]), tf.constant([200_000_000, 1]))
    with pytest.warns(UserWarning, match="large amount of memory"):
        tf.convert_to_tensor(many)


def test_the_gradient_of_a_gather_is_rows() -> None:
    table = tf.constant(np.ones((5, 3)), tf.float32)
    (g,) = tf.gradients(tf.gather(table, [1, 1, 4]) * 2.0, table)
    assert isinstance(g, tf.IndexedSlices)
    with tf.Session() as session:
        dense = session.run(tf.convert_to_tensor(g))
    np.testing.assert_array_equal(dense[:, 0], [0, 4, 0, 0, 2])


def test_a_sparse_tensor_knows_its_parts() -> None:
    sparse = tf.SparseTensor([[0, 1], [2, 0]], [1.0, 2.0], [3, 4])
    assert sparse.shape == tf.TensorShape([3, 4])
    assert sparse.get_shape() == sparse.shape
    assert sparse.dtype == tf.float32
    assert sparse.indices.dtype == tf.int64
    assert sparse.graph is tf.get_default_graph()
    with tf.Session():
        value = sparse.eval()
    assert isinstance(value, tf.SparseTensorValue)
    np.testing.assert_array_equal(value.values, [1, 2])
    again = tf.SparseTensor.from_value(value)
    assert again.shape == sparse.shape


def test_a_sparse_placeholder_is_fed_with_a_value() -> None:
    sparse = tf.sparse_placeholder(tf.float32)
    dense = tf.sparse_tensor_to_dense(sparse)
    value = tf.SparseTensorValue(np.array([[0, 1]]), np.array([5.0]), np.array([2, 2]))
    with tf.Session() as session:
        np.testing.assert_array_equal(session.run(dense, {sparse: value}), [[0, 5], [0, 0]])
        found = session.run(sparse, {sparse: value})
    np.testing.assert_array_equal(found.indices, [[0, 1]])


@pytest.mark.parametrize(
    ("indices", "values", "shape"),
    [
        ([[0, 1]], [1.0, 2.0], [3, 4]),
        ([[0, 1]], [1.0], [3, 4, 5]),
        ([0, 1], [1.0], [3]),
        ([[0]], [[1.0]], [3]),
    ],
)
def test_parts_that_do_not_fit_are_refused(indices: object, values: object, shape: object) -> None:
    with pytest.raises(ValueError, match=r"rank|SparseTensor has"):
        tf.SparseTensor(indices, values, shape)


def test_a_sparse_tensor_is_no_tensor() -> None:
    sparse = tf.SparseTensor([[0, 1]], [1.0], [3, 4])
    with pytest.raises(TypeError):
        tf.convert_to_tensor(sparse)
    assert tf.convert_to_tensor_or_sparse_tensor(sparse) is sparse
    assert tf.is_tensor(sparse)
