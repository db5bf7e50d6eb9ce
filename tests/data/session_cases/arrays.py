"""Array operations: values, edge cases, and errors of the run."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines: `run` is what to fetch, `feed` what to feed
CALLS = r"""
x = A(4, 5, 6)
t = tf.constant(x)
run = []
run.append(t[0])
run.append(t[:, 1])
run.append(t[..., 0])
run.append(t[1:3, ::2, ::-1])
run.append(t[None])
run.append(t[-1])
run.append(t[:, -2:])
run.append(t[1:1])
run.append(t[::-2])
run.append(t[3:0:-1])
run.append(t[-1:-3:-1])
run.append(t[:, None, 2:9, ...])
run.append(t[tf.constant(2):])
run.append(t[0:4:3, -100:100])
run.append(t[2, 3, 4])
run.append(tf.strided_slice(t, [3, 4], [0, 0], [-1, -2]))
run.append(tf.strided_slice(t, [0, 0, 0], [9, 9, 9], [5, 5, 5]))
run.append(tf.slice(t, [1, 2, 3], [2, -1, 0]))
run.append(tf.slice(t, [4, 0, 0], [0, -1, 2]))

run = tf.slice(tf.constant(A(4, 5)), [0, 3], [2, 3])

i = tf.placeholder("int32", [])
run = tf.constant(A(4, 5))[i]
feed = {i: 4}

i = tf.placeholder("int32", [])
run = tf.constant(A(4, 5))[i]
feed = {i: -4}

i = tf.placeholder("int32", [])
run = tf.constant(A(4, 5))[::i]
feed = {i: 0}

run = []
run.append(tf.concat([A(2, 3), A(1, 3)], 0))
run.append(tf.concat([A(2, 3), A(2, 0)], 1))
run.append(tf.concat([["a"], ["b", "c"]], 0))
run.append(tf.stack([A(2), A(2)], 1))
run.append(tf.stack(["a", "b"]))
run.append(tf.stack([A(0, 2), A(0, 2)], -1))
run.append(tf.unstack(A(2, 3), axis=1))
run.append(tf.split(A(4, 6), 3, 1))
run.append(tf.split(A(4, 6), [1, 0, 3]))
run.append(tf.split(A(4, 6), [2, -1, 1], -1))
run.append(tf.tile(A(2, 3), [2, 0]))
run.append(tf.tile(A(2, 3), [2, 2]))
run.append(tf.tile(["a", "b"], [2]))
run.append(tf.transpose(A(2, 3, 4), [2, 0, 1]))
run.append(tf.transpose(A(2, 0, 4)))
run.append(tf.transpose(tf.constant([[1 + 2j, 3]], "complex64"), conjugate=True))

a = tf.placeholder("float32")
run = tf.concat([a, A(2, 3)], 0)
feed = {a: A(2, 4)}

a = tf.placeholder("float32")
run = tf.stack([a, A(2, 3)], 0)
feed = {a: A(2, 4)}

a = tf.placeholder("int32", [None])
run = tf.split(A(4, 6), a, 0, num=2)
feed = {a: [1, 2]}

a = tf.placeholder("int32", [None])
run = tf.transpose(A(4, 6), a)
feed = {a: [0, 0]}

a = tf.placeholder("int32", [None])
run = tf.reshape(A(4, 6), a)
feed = {a: [5, -1]}

a = tf.placeholder("int32", [None])
run = tf.reshape(A(4, 6), a)
feed = {a: [-1, -1]}

a = tf.placeholder("int32", [None])
run = tf.reshape(A(0, 6), a)
feed = {a: [0, -1]}

a = tf.placeholder("int32", [None])
run = []
run.append(tf.reshape(A(0, 6), a))
run.append(tf.reshape(A(4, 6), [2, -1, 3]))
run.append(tf.reshape(3.0, [1, 1]))
run.append(tf.reshape([1], []))
run.append(tf.reshape(["a", "b"], [2, 1]))
feed = {a: [3, -1]}

a = tf.placeholder("float32")
run = []
run.append(tf.squeeze(a))
run.append(tf.expand_dims(a, 1))
run.append(tf.squeeze(a, [0]))
run.append(tf.shape(a))
run.append(tf.size(a))
run.append(tf.rank(a))
run.append(tf.shape_n([a, a]))
run.append(tf.zeros_like(a))
run.append(tf.ones_like(a))
feed = {a: A(1, 2, 1)}

a = tf.placeholder("float32")
run = tf.squeeze(a, [1])
feed = {a: A(1, 2, 1)}

a = tf.placeholder("float32")
run = tf.ensure_shape(a, [None, 3])
feed = {a: A(1, 2)}

a = tf.placeholder("int32", [None])
run = []
run.append(tf.fill(a, 2.0))
run.append(tf.fill([0, 2], True))
run.append(tf.fill([2], "x"))
run.append(tf.zeros([2], tf.string))
run.append(tf.broadcast_to([[1], [2]], a))
run.append(tf.zeros_like(["a", "b"]))
run.append(tf.ones([2], "bool"))
feed = {a: [2, 3]}

a = tf.placeholder("int32", [None])
run = tf.fill(a, 2.0)
feed = {a: [2, -3]}

a = tf.placeholder("int32", [None])
run = tf.broadcast_to(A(2, 3), a)
feed = {a: [2, 4]}

x = A(4, 5)
run = []
run.append(tf.gather(x, [0, 3, 1]))
run.append(tf.gather(x, [[0], [2]], axis=1))
run.append(tf.gather(x, 1))
run.append(tf.gather(x, np.zeros([0], "int32")))
run.append(tf.gather(A(2, 3, 4), [[0, 2], [1, 1]], batch_dims=1))
run.append(tf.gather(A(2, 3, 4), [[0, 2], [1, 1]], axis=2, batch_dims=1))
run.append(tf.batch_gather(A(2, 3), [[0, 2], [1, 1]]))
run.append(tf.gather_nd(x, [[0, 1], [3, 4]]))
run.append(tf.gather_nd(x, [[1], [0]]))
run.append(tf.gather_nd(A(2, 3, 4), [[[0]], [[2]]], batch_dims=1))
run.append(tf.gather(["a", "b"], [1, 1, 0]))

i = tf.placeholder("int32")
run = tf.gather(A(4, 5), i)
feed = {i: [4]}

i = tf.placeholder("int32")
run = tf.gather(A(4, 5), i)
feed = {i: [-1]}

i = tf.placeholder("int32")
run = tf.gather_nd(A(4, 5), i)
feed = {i: [[0, 5]]}

run = []
run.append(tf.scatter_nd([[0], [2], [0]], [1.0, 2.0, 3.0], [4]))
run.append(tf.scatter_nd([[0, 1]], [5], [2, 2]))
run.append(tf.scatter_nd([[1]], A(1, 3), [2, 3]))
run.append(tf.tensor_scatter_update(A(4, 2), [[1], [3]], A(2, 2)))
run.append(tf.tensor_scatter_add(A(4), [[1], [1]], [1.0, 2.0]))
run.append(tf.tensor_scatter_sub(A(4), [[1], [1]], [1.0, 2.0]))

i = tf.placeholder("int32")
run = tf.scatter_nd(i, [1.0], [4])
feed = {i: [[4]]}

run = []
run.append(tf.one_hot([0, 2, -1, 5], 3))
run.append(tf.one_hot([[1], [0]], 2, axis=0))
run.append(tf.one_hot([1], 2, on_value="a", off_value="b"))
run.append(tf.one_hot(1, 3, dtype="int64"))
run.append(tf.one_hot([0, 1], 0))
run.append(tf.one_hot(np.array([1, 255], "uint8"), 2, axis=1, on_value=5, off_value=-1))

run = []
run.append(tf.where([[True, False], [True, True]]))
run.append(tf.where(np.array([0.0, nan, -0.0, 2.0])))
run.append(tf.where([1, 0, 2]))
run.append(tf.where(np.zeros([0, 2], "bool")))
run.append(tf.where([True, False], A(2, 3), -A(2, 3)))
run.append(tf.where(True, A(2), -A(2)))
run.append(tf.where_v2([True, False], A(2, 2), 5.0))
run.append(tf.boolean_mask(A(2, 3), [True, False]))
run.append(tf.boolean_mask(A(2, 3), [[True, False, True], [False] * 3]))
run.append(tf.boolean_mask(A(2, 3), [True, False, True], axis=1))

run = []
run.append(tf.pad(A(2, 3), [[1, 0], [0, 2]]))
run.append(tf.pad(A(2, 3), [[1, 1], [2, 2]], "REFLECT"))
run.append(tf.pad(A(2, 3), [[2, 1], [3, 2]], "SYMMETRIC"))
run.append(tf.pad([1, 2], [[1, 1]], constant_values=9))
run.append(tf.pad(["a"], [[1, 0]]))
run.append(tf.pad(A(0, 2), [[1, 0], [0, 0]]))

p = tf.placeholder("int32")
run = tf.pad(A(2, 3), p, "REFLECT")
feed = {p: [[2, 0], [0, 0]]}

p = tf.placeholder("int32")
run = tf.pad(A(2, 3), p)
feed = {p: [[-1, 0], [0, 0]]}

run = []
run.append(tf.reverse(A(2, 3), [0]))
run.append(tf.reverse(A(2, 3), [-1, 0]))
run.append(tf.reverse_sequence(A(3, 4), [0, 2, 4], 1))
run.append(tf.reverse_sequence(A(4, 3), [0, 2, 4], seq_axis=0, batch_axis=1))
run.append(tf.roll(A(5), 2, 0))
run.append(tf.roll(A(2, 3), [-1, 4], [0, 1]))
run.append(tf.roll(A(2, 3), [1, 1], [1, 1]))
run.append(tf.invert_permutation([2, 0, 1]))
run.append(tf.meshgrid([1, 2], [3, 4, 5]))
run.append(tf.meshgrid([1, 2], [3, 4, 5], [6], indexing="ij"))
run.append(tf.sequence_mask([1, 0, 3]))
run.append(tf.sequence_mask([[1], [2]], 4, dtype=tf.int32))
run.append(tf.repeat([1, 2], [2, 0]))
run.append(tf.repeat(A(2, 2), 2, axis=1))
run.append(tf.repeat(A(2, 2), [1, 2], axis=0))
run.append(tf.parallel_stack([A(2), A(2)]))

p = tf.placeholder("int32")
run = tf.invert_permutation(p)
feed = {p: [0, 0]}

p = tf.placeholder("int32")
run = tf.reverse_sequence(A(2, 3), p, 1)
feed = {p: [0, 5]}

run = []
run.append(tf.unique([3, 1, 3, 2]))
run.append(tf.unique(["a", "b", "a"]))
run.append(tf.unique_with_counts([3, 1, 3]))
run.append(tf.setdiff1d([1, 2, 3, 2], [2]))
run.append(tf.unique(np.array([nan, 1, nan, 0.0, -0.0])))
run.append(tf.unique(np.zeros([0], "int32")))
run.append(tf.dynamic_partition(A(4, 2), [1, 0, 1, 0], 3))
run.append(tf.dynamic_stitch([[0, 2], [1, 2]], [A(2, 2), -A(2, 2)]))
run.append(tf.dynamic_stitch([1, [0, 2]], [A(2), A(2, 2)]))

p = tf.placeholder("int32")
run = tf.dynamic_partition(A(2, 2), p, 2)
feed = {p: [0, 2]}

run = []
run.append(tf.matrix_band_part(A(3, 4), 1, 0))
run.append(tf.matrix_band_part(A(2, 3, 4), -1, 1))
run.append(tf.diag([1, 2]))
run.append(tf.diag(A(2, 2)))
run.append(tf.diag_part(A(2, 2, 2, 2)))
run.append(tf.matrix_diag(A(2, 3)))
run.append(tf.matrix_diag_part(A(2, 3, 4)))
run.append(tf.matrix_set_diag(A(3, 4), [9.0, 8, 7]))
run.append(tf.space_to_depth(A(1, 4, 4, 1), 2))
run.append(tf.depth_to_space(A(1, 2, 2, 4), 2))
run.append(tf.space_to_batch(A(1, 4, 4, 1), [[1, 1], [0, 0]], 2))
run.append(tf.batch_to_space(A(4, 2, 2, 1), [[0, 1], [0, 0]], 2))
run.append(tf.space_to_batch_nd(A(2, 4, 3), [2], [[0, 0]]))
run.append(tf.extract_image_patches(A(1, 4, 5, 1), [1, 2, 2, 1], [1, 1, 2, 1], [1, 2, 1, 1], "SAME"))
run.append(tf.required_space_to_batch_paddings([5, 7], [2, 3]))

n = tf.placeholder("int32", [])
run = tf.matrix_band_part(A(3, 4), n, 0)
feed = {n: 4}

run = []
run.append(tf.nn.top_k(A(2, 5), 3))
run.append(tf.nn.in_top_k(A(2, 5), [0, 4], 2))
run.append(tf.check_numerics([1.0, 2.0], "m"))

x = tf.placeholder("float32")
run = tf.check_numerics(x, "mess")
feed = {x: [1, nan]}

x = tf.placeholder("float32")
run = tf.check_numerics(x, "mess")
feed = {x: [1, inf, nan]}

run = []
run.append(tf.placeholder_with_default([1.0, 2.0], [None]))
run.append(tf.identity_n([1, 2.0]))
run.append(tf.guarantee_const(3))
run.append(tf.stop_gradient(2.0))
run.append(tf.zeros([0, 3]))
run.append(tf.constant([1, 2], shape=[3]))
run.append(tf.constant(7, shape=[2, 2], dtype="int64"))
run.append(tf.constant([], "float32"))
run.append(tf.constant(b'\xff'))

run = []
run.append(tf.sort([[3, 1, 2], [9, 7, 8]]))
run.append(tf.sort([[3, 1, 2], [9, 7, 8]], 0, "DESCENDING"))
run.append(tf.argsort([3, 1, 2, 1]))
run.append(tf.argsort([3, 1, 2, 1], direction="DESCENDING"))
run.append(tf.searchsorted([1.0, 2, 2, 3], [0.5, 2, 9]))
run.append(tf.searchsorted([1.0, 2, 2, 3], [0.5, 2, 9], "right"))
run.append(tf.searchsorted([[1, 2], [3, 4]], [[2], [5]]))

d = tf.placeholder("int32")
run = tf.sets.union(d, [[1]])
feed = {d: [[1], [2]]}

x = np.array([-1.5, -0.3, 0, 0.2, 0.26, 1.0, 2.0, nan], "float32")
x = x[:-1]
q = tf.quantization.quantize_and_dequantize
run = []
run.append(q(x, -1.0, 1.0))
run.append(q(x, -1.0, 1.0, range_given=True))
run.append(q(x, 0.0, 1.0, range_given=True, signed_input=False, num_bits=4))
run.append(q(x, -1.0, 0.5, range_given=True, num_bits=3, round_mode="HALF_UP"))
run.append(q(x, -1.0, 1.0, range_given=True, narrow_range=True, num_bits=4))
run.append(tf.raw_ops.QuantizeAndDequantizeV3(input=x, input_min=-1.0, input_max=1.0, num_bits=5))

run = tf.quantization.quantize_and_dequantize([1.0], 2.0, 1.0, range_given=True)

R = tf.raw_ops
run = []
run.append(R.UniqueV2(x=[[1, 2], [1, 2], [3, 4]], axis=[0]))
run.append(R.UniqueWithCountsV2(x=[[1, 2], [1, 2], [3, 4]], axis=[1]))
run.append(R.UniqueV2(x=[1, 1, 2], axis=np.zeros([0], "int64")))
run.append(R.NthElement(input=[[3.0, 1, 2], [5, 4, 6]], n=1))
run.append(R.NthElement(input=[3.0, 1, 2], n=0, reverse=True))
run.append(R.ConcatOffset(concat_dim=1, shape=[[2, 3], [2, 5]]))
run.append(R.InTopK(predictions=[[0.1, 0.9]], targets=[0], k=1))
run.append(R.SpaceToBatch(input=np.arange(16.0).reshape(1, 4, 4, 1), paddings=[[0, 0], [0, 0]], block_size=2))
run.append(R.BatchToSpace(input=np.arange(16.0).reshape(4, 2, 2, 1), crops=[[0, 0], [1, 0]], block_size=2))
run.append(R.MirrorPadGrad(input=np.arange(35.0).reshape(5, 7), paddings=[[1, 1], [1, 2]], mode="REFLECT"))
run.append(R.MirrorPadGrad(input=np.arange(35.0).reshape(5, 7), paddings=[[1, 1], [1, 2]], mode="SYMMETRIC"))
run.append(R.StridedSliceGrad(shape=[4], begin=[1], end=[4], strides=[2], dy=[1.0, 2.0]))
run.append(R.ParallelDynamicStitch(indices=[[0, 1], [2]], data=[[1, 2], [3]]))
run.append(R.Gather(params=[1, 2, 3], indices=[2, 0]))
run.append(R.ScatterNdNonAliasingAdd(input=[1.0, 2], indices=[[0]], updates=[5.0]))
run.append(R.Concat(concat_dim=0, values=[[1], [2]]))
run.append(R.OnesLike(x=[1.0, 2]))
run.append(R.Snapshot(input=[1]))
run.append(R.DeepCopy(x=[1.0]))
run.append(R.Empty(shape=[2], dtype=tf.float32, init=True))
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
