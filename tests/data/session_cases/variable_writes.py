"""Writes to variables of both kinds: the values afterwards, and the errors."""

from __future__ import annotations

import numpy as np

CASES = {}
MATRIX = np.arange(6, dtype=np.float32).reshape(3, 2)


def written(name, write, initial=MATRIX):
    """For both kinds of variable: what `write(tf, v)` gives, and the variable afterwards."""

    def run(tf, use_resource):
        v = tf.Variable(initial, use_resource=use_resource)
        op = write(tf, v)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            return [session.run(op), session.run(v)]

    CASES[name + "_by_reference"] = lambda tf: run(tf, False)
    CASES[name + "_by_handle"] = lambda tf: run(tf, True)


def unknown(tf, value, shape=None):
    """A value whose shape is known to the run alone."""
    return tf.placeholder_with_default(np.asarray(value, np.float32), shape)


NAN = float("nan")
written("update", lambda tf, v: tf.scatter_update(v, [0, 2, 0], [[1, 1], [2, 2], [3, 3.0]]))
written("update_with_one_value", lambda tf, v: tf.scatter_update(v, [0, 2], 9.0))
written("add_one_value_twice", lambda tf, v: tf.scatter_add(v, [0, 2, 2], 9.0))
written("update_one_row", lambda tf, v: tf.scatter_update(v, 1, [7.0, 8.0]))
written(
    "update_rows_of_rows", lambda tf, v: tf.scatter_sub(v, [[0, 1], [0, 2]], np.ones((2, 2, 2)))
)
written("update_nothing", lambda tf, v: tf.scatter_update(v, np.zeros(0, int), np.zeros((0, 2))))
written("update_with_wrong_shape", lambda tf, v: tf.scatter_update(v, [0, 2], [[1.0, 1]]))
written("update_outside", lambda tf, v: tf.scatter_update(v, [0, 3], [[1, 1], [2, 2.0]]))
written("update_before", lambda tf, v: tf.scatter_add(v, [0, -1], [[1, 1], [2, 2.0]]))
written("multiply", lambda tf, v: tf.scatter_mul(v, [1, 1], [[2, 3], [4, 5.0]]))
written("divide_by_zero", lambda tf, v: tf.scatter_div(v, [0], [[0.0, 3]]))
written(
    "divide_integers",
    lambda tf, v: tf.scatter_div(v, [0, 0], [[2, 3], [4, 5]]),
    np.array([[-70, 70], [1, 2]], np.int32),
)
written("least", lambda tf, v: tf.scatter_min(v, [0, 1], [[-1.0, 3], [5, 5]]))
written("greatest", lambda tf, v: tf.scatter_max(v, [0, 0], [[9.0, 3], [2.0, -1]]))
written("texts", lambda tf, v: tf.scatter_update(v, [1], ["z"]), np.array(["a", "b"]))
written("truths", lambda tf, v: tf.scatter_update(v, [1], [True]), np.array([False, False]))
written("elements", lambda tf, v: tf.scatter_nd_update(v, [[0, 0], [2, 1], [0, 0]], [5, 6, 7.0]))
written("slices", lambda tf, v: tf.scatter_nd_add(v, [[0], [2], [0]], np.ones((3, 2))))
written("no_slices", lambda tf, v: tf.scatter_nd_sub(v, np.zeros((0, 1), int), np.ones((0, 2))))
written("slices_outside", lambda tf, v: tf.scatter_nd_sub(v, [[0], [3]], np.ones((2, 2))))
written("slices_of_wrong_shape", lambda tf, v: tf.scatter_nd_sub(v, [[0], [2]], np.ones((3, 2))))
written("batches", lambda tf, v: tf.batch_scatter_update(v, [[0], [1], [0]], [[9.0], [8], [7]]))
written("slice", lambda tf, v: v[1:, 0].assign([10.0, 20.0]))
written("slice_backwards", lambda tf, v: v[::-2].assign([[1, 2], [3, 4.0]]))
written("slice_with_new_axis", lambda tf, v: v[tf.newaxis, 1].assign([[10.0, 20.0]]))
written("slice_of_ellipsis", lambda tf, v: v[..., 1].assign([7, 8, 9.0]))
written("slice_not_broadcast", lambda tf, v: v[1:, 0].assign(10.0))
written("slice_of_wrong_shape", lambda tf, v: v[1:, 0].assign([10.0, 20.0, 30.0]))
written("count", lambda tf, v: tf.count_up_to(v, 4), np.int32(3))
written("count_too_far", lambda tf, v: v.count_up_to(3), np.int32(3))
written("assign", lambda tf, v: v.assign(MATRIX * 2))
written("assign_wrong_shape", lambda tf, v: v.assign(np.ones((1, 2))))
written("assign_converted", lambda tf, v: tf.assign(v, np.ones((3, 2), int)))
written("add_wrong_shape_in_the_run", lambda tf, v: v.assign_add(unknown(tf, [[1.0, 2]])))
written("add_scalar", lambda tf, v: tf.assign_add(v, 1.0))
written("subtract", lambda tf, v: tf.assign_sub(v, MATRIX))


def by_kind(run):
    CASES[run.__name__ + "_by_reference"] = lambda tf: run(tf, False)
    CASES[run.__name__ + "_by_handle"] = lambda tf: run(tf, True)


@by_kind
def assign_then_read(tf, use_resource):
    v = tf.Variable(1.0, use_resource=use_resource)
    doubled = v.assign(v * 2)
    with tf.control_dependencies([doubled]):
        after = v.read_value()
    with tf.Session() as session:
        session.run(v.initializer)
        return [session.run([doubled, after]), session.run([after, doubled]), session.run(v)]


@by_kind
def a_write_after_a_read(tf, use_resource):
    v = tf.Variable(1.0, use_resource=use_resource)
    before = v + 0.0
    with tf.control_dependencies([before]):
        write = v.assign_add(1.0)
    with tf.control_dependencies([write]):
        after = v.read_value() + 0.0
    with tf.Session() as session:
        session.run(v.initializer)
        return [session.run([before, after]) for _ in range(3)]


@by_kind
def loaded(tf, use_resource):
    v = tf.Variable([1.0, 2.0], use_resource=use_resource)
    with tf.Session() as session:
        session.run(v.initializer)
        v.load([5.0, 6.0], session)
        return v.eval(session)


@by_kind
def is_initialized(tf, use_resource):
    v = tf.Variable([1.0, 2.0], use_resource=use_resource, name="v")
    tf.Variable([1.0], use_resource=use_resource, name="w")
    ask, report = tf.is_variable_initialized(v), tf.report_uninitialized_variables()
    with tf.Session() as session:
        found = [session.run([ask, report])]
        session.run(v.initializer)
        return [*found, session.run([ask, report])]


@by_kind
def uninitialized(tf, use_resource):
    v = tf.Variable([1.0, 2.0], use_resource=use_resource)
    with tf.Session() as session:
        session.run(v + 1)


@by_kind
def gradients_of_gathers(tf, use_resource):
    v = tf.Variable(MATRIX, use_resource=use_resource)
    rows = tf.gather(v, [0, 2, 0])
    weights = tf.constant([[1.0, 2], [3, 4], [5, 6]])
    grad = tf.gradients(rows * weights, v)[0]
    elements = tf.gradients(tf.gather_nd(v, [[0, 1], [2, 0]]) * [3.0, 4.0], v)[0]
    whole = tf.gradients(tf.reduce_sum(v * v) + tf.reduce_sum(rows), v)[0]
    with tf.Session() as session:
        session.run(v.initializer)
        return session.run(
            [rows, tf.convert_to_tensor(grad), elements, tf.convert_to_tensor(whole)]
        )


@by_kind
def training(tf, use_resource):
    v = tf.Variable(MATRIX, use_resource=use_resource)
    loss = tf.reduce_sum(tf.square(tf.gather(v, [0, 1, 0])))
    found = []
    for optimizer in (
        tf.train.GradientDescentOptimizer(0.1),
        tf.train.MomentumOptimizer(0.1, 0.9),
        tf.train.AdamOptimizer(0.1),
    ):
        step = optimizer.minimize(loss)
        with tf.Session() as session:
            session.run(tf.global_variables_initializer())
            for _ in range(2):
                session.run(step)
            found.append(session.run(v))
    return found


@by_kind
def partitioned(tf, use_resource):
    v = tf.get_variable(
        "v",
        [5, 2],
        initializer=tf.constant_initializer(MATRIX[0]),
        partitioner=tf.fixed_size_partitioner(2),
        use_resource=use_resource,
    )
    total = tf.reduce_sum(v.as_tensor() * np.arange(10, dtype=np.float32).reshape(5, 2))
    grads = tf.gradients(total, list(v))
    write = v.assign(np.arange(10, dtype=np.float32).reshape(5, 2))
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        return [session.run([v.as_tensor(), grads]), session.run(write), session.run(list(v))]


@by_kind
def described(tf, use_resource):
    v = tf.Variable(1.0, name="v", use_resource=use_resource)
    again = type(v).from_proto(v.to_proto())
    d = v.to_proto()
    fields = [d.variable_name, d.initializer_name, d.snapshot_name, d.initial_value_name]
    return [fields, d.is_resource, d.trainable, again.name, again.initializer.name, repr(again)]


@by_kind
def described_in_a_scope(tf, use_resource):
    with tf.variable_scope("s"):
        v = tf.get_variable(
            "v", [4], partitioner=tf.fixed_size_partitioner(2), use_resource=use_resource
        )
    d = list(v)[1].to_proto(export_scope="s")
    slices = d.save_slice_info_def
    return [
        d.variable_name, d.initializer_name, d.snapshot_name, slices.full_name,
        list(slices.full_shape), list(slices.var_offset), list(slices.var_shape),
        next(iter(v)).to_proto(export_scope="other"),
    ]  # fmt: skip


def temporary(tf):
    a = tf.raw_ops.TemporaryVariable(shape=[2], dtype=tf.float32, var_name="t")
    b = tf.assign_add(tf.assign(a, [1.0, 2.0]), [1.0, 1.0])
    last = tf.raw_ops.DestroyTemporaryVariable(ref=b, var_name="t")
    with tf.Session() as session:
        return [session.run(last), session.run(last)]


def temporary_of_another_name(tf):
    a = tf.raw_ops.TemporaryVariable(shape=[2], dtype=tf.float32, var_name="t")
    last = tf.raw_ops.DestroyTemporaryVariable(ref=tf.assign(a, [1.0, 2.0]), var_name="u")
    with tf.Session() as session:
        session.run(last)


def destroyed(tf):
    v = tf.Variable([1.0], use_resource=True)
    ask = v.is_initialized()
    destroy = tf.raw_ops.DestroyResourceOp(resource=v.handle)
    with tf.Session() as session:
        session.run(v.initializer)
        found = [session.run(ask)]
        session.run(destroy)
        return [*found, session.run(ask), session.run(destroy)]


def destroyed_twice(tf):
    v = tf.Variable([1.0], use_resource=True)
    destroy = tf.raw_ops.DestroyResourceOp(resource=v.handle, ignore_lookup_error=False)
    with tf.Session() as session:
        session.run(v.initializer)
        session.run(destroy)
        session.run(destroy)


def another_shape(tf):
    v = tf.Variable([1.0, 2.0], use_resource=True, shape=tf.TensorShape(None))
    w, sizes = v.assign([[1.0, 2.0, 3.0]]), tf.shape(v)
    with tf.Session() as session:
        session.run(v.initializer)
        return [session.run([v, sizes]), session.run(w), session.run([v, sizes])]


def read_as_another_type(tf):
    v = tf.Variable([1.0], use_resource=True)
    tf.raw_ops.ReadVariableOp(resource=v.handle, dtype=tf.int32)


CASES.update({f.__name__: f for f in (temporary, temporary_of_another_name, destroyed)})
CASES.update({f.__name__: f for f in (another_shape, destroyed_twice, read_as_another_type)})
