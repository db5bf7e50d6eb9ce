"""TensorArrays and stacks as files from before TensorFlow 1.0 spell them: handles count as strings."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir import raw


def run(fetches: Any) -> Any:
    with tf.Session() as session:
        return session.run(fetches)


@pytest.mark.parametrize("version", ["", "V2"])
def test_all_versions_do_the_same(version: str) -> None:
    def op(name: str, *inputs: Any, **attrs: Any) -> Any:
        return getattr(raw, f"TensorArray{name}{version}")(*inputs, **attrs)

    handle = op("", 3, dtype=tf.float32, clear_after_read=False)
    flow = op("Write", handle, 1, 5.0, 0.0)
    flow = op("Scatter", handle, [0, 2], [4.0, 6.0], flow)
    read = op("Read", handle, 1, flow, dtype=tf.float32)
    rows = op("Gather", handle, [2, 0], flow, dtype=tf.float32)
    size = op("Size", handle, flow)
    other = op("", 2, dtype=tf.float32)
    parts = op("Split", other, [1.0, 2.0, 3.0], np.array([1, 2]), 0.0)
    whole, lengths = op("Concat", other, parts, dtype=tf.float32)
    found = run([read, rows, size, whole, lengths])
    for ours, wanted in zip(found, (5.0, [6.0, 4.0], 3, [1.0, 2.0, 3.0], [1, 2]), strict=True):
        np.testing.assert_array_equal(ours, wanted)


def test_pack_and_unpack() -> None:
    handle = raw.TensorArray(3, dtype=tf.int32)
    flow = raw.TensorArrayUnpack(handle, [[1, 2], [3, 4], [5, 6]], 0.0)
    packed = raw.TensorArrayPack(handle, flow, dtype=tf.int32)
    assert run(packed).tolist() == [[1, 2], [3, 4], [5, 6]]


@pytest.mark.parametrize("version", ["", "V2"])
def test_stacks_are_last_in_first_out(version: str) -> None:
    push, pop = getattr(raw, f"StackPush{version}"), getattr(raw, f"StackPop{version}")
    make = raw.StackV2(-1, elem_type=tf.float32) if version else raw.Stack(elem_type=tf.float32)
    with tf.control_dependencies([push(make, 3.0)]):
        second = push(make, 4.0)
    with tf.control_dependencies([second]):
        top = pop(make, elem_type=tf.float32)
    with tf.control_dependencies([top]):
        below = pop(make, elem_type=tf.float32)
    assert run([second, top, below]) == [4.0, 4.0, 3.0]


def test_stacks_say_when_they_are_empty_or_full() -> None:
    stack = raw.StackV2(1, elem_type=tf.float32)
    with pytest.raises(tf.errors.InvalidArgumentError, match="empty"):
        run(raw.StackPopV2(stack, elem_type=tf.float32))
    with tf.control_dependencies([raw.StackPushV2(stack, 3.0)]):
        more = raw.StackPushV2(stack, 4.0)
    with pytest.raises(tf.errors.InvalidArgumentError, match="overflow"):
        run(more)


def test_gradients_of_elements_with_leading_axes() -> None:
    array = tf.TensorArray(tf.float32, 2).unstack([[1.0, 2.0], [3.0, 4.0]])
    handle, flow = raw.TensorArrayGradWithShape(array.handle, array.flow, [3], source="g")
    grad = raw.TensorArrayReadV3(handle, 1, flow, dtype=tf.float32)
    np.testing.assert_array_equal(run(grad), np.zeros((3, 2), np.float32))
