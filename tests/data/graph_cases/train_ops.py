"""The nodes of tf.contrib.training."""

from __future__ import annotations

CASES = {}


def case(build):
    CASES[build.__name__] = build
    return build


def model(tf):
    w = tf.get_variable("w", [3], initializer=tf.ones_initializer())
    u = tf.get_variable("u", [4, 3], initializer=tf.ones_initializer())
    rows = tf.nn.embedding_lookup(u, tf.placeholder(tf.int32, [2], name="rows"))
    loss = tf.reduce_sum(w * w) + tf.reduce_sum(rows)
    return w, u, loss


@case
def train_op(tf):
    w, u, loss = model(tf)
    update = tf.assign(tf.Variable(0.0, trainable=False, name="mean"), 1.0)
    tf.add_to_collection(tf.GraphKeys.UPDATE_OPS, update)
    tf.contrib.training.create_train_op(loss, tf.train.MomentumOptimizer(0.1, 0.9))


@case
def plain_train_op(tf):
    w, u, loss = model(tf)
    tf.contrib.training.create_train_op(
        loss,
        tf.train.GradientDescentOptimizer(0.1),
        global_step=None,
        update_ops=[],
        variables_to_train=[w],
        check_numerics=False,
    )


@case
def train_op_with_changed_gradients(tf):
    w, u, loss = model(tf)
    tf.contrib.training.create_train_op(
        loss,
        tf.train.GradientDescentOptimizer(0.1),
        transform_grads_fn=tf.contrib.training.clip_gradient_norms_fn(3.0),
        summarize_gradients=True,
    )


@case
def train_op_without_variables(tf):
    tf.contrib.training.create_train_op(
        tf.constant(1.0), tf.train.GradientDescentOptimizer(0.1), variables_to_train=[]
    )


@case
def multiplied_gradients(tf):
    w, u, loss = model(tf)
    pairs = tf.train.GradientDescentOptimizer(0.1).compute_gradients(loss)
    tf.contrib.training.multiply_gradients(pairs, {w: 2.0, "u": 3.0})


@case
def gradients_multiplied_wrongly(tf):
    tf.contrib.training.multiply_gradients([], {})


OPTIMIZERS = {
    "descent": "tf.train.GradientDescentOptimizer(0.1)",
    "momentum": "tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True)",
    "adam": "tf.train.AdamOptimizer(0.1)",
    "adagrad": "tf.train.AdagradOptimizer(0.1)",
    "adadelta": "tf.train.AdadeltaOptimizer(0.1)",
    "rms_prop": "tf.train.RMSPropOptimizer(0.1)",
    "centered_rms_prop": "tf.train.RMSPropOptimizer(0.1, centered=True)",
    "ftrl": "tf.train.FtrlOptimizer(0.1)",
    "ftrl_shrinkage": "tf.train.FtrlOptimizer(0.1, l2_shrinkage_regularization_strength=0.1)",
    "proximal_descent": "tf.train.ProximalGradientDescentOptimizer(0.1, 0.01, 0.02)",
    "proximal_adagrad": "tf.train.ProximalAdagradOptimizer(0.1)",
}


def optimized(line, use_resource, sparse):
    def build(tf):
        w = tf.get_variable(
            "w", [4, 3], initializer=tf.ones_initializer(), use_resource=use_resource
        )
        used = tf.gather(w, tf.placeholder(tf.int32, [2], name="rows")) if sparse else w
        eval(line, {"tf": tf}).minimize(tf.reduce_sum(used * used))

    return build


for name, line in OPTIMIZERS.items():
    for use_resource in (False, True):
        for sparse in (False, True):
            kind = ("_by_handle" if use_resource else "") + ("_sparse" if sparse else "")
            CASES[name + kind] = optimized(line, use_resource, sparse)
