"""What variables are after some steps of each optimiser."""

from __future__ import annotations

import os
import shutil
import tempfile

import numpy as np

CASES = {}
OPTIMIZERS = """
tf.train.GradientDescentOptimizer(0.1)
tf.train.MomentumOptimizer(0.1, 0.9)
tf.train.MomentumOptimizer(0.1, 0.9, use_nesterov=True)
tf.train.AdamOptimizer(0.1)
tf.train.AdagradOptimizer(0.1)
tf.train.AdadeltaOptimizer(10.0)
tf.train.RMSPropOptimizer(0.1, momentum=0.5)
tf.train.RMSPropOptimizer(0.1, centered=True)
tf.train.FtrlOptimizer(0.5, l1_regularization_strength=0.01, l2_regularization_strength=0.1)
tf.train.FtrlOptimizer(0.5, l2_shrinkage_regularization_strength=0.1)
tf.train.ProximalGradientDescentOptimizer(0.1, 0.01, 0.02)
tf.train.ProximalAdagradOptimizer(0.1, l1_regularization_strength=0.01)
tf.train.AdagradDAOptimizer(0.5, step, l1_regularization_strength=0.01)
tf.contrib.opt.AdaMaxOptimizer(0.1)
tf.contrib.opt.NadamOptimizer(0.1)
tf.contrib.opt.LazyAdamOptimizer(0.1)
tf.contrib.opt.AdamWOptimizer(0.01, 0.1)
tf.contrib.opt.MomentumWOptimizer(0.01, 0.1, 0.9)
tf.contrib.opt.PowerSignOptimizer()
tf.contrib.opt.AddSignOptimizer(alpha=0.5)
tf.contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.1), 0.5)
tf.contrib.opt.VariableClippingOptimizer(tf.train.GradientDescentOptimizer(0.1), {w: [1]}, 2.0)
"""
START = np.float32([[1, -2, 3], [0, 0.5, -0.25], [4, 5, -6]])


def trained(line, dtype, use_resource, sparse):
    def run(tf):
        step = tf.train.get_or_create_global_step()
        w = tf.get_variable("w", initializer=START.astype(dtype), use_resource=use_resource)
        rows = tf.placeholder(tf.int32, [None], name="rows")
        used = tf.gather(w, rows) if sparse else w
        optimizer = eval(line, {"tf": tf, "step": step, "w": w})
        pairs = optimizer.compute_gradients(tf.reduce_sum(tf.square(used) * used))
        # some optimisers write variables before they use the gradients
        with tf.control_dependencies([getattr(g, "values", g) for g, _ in pairs]):
            train = optimizer.apply_gradients(pairs, global_step=step)
        found = []
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for chosen in ([0, 2], [2, 2], [1]):
                sess.run(train, {rows: chosen})
                found.append(sess.run(w))
            rest = sorted((v for v in tf.global_variables() if v is not w), key=lambda v: v.name)
            return found, [v.name for v in rest], sess.run(rest)

    return run


for line in OPTIMIZERS.strip().splitlines():
    for use_resource in (False, True):
        for sparse in (False, True):
            kind = (" by handle" if use_resource else "") + (" of rows" if sparse else "")
            CASES[line + kind] = trained(line, "float32", use_resource, sparse)
    if "Proximal" not in line:  # TensorFlow has these in float32 alone
        CASES[line + " in float64"] = trained(line, "float64", False, False)


def case(run):
    CASES[run.__name__] = run
    return run


@case
def averages_and_variables_change_places(tf):
    w = tf.Variable([1.0, 2.0], name="w")
    tf.Variable(7.0, name="other", trainable=False)
    optimizer = tf.contrib.opt.MovingAverageOptimizer(tf.train.GradientDescentOptimizer(0.1), 0.5)
    try:
        optimizer.swapping_saver()
        found = ["no error"]
    except RuntimeError:
        found = ["RuntimeError"]
    train = optimizer.minimize(tf.reduce_sum(w * w))
    saver = optimizer.swapping_saver()
    folder = tempfile.mkdtemp()
    try:
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            for _ in range(3):
                sess.run(train)
            path = saver.save(sess, os.path.join(folder, "m"))
            found.append(sess.run(w))
        reader = tf.train.NewCheckpointReader(path)
        names = sorted(reader.get_variable_to_shape_map())
        found.append([[name, reader.get_tensor(name)] for name in names])
    finally:
        shutil.rmtree(folder)
    return found
