"""Strided slices against numpy's own indexing, and what inference says against what execution gives."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphflow.numeric.slicing import strided_slice, strided_slice_spec

ends = st.none() | st.integers(-5, 5)
ranges = st.builds(slice, ends, ends, st.none() | st.sampled_from([-3, -2, -1, 1, 2, 3]))
entries = st.one_of(ranges, st.just(np.newaxis), st.integers(-4, 3))


@st.composite
def keys(draw):
    key = draw(st.lists(entries, max_size=5))
    if draw(st.booleans()):
        key.insert(draw(st.integers(0, len(key))), ...)
    return tuple(key)


def spelt(key):
    """The vectors and masks that TensorFlow makes of an index expression."""
    vectors, masks = (
        ([], [], []),
        dict.fromkeys(("begin", "end", "ellipsis", "new_axis", "shrink_axis"), 0),
    )
    for i, entry in enumerate(key):
        begin, end, stride = 0, 0, 1
        if entry is ...:
            masks["ellipsis"] |= 1 << i
        elif entry is None:
            masks["new_axis"] |= 1 << i
        elif isinstance(entry, int):
            begin, end = entry, entry + 1
            masks["shrink_axis"] |= 1 << i
        else:
            begin, end, stride = entry.start or 0, entry.stop or 0, entry.step or 1
            masks["begin"] |= (entry.start is None) << i
            masks["end"] |= (entry.stop is None) << i
        for vector, value in zip(vectors, (begin, end, stride), strict=True):
            vector.append(value)
    return vectors, {f"{name}_mask": bits for name, bits in masks.items()}


@given(keys(), st.lists(st.integers(0, 4), max_size=4), st.data())
def test_as_numpy_and_as_inferred(key, shape, data):
    x = np.arange(np.prod(shape, dtype=int)).reshape(shape)
    vectors, masks = spelt(key)
    try:
        want = x[key]
    except IndexError:
        with pytest.raises(ValueError, match=r"out of bounds|too many"):
            strided_slice(x, *vectors, **masks)
        return
    got = strided_slice(x, *vectors, **masks)
    np.testing.assert_array_equal(got, want)
    assert np.shares_memory(got, x) or not got.size

    # What is hidden from inference may make a size unknown, never wrong.
    def hidden(values):
        return [None if data.draw(st.booleans()) else v for v in values]

    spec = strided_slice_spec(hidden(shape), *map(hidden, vectors), **masks)
    assert len(spec.slice_shape) == x.ndim
    assert len(spec.final_shape) == want.ndim
    for inferred, real in zip(spec.final_shape, want.shape, strict=True):
        assert inferred in (None, real)
    if spec.index is not None:
        np.testing.assert_array_equal(x[spec.index], want)
    assert strided_slice_spec(None, *vectors, **masks).final_shape is None


def test_what_can_be_known_is_known():
    # x[:, 3, ::-1, new] of an input of which only the first size is unknown
    spec = strided_slice_spec(
        (None, 4, 5),
        [0, 3, 0, 0],
        [0, 4, 0, 0],
        [1, 1, -1, 1],
        begin_mask=5,
        end_mask=5,
        new_axis_mask=8,
        shrink_axis_mask=2,
    )
    assert spec.final_shape == (None, 5, 1)
    assert spec.slice_shape == (None, 1, 5)
    assert spec.index is None
    # an unknown index still takes its axis away
    spec = strided_slice_spec((4, None), [None], [None], [None], shrink_axis_mask=1)
    assert spec.final_shape == (None,)


def test_vectors_of_different_lengths_are_refused():
    with pytest.raises(ValueError, match="1, 2 and 1"):
        strided_slice_spec((4,), [1], [1, 2], [1])
