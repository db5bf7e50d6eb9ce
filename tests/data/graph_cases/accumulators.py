"""Accumulators of gradients: the nodes that they make."""

from __future__ import annotations

CASES = {}


def case(run):
    CASES[run.__name__] = run
    return run


@case
def dense(tf):
    a = tf.ConditionalAccumulator(tf.float32, [2])
    a.apply_grad([1.0, 2.0])
    a.apply_grad(tf.placeholder(tf.float32, None), local_step=tf.constant(3), name="apply")
    a.take_grad(1)
    a.take_grad(tf.constant(2), name="take")
    a.num_accumulated()
    a.num_accumulated("count")
    a.set_global_step(5)
    assert (a.name, a.dtype) == ("conditional_accumulator", tf.float32)


@case
def dense_of_any_shape(tf):
    with tf.name_scope("s"):
        a = tf.ConditionalAccumulator(tf.float64, name="n", shared_name="m", reduction_type="SUM")
    a.take_grad(1)
    a.num_accumulated()


@case
def sparse(tf):
    a = tf.SparseConditionalAccumulator(tf.float32, [4, 2])
    a.apply_grad([1], [[1.0, 2.0]])
    a.apply_grad([1], [[1.0, 2.0]], [4, 2], 3, "apply")
    a.apply_indexed_slices_grad(tf.IndexedSlices(tf.zeros([1, 2]), tf.constant([1])))
    a.take_grad(1)
    a.take_indexed_slices_grad(1)
    a.num_accumulated()
    a.set_global_step(5)


@case
def refused_shape(tf):
    tf.ConditionalAccumulator(tf.float32, [2]).apply_grad([1.0, 2.0, 3.0])


@case
def refused_type(tf):
    tf.ConditionalAccumulator(tf.float32).apply_grad(tf.constant([1]))


@case
def refused_reduction(tf):
    tf.ConditionalAccumulator(tf.float32, reduction_type="MAX")
