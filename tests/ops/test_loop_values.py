"""Lists with an element for each iteration, and values that are not there."""

from __future__ import annotations

import numpy as np

import graphflow as tf
from graphflow.ir.shape import Symbol, TensorShape
from graphflow.ops.loop_values import Absent, ListAdd, ListConcat, ListSplit, ListZerosLike


def test_absent_values_have_size_zero_where_a_size_is_unknown() -> None:
    value = Absent(tf.float64, TensorShape.of((2, Symbol(), 3))).reference()
    assert (value.shape, value.dtype) == ((2, 0, 3), np.float64)
    whole = Absent(tf.int32, TensorShape((2, 2))).reference()
    np.testing.assert_array_equal(whole, np.zeros((2, 2), np.int32))
    assert Absent(tf.string, TensorShape(())).reference()[()] == b""
    assert Absent(tf.bool, TensorShape(None)).reference().shape == ()
    assert Absent(tf.variant, TensorShape(())).reference() == []


def test_lists_of_lists_are_added_element_by_element() -> None:
    one = [[np.array([1.0]), np.array([2.0, 3.0])], []]
    total = ListAdd().reference([one, one])
    np.testing.assert_array_equal(total[0][0], [2.0])
    np.testing.assert_array_equal(total[0][1], [4.0, 6.0])
    assert total[1] == []
    zeros = ListZerosLike().reference(one)
    np.testing.assert_array_equal(zeros[0][1], [0.0, 0.0])


def test_concat_goes_from_the_last_to_the_first_and_split_is_its_inverse() -> None:
    random = np.random.RandomState(0)
    first, parts = random.randn(1, 2), [random.randn(n, 2) for n in (2, 0, 3)]
    whole = ListConcat().reference(first, parts)
    np.testing.assert_array_equal(whole, np.vstack([first, parts[2], parts[1], parts[0]]))
    again, back = ListSplit().reference(whole, first, parts)
    np.testing.assert_array_equal(again, first)
    for ours, wanted in zip(back, parts, strict=True):
        np.testing.assert_array_equal(ours, wanted)
