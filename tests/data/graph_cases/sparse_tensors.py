"""Sparse tensors: coordinates, conversions, arithmetic, sets, and their gradients."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines
CALLS = r"""
tf.sparse_reorder(s)
tf.sparse_reorder(sp)
tf.sparse_reorder(sq)

tf.sparse_reshape(s, [4, 3])
tf.sparse_reshape(sp, [-1, 3])
tf.sparse_reshape(s, [2, -1])
tf.sparse_reshape(s, tf.placeholder("int64", [2]))

tf.sparse_reshape(s, [5, 3])

tf.sparse_slice(s, [0, 0], [2, 2])
tf.sparse_slice(sp, tf.placeholder("int64", [2]), [2, 2], name="q")

tf.sparse_concat(0, [s, s])
tf.sparse_concat(axis=1, sp_inputs=[s, sq])
tf.sparse_concat(1, [s, s], expand_nonconcat_dim=True)
tf.sparse_concat(0, [sp, sp])
tf.sparse_concat(-1, [s, sp], expand_nonconcat_dim=True)
tf.sparse_concat(0, [s])

tf.sparse_split(sp_input=s, num_split=2, axis=1)
tf.sparse_split(sp_input=sp, num_split=3, axis=0, name="q")

tf.sparse_add(s, s)
tf.sparse_add(s, tf.zeros([3, 4]))
tf.sparse_add(tf.zeros([3, 4]), sp)
tf.sparse_add(sp, s, 0.5)
tf.sparse_add(sp, sp, thresh=1.0)

tf.sparse_tensor_to_dense(s)
tf.sparse.to_dense(sp, default_value=-1.0)
tf.sparse_to_dense([[0, 1]], [2, 2], [1])
tf.sparse_to_dense([1, 2], [5], 1.0, 0.0)
i = tf.placeholder("int64", [None, 2])
tf.sparse_to_dense(i, [3, 4], tf.placeholder("int32", [None]), -1, validate_indices=False, name="x")

tf.sparse_tensor_dense_matmul(s, ph(4, 5))
tf.sparse_tensor_dense_matmul(sp, ph(None, 5), adjoint_a=True)
tf.sparse.matmul(s, ph(5, 4), adjoint_b=True, name="mm")

tf.sparse_reduce_sum(s)
tf.sparse_reduce_sum(s, 1)
tf.sparse_reduce_sum(sp, [0], keep_dims=True)
tf.sparse_reduce_max(s, axis=-1, keepdims=True)
tf.sparse_reduce_sum_sparse(s, 0)
tf.sparse_reduce_max_sparse(sp)
tf.sparse.reduce_sum(sq)
tf.sparse_reduce_sum(sp)

tf.sparse_softmax(s)
tf.sparse_softmax(sp, name="sm")
tf.sparse_maximum(s, s)
tf.sparse_minimum(s, sp)

tf.sparse_retain(s, [True, False])
tf.sparse_retain(sp, tf.placeholder("bool", [None]))
tf.sparse_fill_empty_rows(s, 0.0)
tf.sparse_fill_empty_rows(sp, -1.0)

tf.sparse_transpose(s)
tf.sparse_transpose(sp)
tf.sparse_transpose(s, [0, 1])
tf.sparse_transpose(sq, tf.placeholder("int32", [2]), name="t")

i = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [3, 1, 2], [2, 2])
tf.sparse_to_indicator(tf.SparseTensor(i.indices, tf.cast(i.values, tf.int64), i.dense_shape), 5)
tf.sparse_merge(i, tf.SparseTensor(i.indices, [1.0, 2.0, 3.0], i.dense_shape), 5)
tf.sparse_merge([i, i], i, [5, 6], already_sorted=True, name="m")
tf.sparse_to_indicator(i, tf.constant(7))

tf.sparse_reset_shape(s)
tf.sparse_reset_shape(s, [5, 6])

tf.sparse_reset_shape(s, [2, 2])

tf.sparse.from_dense(ph(2, 3))
tf.sparse.from_dense([[1, 0], [0, 2]])
tf.sparse.eye(3)
tf.sparse.eye(3, 4, dtype=tf.int32)
tf.sparse.eye(tf.placeholder("int32", []))
tf.sparse.expand_dims(s, 0)
tf.sparse.expand_dims(sp, 1)
tf.sparse.expand_dims(s)

s * ph(3, 4)
s / ph(4)
s * 2.0
si = tf.SparseTensor([[0, 1], [1, 2]], [1, 2], [3, 4])
si / [1, 2, 3, 4]
si * 2
ph(3, 4) * s

v = tf.placeholder("float32", [None])
t = tf.SparseTensor(tf.placeholder("int64", [None, 2]), v, [3, 4])
b = ph(4, 5)
tf.gradients(tf.sparse_tensor_dense_matmul(t, b), [v, b])
c = ph(5, 4)
tf.gradients(tf.sparse_tensor_dense_matmul(t, c, adjoint_b=True), [v, c])
d = ph(3, 5)
tf.gradients(tf.sparse_tensor_dense_matmul(t, d, adjoint_a=True), [v, d])

v = tf.placeholder("float32", [None])
t = tf.SparseTensor(tf.placeholder("int64", [None, 2]), v, [3, 4])
tf.gradients(tf.sparse_add(t, s).values, v)
tf.gradients(tf.sparse_add(t, ph(3, 4)), v)
tf.gradients(tf.sparse_reorder(t).values, v)
tf.gradients(tf.sparse_slice(t, [0, 0], [1, 1]).values, v)
tf.gradients(tf.sparse_tensor_to_dense(t), v)
tf.gradients(tf.sparse_reduce_sum(t, 1), v)
tf.gradients(tf.sparse_softmax(t).values, v)
tf.gradients(tf.sparse_fill_empty_rows(t, 0.0)[0].values, v)
y = ph(3, 4)
tf.gradients((t * y).values, [v, y])
tf.gradients((t / y).values, [v, y])
tf.gradients(tf.sparse_reshape(t, [4, 3]).values, v)
tf.gradients(tf.sparse_retain(t, tf.placeholder("bool", [2])).values, v)

d = tf.constant([[1, 2], [3, 3]])
e = tf.constant([[2, 5, 5], [3, 4, 1]])
s = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], [1, 9, 3], [2, 2])
tf.sets.size(s)
tf.sets.intersection(d, e)
tf.sets.union(d, s)
tf.sets.difference(s, d)
tf.sets.difference(d, s, aminusb=False)
tf.sets.set_union(s, s, validate_indices=False)
tf.sets.difference(s, s)

tf.sets.size(tf.constant([1]))

tf.sets.union(tf.constant([[1.0]]), tf.constant([[1.0]]))

h = tf.SparseTensor([[0, 0], [0, 1], [1, 0]], ["a", "b", "c"], [2, 2])
tf.edit_distance(h, h)
tf.edit_distance(h, h, normalize=False, name="e")

x = ph(3)
tf.quantization.quantize_and_dequantize(x, -1.0, 1.0)
k = dict(num_bits=4, signed_input=False, round_mode="HALF_UP", name="q")
tf.quantization.quantize_and_dequantize(x, 0.0, 1.0, range_given=True, **k)
tf.gradients(tf.quantization.quantize_and_dequantize(x, -1.0, 1.0), x)
"""

SETUP = """
s = tf.SparseTensor([[0, 1], [1, 2]], [1.0, 2.0], [3, 4])
sp = tf.sparse_placeholder("float32")
sq = tf.sparse_placeholder("float32", [None, 4])
"""


def placeholder(tf, *shape, dtype="float32", **keywords):
    """A placeholder of this shape; of unknown rank where the shape is `...`."""
    return tf.placeholder(dtype, None if shape == (Ellipsis,) else list(shape), **keywords)


def executed(text):
    """The case that statements spell; `ph` makes placeholders, `s`, `sp` and `sq` are sparse."""

    def build(tf):
        names = {"tf": tf, "np": np, "ph": lambda *s, **k: placeholder(tf, *s, **k)}
        exec(SETUP + text, names)

    return build


CASES = {"; ".join(text.split("\n")): executed(text) for text in CALLS.strip().split("\n\n")}
