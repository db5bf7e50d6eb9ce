"""Strided slices: `x[begin:end:stride, ..., new, 3]` as vectors and masks, and what they select.

Shape inference and execution share `strided_slice_spec`: unknown sizes and unknown entries of the
vectors are None.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import EllipsisType

import numpy as np

from graphflow.numeric.elements import Array

Size = int | None
Index = int | slice | EllipsisType | None


@dataclass(frozen=True)
class SliceSpec:
    """What a strided slice selects of one shape; parts that cannot be known yet are None."""

    #: for numpy: `x[index]` is a view of `final_shape`
    index: tuple[Index, ...] | None
    #: one size for each axis of the input, 1 for those that a single index takes away
    slice_shape: tuple[Size, ...] | None
    #: the shape of the result
    final_shape: tuple[Size, ...] | None


@dataclass(frozen=True)
class _Entry:
    """One entry of a slice: an axis of the input, a new axis, or the ellipsis."""

    kind: str
    place: int = -1


def _entries(count: int, ellipsis: int, new_axis: int, rank: int) -> list[_Entry]:
    """The entries in order, with the ellipsis as so many whole axes of the input."""
    marks = [i for i in range(count) if ellipsis >> i & 1]
    if len(marks) > 1:
        raise ValueError("there may be one ellipsis in a slice at most")
    entries = [
        _Entry("whole" if i in marks else "new" if new_axis >> i & 1 else "axis", i)
        for i in range(count)
    ]
    if not marks:
        entries.append(_Entry("whole"))
    taken = sum(e.kind == "axis" for e in entries)
    if taken > rank:
        raise ValueError(
            f"a slice of {taken} dimensions is too many: the input has only {rank} dims"
        )
    at = next(i for i, e in enumerate(entries) if e.kind == "whole")
    return entries[:at] + [_Entry("all")] * (rank - taken) + entries[at + 1 :]


def _bound(value: int, size: int, stride: int) -> int:
    """A position counted from the front, forced into what a walk of that direction can reach."""
    value = value + size if value < 0 else value
    low, high = (0, size) if stride > 0 else (-1, size - 1)
    return min(max(value, low), high)


def _range(
    size: Size, begin: Size, end: Size, stride: Size, open_begin: bool, open_end: bool
) -> tuple[slice | None, Size]:
    """The numpy slice of one axis, and how many elements it has."""
    if stride is None or size is None:
        return None, None
    if (begin is None and not open_begin) or (end is None and not open_end):
        return None, None
    forward = stride > 0
    first, last = (0, size) if forward else (size - 1, -1)
    start = first if open_begin or begin is None else _bound(begin, size, stride)
    stop = last if open_end or end is None else _bound(end, size, stride)
    length = max(0, -((start - stop) // stride))
    if length == 0:
        return slice(0, 0), 0
    return slice(start, stop if stop >= 0 else None, stride), length


def strided_slice_spec(
    shape: Sequence[Size] | None,
    begin: Sequence[Size],
    end: Sequence[Size],
    strides: Sequence[Size],
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> SliceSpec:
    """What the slice selects of an input of `shape`; bit i of a mask speaks of entry i."""
    if not len(begin) == len(end) == len(strides):
        raise ValueError(
            "begin, end and strides must have one length, got "
            f"{len(begin)}, {len(end)} and {len(strides)}"
        )
    for i, stride in enumerate(strides):
        if stride == 0:
            raise ValueError(f"strides[{i}] must be non-zero")
    if shape is None:
        return SliceSpec(None, None, None)
    index: list[Index] = []
    sizes: list[Size] = []
    final: list[Size] = []
    known = True
    for entry in _entries(len(begin), ellipsis_mask, new_axis_mask, len(shape)):
        i = entry.place
        if entry.kind == "new":
            index.append(None)
            final.append(1)
            continue
        axis = len(sizes)
        size = shape[axis]
        if entry.kind == "all":
            index.append(slice(None))
            sizes.append(size)
            final.append(size)
        elif shrink_axis_mask >> i & 1:
            place = _single(begin[i], size, strides[i], axis)
            known = known and place is not None
            index.append(place)
            sizes.append(1)
        else:
            chosen, length = _range(
                size,
                begin[i],
                end[i],
                strides[i],
                bool(begin_mask >> i & 1),
                bool(end_mask >> i & 1),
            )
            known = known and chosen is not None
            index.append(chosen)
            sizes.append(length)
            final.append(length)
    # The ellipsis makes numpy give a view even where every axis is taken away.
    return SliceSpec((*index, ...) if known else None, tuple(sizes), tuple(final))


def _single(begin: Size, size: Size, stride: Size, axis: int) -> Size:
    """The one position that an index takes of an axis; None where it cannot be known."""
    if stride is not None and stride < 0:
        raise ValueError(
            f"an index of dimension {axis} that is no range needs a stride > 0, got {stride}"
        )
    if begin is None or size is None:
        return None
    if not -size <= begin < size:
        raise ValueError(f"index {begin} of dimension {axis} is out of bounds [{-size}, {size})")
    return begin + size if begin < 0 else begin


def _resolved(
    shape: Sequence[int],
    begin: Sequence[int],
    end: Sequence[int],
    strides: Sequence[int],
    masks: tuple[int, int, int, int, int],
) -> tuple[tuple[Index, ...], tuple[Size, ...]]:
    """The numpy index and the final shape of a slice of which everything is known."""
    sizes, first, last, steps = (
        [int(v) for v in vector] for vector in (shape, begin, end, strides)
    )
    spec = strided_slice_spec(sizes, first, last, steps, *masks)
    assert spec.index is not None
    assert spec.final_shape is not None
    return spec.index, spec.final_shape


def strided_slice(
    x: Array,
    begin: Sequence[int],
    end: Sequence[int],
    strides: Sequence[int],
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> Array:
    """The selected elements, a view of `x`."""
    masks = (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    x = np.asarray(x)
    return x[_resolved(x.shape, begin, end, strides, masks)[0]]


def strided_slice_grad(
    shape: Sequence[int],
    begin: Sequence[int],
    end: Sequence[int],
    strides: Sequence[int],
    dy: Array,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> Array:
    """Zeros of `shape` with dy where the slice selects."""
    masks = (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    dy = np.asarray(dy)
    dx = np.zeros([int(n) for n in shape], dy.dtype)
    return strided_slice_assign(dx, begin, end, strides, dy, *masks)


def strided_slice_assign(
    target: Array,
    begin: Sequence[int],
    end: Sequence[int],
    strides: Sequence[int],
    value: Array,
    begin_mask: int = 0,
    end_mask: int = 0,
    ellipsis_mask: int = 0,
    new_axis_mask: int = 0,
    shrink_axis_mask: int = 0,
) -> Array:
    """`target` with `value`, of the exact shape of the slice, where the slice selects; in place."""
    masks = (begin_mask, end_mask, ellipsis_mask, new_axis_mask, shrink_axis_mask)
    index, final = _resolved(target.shape, begin, end, strides, masks)
    value = np.asarray(value)
    if value.shape != final:
        raise ValueError(f"a value of shape {value.shape} does not fit a slice of shape {final}")
    target[index] = value
    return target
