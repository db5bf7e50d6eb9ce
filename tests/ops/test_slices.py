"""Slices against numpy's own: any mixture of ranges, indices, new axes and an ellipsis; and their gradients."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import graphflow as tf

SHAPES = st.lists(st.integers(0, 4), min_size=0, max_size=4).map(tuple)
BOUNDS = st.none() | st.integers(-6, 6)
RANGES = st.builds(slice, BOUNDS, BOUNDS, st.none() | st.integers(-3, 3).filter(bool))


@st.composite
def slices(draw: Any) -> tuple[tuple[int, ...], tuple[Any, ...]]:
    """A shape, and a key that numpy takes for it."""
    shape = draw(SHAPES)
    before = draw(st.integers(0, len(shape)))
    behind = draw(st.integers(before, len(shape)))
    dims = [*shape[:before], Ellipsis, *shape[behind:]]
    if behind == len(shape) and draw(st.booleans()):
        dims.pop()
    parts: list[Any] = []
    for size in dims:
        index = st.integers(-size, size - 1) if isinstance(size, int) and size else RANGES
        parts.append(size if size is Ellipsis else draw(RANGES | index))
    for _ in range(draw(st.integers(0, 2))):
        parts.insert(draw(st.integers(0, len(parts))), None)
    return shape, tuple(parts)


def numbered(shape: tuple[int, ...]) -> np.ndarray[Any, Any]:
    return np.arange(np.prod(shape), dtype=np.float32).reshape(shape)


@given(slices())
def test_slices_are_numpys(case: tuple[tuple[int, ...], tuple[Any, ...]]) -> None:
    shape, key = case
    x = numbered(shape)
    with tf.Graph().as_default(), tf.Session() as session:
        tensor = tf.constant(x)
        y = tensor[key]
        assert y.shape.as_list() == list(x[key].shape)
        np.testing.assert_array_equal(session.run(y), x[key])
        (g,) = tf.gradients(y * (1.0 + y), tensor)
        expected = np.zeros_like(x)
        expected[key] = 1.0 + 2.0 * x[key]
        np.testing.assert_array_equal(session.run(g), expected)


@given(slices(), st.data())
def test_unknown_sizes_are_never_wrong(
    case: tuple[tuple[int, ...], tuple[Any, ...]], data: st.DataObject
) -> None:
    """What is said of the shape while the graph is built holds when it runs."""
    shape, key = case
    static = [None if data.draw(st.booleans()) else d for d in shape]
    with tf.Graph().as_default(), tf.Session() as session:
        x = tf.placeholder(tf.float32, static)
        y = x[key]
        value = session.run(y, {x: numbered(shape)})
        assert y.shape.is_compatible_with(value.shape)
        sizes = dict(zip(x.shape.known or (), shape, strict=True))
        for dim, size in zip(y.shape.known or (), value.shape, strict=True):
            assert sizes.get(dim, size) == size if not isinstance(dim, int) else dim == size


@pytest.mark.parametrize(
    ("begin", "size", "expected"),
    [
        ([0, 1], [2, -1], [2, None]),
        ([0, 0], [-1, 2], [None, 2]),
        ([1, 0], [-1, -1], [None, None]),
    ],
)
def test_slice_of_unknown_sizes(begin: Any, size: Any, expected: Any) -> None:
    x = tf.placeholder(tf.float32, [None, None])
    assert tf.slice(x, begin, size).shape.as_list() == expected


def test_whole_dimensions_keep_their_symbols() -> None:
    x = tf.placeholder(tf.float32, [None, None, 3])
    n, m, _ = x.shape.known
    assert x[:, :, 0].shape.known == (n, m)
    assert x[::-1].shape.known == (n, m, 3)
    assert x[..., None, :].shape.known == (n, m, 1, 3)
    assert x[0].shape.known == (m, 3)
    assert x[1:].shape.known[0] is not n
    assert tf.slice(x, [0, 0, 0], [-1, 1, 2]).shape.known == (n, 1, 2)


@pytest.mark.parametrize(
    "key",
    [(0, 0, 0), (..., ...), slice(None, None, 0), 4, -5, 1.0, "a", np.array([0, 1])],
)
def test_bad_keys_are_refused_when_the_graph_is_built(key: Any) -> None:
    x = tf.placeholder(tf.float32, [4, 5])
    with pytest.raises((ValueError, TypeError)):
        x[key]
