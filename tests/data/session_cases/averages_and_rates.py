"""What learning rates are at some steps, and what averages become."""

from __future__ import annotations

import numpy as np

CASES = {}


def case(run):
    CASES[run.__name__] = run
    return run


STEPS = [0, 1, 9, 10, 11, 55, 100, 101, 250]
RATES = [
    "exponential_decay(0.1, step, 10, 0.9)",
    "exponential_decay(0.1, step, 10, 0.9, staircase=True)",
    "exponential_decay(np.float64(0.1), step, 10, 0.9)",
    "natural_exp_decay(0.1, step, 10, 0.9)",
    "natural_exp_decay(0.1, step, 10, 0.9, staircase=True)",
    "inverse_time_decay(0.1, step, 10, 0.9)",
    "inverse_time_decay(0.1, step, 10, 0.9, staircase=True)",
    "polynomial_decay(0.1, step, 100)",
    "polynomial_decay(0.1, step, 100, 0.01, power=2.0)",
    "polynomial_decay(0.1, step, 100, 0.01, power=0.5, cycle=True)",
    "piecewise_constant(step, [10], [1.0, 0.5])",
    "piecewise_constant(step, [10, 100], [1.0, 0.5, 0.25])",
    "piecewise_constant_decay(step, [0, 10, 100], [4, 3, 2, 1])",
    "cosine_decay(0.1, step, 100)",
    "cosine_decay(0.1, step, 100, alpha=0.1)",
    "cosine_decay_restarts(0.1, step, 10)",
    "cosine_decay_restarts(0.1, step, 10, t_mul=1.0, m_mul=0.5, alpha=0.2)",
    "cosine_decay_restarts(0.1, step, 10, t_mul=1.5, m_mul=0.9)",
    "linear_cosine_decay(0.1, step, 100)",
    "linear_cosine_decay(0.1, step, 100, num_periods=2.0, alpha=0.1, beta=0.01)",
]


def at_all_steps(call, dtype):
    def run(tf):
        step = tf.placeholder(dtype, [], name="step")
        rate = eval("tf.train." + call, {"tf": tf, "step": step, "np": np})
        with tf.Session() as sess:
            return [sess.run(rate, {step: s}) for s in STEPS]

    return run


for call in RATES:
    CASES[call] = at_all_steps(call, "int32")
    CASES[call + " of an int64"] = at_all_steps(call, "int64")


@case
def noise_is_drawn_from_the_seed(tf):
    tf.set_random_seed(7)
    step = tf.placeholder(tf.int32, [])
    rate = tf.train.noisy_linear_cosine_decay(0.1, step, 100)
    with tf.Session() as sess:
        return [sess.run(rate, {step: s}) for s in STEPS]


def averaged(tf, make, steps=4, **options):
    v = make()
    averages = tf.train.ExponentialMovingAverage(**options)
    grow = tf.assign_add(v, [1.0, 2.0])
    with tf.control_dependencies([grow]):
        update = averages.apply([v])
    found = []
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(steps):
            sess.run(update)
            found.append(sess.run([v, averages.average(v)]))
    names = [averages.average(v).op.name, averages.average_name(v), averages.name]
    restored = sorted(averages.variables_to_restore())
    return found, names, restored, [w.name for w in tf.moving_average_variables()]


@case
def average_of_a_variable(tf):
    return averaged(tf, lambda: tf.Variable([1.0, 2.0], name="v"), decay=0.9)


@case
def average_of_a_resource_variable(tf):
    return averaged(
        tf,
        lambda: tf.get_variable("v", initializer=[1.0, 2.0], use_resource=True),
        decay=0.5,
        name="mean",
    )


@case
def average_of_a_float64(tf):
    return averaged(tf, lambda: tf.Variable(np.array([1.0, 2.0]), name="v"), decay=0.9)


@case
def average_with_few_updates(tf):
    return averaged(
        tf, lambda: tf.Variable([1.0, 2.0], name="v"), decay=0.999, num_updates=3, zero_debias=True
    )


@case
def average_of_a_tensor(tf):
    x = tf.placeholder(tf.float32, [2], name="x")
    found = []
    for debias in (False, True):
        averages = tf.train.ExponentialMovingAverage(
            0.9, zero_debias=debias, name=f"d{int(debias)}"
        )
        update = averages.apply([x])
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for i in range(3):
                sess.run(update, {x: [i, 10.0]})
                found.append(sess.run(averages.average(x)))
    return found


@case
def names_before_averages_are_made(tf):
    v = tf.Variable(1.0, name="v")
    averages = tf.train.ExponentialMovingAverage(0.9)
    return averages.average_name(v), averages.average(v), sorted(averages.variables_to_restore())


@case
def debiased_moving_average(tf):
    tools = __import__(tf.__name__ + ".python.training.moving_averages", fromlist=["x"])
    v = tf.get_variable("v", [2], initializer=tf.zeros_initializer())
    update = tools.assign_moving_average(v, tf.constant([3.0, 4.0]), 0.9)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        return [sess.run(update) for _ in range(3)], [w.name for w in tf.global_variables()]


@case
def weighted_average(tf):
    tools = __import__(tf.__name__ + ".python.training.moving_averages", fromlist=["x"])
    value = tf.placeholder(tf.float32, [])
    weight = tf.placeholder(tf.float32, [])
    mean = tools.weighted_moving_average(value, 0.9, weight)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        pairs = [(1.0, 1.0), (2.0, 3.0), (5.0, 0.5)]
        return [sess.run(mean, {value: v, weight: w}) for v, w in pairs]


@case
def the_global_step_counts(tf):
    step = tf.train.get_or_create_global_step()
    again = tf.train.get_or_create_global_step()
    v = tf.Variable(1.0)
    train = tf.train.GradientDescentOptimizer(0.1).minimize(v * v, global_step=step)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for _ in range(3):
            sess.run(train)
        counted = tf.train.global_step(sess, step)
    return counted, step is again, step.name, step.dtype.base_dtype.name


@case
def no_global_step(tf):
    return tf.train.get_global_step()


@case
def two_global_steps(tf):
    for name in "ab":
        tf.add_to_collection(tf.GraphKeys.GLOBAL_STEP, tf.Variable(0, name=name))
    return tf.train.get_global_step()


@case
def what_waits_for_a_write_sees_it(tf):
    """A variable read by the node beside it, in nodes that wait for each kind of write."""
    found = []
    for kind in range(4):
        v = tf.Variable([1.0, 2.0])
        writes = [
            lambda v: v.assign_add([1.0, 1.0]),
            lambda v: v.assign([5.0, 6.0]),
            lambda v: v.assign(v * 10),
            lambda v: tf.train.GradientDescentOptimizer(-1.0).minimize(tf.reduce_sum(v * v)),
        ]
        with tf.control_dependencies([writes[kind](v)]):
            seen = [tf.identity(v), v * 2, tf.identity(v.value())]
        with tf.Session() as sess:
            sess.run(v.initializer)
            found.append(sess.run(seen))
    return found
