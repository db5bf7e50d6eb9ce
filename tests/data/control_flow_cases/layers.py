"""Layers, losses and metrics whose way is decided when the graph runs: training or not, checks of weights."""

from __future__ import annotations

import numpy as np

# cases are parted by empty lines; `ph` makes a placeholder
CALLS = r"""
tf.set_random_seed(11)
t = tf.placeholder_with_default(False, [])
y = tf.layers.dropout(tf.ones([3, 4]), 0.5, training=t)

im = ph(None, 8, 8, 3)
t = ph(dtype="bool")
y = tf.layers.batch_normalization(im, training=t)
z = tf.layers.conv2d(y, 2, 3)

tf.set_random_seed(7)
t = ph(dtype="bool")
x = tf.random_normal([4, 3, 3, 2], seed=1)
y = tf.layers.batch_normalization(x, training=t)
u = tf.get_collection("update_ops")

t = ph(dtype="bool")
y = tf.layers.batch_normalization(ph(None, 5), training=t)
z = tf.layers.dense(y, 2)

tf.set_random_seed(7)
t = ph(dtype="bool")
x = tf.random_normal([4, 2], seed=1)
y = tf.layers.batch_normalization(x, training=t)
u = tf.get_collection("update_ops")

t = ph(dtype="bool")
y = tf.layers.batch_normalization(ph(None, 4), renorm=True, training=t)

x = ph(None, 4)
p = ph(dtype="bool")
y = tf.cond(
    p, lambda: tf.layers.dense(x, 3, name="d"), lambda: tf.layers.dense(x, 3, name="d", reuse=True)
)
z = tf.layers.dense(y, 2)

tf.set_random_seed(2)
def body(i, h):
    return (i + 1, tf.layers.dense(h, 4, tf.nn.tanh, name="d", reuse=tf.AUTO_REUSE))
i, h = tf.while_loop(lambda i, h: i < 3, body, [0, tf.ones([2, 4])])
z = tf.layers.dense(h, 2)

L = tf.contrib.layers
x = ph(None, 4)
y = L.dropout(x)
y = L.dropout(x, 0.7, is_training=False)
y = L.dropout(x, 0.7, scope="dd", noise_shape=[None, 1])
k = ph()
y = L.dropout(x, k)
t = ph(dtype="bool")
y = L.dropout(x, 0.3, is_training=t)

L = tf.contrib.layers
x = ph(None, 4)
t = ph(dtype="bool")
im = ph(2, 8, 8, 3)
y = L.batch_norm(im, is_training=t)
y = L.batch_norm(im, is_training=t, updates_collections=None)
y = L.batch_norm(im, is_training=t, updates_collections="q")
z = L.fully_connected(x, 2)

L = tf.contrib.layers
x = ph(None, 4)
t = ph(dtype="bool")
y = L.batch_norm(x, is_training=t)
y = L.batch_norm(x, is_training=t, updates_collections=None)
y = L.batch_norm(x, is_training=t, updates_collections=None, fused=False)
y = L.batch_norm(x, is_training=t, updates_collections="a", fused=False)
z = L.fully_connected(x, 2)

L = tf.contrib.layers
tf.set_random_seed(4)
t = ph(dtype="bool")
r = tf.random_normal([6, 3], seed=1)
y = L.batch_norm(r, is_training=t, updates_collections=None, decay=0.5)

L = tf.contrib.layers
tf.set_random_seed(4)
t = ph(dtype="bool")
r = tf.random_normal([6, 3], seed=1)
y = L.batch_norm(r, is_training=t, updates_collections=None, decay=0.5, fused=False, scale=True)

m = tf.contrib.metrics
a = ph(None)
b = ph(None)
i = ph(None, dtype="int64")
j = ph(None, dtype="int64")
w = ph(None)
y = m.accuracy(i, j)
y = m.accuracy(i, j, weights=w, name="x")
y = m.f1_score(i, a, num_thresholds=5)
y = m.count(a)
y = m.count(a, weights=w)
y = m.streaming_covariance(a, b)
y = m.streaming_pearson_correlation(a, b, weights=w)
y = m.streaming_recall_at_k(ph(3, 4), ph(3, dtype="int32"), 2)

m = tf.contrib.metrics
a = ph(None)
b = ph(None)
i = ph(None, dtype="int64")
j = ph(None, dtype="int64")
w = ph(None)
y = m.streaming_accuracy(i, j)
y = m.streaming_auc(a, i, num_thresholds=5)
y = m.streaming_precision(i, j, name="p")
y = m.streaming_mean(a, weights=w)
y = m.streaming_mean_iou(i, j, 3)
y = m.streaming_mean_squared_error(a, b, w)
y = m.streaming_percentage_less(a, 0.5)
y = m.streaming_true_positives(i, j)
y = m.streaming_sparse_average_precision_at_top_k(ph(3, 2, dtype="int64"), ph(3, 2, dtype="int64"))
y = m.streaming_sparse_precision_at_k(ph(3, 4), ph(3, 2, dtype="int64"), 2, class_id=1)
v, u = m.aggregate_metric_map(
    {"a": m.streaming_accuracy(predictions=i, labels=j), "b": m.streaming_mean(a)}
)

slim = tf.contrib.slim
x = ph(None, 4)
slim.summaries.add_histogram_summaries([x], "p")
slim.summaries.add_scalar_summary(tf.reduce_sum(x), "n", print_summary=True)
slim.summaries.add_zero_fraction_summary(x)
slim.summaries.add_image_summary(ph(2, 4, 4, 3), "im")
slim.summaries.add_scalar_summaries([tf.reduce_mean(x)])

l = tf.losses
a = ph(None, 3)
b = ph(None, 3)
y = l.mean_squared_error(a, b, weights=ph(None, 1))

l = tf.losses
a = ph(None, 3)
b = ph(None, 3)
y = l.mean_squared_error(a, b, weights=ph(...))
z = tf.layers.dense(a, 2)

l = tf.losses
y = l.mean_squared_error(ph(...), ph(...))

l = tf.losses
a = ph(None, 3)
y = l.mean_squared_error(ph(...), ph(...), weights=ph(None))
z = tf.layers.dense(a, 2)

l = tf.losses
a = ph(None, 3)
y = l.mean_pairwise_squared_error(ph(None, None), ph(...))
z = tf.layers.dense(a, 2)

l = tf.losses
a = ph(None, 3)
y = l.sparse_softmax_cross_entropy(ph(..., dtype="int32"), ph(None, 3))
z = tf.layers.dense(a, 2)

l = tf.losses
a = ph(None, 3)
y = l.sparse_softmax_cross_entropy(ph(..., dtype="int32"), ph(None, 3), weights=ph(...))
z = tf.layers.dense(a, 2)

l = tf.losses
p = ph(...)
q = ph(...)
w = ph(...)
y = l.mean_squared_error(p, q, w)

m = tf.metrics
a = ph(None)
b = ph(None)
y = m.mean(a)
y = m.mean(a, weights=b, name="q")
y = m.mean(ph(2, 3), weights=ph(2, 1), metrics_collections="mc", updates_collections=["uc"])
y = m.mean(3.0)
y = m.mean([1.0, 2.0], [0.0, 1.0])
y = m.mean(ph(2, 3, dtype="int32"))

m = tf.metrics
a = ph(None)
b = ph(None)
i = ph(None, dtype="int64")
j = ph(None, dtype="int64")
y = m.accuracy(i, j)
y = m.accuracy(ph(None, 1, dtype="int64"), j)
y = m.accuracy(i, a)
y = m.accuracy(ph(2, 3, dtype="int32"), ph(2, 3, dtype="int64"), weights=ph(2, 3))
y = m.accuracy(ph(2, 3, dtype="int32"), ph(2, 3, dtype="int64"), weights=ph(2))
y = m.accuracy(i, j, name="acc")
y = m.accuracy(i, j, weights=b)

m = tf.metrics
y = m.accuracy(ph(..., dtype="int32"), ph(None, dtype="int32"))
z = tf.layers.dense(ph(2, 3), 2)

m = tf.metrics
y = m.mean(ph(2, 3), weights=ph(...))
z = tf.layers.dense(ph(2, 3), 2)

m = tf.metrics
y = m.mean(ph(...), weights=ph(None))
z = tf.layers.dense(ph(2, 3), 2)

m = tf.metrics
a = ph(None)
b = ph(None)
i = ph(None, dtype="int64")
y = m.auc(i, a)
y = m.auc(ph(3, dtype="bool"), ph(3), num_thresholds=5, name="AUC")
y = m.auc(i, a, curve="PR", num_thresholds=4)
y = m.auc(i, a, curve="PR", num_thresholds=4, summation_method="careful_interpolation")
y = m.auc(i, a, num_thresholds=4, summation_method="minoring", weights=b)
y = m.auc(i, a, thresholds=[0.5, 0.3], summation_method="majoring")

m = tf.metrics
a = ph(None)
i = ph(None, dtype="int64")
y = m.auc(i, a, summation_method="x")

m = tf.metrics
a = ph(None)
b = ph(None)
i = ph(None, dtype="int64")
y = m.precision_at_thresholds(i, a, [0.3, 0.5])
y = m.recall_at_thresholds(i, a, [0.3, 0.5])
y = m.true_positives_at_thresholds(i, a, [0.3, 0.5])
y = m.false_positives_at_thresholds(i, a, [0.3])
y = m.true_negatives_at_thresholds(i, a, [0.3], weights=b)
y = m.false_negatives_at_thresholds(i, a, [0.3], name="fn")

m = tf.metrics
a = ph(None)
i = ph(None, dtype="int64")
y = m.sensitivity_at_specificity(i, a, 0.5, num_thresholds=5)
y = m.specificity_at_sensitivity(i, a, 0.5, num_thresholds=5)

m = tf.metrics
i = ph(None, dtype="int64")
j = ph(None, dtype="int64")
y = m.mean_iou(i, j, 3)
y = m.mean_iou(ph(2, 3, dtype="int32"), ph(2, 3, dtype="int32"), 3, weights=ph(2, 3))
y = m.mean_per_class_accuracy(i, j, 3)
y = m.mean_per_class_accuracy(ph(2, 3, dtype="int32"), ph(2, 3, dtype="int64"), 3, weights=ph(2, 3))

m = tf.metrics
y = m.precision_at_k(ph(4, 2, dtype="int64"), ph(4, 5), 3)
y = m.recall_at_k(ph(4, 2, dtype="int64"), ph(4, 5), 3)
y = m.recall_at_k(ph(4, dtype="int64"), ph(4, 5), 1, name="r")
y = m.precision_at_k(ph(4, 2, dtype="int64"), ph(4, 5), 3, class_id=1)
y = m.recall_at_top_k(ph(4, 2, dtype="int64"), ph(4, 3, dtype="int32"), weights=ph(4))
y = m.precision_at_top_k(
    ph(4, 2, dtype="int64"), ph(4, 3, dtype="int64"), k=3, metrics_collections="m"
)
y = m.sparse_precision_at_k(ph(None, dtype="int64"), ph(None, 5), 2)

m = tf.metrics
y = m.average_precision_at_k(ph(4, 2, dtype="int64"), ph(4, 5), 3)
y = m.average_precision_at_k(ph(4, 2, dtype="int64"), ph(4, 5), 1, weights=ph(4))
z = tf.layers.dense(ph(2, 3), 2)

m = tf.metrics
s = tf.SparseTensor([[0, 0], [1, 1]], tf.constant([1, 2], tf.int64), [2, 3])
y = m.average_precision_at_k(s, ph(2, 5), 2)
z = tf.layers.dense(ph(2, 3), 2)

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
        return []

    return build


CASES = {"; ".join(text.split("\n")): executed(text) for text in CALLS.strip().split("\n\n")}
