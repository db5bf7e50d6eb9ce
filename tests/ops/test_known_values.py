"""Element-wise arithmetic on sizes while a graph is built: static shapes survive it."""

from __future__ import annotations

import numpy as np
import pytest

import graphflow as tf
from graphflow.ir.known import constant_value, known_value
from graphflow.ir.shape import Symbol


def sizes(*dims: int | None) -> tf.Tensor:
    return tf.shape(tf.placeholder(tf.float32, dims))


@pytest.mark.parametrize(
    ("build", "expected"),
    [
        (lambda n: n * 2 + 1, [7, 11]),
        (lambda n: (n - 1) // 2, [1, 2]),
        (lambda n: n % 2, [1, 1]),
        (lambda n: tf.maximum(n, 4), [4, 5]),
        (lambda n: tf.cast(tf.ceil(tf.cast(n, tf.float32) / 2.0), tf.int32), [2, 3]),
        (lambda n: tf.where(n > 3, n, -n), [-3, 5]),
        (lambda n: tf.range(n[0]) + n[1], [5, 6, 7]),
        (lambda n: tf.broadcast_dynamic_shape(n[:1], [4, 1]), [4, 3]),
    ],
)
def test_constants_are_worked_out(build: object, expected: list[int]) -> None:
    found = constant_value(build(sizes(3, 5)))  # type: ignore[operator]
    assert found is not None
    assert found.tolist() == expected


def test_unknown_sizes_stay_themselves() -> None:
    n = sizes(None)[0]
    symbol = known_value(n).item()  # type: ignore[union-attr]
    assert isinstance(symbol, Symbol)
    for same in (
        n * 1,
        1 * n,
        n + 0,
        n // 1,
        n - 0,
        tf.maximum(n, n),
        tf.cast(tf.cast(n, tf.int64), tf.int32),
    ):
        assert known_value(same).item() is symbol  # type: ignore[union-attr]


def test_equal_products_are_one_size() -> None:
    batch, time = tf.placeholder(tf.float32, [None, None, 8]), None
    n, time = tf.shape(batch)[0], tf.shape(batch)[1]
    one, other = tf.reshape(batch, [n * time, 8]), tf.reshape(batch, [n * time, 8])
    assert one.shape.known[0] is other.shape.known[0]
    assert (one + other).shape.known[0] is one.shape.known[0]


def test_what_may_be_negative_has_no_lasting_name() -> None:
    x = tf.placeholder(tf.float32, [None, None])
    difference = tf.shape(x)[0] - tf.shape(x)[1]
    assert (
        tf.reshape(x, [difference]).shape.known[0] is not tf.reshape(x, [difference]).shape.known[0]
    )


def test_a_range_of_a_size_has_that_size() -> None:
    x = tf.placeholder(tf.float32, [None])
    assert (x + tf.cast(tf.range(tf.shape(x)[0]), tf.float32)).shape.known[0] is x.shape.known[0]
    assert tf.range(2, 10, 3).shape == (3,)
    assert tf.range(tf.shape(x)[0], 0, -1).shape.as_list() == [None]


def test_axes_of_equal_symbols_are_known() -> None:
    x = tf.placeholder(tf.float32, [None, 3])
    first, second = tf.gradients(x * tf.exp(x), [x, x])
    assert first.shape.as_list() == second.shape.as_list() == [None, 3]


def test_a_division_by_zero_waits_for_the_run() -> None:
    assert constant_value(tf.constant(1) // tf.constant(0)) is None
    with (
        tf.Session() as session,
        pytest.raises(tf.errors.InvalidArgumentError, match="division by zero"),
    ):
        session.run(tf.constant(1) // tf.constant(0))


def test_long_chains_are_quick() -> None:
    n = sizes(None)[0]
    for _ in range(60):
        n = n + n
    assert tf.reshape(tf.placeholder(tf.float32), [n]).shape.as_list() == [None]


def test_data_is_not_taken_for_sizes() -> None:
    assert known_value(tf.zeros([5000]) + 1.0) is None
    assert np.array_equal(known_value(tf.zeros([2]) + 1.0), [1, 1])
