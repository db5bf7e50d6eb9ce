"""Losses and metrics: weights beside values, reductions, and what is kept from batch to batch."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines; `ph` makes a placeholder
CALLS = r"""
l = tf.losses
a = ph(None, 3)
b = ph(None, 3)
y = l.absolute_difference(a, b)
y = l.mean_squared_error(a, b)
y = l.log_loss(a, b)
y = l.hinge_loss(a, b)
y = l.huber_loss(a, b)
y = l.cosine_distance(a, b, axis=1)
y = l.mean_pairwise_squared_error(a, b)
y = l.sigmoid_cross_entropy(a, b)
y = l.softmax_cross_entropy(a, b)
y = l.sparse_softmax_cross_entropy(ph(None, dtype="int64"), b)

l = tf.losses
y = l.mean_squared_error(ph(2, 3), ph(2, 3))
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=0.5)
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=tf.constant([[1.0], [2.0]]))
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=ph(2, 1), scope="w")
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=2)
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=ph(2, 3))
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=ph())
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=0.0)
g = tf.gradients(y, tf.get_default_graph().get_tensor_by_name("Placeholder_3:0"))

l = tf.losses
a = ph(None, 3)
b = ph(None, 3)
R = l.Reduction
for r in R.all():
    y = l.mean_squared_error(a, b, reduction=r)
    y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=ph(2, 1), reduction=r)

l = tf.losses
a = ph(None, 3)
b = ph(None, 3)
y = l.mean_squared_error(a, b, reduction="foo")

l = tf.losses
a = ph(None, 3)
y = l.mean_squared_error(a, None)

l = tf.losses
y = l.mean_squared_error(ph(2, 3), ph(3, 2))

l = tf.losses
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=ph(3))

l = tf.losses
y = l.mean_squared_error(ph(2, 3), ph(2, 3), weights=ph(2, 2))

l = tf.losses
a = ph(None, 3)
b = ph(None, 3)
y = l.mean_pairwise_squared_error(ph(2, 3), ph(2, 3), weights=ph(2, 1))
y = l.mean_pairwise_squared_error(a, b, weights=ph())
y = l.mean_pairwise_squared_error(ph(4, 2, 3), ph(4, 2, 3), scope="p")
g = tf.gradients(y, [tf.get_default_graph().get_tensor_by_name("Placeholder_7:0")])

l = tf.losses
a = ph(None, 3)
b = ph(None, 3)
y = l.cosine_distance(ph(2, 3), ph(2, 3), dim=1, weights=ph(2, 1))
y = l.cosine_distance(ph(2, 3), ph(2, 3), 0)

l = tf.losses
a = ph(None, 3)
b = ph(None, 3)
y = l.cosine_distance(a, b)

l = tf.losses
a = ph(None, 3)
b = ph(None, 3)
R = l.Reduction
y = l.sigmoid_cross_entropy(ph(2, 3, dtype="int32"), ph(2, 3), label_smoothing=0.1)
y = l.softmax_cross_entropy(ph(2, 3, dtype="int32"), ph(2, 3), label_smoothing=0.1, weights=ph(2))
y = l.softmax_cross_entropy(a, b, label_smoothing=0.2)
y = l.softmax_cross_entropy(ph(2, 3, 4), ph(2, 3, 4))
y = l.sigmoid_cross_entropy(ph(2, 3, dtype="float64"), ph(2, 3, dtype="float64"), reduction=R.NONE)

l = tf.losses
y = l.sparse_softmax_cross_entropy(ph(2, dtype="int32"), ph(2, 3), weights=ph(2))
y = l.sparse_softmax_cross_entropy(ph(2, 1, dtype="int32"), ph(2, 3))
y = l.sparse_softmax_cross_entropy(ph(2, 1, dtype="int32"), ph(2, 3), weights=ph(2, 1))
y = l.sparse_softmax_cross_entropy(ph(2, 4, dtype="int32"), ph(2, 4, 3))
y = l.sparse_softmax_cross_entropy([1, 2], ph(2, 3), weights=[1.0, 0.0])
g = tf.gradients(y, [tf.get_default_graph().get_tensor_by_name("Placeholder_3:0")])

l = tf.losses
a = ph(None, 3)
b = ph(None, 3)
y = l.huber_loss(a, b, delta=2.0, weights=3.0)
y = l.huber_loss(ph(2, dtype="int32"), ph(2, dtype="float64"))
y = l.log_loss([1.0, 0.0], [0.5, 0.25], epsilon=0.001)
y = l.hinge_loss([[1.0, 0.0]], [[0.3, -0.2]])
y = l.compute_weighted_loss(ph(2, 3))
y = l.compute_weighted_loss(
    ph(2, 3, dtype="float64"), weights=ph(2, 1, dtype="float64"), loss_collection=None
)
y = l.compute_weighted_loss([1.0, 2.0], [0.0, 1.0])

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

l = tf.losses
r = l.get_regularization_loss()

l = tf.losses
r = l.get_total_loss()

m = tf.metrics
y = m.accuracy(ph(2, 3), ph(3, 2))

m = tf.metrics
a = ph(None)
b = ph(None)
y = m.mean_absolute_error(a, b)
y = m.mean_squared_error(a, b)
y = m.root_mean_squared_error(a, b)
y = m.mean_relative_error(a, b, ph(None))
y = m.mean_cosine_distance(ph(None, 3), ph(None, 3), 1)
y = m.percentage_below(a, 0.5)
y = m.mean_tensor(ph(2, 3))
y = m.mean_tensor(ph(2, 3), weights=ph(2, 3))
y = m.mean_squared_error(a, b, name="mse", metrics_collections="c")
y = m.mean_cosine_distance(ph(2, 3), ph(2, 3), 1, weights=ph(2, 1), updates_collections="u")

m = tf.metrics
a = ph(None)
b = ph(None)
i = ph(None, dtype="int64")
j = ph(None, dtype="int64")
y = m.true_positives(i, j)
y = m.false_positives(a, b)
y = m.true_negatives(ph(None, dtype="bool"), b, weights=ph(None))
y = m.false_negatives(a, b, weights=2.0)
y = m.precision(i, j)
y = m.recall(i, j)
y = m.precision(
    a, b, weights=ph(None), name="P", metrics_collections="mc", updates_collections="uc"
)
y = m.recall(ph(2, 3), ph(2, 3), weights=ph(2, 1))

m = tf.metrics
a = ph(None)
i = ph(None, dtype="int64")
y = m.auc(i, a, curve="x")

m = tf.metrics
a = ph(None)
i = ph(None, dtype="int64")
y = m.sensitivity_at_specificity(i, a, 1.5)

m = tf.metrics
y = m.average_precision_at_k(ph(4, 2, dtype="int64"), ph(4, 5), 0)
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
