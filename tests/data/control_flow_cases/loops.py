"""while_loop: structures, names, shapes, effects, nesting, gradients."""

from __future__ import annotations

import collections

import numpy as np

CASES = {}
Pair = collections.namedtuple("Pair", "a b")


def case(f):
    CASES[f.__name__] = f
    return f


def given(tf, value, shape=None, dtype=np.float32):
    """A value that is not known when the graph is built."""
    value = np.asarray(value, dtype)
    return tf.placeholder_with_default(value, value.shape if shape is None else shape)


def times(tf, n, body, *first, **options):
    """The loop variables after n iterations of `body`."""

    def step(i, *values):
        found = body(i, *values)
        return (i + 1, *tuple(found if isinstance(found, (list, tuple)) else [found]))

    return tf.while_loop(lambda i, *_: i < n, step, (tf.constant(0), *first), **options)[1:]


@case
def count(tf):
    return tf.while_loop(lambda i: i < 10, lambda i: i + 1, [0])


@case
def captures(tf):
    x, y = given(tf, [1.0, 2.0]), given(tf, [0.5, 3.0])
    return tf.while_loop(lambda i, a: i < 4, lambda i, a: (i + 1, a * y + x), [tf.constant(0), x])


@case
def condition_captures_too(tf):
    n, x = given(tf, 3, dtype=np.int32), given(tf, 2.0)
    return tf.while_loop(lambda i, a: i < n, lambda i, a: (i + n - n + 1, a * x), [0, 1.0])


@case
def no_iterations(tf):
    x = given(tf, [1.0, 2.0])
    r = times(tf, 0, lambda i, a: a * x, x)[0]
    return [r, tf.gradients(r, x)[0]]


@case
def nested_structure(tf):
    a = given(tf, 1.0)
    return tf.while_loop(
        lambda i, s: i < 3,
        lambda i, s: (i + 1, {"p": (s["p"][0] * 2.0, s["p"][1] + i), "o": s["o"]}),
        (0, {"p": (a, tf.constant(5)), "o": a}),
    )[1]["p"]


@case
def namedtuple_variables(tf):
    r = tf.while_loop(lambda a, b: a < 3, lambda a, b: Pair(a + 1, b * 2), Pair(0, 1))
    assert type(r) is Pair
    return [r.a, r.b]


@case
def same_structure(tf):
    r = tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0], return_same_structure=True)
    assert isinstance(r, list)
    return r


@case
def maximum(tf):
    a = tf.while_loop(lambda i: i < 30, lambda i: i + 1, [0], maximum_iterations=3)
    b = tf.while_loop(lambda i, j: i < 2, lambda i, j: (i + 1, j * 2), (0, 1), maximum_iterations=3)
    return [a, b]


@case
def maximum_tensor(tf):
    n = given(tf, 2, dtype=np.int64)
    return tf.while_loop(lambda i: True, lambda i: i + 2, [0], maximum_iterations=n)


@case
def bool_variable(tf):
    return tf.while_loop(
        lambda go, i: go, lambda go, i: (i < 3, i + 1), (tf.constant(True), tf.constant(0))
    )


@case
def types_of_variables(tf):
    return times(
        tf,
        3,
        lambda i, a, b, c, d: (a + 1, b * 2, tf.logical_not(c), d / 2),
        tf.constant(1, tf.int64),
        tf.constant(1, tf.uint8),
        tf.constant(True),
        tf.constant(1, tf.float16),
    )


@case
def shape_grows(tf):
    x = given(tf, [[1.0, 2.0]])
    r = times(
        tf,
        3,
        lambda i, a: tf.concat([a, a * 2.0], 0),
        x,
        shape_invariants=(tf.TensorShape([]), tf.TensorShape([None, 2])),
    )
    return [r[0], tf.gradients(r, x)[0]]


@case
def shape_grows_unknown(tf):
    x = given(tf, [1.0, 2.0], [None])
    r = times(tf, 2, lambda i, a: tf.concat([a, x], 0), x)[0]
    return [r, tf.gradients(r * r, x)[0]]


@case
def shape_known_again(tf):
    x = given(tf, [1.0, 2.0], [None])
    r = times(tf, 2, lambda i, a: tf.zeros([2]) + 1.0, x)
    assert r[0].shape.as_list() == [None]
    return r


@case
def set_shape_in_body(tf):
    x = given(tf, [1.0, 2.0], [2])

    def body(i, a):
        b = tf.concat([a[:1], given(tf, [5.0], [None])], 0)
        b.set_shape([2])
        return b

    return times(tf, 2, body, x)


@case
def slices_variable(tf):
    s = tf.IndexedSlices(given(tf, [[1.0], [2.0]]), tf.constant([0, 1]), tf.constant([3, 1]))
    r = tf.while_loop(
        lambda i, s: i < 2,
        lambda i, s: (i + 1, tf.IndexedSlices(s.values * 2.0, s.indices, s.dense_shape)),
        (0, s),
    )[1]
    return [r.values, r.indices]


@case
def variable_as_first_value(tf):
    v = tf.Variable(2.0, name="v")
    return times(tf, 3, lambda i, a: a * a, v)


@case
def assigns(tf):
    v = tf.Variable(1.0, name="v")

    def body(i):
        with tf.control_dependencies([v.assign_add(2.0)]):
            return i + 1

    r = tf.while_loop(lambda i: i < 3, body, [0])
    with tf.control_dependencies([r]):
        return [r, v.read_value()]


@case
def reads_what_it_assigned(tf):
    v = tf.Variable(1.0, name="v")

    def body(i, a):
        with tf.control_dependencies([v.assign_add(tf.cast(i, tf.float32) + 1.0)]):
            return i + 1, a + v.read_value()

    return tf.while_loop(lambda i, a: i < 3, body, [0, 0.0], parallel_iterations=1)


@case
def waits_for_outside(tf):
    v = tf.Variable(1.0, name="v")
    with tf.control_dependencies([v.assign(4.0)]):
        return times(tf, 2, lambda i, a: a + v.read_value(), tf.constant(0.0))


@case
def variable_made_in_body(tf):
    x = given(tf, [1.0, 2.0])

    def body(i, a):
        w = tf.get_variable("w", [2], initializer=tf.constant_initializer(3.0))
        return a * w

    r = times(tf, 2, body, x)[0]
    return [r, *tf.gradients(r, tf.trainable_variables())]


@case
def random_in_body(tf):
    tf.set_random_seed(42)
    ta = tf.TensorArray(tf.float32, 3)
    r = tf.while_loop(
        lambda i, t: i < 3,
        lambda i, t: (i + 1, t.write(i, tf.random_uniform([2]))),
        [0, ta],
        parallel_iterations=1,
    )
    return [r[1].stack(), tf.random_uniform([2])]


@case
def random_counts_captures(tf):
    tf.set_random_seed(3)
    x, y = given(tf, [1.0, 2.0]), given(tf, [1.0, 1.0])
    r = times(tf, 2, lambda i, a: a * x + y * x + tf.random_uniform([2]), y, parallel_iterations=1)
    return [r[0], tf.random_normal([1])]


@case
def branch_in_loop(tf):
    x = given(tf, [1.0, 2.0])
    p = given(tf, True, dtype=np.bool_)

    def body(i, a):
        return i + 1, tf.cond(p, lambda: a + x, lambda: tf.cond(i > 3, lambda: a * x, lambda: a))

    return tf.while_loop(lambda i, a: i < 5, body, [0, x])


@case
def loop_in_branch_in_loop(tf):
    x = given(tf, [1.0, 2.0])

    def body(i, a):
        def inner():
            return times(tf, i, lambda j, b: b * x + tf.cast(j, tf.float32), a)[0]

        return tf.cond(tf.equal(i % 2, 0), inner, lambda: a - x)

    return times(tf, 5, body, x)


@case
def gradient_powers(tf):
    x = given(tf, [1.0, 2.0, -1.5])
    r = times(tf, 3, lambda i, a: a * x + x, x)[0]
    return [r, tf.gradients(r, x)[0]]


@case
def gradient_two_variables(tf):
    x, y = given(tf, [1.0, 2.0]), given(tf, [0.5, -1.0])
    a, b = times(tf, 4, lambda i, a, b: (a * b, tf.tanh(a + b)), x, y)
    return [a, b, *tf.gradients(a, [x, y]), *tf.gradients([a, b], [x, y])]


@case
def gradient_invariants(tf):
    w, c, x = given(tf, [[0.5, -0.2], [0.1, 0.3]]), given(tf, [0.1, 0.2]), given(tf, [[1.0, 2.0]])
    r = times(tf, 5, lambda i, h: tf.tanh(tf.matmul(h, w) + c), x)[0]
    return tf.gradients(r, [w, c, x])


@case
def gradient_unknown_shapes(tf):
    w = given(tf, [[0.5, -0.2], [0.1, 0.3]], [None, None])
    c, x = given(tf, [0.1, 0.2], [None]), given(tf, [[1.0, 2.0]], [None, None])
    r = times(tf, 5, lambda i, h: tf.sigmoid(tf.matmul(h, w) + c * h), x)[0]
    return tf.gradients(r, [w, c, x])


@case
def gradient_given(tf):
    x = given(tf, [1.0, 2.0])
    r = times(tf, 2, lambda i, a: a * a, x)[0]
    return tf.gradients(r, x, grad_ys=given(tf, [3.0, -1.0]))


@case
def gradient_by_inside_unused(tf):
    x, y = given(tf, [1.0, 2.0]), given(tf, [1.0, 2.0])
    a, b = times(tf, 2, lambda i, a, b: (a * 2.0, b + 1.0), x, y)
    assert tf.gradients(a, y) == [None]
    return tf.gradients(a, x) + tf.gradients(b, y)


@case
def gradient_stops(tf):
    x = given(tf, [1.0, 2.0])
    r = times(tf, 3, lambda i, a: a * x + tf.stop_gradient(a) * x, x)[0]
    return tf.gradients(r, x) + tf.gradients(r, x, stop_gradients=[x])


@case
def gradient_of_gather(tf):
    table = given(tf, np.arange(6.0).reshape(3, 2))
    r = times(tf, 3, lambda i, a: a * tf.gather(table, [i, 0]), tf.ones([2, 2]))[0]
    g = tf.gradients(r, table)[0]
    return [g.values, g.indices, tf.convert_to_tensor(g)]


@case
def gradient_by_variable(tf):
    v = tf.Variable([2.0, 3.0], name="v")
    r = times(tf, 3, lambda i, a: a * v, tf.ones([2]))[0]
    return tf.gradients(r, v)


@case
def gradient_of_branch_in_loop(tf):
    x, y = given(tf, [1.0, 2.0]), given(tf, [0.5, 0.25])

    def body(i, a):
        return tf.cond(
            tf.equal(i % 2, 0), lambda: a * a * x, lambda: a + tf.cond(i > 2, lambda: y, lambda: x)
        )

    r = times(tf, 5, body, x)[0]
    return [r, *tf.gradients(r, [x, y])]


@case
def gradient_of_loop_in_branch(tf):
    x, y = given(tf, [1.0, 2.0]), given(tf, [0.5, 0.25])
    results = []
    for value in (True, False):
        p = given(tf, value, dtype=np.bool_)
        r = tf.cond(p, lambda: times(tf, 3, lambda i, a: a * y, x)[0], lambda: x * x)
        results += [r, *tf.gradients(r, [x, y])]
    return results


@case
def gradient_of_loop_in_loop(tf):
    x, y = given(tf, [1.0, 2.0]), given(tf, [0.5, 0.25])

    def body(i, a):
        return times(tf, i + 1, lambda j, b: b * y + tf.sin(a), a)[0] * x

    r = times(tf, 3, body, x)[0]
    return [r, *tf.gradients(r, [x, y])]


@case
def gradient_of_loop_in_branch_in_loop(tf):
    x, y = given(tf, [1.0, 2.0]), given(tf, [0.5, 0.25])

    def body(i, a):
        def inner():
            return times(tf, i + 1, lambda j, b: b * y + a, a)[0]

        return tf.cond(tf.equal(i % 2, 0), inner, lambda: a - x)

    r = times(tf, 4, body, x)[0]
    return [r, *tf.gradients(r, [x, y])]


@case
def gradient_not_asked_for(tf):
    x = given(tf, [1.0, 2.0])
    r = times(tf, 3, lambda i, a: a * x, x, back_prop=False)[0]
    assert tf.gradients(r, x) == [None]
    return r


@case
def gradient_int_variable(tf):
    x = given(tf, [1.0, 2.0])
    _, r = tf.while_loop(
        lambda i, a: i < 3, lambda i, a: (i + 1, a * tf.cast(i, tf.float32)), [1, x]
    )
    return tf.gradients(r, x)


@case
def gradient_asked_inside(tf):
    v = tf.Variable([2.0, 3.0], name="v")
    x = given(tf, [1.0, 2.0])

    def body(i, a):
        loss = tf.reduce_sum(v * v * x + a)
        return a + tf.gradients(loss, v)[0] + tf.gradients(tf.reduce_sum(x * x * v), x)[0]

    return times(tf, 3, body, x)


@case
def gradient_float64_and_half(tf):
    found = []
    for dtype in (np.float64, np.float16):
        x = given(tf, [1.0, 2.0], dtype=dtype)
        r = times(tf, 2, lambda i, a, x=x: a * x, x)[0]
        found += tf.gradients(r, x)
    return found


@case
def gradient_through_shapes(tf):
    x = given(tf, [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]], [None, None])

    def body(i, a):
        flat = tf.reshape(a, [-1])
        return tf.reshape(flat * 2.0, tf.shape(a)) + tf.reduce_mean(a, 0, keepdims=True) * x

    r = times(tf, 2, body, x)[0]
    return [r, *tf.gradients(r, x)]


def evaluated(text):
    def build(tf):
        x = tf.placeholder_with_default(np.zeros(2, np.float32), [None])

        def double(first, **options):
            return tf.while_loop(
                lambda i: tf.reduce_sum(i) < 1, lambda i: tf.concat([i, i], 0), first, **options
            )

        return eval(text, {"tf": tf, "np": np, "x": x, "Pair": Pair, "double": double})

    return build


CALLS = """
tf.while_loop(1, lambda i: i, [0])
tf.while_loop(lambda i: i, 1, [0])
tf.while_loop(lambda: 1, lambda: 1, [])
tf.while_loop(lambda i: i < 1, lambda i: i, [0], parallel_iterations=0)
tf.while_loop(lambda i: tf.reduce_sum(i) < 1, lambda i: tf.concat([i, i], 0), [tf.zeros([2])])
tf.while_loop(lambda i: tf.reduce_sum(i) > 1, lambda i: tf.concat([i, i], 0), [x])
tf.while_loop(lambda i: tf.reduce_sum(i) > 1, lambda i: tf.reshape(i, tf.shape(x)), [tf.zeros([2])])
double([tf.zeros([2])], shape_invariants=[tf.TensorShape([3])])
double([tf.zeros([2])], shape_invariants=[[None]])
double([tf.zeros([2])], shape_invariants=[tf.TensorShape([None])] * 2)
tf.while_loop(lambda i, j: i < 1, lambda i, j: i, [0, 0])
tf.while_loop(lambda i: i < 1, lambda i: (i, i), [0])
tf.while_loop(lambda i: i, lambda i: i, [0])
tf.while_loop(lambda i: [i < 1], lambda i: i + 1, [0])
tf.while_loop(lambda i: True, lambda i: i + 1, [0], maximum_iterations=3)
tf.while_loop(lambda i: i < 3, lambda i: i + 1, (0,))
tf.while_loop(lambda i, j: i < 3, lambda i, j: [i + 1, j], (0, 1))
tf.while_loop(lambda i: i < 3, lambda i: i + 1, tf.constant(0))
tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0], maximum_iterations=[3])
tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0], maximum_iterations=3, return_same_structure=True)
tf.while_loop(lambda i: i < 3, lambda i: None, [0])
tf.while_loop(lambda i: i < 3, lambda i: tf.no_op(), [0])
tf.while_loop(lambda i, d: i < 3, lambda i, d: (i + 1, {'x': d['x'], 'y': d['y']}), (0, {'y': 1, 'x': 2.0}))[1]['x']
tf.while_loop(lambda i, d: i < 3, lambda i, d: (i + 1, (d,)), (0, [1]))
tf.while_loop(lambda i: i < 3, lambda i: i + 1, [0], name='foo')
"""
CASES.update((line, evaluated(line)) for line in CALLS.strip().split("\n"))
