"""map_fn, foldl, foldr, scan, and TensorArray itself."""

from __future__ import annotations

import numpy as np

CASES = {}


def case(f):
    CASES[f.__name__] = f
    return f


def given(tf, value, shape=None, dtype=np.float32):
    """A value that is not known when the graph is built."""
    value = np.asarray(value, dtype)
    return tf.placeholder_with_default(value, value.shape if shape is None else shape)


def rows(tf):
    return given(tf, [[1.0, 2.0], [3.0, 4.0], [5.0, -6.0]])


def unknown(tf):
    return given(tf, [[1.0, 2.0], [3.0, 4.0], [5.0, -6.0]], [None, None])


@case
def maps(tf):
    return [tf.map_fn(lambda a: a * 2.0, rows(tf)), tf.map_fn(tf.reduce_sum, unknown(tf))]


@case
def maps_many(tf):
    x, n = rows(tf), given(tf, [1, 2, 3], dtype=np.int32)
    r = tf.map_fn(
        lambda e: {"s": e["x"] * tf.cast(e["n"], tf.float32), "t": (e["n"], e["x"][0])},
        {"x": x, "n": n},
        dtype={"s": tf.float32, "t": (tf.int32, tf.float32)},
    )
    return [r["s"], r["t"]]


@case
def maps_to_another_type(tf):
    return tf.map_fn(lambda a: tf.cast(a[0], tf.int64), rows(tf), dtype=tf.int64, infer_shape=False)


@case
def maps_nothing(tf):
    x = given(tf, np.zeros((0, 2)), [None, 2])
    return tf.map_fn(lambda a: a * 2.0, x)


@case
def maps_nothing_static(tf):
    return tf.map_fn(lambda a: a * 2.0, given(tf, np.zeros((0, 2))))


@case
def maps_random(tf):
    tf.set_random_seed(5)
    r = tf.map_fn(lambda a: a + tf.random_uniform([2]), rows(tf), parallel_iterations=1)
    return [r, tf.random_uniform([1])]


@case
def maps_with_shape_lost(tf):
    return tf.map_fn(lambda a: tf.boolean_mask(a, a > 1.5), rows(tf)[1:2])


@case
def maps_nested(tf):
    x = rows(tf)
    return tf.map_fn(lambda a: tf.map_fn(lambda b: tf.reduce_sum(a * b), x), x)


@case
def folds(tf):
    x = rows(tf)
    return [
        tf.foldl(lambda a, e: a * 2.0 + e, x),
        tf.foldl(lambda a, e: a * 2.0 + e, x, initializer=tf.zeros([2])),
        tf.foldr(lambda a, e: a * 2.0 + e, x),
        tf.foldr(lambda a, e: a * 2.0 + e, x, initializer=tf.ones([2])),
        tf.foldl(lambda a, e: a + e, np.array([1, 2, 3])),
    ]


@case
def folds_unknown(tf):
    x = unknown(tf)
    return [
        tf.foldl(lambda a, e: a * 2.0 + e, x),
        tf.foldr(lambda a, e: a * 2.0 + e, x),
        tf.foldr(lambda a, e: a * 2.0 + tf.reduce_sum(e), x, initializer=0.0),
    ]


@case
def folds_structures(tf):
    x = rows(tf)
    return tf.foldl(lambda a, e: (a[0] + e[0], a[1] * e[1]), (x, x * 2.0))


@case
def scans(tf):
    x = rows(tf)
    return [
        tf.scan(lambda a, e: a * 2.0 + e, x),
        tf.scan(lambda a, e: a * 2.0 + e, x, reverse=True),
        tf.scan(lambda a, e: a + tf.reduce_sum(e), x, initializer=tf.constant(1.0)),
        tf.scan(lambda a, e: a + tf.reduce_sum(e), x, initializer=tf.constant(1.0), reverse=True),
    ]


@case
def scans_unknown(tf):
    x = unknown(tf)
    return [
        tf.scan(lambda a, e: a * 2.0 + e, x),
        tf.scan(lambda a, e: a * 2.0 + e, x, reverse=True),
        tf.scan(lambda a, e: a + tf.reduce_sum(e), x, initializer=0.0, infer_shape=False),
    ]


@case
def scan_fibonacci(tf):
    start = (np.array(0.0), np.array(1.0))
    return tf.scan(lambda a, _: (a[1], a[0] + a[1]), np.zeros(6), initializer=start)


@case
def gradient_of_map(tf):
    x, w = rows(tf), given(tf, [2.0, -1.0])
    r = tf.map_fn(lambda a: tf.tanh(a * w), x)
    return tf.gradients(r, [x, w])


@case
def gradient_of_folds(tf):
    x = rows(tf)
    a = tf.gradients(tf.foldl(lambda a, e: a * e, x), x)
    b = tf.gradients(tf.foldr(lambda a, e: a * e + e, x), x)
    return a + b


@case
def gradient_of_scan(tf):
    x, w = unknown(tf), given(tf, [2.0, -1.0])
    r = tf.scan(lambda a, e: tf.sin(a) * w + e, x)
    q = tf.scan(lambda a, e: tf.sin(a) * w + e, x, reverse=True)
    return tf.gradients(r, [x, w]) + tf.gradients(q, [x, w])


@case
def gradient_inside_map(tf):
    x, w = rows(tf), tf.Variable([2.0, -1.0], name="w")

    def adapted(a):
        loss = tf.reduce_sum(tf.square(a * w))
        g = tf.gradients(loss, w)[0]
        return tf.reduce_sum(a * (w - 0.1 * g))

    return tf.map_fn(adapted, x, dtype=tf.float32)


@case
def gradient_of_nested_maps(tf):
    x, w = rows(tf), given(tf, [2.0, -1.0])
    r = tf.map_fn(lambda a: tf.map_fn(lambda b: tf.reduce_sum(tf.sin(a * b) * w), x), x)
    return tf.gradients(r, [x, w])


@case
def array_writes_and_reads(tf):
    x = given(tf, [1.0, 2.0])
    t = tf.TensorArray(tf.float32, 3, clear_after_read=False)
    t = t.write(0, x).write(2, x * 3.0).write(1, x - 1.0)
    return [t.read(2), t.stack(), t.gather([2, 0]), t.concat(), t.size(), t.flow]


@case
def array_unstack_and_scatter(tf):
    x = rows(tf)
    t = tf.TensorArray(tf.float32, 3, name="t").unstack(x)
    u = tf.TensorArray(tf.float32, 4, element_shape=[2]).scatter([3, 1, 0], x)
    return [t.stack(), u.stack(), u.size(), t.identity().flow]


@case
def array_split_and_concat(tf):
    x = given(tf, [1.0, 2.0, 3.0], [None])
    t = tf.TensorArray(tf.float32, 2, infer_shape=False).split(x, [1, 2])
    u = tf.TensorArray(tf.float32, 3).split(x, [1, 1, 1])
    return [t.concat(), u.stack()]


@case
def array_grows(tf):
    t = tf.TensorArray(tf.int32, 0, dynamic_size=True, clear_after_read=False)
    t = t.write(1, 7).write(3, 9)
    return [t.stack(), t.size()]


@case
def array_of_text(tf):
    return tf.TensorArray(tf.string, 2).unstack(["a", "bc"]).stack()


@case
def array_in_loop(tf):
    x = given(tf, [1.0, 2.0])
    t = tf.TensorArray(tf.float32, 0, dynamic_size=True)
    r = tf.while_loop(
        lambda i, t: i < 4, lambda i, t: (i + 1, t.write(i, x * tf.cast(i, tf.float32))), (0, t)
    )[1]
    stacked = r.stack()
    return [stacked, *tf.gradients(stacked, x)]


@case
def array_closed(tf):
    t = tf.TensorArray(tf.float32, 2).write(0, 1.0)
    with tf.control_dependencies([t.flow]):
        closed = t.close()
    with tf.control_dependencies([closed]):
        return t.read(0)


@case
def gradient_of_reads(tf):
    x = rows(tf)
    t = tf.TensorArray(tf.float32, 3, clear_after_read=False).unstack(x)
    y = t.read(0) * 2.0 + t.read(0) * t.read(2)
    return tf.gradients(y, x)


@case
def gradient_of_gather_and_concat(tf):
    x = rows(tf)
    t = tf.TensorArray(tf.float32, 3, clear_after_read=False).unstack(x)
    return tf.gradients(t.gather([2, 0]) * 3.0, x) + tf.gradients(t.concat() ** 2, x)


@case
def gradient_of_split(tf):
    x = given(tf, [[1.0], [2.0], [3.0]])
    t = tf.TensorArray(tf.float32, 2, infer_shape=False).split(x, [1, 2])
    return tf.gradients(t.concat() ** 2, x)


@case
def gradient_of_write(tf):
    x = given(tf, [1.0, 2.0])
    t = tf.TensorArray(tf.float32, 2).write(0, x * x).write(1, x * 3.0)
    return tf.gradients(t.stack(), x)


def evaluated(text):
    def build(tf):
        def ones(*shape):
            return tf.placeholder_with_default(np.ones(shape, np.float32), shape)

        return eval(text, {"tf": tf, "np": np, "TA": tf.TensorArray, "ones": ones})

    return build


CALLS = """
tf.map_fn(lambda x: x, tf.constant(1))
tf.map_fn(lambda x: x, [1, 2])
tf.map_fn(1, tf.constant([1]))
tf.map_fn(lambda x: tf.cast(x, tf.float32), tf.constant([1]))
tf.map_fn(lambda x: (x, x), tf.constant([1]))
tf.map_fn(lambda x: (x, x), tf.constant([1]), dtype=(tf.int32, tf.int32))
tf.map_fn(lambda x: x[0] * x[1], (tf.constant([1]), tf.constant([2])), dtype=tf.int32)
tf.map_fn(lambda x: x * 2, np.array([1, 2, 3]), name='m')
tf.map_fn(lambda x: x, tf.SparseTensor([[0]], [1.0], [2]))
tf.foldl(1, tf.constant([1]))
tf.foldr(1, tf.constant([1]))
tf.scan(1, tf.constant([1]))
tf.scan(lambda a, x: (a, a), np.zeros(6), np.array(0.0))
TA(tf.float32)
TA(tf.float32, handle=1)
TA(tf.float32, 1, handle=ones())
TA(tf.float32, 2).write(2, 1.0).stack()
TA(tf.float32, 2).write(-1, 1.0).stack()
TA(tf.float32, 2).write(0, 1.0).write(0, 1.0).stack()
TA(tf.float32, 2).read(0)
TA(tf.float32, 2, element_shape=[2]).read(0)
TA(tf.bool, 2, element_shape=[]).read(0)
TA(tf.float32, 2).read(5)
(lambda t: [t.gather([0]), t.gather([0])])(TA(tf.float32, 2).unstack([1.0, 2.0]))
TA(tf.float32, 2).unstack([1.0, 2.0]).gather([0, 0])
TA(tf.float32, 2).write(0, 1.0).stack()
TA(tf.float32, 0).stack()
TA(tf.float32, 0, element_shape=[3]).stack()
TA(tf.float32, 2).write(0, [1.0]).write(1, [1.0, 2.0])
TA(tf.float32, 2, element_shape=[2]).write(0, [1.0, 2.0, 3.0])
TA(tf.float32, 2, infer_shape=False).write(0, [1.0]).write(1, [1.0, 2.0]).stack()
TA(tf.float32, 2, infer_shape=False).write(0, [1.0]).write(1, [1.0, 2.0]).concat()
TA(tf.float32, 3).unstack([1.0, 2.0]).size()
TA(tf.float32, 1).unstack([1.0, 2.0]).size()
TA(tf.float32, 1, dynamic_size=True).unstack([1.0, 2.0]).size()
TA(tf.float32, 3).scatter([0, 1], [1.0, 2.0, 3.0]).size()
TA(tf.float32, 3).scatter([0, 7], [1.0, 2.0]).size()
TA(tf.float32, 2).split([1.0, 2.0, 3.0], [1, 2]).read(1)
TA(tf.float32, 2, infer_shape=False).split([1.0, 2.0, 3.0], [1, 1]).read(1)
TA(tf.float32, 3, infer_shape=False).split([1.0, 2.0, 3.0], [1, 2]).read(1)
TA(tf.float32, 1, dynamic_size=True, infer_shape=False).split([1.0, 2.0, 3.0], [1, 2]).read(1)
TA(tf.float32, 2).unstack([1.0, 2.0]).concat()
TA(tf.float32, 0, element_shape=[None, 3]).concat()
TA(tf.float32, 0).concat()
TA(tf.int32, 2).write(0, 1.0).read(0)
TA(tf.int32, -2).size()
TA(tf.float32, 2).unstack([1.0, 2.0]).gather([5])
TA(tf.float32, 2).unstack([1.0, 2.0]).gather(np.zeros([0], np.int32))
"""
CASES.update((line, evaluated(line)) for line in CALLS.strip().split("\n"))
