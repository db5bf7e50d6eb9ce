"""Small programs, each with the habit of a real one that a first version did not follow node for node."""

from __future__ import annotations


def scaled(x, tf, units=2, factor=1.0):
    w = tf.get_variable("w", [x.shape[-1], units], initializer=tf.zeros_initializer())
    return tf.matmul(x, w) * factor


def a_template(tf):
    x = tf.ones([2, 3])
    share = tf.make_template("shared", scaled, tf=tf, units=4)
    with tf.name_scope("outside"):
        y = share(x)
    z = share(x, factor=3.0)
    assert share.variable_scope_name == "shared/"
    assert [v.name for v in share.variables] == ["shared/w:0"]
    tf.gradients(y + z, share.trainable_variables)


def templates_with_scopes_of_their_own(tf):
    x = tf.ones([2, 3])
    with tf.variable_scope("net"):
        first = tf.make_template("part", scaled, create_scope_now_=True, tf=tf)
        second = tf.make_template("part", scaled, create_scope_now_=True, tf=tf)
    assert first.variables == []
    second(first(x))
    with tf.variable_scope("later"):
        second(first(x + 1.0))
    assert [v.name for v in first.global_variables] == ["net/part/w:0"]


def templates_that_make_no_scope_before_they_are_called(tf):
    one = tf.make_template("t", scaled, tf=tf)
    two = tf.make_template("t", scaled, tf=tf)
    named = tf.make_template("t", scaled, unique_name_="exactly", tf=tf)
    for share in (two, one, named, two):
        share(tf.ones([1, 1]))


def a_template_within_a_template(tf):
    inner = tf.make_template("inner", scaled, create_scope_now_=True, tf=tf)

    def twice(x):
        return inner(inner(x)) + scaled(x, tf)

    outer = tf.make_template("outer", twice)
    outer(tf.ones([2, 2]))
    outer(tf.ones([3, 2]))


def a_template_with_a_getter(tf):
    def halved(getter, *args, **kwargs):
        return getter(*args, **kwargs) * 0.5

    share = tf.make_template("t", scaled, custom_getter_=halved, tf=tf)
    share(tf.ones([1, 2]))
    share(tf.ones([1, 2]))


def a_template_that_makes_variables_again(tf):
    share = tf.make_template("t", lambda: tf.Variable(1.0))
    share()
    share()


def a_template_without_a_name(tf):
    tf.make_template(None, scaled)


def batch_statistics_in_training(tf):
    x = tf.placeholder(tf.float32, [4, 3, 3, 2])
    scale, offset = tf.Variable(tf.ones([2])), tf.Variable(tf.zeros([2]))
    y, mean, variance = tf.nn.fused_batch_norm(x, scale, offset)
    tf.gradients(tf.reduce_sum(y * y), [x, scale, offset])


def a_mask_of_the_type_of_a_variable(tf):
    table = tf.get_variable("table", [5, 2])
    weights = tf.sequence_mask(tf.placeholder(tf.int32, [3]), 4, dtype=table.dtype)
    tf.reduce_sum(weights)


def values_set_through_placeholders(tf):
    for shape in ([2], [3, 4]):
        v = tf.get_variable(f"v{len(shape)}", shape)
        with tf.name_scope(v.op.name + "/"), tf.control_dependencies(None):
            tf.assign(v, tf.placeholder(v.dtype, v.shape, "new_value"), name="setter")


CASES = {
    name: value
    for name, value in sorted(globals().items())
    if callable(value) and name not in ("annotations", "scaled")
}
