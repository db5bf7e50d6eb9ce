"""Reductions of rows by segment ids, histograms, and gradients over static, partial and unknown shapes."""

from __future__ import annotations

import numpy as np

# equal extremes, zeros and a segment that nobody has
DATA = np.array([[1.0, 2.0], [1.0, 0.0], [3.0, 0.0], [0.0, 0.0], [5.0, 1.0]])
SORTED, UNSORTED = np.int32([0, 0, 1, 3, 3]), np.int32([2, 0, -1, 0, 3])
ROWS, IDS = np.int32([0, 2, 2, 4]), np.int32([0, 0, 2, 2])


def given(tf, value, known):
    shape = {"static": value.shape, "partial": [None, *value.shape[1:]]}.get(known)
    return tf.placeholder_with_default(value, shape)


def sorted_segments(how):
    return lambda tf, x, known: getattr(tf, "segment_" + how)(x, given(tf, SORTED, known))


def unsorted_segments(how):
    name = "unsorted_segment_" + how
    return lambda tf, x, known: getattr(tf.math, name)(x, given(tf, UNSORTED, known), 5)


def sparse_segments(how, **kwargs):
    def reduce(tf, x, known):
        rows, ids = given(tf, ROWS, known), given(tf, IDS, known)
        return getattr(tf, "sparse_segment_" + how)(x, rows, ids, **kwargs)

    return reduce


REDUCTIONS = {"sorted " + how: sorted_segments(how) for how in ("sum", "mean", "min", "max")}
for how in ("sum", "mean", "prod", "min", "max", "sqrt_n"):
    REDUCTIONS["unsorted " + how] = unsorted_segments(how)
for how in ("sum", "mean", "sqrt_n"):
    REDUCTIONS["sparse " + how] = sparse_segments(how)
    REDUCTIONS["counted sparse " + how] = sparse_segments(how, num_segments=6)


def slopes(reduce, known, order=1):
    def build(tf):
        x = given(tf, DATA, known)
        y = reduce(tf, x, known)
        found = tf.gradients(y * y, x)
        return [y, *found] if order == 1 else tf.gradients(found[0] * found[0], x)

    return build


def counted_by_tensors(tf):
    count, x = tf.constant(4), tf.constant(DATA)
    sums = tf.unsorted_segment_sum(x, UNSORTED, count + 1)
    return [
        sums,
        tf.unsorted_segment_mean(x, UNSORTED, count + 1),
        tf.unsorted_segment_sum(x, UNSORTED, tf.shape(x)[0]),
    ]


CASES = {}
for name, reduce in REDUCTIONS.items():
    # of unknown ranks TensorFlow cannot build these
    lost = name.startswith("unsorted")
    for known in ("static", "partial") if lost else ("static", "partial", "unknown"):
        CASES[f"{name} {known}"] = slopes(reduce, known)
    # the gradients of sparse means have no gradients in TensorFlow 1.15
    if "sparse" not in name or name.endswith("sum"):
        CASES["curvature of " + name] = slopes(reduce, "partial", order=2)

CASES.update(
    {
        "sorted prod": lambda tf: [tf.segment_prod(DATA, SORTED), tf.segment_prod([2, 3], [0, 0])],
        "tensors that count": counted_by_tensors,
        "matrices of ids": lambda tf: [
            tf.unsorted_segment_sum(np.ones([2, 3, 4]), [[0, 1, 2], [2, 1, 0]], 3),
            tf.unsorted_segment_mean(tf.ones([2, 3, 4]), tf.constant([[0, 1, 2], [2, 1, 0]]), 3),
        ],
        "wide ids": lambda tf: [
            tf.segment_sum([1, 2, 3], np.int64([0, 0, 1])),
            tf.unsorted_segment_max([1, 2, 3], np.int64([0, 0, 2]), np.int64(4)),
            tf.unsorted_segment_min([1.0, 2.0, 3.0], np.int64([0, 0, 2]), 4),
        ],
        "sparse namespace": lambda tf: [tf.sparse.segment_sum(DATA, ROWS, IDS, num_segments=4)],
        "bincount": lambda tf: [
            tf.bincount([1, 2, 2, 5]),
            tf.bincount(tf.constant([1, 1]), weights=[0.5, 1.0], minlength=4),
            tf.bincount([1, 9], maxlength=5),
            tf.math.bincount(given(tf, np.int32([1, 2]), "unknown"), dtype=tf.float32),
            tf.bincount(np.int32([])),
        ],
        "histogram": lambda tf: [
            tf.histogram_fixed_width([-1.0, 0.0, 1.5, 2.0, 5.0, 15.0], [0.0, 5.0], nbins=5),
            tf.histogram_fixed_width_bins([-1.0, 0.0, 1.5, 2.0, 5.0, 15.0], [0.0, 5.0], nbins=5),
            tf.histogram_fixed_width([1, 2, 9], [0, 5], nbins=3, dtype=tf.int64, name="h"),
            tf.histogram_fixed_width_bins(given(tf, DATA, "unknown"), np.float64([-1, 1]), 7),
        ],
        "matrix of sorted ids": lambda tf: tf.segment_sum(DATA, [[0]]),
        "ids of another length": lambda tf: tf.unsorted_segment_sum(DATA, [0, 0], 3),
        "-1 segments": lambda tf: tf.unsorted_segment_sum(DATA, UNSORTED, -1),
        "-2 sparse segments": lambda tf: tf.sparse_segment_sum(
            DATA, [0, 1], [0, 3], num_segments=-2
        ),
        "rows and ids of two lengths": lambda tf: tf.sparse_segment_sum(DATA, [0, 1], [0]),
        "mean of unknown rank": lambda tf: tf.unsorted_segment_mean(
            given(tf, DATA, "unknown"), given(tf, UNSORTED, "unknown"), 4
        ),
        "no bins": lambda tf: tf.histogram_fixed_width([1.0], [0.0, 5.0], nbins=0),
        "a range of three": lambda tf: tf.histogram_fixed_width([1.0], [0.0, 5.0, 7.0], nbins=2),
    }
)
