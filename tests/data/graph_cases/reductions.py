"""Reductions, scans and places of extremes, and the gradients of reductions over static, partial and unknown shapes."""

from __future__ import annotations

import numpy as np

X = np.array([[1.0, 2.0, 3.0], [3.0, 5.0, 6.5]])
FOLDS = ("sum", "mean", "prod", "max", "min", "logsumexp")
#: what is known of the shape while the graph is built
SHAPES = {"static": (2, 3), "partial": (None, 3), "unknown": None}


def given(tf, value, shape, dtype="float64"):
    """A tensor of which the graph knows no more than its type and a shape."""
    return tf.placeholder_with_default(np.array(value, dtype), shape)


def reduced(tf, fold, *args, **kwargs):
    return getattr(tf, "reduce_" + fold)(*args, **kwargs)


def forward(fold, shape):
    def build(tf):
        x = given(tf, X, shape)
        axes = (None, 0, -1, [0, 1]) if shape is None else (None, 0, -1, [0, 1], [], (1,), [-1, 0])
        return [reduced(tf, fold, x, a, keepdims=k) for a in axes for k in (False, True)]

    return build


def slope(fold, axis, shape):
    def build(tf):
        x = given(tf, X, shape)
        return tf.gradients(tf.square(reduced(tf, fold, x, axis)), x)

    return build


def curvature(fold, axis, shape):
    def build(tf):
        x = given(tf, X, shape)
        slope = tf.gradients(reduced(tf, fold, x * x, axis), x)[0]
        return tf.gradients(slope * slope, x)

    return build


def remembered(tf):
    x = given(tf, X, (2, 3))
    return [
        tf.gradients(tf.square(tf.reduce_sum(x * c, axis)), x)[0]
        for c, axis in ((1.0, 0), (2.0, 0), (3.0, [0]), (4.0, 1), (5.0, -1))
    ]


def scanned(tf):
    x = given(tf, X, (2, 3))
    found = [
        scan(x, axis, exclusive, reverse)
        for scan in (tf.cumsum, tf.cumprod, tf.math.cumulative_logsumexp)
        for axis, exclusive, reverse in ((0, False, False), (1, True, False), (-1, False, True))
    ]
    # TensorFlow 1 takes the lowest number for the logarithm of nothing
    found[-2] = found[-2][:, 1:]
    return found


def scan_slopes(tf):
    x = given(tf, X, (2, 3))
    kinds = [(e, r) for e in (False, True) for r in (False, True)]
    sums = [tf.square(tf.cumsum(x, 1, e, r)) for e, r in kinds]
    products = [tf.square(tf.cumprod(x, 0, e, r)) for e, r in kinds]
    # at the first place the exclusive scan has the logarithm of nothing
    logs = [tf.square(tf.math.cumulative_logsumexp(x, 1, e, r))[:, 1] for e, r in kinds]
    return [tf.gradients(y, x)[0] for y in sums + products + logs]


def scan_curvatures(tf):
    x = given(tf, X, (2, 3))
    found = []
    for scan in (tf.cumsum, tf.cumprod, tf.math.cumulative_logsumexp):
        slope = tf.gradients(scan(x * x, 1), x)[0]
        found += tf.gradients(slope * slope, x)
    return found


def integers(tf):
    found = []
    for dtype in ("int32", "int64", "uint8", "int8", "int16", "uint16"):
        x = tf.cast(tf.constant([[100, -3, 7], [0, 2, 90]]), dtype)
        found += [tf.reduce_sum(x), tf.reduce_mean(x), tf.reduce_prod(x, 1)]
        found += [tf.reduce_max(x, 0), tf.reduce_min(x, [0, 1]), tf.argmax(x, 1), tf.cumsum(x, 1)]
    return found


def complexes(tf):
    x = tf.constant([[1 + 2j, 3], [0.5j, 2 - 1j]], tf.complex64)
    norm = tf.math.reduce_euclidean_norm(x)
    return [tf.reduce_sum(x), tf.reduce_mean(x, 0), tf.reduce_prod(x, 1), norm, tf.cumprod(x)]


def complex_slopes(tf):
    x = tf.constant([[1 + 2j, 3], [0.5j, 2 - 1j]], tf.complex64)
    seed = tf.constant(1 + 1j, tf.complex64)
    return [tf.gradients(f(x), x, grad_ys=seed)[0] for f in (tf.reduce_prod, tf.reduce_sum)]


def nothing(tf):
    x = given(tf, np.zeros([2, 0]), None)
    found = [reduced(tf, fold, x, 1) for fold in ("sum", "mean", "prod", "max", "min")]
    none = tf.zeros([0], tf.bool)
    return [*found, tf.reduce_sum(x, 0), tf.reduce_all(none), tf.reduce_any(none), tf.argmax(x, 0)]


def spread(tf):
    x = given(tf, X, (None, 3))
    return [
        f(x, axis)
        for f in (tf.math.reduce_variance, tf.math.reduce_std, tf.math.reduce_euclidean_norm)
        for axis in (None, 0)
    ]


def sizes(tf):
    x = given(tf, X, (None, 3))
    shape = tf.shape(x)
    beside = tf.reshape(x, [tf.reduce_prod(shape[1:]), -1])
    padded = tf.expand_dims(tf.reduce_prod(tf.stack([shape[0], 1, 3])), 0)
    return [tf.reshape(x, [tf.reduce_prod(shape)]), beside, tf.reshape(x, padded)]


def zeros_in_products(tf):
    x = tf.constant([[1.0, 0.0, 2.0], [0.0, 0.0, 3.0]])
    return tf.gradients(tf.reduce_prod(x, 1), x) + tf.gradients(tf.reduce_prod(x), x)


def infinite(tf):
    rows = [[-np.inf, -np.inf], [np.inf, 1.0], [-np.inf, 2.0]]
    x = given(tf, rows, None)
    return [tf.reduce_logsumexp(x, 1), tf.reduce_logsumexp(x, 1, keepdims=True)]


def place_and_slope(tf):
    x = given(tf, X, (2, 3))
    return tf.gradients(tf.cast(tf.argmax(x), "float64") * tf.reduce_sum(x), x)


CASES = {
    f"{fold} {known}": forward(fold, shape) for fold in FOLDS for known, shape in SHAPES.items()
}
for fold in FOLDS:
    for known, shape in SHAPES.items():
        for axis in (None, 0, [1], [0, 1], -1) if fold in ("sum", "mean", "max") else (None, [1]):
            CASES[f"slope of {fold} over {axis}, {known}"] = slope(fold, axis, shape)
    for known in ("static", "partial"):
        for axis in (0, None):
            case = f"curvature of {fold} over {axis}, {known}"
            CASES[case] = curvature(fold, axis, SHAPES[known])

CASES.update(
    {
        "slopes of equal sums": remembered,
        "scans": scanned,
        "slopes of scans": scan_slopes,
        "curvatures of scans": scan_curvatures,
        "integers": integers,
        "complex numbers": complexes,
        "slopes of complex numbers": complex_slopes,
        "no elements": nothing,
        "variance, deviation, norm": spread,
        "known sizes": sizes,
        "zeros in products": zeros_in_products,
        "infinities": infinite,
        "of an array": lambda tf: [tf.reduce_sum(X)],
        "of a list": lambda tf: [tf.reduce_mean([1.0, 2.0], name="m")],
        "of a range of axes": lambda tf: [tf.reduce_sum(X, tf.range(1)), tf.reduce_sum(X, [0, -2])],
        "all and any": lambda tf: [
            tf.reduce_all([True, False]),
            tf.reduce_any([[True], [False]], 1),
        ],
        "nonzero": lambda tf: [
            tf.count_nonzero(X),
            tf.count_nonzero(tf.constant([1, 0, 2]), dtype=tf.int32, name="n"),
            tf.count_nonzero(tf.constant([True, False]), 0),
            tf.count_nonzero(["a", ""], keepdims=True),
        ],
        "places": lambda tf: [
            tf.argmax(X),
            tf.argmax(given(tf, X, None), dimension=0, name="q"),
            tf.argmin(X, -1, output_type=tf.int32),
            tf.arg_max(X, 1),
        ],
        "old names": lambda tf: [tf.reduce_max(X, reduction_indices=[1], keep_dims=True)],
        "place and slope": place_and_slope,
    }
)
ERRORS = {
    "axis 2 of 2": lambda tf: tf.reduce_sum(X, 2),
    "matrix of axes": lambda tf: tf.reduce_sum(X, [[1]]),
    "fraction of an axis": lambda tf: tf.reduce_sum(X, 1.0),
    "sum of texts": lambda tf: tf.reduce_sum(["a"]),
    "sum of truths": lambda tf: tf.reduce_sum([True]),
    "all of numbers": lambda tf: tf.reduce_all([1.0]),
    "sum of None": lambda tf: tf.reduce_sum(None),
    "two spellings": lambda tf: tf.reduce_sum(X, axis=0, reduction_indices=0),
    "two spellings of keeping": lambda tf: tf.reduce_sum(X, keepdims=True, keep_dims=True),
    "axis 0 of a scalar": lambda tf: tf.reduce_sum(1.0, 0),
    "place along axis 2": lambda tf: tf.argmax(X, 2),
    "place along axes": lambda tf: tf.argmax(X, [0]),
    "place of truths": lambda tf: tf.argmax([True]),
}
CASES.update(ERRORS)
