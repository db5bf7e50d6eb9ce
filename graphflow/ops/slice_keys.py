"""Python's keys for parts of a tensor: `x[1:-1, ..., None, i]` as StridedSlice, and masks of bools."""

from __future__ import annotations

import sys
from typing import Any, NamedTuple

import numpy as np

from graphflow.ir import build, raw
from graphflow.ir.convert import constant, convert
from graphflow.ir.dtype import bool_, int32, int64
from graphflow.ir.node import Tensor
from graphflow.ir.shape import Dimension, as_shape
from graphflow.ops import idioms
from graphflow.ops.arrays import concat, stack


class Spec(NamedTuple):
    """The inputs and attributes of a StridedSlice, before they are tensors."""

    begin: list[Any]
    end: list[Any]
    strides: list[Any]
    masks: dict[str, int]


def sliced(x: Any, key: Any) -> Tensor:
    """x[key]."""
    x = x if isinstance(x, Tensor) else convert(x)
    if _is_mask(key):
        return boolean_mask(x, key)
    spec = parsed(key)
    with build.name_scope(
        None, "strided_slice", [x, *spec.begin, *spec.end, *spec.strides]
    ) as scope:
        found: Tensor = raw.StridedSlice(x, *packed(spec), **spec.masks, name=scope)
        return found


def _is_mask(key: Any) -> bool:
    if isinstance(key, Tensor | np.ndarray):
        return bool(key.dtype == (bool_ if isinstance(key, Tensor) else np.bool_))
    return isinstance(key, bool)


def parsed(key: Any) -> Spec:
    """What a key asks for, entry by entry."""
    spec = Spec([], [], [], dict.fromkeys(("begin_mask", "end_mask", "ellipsis_mask"), 0))
    spec.masks.update(new_axis_mask=0, shrink_axis_mask=0)
    for index, entry in enumerate(key if isinstance(key, list | tuple) else [key]):
        bit = 1 << index
        begin, end, stride = 0, 0, 1
        if isinstance(entry, slice):
            begin = _bound(entry.start, "begin_mask", bit, spec)
            end = _bound(entry.stop, "end_mask", bit, spec)
            stride = 1 if entry.step is None else _checked(entry.step)
        elif entry is Ellipsis:
            spec.masks["ellipsis_mask"] |= bit
        elif entry is None:
            spec.masks["new_axis_mask"] |= bit
        else:
            begin = _checked(entry)
            end = entry + 1
            spec.masks["shrink_axis_mask"] |= bit
        spec.begin.append(begin)
        spec.end.append(end)
        spec.strides.append(stride)
    return spec


def _bound(value: Any, mask: str, bit: int, spec: Spec) -> Any:
    """An end of a slice; an open one is zero and marked in the mask."""
    # an unknown Dimension compares as None, and is open like one that was not given
    if value is None or (not hasattr(value, "_as_tensor") and not value != sys.maxsize):  # noqa: SIM202
        spec.masks[mask] |= bit
        return 0
    return _checked(value)


def _checked(index: Any) -> Any:
    """An index that is a number or a scalar of int32 or int64."""
    if isinstance(index, int | Dimension):
        return index
    dtype = getattr(index, "dtype", None)
    shape = getattr(index, "shape", None)
    if dtype is None or dtype not in (int32, int64, int32.ref, int64.ref) or _is_vector(shape):
        raise TypeError(
            "Only integers, slices (`:`), ellipsis (`...`), tf.newaxis (`None`) and scalar tf.int32/tf.int64 "
            f"tensors are valid indices, got {index!r}"
        )
    return index


def _is_vector(shape: Any) -> bool:
    return bool(shape) and len(shape) == 1


def packed(spec: Spec) -> tuple[Tensor, Tensor, Tensor]:
    """begin, end and strides as vectors of one type."""
    if not spec.begin:
        empty = constant([], int32)
        return empty, empty, empty
    vectors = [_vector(v) for v in (spec.begin, spec.end, spec.strides)]
    if any(v.dtype is int64 for v in vectors):
        vectors = [v if v.dtype is int64 else raw.Cast(v, DstT=int64) for v in vectors]
    return vectors[0], vectors[1], vectors[2]


def _vector(entries: list[Any]) -> Tensor:
    if not any(isinstance(e, Dimension) for e in entries):
        return stack(entries)
    # TensorFlow asks for the rank of the first entry, leaves that node behind, and packs
    convert(entries[0], name="stack")
    packed: Tensor = raw.Pack(entries, axis=0, name="stack")
    return packed


def boolean_mask(
    x: Any, mask: Any, name: str | None = "boolean_mask", axis: int | None = None
) -> Tensor:
    """The parts of x along some axes at which the mask is true, in a row."""
    with build.name_scope(name, None, [x, mask]):
        x, mask = convert(x, name="tensor"), convert(mask, name="mask")
        rank = mask.shape.rank
        if rank == 0:
            raise ValueError("mask cannot be scalar.")
        if rank is None:
            raise ValueError(
                "Number of mask dimensions must be specified, even if some dimensions are None.  "
                "E.g. shape=[None] is ok, but shape=None is not."
            )
        at = axis or 0
        whole = x.shape
        whole[at : at + rank].assert_is_compatible_with(mask.shape)
        leading = raw.Prod(idioms.shape(x)[at : at + rank], [0])
        sizes = [idioms.shape(x)[:at], [leading], idioms.shape(x)[at + rank :]]
        x = raw.Reshape(x, concat(sizes, 0))
        masked = whole[at : at + rank].num_elements()
        x.set_shape(as_shape(whole[:at]).concatenate([masked]).concatenate(whole[at + rank :]))
        mask = raw.Reshape(mask, [-1])
        places = raw.Squeeze(raw.Where(mask), squeeze_dims=[1])
        found: Tensor = raw.GatherV2(x, places, at, name="GatherV2")
        return found
