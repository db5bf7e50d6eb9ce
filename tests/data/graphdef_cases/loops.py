"""tf.while_loop in its many shapes."""

from __future__ import annotations

import numpy as np


def counts(tf):
    n = tf.placeholder(tf.int32, [], "n")
    out = tf.while_loop(lambda i, s: i < n, lambda i, s: (i + 1, s + i), [0, 0])
    return list(out), [], {n: 5}


def never_runs(tf):
    x = tf.placeholder(tf.float32, [3], "x")
    out = tf.while_loop(lambda i, v: i < 0, lambda i, v: (i + 1, v * 2.0), [0, x])
    return list(out), [x], {x: np.array([1.0, -2.0, 3.0], np.float32)}


def powers(tf):
    x = tf.placeholder(tf.float32, [], "x")
    _, y = tf.while_loop(lambda i, v: i < 5, lambda i, v: (i + 1, v * x), [0, tf.constant(1.0)])
    return [y], [x], {x: np.float32(1.3)}


def captured_matrix(tf):
    x = tf.placeholder(tf.float32, [2, 3], "x")
    w = tf.placeholder(tf.float32, [3, 3], "w")
    b = tf.constant([0.1, -0.2, 0.3])
    _, y = tf.while_loop(
        lambda i, h: i < 4, lambda i, h: (i + 1, tf.tanh(tf.matmul(h, w) + b)), [0, x]
    )
    rng = np.random.RandomState(0)
    return [y], [x, w, b], {x: rng.randn(2, 3).astype("f"), w: rng.randn(3, 3).astype("f")}


def unknown_shape(tf):
    x = tf.placeholder(tf.float64, None, "x")
    _, y = tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, tf.sin(h) * h), [0, x])
    return [y], [x], {x: np.random.RandomState(1).randn(2, 1, 2)}


def growing(tf):
    x = tf.placeholder(tf.float32, [1, 2], "x")
    shapes = [tf.TensorShape([]), tf.TensorShape([None, 2])]
    _, y = tf.while_loop(
        lambda i, h: i < 3,
        lambda i, h: (i + 1, tf.concat([h, h[-1:] * 2.0], 0)),
        [0, x],
        shape_invariants=shapes,
    )
    return [y], [x], {x: np.array([[1.0, 2.0]], np.float32)}


def grown_from_nothing(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    shapes = [tf.TensorShape([]), tf.TensorShape([None, 2])]
    _, y = tf.while_loop(
        lambda i, h: i < 3,
        lambda i, h: (i + 1, tf.concat([h, [x * tf.cast(i, tf.float32)]], 0)),
        [0, tf.zeros([0, 2])],
        shape_invariants=shapes,
    )
    return [y, tf.shape(y)], [x], {x: np.array([1.0, 2.0], np.float32)}


def rank_changes(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    _, y = tf.while_loop(
        lambda i, h: i < 2,
        lambda i, h: (i + 1, tf.expand_dims(h, 0)),
        [0, x],
        shape_invariants=[tf.TensorShape([]), tf.TensorShape(None)],
    )
    return [y], [x], {x: np.array([1.0, 2.0], np.float32)}


def swapped_variables(tf):
    a = tf.placeholder(tf.float32, [2], "a")
    b = tf.placeholder(tf.float32, [2], "b")
    _, p, q = tf.while_loop(
        lambda i, p, q: i < 3, lambda i, p, q: (i + 1, q * 2.0, p + 1.0), [0, a, b]
    )
    return [p, q], [a, b], {a: np.array([1, 2], "f"), b: np.array([3, -4], "f")}


def unused_results(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    out = tf.while_loop(
        lambda i, p, q, r: i < 3,
        lambda i, p, q, r: (i + 1, p * x, q + p, r),
        [0, tf.ones([2]), x, tf.constant([7, 8])],
    )
    return [out[2]], [x], {x: np.array([1.5, -0.5], "f")}


def condition_on_value(tf):
    x = tf.placeholder(tf.float32, [], "x")
    y = tf.while_loop(lambda v: v < 100.0, lambda v: v * v + 1.0, [x])
    return [y], [x], {x: np.float32(1.1)}


def condition_uses_outer(tf):
    x = tf.placeholder(tf.float32, [2, 2], "x")
    limit = tf.placeholder(tf.float32, [], "limit")
    y = tf.while_loop(lambda v: tf.reduce_sum(v) < limit, lambda v: v * 1.5 + limit / 10.0, [x])
    return [y], [x, limit], {x: np.ones((2, 2), "f"), limit: np.float32(40)}


def condition_shares_with_body(tf):
    """The body uses a tensor of the condition as it is."""
    x = tf.placeholder(tf.float32, [], "x")
    shared = []

    def cond(i, v):
        shared.append(v * 0.5)
        return tf.logical_and(i < 4, shared[0] < 50.0)

    def body(i, v):
        return i + 1, v + shared[0]

    out = tf.while_loop(cond, body, [0, x])
    return list(out), [], {x: np.float32(3)}


condition_shares_with_body.only_1 = True


def no_back_prop(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    _, y = tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v * 2.0), [0, x], back_prop=False)
    return [y + x], [], {x: np.array([1, 2], "f")}


def maximum_iterations(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    y = tf.while_loop(
        lambda v: tf.constant(True), lambda v: tf.sqrt(v + 1.0), [x], maximum_iterations=4
    )
    return [y], [x], {x: np.array([1, 2], "f")}


def dtypes(tf):
    a = tf.placeholder(tf.float64, [2], "a")
    b = tf.placeholder(tf.int64, [2], "b")
    c = tf.placeholder(tf.bool, [2], "c")
    d = tf.placeholder(tf.complex64, [2], "d")
    e = tf.placeholder(tf.float16, [2], "e")
    s = tf.placeholder(tf.string, [2], "s")

    def body(i, a, b, c, d, e, s):
        grown = tf.strings.join([s, tf.constant("-")]) if hasattr(tf, "strings") else s
        return i + 1, a * 2, b - 1, tf.logical_not(c), d * d, e + 1, grown

    out = tf.while_loop(lambda i, *_: i < 3, body, [0, a, b, c, d, e, s])
    feed = {
        a: np.array([1.5, 2]),
        b: np.array([1, 1 << 40]),
        c: np.array([True, False]),
        d: np.array([1 + 1j, 0.5j], np.complex64),
        e: np.array([1, 2], np.float16),
        s: np.array([b"x", b""], object),
    }
    return list(out), [a], feed


def two_in_a_row(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    _, y = tf.while_loop(lambda i, v: i < 2, lambda i, v: (i + 1, v * x), [0, x])
    _, z = tf.while_loop(lambda i, v: i < 3, lambda i, v: (i + 1, v + y), [0, y])
    return [y, z], [x], {x: np.array([1.5, -2], "f")}


def side_by_side(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    outs = []
    for k in range(3):
        _, y = tf.while_loop(lambda i, v, k=k: i < k, lambda i, v, k=k: (i + 1, v * x + k), [0, x])
        outs.append(y)
    return [*outs, tf.add_n(outs)], [x], {x: np.array([1.5, -2], "f")}


def counted_by_other_input(tf):
    x = tf.placeholder(tf.float32, [None, 2], "x")
    n = tf.shape(x)[0]
    _, s = tf.while_loop(
        lambda i, s: i < n, lambda i, s: (i + 1, s * 0.5 + x[i]), [0, tf.zeros([2])]
    )
    return [s], [x], {x: np.arange(8, dtype="f").reshape(4, 2)}


def gathers(tf):
    x = tf.placeholder(tf.float32, [5, 2], "x")
    _, s = tf.while_loop(
        lambda i, s: i < 4,
        lambda i, s: (i + 1, s * 0.5 + tf.gather(x, i)),
        [0, tf.zeros([2])],
    )
    return [s], [x], {x: np.arange(10, dtype="f").reshape(5, 2)}


def tensor_array(tf):
    x = tf.placeholder(tf.float32, [4, 2], "x")
    taken = tf.TensorArray(tf.float32, 4, clear_after_read=False).unstack(x)
    made = tf.TensorArray(tf.float32, 4)
    _, made, total = tf.while_loop(
        lambda i, m, t: i < 4,
        lambda i, m, t: (
            i + 1,
            m.write(i, taken.read(i) * t),
            t + tf.reduce_sum(taken.read(i) ** 2),
        ),
        [0, made, tf.constant(1.0)],
    )
    return [made.stack(), total], [x], {x: np.arange(8, dtype="f").reshape(4, 2) / 4}


def tensor_array_once(tf):
    x = tf.placeholder(tf.float32, [4, 2], "x")
    taken = tf.TensorArray(tf.float32, 4).unstack(x)
    made = tf.TensorArray(tf.float32, 4)

    def body(i, m, t):
        row = taken.read(i)
        return i + 1, m.write(i, row * t), t + tf.reduce_sum(row * row)

    _, made, total = tf.while_loop(lambda i, m, t: i < 4, body, [0, made, tf.constant(1.0)])
    return [made.stack(), total], [x], {x: np.arange(8, dtype="f").reshape(4, 2) / 4}


def tensor_array_grows(tf):
    n = tf.placeholder(tf.int32, [], "n")
    x = tf.placeholder(tf.float32, [2], "x")
    made = tf.TensorArray(tf.float32, 0, dynamic_size=True)
    _, made = tf.while_loop(
        lambda i, m: i < n, lambda i, m: (i + 1, m.write(i, x * tf.cast(i, tf.float32))), [0, made]
    )
    return [made.stack(), made.size()], [x], {n: 3, x: np.array([1, -2], "f")}


def variable_read(tf):
    v = tf.get_variable("v", initializer=tf.constant([1.0, 2.0]), use_resource=False)
    x = tf.placeholder(tf.float32, [2], "x")
    _, y = tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, h * v), [0, x])
    return [y], [x, v], {x: np.array([1.5, -2], "f")}


def resource_read(tf):
    v = tf.get_variable("v", initializer=tf.constant([1.0, 2.0]), use_resource=True)
    x = tf.placeholder(tf.float32, [2], "x")
    _, y = tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, h * v), [0, x])
    return [y], [x], {x: np.array([1.5, -2], "f")}


def assigns_inside(tf):
    v = tf.get_variable("v", initializer=tf.constant(1.0), use_resource=False)
    x = tf.placeholder(tf.float32, [], "x")

    def body(i, h):
        with tf.control_dependencies([tf.assign_add(v, x)]):
            return i + 1, h + tf.identity(v.read_value())

    _, y = tf.while_loop(lambda i, h: i < 3, body, [0, x], parallel_iterations=1)
    return [y], [], {x: np.float32(2)}


def control_edges(tf):
    """Waiting for nodes outside, between nodes inside, and for the loop."""
    x = tf.placeholder(tf.float32, [2], "x")
    checked = tf.identity(x * 2.0)

    def body(i, h):
        with tf.control_dependencies([checked]):
            first = tf.identity(h)
        with tf.control_dependencies([first]):
            return i + 1, h + 1.0

    _, y = tf.while_loop(lambda i, h: i < 3, body, [0, x])
    with tf.control_dependencies([y]):
        z = tf.constant(5.0)
    return [y, z], [x], {x: np.array([1.5, -2], "f")}


def structures(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    first = {"i": tf.constant(0), "pair": (x, x * 2.0)}

    def body(d):
        return ({"i": d["i"] + 1, "pair": (d["pair"][1], d["pair"][0] * 0.5)},)

    out = tf.while_loop(lambda d: d["i"] < 3, body, [first])
    out = out[0] if isinstance(out, (list, tuple)) else out
    return [out["i"], *out["pair"]], [x], {x: np.array([1.5, -2], "f")}


def integer_sums(tf):
    """Overflow wraps round."""
    x = tf.placeholder(tf.int32, [2], "x")
    _, y = tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, h * h - 1), [0, x])
    return [y], [], {x: np.array([-(2**31), 65537], np.int32)}


def special_values(tf):
    x = tf.placeholder(tf.float32, [5], "x")
    _, y = tf.while_loop(lambda i, h: i < 2, lambda i, h: (i + 1, h / (h + 1.0)), [0, x])
    return [y], [x], {x: np.array([np.nan, np.inf, -np.inf, -0.0, -1.0], "f")}


def gradient_inside(tf):
    """Descent on a parabola, with tf.gradients in the body."""
    x = tf.placeholder(tf.float32, [2], "x")

    def body(i, h):
        loss = tf.reduce_sum(tf.square(h - 3.0) * [1.0, 2.0])
        return i + 1, h - 0.1 * tf.gradients(loss, h)[0]

    _, y = tf.while_loop(lambda i, h: i < 3, body, [0, x])
    return [y], [], {x: np.array([1.5, -2], "f")}


def stops_gradient(tf):
    x = tf.placeholder(tf.float32, [2], "x")
    _, y = tf.while_loop(
        lambda i, h: i < 3, lambda i, h: (i + 1, h * tf.stop_gradient(x) + x), [0, x]
    )
    return [y], [x], {x: np.array([1.5, -2], "f")}


def convolves(tf):
    x = tf.placeholder(tf.float32, [1, 5, 5, 2], "x")
    w = tf.placeholder(tf.float32, [3, 3, 2, 2], "w")
    _, y = tf.while_loop(
        lambda i, h: i < 2,
        lambda i, h: (i + 1, tf.nn.relu(tf.nn.conv2d(h, w, strides=[1, 1, 1, 1], padding="SAME"))),
        [0, x],
    )
    rng = np.random.RandomState(3)
    return [y], [x, w], {x: rng.randn(1, 5, 5, 2).astype("f"), w: rng.randn(3, 3, 2, 2).astype("f")}


def takes_maximum(tf):
    x = tf.placeholder(tf.float32, [3, 4], "x")
    _, y = tf.while_loop(
        lambda i, h: i < 2,
        lambda i, h: (i + 1, h + tf.reduce_max(h * x, axis=1, keepdims=True)),
        [0, x],
    )
    return [y], [x], {x: np.random.RandomState(4).randn(3, 4).astype("f")}
