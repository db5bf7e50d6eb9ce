"""Layers of contrib and slim: variables under the names of old, scopes of arguments, losses, training steps."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines; `ph` makes a placeholder
CALLS = r"""
L = tf.contrib.layers
x = ph(None, 4)
y = L.fully_connected(x, 3)

L = tf.contrib.layers
x = ph(None, 4)
y = L.fully_connected(
    x,
    3,
    activation_fn=None,
    weights_regularizer=L.l2_regularizer(0.1),
    biases_regularizer=L.l1_regularizer(0.2),
    scope="fc",
    outputs_collections=["o"],
    variables_collections={"weights": ["W"], "biases": ["B"]},
)
z = L.fully_connected(x, 3, reuse=True, scope="fc", activation_fn=tf.nn.tanh)
g = tf.gradients(z, tf.trainable_variables())

L = tf.contrib.layers
x = ph(None, 4)
y = L.fully_connected(x, 3, normalizer_fn=L.batch_norm, normalizer_params={"is_training": True})
y = L.fully_connected(x, 3, biases_initializer=None)
y = L.linear(x, 2)
y = L.relu(x, 2)
y = L.relu6(x, 3)
y = L.elu(x, 3)

L = tf.contrib.layers
x = ph(None, 4)
y = L.fully_connected(x, 3.0)

L = tf.contrib.layers
y = L.fully_connected(ph(2, 3, 4), 3)

L = tf.contrib.layers
x = ph(None, 4)
with tf.variable_scope("n"):
    y = L.fully_connected(x, 3)
    y = L.fully_connected(x, 3)
with tf.variable_scope("n", reuse=True):
    y = L.fully_connected(x, 3)

L = tf.contrib.layers
x = ph(None, 4)
y = L.legacy_fully_connected(x, 3, activation_fn=tf.nn.relu)
y = L.legacy_fully_connected(ph(2, 3, 4), 3, name="l")
y = L.legacy_linear(x, 2)
y = L.legacy_relu(ph(None, None, 4), 2, bias_init=None)

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

L = tf.contrib.layers
i = L.xavier_initializer(dtype=tf.int32)

L = tf.contrib.layers
x = ph(None, 4)
i = L.variance_scaling_initializer(mode="x")

L = tf.contrib.layers
w = tf.get_variable("w", [3, 4])
r = [
    L.l2_regularizer(0.1)(w),
    L.l1_regularizer(0.1)(w),
    L.l1_l2_regularizer(0.1, 0.2)(w),
    L.l1_l2_regularizer(0.0, 0.2)(w),
    L.l1_l2_regularizer(0.3, 0.0)(w),
    L.sum_regularizer([L.l2_regularizer(0.1), None, L.l1_regularizer(0.2)], scope="s")(w),
    L.l2_regularizer(0.1, scope="ss")(w),
    L.l2_regularizer(0.0)(w),
    L.l2_regularizer(tf.constant(0.5))(w),
]
p = L.apply_regularization(L.l2_regularizer(0.1), [w, w])
p = L.apply_regularization(L.l2_regularizer(0.0), [w])

L = tf.contrib.layers
L.l2_regularizer(1)

L = tf.contrib.layers
L.l1_regularizer(-1.0)

L = tf.contrib.layers
L.apply_regularization(L.l2_regularizer(0.1))

L = tf.contrib.layers
im = ph(None, 8, 8, 3)
y = L.conv2d(im, 4, 3)
y = L.conv2d(
    y,
    4,
    [3, 3],
    stride=2,
    padding="VALID",
    activation_fn=None,
    weights_regularizer=L.l2_regularizer(0.01),
    scope="c2",
)
y = L.convolution2d(im, 4, 3, rate=2)
y = L.convolution(im, 4, 3, normalizer_fn=L.batch_norm)
y = L.conv2d(im, 4, 1, biases_initializer=None, outputs_collections="oc")
g = tf.gradients(y, tf.trainable_variables()[-1:])

L = tf.contrib.layers
y = L.conv1d(ph(None, 9, 3), 4, 3)
y = L.convolution(ph(None, 9, 3), 4, 3)
y = L.conv3d(ph(None, 5, 5, 5, 3), 4, 3)
y = L.convolution3d(ph(None, 5, 5, 5, 3), 4, 3, stride=2)

L = tf.contrib.layers
y = L.conv2d(ph(None, 9, 3), 4, 3)

L = tf.contrib.layers
y = L.conv2d(ph(None, 9, 9, 3), 4, 3, data_format="N")

L = tf.contrib.layers
y = L.convolution(ph(None, 9), 4, 3)

L = tf.contrib.layers
y = L.conv2d(ph(None, 3, 8, 8), 4, 3, data_format="NCHW")

L = tf.contrib.layers
im = ph(None, 8, 8, 3)
y = L.conv2d_transpose(im, 4, 3, stride=2)
y = L.convolution2d_transpose(
    im, 4, [3, 3], padding="VALID", normalizer_fn=L.batch_norm, scope="ct"
)
y = L.conv3d_transpose(ph(None, 4, 4, 4, 3), 2, 3)

L = tf.contrib.layers
im = ph(None, 8, 8, 3)
y = L.separable_conv2d(im, 4, 3, 2)
y = L.separable_conv2d(im, None, [3, 3], 2, stride=1, rate=2)
y = L.separable_conv2d(
    im, None, 3, depth_multiplier=1, stride=2, scope="dw", normalizer_fn=L.batch_norm
)
y = L.separable_convolution2d(
    im, 4, 3, 1, weights_regularizer=L.l2_regularizer(0.1), activation_fn=None
)

L = tf.contrib.layers
im = ph(None, 8, 8, 3)
y = L.conv2d_in_plane(im, 3)
y = L.convolution2d_in_plane(im, [1, 3], stride=2, padding="VALID", normalizer_fn=L.batch_norm)

L = tf.contrib.layers
slim = tf.contrib.slim
im = ph(None, 8, 8, 3)
y = L.max_pool2d(im, 2)
y = L.max_pool2d(im, [3, 3], stride=1, padding="SAME", scope="p")
y = L.avg_pool2d(im, 2)
y = L.avg_pool2d(ph(2, 3, 8, 8), 2, data_format="NCHW")
with tf.variable_scope("v"):
    y = L.max_pool2d(im, 2)
    y = L.max_pool2d(im, 2, outputs_collections="c")
y = L.max_pool3d(ph(2, 4, 4, 4, 1), 2)
y = L.avg_pool3d(ph(2, 4, 4, 4, 1), 2)
y = slim.pool(im, 2, "MAX")
y = slim.pool(im, 2, "AVG", padding="SAME", stride=2, scope="pp")

L = tf.contrib.layers
y = L.max_pool2d(ph(2, 8, 8, 3), 2, data_format="X")

L = tf.contrib.layers
y = L.flatten(ph(None, 3, 4))
y = L.flatten(ph(2, 3, 4), scope="f", outputs_collections="c")
y = L.one_hot_encoding(ph(None, dtype="int32"), 5)
y = L.one_hot_encoding(ph(None, dtype="int64"), 5, on_value=2.0, off_value=1.0, scope="oh")
y = L.one_hot_encoding([1, 2], 4)

L = tf.contrib.layers
x = ph(None, 4)
y = L.bias_add(x)
y = L.bias_add(x, activation_fn=tf.nn.relu, regularizer=L.l2_regularizer(0.1), scope="b")
y = L.bias_add(ph(2, 3, 4, 4), data_format="NCHW")

L = tf.contrib.layers
x = ph(None, 4)
y = L.softmax(x)
y = L.softmax(ph(None, 3, 4))
y = L.maxout(x, 2)
y = L.maxout(ph(2, 4, 4, 6), 3)
y = L.unit_norm(x, 1)
y = L.unit_norm(ph(2, 3, 4), 1, epsilon=0.1)
y = L.unit_norm(ph(2, 3), 0)

L = tf.contrib.layers
x = ph(None, 4)
y = L.repeat(x, 3, L.fully_connected, 5)
y = L.repeat(x, 2, L.fully_connected, 5, scope="r")
y = L.stack(x, L.fully_connected, [5, 6, 7])
y = L.stack(x, L.fully_connected, [5, 6], scope="st", activation_fn=None)
y = L.stack(ph(2, 5, 5, 1), L.conv2d, [(4, 3), (5, [3, 3])])
y = L.repeat(x, 2, L.linear, 5)
y = L.repeat(x, 2, lambda a, scope=None: a + 1.0)

L = tf.contrib.layers
x = ph(None, 4)
y = L.layer_norm(x)
y = L.layer_norm(ph(2, 3, 4), center=False, scope="ln")
y = L.layer_norm(ph(None, 3, 4), begin_norm_axis=-1, begin_params_axis=-1, activation_fn=tf.nn.relu)
y = L.layer_norm(ph(2, 3, 4, dtype="float16"))
y = L.instance_norm(ph(2, 5, 5, 3))
y = L.instance_norm(ph(2, 3, 5, 5), data_format="NCHW")
y = L.group_norm(ph(2, 5, 5, 4), groups=2)
y = L.group_norm(ph(None, 5, 5, 4), groups=2, mean_close_to_zero=True)
y = L.group_norm(ph(2, 4, 5, 5), groups=2, channels_axis=1, reduction_axes=(2, 3))
g = tf.gradients(y, tf.trainable_variables()[-2:])

L = tf.contrib.layers
y = L.embed_sequence(ph(None, None, dtype="int32"), 10, 4)
y = L.embed_sequence(ph(None, 3, dtype="int64"), 10, 4, scope="es", unique=True)
y = L.embed_sequence(ph(None, 3, dtype="int64"), scope="es", reuse=True)
y = L.bow_encoder(ph(None, 3, dtype="int64"), 10, 4)
y = L.bow_encoder(ph(None, 3, dtype="int64"), 10, 4, sparse_lookup=False)

L = tf.contrib.layers
y = L.embed_sequence(ph(None, dtype="int32"))

L = tf.contrib.layers
y = L.spatial_softmax(ph(2, 4, 5, 3))
y = L.spatial_softmax(ph(2, 3, 4, 5), data_format="NCHW", temperature=2.0, trainable=False)
y = L.images_to_sequence(ph(2, 4, 5, 3))
y = L.sequence_to_images(ph(5, 8, 3), 4)
y = L.sequence_to_images(ph(5, None, 3), 4, output_data_format="channels_first")
y = L.dense_to_sparse(ph(2, 3, dtype="int32"))

slim = tf.contrib.slim
with slim.arg_scope(
    [slim.conv2d, slim.fully_connected],
    weights_regularizer=slim.l2_regularizer(0.01),
    activation_fn=tf.nn.elu,
) as sc:
    with slim.arg_scope([slim.conv2d], padding="VALID"):
        with slim.arg_scope([slim.model_variable, slim.variable], device="/cpu:0"):
            y = slim.conv2d(ph(2, 8, 8, 3), 4, 3)
            y = slim.conv2d(y, 4, 3, padding="SAME", activation_fn=None)
    y = slim.fully_connected(slim.flatten(y), 3)
with slim.arg_scope(sc):
    y = slim.conv2d(ph(2, 8, 8, 3), 4, 3)
y = slim.conv2d(ph(2, 8, 8, 3), 4, 3)

slim = tf.contrib.slim
with slim.arg_scope([len], a=1):
    pass

slim = tf.contrib.slim
with slim.arg_scope(slim.conv2d, a=1):
    pass

slim = tf.contrib.slim
with slim.arg_scope({}, a=1):
    pass

slim = tf.contrib.slim
y = slim.model_variable("w", shape=[2, 3], regularizer=slim.l2_regularizer(0.1), device="/cpu:0")
z = slim.variable("z", shape=[1], collections=["k"])
w = slim.local_variable(3.0, name="lv")
u = slim.global_variable([1, 2])
v = tf.contrib.framework.model_variable("q", [2], trainable=False)

L = tf.contrib.layers
x = ph(None, 4)
im = ph(None, 8, 8, 3)
y = L.batch_norm(im)
y = L.batch_norm(im, is_training=False)
y = L.batch_norm(im, scale=True, center=False, decay=0.9, activation_fn=tf.nn.relu, scope="bn")
y = L.batch_norm(x)
y = L.batch_norm(x, scale=True, is_training=False)
g = tf.gradients(y, tf.trainable_variables()[-2:])

L = tf.contrib.layers
x = ph(None, 4)
im = ph(None, 8, 8, 3)
y = L.batch_norm(im, updates_collections=None)
y = L.batch_norm(im, updates_collections=None, is_training=False)
y = L.batch_norm(im, updates_collections="uc")
y = L.batch_norm(im, updates_collections=["ua", "ub"])
y = L.batch_norm(x, updates_collections=None, fused=False)
y = L.batch_norm(x, fused=False)
y = L.batch_norm(x, fused=False, updates_collections="z", is_training=False)

L = tf.contrib.layers
im = ph(None, 8, 8, 3)
y = L.batch_norm(im, zero_debias_moving_mean=True)
y = L.batch_norm(im, zero_debias_moving_mean=True, fused=False)

L = tf.contrib.layers
im = ph(2, 3, 8, 8)
y = L.batch_norm(im, data_format="NCHW")
y = L.batch_norm(im, data_format="NCHW", updates_collections=None)
y = L.batch_norm(im, data_format="NCHW", updates_collections=None, fused=False, scale=True)
y = L.batch_norm(im, data_format="NCHW", fused=False)

L = tf.contrib.layers
x = ph(None, 4)
y = L.batch_norm(x, batch_weights=ph(None))
y = L.batch_norm(ph(2, 4, 4, 3), batch_weights=[1.0, 2.0])
y = L.batch_norm(ph(2, 3, 4, 4), batch_weights=[1.0, 2.0], data_format="NCHW")

L = tf.contrib.layers
tf.set_random_seed(4)
r = tf.random_normal([6, 2, 2, 3], seed=1)
y = L.batch_norm(r, zero_debias_moving_mean=True, decay=0.5)

L = tf.contrib.layers
x = ph(None, 4)
y = L.batch_norm(
    x,
    param_initializers={
        "beta": tf.constant_initializer(0.5),
        "gamma": tf.constant_initializer(2.0),
    },
    param_regularizers={"beta": L.l2_regularizer(0.1), "gamma": L.l2_regularizer(0.1)},
    scale=True,
)
y = L.batch_norm(
    ph(None, 8, 8, 3),
    param_initializers={"moving_mean": tf.constant_initializer(0.5)},
    param_regularizers={"beta": L.l2_regularizer(0.1)},
)

L = tf.contrib.layers
y = L.batch_norm(ph(None, 5, 4))
y = L.batch_norm(ph(None, 5, 4), updates_collections=None)
y = L.batch_norm(ph(None, 5, 4, 2, 2))

L = tf.contrib.layers
y = L.batch_norm(ph(...))

L = tf.contrib.layers
y = L.batch_norm(ph(2, None))

L = tf.contrib.layers
x = ph(None, 4)
y = L.batch_norm(x, renorm=True)
y = L.batch_norm(
    ph(2, 4, 4, 3), renorm=True, renorm_clipping={"rmax": 2.0, "rmin": 0.5, "dmax": 3.0}
)

L = tf.contrib.layers
x = ph(None, 4)
y = L.batch_norm(x, renorm=True, updates_collections=None)

L = tf.contrib.layers
x = ph(None, 4)
y = L.batch_norm(x, data_format="X")

L = tf.contrib.layers
x = ph(None, 4)
y = L.batch_norm(x, scope="bn")
z = L.batch_norm(x, scope="bn", reuse=True, is_training=False)
with tf.variable_scope("q", reuse=tf.AUTO_REUSE):
    y = L.batch_norm(x, scope="bn")
    y = L.batch_norm(ph(None, 8, 8, 3), scope="bn2")
    y = L.batch_norm(ph(None, 8, 8, 3), scope="bn2")

L = tf.contrib.layers
x = ph(None, 4)
y = L.batch_norm(
    x,
    outputs_collections="oc",
    variables_collections={"beta": ["b"], "moving_mean": ["m"]},
    trainable=False,
)
y = L.batch_norm(ph(None, 8, 8, 3), outputs_collections="oc", variables_collections=["vv"])
U = (
    tf.contrib.layers.python.layers.utils
    if not hasattr(tf, "graph_util") or "graphflow" in tf.__name__
    else __import__("tensorflow.contrib.layers.python.layers.utils", fromlist=["x"])
)

L = tf.contrib.layers
y = L.bow_encoder(ph(None, 3, dtype="int64"), 10, 4)
y = 0

l = tf.contrib.losses
a = ph(None, 3)
b = ph(None, 3)
y = l.absolute_difference(a, b)
y = l.mean_squared_error(a, b)
y = l.log_loss(a, b)
y = l.hinge_loss(a, b)
y = l.cosine_distance(a, b, axis=1)
y = l.mean_pairwise_squared_error(a, b)
y = l.sigmoid_cross_entropy(a, b, label_smoothing=0.1)
y = l.softmax_cross_entropy(a, b, label_smoothing=0.1)
y = l.sparse_softmax_cross_entropy(b, ph(None, dtype="int64"))
y = tf.contrib.slim.losses.get_total_loss()

l = tf.contrib.losses
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=ph(2, 1))
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=ph(2, 3))
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=ph(2))
y = l.mean_squared_error(
    ph(2, 3, dtype="float64"), ph(2, 3, dtype="float64"), weights=0.5, scope="s"
)
y = l.mean_pairwise_squared_error(ph(2, 3), ph(2, 3), weights=ph(2))
g = tf.gradients(y, [tf.get_default_graph().get_tensor_by_name("Placeholder_3:0")])

l = tf.contrib.losses
y = l.mean_squared_error(ph(...), ph(...))

l = tf.contrib.losses
y = l.mean_squared_error(ph(2, 3), ph(2, 3), ph(...))

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

m = tf.contrib.metrics
a = ph(None)
b = ph(None)
y = m.accuracy(a, b)

m = tf.contrib.metrics
a = ph(None)
i = ph(None, dtype="int64")
y = m.accuracy(a, i)

L = tf.contrib.layers
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
g = tf.train.get_or_create_global_step()
t = L.optimize_loss(l, g, 0.1, "SGD")

L = tf.contrib.layers
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
g = tf.train.get_or_create_global_step()
t = L.optimize_loss(
    l,
    g,
    0.1,
    "Adam",
    clip_gradients=5.0,
    summaries=L.OPTIMIZER_SUMMARIES,
    name="opt",
    gradient_multipliers={"fully_connected/weights:0": 2.0},
)

L = tf.contrib.layers
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
g = tf.train.get_or_create_global_step()
t = L.optimize_loss(
    l,
    None,
    None,
    tf.train.GradientDescentOptimizer(0.1),
    summaries=[],
    update_ops=[],
    increment_global_step=False,
)

L = tf.contrib.layers
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
g = tf.train.get_or_create_global_step()
t = L.optimize_loss(
    l,
    g,
    tf.constant(0.5),
    lambda r: tf.train.MomentumOptimizer(r, 0.9),
    learning_rate_decay_fn=lambda r, s: tf.train.exponential_decay(r, s, 10, 0.5),
    gradient_noise_scale=0.1,
)

L = tf.contrib.layers
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
t = L.optimize_loss(l, None, 0.1, "Foo")

L = tf.contrib.layers
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
t = L.optimize_loss(l, None, None, "SGD")

L = tf.contrib.layers
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
t = L.optimize_loss(l, None, 1, "SGD")

L = tf.contrib.layers
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
t = L.optimize_loss(l, None, 0.1, "SGD", summaries=["x"])

L = tf.contrib.layers
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
t = L.optimize_loss(l, None, 0.1, "SGD", clip_gradients=3)

L = tf.contrib.layers
slim = tf.contrib.slim
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
t = slim.learning.create_train_op(l, tf.train.AdamOptimizer(0.1))

L = tf.contrib.layers
slim = tf.contrib.slim
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
t = slim.learning.create_train_op(
    l,
    tf.train.GradientDescentOptimizer(0.1),
    clip_gradient_norm=4.0,
    gradient_multipliers={"fully_connected/weights": 2.0},
    summarize_gradients=True,
    check_numerics=False,
    global_step=None,
)

L = tf.contrib.layers
slim = tf.contrib.slim
tf.set_random_seed(3)
xx = tf.constant(np.arange(12.0).reshape(3, 4).astype("f") / 7)
h = slim.fully_connected(xx, 3, normalizer_fn=slim.batch_norm)
o = L.linear(h, 1)
tf.losses.mean_squared_error(tf.ones([3, 1]), o)
l = tf.losses.get_total_loss()
t = slim.learning.create_train_op(l, tf.train.AdamOptimizer(0.1))

L = tf.contrib.layers
slim = tf.contrib.slim
x = ph(None, 4)
r = tf.nn.relu(x, name="r")
s = L.summarize_activation(r)
s = L.summarize_activation(tf.nn.relu6(x))
s = L.summarize_tensor(tf.reduce_sum(x))
s = L.summarize_tensor(x, tag="t")
v = tf.get_variable("v", [2])
s = L.summarize_collection("variables")
y = L.legacy_relu(x, 2)
s = L.summarize_activations()
s = L.summarize_tensor(tf.constant(True))
s = slim.summarize_weights()

L = tf.contrib.layers
slim = tf.contrib.slim
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
"""

SETUP = r"""
def ph(*shape, dtype="float32", **options):
    shape = None if shape == (Ellipsis,) else list(shape)
    return tf.placeholder(dtype, shape, **options)
"""


def executed(text):
    """The case that statements spell."""

    def build(tf):
        exec(SETUP + text, {"tf": tf, "np": np})

    return build


CASES = {"; ".join(text.split("\n")): executed(text) for text in CALLS.strip().split("\n\n")}
