"""Slices: their text, their bounds, and how a whole is put together."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphflow import errors
from graphflow.io.tensor_slice import Extent, TensorSlice, assemble, parse_spec, whole


@pytest.mark.parametrize(
    ("spec", "shape", "bounds"),
    [
        ("4 5 0,2:-", (4, 5), (slice(0, 2), slice(0, 5))),
        ("4 5 3,1:1,4", (4, 5), (slice(3, 4), slice(1, 5))),
        ("7 -", (7,), (slice(0, 7),)),
        ("0 0,0", (0,), (slice(0, 0),)),
    ],
)
def test_specs(spec: str, shape: tuple[int, ...], bounds: tuple[slice, ...]) -> None:
    read_shape, part = parse_spec(spec)
    assert (read_shape, part.bounds(shape)) == (shape, bounds)
    assert spec.endswith(str(part))


@pytest.mark.parametrize(
    "spec",
    [
        "-",
        "4 5",
        "4 5 0,2",
        "4 5 0,2:-:-",
        "4 0,5",
        "4 -1,2",
        "4 0,-1",
        "x 0,1",
        "4 1",
        "-1 -",
        "4  -",
    ],
)
def test_bad_specs(spec: str) -> None:
    with pytest.raises(errors.InvalidArgumentError):
        parse_spec(spec)


def test_an_extent_of_minus_one_is_whole_only_from_the_start() -> None:
    with pytest.raises(errors.InvalidArgumentError):
        TensorSlice([Extent(1, -1)]).bounds([4])
    assert TensorSlice([Extent(0, -1)]).bounds([4]) == (slice(0, 4),)


@given(st.data())
def test_parts_make_the_whole(data: st.DataObject) -> None:
    shape = data.draw(st.lists(st.integers(1, 6), min_size=1, max_size=3))
    axis = data.draw(st.integers(0, len(shape) - 1))
    cuts = [0, *sorted(data.draw(st.sets(st.integers(0, shape[axis])))), shape[axis]]
    array = np.arange(np.prod(shape)).reshape(shape)
    everything = whole(len(shape)).bounds(shape)
    parts = [
        (*everything[:axis], slice(begin, end), *everything[axis + 1 :])
        for begin, end in itertools.pairwise(cuts)
    ]
    parts = data.draw(st.permutations(parts))
    wanted = tuple(
        slice(*sorted((data.draw(st.integers(0, n)), data.draw(st.integers(0, n))))) for n in shape
    )
    got = assemble(wanted, array.dtype, parts, lambda i: array[parts[i]])
    np.testing.assert_array_equal(got, array[wanted])
    # Without one part that matters, nothing is made up.
    for missing in range(len(parts)):
        rest = parts[:missing] + parts[missing + 1 :]
        got = assemble(everything, array.dtype, rest, lambda i, rest=rest: array[rest[i]])
        assert (got is None) == (array[parts[missing]].size > 0)


def test_scalars_and_empty_tensors() -> None:
    assert assemble((), np.dtype(np.int32), [()], lambda _: np.array(3)) == 3
    assert assemble((), np.dtype(np.int32), [], lambda _: np.array(3)) is None
    empty = assemble((slice(0, 0), slice(0, 2)), np.dtype(np.int32), [], lambda _: np.array(3))
    assert empty is not None
    assert empty.shape == (0, 2)
