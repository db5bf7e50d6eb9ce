"""Values and shapes: constants, placeholders, zeros, shapes, reshapes; checks that values are finite."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines
CALLS = r"""
tf.constant([1, 2, 3])
tf.constant(3.0, shape=[2, 2])
tf.constant([1, 2, 3], shape=[2, 3], name="a")
tf.constant("x")
tf.constant([[1.0, 2], [3, 4]], dtype="float64")

tf.constant([1, 2, 3], shape=[2])

tf.constant([1, 2, 3], shape=[2, 2], verify_shape=True)

a = tf.placeholder("float32")
b = tf.placeholder(tf.int32, [None, 3], name="b")
c = tf.placeholder(tf.float32, ())
d = tf.placeholder_with_default([1.0, 2], [None])
e = tf.placeholder_with_default(a, [2, None])

x = ph(2, None)
tf.shape(x)
tf.size(x)
tf.rank(x)
tf.shape(ph(2, 3))
tf.size(ph(2, 3))
tf.rank(ph(...))
tf.shape(x, out_type=tf.int64)
tf.shape_n([x, ph(2, 3)])

x = ph(None, 4, 5)
y = tf.reshape(x, [tf.shape(x)[0], -1])
z = tf.reshape(x, [-1, 20])
w = tf.reshape(ph(2, 3), [3, -1])
v = tf.reshape(ph(2, 3), tf.placeholder("int32", [2]))
u = tf.reshape(x, [-1])

x = ph(2, 1, 3, 1)
tf.squeeze(x)
tf.squeeze(x, 1)
tf.squeeze(x, [1, -1])
tf.squeeze(x, squeeze_dims=[3])
tf.squeeze(ph(None, 1))
tf.squeeze(ph(None, 1), 1)
tf.squeeze(ph(...), 1)

tf.squeeze(ph(2, 1), 0)

tf.squeeze(ph(2, 1), 2)

x = ph(2, 3)
tf.expand_dims(x, 0)
tf.expand_dims(x, -1)
tf.expand_dims(x, axis=1)
tf.expand_dims(x, dim=2)
tf.expand_dims(x, tf.placeholder("int32", []))

tf.expand_dims(ph(2, 3), 3)

x = ph(2, 3)
tf.ensure_shape(x, [None, 3])
tf.ensure_shape(ph(None, None), [2, None])

tf.ensure_shape(ph(2, 3), [3, 2])

x = ph(2, 3)
tf.broadcast_to(x, [4, 2, 3])
tf.broadcast_dynamic_shape(tf.shape(ph(None, 1)), [3, 1])
tf.broadcast_static_shape(tf.TensorShape([2, 1]), tf.TensorShape([3]))

tf.zeros([2, 3])
tf.ones([2, 3], tf.int32)
tf.zeros([100, 100])
tf.ones([], tf.bool)
x = ph(None, 3)
tf.zeros_like(x)
tf.ones_like(x)
tf.zeros_like(ph(2, 2))
tf.ones_like(ph(2, 2), dtype=tf.int32)
tf.zeros_like(x, dtype=tf.int32)
tf.zeros_like(ph(2, 2), optimize=False)
tf.zeros(tf.shape(x))
tf.zeros([tf.shape(x)[0], 5])
tf.zeros([], tf.string)
tf.zeros(5)

tf.fill([2, 3], 1.0)
tf.fill(tf.placeholder("int32", [2]), 0)
tf.fill([2, tf.placeholder("int32", [])], 0)

tf.fill([2, -1], 1.0)

x = ph(2, 3)
tf.identity(x)
tf.identity(3.0, name="q")
tf.stop_gradient(x)
tf.identity_n([x, tf.constant(1)])
tf.guarantee_const(x)

tf.convert_to_tensor([1, 2, 3])
tf.convert_to_tensor([ph(2), [1.0, 2.0]])
tf.convert_to_tensor(np.arange(3))
tf.convert_to_tensor(1, dtype=tf.float32)
tf.convert_to_tensor(1, preferred_dtype=tf.float32)

tf.sparse_placeholder("float32")
tf.sparse_placeholder("float32", [None, 3])
tf.sparse_placeholder("float32", [4, 3], name="s")

s = tf.SparseTensor([[0, 1], [1, 2]], [1.0, 2.0], [3, 4])
tf.shape(s)
tf.size(s)
tf.rank(s)
tf.SparseTensor(tf.constant([[0, 1]], tf.int64), tf.constant(["a"]), tf.constant([3, 4], tf.int64))

tf.SparseTensor([[0, 1], [1, 2]], [1.0, 2.0, 3.0], [3, 4])

tf.convert_to_tensor(tf.SparseTensor([[0, 1], [1, 2]], [1.0, 2.0], [3, 4]))

tf.check_numerics(ph(2), "x")
tf.debugging.check_numerics(ph(2), message="x", name="y")
tf.verify_tensor_all_finite(ph(2), "q")
ph(2) + 1
tf.add_check_numerics_ops()
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
