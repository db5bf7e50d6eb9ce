"""Tensors put together, taken apart and put in order."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines
CALLS = r"""
x = ph(2, 3)
y = ph(2, None)
tf.concat([x, y], 1)
tf.concat([x, x], -1)
tf.concat([x], 0)
tf.concat(x, 0)
tf.concat([x, [[1.0, 2, 3]]], 0)
tf.concat([[1, 2], [3]], axis=0, name="c")
tf.concat([ph(...), ph(2, 3)], tf.placeholder("int32", []))

tf.concat([ph(2, 3), ph(3, 3)], 1)

tf.concat([ph(2, 3), ph(2, 3)], 2)

tf.concat([1.0, 2.0], 0)

x = ph(2, 3)
tf.stack([x, x])
tf.stack([x, x], axis=1)
tf.stack([x, x], -1)
tf.stack([1, 2, 3])
tf.stack([tf.constant(1), 2])
tf.stack([ph(None, 3), x], name="s")
tf.stack(x)
tf.stack([1, 2], axis=0)
tf.stack([np.zeros(2), np.ones(2)], axis=1)

tf.stack([ph(2, 3), ph(2, 4)])

tf.stack([ph(2, 3)], axis=3)

x = ph(2, 3)
tf.unstack(x)
tf.unstack(x, axis=1)
tf.unstack(ph(None, 3), num=4)
tf.unstack(x, axis=-1)

tf.unstack(ph(None, 3))

tf.unstack(ph(...))

tf.unstack(ph(2, 3), axis=2)

x = ph(4, 6)
tf.split(x, 2)
tf.split(x, 3, 1)
tf.split(x, [1, 3])
tf.split(x, [2, -1], axis=1)
tf.split(value=x, num_or_size_splits=2, axis=-1)
tf.split(ph(None, 6), 2, name="q")
tf.split(x, tf.placeholder("int32", [3]), 0)
tf.split(x, tf.placeholder("int32"), 0, num=3)
tf.split(x, 2, tf.placeholder("int32", []))

tf.split(ph(4, 6), 3)

tf.split(ph(4, 6), [1, 2])

tf.split(ph(4, 6), tf.constant(2))

x = ph(2, 3)
tf.tile(x, [2, 1])
tf.tile(ph(None, 3), [1, 2])
tf.tile(x, tf.placeholder("int32", [2]))
tf.tile(x, [tf.shape(ph(None, 3))[0], 1])

tf.tile(ph(2, 3), [1])

x = ph(2, 3, 4)
tf.transpose(x)
tf.transpose(x, [1, 0, 2])
tf.transpose(ph(...))
tf.transpose(ph(None, 3))
tf.transpose(x, perm=tf.placeholder("int32", [3]))
tf.transpose(ph(2, 2, dtype="complex64"), conjugate=True)
tf.matrix_transpose(x)
tf.matrix_transpose(ph(...))
tf.linalg.transpose(x, name="q")
tf.transpose([[1, 2], [3, 4]])
tf.transpose(3.0)

tf.transpose(ph(2, 3), [0, 0])

tf.transpose(ph(2, 3), [0])

x = ph(2, 3)
tf.reverse(x, [0])
tf.reverse(x, [-1])
tf.reverse_v2(x, axis=[0, 1])
tf.reverse_sequence(ph(2, 5), [1, 2], 1)
tf.reverse_sequence(ph(None, 5, 3), tf.placeholder("int64", [None]), seq_axis=1, batch_axis=0)
tf.reverse_sequence(ph(2, 5), [1, 2], seq_dim=1, batch_dim=0)
tf.roll(x, 1, 0)
tf.roll(x, [1, 2], [0, 1])
tf.manip.roll(x, shift=1, axis=1)

tf.reverse(ph(2, 3), [2])

tf.reverse(ph(2, 3), [0, 0])

tf.invert_permutation([1, 0, 2])
tf.invert_permutation(tf.placeholder("int64", [None]))

x = ph(2, 3)
tf.pad(x, [[1, 1], [0, 2]])
tf.pad(x, [[1, 1], [0, 2]], "REFLECT")
tf.pad(x, [[1, 1], [0, 2]], mode="symmetric")
tf.pad(x, [[1, 1], [0, 2]], constant_values=1)
tf.pad(x, [[1, 1], [0, 2]], constant_values=tf.constant(0.0))
tf.pad(ph(None, 3), [[0, 0], [0, 2]])
tf.pad(ph(2, 3), [[0, tf.placeholder("int32", [])], [0, 2]])
tf.pad(x, tf.placeholder("int32", [2, 2]))

tf.pad(ph(2, 3), [[3, 3], [0, 2]], "REFLECT")

tf.pad(ph(2, 3), [[1, 1]])

tf.pad(ph(2, 3), [[-1, 1], [0, 0]])

tf.pad(ph(2, 3), [[1, 1], [0, 0]], mode="foo")

tf.meshgrid([1, 2, 3], [4, 5])
tf.meshgrid([1, 2, 3], [4, 5], indexing="ij")
tf.meshgrid(tf.range(3), tf.range(4), [1, 2])
tf.meshgrid([1.0])
tf.meshgrid(ph(None), ph(3))

tf.sequence_mask([1, 2, 3])
tf.sequence_mask([1, 2, 3], 5)
tf.sequence_mask(tf.placeholder("int32", [None]), maxlen=tf.placeholder("int32", []), dtype=tf.float32)
tf.sequence_mask(tf.placeholder("int64", [2, 2]), tf.constant(3))
tf.sequence_mask(tf.placeholder("int32"))

tf.repeat([1, 2], 2)
tf.repeat(ph(2, 3), [1, 2], axis=0)
tf.repeat(ph(None, 3), 2, axis=1)
tf.repeat(ph(2, 3), [1, 2, 3], axis=1)
tf.repeat(ph(2, 3), 2, axis=-1)
tf.repeat(3, 4)

tf.parallel_stack([tf.constant([1, 2]), tf.constant([3, 4])])
tf.parallel_stack([1, 2])
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
