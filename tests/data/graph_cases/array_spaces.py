"""Blocks between space, batch and depth; windows; bands and diagonals."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines
CALLS = r"""
tf.matrix_band_part(ph(2, 3), 1, -1)
tf.matrix_band_part(ph(2, 3, 4), tf.constant(1, tf.int64), -1)
tf.linalg.band_part(ph(2, 3), 0, 0)
tf.diag([1.0, 2])
tf.diag_part(ph(2, 3, 2, 3))
tf.matrix_diag(ph(2, 3))
tf.matrix_diag_part(ph(2, 3, 4))
tf.matrix_set_diag(ph(2, 3, 4), ph(2, 3))
tf.linalg.diag(ph(2), name="x")
tf.linalg.diag_part(ph(None, 3))
tf.linalg.set_diag(ph(None, None), ph(3))
tf.linalg.tensor_diag([1.0])
tf.linalg.tensor_diag_part(ph(2, 2))

tf.diag_part(ph(2, 3, 2))

tf.matrix_set_diag(ph(2, 3), ph(3))

tf.matrix_band_part(ph(2, 3), 3, 0)

x = ph(4, 6, 8, 2)
tf.space_to_depth(x, 2)
tf.depth_to_space(ph(4, 6, 8, 8), 2, name="d")
tf.nn.space_to_depth(ph(None, None, 8, 2), 2)
tf.space_to_batch(x, [[0, 0], [0, 0]], 2)
tf.space_to_batch_nd(x, [2, 2], [[1, 1], [0, 0]])
tf.batch_to_space(x, [[0, 0], [0, 1]], 2)
tf.batch_to_space_nd(x, [2, 1], [[0, 0], [0, 1]])
tf.batch_to_space_nd(ph(None, None, 3), [2], [[0, 1]])
tf.space_to_depth(ph(1, 2, 4, 4), 2, data_format="NCHW")
tf.space_to_batch(input=x, paddings=[[0, 0], [0, 0]], block_size=2)
tf.nn.depth_to_space(ph(None, 3, 3, None), 2)
tf.space_to_batch_nd(ph(...), [2, 2], [[1, 1], [0, 0]])
tf.space_to_batch_nd(x, tf.placeholder("int32", [2]), [[1, 1], [0, 0]])

tf.space_to_depth(ph(4, 5, 8, 2), 2)

tf.space_to_batch_nd(ph(4, 5, 8, 2), [2, 2], [[0, 0], [0, 0]])

tf.required_space_to_batch_paddings([5, 7], [2, 3])
tf.required_space_to_batch_paddings(tf.placeholder("int32", [2]), [2, 3])
tf.required_space_to_batch_paddings([5, 7], [2, 3], base_paddings=[[1, 1], [0, 0]])

tf.extract_image_patches(ph(2, 8, 9, 3), [1, 3, 3, 1], [1, 2, 2, 1], [1, 1, 1, 1], "SAME")
k = dict(strides=[1, 2, 2, 1], rates=[1, 2, 1, 1], padding="VALID", name="e")
tf.image.extract_image_patches(ph(None, 8, 9, 3), ksizes=[1, 3, 3, 1], **k)
tf.image.extract_patches(ph(2, 8, 9, 3), sizes=[1, 3, 3, 1], strides=[1, 1, 1, 1], rates=[1, 1, 1, 1], padding="VALID")
tf.extract_volume_patches(ph(1, 4, 4, 4, 2), [1, 2, 2, 2, 1], [1, 1, 1, 1, 1], "VALID")
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
