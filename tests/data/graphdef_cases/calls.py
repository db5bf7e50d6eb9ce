"""Functions that are called: by PartitionedCall, by their own name, in each other, in branches and loops."""

from __future__ import annotations

import numpy as np

X = np.array([1.5, -0.5, 0.25], np.float32)


def _x(tf):
    return tf.placeholder(tf.float32, [3], "x")


def _function(tf):
    return tf.function if hasattr(tf, "function") else __import__("tensorflow").function


def called(tf):
    x = _x(tf)
    f = _function(tf)(lambda a: a * a + 1.0)
    return [f(x), f(x * 2.0)], [x], {x: X}


def several_results(tf):
    x = _x(tf)
    f = _function(tf)(lambda a, b: (a * b, tf.reduce_sum(a), b))
    return list(f(x, x + 1.0)), [x], {x: X}


def nested(tf):
    x = _x(tf)
    inner = _function(tf)(lambda a: tf.sin(a) * a)
    outer = _function(tf)(lambda a: inner(a) + inner(inner(a)))
    return [outer(x)], [x], {x: X}


def captures(tf):
    x = _x(tf)
    w = tf.placeholder(tf.float32, [3], "w")
    f = _function(tf)(lambda a: a * w)
    return [f(x)], [x, w], {x: X, w: X + 1.0}


def with_variable(tf):
    x = _x(tf)
    v = tf.get_variable("v", initializer=tf.constant([1.0, 2.0, 3.0]), use_resource=True)
    f = _function(tf)(lambda a: a * v + tf.reduce_sum(v))
    return [f(x)], [x], {x: X}


def with_branch(tf):
    x = _x(tf)
    p = tf.placeholder(tf.bool, [], "p")
    f = _function(tf)(lambda a, q: tf.cond(q, lambda: a * a, lambda: tf.exp(a)))
    return [f(x, p)], [x], {x: X, p: np.bool_(False)}


def with_loop(tf):
    x = _x(tf)

    def body(a):
        return tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, h * a), [0, a])[1]

    return [_function(tf)(body)(x)], [x], {x: X}


def in_branch(tf):
    x = _x(tf)
    p = tf.placeholder(tf.bool, [], "p")
    f = _function(tf)(lambda a: tf.sin(a) * a)
    return [tf.cond(p, lambda: f(x), lambda: x)], [x], {x: X, p: np.bool_(True)}


def in_loop(tf):
    x = _x(tf)
    f = _function(tf)(lambda a: tf.sin(a) * x)
    y = tf.while_loop(lambda i, h: i < 3, lambda i, h: (i + 1, f(h)), [0, x])[1]
    return [y], [x], {x: X}


def with_effects(tf):
    v = tf.get_variable("v", initializer=tf.constant(1.0), use_resource=True)
    x = tf.placeholder(tf.float32, [], "x")

    def add(a):
        v.assign_add(a)
        return a * 2.0

    y = _function(tf)(add)(x)
    with tf.control_dependencies([y]):
        return [y, v.read_value()], [], {x: np.float32(3)}


def by_name(tf):
    from tensorflow.python.framework import function

    @function.Defun(tf.float32)
    def twice(a):
        return a * 2.0, tf.reduce_sum(a)

    x = _x(tf)
    return list(twice(x)), [], {x: X}


by_name.only_1 = True


def by_name_with_capture(tf):
    from tensorflow.python.framework import function

    x = _x(tf)

    @function.Defun(tf.float32)
    def more(a):
        return a * x + 1.0

    return [more(x)], [], {x: X}


by_name_with_capture.only_1 = True


def functional_while(tf):
    from tensorflow.python.framework import function
    from tensorflow.python.ops import functional_ops

    @function.Defun(tf.int32, tf.float32)
    def cond(i, h):
        return i < 4

    @function.Defun(tf.int32, tf.float32)
    def body(i, h):
        return i + 1, h * 1.5

    x = _x(tf)
    out = functional_ops.While([tf.constant(0), x], cond, body)
    return list(out), [], {x: X}


functional_while.only_1 = True


def functional_if(tf):
    from tensorflow.python.framework import function
    from tensorflow.python.ops import functional_ops

    @function.Defun(tf.float32)
    def true(a):
        return a * 2.0

    @function.Defun(tf.float32)
    def false(a):
        return -a

    x = _x(tf)
    n = tf.placeholder(tf.int32, [], "n")
    return list(functional_ops.If(n, [x], true, false)), [], {x: X, n: np.int32(7)}


functional_if.only_1 = True
