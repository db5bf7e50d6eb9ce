"""What layers, losses and metrics compute, in several steps; `run` is what to fetch, `after` what to look at then."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines; `ph` makes a placeholder
CALLS = r"""
tf.set_random_seed(11)
t = ph(dtype="bool")
y = tf.layers.dropout(tf.ones([3, 4]), 0.5, training=t)
z = tf.layers.dropout(tf.ones([3, 4]), 0.5, training=t)
g = 0
run = [y, z]
feed = {t: True}
times = 2

tf.set_random_seed(11)
t = tf.placeholder_with_default(False, [])
y = tf.layers.dropout(tf.ones([3, 4]), 0.5, training=t)
run = [y]

tf.set_random_seed(1)
h = tf.layers.dense(tf.ones([2, 4]), 8, tf.nn.relu)
o = tf.layers.dense(h, 1)
l = tf.reduce_mean(tf.square(o - 1.0))
t = tf.train.AdamOptimizer(0.01).minimize(l)
run = [l, t]
times = 3

tf.set_random_seed(5)
x = tf.random_normal([4, 8, 8, 3], seed=2)
h = tf.layers.conv2d(x, 6, 3, activation=tf.nn.relu)
h = tf.layers.max_pooling2d(h, 2, 2)
h = tf.layers.flatten(h)
h = tf.layers.dropout(h, 0.3, training=True)
o = tf.layers.dense(h, 2)
l = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=[0, 1, 0, 1], logits=o)
l = tf.reduce_mean(l)
t = tf.train.GradientDescentOptimizer(0.1).minimize(l)
run = [l, t]
times = 3

v = ph(2, 4, 3, 3, 3)
b = tf.get_variable("b", [4])
y = tf.nn.bias_add(v, b, data_format="NCHW")
g = tf.gradients(y, [b])
h = 0
run = g
feed = {v: np.arange(216).reshape(2, 4, 3, 3, 3)}

v = ph(2, 4, 3)
b = tf.get_variable("b", [4])
y = tf.nn.bias_add(v, b, data_format="NCHW")
g = tf.gradients(y, [b])
run = g
feed = {v: np.arange(24).reshape(2, 4, 3)}

tf.set_random_seed(7)
t = ph(dtype="bool")
x = tf.random_normal([4, 3, 3, 2], seed=1)
y = tf.layers.batch_normalization(x, training=t, gamma_initializer=tf.random_normal_initializer())
u = tf.get_collection("update_ops")
g = tf.gradients(tf.reduce_sum(y * y * x), tf.trainable_variables())
run = [y, g]
after = tf.global_variables()
feed = {t: True}

tf.set_random_seed(7)
t = ph(dtype="bool")
x = tf.random_normal([4, 3, 3, 2], seed=1)
y = tf.layers.batch_normalization(x, training=t)
u = tf.get_collection("update_ops")
run = [y, u]
after = tf.global_variables()
feed = {t: True}
times = 2

tf.set_random_seed(7)
t = ph(dtype="bool")
x = tf.random_normal([4, 3, 3, 2], seed=1)
y = tf.layers.batch_normalization(x, training=t)
u = tf.get_collection("update_ops")
run = [y, u]
after = tf.global_variables()
feed = {t: False}
times = 2

tf.set_random_seed(7)
t = ph(dtype="bool")
x = tf.random_normal([4, 2], seed=1)
y = tf.layers.batch_normalization(x, training=t)
u = tf.get_collection("update_ops")
run = [y, u]
after = tf.global_variables()
feed = {t: True}
times = 2

tf.set_random_seed(2)
x = tf.random_normal([8, 5], seed=3)
with tf.variable_scope("net"):
    h = tf.layers.dense(x, 6, use_bias=False)
    h = tf.layers.batch_normalization(h, training=True)
    h = tf.nn.relu(h)
    o = tf.layers.dense(h, 1)
l = tf.reduce_mean(tf.square(o - x[:, :1]))
with tf.control_dependencies(tf.get_collection(tf.GraphKeys.UPDATE_OPS)):
    t = tf.train.AdamOptimizer(0.05).minimize(l)
run = [l, t]
after = tf.global_variables()
times = 3

tf.set_random_seed(2)
def body(i, h):
    return (i + 1, tf.layers.dense(h, 4, tf.nn.tanh, name="d", reuse=tf.AUTO_REUSE))
i, h = tf.while_loop(lambda i, h: i < 3, body, [0, tf.ones([2, 4])])
z = tf.layers.dense(h, 2)
run = [h, z]

L = tf.contrib.layers
tf.set_random_seed(2)
t = ph(dtype="bool")
r = tf.random_normal([8, 6, 6, 2], seed=1)
def gen(reuse):
    with tf.variable_scope("g", reuse=reuse):
        h = L.conv2d_transpose(
            r,
            4,
            3,
            stride=2,
            normalizer_fn=L.batch_norm,
            normalizer_params=dict(
                decay=0.9, updates_collections=None, epsilon=1e-05, scale=True, is_training=t
            ),
        )
        return tf.layers.conv2d(h, 1, 5, padding="same", activation=tf.nn.tanh)
a = gen(None)
b = gen(True)
l = tf.reduce_mean(tf.square(a - b + tf.reduce_mean(a) - 1))
tr = tf.train.AdamOptimizer(0.02, beta1=0.5).minimize(l)
run = [l, tr]
feed = {t: True}
times = 3

tf.set_random_seed(2)
r = tf.random_normal([8, 12, 12, 3], seed=1)
slim = tf.contrib.slim
with slim.arg_scope(
    [slim.conv2d, slim.separable_conv2d],
    normalizer_fn=slim.batch_norm,
    activation_fn=tf.nn.relu6,
    weights_initializer=tf.truncated_normal_initializer(stddev=0.1),
    weights_regularizer=slim.l2_regularizer(4e-05),
):
    with slim.arg_scope([slim.batch_norm], is_training=True, decay=0.9):
        h = slim.conv2d(r, 8, 3, stride=2, scope="c0")
        h = slim.separable_conv2d(h, None, 3, depth_multiplier=1, stride=1, scope="dw")
        h = slim.conv2d(h, 6, 1, scope="pw")
        h = slim.avg_pool2d(h, [6, 6])
        h = slim.dropout(h, 0.8)
        o = slim.conv2d(h, 5, 1, activation_fn=None, normalizer_fn=None)
        o = tf.squeeze(o, [1, 2])
tf.losses.sparse_softmax_cross_entropy([0, 1, 2, 3, 4, 0, 1, 2], o)
l = tf.losses.get_total_loss()
t = slim.learning.create_train_op(l, tf.train.RMSPropOptimizer(0.01))
run = [t]
times = 4
after = [tf.global_variables()[3:5]]

s = tf.SparseTensor([[0, 0], [1, 2]], [1.0, 2.0], [2, 3])
tf.set_random_seed(1)
y = tf.layers.dense(s, 4)
run = [y]

L = tf.contrib.layers
i = L.xavier_initializer(seed=3)
v = tf.get_variable("a", [3, 4], initializer=i)
w = tf.get_variable("b", [3, 4, 5, 6], initializer=L.xavier_initializer(uniform=False, seed=1))
u = tf.get_variable("c", [3], initializer=L.variance_scaling_initializer(seed=2))
t = tf.get_variable(
    "d",
    [],
    initializer=L.variance_scaling_initializer(mode="FAN_OUT", uniform=True, factor=3.0, seed=2),
)
q = tf.get_variable(
    "e", [3, 3, 2, 2], dtype=tf.float64, initializer=L.xavier_initializer_conv2d(seed=5)
)
run = [v, w, u, t, q]

L = tf.contrib.layers
tf.set_random_seed(4)
t = ph(dtype="bool")
r = tf.random_normal([6, 3], seed=1)
y = L.batch_norm(r, is_training=t, updates_collections=None, decay=0.5)
run = y
feed = {t: True}
after = tf.global_variables()
times = 2

L = tf.contrib.layers
tf.set_random_seed(4)
t = ph(dtype="bool")
r = tf.random_normal([6, 3], seed=1)
y = L.batch_norm(r, is_training=t, updates_collections=None, decay=0.5, fused=False, scale=True)
run = y
feed = {t: True}
after = tf.global_variables()
times = 2

L = tf.contrib.layers
tf.set_random_seed(4)
r = tf.random_normal([6, 2, 2, 3], seed=1)
y = L.batch_norm(r, zero_debias_moving_mean=True, decay=0.5)
run = [y, tf.get_collection("update_ops")]
after = tf.global_variables()
times = 2

l = tf.contrib.losses
p = ph(4, 3)
q = ph(4, 3)
w = ph(4)
ys = [
    f(p, q, w)
    for f in (
        l.absolute_difference,
        l.mean_squared_error,
        l.mean_pairwise_squared_error,
        l.sigmoid_cross_entropy,
        l.softmax_cross_entropy,
    )
]
run = ys
feed = {
    p: np.arange(12.0).reshape(4, 3) / 7,
    q: np.cos(np.arange(12.0)).reshape(4, 3),
    w: [1, 0, 2, 0.5],
}

L = tf.contrib.layers
slim = tf.contrib.slim
tf.set_random_seed(3)
xx = tf.constant(np.arange(12.0).reshape(3, 4).astype("f") / 7)
h = slim.fully_connected(xx, 3, normalizer_fn=slim.batch_norm)
o = L.linear(h, 1)
tf.losses.mean_squared_error(tf.ones([3, 1]), o)
l = tf.losses.get_total_loss()
t = slim.learning.create_train_op(l, tf.train.AdamOptimizer(0.1))
run = [t]
after = [tf.train.get_global_step()] + tf.global_variables()[:4]
times = 3

l = tf.losses
R = l.Reduction
A = np.arange(12.0).reshape(4, 3) / 7
B = np.cos(A) * 0.4 + 0.5
W = np.array([[1.0], [0.0], [2.0], [0.5]])
p = ph(4, 3)
q = ph(4, 3)
w = ph(...)
run = []
for f in (
    l.absolute_difference,
    l.mean_squared_error,
    l.log_loss,
    l.hinge_loss,
    l.huber_loss,
    l.sigmoid_cross_entropy,
):
    y = f(p, q, w)
    run += [y, tf.gradients(y, q)[0]]
    for r in R.all():
        run.append(f(p, q, w, reduction=r))
y = l.mean_pairwise_squared_error(p, q, w)
run += [y, tf.gradients(y, q)[0]]
y = l.softmax_cross_entropy(p, q, 1.0)
run += [y, tf.gradients(y, q)[0]]
y = l.cosine_distance(p, q, 1, w)
run += [y]
feed = {p: A, q: B, w: W}

l = tf.losses
p = ph(...)
q = ph(...)
w = ph(...)
y = l.mean_squared_error(p, q, w)
run = [y]
feed = {p: np.ones([2, 3]), q: np.zeros([2, 3]), w: [[1], [3]]}

m = tf.metrics
a = ph(None)
b = ph(None)
i = ph(None, dtype="int64")
j = ph(None, dtype="int64")
L = np.array([0, 1, 1, 0, 2, 1])
P = np.array([0, 1, 0, 0, 2, 2])
S = np.array([0.1, 0.9, 0.4, 0.6, 0.8, 0.3])
W = np.array([1.0, 2, 0, 1, 0.5, 1])
w = ph(None)
ms = [
    m.accuracy(i, j),
    m.accuracy(i, j, w),
    m.mean(a, w),
    m.mean_squared_error(a, b, w),
    m.root_mean_squared_error(a, b),
    m.mean_absolute_error(a, b),
    m.mean_relative_error(a, b, w),
    m.percentage_below(a, 0.5),
    m.mean_iou(i, j, 3),
    m.mean_per_class_accuracy(i, j, 3, w),
    m.precision(i, j, w),
    m.recall(i, j),
    m.true_positives(i, j),
    m.false_negatives(i, j, w),
    m.auc(i, b, num_thresholds=10),
    m.auc(i, b, w, num_thresholds=10, curve="PR", summation_method="careful_interpolation"),
    m.sensitivity_at_specificity(i, b, 0.5),
    m.specificity_at_sensitivity(i, b, 0.5),
    m.precision_at_thresholds(i, b, [0.3, 0.5]),
    m.mean_tensor(ph(2)),
]
ms = ms[:-1]
run = [u for _, u in ms]
after = [v for v, _ in ms]
feed = {i: L, j: P, a: S, b: np.sqrt(S), w: W}
times = 2

m = tf.metrics
L = np.array([[0, 1], [2, -1], [4, 3]])
S = np.random.RandomState(1).rand(3, 5)
l = ph(3, 2, dtype="int64")
p = ph(3, 5)
ms = [
    m.precision_at_k(l, p, 2),
    m.recall_at_k(l, p, 2),
    m.recall_at_k(l, p, 3, class_id=1),
    m.average_precision_at_k(l, p, 3),
    m.precision_at_k(l, p, 2, weights=[1.0, 0.0, 2.0]),
]
run = [u for _, u in ms]
after = [v for v, _ in ms]
feed = {l: L, p: S}
times = 2
"""

SETUP = r"""
def ph(*shape, dtype="float32", **options):
    shape = None if shape == (Ellipsis,) else list(shape)
    return tf.placeholder(dtype, shape, **options)
"""


def executed(text):
    """The case that statements spell."""

    def run(tf):
        names = {"tf": tf, "np": np}
        exec(SETUP + text, names)
        with tf.Session() as session:
            session.run([tf.global_variables_initializer(), tf.local_variables_initializer()])
            found = []
            for _ in range(names.get("times", 1)):
                found.append(session.run(names["run"], names.get("feed")))
                found.append(session.run(names.get("after", [])))
        return found

    return run


CASES = {"; ".join(text.split("\n")): executed(text) for text in CALLS.strip().split("\n\n")}
