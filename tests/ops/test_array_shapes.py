"""Static shapes of array operations: sizes that have only a name survive, and what is stated holds at run time."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphflow as tf
from graphflow.ir.known import known_value
from graphflow.ir.shape import Symbol


def unknown(*shape: int | None) -> tf.Tensor:
    return tf.placeholder(tf.float32, list(shape))


def test_a_reshape_cancels_sizes() -> None:
    x = unknown(None, 4, 5)
    n = x.shape.known[0]
    assert tf.reshape(x, [tf.shape(x)[0], -1]).shape.known == (n, 20)
    assert tf.reshape(x, [-1, 20]).shape.known == (n, 20)
    assert tf.reshape(x, [-1, tf.shape(x)[1], 5]).shape.known == (n, 4, 5)
    assert tf.reshape(x, tf.concat([tf.shape(x)[:1], [2, 2], tf.shape(x)[2:]], 0)).shape.known == (
        n,
        2,
        2,
        5,
    )
    assert tf.reshape(x, [2, -1]).shape.as_list() == [2, None]
    assert tf.reshape(x, [tf.shape(x)[0] * 4, -1]).shape.as_list() == [None, None]


def test_sizes_survive_packing_and_joining() -> None:
    x = unknown(None, None, 3)
    n, m, _ = x.shape.known
    sizes = tf.shape(x)
    for same in (
        tf.stack([sizes[0], sizes[1], 3]),
        tf.concat([sizes[:2], [3]], 0),
        tf.stack(tf.unstack(sizes)),
        tf.concat(tf.split(sizes, 3), 0),
        tf.concat(tf.split(sizes, [1, 2]), 0),
        tf.reverse(tf.reverse(sizes, [0]), [0]),
        tf.squeeze(tf.expand_dims(sizes, 0), 0),
        tf.gather(sizes, [0, 1, 2]),
        tf.slice(sizes, [0], [-1]),
        tf.identity_n([sizes, 1])[0],
        tf.stop_gradient(sizes),
        tf.shape_n([x, x])[1],
    ):
        assert tuple(known_value(same)) == (n, m, 3), same
        assert tf.zeros(same).shape.known == (n, m, 3)


def test_sizes_come_through_orders() -> None:
    x = unknown(None, 2, None)
    n, _, m = x.shape.known
    assert tf.transpose(x).shape.known == (m, 2, n)
    assert tf.transpose(x, [1, 0, 2]).shape.known == (2, n, m)
    assert tf.reverse(x, [0]).shape.known == (n, 2, m)
    assert tf.expand_dims(x, 1).shape.known == (n, 1, 2, m)
    assert tf.stack([x, x], axis=-1).shape.known == (n, 2, m, 2)
    assert tf.unstack(x, axis=1)[0].shape.known == (n, m)
    assert tf.concat([x, x], 1).shape.known == (n, 4, m)
    assert tf.tile(x, [1, 2, 1]).shape.known == (n, 4, m)
    assert tf.pad(x, [[0, 0], [1, 2], [0, 0]]).shape.known == (n, 5, m)
    assert tf.split(x, 2, axis=1)[0].shape.known == (n, 1, m)
    assert tf.gather(x, [0, 1], axis=1).shape.known == (n, 2, m)
    assert tf.boolean_mask(x, [True, False], axis=1).shape.as_list() == [None, None, None]
    assert tf.one_hot(tf.cast(x, tf.int32), 7).shape.known == (n, 2, m, 7)


def test_a_scalar_that_nobody_knows_names_no_size() -> None:
    """It may be -1 in both: the two shapes need not agree."""
    n = tf.placeholder(tf.int32, [])
    x, y = unknown(None), unknown(None)
    one, other = tf.reshape(x, [n]), tf.reshape(y, [n])
    assert one.shape.known[0] is not other.shape.known[0]


SIZES = st.lists(st.sampled_from([1, 2, 3, 4, 6]), min_size=1, max_size=4)


@given(SIZES, st.data())
def test_reshapes_are_never_wrong(shape: list[int], data: st.DataObject) -> None:
    """A reshape to any permutation of the factors, sizes unknown or taken from tf.shape at will."""
    hidden = [None if data.draw(st.booleans()) else d for d in shape]
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, hidden)
        order = data.draw(st.permutations(range(len(shape))))
        target: list[Any] = [
            tf.shape(x)[i] if data.draw(st.booleans()) else shape[i] for i in order
        ]
        if data.draw(st.booleans()):
            target[data.draw(st.integers(0, len(target) - 1))] = -1
        y = tf.reshape(x, target)
        value = session.run(y, {x: np.zeros(shape)})
        assert y.shape.is_compatible_with(value.shape)
        sizes = dict(zip(x.shape.known, shape, strict=True))
        for dim, size in zip(y.shape.known, value.shape, strict=True):
            assert not isinstance(dim, Symbol) or sizes.get(dim, size) == size
        assert math.prod(value.shape) == math.prod(shape)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: tf.reshape(unknown(2, 3), [4, -1]), "divisible by 4"),
        (lambda: tf.reshape(unknown(2, 3), [4, 2]), "6 elements"),
        (lambda: tf.squeeze(unknown(2, 1), [0]), "expected a dimension of 1, got 2"),
        (lambda: tf.expand_dims(unknown(2), 3), r"not in the interval \[-2, 1\]"),
        (lambda: tf.concat([unknown(2, 3), unknown(3, 4)], 0), "must match except along axis 0"),
        (lambda: tf.concat([1.0, 2.0], 0), "use tf.stack instead"),
        (lambda: tf.stack([unknown(2), unknown(3)]), "must match"),
        (lambda: tf.split(unknown(5), 2), "evenly divisible by 2 but is 5"),
        (lambda: tf.split(unknown(5), [2, 2]), "Got: 4"),
        (lambda: tf.transpose(unknown(2, 3), [0]), "1 entries for a tensor of rank 2"),
        (lambda: tf.tile(unknown(2, 3), [2]), "1 entries for a tensor of rank 2"),
        (lambda: tf.gather(unknown(2), [0], axis=1), r"range \[-1, 1\)"),
        (lambda: tf.pad(unknown(2), [[0, -1]]), "non-negative"),
        (lambda: tf.fill([-1], 0), ">= 0"),
        (lambda: tf.one_hot([0], -1), "non-negative"),
        (lambda: tf.space_to_depth(unknown(1, 3, 4, 1), 2), "not evenly divisible"),
        (lambda: tf.scatter_nd([[0]], [1.0, 2.0], [3]), "updates must have the shape"),
    ],
)
def test_an_error_says_what_does_not_fit(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()
