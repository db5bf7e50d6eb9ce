"""tf.make_template: variables made once, shared by all calls."""

from __future__ import annotations

from typing import Any

import pytest

import graphflow as tf


def line(x: Any, slope: float) -> Any:
    return tf.get_variable("w", [], initializer=tf.constant_initializer(slope)) * x


def names() -> list[str]:
    return [v.name for v in tf.global_variables()]


def test_calls_share_their_variables() -> None:
    scale = tf.make_template("scale", line, slope=3.0)
    first, second = scale(tf.constant(2.0)), scale(tf.constant(5.0))
    assert names() == ["scale/w:0"]
    # as TensorFlow 1.15.5 names them
    assert [first.name, second.name] == ["scale/mul:0", "scale_1/mul:0"]
    assert [v.name for v in scale.global_variables] == names()
    with tf.Session() as session:
        session.run(tf.global_variables_initializer())
        assert session.run([first, second]) == [6.0, 15.0]


def test_two_templates_of_one_name_do_not_share() -> None:
    one, two = (tf.make_template("scale", line, slope=s) for s in (1.0, 2.0))
    one(1.0), two(1.0)
    assert names() == ["scale/w:0", "scale_1/w:0"]


def test_the_scope_can_be_taken_at_once() -> None:
    early = tf.make_template("s", line, create_scope_now_=True, slope=1.0)
    tf.make_template("s", line, slope=1.0)(1.0)
    early(1.0)
    assert names() == ["s_1/w:0", "s/w:0"]
    assert early.variable_scope_name == "s/"


def test_a_unique_name_is_shared_only_on_purpose() -> None:
    tf.make_template("s", line, unique_name_="only", slope=1.0)(1.0)
    with pytest.raises(ValueError, match="already exists"):
        tf.make_template("s", line, unique_name_="only", slope=1.0)(1.0)


def test_a_later_call_makes_no_variable() -> None:
    wanted = ["a"]

    def made() -> Any:
        return [tf.get_variable(name, []) for name in wanted]

    template = tf.make_template("t", made)
    template()
    wanted.append("b")
    with pytest.raises(ValueError, match="t/b does not exist"):
        template()
