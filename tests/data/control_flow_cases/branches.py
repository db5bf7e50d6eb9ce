"""cond and case: results, structures, names, errors, effects, gradients."""

from __future__ import annotations

import collections

import numpy as np

CASES = {}
Pair = collections.namedtuple("Pair", "a b")


def case(f):
    CASES[f.__name__] = f
    return f


def given(tf, value, shape=None, dtype=None):
    """A value that is not known when the graph is built."""
    value = np.asarray(value, dtype)
    return tf.placeholder_with_default(value, value.shape if shape is None else shape)


def X(tf):
    return given(tf, [1.5, -2.0], dtype=np.float32)


for _taken in (True, False):

    def add(name, f, taken=_taken):
        def build(tf):
            return f(tf, given(tf, taken, dtype=np.bool_))

        CASES[name + ("_true" if taken else "_false")] = build

    def both(f, add=add):
        add(f.__name__, f)
        return f

    @both
    def simple(tf, p):
        x = X(tf)
        return tf.cond(p, lambda: x + 1.0, lambda: x)

    @both
    def nested_structure(tf, p):
        x = X(tf)
        return tf.cond(p, lambda: (x + 1.0, [x * x, tf.constant(1)]), lambda: (x, [x, 3]))

    @both
    def namedtuple_and_dict(tf, p):
        x = X(tf)
        r = tf.cond(
            p,
            lambda: Pair(x, {"z": x * 2.0, "y": 1}),
            lambda: Pair(x + x, {"z": x, "y": 2}),
        )
        assert type(r) is Pair
        return [r.a, r.b["y"], r.b["z"]]

    @both
    def ops_only(tf, p):
        v = tf.Variable(1.0, name="v")
        done = tf.cond(p, lambda: v.assign(2.0).op, lambda: tf.no_op())
        with tf.control_dependencies([done]):
            return [done, v.read_value()]

    @both
    def assign_in_branch(tf, p):
        v = tf.Variable(1.0, name="v")
        return tf.cond(p, lambda: v.assign(5.0), lambda: v)

    @both
    def assign_both(tf, p):
        v = tf.Variable(1.0, name="v")
        r = tf.cond(p, lambda: v.assign(5.0), lambda: v.assign_add(1.0))
        with tf.control_dependencies([r]):
            return [r, v.read_value()]

    @both
    def read_value_in_branch(tf, p):
        v = tf.Variable(1.0, name="v")

        def update():
            with tf.control_dependencies([v.assign(7.0)]):
                return v.read_value()

        return tf.cond(p, update, lambda: v + 0.5)

    @both
    def variable_made_in_branch(tf, p):
        def make():
            return tf.get_variable("w", [2], initializer=tf.ones_initializer()) * 3.0

        return tf.cond(p, make, lambda: tf.zeros([2]))

    @both
    def waits_for_outside(tf, p):
        v = tf.Variable(1.0, name="v")
        with tf.control_dependencies([v.assign(4.0)]):
            return tf.cond(p, lambda: v.read_value() * 2.0, lambda: v.read_value())

    @both
    def dependency_on_outer_op(tf, p):
        v = tf.Variable(1.0, name="v")
        change = v.assign(4.0)

        def read():
            with tf.control_dependencies([change]):
                return v.read_value() + 1.0

        return tf.cond(p, read, read)

    @both
    def nested(tf, p):
        x = X(tf)
        q = tf.reduce_sum(x) > 0.0
        return tf.cond(
            p,
            lambda: tf.cond(q, lambda: x + 1.0, lambda: x - 1.0),
            lambda: tf.cond(q, lambda: x * 2.0, lambda: x * p_number(tf, p)),
        )

    def p_number(tf, p):
        return tf.cast(p, tf.float32) + 3.0

    @both
    def old_keywords(tf, p):
        return tf.cond(p, fn1=lambda: 1, fn2=lambda: 2, name="old")

    @both
    def strict(tf, p):
        r = tf.cond(p, lambda: [1.0], lambda: [2.0], strict=True)
        assert isinstance(r, list)
        return r

    @both
    def shapes_merge(tf, p):
        r = tf.cond(p, lambda: tf.zeros([2, 3]), lambda: tf.zeros([2, 4]))
        assert r.shape.as_list() == [2, None]
        return r

    @both
    def ranks_differ(tf, p):
        r = tf.cond(p, lambda: tf.zeros([2, 3]), lambda: tf.zeros([2]))
        assert r.shape.ndims is None
        return r

    @both
    def strings_and_bools(tf, p):
        return tf.cond(
            p, lambda: ("a", p, np.int64(3)), lambda: ("bc", tf.logical_not(p), np.int64(4))
        )

    @both
    def slices(tf, p):
        x = X(tf)
        r = tf.cond(
            p,
            lambda: tf.IndexedSlices(x, tf.constant([0, 1])),
            lambda: tf.IndexedSlices(x * 2.0, tf.constant([1, 1])),
        )
        return [r.values, r.indices]

    @both
    def sparse(tf, p):
        r = tf.cond(
            p,
            lambda: tf.SparseTensor([[0]], [1.0], [3]),
            lambda: tf.SparseTensor([[1], [2]], [2.0, 3.0], [3]),
        )
        return [r.indices, r.values, r.dense_shape]

    @both
    def random_in_branch(tf, p):
        tf.set_random_seed(7)
        a = tf.random_uniform([2])
        x = X(tf)
        r = tf.cond(p, lambda: x + tf.random_uniform([2]), lambda: x * tf.random_normal([2]))
        return [a, r, tf.random_uniform([2])]

    @both
    def tensor_array_result(tf, p):
        x = X(tf)
        ta = tf.TensorArray(tf.float32, 2, clear_after_read=False).write(0, x)
        r = tf.cond(p, lambda: ta.write(1, x * 2.0), lambda: ta.write(1, x * 3.0))
        return r.stack()

    @both
    def case_of_three(tf, p):
        n = tf.cast(p, tf.int32)
        return tf.case(
            [(n < 0, lambda: 1), (tf.equal(n, 0), lambda: 2)], default=lambda: tf.constant(3)
        )

    @both
    def case_exclusive(tf, p):
        n = tf.cast(p, tf.int32)
        return tf.case(
            {n < 1: lambda: tf.constant(17), n > 0: lambda: tf.constant(23)}, exclusive=True
        )

    @both
    def case_without_default(tf, p):
        n = tf.cast(p, tf.int32)
        return tf.case([(n < 1, lambda: n + 10), (n > 0, lambda: n + 20)])

    @both
    def case_overlapping(tf, p):
        return tf.case(
            [(p, lambda: 1), (tf.logical_not(p), lambda: 2), (p, lambda: 3)],
            exclusive=True,
            default=lambda: 4,
        )

    @both
    def case_nothing_holds(tf, p):
        n = tf.cast(p, tf.int32)
        return tf.case([(n > 5, lambda: 1), (n > 6, lambda: 2), (tf.equal(n, 1), lambda: 3)])

    @both
    def switch_case(tf, p):
        n = tf.cast(p, tf.int32)
        return [
            tf.switch_case(n, [lambda: 10, lambda: 11, lambda: 12]),
            tf.switch_case(n - 1, {0: lambda: 10, 1: lambda: 11}, default=lambda: 12),
        ]

    # ---- gradients ----

    @both
    def gradient(tf, p):
        x, y = X(tf), given(tf, [3.0, 4.0], dtype=np.float32)
        r = tf.cond(p, lambda: x * x * y, lambda: x + 1.0)
        return tf.gradients(r, [x, y])

    @both
    def gradient_unknown_shapes(tf, p):
        x = given(tf, [[1.0, 2.0]], [None, None], np.float32)
        y = given(tf, [2.0], [None], np.float32)
        r = tf.cond(p, lambda: tf.reduce_sum(x * y), lambda: tf.reduce_mean(tf.sin(x)))
        return tf.gradients(r, [x, y])

    @both
    def gradient_of_gather(tf, p):
        table = given(tf, np.arange(6.0).reshape(3, 2), dtype=np.float32)
        r = tf.cond(p, lambda: tf.gather(table, [0, 2, 0]), lambda: tf.zeros([3, 2]))
        g = tf.gradients(r, table)[0]
        return [tf.convert_to_tensor(g), tf.convert_to_tensor(type(g).__name__)]

    @both
    def gradient_by_variable(tf, p):
        v = tf.Variable([2.0, 3.0], name="v")
        r = tf.cond(p, lambda: tf.reduce_sum(v * v), lambda: tf.constant(0.0))
        return tf.gradients(r, v)

    @both
    def gradient_second_order(tf, p):
        x = given(tf, [1.0, 2.0], dtype=np.float32)
        r = tf.cond(p, lambda: x * x * x, lambda: tf.exp(x))
        g = tf.gradients(r, x)[0]
        return (
            [g, tf.gradients(g, x)[0]]
            if tf.__name__ == "graphflow"
            else [g, tf.where(tf.fill([2], p), 6.0 * x, tf.exp(x))]
        )

    @both
    def gradient_two_results(tf, p):
        x, y = X(tf), given(tf, [3.0, 4.0], dtype=np.float32)
        a, b = tf.cond(p, lambda: (x * y, y * y), lambda: (x, x * x))
        return [*tf.gradients(a, [x, y]), tf.gradients(b, y)[0], *tf.gradients([a, b], [x, y])]

    @both
    def gradient_nested(tf, p):
        x = X(tf)
        q = tf.reduce_sum(x) > 0.0
        r = tf.cond(
            p,
            lambda: tf.cond(q, lambda: x * x, lambda: x * x * x),
            lambda: tf.cond(q, lambda: x, lambda: tf.sin(x) * x),
        )
        return tf.gradients(r, x)

    @both
    def gradient_stopped(tf, p):
        x = X(tf)
        y = x * 2.0
        r = tf.cond(p, lambda: x * y, lambda: y)
        return [tf.gradients(r, x)[0], tf.gradients(r, x, stop_gradients=[y])[0]]

    @both
    def gradient_asked_inside(tf, p):
        x = X(tf)
        h = x * x
        v = tf.Variable([2.0, 3.0], name="v")

        def inside():
            y = tf.reduce_sum(h * v * 3.0)
            return tf.gradients(y, [x, v, h])

        return tf.cond(p, inside, lambda: [x, x, x])

    @both
    def dropout_in_branch(tf, p):
        tf.set_random_seed(42)
        x = tf.ones([4])
        y = tf.cond(p, lambda: tf.nn.dropout(x, rate=0.5), lambda: tf.identity(x))
        return [y, tf.random_uniform([1])]


# ---- errors and odd arguments: one line each ----


def evaluated(text):
    def build(tf):
        p = given(tf, True, dtype=np.bool_)
        return eval(text, {"tf": tf, "np": np, "p": p, "Pair": Pair})

    return build


CALLS = """
tf.cond(True, lambda: 1, lambda: 2)
tf.cond(1, lambda: 1, lambda: 2)
tf.cond(tf.constant(1.0), lambda: 1, lambda: 2)
tf.cond(tf.constant([True]), lambda: 1, lambda: 2)
tf.cond(p, lambda: None, lambda: 2)
tf.cond(p, lambda: 1, lambda: None)
tf.cond(p, lambda: (1, None), lambda: (1, None))
tf.cond(p, lambda: [], lambda: [])
tf.cond(p, lambda: 1, lambda: 2.0)
tf.cond(p, lambda: (1, 2), lambda: [1, 2])
tf.cond(p, lambda: (1, 2), lambda: (1,))
tf.cond(p, lambda: (1,), lambda: 2)
tf.cond(p, lambda: [1], lambda: 1, strict=True)
tf.cond(p, lambda: [[1]], lambda: [[2]])
tf.cond(p, lambda: {'b': 1}, lambda: {'a': 3})
tf.cond(p, lambda: 1, fn1=lambda: 1, fn2=lambda: 2)
tf.cond(p)
tf.cond(p, lambda: 1)
tf.cond(p, 1, 2)
tf.cond(p, lambda: 1, lambda: 2, name='foo')
tf.case(1)
tf.case([1])
tf.case([(True, lambda: 1)], default=lambda: 2)
tf.case([(tf.constant(1), lambda: 1)], default=lambda: 2)
tf.case([(p, 1)], default=lambda: 2)
tf.case([], default=lambda: 2)
tf.case([(p, lambda: tf.constant(5))])
tf.case([(p, lambda: 1)], default=1)
tf.switch_case(1, [lambda: 1])
tf.switch_case(tf.constant(1), [])
tf.switch_case(tf.constant(1), {0: lambda: 1, 2: lambda: 2})
tf.switch_case(tf.constant(1.0), [lambda: 1])
tf.group(None)
tf.group('a')
tf.group(foo=1)
tf.tuple([])
tf.tuple([tf.constant(1), None, 2])[0]
tf.Assert(p, [tf.constant(1.0)])
tf.Assert(p, ['a', 1])
tf.Assert(tf.logical_not(p), ['a', 1])
tf.Assert(tf.logical_not(p), ['a', 1.5])
"""
CASES.update((line, evaluated(line)) for line in CALLS.strip().split("\n"))
