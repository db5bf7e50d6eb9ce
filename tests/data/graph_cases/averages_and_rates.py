"""The global step, learning-rate schedules and moving averages."""

from __future__ import annotations

CASES = {}


def case(build):
    CASES[build.__name__] = build
    return build


RATES = {
    "exponential": "exponential_decay(0.1, step, 100, 0.96)",
    "exponential_staircase": "exponential_decay(0.1, step, 100, 0.96, staircase=True, name='rate')",
    "exponential_of_tensors": "exponential_decay(tf.constant(0.1, tf.float64), step, tf.constant(7), 0.5)",
    "natural_exp": "natural_exp_decay(0.1, step, 100, 0.96, staircase=True)",
    "inverse_time": "inverse_time_decay(0.1, step, 100, 0.5, True)",
    "inverse_time_smooth": "inverse_time_decay(0.1, step, 100.0, 0.5)",
    "polynomial": "polynomial_decay(0.1, step, 100)",
    "polynomial_named": "polynomial_decay(0.1, step, 100, 0.01, power=0.5, name='poly')",
    "cosine": "cosine_decay(0.1, step, 100, alpha=0.1)",
    "linear_cosine": "linear_cosine_decay(0.1, step, 100, num_periods=2.0, name='lc')",
    "noisy_linear_cosine": "noisy_linear_cosine_decay(0.1, step, 100)",
    "piecewise_one_value_too_few": "piecewise_constant(step, [10, 20], [1.0, 0.5])",
    "piecewise_of_other_types": "piecewise_constant(step, [10.0], [1.0, 0.5])",
    "piecewise_mixed_values": "piecewise_constant(step, [10], [1.0, 2])",
}


def rate(call):
    def build(tf):
        step = tf.train.get_or_create_global_step()
        eval("tf.train." + call, {"tf": tf, "step": step})

    return build


def rate_of_a_plain_variable(call):
    def build(tf):
        step = tf.Variable(0, trainable=False)
        eval("tf.train." + call, {"tf": tf, "step": step})

    return build


for name, call in RATES.items():
    CASES[name] = rate(call)
    CASES[name + "_of_a_plain_variable"] = rate_of_a_plain_variable(call)


@case
def rate_of_numbers(tf):
    tf.train.exponential_decay(0.1, 5, 100, 0.96)
    tf.train.polynomial_decay(0.1, 5, 100)


@case
def global_step_made_in_a_scope(tf):
    with tf.name_scope("scope"), tf.variable_scope("vars"):
        tf.train.create_global_step()


@case
def global_step_made_twice(tf):
    tf.train.create_global_step()
    tf.train.create_global_step()


@case
def global_step_that_is_no_integer(tf):
    tf.Variable(0.0, name="global_step")
    tf.train.get_global_step()


@case
def global_step_that_is_no_scalar(tf):
    tf.Variable([0, 1], name="global_step")
    tf.train.get_or_create_global_step()


@case
def averages_of_tensors(tf):
    x = tf.placeholder(tf.float32, [2, 3], name="x")
    averages = tf.train.ExponentialMovingAverage(tf.constant(0.9), zero_debias=True)
    averages.apply([x, x * 2])


@case
def averages_of_a_loss(tf):
    loss = tf.reduce_mean(tf.placeholder(tf.float32, [None]), name="loss")
    averages = tf.train.ExponentialMovingAverage(0.9, name="avg")
    averages.apply([loss])
    averages.average(loss)


@case
def averages_of_a_tensor_of_unknown_shape(tf):
    x = tf.placeholder(tf.float32, [None, 3], name="x")
    tf.train.ExponentialMovingAverage(0.9).apply([x])


@case
def averages_of_integers(tf):
    tf.train.ExponentialMovingAverage(0.9).apply([tf.Variable(1)])


@case
def debiased_average(tf):
    from_here = __import__(tf.__name__ + ".python.training.moving_averages", fromlist=["x"])
    v = tf.get_variable("v", [2], initializer=tf.ones_initializer())
    from_here.assign_moving_average(v, tf.constant([3.0, 4.0]), 0.9)
    from_here.assign_moving_average(v, tf.constant([3.0, 4.0]), 0.9)
    from_here.assign_moving_average(v, [3.0, 4.0], tf.constant(0.9), zero_debias=False, name="n")


@case
def weighted_average(tf):
    from_here = __import__(tf.__name__ + ".python.training.moving_averages", fromlist=["x"])
    from_here.weighted_moving_average(tf.constant([3.0]), 0.9, tf.constant([1.0]))
    from_here.weighted_moving_average(
        tf.constant(3.0), 0.5, tf.constant(1.0), truediv=False, name="n"
    )
