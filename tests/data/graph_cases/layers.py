"""Layers: dense ones, convolutions, poolings, dropout, batch normalization; their names, gradients and errors."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines; `ph` makes a placeholder
CALLS = r"""
x2 = ph(None, 4)
y = tf.layers.dense(x2, 3)

x2 = ph(None, 4)
y = tf.layers.dense(x2, 3, tf.nn.relu)
y = tf.layers.dense(y, 3, activation=tf.nn.tanh, use_bias=False)
y = tf.layers.dense(y, 2, name="out")

x2 = ph(None, 4)
y = tf.layers.dense(x2, 3, name="a")
z = tf.layers.dense(x2, 3, name="a", reuse=True)
g = tf.gradients(z, tf.trainable_variables())

x2 = ph(None, 4)
y = tf.layers.dense(x2, 3, name="a")
z = tf.layers.dense(x2, 3, name="a")

x2 = ph(None, 4)
with tf.variable_scope("s"):
    y = tf.layers.dense(x2, 3)
    y = tf.layers.dense(y, 3)
with tf.variable_scope("s", reuse=True):
    y = tf.layers.dense(x2, 3)
    y = tf.layers.dense(y, 3)
with tf.variable_scope("s", reuse=tf.AUTO_REUSE):
    y = tf.layers.dense(x2, 3)
    y = tf.layers.dense(y, 3, name="new")

x2 = ph(None, 4)
with tf.name_scope("n"):
    y = tf.layers.dense(
        x2,
        3,
        kernel_regularizer=tf.keras.regularizers.l2(0.1),
        bias_regularizer=tf.keras.regularizers.l1(0.2),
        activity_regularizer=tf.nn.l2_loss,
    )

y = tf.layers.dense(ph(2, 3, 4), 5, activation=tf.nn.relu)
z = tf.layers.dense(ph(None, 3, 4), 5)
w = tf.layers.dense(ph(None, None, 4), 5)
g = tf.gradients([y, z, w], tf.trainable_variables())

y = tf.layers.dense(ph(2, 4, dtype="float64"), 5)

y = tf.layers.dense(ph(2, 4, dtype="int32"), 5)

y = tf.layers.dense(ph(2, None), 5)

y = tf.layers.dense(ph(4), 5)

y = tf.layers.dense(ph(...), 5)

y = tf.layers.dense(np.ones([2, 3], np.float32), 5)

x2 = ph(None, 4)
y = tf.layers.dense(
    x2, 3, kernel_initializer=tf.zeros_initializer, bias_initializer=tf.constant_initializer(0.1)
)

x2 = ph(None, 4)
y = tf.layers.dense(x2, 3, kernel_initializer="ones", bias_initializer="zeros", activation="relu")
y = tf.layers.dense(x2, 3, kernel_initializer="he_normal", activation="softmax")
y = tf.layers.dense(x2, 3, kernel_initializer="random_uniform", activation="selu")
y = tf.layers.dense(x2, 3, kernel_initializer="truncated_normal", activation="hard_sigmoid")
y = tf.layers.dense(x2, 3, kernel_initializer="random_normal", activation="exponential")
y = tf.layers.dense(x2, 3, kernel_constraint="max_norm", activation="elu")

x2 = ph(None, 4)
with tf.variable_scope("q", initializer=tf.ones_initializer(), regularizer=tf.nn.l2_loss):
    y = tf.layers.dense(x2, 3)
    y = tf.layers.dense(x2, 3, trainable=False)

x2 = ph(None, 4)
l = tf.layers.Dense(3)
y = l(x2)
z = l(ph(2, 4))

x2 = ph(None, 4)
l = tf.layers.Dense(3, kernel_regularizer=tf.nn.l2_loss)
y = l(x2)
a = l.losses
b = l.losses

x2 = ph(None, 4)
l = tf.layers.Dense(3, name="foo")
m = tf.layers.Dense(3, name="foo")
y = l(x2)
y = m(x2)

l = tf.layers.Dense(3)
m = tf.layers.Dense(3)
k = tf.layers.Flatten()
n = tf.layers.Conv2D(3, 2)

x2 = ph(None, 4)
class My(tf.layers.Layer):
    def __init__(self, n, **k):
        super(My, self).__init__(**k)
        self.n = n
    def build(self, shape):
        self.w = self.add_weight("w", [shape[-1].value, self.n])
        self.c = self.add_variable(
            "c", [self.n], dtype=tf.float32, initializer=tf.zeros_initializer(), trainable=False
        )
        self.built = True
    def call(self, x, training=False):
        self.add_loss(tf.reduce_sum(x), inputs=x)
        h = tf.layers.Dropout(0.3)(tf.matmul(x, self.w) + self.c)
        return h
l = My(5)
y = l(x2)
z = l(x2, training=True)

x2 = ph(None, 4)
class Sub(tf.layers.Layer):
    def call(self, x):
        return tf.layers.dense(x, 2) + tf.layers.Dense(2)(x)
l = Sub(name="sub")
y = l(x2)
z = l(x2)

x2 = ph(None, 4)
class Two(tf.layers.Layer):
    def build(self, shapes):
        self.w = self.add_weight("w", [int(shapes[0][-1]), int(shapes[1][-1])])
    def call(self, xs):
        return tf.matmul(tf.matmul(xs[0], self.w), xs[1], transpose_b=True)
l = Two()
y = l([x2, ph(2, 4)])

y = tf.layers.flatten(ph(None, 2, 3))
y = tf.layers.flatten(ph(5, 2, 3))
y = tf.layers.flatten(ph(5, None, 3))
y = tf.layers.flatten(ph(None, 3, 2), name="fl", data_format="channels_first")
y = tf.layers.flatten(ph(None))
y = tf.layers.flatten(ph(0, 3))
y = tf.layers.Flatten()(ph(3, 4, 5))
y = tf.layers.flatten(ph(None, None, None))

y = tf.layers.flatten(ph(...))

y = tf.layers.flatten(ph())

x2 = ph(None, 4)
y = tf.layers.dropout(x2)
y = tf.layers.dropout(x2, 0.4, training=True)
y = tf.layers.dropout(x2, rate=0.4, training=True, noise_shape=[None, 1], seed=5, name="dr")

x2 = ph(None, 4)
y = tf.layers.dropout(x2, 0.5, training=tf.constant(True))
y = tf.layers.dropout(x2, 0.5, training=tf.constant(False))
y = tf.layers.dropout(x2, 0.5, training=1)

x2 = ph(None, 4)
y = tf.layers.dropout(x2, 0.5, training="yes")

x2 = ph(None, 4)
y = tf.layers.dense(x2, 3, foo=1)

y = tf.layers.Dense(3, foo=1)

tf.set_random_seed(1)
h = tf.layers.dense(tf.ones([2, 4]), 8, tf.nn.relu)
o = tf.layers.dense(h, 1)
l = tf.reduce_mean(tf.square(o - 1.0))
t = tf.train.AdamOptimizer(0.01).minimize(l)

im = ph(None, 8, 8, 3)
y = tf.layers.conv2d(im, 4, 3)

im = ph(None, 8, 8, 3)
y = tf.layers.conv2d(
    im,
    4,
    [3, 2],
    strides=2,
    padding="same",
    activation=tf.nn.relu,
    kernel_initializer=tf.truncated_normal_initializer(stddev=0.1, seed=3),
)
y = tf.layers.conv2d(y, 4, (3, 3), strides=(1, 2), padding="SAME", use_bias=False, name="c2")
g = tf.gradients(y, tf.trainable_variables())

im = ph(None, 8, 8, 3)
y = tf.layers.conv2d(im, 4, 3, dilation_rate=2, padding="same")
z = tf.layers.conv2d(im, 4, 3, dilation_rate=(2, 1))
z = tf.layers.conv2d(ph(None, None, None, 3), 4, 3, dilation_rate=(2, 2), padding="same")
z = tf.layers.conv2d(ph(2, None, 9, 3), 4, 3, dilation_rate=(3, 2), padding="valid")
g = tf.gradients(z, tf.trainable_variables())

y = tf.layers.conv2d(ph(None, 3, 8, 8), 4, 3, data_format="channels_first")

y = tf.layers.conv2d(ph(None, 8, 8), 4, 3)

y = tf.layers.conv2d(ph(None, 8, 8, None), 4, 3)

im = ph(None, 8, 8, 3)
y = tf.layers.conv2d(im, 4, 3, padding="causal")

im = ph(None, 8, 8, 3)
y = tf.layers.conv2d(im, 4, 3, padding="foo")

im = ph(None, 8, 8, 3)
y = tf.layers.conv2d(im, 4, (1, 2, 3))

im = ph(None, 8, 8, 3)
y = tf.layers.conv2d(im, 4, 3, data_format="NHWC")

im = ph(None, 8, 8, 3)
y = tf.layers.conv2d(im, 4, "ab")

im = ph(None, 8, 8, 3)
y = tf.layers.conv2d(im, 4, 3, strides=2, dilation_rate=2)

y = tf.layers.conv1d(ph(None, 9, 3), 4, 3)
y = tf.layers.conv1d(y, 4, 3, strides=2, padding="same", activation="relu")
y = tf.layers.conv1d(ph(2, 9, 3), 4, 3, padding="causal")
y = tf.layers.conv1d(ph(2, 9, 3), 4, 3, padding="causal", dilation_rate=2)
y = tf.layers.conv1d(ph(2, None, 3), 4, 3, padding="same", dilation_rate=2)
g = tf.gradients(y, tf.trainable_variables()[-2:])

y = tf.layers.conv1d(ph(2, 3, 9), 4, 3, data_format="channels_first")
y = tf.layers.conv1d(ph(2, 3, 9), 4, 3, padding="causal", data_format="channels_first")

y = tf.layers.conv3d(ph(None, 5, 6, 7, 3), 4, 3)
y = tf.layers.conv3d(
    ph(None, 5, 6, 7, 3), 4, (1, 2, 3), strides=(1, 2, 1), padding="same", use_bias=False
)
g = tf.gradients(y, tf.trainable_variables()[-2:])

y = tf.layers.conv3d(ph(None, 3, 5, 6, 7), 4, 3, data_format="channels_first")

y = tf.layers.conv3d(ph(None, 8, 8, 8, 3), 4, 3, dilation_rate=2)

im = ph(None, 8, 8, 3)
y = tf.layers.conv2d_transpose(im, 4, 3)
y = tf.layers.conv2d_transpose(im, 4, 3, strides=2, padding="same", activation=tf.nn.relu)
y = tf.layers.conv2d_transpose(ph(2, 5, 5, 3), 4, (5, 4), strides=(2, 3), use_bias=False)
y = tf.layers.conv2d_transpose(ph(None, None, None, 3), 4, 3, strides=2, padding="same")
g = tf.gradients(y, tf.trainable_variables()[-2:])

y = tf.layers.conv3d_transpose(ph(2, 4, 5, 6, 3), 4, 3)
y = tf.layers.conv3d_transpose(ph(None, 4, 5, None, 3), 4, 3, strides=2, padding="same")
y = tf.layers.conv3d_transpose(ph(2, 3, 4, 5, 6), 4, 3, data_format="channels_first")

y = tf.layers.conv2d_transpose(ph(2, 3, 5), 4, 3)

im = ph(None, 8, 8, 3)
y = tf.layers.separable_conv2d(im, 4, 3)
y = tf.layers.separable_conv2d(
    im,
    4,
    3,
    strides=2,
    padding="same",
    depth_multiplier=2,
    activation=tf.nn.relu,
    depthwise_regularizer=tf.nn.l2_loss,
    pointwise_regularizer=tf.nn.l2_loss,
)
y = tf.layers.separable_conv2d(im, 4, 3, dilation_rate=2, padding="same", use_bias=False)
g = tf.gradients(y, tf.trainable_variables()[-2:])

y = tf.layers.separable_conv2d(ph(2, 3, 8, 8), 4, 3, data_format="channels_first")

y = tf.layers.separable_conv1d(ph(None, 9, 3), 4, 3)
y = tf.layers.separable_conv1d(ph(None, 9, 3), 4, 3, strides=2, padding="same")
y = tf.layers.separable_conv1d(
    ph(2, 9, 3), 4, 3, dilation_rate=2, padding="causal", activation=tf.tanh
)
g = tf.gradients(y, tf.trainable_variables()[-2:])

im = ph(None, 8, 8, 3)
y = tf.layers.max_pooling2d(im, 2, 2)
y = tf.layers.max_pooling2d(im, [2, 3], strides=(1, 2), padding="same", name="mp")
y = tf.layers.average_pooling2d(im, 2, 2)
y = tf.layers.average_pooling2d(ph(2, 3, 8, 8), 2, 2, data_format="channels_first")
y = tf.layers.max_pooling2d(im, 2, 2, name="mp")

y = tf.layers.max_pooling1d(ph(None, 9, 3), 2, 2)
y = tf.layers.max_pooling1d(ph(2, 9, 3), 3, 1, padding="same")
y = tf.layers.average_pooling1d(ph(2, 9, 3), 3, 2)
y = tf.layers.average_pooling1d(ph(2, 3, 9), 3, 2, data_format="channels_first")
y = tf.layers.max_pooling1d(ph(2, 3, 9), 3, 2, data_format="channels_first")

y = tf.layers.max_pooling3d(ph(2, 4, 4, 4, 3), 2, 2)
y = tf.layers.average_pooling3d(ph(None, 4, 4, 4, 3), 2, (1, 2, 1), padding="same")
y = tf.layers.average_pooling3d(ph(2, 3, 4, 4, 4), 2, 2, data_format="channels_first")
y = tf.layers.max_pooling3d(ph(None, 3, 4, 4, 4), 2, 2, data_format="channels_first")

im = ph(None, 8, 8, 3)
y = tf.layers.max_pooling2d(im, 2, None)

y = tf.layers.max_pooling2d(ph(2, 3, 4), 2, 2)

im = ph(None, 8, 8, 3)
l = tf.layers.Conv2D(4, 3, padding="same")
y = l(im)
y = l(ph(2, 5, 5, 3))
l = tf.layers.Conv2DTranspose(4, 3, strides=2, padding="same")
y = l(im)
y = l(im)
say += [l.compute_output_shape([2, 8, None, 3]).as_list()]
l = tf.layers.MaxPooling2D(2, 2)
y = l(im)
y = l(im)
say += [l.compute_output_shape([2, 8, None, 3]).as_list(), l.name, l.scope_name]

im = ph(None, 8, 8, 3)
l = tf.layers.Conv2D(4, 3)
y = l(im)
z = l(ph(2, 8, 8, 4))

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

v = ph(2, 4, 3, 3, 3)
b = tf.get_variable("b", [4])
y = tf.nn.bias_add(v, b, data_format="NCHW")
g = tf.gradients(y, [b])
h = 0

v = ph(2, 4, 3)
b = tf.get_variable("b", [4])
y = tf.nn.bias_add(v, b, data_format="NCHW")
g = tf.gradients(y, [b])

im = ph(None, 8, 8, 3)
y = tf.layers.batch_normalization(im)

im = ph(None, 8, 8, 3)
y = tf.layers.batch_normalization(im, training=True)
g = tf.gradients(y, tf.trainable_variables() + [im])

y = tf.layers.batch_normalization(ph(None, 5))
y = tf.layers.batch_normalization(ph(None, 5), training=True, name="b")
y = tf.layers.batch_normalization(ph(None, 5), training=True, name="b", reuse=True)
g = tf.gradients(y, tf.trainable_variables())

im = ph(None, 8, 8, 3)
y = tf.layers.batch_normalization(im, axis=1, training=True)

im = ph(None, 8, 8, 3)
y = tf.layers.batch_normalization(im, axis=2, training=True)

im = ph(None, 8, 8, 3)
y = tf.layers.batch_normalization(im, axis=[1, 2], training=True)

y = tf.layers.batch_normalization(ph(2, 3, 4), axis=1, training=True)
y = tf.layers.batch_normalization(ph(2, 3, 4), axis=1)
y = tf.layers.batch_normalization(ph(2, 3, 4))

im = ph(None, 8, 8, 3)
y = tf.layers.batch_normalization(im, fused=False, training=True)
y = tf.layers.batch_normalization(im, fused=True, center=False, training=True)
y = tf.layers.batch_normalization(im, scale=False)
y = tf.layers.batch_normalization(im, scale=False, center=False, fused=False)

im = ph(None, 8, 8, 3)
y = tf.layers.batch_normalization(im, renorm=True, training=True)
y = tf.layers.batch_normalization(
    ph(None, 4), renorm=True, training=True, renorm_clipping={"rmax": 3.0, "rmin": 0.3, "dmax": 5.0}
)

im = ph(None, 8, 8, 3)
y = tf.layers.batch_normalization(im, renorm=True)

im = ph(None, 8, 8, 3)
y = tf.layers.batch_normalization(im, renorm=True, renorm_clipping={"foo": 1})

y = tf.layers.batch_normalization(ph(8, 4), virtual_batch_size=2, training=True)

y = tf.layers.batch_normalization(ph(8, 4, 4, 2), virtual_batch_size=4, training=True)

adj = lambda s: (tf.random_uniform([s[0], 1], 0.9, 1.1), tf.random_uniform([s[0], 1], -0.1, 0.1))
y = tf.layers.batch_normalization(ph(8, 4), adjustment=adj, training=True)

y = tf.layers.batch_normalization(
    ph(8, 4),
    gamma_regularizer=tf.nn.l2_loss,
    beta_regularizer=tf.nn.l2_loss,
    trainable=False,
    training=True,
)

y = tf.layers.batch_normalization(ph(8, 4, dtype="float16"), training=True)
y = tf.layers.batch_normalization(ph(8, 4, 4, 2, dtype="float16"), training=True)
y = tf.layers.batch_normalization(ph(8, 4, dtype="float64"), training=True)

y = tf.layers.batch_normalization(ph(...), training=True)

y = tf.layers.batch_normalization(ph(8, None), training=True)

y = tf.layers.batch_normalization(ph(8, 4), axis="a")

y = tf.layers.batch_normalization(ph(8, 4), axis=3)

y = tf.layers.batch_normalization(ph(8, 4), axis=[1, -1])

y = tf.layers.batch_normalization(
    ph(None, None, None, 3), training=True, momentum=0.9, epsilon=1e-05
)

im = ph(None, 8, 8, 3)
l = tf.layers.BatchNormalization()
y = l(im, training=True)
z = l(im, training=False)
w = l(ph(2, 8, 8, 3), training=True)

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

im = ph(None, 8, 8, 3)
class Sub(tf.layers.Layer):
    def call(self, x, training=False):
        return tf.layers.BatchNormalization()(x)
l = Sub()
y = l(im, training=True)

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

L = tf.contrib.layers
x = ph(None, 4)
with tf.variable_scope("a") as s:
    y = tf.layers.dense(x, 2)
with tf.variable_scope(s, reuse=True):
    y = tf.layers.dense(x, 2)
with tf.variable_scope(s, reuse=True, auxiliary_name_scope=False):
    y = tf.layers.dense(x, 2)
    y = y
l = tf.layers.Dense(3, name="q")
y = l(x)
with tf.variable_scope("b"):
    y = l(x)
    y = y

L = tf.contrib.layers
x = ph(None, 4)
with tf.device("/cpu:0"):
    y = tf.layers.dense(x, 2)
    y = L.fully_connected(x, 2)
with tf.control_dependencies([x]):
    y = tf.layers.dense(x, 2)
    y = tf.layers.batch_normalization(y, training=True)

L = tf.contrib.layers
x = ph(None, 4)
with tf.variable_scope("v", use_resource=True):
    y = tf.layers.dense(x, 2)
    y = tf.layers.batch_normalization(y, training=True)
    y = L.fully_connected(y, 3, normalizer_fn=L.batch_norm)
g = tf.gradients(y, tf.trainable_variables())

L = tf.contrib.layers
x = ph(None, 4)
def getter(getter, name, *a, **k):
    return getter(name + "_x", *a, **k)
with tf.variable_scope("v", custom_getter=getter):
    y = tf.layers.dense(x, 2)
    y = L.fully_connected(y, 3)

L = tf.contrib.layers
with tf.variable_scope("v", dtype=tf.float64, regularizer=L.l2_regularizer(0.1)):
    y = tf.layers.dense(ph(2, 3, dtype="float64"), 2)
    y = L.fully_connected(ph(2, 3, dtype="float64"), 3)

x = ph(None, 4)
with tf.variable_scope("v", partitioner=tf.fixed_size_partitioner(2)):
    y = tf.layers.dense(x, 2)
    y = tf.layers.batch_normalization(y, training=True)

s = tf.SparseTensor([[0, 0], [1, 2]], [1.0, 2.0], [2, 3])
y = tf.layers.dense(s, 4)
g = tf.gradients(y, tf.trainable_variables())

y = tf.layers.dense(
    tf.sparse_placeholder(tf.float32, [2, 3]), 4, use_bias=False, activation=tf.nn.relu
)

y = tf.layers.dense(tf.sparse_placeholder(tf.float32), 4)

y = tf.layers.dense(ph(0, 3), 4)
y = tf.layers.conv2d(ph(0, 5, 5, 2), 4, 3)
y = tf.layers.dense(ph(2, 3, dtype="float16"), 4)
y = tf.layers.max_pooling2d(ph(0, 5, 5, 2), 2, 2)

s = tf.SparseTensor([[0, 0], [1, 2]], [1.0, 2.0], [2, 3])
tf.set_random_seed(1)
y = tf.layers.dense(s, 4)
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
