"""Prints, Python functions, checks of values, shapes and types, and gradients that functions bring along."""

from __future__ import annotations

import sys

CASES = {}


def case(build):
    CASES[build.__name__] = build
    return build


def case_of(name, build):
    CASES[name] = build


def x(tf, dtype="float32", shape=(2, 3), name="x"):
    return tf.placeholder(dtype, shape, name=name)


@case
def prints(tf):
    a = tf.Print(x(tf), [x(tf), 1], "message", first_n=2, summarize=4, name="p")
    tf.gradients(tf.Print(a * 2, [a]), a)
    tf.Print([1.0, 2.0], ["text"])


@case
def new_prints(tf):
    a = x(tf)
    tf.print("text", a, [1, a], {"k": a}, output_stream=sys.stdout)
    tf.print(tf.constant("whole"), name="named")
    tf.print("a{}b", a, sep="|", end="", summarize=-1, name="other")
    tf.print(a, output_stream="file:///nowhere")
    tf.print(tf.SparseTensor([[0, 0]], [1.0], [1, 1]), output_stream=tf.logging.info)
    tf.print((), 3, None)


@case
def prints_to_nowhere(tf):
    tf.print("x", output_stream="elsewhere")


@case
def python_functions(tf):
    def sums(*arrays):
        return sum(arrays)

    tf.py_func(sums, [x(tf), [1.0]], tf.float32)
    tf.py_func(sums, [x(tf), 1], [tf.float32, tf.int64], stateful=False, name="named")
    tf.numpy_function(sums, [], [])
    a = x(tf, name="y")
    tf.gradients(tf.py_func(sums, [a], tf.float32), a)


@case
def python_function_of_no_list(tf):
    tf.py_func(lambda y: y, x(tf), tf.float32)


@case
def python_function_that_is_none(tf):
    tf.py_func(3, [], tf.float32)


@case
def the_clock(tf):
    tf.timestamp()


@case
def checks_of_numbers(tf):
    a = x(tf, "int32")
    tf.assert_equal(a, 1)
    tf.assert_none_equal(a, x(tf, "int32"), message="told")
    tf.assert_less(a, [1, 2, 3], summarize=5)
    tf.assert_less_equal(a, a, data=["own"])
    tf.assert_greater(a, 0, name="named")
    tf.assert_greater_equal(a, a)
    tf.assert_equal(a, a)
    tf.assert_positive(a)
    tf.assert_negative(a, message="m")
    tf.assert_non_positive(a)
    tf.assert_non_negative(a)


@case
def checks_known_to_hold(tf):
    tf.assert_equal([1, 2], [1, 2])
    tf.assert_less(1, 2)
    tf.assert_positive([1, 2])
    tf.assert_equal(tf.shape(x(tf)), [2, 3])


@case
def check_known_to_fail(tf):
    tf.assert_equal([1, 2], [1, 3])


@case
def sign_known_to_fail(tf):
    tf.assert_positive([0, 1])


@case
def check_of_two_types(tf):
    tf.assert_equal(x(tf), 1)


@case
def checks_of_ranks(tf):
    tf.assert_rank(x(tf), 2)
    tf.assert_rank_at_least(x(tf), 1, message="m", name="named")
    tf.assert_rank_in(x(tf), [1, 2])


@case
def checks_of_ranks_in_the_run(tf):
    a = x(tf, "int32", None)
    tf.assert_rank(a, 2)
    tf.assert_rank_at_least(a, 1)
    tf.assert_rank_in(a, [1, 2])
    tf.assert_rank(a, x(tf, "int32", []))
    tf.assert_rank_in(a, [x(tf, "int32", None), 2])


for name, fails in {
    "rank_known_to_fail": lambda tf: tf.assert_rank(x(tf), 1),
    "rank_known_to_be_less": lambda tf: tf.assert_rank_at_least(x(tf), 3),
    "rank_known_to_be_none": lambda tf: tf.assert_rank_in(x(tf), [0, 1]),
    "rank_that_is_a_vector": lambda tf: tf.assert_rank(x(tf), [2]),
    "rank_that_is_no_integer": lambda tf: tf.assert_rank(x(tf), 2.0),
    "type_that_differs": lambda tf: tf.assert_type(x(tf), tf.int32),
    "no_integers": lambda tf: tf.assert_integer(x(tf)),
    "no_scalar": lambda tf: tf.assert_scalar(x(tf)),
    "no_floats": lambda tf: tf.assert_same_float_dtype([x(tf, "int32")]),
    "two_kinds_of_floats": lambda tf: tf.assert_same_float_dtype([x(tf), x(tf, "float64")]),
    "no_proper_iterable": lambda tf: tf.assert_proper_iterable("text"),
    "no_iterable": lambda tf: tf.assert_proper_iterable(3),
    "texts_that_rise": lambda tf: tf.is_non_decreasing(["a", "b"]),
}.items():
    case_of(name, fails)


@case
def checks_of_types(tf):
    tf.assert_type(x(tf), tf.float32)
    tf.assert_integer(x(tf, "int64"), name="named")
    tf.assert_scalar(1.0)
    tf.assert_scalar(x(tf, shape=[]))
    tf.assert_same_float_dtype([x(tf), None], tf.float32)
    tf.assert_proper_iterable([1, 2])
    tf.is_numeric_tensor(x(tf))


@case
def checks_of_shapes(tf):
    a, b = x(tf), x(tf, shape=[3, 4])
    tf.debugging.assert_shapes({a: ("n", 3), b: (3, "m")})
    tf.debugging.assert_shapes([(a, ("n", "q")), (b, ("q", None)), (x(tf, shape=[]), ())])
    tf.debugging.assert_shapes([(a, ("*", 3)), (b, (..., "k")), (x(tf, shape=[4]), ("k",))])


@case
def checks_of_shapes_in_the_run(tf):
    a, b = x(tf, "int32", [None, 3]), x(tf, "int32", [3, None])
    tf.debugging.assert_shapes([(a, ("n", 3)), (b, (3, "n"))], message="m")
    tf.debugging.assert_shapes([(a, (2, "k")), (b, ("k", 4))])


@case
def sizes_that_differ(tf):
    tf.debugging.assert_shapes([(x(tf), ("n", "n"))])


@case
def ranks_that_differ(tf):
    tf.debugging.assert_shapes([(x(tf), ("a", "b", "c"))])


@case
def assertions(tf):
    a = x(tf, "int32")
    tf.Assert(tf.reduce_all(tf.equal(a, 1)), [a, "text"], summarize=10, name="named")
    with tf.control_dependencies([tf.Assert(True, ["x"])]):
        tf.constant(1)


@case
def assertion_of_two_truths(tf):
    tf.Assert([True, False], ["x"])


@case
def own_gradient(tf):
    @tf.custom_gradient
    def clipped(y):
        def grad(dy):
            return tf.clip_by_value(dy, -1.0, 1.0)

        return tf.exp(y), grad

    a = x(tf)
    tf.gradients(clipped(a) * 2, a)
    tf.gradients(clipped(clipped(a)), a, name="twice")


@case
def own_gradients_of_several(tf):
    @tf.custom_gradient
    def both(y, z):
        def grad(dy, dz):
            return dy * z, dz + y

        return [y * z, y + z], grad

    a, b = x(tf), x(tf)
    first, second = both(a, b)
    tf.gradients(first, [a, b])
    tf.gradients([first, second], [a, b])


@case
def own_gradient_with_variables(tf):
    @tf.custom_gradient
    def scaled(y):
        v = tf.get_variable("v", [3], initializer=tf.ones_initializer())

        def grad(dy, variables=None):
            return dy * v, [tf.reduce_sum(dy * y, 0) for _ in variables]

        return y * v, grad

    a = x(tf)
    with tf.variable_scope("s", use_resource=True):
        y = scaled(a)
    tf.gradients(y, [a, *tf.trainable_variables()])


@case
def own_gradient_that_takes_no_variables(tf):
    @tf.custom_gradient
    def scaled(y):
        v = tf.get_variable("v", [3], use_resource=True)
        return y * v, lambda dy: dy

    scaled(x(tf))


@case
def own_gradient_with_variables_by_reference(tf):
    @tf.custom_gradient
    def scaled(y):
        v = tf.get_variable("v", [3])
        return y * v, lambda dy, variables=None: (dy, [dy])

    scaled(x(tf))


@case
def own_gradient_that_wants_variables(tf):
    @tf.custom_gradient
    def plain(y):
        return y * 2, lambda dy, variables=None: dy

    plain(x(tf))


@case
def own_gradient_with_keywords(tf):
    tf.custom_gradient(lambda y: (y, lambda dy: dy))(y=x(tf))


@case
def gradients_that_pass(tf):
    a = x(tf)
    with tf.variable_scope("s", use_resource=True):
        y = tf.grad_pass_through(tf.floor)(a)
    tf.gradients(y, a)


@case
def contrib_py_func(tf):
    tf.contrib.framework.py_func(
        lambda a, b: a, (tf.constant(1),), {"b": tf.constant(2)}, tf.int32, [], name="call"
    )
