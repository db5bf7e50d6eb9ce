"""What programs do with the types of variables: `v.dtype` is that of a reference, and is handed to everything."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import graphflow as tf

#: calls given the dtype of a float and of an int variable; TensorFlow 1.15.5 gives none of them a reference
CALLS: dict[str, Callable[[Any, Any, Any], Any]] = {
    "placeholder": lambda v, d, i: tf.placeholder(d, v.shape),
    "sparse_placeholder": lambda v, d, i: tf.sparse_placeholder(d).values,
    "sequence_mask": lambda v, d, i: tf.sequence_mask([1, 2], 3, dtype=d),
    "py_func": lambda v, d, i: tf.py_func(lambda x: x, [v], d),
    "py_func of a list": lambda v, d, i: tf.py_func(lambda x: x, [v], [d])[0],
    "decode_raw": lambda v, d, i: tf.decode_raw("aaaa", d),
    "string_to_number": lambda v, d, i: tf.string_to_number("1", d),
    "shape": lambda v, d, i: tf.shape(v, out_type=i),
    "unique": lambda v, d, i: tf.unique(v, out_idx=i)[1],
    "bitcast": lambda v, d, i: tf.bitcast(v, i),
    "constant_initializer": lambda v, d, i: tf.constant_initializer(1.0, d)([2]),
    "get_variable": lambda v, d, i: tf.get_variable("g", [2], d).value(),
    "queue": lambda v, d, i: tf.FIFOQueue(2, d, shapes=[[2]]).dequeue(),
    "tensor_array": lambda v, d, i: tf.TensorArray(d, 2).unstack(v).stack(),
}


@pytest.mark.parametrize("call", CALLS)
def test_the_type_of_a_variable_asks_for_plain_values(call: str) -> None:
    v, whole = tf.Variable([1.0, 2.0]), tf.Variable([1, 2])
    assert v.dtype.name == "float32_ref"
    made = CALLS[call](v, v.dtype, whole.dtype)
    assert made.dtype in (tf.float32, tf.int32)


def test_values_are_set_through_a_placeholder_like_the_variable() -> None:
    v = tf.Variable([1.0, 2.0], name="weights")
    with tf.name_scope("weights/"):
        new = tf.placeholder(v.dtype, v.shape, "new_value")
        setter = tf.assign(v, new, name="setter")
    with tf.Session() as session:
        session.run(v.initializer)
        session.run(setter, {setter.op.inputs[1]: np.array([3.0, 4.0])})
        assert session.run("weights:0").tolist() == [3, 4]
    assert setter.name == "weights/setter:0"


@pytest.mark.parametrize("size", [3.0, np.float32(3), "3", b"3", np.array(3), np.array([3])])
def test_what_is_a_whole_number_is_a_size(size: Any) -> None:
    # kernels of `channels / groups` channels
    assert tf.TensorShape([size, 2]).as_list() == [3, 2]
    assert tf.get_variable("w", [size, 2]).shape.as_list() == [3, 2]


@pytest.mark.parametrize(
    ("size", "error"),
    [
        (3.5, ValueError),
        (float("nan"), ValueError),
        (float("inf"), OverflowError),
        ("three", ValueError),
        (-1.0, ValueError),
        ([3], TypeError),
    ],
)
def test_what_is_no_whole_number_is_no_size(size: Any, error: type[Exception]) -> None:
    with pytest.raises(error):
        tf.TensorShape([size, 2])


def test_a_shape_is_no_text() -> None:
    with pytest.raises(TypeError, match="ambiguous"):
        tf.TensorShape("3")
    assert tf.TensorShape(np.array(3)).as_list() == [3]
