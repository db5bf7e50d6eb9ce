"""Variables of both kinds: how they are made, read, written, shared, cut into parts and differentiated."""

from __future__ import annotations

import numpy as np

CASES = {}


def case(build):
    CASES[build.__name__] = build
    return build


def of_both_kinds(build):
    """The case with a variable passed by reference, and with one behind a handle."""

    def by_reference(tf):
        build(tf, tf.Variable(np.arange(6, dtype=np.float32).reshape(3, 2), name="v"))

    def by_handle(tf):
        build(
            tf,
            tf.Variable(np.arange(6, dtype=np.float32).reshape(3, 2), name="v", use_resource=True),
        )

    CASES[build.__name__ + "_by_reference"] = by_reference
    CASES[build.__name__ + "_by_handle"] = by_handle
    return build


@of_both_kinds
def plain(tf, v):
    pass


@of_both_kinds
def arithmetic(tf, v):
    return [
        v + 1,
        2 * v,
        v - v,
        tf.zeros([2]) + v,
        -v,
        v[0],
        v[:, 1:],
        tf.matmul(v, v, transpose_b=True),
        abs(v) > 1,
    ]


@of_both_kinds
def conversions(tf, v):
    tf.convert_to_tensor(v)
    tf.identity(v)
    v.value()
    v.read_value()
    tf.stack([v, v])
    tf.concat([v, [[1.0, 2.0]]], 0)
    tf.shape(v)
    tf.zeros_like(v)
    tf.cast(v, tf.int32)


@of_both_kinds
def assignments(tf, v):
    v.assign(np.ones((3, 2), np.float32))
    v.assign_add(tf.ones([3, 2]), name="more")
    v.assign_sub(tf.ones([3, 2]), read_value=False)
    tf.assign(v, tf.zeros([3, 2]), name="a")
    tf.assign_add(v, tf.zeros([3, 2]))
    tf.assign_sub(v, tf.zeros([3, 2]))


@of_both_kinds
def chained_assignments(tf, v):
    a = v.assign(v * 2)
    b = a + 1
    with tf.control_dependencies([a]):
        c = v + 1
        d = v.read_value()
    tf.group(a, b.op, c, d)
    a.assign_add(tf.ones([3, 2])) if hasattr(a, "assign_add") else None


@of_both_kinds
def row_scatters(tf, v):
    delta = tf.IndexedSlices(tf.ones([2, 2]), tf.constant([0, 2]))
    v.scatter_add(delta)
    v.scatter_sub(delta, name="s")
    v.scatter_update(delta)
    v.scatter_mul(delta)
    v.scatter_div(delta)
    v.scatter_max(delta)
    v.scatter_min(delta)
    tf.scatter_update(v, [0, 1], [[1.0, 2.0], [3.0, 4.0]])
    tf.scatter_add(v, [0], [[1.0, 2.0]], name="sa")
    tf.scatter_sub(v, 1, [1.0, 2.0])
    tf.scatter_mul(v, [0, 1], 2.0)
    tf.scatter_div(v, tf.placeholder(tf.int64, [None]), 2.0)
    tf.scatter_min(v, tf.placeholder(tf.int32), tf.placeholder(tf.float32))
    tf.scatter_max(v, [[0, 1]], [[[1.0, 2.0], [3.0, 4.0]]])


@of_both_kinds
def element_scatters(tf, v):
    tf.scatter_nd_update(v, [[0, 1]], [1.0])
    tf.scatter_nd_add(v, [[0], [1]], tf.ones([2, 2]))
    tf.scatter_nd_sub(v, [[0], [1]], tf.ones([2, 2]), name="n")
    v.scatter_nd_add([[0, 1]], [1.0])
    v.scatter_nd_sub([[0, 1]], [1.0])
    v.scatter_nd_update([[0, 1]], [1.0], name="u")
    tf.batch_scatter_update(v, [[0], [1], [1]], [[1.0], [2.0], [3.0]])
    v.batch_scatter_update(tf.IndexedSlices(tf.ones([3, 1]), tf.constant([[0], [1], [0]])))


@of_both_kinds
def slice_assignments(tf, v):
    v[0].assign([1.0, 2.0])
    v[1:, 0].assign([1.0, 2.0], name="part")
    with tf.name_scope("inside"):
        v[tf.constant(1) :, ::2].assign(tf.zeros([2, 1]))


@of_both_kinds
def gathers(tf, v):
    tf.gather(v, [0, 2])
    tf.gather(v, tf.placeholder(tf.int64, [None]), name="rows")
    tf.gather(v, [0], axis=1)
    tf.gather_nd(v, [[0, 1], [2, 0]])
    tf.gather_nd(v, [[0], [2]], name="nd")
    tf.nn.embedding_lookup(v, [0, 1])


@of_both_kinds
def gradients(tf, v):
    y = tf.reduce_sum(v * v + v)
    tf.gradients(y, v)
    tf.gradients(y, [v], name="again")


@of_both_kinds
def gradients_of_gathers(tf, v):
    rows = tf.gather(v, tf.placeholder(tf.int32, [None]))
    tf.gradients(rows, v)
    tf.gradients(tf.gather(v, [0, 1]) + tf.gather(v, [1, 1]), v)


@of_both_kinds
def gradients_of_elements(tf, v):
    tf.gradients(tf.gather_nd(v, [[0], [1]]), v)
    tf.gradients(tf.gather_nd(v, [[0, 1], [1, 1]]), v)


@of_both_kinds
def gradient_descent(tf, v):
    tf.train.GradientDescentOptimizer(0.1).minimize(tf.reduce_sum(v * v))


@of_both_kinds
def momentum(tf, v):
    tf.train.MomentumOptimizer(0.1, 0.9).minimize(tf.reduce_sum(v * v))


@of_both_kinds
def adam_of_rows(tf, v):
    loss = tf.reduce_sum(tf.gather(v, tf.placeholder(tf.int32, [None])))
    tf.train.AdamOptimizer().minimize(loss)


@of_both_kinds
def initialisation(tf, v):
    tf.global_variables_initializer()
    tf.is_variable_initialized(v)
    tf.report_uninitialized_variables()
    tf.assert_variables_initialized()
    assert v.initializer is not None


@of_both_kinds
def control_edges(tf, v):
    with tf.control_dependencies([v]):
        tf.no_op()
    with tf.control_dependencies([v.assign(tf.zeros([3, 2]))]):
        tf.constant(1)
    with tf.colocate_with(v):
        tf.constant(2)
    tf.group(v)
    tf.group(v.assign_add(tf.zeros([3, 2])), v.assign_sub(tf.zeros([3, 2])))


@of_both_kinds
def wrong_shape_assigned(tf, v):
    v.assign(tf.zeros([2]))


@of_both_kinds
def wrong_type_assigned(tf, v):
    v.assign(tf.zeros([3, 2], tf.int32))


@of_both_kinds
def wrong_shape_added(tf, v):
    v.assign_add(tf.zeros([2]))


@of_both_kinds
def wrong_shape_scattered(tf, v):
    tf.scatter_add(v, [0, 1], tf.zeros([1, 2]))


@of_both_kinds
def wrong_slices_scattered(tf, v):
    tf.scatter_nd_add(v, [[0], [1]], tf.zeros([3, 2]))


@of_both_kinds
def no_slices_scattered(tf, v):
    v.scatter_add(tf.zeros([3, 2]))


@of_both_kinds
def converted_to_another_type(tf, v):
    tf.convert_to_tensor(v, tf.int32)


@of_both_kinds
def assigned_in_place(tf, v):
    v += 1


@of_both_kinds
def iterated(tf, v):
    iter(v)


@of_both_kinds
def counted(tf, v):
    n = tf.Variable(0, use_resource=hasattr(v, "handle"))
    tf.count_up_to(n, 3)
    n.count_up_to(5)


@case
def initial_values(tf):
    tf.Variable(1.0, use_resource=True)
    tf.Variable(lambda: tf.zeros([2]), use_resource=True, dtype=tf.float32)
    tf.Variable(tf.zeros([3]), use_resource=True, name="n", trainable=False)
    tf.Variable(np.zeros(3), use_resource=True, dtype=tf.float32, collections=["mine"])
    tf.Variable([1, 2], use_resource=True, shape=tf.TensorShape(None))
    tf.Variable(tf.placeholder(tf.float32), use_resource=True, validate_shape=False)
    with tf.name_scope("scope"), tf.device("/cpu:0"):
        tf.Variable(["a", "b"], use_resource=True)


@case
def initial_value_from_another(tf):
    v = tf.Variable(1.0, use_resource=True, name="v")
    tf.Variable(v * 2, use_resource=True, name="w")
    tf.Variable(v.value(), name="x")


@case
def caching_devices(tf):
    v = tf.Variable(1.0, use_resource=True, caching_device="/cpu:0")
    v + 1
    v.assign_add(1.0)
    w = tf.Variable(1.0, caching_device="/cpu:0")
    w + 1


@case
def got_by_name(tf):
    with tf.variable_scope("a", use_resource=True):
        tf.get_variable("v", [3, 2])
        tf.get_variable("w", [3], initializer=tf.zeros_initializer(), use_resource=False)
        tf.Variable(1.0, name="x")
    with tf.variable_scope("a", reuse=True):
        tf.get_variable("v", [3, 2]) + 1
    tf.get_variable("c", initializer=tf.constant([1, 2]), use_resource=True)
    tf.get_variable("r", [2], regularizer=tf.reduce_sum, use_resource=True)
    tf.get_local_variable("l", [2], use_resource=True)


@case
def by_handle_by_default(tf):
    tf.enable_resource_variables()
    try:
        tf.Variable(1.0)
        tf.get_variable("v", [2])
        tf.Variable(1.0, use_resource=False)
    finally:
        tf.disable_resource_variables()
    tf.Variable(1.0)


@case
def creator_scopes(tf):
    def named(next_creator, **options):
        options["name"] = "named"
        return next_creator(**options)

    def halved(next_creator, **options):
        options["initial_value"] = tf.constant(0.5)
        return next_creator(**options)

    with tf.variable_creator_scope(named), tf.variable_creator_scope(halved):
        tf.Variable(1.0)
        tf.get_variable("v", [2], dtype=tf.float32)
    tf.Variable(1.0)


@case
def custom_getters(tf):
    def doubled(getter, name, *args, **options):
        return 2 * getter(name + "_half", *args, **options)

    def plain(getter, name, shape=None, **options):
        return getter(name, shape, **options)

    with tf.variable_scope("s", custom_getter=doubled):
        tf.get_variable("v", [2])
        with tf.variable_scope("t", custom_getter=plain):
            tf.get_variable("w", [2], use_resource=True)


@case
def partitioned(tf):
    v = tf.get_variable("v", [5, 2], partitioner=tf.fixed_size_partitioner(2))
    tf.identity(v)
    v.as_tensor()
    tf.matmul(v, v, transpose_b=True)
    v.assign(tf.zeros([5, 2]))
    v.assign_add([tf.zeros([3, 2]), tf.zeros([2, 2])])
    v.assign_sub(v)
    tf.nn.embedding_lookup(v, tf.placeholder(tf.int32, [None]), partition_strategy="div")
    tf.gradients(tf.reduce_sum(v), list(v))


@case
def partitioned_by_handle(tf):
    with tf.variable_scope(
        "s", partitioner=tf.fixed_size_partitioner(3, axis=1), use_resource=True
    ):
        v = tf.get_variable("v", [2, 7], initializer=tf.truncated_normal_initializer(seed=1))
        tf.get_variable("scalar", [])
        v + 0.0 if hasattr(v, "__add__") else tf.identity(v)
    with tf.variable_scope("s", reuse=True):
        tf.get_variable("v", [2, 7])


@case
def partitioned_in_one_piece(tf):
    v = tf.get_variable("v", [3], partitioner=tf.fixed_size_partitioner(1))
    tf.identity(v)


@case
def partitioned_from_a_value(tf):
    tf.get_variable(
        "v", initializer=tf.ones([5, 2]), partitioner=tf.min_max_variable_partitioner(2, 0, 4)
    )


@case
def partitioned_by_size(tf):
    tf.get_variable("v", [9, 3], partitioner=tf.variable_axis_size_partitioner(24, axis=0))
    tf.get_variable(
        "w", [9, 3], partitioner=tf.variable_axis_size_partitioner(24, axis=1, max_shards=2)
    )
    tf.get_variable(
        "s",
        [4],
        tf.string,
        tf.zeros_initializer(),
        partitioner=tf.min_max_variable_partitioner(3, min_slice_size=20),
    )


@case
def partitioned_of_old(tf):
    tf.create_partitioned_variables([4, 2], [2, 1], tf.zeros_initializer())
    tf.create_partitioned_variables([4, 2], [1, 2], tf.zeros_initializer(), name="p")


@case
def partitioned_along_two_axes(tf):
    tf.get_variable("v", [4, 4], partitioner=lambda shape, dtype: [2, 2])


@case
def partitioned_without_a_shape(tf):
    tf.get_variable("v", partitioner=tf.fixed_size_partitioner(2))


@case
def partitioned_then_whole(tf):
    tf.get_variable("v", [4], partitioner=tf.fixed_size_partitioner(2))
    tf.get_variable("v", [4])


@case
def whole_then_partitioned(tf):
    tf.get_variable("v", [4])
    tf.get_variable("v", [4], partitioner=tf.fixed_size_partitioner(2))


@case
def partitioned_twice(tf):
    tf.get_variable("v", [4], partitioner=tf.fixed_size_partitioner(2))
    tf.get_variable("v", [4], partitioner=tf.fixed_size_partitioner(2))


@case
def partitioned_otherwise(tf):
    tf.get_variable("v", [4], partitioner=tf.fixed_size_partitioner(2))
    with tf.variable_scope("", reuse=True):
        tf.get_variable("v", [4], partitioner=tf.fixed_size_partitioner(4))


@case
def no_initial_value(tf):
    tf.Variable(use_resource=True)


@case
def no_such_mode(tf):
    tf.Variable(1.0, synchronization=7)


@case
def collections_as_text(tf):
    tf.Variable(1.0, collections="mine", use_resource=True)


@case
def constraint_that_is_none(tf):
    tf.Variable(1.0, constraint=3, use_resource=True)


@case
def shapes_that_disagree(tf):
    tf.Variable([1.0], shape=[2], use_resource=True)


@case
def shape_set(tf):
    tf.Variable([1.0], use_resource=True).set_shape([1])
