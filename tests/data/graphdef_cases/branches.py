"""tf.cond and tf.case in their many shapes."""

from __future__ import annotations

import numpy as np


def _p(tf, value=True):
    return tf.placeholder(tf.bool, [], "p"), np.bool_(value)


def _x(tf, shape=(3,), dtype=None):
    return tf.placeholder(dtype or tf.float32, shape, "x")


X = np.array([1.5, -2.0, 0.25], np.float32)


def taken(tf):
    p, on = _p(tf)
    x = _x(tf)
    y = tf.cond(p, lambda: x * x, lambda: tf.exp(x))
    return [y], [x], {p: on, x: X}


def not_taken(tf):
    p, off = _p(tf, False)
    x = _x(tf)
    y = tf.cond(p, lambda: x * x, lambda: tf.exp(x))
    return [y], [x], {p: off, x: X}


def several_results(tf):
    p, on = _p(tf)
    x = _x(tf)
    y = tf.cond(p, lambda: [x * 2.0, tf.reduce_sum(x)], lambda: [tf.sin(x), tf.constant(1.0)])
    return list(y), [x], {p: on, x: X}


def passes_through(tf):
    p, off = _p(tf, False)
    x, w = _x(tf), tf.placeholder(tf.float32, [3], "w")
    y = tf.cond(p, lambda: x, lambda: w)
    return [y], [x, w], {p: off, x: X, w: X * 2}


def constants_only(tf):
    p, on = _p(tf)
    y = tf.cond(p, lambda: tf.constant([1, 2]), lambda: tf.constant([3, 4]))
    return [y], [], {p: on}


def one_side_constant(tf):
    p, off = _p(tf, False)
    x = _x(tf)
    y = tf.cond(p, lambda: x * 3.0, lambda: tf.zeros([3]))
    return [y * x], [x], {p: off, x: X}


def shapes_differ(tf):
    p, on = _p(tf)
    x = _x(tf)
    y = tf.cond(p, lambda: x[:2], lambda: x)
    return [y, tf.shape(y)], [x], {p: on, x: X}


def ranks_differ(tf):
    p, on = _p(tf)
    x = _x(tf)
    y = tf.cond(p, lambda: tf.reduce_sum(x), lambda: x)
    return [y], [x], {p: on, x: X}


def unknown_rank(tf):
    p, on = _p(tf)
    x = _x(tf, None)
    y = tf.cond(p, lambda: tf.tanh(x), lambda: -x)
    return [y], [x], {p: on, x: X.reshape(3, 1)}


def empty(tf):
    p, on = _p(tf)
    x = _x(tf, [0, 3])
    y = tf.cond(p, lambda: tf.tanh(x), lambda: -x)
    return [y], [x], {p: on, x: np.zeros((0, 3), "f")}


def used_twice(tf):
    """The same predicate for two conditions, one after the other."""
    p, on = _p(tf)
    x = _x(tf)
    y = tf.cond(p, lambda: x * 2.0, lambda: x + 1.0)
    z = tf.cond(p, lambda: tf.sin(y) * x, lambda: y)
    return [y, z], [x], {p: on, x: X}


def used_side_by_side(tf):
    p, on = _p(tf)
    x = _x(tf)
    ys = [tf.cond(p, lambda k=k: x * k, lambda k=k: x + k) for k in (1.0, 2.0, 3.0)]
    return ys, [x], {p: on, x: X}


def nested(tf):
    p, on = _p(tf)
    q = tf.placeholder(tf.bool, [], "q")
    x = _x(tf)
    y = tf.cond(
        p,
        lambda: tf.cond(q, lambda: x * x, lambda: x * 3.0) + 1.0,
        lambda: tf.cond(q, lambda: tf.exp(x), lambda: tf.sin(x)),
    )
    return [y], [x], {p: on, q: np.bool_(False), x: X}


def nested_on_the_same(tf):
    p, off = _p(tf, False)
    x = _x(tf)
    y = tf.cond(
        p,
        lambda: tf.cond(p, lambda: x * x, lambda: x * 3.0),
        lambda: tf.cond(p, lambda: tf.exp(x), lambda: tf.sin(x) * x),
    )
    return [y], [x], {p: off, x: X}


def nested_three_deep(tf):
    x = _x(tf)
    n = tf.placeholder(tf.int32, [], "n")

    def leaf(k):
        return lambda: tf.pow(x, k) * float(k)

    y = tf.cond(
        n < 4,
        lambda: tf.cond(
            n < 2,
            lambda: tf.cond(n < 1, leaf(1), leaf(2)),
            lambda: tf.cond(n < 3, leaf(3), leaf(4)),
        ),
        lambda: tf.cond(n < 6, leaf(5), lambda: tf.cond(n < 7, leaf(6), leaf(7))),
    )
    return [y], [x], {x: np.abs(X), n: np.int32(2)}


def predicate_from_value(tf):
    x = _x(tf)
    y = tf.cond(tf.reduce_sum(x) > 0.0, lambda: x * x, lambda: -x)
    return [y], [x], {x: X}


def constant_predicate(tf):
    x = _x(tf)
    y = tf.cond(tf.constant(True), lambda: x * x, lambda: -x)
    return [y], [x], {x: X}


def case(tf):
    x = _x(tf)
    n = tf.placeholder(tf.int32, [], "n")
    y = tf.case(
        [(tf.equal(n, 0), lambda: x), (tf.equal(n, 1), lambda: x * x), (n > 5, lambda: -x)],
        default=lambda: tf.zeros([3]) + tf.reduce_sum(x),
    )
    return [y], [x], {x: X, n: np.int32(1)}


def case_default(tf):
    x = _x(tf)
    n = tf.placeholder(tf.int32, [], "n")
    y = tf.case(
        [(tf.equal(n, 0), lambda: x), (tf.equal(n, 1), lambda: x * x)], default=lambda: tf.exp(x)
    )
    return [y], [x], {x: X, n: np.int32(9)}


def case_exclusive(tf):
    x = _x(tf)
    n = tf.placeholder(tf.int32, [], "n")
    y = tf.case(
        [(tf.equal(n, 0), lambda: x), (tf.equal(n, 1), lambda: x * x)],
        default=lambda: tf.exp(x),
        exclusive=True,
    )
    return [y], [x], {x: X, n: np.int32(0)}


def switch_case(tf):
    x = _x(tf)
    n = tf.placeholder(tf.int32, [], "n")
    y = tf.switch_case(n, [lambda: x, lambda: x * x, lambda: tf.sin(x)], default=lambda: tf.exp(x))
    return [y], [x], {x: X, n: np.int32(2)}


def switch_case_out_of_range(tf):
    x = _x(tf)
    n = tf.placeholder(tf.int32, [], "n")
    y = tf.switch_case(n, [lambda: x, lambda: x * x, lambda: tf.sin(x)], default=lambda: tf.exp(x))
    return [y], [x], {x: X, n: np.int32(-4)}


def gathers(tf):
    p, on = _p(tf)
    x = _x(tf, [4, 2])
    y = tf.cond(p, lambda: tf.gather(x, [0, 2, 2]), lambda: x[:3] * 2.0)
    return [y], [x], {p: on, x: np.arange(8, dtype="f").reshape(4, 2)}


def matmul(tf):
    p, on = _p(tf)
    x, w = _x(tf, [None, 3]), tf.placeholder(tf.float32, [3, 2], "w")
    y = tf.cond(p, lambda: tf.nn.relu(tf.matmul(x, w)), lambda: tf.matmul(x, w) * 2.0)
    rng = np.random.RandomState(0)
    return [y], [x, w], {p: on, x: rng.randn(2, 3).astype("f"), w: rng.randn(3, 2).astype("f")}


def batch_norm_like(tf):
    p, on = _p(tf)
    x = _x(tf, [4, 2])
    mean, var = tf.nn.moments(x, [0])
    kept = tf.get_variable("kept", initializer=tf.zeros([2]), use_resource=False)

    def train():
        with tf.control_dependencies([tf.assign(kept, kept * 0.9 + mean * 0.1)]):
            return tf.identity(mean), tf.identity(var)

    m, v = tf.cond(p, train, lambda: (kept, tf.ones([2])))
    y = (x - m) * tf.rsqrt(v + 1e-3)
    return [y], [x], {p: on, x: np.arange(8, dtype="f").reshape(4, 2) ** 2}


def assigns(tf):
    p, on = _p(tf)
    v = tf.get_variable("v", initializer=tf.constant([1.0, 2.0]), use_resource=False)
    y = tf.cond(p, lambda: tf.assign_add(v, [1.0, 1.0]), lambda: tf.assign(v, [0.0, 0.0]))
    return [tf.identity(y)], [], {p: on}


def assigns_in_group(tf):
    p, on = _p(tf)
    v = tf.get_variable("v", initializer=tf.constant(1.0), use_resource=False)
    done = tf.cond(p, lambda: tf.group(tf.assign_add(v, 2.0)), lambda: tf.no_op())
    with tf.control_dependencies([done]):
        y = v.read_value() + 0.0
    return [y], [], {p: on}


def resource_variable(tf):
    p, on = _p(tf)
    x = _x(tf)
    v = tf.get_variable("v", initializer=tf.constant([1.0, 2.0, 3.0]), use_resource=True)
    y = tf.cond(p, lambda: x * v, lambda: x + v)
    return [y], [x], {p: on, x: X}


def resource_assign(tf):
    p, on = _p(tf)
    v = tf.get_variable("v", initializer=tf.constant([1.0, 2.0]), use_resource=True)

    def add():
        with tf.control_dependencies([v.assign_add([1.0, 1.0])]):
            return v.read_value()

    y = tf.cond(p, add, lambda: v.read_value() * 2.0)
    return [y], [], {p: on}


def control_edges(tf):
    p, on = _p(tf)
    x = _x(tf)
    before = tf.identity(x)

    def true():
        with tf.control_dependencies([before]):
            return tf.constant([1.0, 2.0, 3.0]) * x

    y = tf.cond(p, true, lambda: x)
    with tf.control_dependencies([y]):
        z = tf.constant(1.0)
    return [y, z], [x], {p: on, x: X}


def switch_alone(tf):
    """Only one side is used, and it is alive."""
    from tensorflow.python.ops import control_flow_ops as c

    p, on = _p(tf)
    x = _x(tf)
    _, true = c.switch(x * 1.0, p)
    return [true * 2.0], [], {p: on, x: X}


def merge_index(tf):
    from tensorflow.python.ops import control_flow_ops as c

    p, on = _p(tf, False)
    x = _x(tf)
    false, true = c.switch(x * 1.0, p)
    merged, index = c.merge([tf.exp(false), true * 2.0])
    return [merged, index], [], {p: on, x: X}


def crossed(tf):
    """Two predicates that cross: each Merge takes away another one."""
    from tensorflow.python.ops import control_flow_ops as c

    p, on = _p(tf)
    q = tf.placeholder(tf.bool, [], "q")
    x = _x(tf)
    x0, x1 = c.switch(x * 1.0, p)
    y0, y1 = c.switch(x * 2.0, q)
    a, b = x0 + y1, x1 * y1
    by_p, _ = c.merge([a, b])
    whole, _ = c.merge([by_p * 3.0, y0])
    return [whole], [], {p: on, q: np.bool_(True), x: X}


def tuple_merge(tf):
    """A Merge of three inputs."""
    from tensorflow.python.ops import control_flow_ops as c

    p, on = _p(tf, False)
    q = tf.placeholder(tf.bool, [], "q")
    x = _x(tf)
    false, true = c.switch(x * 1.0, p)
    second, first = c.switch(false, c.switch(q, p)[0])
    merged, index = c.merge([true, first * 2.0, second * 3.0])
    return [merged, index], [], {p: on, q: np.bool_(False), x: X}


def later_part(tf):
    """What comes after a Merge goes on under the same predicate, and uses what was computed before."""
    from tensorflow.python.ops import control_flow_ops as c

    p, on = _p(tf)
    x = _x(tf)
    false, true = c.switch(x * 1.0, p)
    inner = tf.exp(true)
    y, _ = c.merge([false * 2.0, inner])
    again = c.switch(y + 1.0, p)
    z, _ = c.merge([again[0], again[1] * inner])
    return [y, z], [], {p: on, x: X}


def other_types(tf):
    p, on = _p(tf)
    s = tf.placeholder(tf.string, [2], "s")
    i = tf.placeholder(tf.int64, [2], "i")
    b = tf.placeholder(tf.bool, [2], "b")
    y = tf.cond(p, lambda: (s, i * 2, tf.logical_not(b)), lambda: (tf.reverse(s, [0]), i, b))
    feed = {
        p: on,
        s: np.array([b"a", b"bc"], object),
        i: np.array([1, -(2**63)]),
        b: np.array([True, False]),
    }
    return list(y), [], feed


def structures(tf):
    p, on = _p(tf)
    x = _x(tf)
    y = tf.cond(p, lambda: {"a": x, "b": (x * 2.0, x + 1.0)}, lambda: {"a": -x, "b": (x, x)})
    return [y["a"], *y["b"]], [x], {p: on, x: X}


def sparse_gradient_one_side(tf):
    p, off = _p(tf, False)
    x = tf.get_variable("table", initializer=tf.reshape(tf.range(8.0), [4, 2]), use_resource=False)
    y = tf.cond(p, lambda: tf.gather(x, [1, 3]), lambda: x[:2] * x[2:])
    return [y], [x], {p: off}


def special_values(tf):
    p, on = _p(tf)
    x = _x(tf, [4])
    y = tf.cond(p, lambda: x / x, lambda: x)
    return [y], [x], {p: on, x: np.array([0.0, np.inf, np.nan, -0.0], "f")}


def safe_division(tf):
    p, off = _p(tf, False)
    x = _x(tf)
    y = tf.cond(p, lambda: 1.0 / (x - x), lambda: x * 2.0)
    return [y], [x], {p: off, x: X}
