"""Parts of tensors by position, by condition and by value; sorting and searching."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines
CALLS = r"""
x = ph(4, 5, 6)
tf.slice(x, [0, 1, 2], [2, -1, 3])
tf.slice(ph(None, 3), [0, 0], [-1, 2])
tf.slice(x, tf.placeholder("int32", [3]), [1, 1, 1])
tf.slice(ph(...), [0, 0], [1, 1])
tf.slice(x, [0, 0, 0], tf.placeholder("int32", [3]))
tf.slice(x, [0, 0, 0], [1, tf.placeholder("int32", []), 2])

tf.slice(ph(4, 5), [0, 3], [2, 3])

tf.slice(ph(4, 5), [0], [2])

x = ph(4, 5, 6)
x[0]
x[:, 1]
x[..., 0]
x[1:3, ::2, ::-1]
x[tf.newaxis]
x[:, None, ..., None]
x[-1]
x[:, -2:]
i = tf.placeholder("int32", [])
x[i]
x[i:]
x[:, i]
x[i:i + 1]
x[:-1, i:, :3]
y = ph(None, 3)
y[0]
y[:, 0]
y[:2]
y[1:]
y[..., 1:]
y[::1]
tf.strided_slice(x, [0, 0], [1, 2])
tf.strided_slice(x, [0, 0], [1, 2], [1, 1], begin_mask=1)
tf.strided_slice(x, [0], [1], name="q", shrink_axis_mask=1)
ph(...)[0]
ph(...)[0, ...]
x[tf.constant(1, tf.int64)]

ph(4, 5)[4]

ph(4, 5)[0, 0, 0]

ph(4, 5)[..., ...]

ph(4, 5)[1.0]

ph(4, 5)[:, tf.constant([1])]

ph(4, 5)[::0]

x = ph(4, 5)
ix = tf.placeholder("int32", [None])
tf.gather(x, ix)
tf.gather(x, [0, 1])
tf.gather(x, 0)
tf.gather(x, ix, axis=1)
tf.gather(x, ix, axis=-1)
tf.gather(ph(2, 4, 5), tf.placeholder("int32", [2, 3]), batch_dims=1)
tf.gather(ph(2, 4, 5), tf.placeholder("int32", [2, 3]), axis=2, batch_dims=1)
tf.gather(x, tf.placeholder("int64", [2, 3]), name="g", validate_indices=False)
tf.gather(ph(...), ix)
tf.gather(x, ix, axis=tf.placeholder("int32", []))
tf.gather([1, 2, 3], [0, 1])

tf.gather(3.0, [0])

tf.gather(ph(2, 3), [0], axis=2)

tf.batch_gather(ph(2, 4, 5), tf.placeholder("int32", [2, 3]))
tf.batch_gather(ph(None, 4), tf.placeholder("int64", [None, 3]))
tf.batch_gather(ph(2, 4), tf.constant([[1], [0]]), name="bg")

tf.batch_gather(ph(2, 4, 5), tf.placeholder("int32"))

x = ph(4, 5, 6)
tf.gather_nd(x, [[0, 1], [1, 2]])
tf.gather_nd(x, tf.placeholder("int32", [None, 3]))
tf.gather_nd(x, tf.placeholder("int32", [None, None]))
tf.gather_nd(x, tf.placeholder("int32", [4, 7, 1]), batch_dims=1)
tf.gather_nd(ph(None, 5), tf.placeholder("int64", [None, 1]), batch_dims=1)

tf.gather_nd(ph(2, 3), [[0, 1, 2]])

tf.scatter_nd([[0], [1]], [1.0, 2.0], [4])
tf.scatter_nd(tf.placeholder("int32", [None, 2]), ph(None), [4, 5])
tf.scatter_nd([[0], [1]], [[1.0, 2], [2.0, 3]], tf.placeholder("int32", [2]))
x = ph(4, 5)
tf.tensor_scatter_update(x, [[0], [1]], ph(2, 5))
tf.tensor_scatter_add(x, [[0, 1]], [1.0])
tf.tensor_scatter_sub(x, [[0, 1]], [1.0])
tf.tensor_scatter_nd_update(x, [[0, 1]], [1.0])

tf.scatter_nd([[0], [1]], [1.0, 2.0, 3.0], [4])

tf.one_hot([0, 1, 2], 3)
tf.one_hot([0, 1], 4, axis=0)
tf.one_hot(tf.placeholder("int64", [None]), 5, dtype=tf.int32)
tf.one_hot([0], 3, on_value=5, off_value=2)
tf.one_hot([[0, 1]], 3, on_value=5.0)
tf.one_hot([0], tf.placeholder("int32", []))
tf.one_hot([0], 3, on_value=True, off_value=False)
tf.one_hot(tf.placeholder("uint8", [None]), 3, name="o", axis=-1)
tf.one_hot([0], 3, off_value=1.0, dtype=tf.float32)

tf.one_hot([0], 3, on_value=5, off_value=2.0)

tf.one_hot([0], 3, on_value=5, dtype=tf.float32)

tf.one_hot([0], -3)

tf.where([True, False])
tf.where(ph(2, 3) > 0)
tf.where(ph(2, 3) > 0, ph(2, 3), ph(2, 3))
tf.where([1, 0])
tf.where(ph(2, 3))
tf.where([True, False], [1, 2], [3, 4], name="w")
tf.where_v2([True, False], ph(3, 2), 0.0)
tf.where_v2(ph(3) > 0)

tf.where([True], [1])

tf.boolean_mask(ph(2, 3), [True, False])
tf.boolean_mask(ph(None, 3), tf.placeholder("bool", [None]))
tf.boolean_mask(ph(2, 3), [True, False, True], axis=1)
tf.boolean_mask([1, 2, 3], np.array([True, False, True]))
tf.boolean_mask(ph(2, 3, 4), tf.placeholder("bool", [2, 3]), name="bm")
ph(2, 3)[tf.placeholder("bool", [2])]

tf.boolean_mask(ph(2, 3), tf.placeholder("bool"))

tf.boolean_mask(ph(2, 3), [True, False, True])

tf.unique([1, 1, 2])
tf.unique(tf.placeholder("int32", [None]), out_idx=tf.int64)
tf.unique_with_counts([1, 2, 2], name="u")
tf.setdiff1d([1, 2, 3], [2])
tf.setdiff1d([1, 2, 3], [2], index_dtype=tf.int64)

tf.unique(ph(2, 3))

tf.dynamic_partition(ph(4, 5), [0, 1, 0, 1], 2)
tf.dynamic_partition(ph(None, 5), tf.placeholder("int32", [None]), 3, name="d")
tf.dynamic_stitch([[0, 1], [2]], [ph(2, 3), ph(1, 3)])
tf.dynamic_stitch([tf.placeholder("int32", [None]), [2]], [ph(None, 3), ph(1, 3)])
tf.dynamic_stitch([[0, 1]], [[1.0, 2.0]])

x = ph(3, 4)
y = ph(...)
tf.sort(x)
tf.sort(x, 0)
tf.argsort(x, direction="DESCENDING")
tf.argsort(x, axis=-2, stable=True)
tf.sort(ph(None, 4), axis=0)
tf.sort(y)
tf.sort(y, axis=0)
tf.argsort(y, axis=-2, name="q")
tf.sort([3, 1, 2])

tf.sort(ph(3), direction="up")

tf.sort(ph(3), axis=tf.placeholder("int32", []))

tf.searchsorted([1.0, 2, 3], [0.5, 2])
tf.searchsorted(ph(2, 5), ph(2, 3), side="right", out_type=tf.int64, name="s")
tf.searchsorted(ph(None, 5), ph(None, None))

tf.searchsorted(ph(2, 5), ph(2, 3), side="up")
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
