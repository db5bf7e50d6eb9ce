"""Sparse tensors and sets."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines: `run` is what to fetch, `feed` what to feed
CALLS = r"""
s = tf.SparseTensor([[1, 2], [0, 1], [2, 0]], [1.0, 2.0, -3.0], [3, 4])
u = tf.SparseTensor([[0, 1], [1, 2]], [5.0, -1.0], [3, 4])
run = []
run.append(s)
run.append(tf.sparse_reorder(s))
run.append(tf.sparse_tensor_to_dense(tf.sparse_reorder(s)))
run.append(tf.sparse_reshape(u, [2, -1]))
run.append(tf.sparse_slice(u, [0, 1], [2, 5]))
run.append(tf.sparse_concat(1, [u, u]))
run.append(tf.sparse_concat(0, [u, s]))
run.append(tf.sparse_split(sp_input=u, num_split=3, axis=1))
run.append(tf.sparse_add(u, u))
run.append(tf.sparse_add(u, tf.sparse_reorder(s), 1.0))
run.append(tf.sparse_add(u, A(3, 4)))
run.append(tf.sparse_tensor_dense_matmul(s, A(4, 2)))
run.append(tf.sparse_tensor_dense_matmul(s, A(3, 2), adjoint_a=True))
run.append(tf.sparse_tensor_dense_matmul(s, A(2, 4), adjoint_b=True))
run.append(tf.sparse_reduce_sum(s))
run.append(tf.sparse_reduce_sum(s, 0))
run.append(tf.sparse_reduce_sum(u, 1, keepdims=True))
run.append(tf.sparse_reduce_max(u, 1))
run.append(tf.sparse_reduce_sum_sparse(u, 1))
run.append(tf.sparse_reduce_max_sparse(u, [0], keepdims=True))
run.append(tf.sparse_softmax(u))
run.append(tf.sparse_maximum(u, tf.sparse_reorder(s)))
run.append(tf.sparse_minimum(u, tf.sparse_reorder(s)))
run.append(tf.sparse_retain(u, [True, False]))
run.append(tf.sparse_fill_empty_rows(u, 9.0))
run.append(tf.sparse_transpose(u))
run.append(tf.sparse.from_dense([[1, 0], [0, 2]]))
run.append(tf.sparse.eye(2, 3))
run.append(tf.sparse.expand_dims(u, 1))
run.append(u * A(3, 4))
run.append(u / A(3, 1))
run.append(tf.sparse_reset_shape(u))
run.append(tf.sparse_reset_shape(u, [7, 8]))

s = tf.SparseTensor(np.zeros([0, 2], "int64"), np.zeros([0], "float32"), [3, 4])
run = []
run.append(tf.sparse_reorder(s))
run.append(tf.sparse_tensor_to_dense(s))
run.append(tf.sparse_reshape(s, [12]))
run.append(tf.sparse_slice(s, [0, 1], [2, 5]))
run.append(tf.sparse_concat(1, [s, s]))
run.append(tf.sparse_add(s, s))
run.append(tf.sparse_tensor_dense_matmul(s, A(4, 2)))
run.append(tf.sparse_reduce_sum(s))
run.append(tf.sparse_reduce_sum(s, 0))
run.append(tf.sparse_reduce_sum_sparse(s, 0))
run.append(tf.sparse_softmax(s))
run.append(tf.sparse_fill_empty_rows(s, 9.0))
run.append(tf.sparse_transpose(s))
run.append(tf.sparse_reduce_sum(tf.SparseTensor([[0, 1]], [1.0], [3, 4]), []))
run.append(tf.sparse_reduce_max(tf.SparseTensor([[0, 1]], [-1.0], [3, 4]), []))

run = tf.sparse_reduce_sum_sparse(tf.SparseTensor([[0, 1], [1, 1]], [1.0, 2.0], [3, 4]))

i = tf.placeholder("int64")
run = tf.sparse_to_dense(i, [3, 4], 1.0)
feed = {i: [[0, 4]]}

i = tf.placeholder("int64")
run = tf.sparse_to_dense(i, [3, 4], [1.0, 2.0])
feed = {i: [[1, 1], [0, 3]]}

i = tf.placeholder("int64", [None, 2])
run = tf.sparse_tensor_dense_matmul(tf.SparseTensor(i, [1.0], [3, 4]), A(4, 2))
feed = {i: [[0, 4]]}

i = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [3, 1, 2], [2, 2])
run = []
run.append(tf.sparse_to_indicator(i, 5))
run.append(tf.sparse_merge(i, tf.SparseTensor(i.indices, [1.0, 2.0, 3.0], i.dense_shape), 5))

d = tf.constant([[1, 2], [3, 3]])
e = tf.constant([[2, 5, 5], [3, 4, 1]])
s = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [1, 9, 3], [2, 2])
run = []
run.append(tf.sets.size(s))
run.append(tf.sets.intersection(d, e))
run.append(tf.sets.union(d, e))
run.append(tf.sets.difference(d, e))
run.append(tf.sets.union(d, s))
run.append(tf.sets.difference(s, d))
run.append(tf.sets.difference(d, s))
run.append(tf.sets.intersection(s, s))
run.append(tf.sets.union([["a", "b"]], [["c", "a"]]))

h = tf.SparseTensor([[0, 0], [0, 1], [1, 0], [2, 0]], ["a", "b", "c", "d"], [4, 2])
t = tf.SparseTensor([[0, 0], [0, 1], [0, 2], [1, 0], [3, 0]], ["a", "x", "b", "c", "e"], [4, 3])
run = [tf.edit_distance(h, t), tf.edit_distance(h, t, normalize=False), tf.edit_distance(t, h)]
"""

SETUP = r"""
nan = np.nan
inf = np.inf
def A(*s, dtype="float32"):
    return (np.arange(int(np.prod(s))) % 7 - 3).reshape(s).astype(dtype)
"""


def executed(text):
    """The case that statements spell."""

    def run(tf):
        names = {"tf": tf, "np": np}
        exec(SETUP + text, names)
        with tf.Session() as session:
            return session.run(names["run"], names.get("feed"))

    return run


CASES = {"; ".join(text.split("\n")): executed(text) for text in CALLS.strip().split("\n\n")}
