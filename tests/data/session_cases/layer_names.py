"""What layers tell of themselves: names, weights, losses and updates, and the collections that they fill."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines; `say` is what is told
CALLS = r"""
x2 = ph(None, 4)
with tf.name_scope("n"):
    y = tf.layers.dense(
        x2,
        3,
        kernel_regularizer=tf.keras.regularizers.l2(0.1),
        bias_regularizer=tf.keras.regularizers.l1(0.2),
        activity_regularizer=tf.nn.l2_loss,
    )
say = tf.get_collection("regularization_losses")

x2 = ph(None, 4)
l = tf.layers.Dense(3)
y = l(x2)
z = l(ph(2, 4))
say = [
    l.name,
    l.scope_name,
    l.weights,
    l.trainable_weights,
    l.variables,
    l.losses,
    l.updates,
    l.count_params(),
    l.built,
    l.dtype,
    l.trainable,
    l.compute_output_shape([None, 4]),
]

x2 = ph(None, 4)
l = tf.layers.Dense(3, kernel_regularizer=tf.nn.l2_loss)
y = l(x2)
a = l.losses
b = l.losses
say = [l.get_losses_for(None), l.get_losses_for(x2)]

x2 = ph(None, 4)
l = tf.layers.Dense(3, name="foo")
m = tf.layers.Dense(3, name="foo")
y = l(x2)
y = m(x2)
say = [l.weights, m.weights]

l = tf.layers.Dense(3)
m = tf.layers.Dense(3)
k = tf.layers.Flatten()
n = tf.layers.Conv2D(3, 2)
say = [l.name, m.name, k.name, n.name]

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
say = [l.weights, l.trainable_weights, l.non_trainable_weights, l.losses, l.name]

x2 = ph(None, 4)
class Sub(tf.layers.Layer):
    def call(self, x):
        return tf.layers.dense(x, 2) + tf.layers.Dense(2)(x)
l = Sub(name="sub")
y = l(x2)
z = l(x2)
say = [l.weights]

im = ph(None, 8, 8, 3)
l = tf.layers.Conv2D(4, 3, padding="same")
y = l(im)
y = l(ph(2, 5, 5, 3))
say = [
    l.weights,
    l.scope_name,
    l.compute_output_shape([None, 8, 8, 3]).as_list(),
    l.kernel,
    l.bias,
    l.filters,
    l.kernel_size,
    l.strides,
]
l = tf.layers.Conv2DTranspose(4, 3, strides=2, padding="same")
y = l(im)
y = l(im)
say += [l.compute_output_shape([2, 8, None, 3]).as_list()]
l = tf.layers.MaxPooling2D(2, 2)
y = l(im)
y = l(im)
say += [l.compute_output_shape([2, 8, None, 3]).as_list(), l.name, l.scope_name]

im = ph(None, 8, 8, 3)
l = tf.layers.BatchNormalization()
y = l(im, training=True)
z = l(im, training=False)
w = l(ph(2, 8, 8, 3), training=True)
say = [
    l.updates,
    l.weights,
    l.trainable_weights,
    l.non_trainable_weights,
    l.get_updates_for(im),
    l.get_updates_for(None),
    l.losses,
]

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
say = [tf.model_variables()]

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
say = [
    sorted((len(v) for v in sc.values())),
    slim.has_arg_scope(slim.conv2d),
    slim.has_arg_scope(len),
    slim.get_model_variables(),
    slim.get_variables("Conv"),
    slim.get_variables_by_name("weights"),
    slim.get_variables_to_restore(exclude=["Conv"]),
    slim.get_unique_variable("Conv/weights"),
    slim.get_trainable_variables(suffix="biases"),
    tf.losses.get_regularization_losses(),
]

slim = tf.contrib.slim
y = slim.model_variable("w", shape=[2, 3], regularizer=slim.l2_regularizer(0.1), device="/cpu:0")
z = slim.variable("z", shape=[1], collections=["k"])
w = slim.local_variable(3.0, name="lv")
u = slim.global_variable([1, 2])
v = tf.contrib.framework.model_variable("q", [2], trainable=False)
say = [tf.local_variables(), tf.model_variables(), tf.global_variables(), tf.trainable_variables()]

l = tf.losses
a = ph(None, 3)
b = ph(None, 3)
l.add_loss(tf.reduce_sum(a))
v = tf.get_variable("v", [2], regularizer=tf.nn.l2_loss)
y = l.mean_squared_error(a, b, scope="zz")
t = l.get_total_loss()
r = l.get_regularization_loss()
u = l.get_total_loss(add_regularization_losses=False, name="n")
w = l.get_total_loss(scope="zz")
say = [l.get_losses(), l.get_losses("zz"), l.get_regularization_losses()]

m = tf.metrics
a = ph(None)
b = ph(None)
y = m.mean(a)
y = m.mean(a, weights=b, name="q")
y = m.mean(ph(2, 3), weights=ph(2, 1), metrics_collections="mc", updates_collections=["uc"])
y = m.mean(3.0)
y = m.mean([1.0, 2.0], [0.0, 1.0])
y = m.mean(ph(2, 3, dtype="int32"))
say = [
    tf.local_variables(),
    tf.get_collection(tf.GraphKeys.METRIC_VARIABLES),
    tf.global_variables(),
]

F = tf.contrib.framework
a = ph()
b = ph(3, dtype="int32")
y = F.assert_scalar(a)
z = F.assert_scalar_int(ph(dtype="int32"))
u = F.reduce_sum_n([ph(2, 3, name="p"), ph(2, name="q")])
w = F.reduce_sum_n([ph(2, name="r")])
k = F.remove_squeezable_dimensions(ph(None, 1), ph(None))
g = F.get_or_create_global_step()
say = [
    F.is_tensor(a),
    F.is_tensor(3),
    F.is_tensor(g),
    F.get_name_scope(),
    F.get_placeholders(tf.get_default_graph()),
    F.prepend_name_scope("a/b:0", "s"),
    F.strip_name_scope("s/a/b:0", "s"),
    F.assert_same_float_dtype([a]),
]

F = tf.contrib.framework
def f(x):
    return x
f2 = F.deprecated(None, "x")(f)
f3 = F.deprecated_args(None, "y", "x")(f)
say = [f2(3), f3(4), F.deprecated_arg_values(None, "z", x=1)(f)(1)]

L = tf.contrib.layers
slim = tf.contrib.slim
x = ph(None, 4)
def net():
    h = L.fully_connected(x, 3, normalizer_fn=L.batch_norm)
    o = L.linear(h, 1)
    return tf.reduce_mean(tf.square(o))
l = net()
say = [
    slim.model_analyzer.analyze_vars(tf.model_variables()),
    slim.model_analyzer.tensor_description(tf.trainable_variables()[0]),
    slim.model_analyzer.analyze_ops(tf.get_default_graph()),
]

with tf.variable_scope("s"):
    y = tf.layers.dense(ph(None, 4), 3, kernel_regularizer=tf.nn.l2_loss)
    y = tf.layers.batch_normalization(y, training=True)
say = {str(k): tf.get_collection(k) for k in tf.get_default_graph().get_all_collection_keys()}

L = tf.contrib.layers
y = L.fully_connected(ph(None, 4), 3, normalizer_fn=L.batch_norm, outputs_collections=["out"])
y = L.conv2d(ph(2, 8, 8, 3), 4, 3, weights_regularizer=L.l2_regularizer(0.1), scope="c")
say = {str(k): tf.get_collection(k) for k in tf.get_default_graph().get_all_collection_keys()}

y = tf.losses.mean_squared_error(ph(2, 3), ph(2, 3))
y = tf.metrics.mean(ph(None), metrics_collections="m", updates_collections=["u"])
say = {str(k): tf.get_collection(k) for k in tf.get_default_graph().get_all_collection_keys()}
"""

SETUP = r"""
def ph(*shape, dtype="float32", **options):
    shape = None if shape == (Ellipsis,) else list(shape)
    return tf.placeholder(dtype, shape, **options)


def told(value):
    # names of tensors, nodes and variables; other things as text
    if isinstance(value, dict):
        return {key: sorted(told(item)) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [told(item) for item in value]
    return value.name if hasattr(value, "graph") else str(value)
"""


def executed(text):
    """The case that statements spell."""

    def run(tf):
        names = {"tf": tf, "np": np}
        exec(SETUP + text, names)
        return names["told"](names["say"])

    return run


CASES = {"; ".join(text.split("\n")): executed(text) for text in CALLS.strip().split("\n\n")}
