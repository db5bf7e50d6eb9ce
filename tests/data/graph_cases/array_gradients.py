"""Gradients of array operations, node for node, second order and gradients of a few rows included."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines
CALLS = r"""
x = ph(2, 3)
a = tf.gradients(tf.reshape(x, [3, 2]), x)
y = ph(None, 3)
tf.gradients(tf.reshape(y, [-1]), y)
tf.gradients(tf.squeeze(tf.expand_dims(y, 0)), y)
tf.gradients(tf.transpose(y), y)
tf.gradients(tf.transpose(y, [1, 0]), y)

x = ph(2, 3)
y = ph(None, 3)
g = tf.gradients(tf.concat([x, y], 0), [x, y])
tf.gradients(tf.concat([x, x], 1), x)
tf.gradients(tf.stack([x, y]), [x, y])
tf.gradients(tf.stack([x, x], 1), x)
tf.gradients(tf.unstack(y, axis=1), y)
tf.gradients(tf.split(y, 3, 1)[1], y)
tf.gradients(tf.split(x, [1, 2], 1), x)
tf.gradients(tf.concat([y] * 18, 0), y)
tf.gradients(tf.concat([ph(2, i + 1) for i in range(3)], -1), x)

x = ph(2, 3)
y = ph(None, 3)
tf.gradients(tf.tile(y, [2, 1]), y)
tf.gradients(tf.tile(x, [1, 2]), x)
tf.gradients(y[1:], y)
tf.gradients(y[:, 0], y)
tf.gradients(tf.slice(y, [0, 1], [-1, 2]), y)
tf.gradients(tf.slice(x, [0, 1], [-1, 2]), x)
tf.gradients(tf.gradients(y[1:] ** 2, y), y)
tf.gradients(tf.strided_slice(y, tf.constant([0], tf.int64), tf.constant([1], tf.int64)), y)

x = ph(4, 3)
y = ph(None, 3)
i = tf.placeholder("int32", [None])
tf.gradients(tf.gather(y, i), y)
tf.gradients(tf.gather(x, i), x)
tf.gradients(tf.gather(y, i) ** 2, y)
tf.gradients(tf.gather(x, i, axis=1), x)
tf.gradients(tf.gather(y, [0, 1], axis=-1), y)
tf.gradients(tf.gather(ph(2, 4, 5), i), x)

x = ph(2, 4, 5)
i = tf.placeholder("int32", [2, 3])
tf.gradients(tf.gather(x, i, batch_dims=1), x)
tf.gradients(tf.gather(x, i, axis=2, batch_dims=1), x)
y = ph(None, None, None)
tf.gradients(tf.gather(y, i, batch_dims=1), y)
tf.gradients(tf.gather(y, i, batch_dims=-1, axis=1), y)

x = ph(4, 5)
i = tf.placeholder("int32", [None])
ii = tf.placeholder("int64", [None, 2])
tf.gradients(tf.gather_nd(x, ii), x)
tf.gradients(tf.gather_nd(x, tf.placeholder("int32", [3, 1])), x)
u = ph(None)
tf.gradients(tf.scatter_nd(ii, u, tf.constant([4, 5], tf.int64)), u)
tf.gradients(tf.tensor_scatter_update(x, ii, u), [x, u])
tf.gradients(tf.tensor_scatter_add(x, ii, u), [x, u])
tf.gradients(tf.tensor_scatter_sub(x, ii, u), [x, u])

x = ph(4, 5)
y = ph(None, 5)
tf.gradients(tf.pad(y, [[1, 1], [0, 2]]), y)
tf.gradients(tf.pad(x, [[1, 1], [0, 2]], "REFLECT"), x)
tf.gradients(tf.pad(x, [[1, 1], [0, 2]], constant_values=1.0), x)
tf.gradients(tf.gradients(tf.pad(x, [[1, 1], [0, 2]], "SYMMETRIC") ** 2, x), x)
tf.gradients(tf.reverse(y, [1]), y)
tf.gradients(tf.roll(y, 1, 0), y)
tf.gradients(tf.reverse_sequence(y, tf.placeholder("int32", [None]), 1, 0), y)

x = ph(4, 6, 8, 4)
y = ph(None, None, None, 4)
tf.gradients(tf.space_to_depth(x, 2), x)
tf.gradients(tf.depth_to_space(x, 2), x)
tf.gradients(tf.space_to_batch(x, [[0, 0], [0, 0]], 2), x)
tf.gradients(tf.batch_to_space(x, [[0, 0], [0, 0]], 2), x)
tf.gradients(tf.space_to_batch_nd(y, [2, 2], [[0, 0], [0, 0]]), y)
tf.gradients(tf.extract_image_patches(x, [1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], "SAME"), x)

x = ph(1, 4, 4, 4, 2)
tf.gradients(tf.extract_volume_patches(x, [1, 2, 2, 2, 1], [1, 1, 1, 1, 1], "VALID"), x)

x = ph(3, 3)
y = ph(None, None, None)
d = ph(None, None)
tf.gradients(tf.matrix_band_part(x, 1, 0), x)
tf.gradients(tf.diag_part(x), x)
tf.gradients(tf.diag(x), x)
tf.gradients(tf.matrix_diag(x), x)
tf.gradients(tf.matrix_diag_part(x), x)
tf.gradients(tf.matrix_diag_part(y), y)
tf.gradients(tf.matrix_set_diag(y, d), [y, d])
d2 = ph(3)
tf.gradients(tf.matrix_set_diag(x, d2), [x, d2])

x = ph(4, 3)
p = tf.placeholder("int32", [None])
tf.gradients(tf.dynamic_partition(x, p, 2), x)
y = ph(2, 3)
tf.gradients(tf.dynamic_stitch([p, [0, 1]], [x, y]), [x, y])
tf.gradients(tf.dynamic_partition(x, p, 2)[0], x)

x = ph(4, 3)
tf.gradients(tf.nn.top_k(x, 2)[0], x)
y = ph(None, None)
tf.gradients(tf.nn.top_k(y, 2)[0], y)
z = ph(None)
tf.gradients(tf.nn.top_k(z, k=tf.placeholder("int32", []))[0], z)

x = ph(4, 3)
tf.gradients(tf.broadcast_to(x, [2, 4, 3]), x)
tf.gradients(tf.fill([2, 3], x[0, 0]), x)
tf.gradients(tf.identity(x), x)
tf.gradients(tf.identity_n([x, x * 2]), x)
tf.gradients(tf.stop_gradient(x) * x, x)
tf.gradients(tf.check_numerics(x, "m"), x)
tf.gradients(tf.ensure_shape(x, [None, 3]), x)
tf.gradients(tf.zeros_like(x) * x, x)
tf.gradients(tf.where(x > 0, x, x * 2), x)
tf.gradients(tf.boolean_mask(x, tf.placeholder("bool", [4])), x)

x = ph(4, 3)
y = ph(2, 3)
i = tf.constant([0, 1])
e = tf.gather(tf.concat([x, y], 0), i)
tf.gradients(e, [x, y])

x = ph(4, 3)
y = ph(4, 2)
i = tf.constant([0, 1])
e = tf.gather(tf.concat([x, y], 1), i)
tf.gradients(e, [x, y])
e = tf.gather(tf.concat([x, y], -1), i)
tf.gradients(e, [x, y])

x = ph(4, 3)
e = tf.gather(tf.tile(x, [2, 1]), [0, 1])
tf.gradients(e, x)
e = tf.gather(tf.dynamic_stitch([[0, 1], [2, 3, 4, 5]], [ph(2, 3), x]), [0, 1])
tf.gradients(e, x)

x = ph(4, 3)
e = tf.gather(tf.reshape(x, [2, 6]), [0, 1])
tf.gradients(e, x)
e = tf.gather(x, [0]) + 0.0
f = tf.gather(x, [1])
tf.gradients([e, f], x)
tf.gradients([e, x], x)
"""


def placeholder(tf, *shape, dtype="float32", **keywords):
    """A placeholder of this shape; of unknown rank where the shape is `...`."""
    return tf.placeholder(dtype, None if shape == (Ellipsis,) else list(shape), **keywords)


def executed(text):
    """The case that statements spell; `ph` makes placeholders."""

    def build(tf):
        names = {"tf": tf, "np": np, "ph": lambda *s, **k: placeholder(tf, *s, **k)}
        exec(text, names)

    return build


CASES = {"; ".join(text.split("\n")): executed(text) for text in CALLS.strip().split("\n\n")}
