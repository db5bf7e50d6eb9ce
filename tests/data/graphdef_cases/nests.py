"""Loops in loops, branches in loops, loops in branches."""

from __future__ import annotations

import numpy as np

X = np.array([1.5, -0.5, 0.25], np.float32)


def _x(tf, shape=(3,)):
    return tf.placeholder(tf.float32, shape, "x")


def _times(tf, n, body, first):
    return tf.while_loop(
        lambda i, *_: i < n, lambda i, *v: (i + 1, *_as_tuple(body(i, *v))), [0, *first]
    )[1:]


def _as_tuple(value):
    return value if isinstance(value, tuple) else (value,)


def loop_in_loop(tf):
    x = _x(tf)

    def outer(i, h):
        (inner,) = _times(tf, 3, lambda j, g: g * tf.sin(x) + h, [h])
        return inner * 0.5

    (y,) = _times(tf, 2, outer, [x])
    return [y], [x], {x: X}


def loop_in_loop_in_loop(tf):
    x = _x(tf)

    def outer(i, h):
        def middle(j, g):
            (inner,) = _times(tf, 2, lambda k, f: f * x + g * 0.1 + h * 0.2, [g])
            return inner + h

        return _times(tf, 2, middle, [h])[0]

    (y,) = _times(tf, 2, outer, [x])
    return [y], [x], {x: X}


def inner_count_depends(tf):
    x = _x(tf)

    def outer(i, h):
        return tf.while_loop(lambda j, g: j < i, lambda j, g: (j + 1, g * x), [0, h])[1]

    (y,) = _times(tf, 4, outer, [x])
    return [y], [x], {x: X}


def two_loops_in_loop(tf):
    x = _x(tf)

    def outer(i, h):
        (a,) = _times(tf, 2, lambda j, g: g * x, [h])
        (b,) = _times(tf, 3, lambda j, g: g + a * 0.5, [h])
        return a + b

    (y,) = _times(tf, 2, outer, [x])
    return [y], [x], {x: X}


def branch_in_loop(tf):
    x = _x(tf)
    (y,) = _times(
        tf, 4, lambda i, h: tf.cond(tf.equal(i % 2, 0), lambda: h * x, lambda: tf.sin(h)), [x]
    )
    return [y], [x], {x: X}


def branch_in_loop_by_value(tf):
    x = _x(tf)
    (y,) = _times(
        tf, 5, lambda i, h: tf.cond(tf.reduce_sum(h) > 1.0, lambda: h * 0.5, lambda: h * h + x), [x]
    )
    return [y], [x], {x: X}


def branch_in_loop_invariant(tf):
    x = _x(tf)
    p = tf.placeholder(tf.bool, [], "p")
    (y,) = _times(tf, 3, lambda i, h: tf.cond(p, lambda: h * x, lambda: h + x), [x])
    return [y], [x], {x: X, p: np.bool_(True)}


def branch_in_branch_in_loop(tf):
    x = _x(tf)

    def body(i, h):
        return tf.cond(
            i < 2,
            lambda: tf.cond(i < 1, lambda: h * x, lambda: h * h),
            lambda: tf.cond(i < 3, lambda: tf.exp(h * 0.1), lambda: h - x),
        )

    (y,) = _times(tf, 5, body, [x])
    return [y], [x], {x: X}


def branch_with_constants_in_loop(tf):
    x = _x(tf)
    (y,) = _times(
        tf,
        4,
        lambda i, h: tf.cond(
            i > 1, lambda: tf.constant([1.0, 2.0, 3.0]) * h, lambda: tf.zeros([3]) + x
        ),
        [x],
    )
    return [y], [x], {x: X}


def several_branches_in_loop(tf):
    x = _x(tf)

    def body(i, a, b):
        a2 = tf.cond(i > 0, lambda: a * x, lambda: a)
        b2, c = tf.cond(tf.equal(i, 1), lambda: (b + a2, a), lambda: (b * 0.5, b))
        return a2 + c * 0.1, b2

    a, b = _times(tf, 3, body, [x, x * 2.0])
    return [a, b], [x], {x: X}


def loop_in_branch(tf):
    p = tf.placeholder(tf.bool, [], "p")
    x = _x(tf)
    y = tf.cond(p, lambda: _times(tf, 3, lambda i, h: h * x, [x])[0], lambda: x * 2.0)
    return [y], [x], {x: X, p: np.bool_(True)}


def loop_in_branch_not_taken(tf):
    p = tf.placeholder(tf.bool, [], "p")
    x = _x(tf)
    y = tf.cond(p, lambda: _times(tf, 3, lambda i, h: h * x, [x])[0], lambda: x * 2.0)
    return [y], [x], {x: X, p: np.bool_(False)}


def loops_in_both_branches(tf):
    p = tf.placeholder(tf.bool, [], "p")
    x = _x(tf)
    y = tf.cond(
        p,
        lambda: _times(tf, 3, lambda i, h: h * x, [x])[0],
        lambda: _times(tf, 2, lambda i, h: tf.sin(h) + x, [x])[0],
    )
    return [y], [x], {x: X, p: np.bool_(False)}


def branch_in_loop_in_branch(tf):
    p = tf.placeholder(tf.bool, [], "p")
    x = _x(tf)

    def body(i, h):
        return tf.cond(i < 1, lambda: h * x, lambda: tf.cond(p, lambda: h + x, lambda: h))

    y = tf.cond(p, lambda: _times(tf, 3, body, [x])[0], lambda: x * 2.0)
    return [y], [x], {x: X, p: np.bool_(True)}


def loop_in_branch_in_loop(tf):
    x = _x(tf)

    def body(i, h):
        return tf.cond(
            tf.equal(i % 2, 0), lambda: _times(tf, 2, lambda j, g: g * x, [h])[0], lambda: h + 1.0
        )

    (y,) = _times(tf, 3, body, [x])
    return [y], [x], {x: X}


def branch_in_inner_loop(tf):
    x = _x(tf)

    def outer(i, h):
        return _times(tf, 3, lambda j, g: tf.cond(j < i, lambda: g * x, lambda: g - h * 0.5), [h])[
            0
        ]

    (y,) = _times(tf, 3, outer, [x])
    return [y], [x], {x: X}


def branch_decides_whether_to_loop_on(tf):
    x = _x(tf)

    def body(i, on, h):
        return i + 1, tf.cond(i < 3, lambda: on, lambda: tf.constant(False)), h * x

    out = tf.while_loop(lambda i, on, h: on, body, [0, True, x])
    return [out[0], out[2]], [x], {x: X}


def condition_with_branch(tf):
    x = _x(tf)

    def cond(i, h):
        return tf.cond(i < 2, lambda: tf.constant(True), lambda: tf.reduce_sum(h) < 20.0)

    y = tf.while_loop(cond, lambda i, h: (i + 1, h * 1.5 + 1.0), [0, x])
    return list(y), [x], {x: X}


def condition_with_loop(tf):
    x = _x(tf)

    def cond(i, h):
        return _times(tf, 2, lambda j, s: s + tf.reduce_sum(h), [0.0])[0] < 20.0

    y = tf.while_loop(cond, lambda i, h: (i + 1, h * 1.5 + 1.0), [0, x])
    return list(y), [x], {x: X}


def arrays_in_loop_in_loop(tf):
    x = _x(tf, (2, 3))

    def outer(i, rows):
        made = tf.TensorArray(tf.float32, 3)
        _, made = tf.while_loop(
            lambda j, m: j < 3,
            lambda j, m: (j + 1, m.write(j, x[i, j] * tf.cast(i + j, tf.float32))),
            [0, made],
        )
        return i + 1, rows.write(i, made.stack())

    _, rows = tf.while_loop(lambda i, r: i < 2, outer, [0, tf.TensorArray(tf.float32, 2)])
    return [rows.stack()], [x], {x: np.arange(6, dtype="f").reshape(2, 3)}


def array_written_in_branch(tf):
    x = _x(tf)

    def body(i, m):
        return i + 1, m.write(i, tf.cond(i > 0, lambda: x[i] * 2.0, lambda: x[i] * x[i]))

    _, made = tf.while_loop(lambda i, m: i < 3, body, [0, tf.TensorArray(tf.float32, 3)])
    return [made.stack()], [x], {x: X}


def unknown_shapes(tf):
    x = tf.placeholder(tf.float32, [None, None], "x")

    def outer(i, h):
        return tf.cond(
            i < 1,
            lambda: _times(tf, 2, lambda j, g: tf.matmul(g, x), [h])[0],
            lambda: tf.transpose(h),
        )

    (y,) = _times(tf, 3, outer, [x])
    return [y], [x], {x: np.array([[1, 0.5], [-0.5, 0.25]], "f")}


def map_in_loop(tf):
    x = _x(tf)
    (y,) = _times(tf, 2, lambda i, h: tf.map_fn(lambda e: e * e + 0.1, h), [x])
    return [y], [x], {x: X}


def loop_in_map(tf):
    x = _x(tf)
    y = tf.map_fn(lambda e: _times(tf, 3, lambda i, h: h * e, [e])[0], x)
    return [y], [x], {x: X}


def branch_in_map(tf):
    x = _x(tf)
    y = tf.map_fn(lambda e: tf.cond(e > 0.0, lambda: tf.sqrt(e), lambda: e * e), x)
    return [y], [x], {x: X}


def everything(tf):
    x = _x(tf)
    p = tf.placeholder(tf.bool, [], "p")

    def outer(i, h):
        def one():
            return _times(tf, 2, lambda j, g: tf.cond(j < i, lambda: g * x, lambda: g + h), [h])[0]

        def two():
            return tf.cond(p, lambda: tf.sin(h), lambda: h)

        return tf.cond(i < 2, one, two) * 0.9

    y = tf.cond(p, lambda: _times(tf, 3, outer, [x])[0], lambda: x)
    z = tf.cond(p, lambda: y * x, lambda: y)
    return [y, z], [x], {x: X, p: np.bool_(True)}
