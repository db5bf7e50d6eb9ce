"""The nodes of savers."""

from __future__ import annotations

CASES = {}


def case(build):
    CASES[build.__name__] = build
    return build


def variables(tf, **options):
    a = tf.get_variable("a", [2, 3], **options)
    b = tf.Variable(3, name="b")
    return a, b


@case
def of_everything(tf):
    variables(tf)
    tf.train.Saver()


@case
def of_resource_variables(tf):
    variables(tf, use_resource=True)
    tf.train.Saver(max_to_keep=3)


@case
def of_nothing(tf):
    tf.train.Saver()


@case
def of_nothing_allowed(tf):
    tf.train.Saver(allow_empty=True)


@case
def of_a_list(tf):
    a, b = variables(tf)
    tf.train.Saver([b, a], name="saver")
    tf.train.Saver([b])
    with tf.name_scope("scope"):
        tf.train.Saver((a,))


@case
def of_a_dict(tf):
    a, b = variables(tf)
    c = tf.get_variable("c", [1], use_resource=True)
    tf.train.Saver({"x": b, "other/a": a, "c": c})


@case
def of_tensors(tf):
    a, b = variables(tf)
    tf.train.Saver([a.op.outputs[0], b])


@case
def of_a_constant(tf):
    tf.train.Saver([tf.constant(1.0)])


@case
def of_one_variable_twice(tf):
    a, b = variables(tf)
    tf.train.Saver([a, a])


@case
def of_one_variable_under_two_names(tf):
    a, b = variables(tf)
    tf.train.Saver({"x": a, "y": a})


@case
def of_a_variable_alone(tf):
    a, b = variables(tf)
    tf.train.Saver(a)


@case
def with_a_number_for_a_name(tf):
    a, b = variables(tf)
    tf.train.Saver({1: a})


@case
def deferred(tf):
    saver = tf.train.Saver(defer_build=True)
    variables(tf)
    saver.build()
    saver.build()


@case
def deferred_with_a_list(tf):
    a, b = variables(tf)
    tf.train.Saver([a], defer_build=True)


@case
def with_reshape(tf):
    variables(tf)
    tf.get_variable("c", [3], use_resource=True)
    tf.Variable(tf.placeholder(tf.float32), validate_shape=False, name="u")
    tf.train.Saver(reshape=True, filename="here")


@case
def of_unknown_shape(tf):
    tf.Variable(tf.placeholder(tf.float32), validate_shape=False, name="u")
    tf.train.Saver()


@case
def of_the_first_format(tf):
    variables(tf)
    tf.train.Saver(write_version=tf.train.SaverDef.V1)


@case
def of_partitions(tf):
    tf.get_variable("p", [4, 3], partitioner=tf.fixed_size_partitioner(2))
    tf.Variable(3, name="b")
    tf.train.Saver()


@case
def of_resource_partitions(tf):
    tf.get_variable("p", [4, 3], partitioner=tf.fixed_size_partitioner(2), use_resource=True)
    tf.train.Saver()


@case
def of_a_partitioned_variable(tf):
    p = tf.get_variable("p", [4, 3], partitioner=tf.fixed_size_partitioner(2))
    tf.train.Saver([p])


@case
def of_partitions_under_another_name(tf):
    p = tf.get_variable("p", [4, 3], partitioner=tf.fixed_size_partitioner(2))
    tf.train.Saver({"q": list(p)})


@case
def of_slots_of_partitions(tf):
    p = tf.get_variable("p", [4, 3], partitioner=tf.fixed_size_partitioner(2))
    tf.train.MomentumOptimizer(0.1, 0.9).minimize(tf.reduce_sum(tf.convert_to_tensor(p)))
    tf.train.Saver()


@case
def of_an_optimizer(tf):
    w = tf.get_variable("w", [2])
    tf.train.AdamOptimizer().minimize(
        tf.reduce_sum(w), global_step=tf.train.get_or_create_global_step()
    )
    tf.train.Saver()


@case
def beside_another_device(tf):
    with tf.device("/gpu:0"):
        variables(tf)
        tf.get_variable("c", [3], use_resource=True)
    tf.train.Saver()
