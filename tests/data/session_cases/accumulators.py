"""Accumulators of gradients in one thread."""

from __future__ import annotations

import numpy as np

CASES = {}


def case(run):
    CASES[run.__name__] = run
    return run


def outcomes(tf, ops):
    """What each op gives, or the class of its error."""
    found = []
    with tf.Session() as session:
        for op in ops:
            try:
                found.append(session.run(op))
            except tf.errors.OpError as error:
                found.append(type(error).__name__)
    return found


def unknown(tf, value):
    return tf.placeholder_with_default(np.asarray(value, "f4"), None)


@case
def mean(tf):
    a = tf.ConditionalAccumulator(tf.float32, [2])
    ops = [a.apply_grad([1.0, 2.0]), a.apply_grad([4.0, 4.0]), a.num_accumulated(), a.take_grad(1)]
    return outcomes(tf, [*ops, a.num_accumulated()])


@case
def total(tf):
    a = tf.ConditionalAccumulator(tf.float64, reduction_type="SUM")
    grad = tf.constant([[1.5]], tf.float64)
    return outcomes(tf, [a.apply_grad(grad), a.apply_grad(grad), a.take_grad(2)])


@case
def stale(tf):
    a = tf.ConditionalAccumulator(tf.float32)
    ops = [
        *(a.apply_grad(1.0), a.take_grad(1), a.apply_grad(2.0), a.num_accumulated()),
        *(a.apply_grad(3.0, 1), a.num_accumulated(), a.set_global_step(7)),
        *(a.apply_grad(4.0, 6), a.num_accumulated(), a.apply_grad(5.0, 7), a.take_grad(2)),
        *(a.set_global_step(2), a.apply_grad(6.0, 2), a.num_accumulated()),
    ]
    return outcomes(tf, ops)


@case
def other_shapes(tf):
    a = tf.ConditionalAccumulator(tf.float32, [2])
    b = tf.ConditionalAccumulator(tf.float32)
    ops = [
        *(a.apply_grad(unknown(tf, [1, 2, 3])), b.apply_grad(unknown(tf, [1, 2]))),
        *(b.apply_grad(unknown(tf, [1, 2, 3])), b.take_grad(1), a.take_grad(0), a.take_grad(-1)),
        *(b.apply_grad(unknown(tf, [1, 2, 3]), 1), b.take_grad(1)),
    ]
    return outcomes(tf, ops)


@case
def other_types(tf):
    return outcomes(tf, [tf.ConditionalAccumulator(tf.int32, []).num_accumulated()])


@case
def halves(tf):
    a = tf.ConditionalAccumulator(tf.float16, [])
    grads = [tf.constant(v, tf.float16) for v in (0.1, 0.2, 0.7)]
    return outcomes(tf, [*[a.apply_grad(g) for g in grads], a.take_grad(3)])


def slices(name, shape, reduction):
    def run(tf):
        a = tf.SparseConditionalAccumulator(tf.float32, shape, reduction_type=reduction)
        ops = [
            a.apply_grad([0, 2], [[1.0, 2.0], [3.0, 4.0]]),
            a.apply_grad([1, 2], [[1.0, 2.0], [5.0, 6.0]], [4, 2]),
            a.apply_grad([2, 3], [[1.0, 1.0], [2.0, 2.0]]),
            a.num_accumulated(),
            a.take_grad(2),
            a.num_accumulated(),
        ]
        return [list(f) if isinstance(f, tuple) else f for f in outcomes(tf, ops)]

    CASES["slices_" + name] = run


slices("mean", None, "MEAN")
slices("total", None, "SUM")
slices("of_known_shape", [4, 2], "MEAN")
slices("of_half_known_shape", [None, 2], "SUM")


@case
def slices_out_of_order(tf):
    a = tf.SparseConditionalAccumulator(tf.float32)
    ops = [a.apply_grad([0, 0], [1.0, 2.0]), a.apply_grad([2, 0], [3.0, 4.0]), a.take_grad(2)]
    return list(outcomes(tf, ops)[2])


@case
def slices_of_nothing(tf):
    a = tf.SparseConditionalAccumulator(tf.float32)
    none = tf.zeros([0], tf.int64)
    ops = [a.apply_grad(none, tf.zeros([0])), a.apply_grad([1], [2.0]), a.take_grad(2)]
    return list(outcomes(tf, ops)[2])


@case
def slices_refused(tf):
    a = tf.SparseConditionalAccumulator(tf.float32, [4, 2])
    ops = [
        *(a.apply_grad([0, 2], [[1.0, 2.0]]), a.apply_grad([[0]], [[1.0, 2.0]])),
        *(a.apply_grad([0], [[1.0, 2.0, 3.0]]), a.apply_grad([0], [[1.0, 2.0]], [5, 2])),
        *(a.apply_grad([9], [[1.0, 2.0]]), a.apply_grad([0], 2.0), a.num_accumulated()),
        a.take_grad(0),
    ]
    return outcomes(tf, ops)


@case
def indexed_slices(tf):
    a = tf.SparseConditionalAccumulator(tf.float32)
    taken = a.take_indexed_slices_grad(1)
    grad = tf.IndexedSlices(tf.constant([[1.0], [2.0]]), tf.constant([1, 3]))
    found = outcomes(tf, [a.apply_indexed_slices_grad(grad), taken])
    return [found[1].indices, found[1].values, found[1].dense_shape]
