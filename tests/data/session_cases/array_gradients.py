"""Gradients of array operations."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines: `run` is what to fetch, `feed` what to feed
CALLS = r"""
x = c(A(4, 6))
y = c(A(2, 6))
run = []
run.append(G(lambda x: tf.reshape(x, [3, 8]), x))
run.append(G(lambda x: tf.transpose(x), x))
run.append(G(lambda x, y: tf.concat([x, y], 0), x, y))
run.append(G(lambda x: tf.concat([x, x * 2], 1), x))
run.append(G(lambda x: tf.stack([x, x], 1), x))
run.append(G(lambda x: tf.unstack(x, axis=1), x))
run.append(G(lambda x: tf.split(x, 3, 1), x))
run.append(G(lambda x: tf.split(x, [1, 3], 0), x))
run.append(G(lambda x: tf.tile(x, [2, 3]), x))
run.append(G(lambda x: x[1:3, ::-2], x))
run.append(G(lambda x: x[0], x))
run.append(G(lambda x: tf.slice(x, [1, 2], [2, -1]), x))
run.append(G(lambda x: tf.gather(x, [0, 0, 3]), x))
run.append(G(lambda x: tf.gather(x, [[0, 5], [1, 1]], axis=1), x))
run.append(G(lambda x: tf.gather_nd(x, [[0, 1], [0, 1]]), x))
run.append(G(lambda x: tf.pad(x, [[1, 2], [0, 1]]), x))
run.append(G(lambda x: tf.pad(x, [[1, 2], [0, 1]], "REFLECT"), x))
run.append(G(lambda x: tf.pad(x, [[1, 2], [3, 1]], "SYMMETRIC"), x))
run.append(G(lambda x: tf.reverse(x, [0]), x))
run.append(G(lambda x: tf.roll(x, 1, 1), x))
run.append(G(lambda x: tf.expand_dims(x, 0), x))
run.append(G(lambda x: tf.broadcast_to(x, [2, 4, 6]), x))
run.append(tf.gradients(tf.boolean_mask(x, [True, False, True, True]) ** 2, x))

x = c(A(2, 3, 4))
i = [[0, 2], [1, 1]]
run = []
run.append(G(lambda x: tf.gather(x, i, batch_dims=1), x))
run.append(G(lambda x: tf.gather(x, [[0, 3], [1, 1]], axis=2, batch_dims=1), x))
run.append(G(lambda x: tf.batch_gather(x, i), x))
run.append(G(lambda x: tf.transpose(x, [2, 0, 1]), x))
run.append(G(lambda x: tf.matrix_diag_part(x), x))
run.append(G(lambda x: tf.matrix_band_part(x, 1, 0), x))
run.append(G(lambda x: tf.matrix_set_diag(x, tf.ones([2, 3])), x))
run.append(G(lambda x: tf.reverse_sequence(x, [2, 3], 1, 0), x))

x = c(A(3))
u = c(A(2))
run = []
run.append(G(lambda x: tf.diag(x), x))
run.append(G(lambda x: tf.matrix_diag(x), x))
run.append(G(lambda u: tf.scatter_nd([[0], [2]], u, [4]), u))
run.append(G(lambda x, u: tf.tensor_scatter_update(x, [[0], [2]], u), x, u))
run.append(G(lambda x, u: tf.tensor_scatter_add(x, [[0], [2]], u), x, u))
run.append(G(lambda x, u: tf.tensor_scatter_sub(x, [[0], [2]], u), x, u))
run.append(G(lambda x: tf.where([True, False, True], x, x * 2), x))
run.append(G(lambda x: tf.nn.top_k(x, 2)[0], x))
run.append(tf.gradients(tf.dynamic_partition(x * [1.0, 2, 3], [1, 0, 1], 2), x))
run.append(G(lambda x, u: tf.dynamic_stitch([[0, 2, 3], [1, 4]], [x, u]), x, u))
run.append(tf.gradients(tf.fill([2, 3], x[0]) * 2, x))

x = c(A(1, 4, 4, 4))
run = []
run.append(G(lambda x: tf.space_to_depth(x, 2), x))
run.append(G(lambda x: tf.depth_to_space(x, 2), x))
run.append(G(lambda x: tf.space_to_batch(x, [[0, 0], [0, 0]], 2), x))
run.append(G(lambda x: tf.space_to_batch_nd(x, [2, 2], [[1, 1], [0, 0]]), x))
run.append(tf.gradients(tf.extract_image_patches(x, [1, 3, 3, 1], [1, 1, 2, 1], [1, 1, 1, 1], "SAME") ** 2, x))

x = c(A(1, 3, 3, 3, 2))
run = tf.gradients(tf.extract_volume_patches(x, [1, 2, 2, 2, 1], [1, 1, 1, 1, 1], "VALID") ** 2, x)

v = c([1.0, 2.0, -3.0])
s = tf.SparseTensor([[0, 1], [1, 2], [2, 0]], v, [3, 4])
b = c(A(4, 2))
d = c(A(3, 2))
y = c(A(3, 4) + 10)
u = tf.SparseTensor([[0, 1], [1, 3]], [5.0, 1.0], [3, 4])
run = []
run.append(tf.gradients(tf.sparse_tensor_dense_matmul(s, b) ** 2, [v, b]))
run.append(tf.gradients(tf.sparse_tensor_dense_matmul(s, d, adjoint_a=True) ** 2, [v, d]))
run.append(tf.gradients(tf.sparse_tensor_to_dense(s) ** 2, v))
run.append(tf.gradients(tf.sparse_add(s, u).values ** 2, v))
run.append(tf.gradients(tf.sparse_add(s, y) ** 2, [v, y]))
run.append(tf.gradients(tf.sparse_reduce_sum(s, 1) ** 2, v))
run.append(tf.gradients(tf.sparse_softmax(s).values ** 2, v))
run.append(tf.gradients((s * y).values ** 2, [v, y]))
run.append(tf.gradients((s / y).values ** 2, [v, y]))
run.append(tf.gradients(tf.sparse_fill_empty_rows(s, 0.0)[0].values ** 2, v))
run.append(tf.gradients(tf.sparse_slice(s, [0, 1], [2, 2]).values ** 2, v))
run.append(tf.gradients(tf.sparse_transpose(s).values * [1.0, 2, 3], v))

x = c(A(3, 4))
e = tf.gather(tf.concat([x, x], 1), [0, 2])
e2 = tf.gather(tf.concat([x, x * 2], 0), [0, 5])
e3 = tf.gather(tf.tile(x, [2, 1]), [0, 4])
run = []
run.append(tf.gradients(e ** 2, x))
run.append(tf.gradients(e2 ** 2, x))
run.append(tf.gradients(e3 ** 2, x))
run.append(tf.gradients(tf.gradients(x[1:] ** 3, x), x))
run.append(tf.gradients(tf.convert_to_tensor(tf.gradients(tf.gather(x, [0, 0]) ** 3, x)[0]), x))
run.append(tf.gradients(tf.gradients(tf.pad(x, [[1, 1], [1, 1]], "REFLECT") ** 3, x), x))
run.append(tf.gradients(tf.gradients(tf.transpose(x) ** 3, x), x))
run.append(tf.gradients(tf.gradients(tf.concat([x, x], 0) ** 3, x), x))
"""

SETUP = r"""
def A(*s, dtype="float32"):
    return (np.arange(int(np.prod(s))) % 7 - 3).reshape(s).astype(dtype)
def W(t):
    return t * tf.constant(np.arange(1, 1 + int(np.prod(t.shape.as_list()))).reshape(t.shape.as_list()), t.dtype)
def G(f, *xs):
    ys = f(*xs)
    return tf.gradients(W(ys), list(xs)) if not isinstance(ys, (list, tuple)) else tf.gradients([W(y) for y in ys], list(xs))
c = tf.constant
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
