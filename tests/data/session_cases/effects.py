"""Python functions in graphs, what they may return and raise; assertions; printing; gradients of one's own."""

from __future__ import annotations

import os
import tempfile

import numpy as np

CASES = {}


def case(run):
    CASES[run.__name__] = run
    return run


def evaluated(tf, fetches, feed=None):
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return session.run(fetches, feed)


def returns(name, value, Tout):
    """What a run gives where the function returns this."""

    def run(tf):
        types = [getattr(tf, t) for t in Tout] if isinstance(Tout, list) else getattr(tf, Tout)
        found = evaluated(tf, tf.py_func(lambda: value, [], types))
        return found if isinstance(found, (list, bytes)) else np.asarray(found)

    CASES["returns_" + name] = run


returns("nothing", None, [])
returns("nothing_for_a_float", None, "float32")
returns("a_float", 1.5, "float64")
returns("a_double_for_a_float", 1.5, "float32")
returns("an_int", 3, "int64")
returns("an_int_of_another_size", 3, "int32")
returns("a_numpy_scalar", np.float32(2), "float32")
returns("a_list", [np.float32(1), np.float32(2)], ["float32", "float32"])
returns("a_list_of_one", [np.float32(1)], "float32")
returns("a_list_for_one", [1.0, 2.0], "float64")
returns("a_tuple", (np.float32(1), b"x"), ["float32", "string"])
returns("too_few", np.float32(1), ["float32", "float32"])
returns("text", "abc", "string")
returns("text_beyond_ascii", "\u00e9", "string")
returns("bytes", b"abc", "string")
returns("texts", ["a", "bc"], ["string", "string"])
returns("an_array_of_text", np.array(["a", "bc"]), "string")
returns("an_array_of_bytes", np.array([b"a", b"bc"]), "string")
returns("an_array_of_objects", np.array([b"a", "bc"], object), "string")
returns("an_array_of_odd_objects", np.array([1, 2], object), "string")
returns("a_truth", True, "bool")
returns("a_dict", {"a": 1}, "float32")
returns("ragged_rows", [[1.0], [1.0, 2.0]], ["float64", "float64"])
returns("every_other", np.arange(6.0)[::2], "float64")
returns("columns_first", np.asfortranarray(np.arange(6.0).reshape(2, 3)), "float64")
returns("a_complex", 1j, "complex128")
returns("a_half", np.float16(1), "half")
returns("none_in_a_list", [None], ["float32"])
returns("an_empty_array", np.zeros((0, 3), np.float32), "float32")
returns("an_empty_tuple_for_one", (), "float32")


class Own(Exception):
    """Nothing that any library knows."""


def raises(error):
    def function():
        raise error

    CASES["raises_" + type(error).__name__] = lambda tf: evaluated(
        tf, tf.py_func(function, [], tf.float32)
    )


for _error in (
    ValueError("v"), TypeError("t"), KeyError("k"), StopIteration("s"), MemoryError("m"),
    NotImplementedError("n"), RuntimeError("r"), ZeroDivisionError("z"), Own("o"), OSError("o"),
    AssertionError("a"), SystemExit(3),
):  # fmt: skip
    raises(_error)


@case
def raises_an_error_of_a_run(tf):
    def function():
        raise tf.errors.NotFoundError(None, None, "inner")

    evaluated(tf, tf.py_func(function, [], tf.float32))


@case
def kinds_of_arguments(tf):
    kinds = []

    def note(*arguments):
        for a in arguments:
            is_a = [isinstance(a, kind) for kind in (np.ndarray, np.generic, bytes)]
            kinds.append([is_a, str(getattr(a, "dtype", "")), np.shape(a)])
        return np.float32(0)

    given = [1.5, [1.0, 2.0], "s", ["a", "bc"], True, 3, [[1, 2]]]
    evaluated(tf, tf.py_func(note, given, tf.float32))
    return kinds


@case
def an_argument_changed_in_place(tf):
    def add_one(a):
        a += 1
        return a

    c = tf.constant([1.0, 2.0])
    return evaluated(tf, tf.py_func(add_one, [c], tf.float32))


@case
def called_once_for_each_run(tf):
    calls = []

    def count(a):
        calls.append(1)
        return a, np.int64(len(calls))

    y, n = tf.py_func(count, [tf.constant(2.0)], [tf.float32, tf.int64])
    with tf.Session() as session:
        return [session.run([y, n]), session.run(y * y), session.run([n, n + 1])]


@case
def missing_argument(tf):
    evaluated(tf, tf.py_func(lambda a, b: a, [np.float32(1)], tf.float32))


@case
def gradient_of_a_function(tf):
    a = tf.constant(1.0)
    return tf.gradients(tf.py_func(lambda v: v, [a], tf.float32), a)


@case
def assertion_that_holds(tf):
    return evaluated(tf, tf.Assert(True, ["x"]))


@case
def assertion_that_fails(tf):
    a = tf.constant([1.0, 2.0])
    evaluated(tf, tf.Assert(tf.reduce_all(a > 1), [a]))


@case
def assertion_of_two_truths(tf):
    evaluated(tf, tf.Assert([True, True], ["x"]))


@case
def checks_in_the_run(tf):
    a = tf.placeholder(tf.float32, [None])
    with tf.control_dependencies([tf.assert_positive(a), tf.assert_less(a, 3.0)]):
        b = a * 2
    with tf.Session() as session:
        found = [session.run(b, {a: v}) for v in ([1.0], [], [2.0, 1.0])]
        failed = []
        for value in ([0.0], [3.0], [float("nan")]):
            try:
                session.run(b, {a: value})
            except tf.errors.InvalidArgumentError:
                failed.append(value != [0.0])
        return [found, failed]


@case
def ranks_in_the_run(tf):
    a = tf.placeholder(tf.int32)
    check = tf.assert_rank(a, 1)
    with tf.Session() as session:
        session.run(check, {a: [1]})
        session.run(check, {a: 1})


@case
def sizes_in_the_run(tf):
    a, b = tf.placeholder(tf.int32, [None, 2]), tf.placeholder(tf.int32, [None])
    check = tf.debugging.assert_shapes([(a, ("n", 2)), (b, ("n",))])
    with tf.Session() as session:
        session.run(check, {a: [[1, 2]], b: [1]})
        session.run(check, {a: [[1, 2]], b: [1, 2]})


@case
def rising(tf):
    a = tf.placeholder(tf.float32)
    tests = [tf.is_non_decreasing(a), tf.is_strictly_increasing(a)]
    values = ([], [1.0], [1.0, 1.0], [1.0, 2.0], [2.0, 1.0], [[1.0, 2.0], [3.0, 3.0]])
    with tf.Session() as session:
        return [session.run(tests, {a: v}) for v in values]


@case
def printed_to_a_file(tf):
    path = os.path.join(tempfile.mkdtemp(), "out")
    a = tf.constant(np.arange(8))
    first = tf.print(
        "a", a, {"k": tf.constant("s")}, [1, tf.constant(2.0)], output_stream="file://" + path
    )
    second = tf.print(
        a, tf.constant(True), sep="|", end="END", summarize=1, output_stream="file://" + path
    )
    with tf.Session() as session:
        session.run(first)
        session.run(second)
        session.run(tf.print(tf.constant("whole"), output_stream="file://" + path))
    with open(path) as file:
        return file.read()


@case
def passed_through_print(tf):
    a = tf.constant([1.0, 2.0])
    return evaluated(tf, [tf.Print(a, [a], "m"), tf.gradients(tf.Print(a, [a]) * 3, a)[0]])


@case
def own_gradient(tf):
    @tf.custom_gradient
    def softplus(y):
        e = tf.exp(y)

        def grad(dy):
            return dy * (1 - 1 / (1 + e))

        return tf.log(1 + e), grad

    a = tf.constant([100.0, 1.0, -1.0])
    y = softplus(a)
    return evaluated(tf, [y, tf.gradients(y, a)[0]])[1][:2]


@case
def own_gradient_of_second_order(tf):
    @tf.custom_gradient
    def cube(y):
        return y**3, lambda dy: dy * 10 * y**2

    a = tf.constant(2.0)
    first = tf.gradients(cube(a), a)[0]
    return evaluated(tf, [first, tf.gradients(first, a)[0]])


@case
def own_gradient_with_variables(tf):
    @tf.custom_gradient
    def scaled(y):
        v = tf.get_variable("v", [2], initializer=tf.constant_initializer([3.0, 4.0]))

        def grad(dy, variables=None):
            return dy * v * 100, [dy * y * 10 for _ in variables]

        return y * v, grad

    a = tf.constant([1.0, 2.0])
    with tf.variable_scope("s", use_resource=True):
        y = scaled(a)
    return evaluated(tf, tf.gradients(y, [a, *tf.trainable_variables()]))


@case
def own_gradients_too_few_for_variables(tf):
    @tf.custom_gradient
    def scaled(y):
        v = tf.get_variable("v", [2], use_resource=True)
        return y * v, lambda dy, variables=None: (dy, [])

    a = tf.constant([1.0, 2.0])
    with tf.variable_scope("s", use_resource=True):
        tf.gradients(scaled(a), a)


@case
def gradients_that_pass(tf):
    a = tf.constant([1.4, 2.6])
    with tf.variable_scope("s", use_resource=True):
        y = tf.grad_pass_through(tf.round)(a)
    return evaluated(tf, [y, tf.gradients(y * [2.0, 3.0], a)[0]])


@case
def gradients_computed_again(tf):
    a = tf.constant([1.0, 2.0])
    with tf.variable_scope("s", use_resource=True):
        y = tf.recompute_grad(lambda v: tf.exp(v) * 2)(a)
    return evaluated(tf, [y, tf.gradients(y, a)[0]])


@case
def contrib_py_func(tf):
    def call(pair, scale=1):
        return {"sum": (pair["a"] + pair["b"]) * scale, "parts": (pair["a"], pair["b"])}

    found = tf.contrib.framework.py_func(
        call,
        [{"a": tf.constant(1.0), "b": tf.constant(2.0)}],
        {"scale": tf.constant(3.0)},
        {"sum": tf.float32, "parts": (tf.float32, tf.float32)},
        {"sum": [], "parts": ([], None)},
    )
    with tf.Session() as session:
        return [session.run(found), str(found["sum"].shape), str(found["parts"][1].shape)]


@case
def contrib_py_func_of_types_by_call(tf):
    found = tf.contrib.framework.py_func(
        lambda x, n=1: x * n,
        [tf.constant([1.0, 2.0])],
        {"n": tf.constant(2.0)},
        output_types=lambda x, n: x.dtype,
        output_shapes=lambda x, n: x.shape,
        stateful=False,
    )
    with tf.Session() as session:
        return [session.run(found), str(found.shape)]
