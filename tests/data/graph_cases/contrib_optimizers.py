"""The nodes of AdagradDA and of the optimisers of tf.contrib.opt."""

from __future__ import annotations

CASES = {}
OPTIMIZERS = {
    "adagrad_da": "tf.train.AdagradDAOptimizer(0.1, step, l1_regularization_strength=0.01)",
    "ada_max": "tf.contrib.opt.AdaMaxOptimizer()",
    "nadam": "tf.contrib.opt.NadamOptimizer(0.1)",
    "lazy_adam": "tf.contrib.opt.LazyAdamOptimizer(0.1)",
    "adam_w": "tf.contrib.opt.AdamWOptimizer(0.01, 0.1)",
    "momentum_w": "tf.contrib.opt.MomentumWOptimizer(0.01, 0.1, 0.9)",
    "power_sign": "tf.contrib.opt.PowerSignOptimizer()",
    "add_sign": "tf.contrib.opt.AddSignOptimizer()",
    "descent_w": "tf.contrib.opt.extend_with_decoupled_weight_decay("
    "tf.train.GradientDescentOptimizer)(0.01, learning_rate=0.1)",
}


def optimized(line, use_resource, sparse):
    def build(tf):
        step = tf.train.get_or_create_global_step()
        w = tf.get_variable(
            "w", [4, 3], initializer=tf.ones_initializer(), use_resource=use_resource
        )
        used = tf.gather(w, tf.placeholder(tf.int32, [2], name="rows")) if sparse else w
        optimizer = eval(line, {"tf": tf, "step": step})
        optimizer.minimize(tf.reduce_sum(used * used), global_step=step)

    return build


for name, line in OPTIMIZERS.items():
    for use_resource in (False, True):
        for sparse in (False, True):
            kind = ("_by_handle" if use_resource else "") + ("_sparse" if sparse else "")
            CASES[name + kind] = optimized(line, use_resource, sparse)


def case(build):
    CASES[build.__name__] = build
    return build


@case
def decay_of_some(tf):
    a = tf.get_variable("a", [2], initializer=tf.ones_initializer())
    b = tf.get_variable("b", [2], initializer=tf.ones_initializer())
    optimizer = tf.contrib.opt.AdamWOptimizer(lambda: 0.01, 0.1)
    optimizer.minimize(tf.reduce_sum(a * b), decay_var_list=[b], name="train")


@case
def signs_that_wear_off(tf):
    decays = __import__(tf.__name__ + ".contrib.opt.python.training.sign_decay", fromlist=["x"])
    step = tf.train.get_or_create_global_step()
    a = tf.get_variable("a", [2], initializer=tf.ones_initializer())
    for decay in (
        decays.get_linear_decay_fn(10),
        decays.get_cosine_decay_fn(10, num_periods=2.0),
        decays.get_restart_decay_fn(10, num_periods=3),
    ):
        optimizer = tf.contrib.opt.AddSignOptimizer(sign_decay_fn=decay)
        optimizer.minimize(tf.reduce_sum(a * a), global_step=step)


@case
def signs_without_a_step(tf):
    decays = __import__(tf.__name__ + ".contrib.opt.python.training.sign_decay", fromlist=["x"])
    a = tf.get_variable("a", [2], initializer=tf.ones_initializer())
    optimizer = tf.contrib.opt.PowerSignOptimizer(sign_decay_fn=decays.get_linear_decay_fn(10))
    optimizer.minimize(tf.reduce_sum(a * a))


@case
def clipped_variables(tf):
    a = tf.get_variable("a", [4, 2], initializer=tf.ones_initializer())
    b = tf.get_variable("b", [4, 2], initializer=tf.ones_initializer())
    rows = tf.gather(b, tf.placeholder(tf.int32, [2], name="rows"))
    inner = tf.train.GradientDescentOptimizer(0.1)
    optimizer = tf.contrib.opt.VariableClippingOptimizer(inner, {a: [0], b: [1]}, 2.0)
    optimizer.minimize(tf.reduce_sum(a * a) + tf.reduce_sum(rows))


@case
def an_external_optimizer(tf):
    a = tf.get_variable("a", [2], initializer=tf.ones_initializer())
    b = tf.get_variable("b", [2, 1], initializer=tf.ones_initializer())
    tf.contrib.opt.ExternalOptimizerInterface(
        tf.reduce_sum(a * a) + tf.reduce_sum(b), equalities=[a[0] - b[0, 0]], inequalities=[a[1]]
    )


@case
def an_adagrad_that_cannot_be(tf):
    tf.train.AdagradDAOptimizer(0.1, 0, initial_gradient_squared_accumulator_value=0.0)
