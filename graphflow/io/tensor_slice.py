"""Parts of tensors: how checkpoints name them, and how a whole is put together from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graphflow import errors
from graphflow.io import ordered_code, wire

Array = npt.NDArray[Any]
Bounds = tuple[slice, ...]

#: The length of an extent that covers its whole dimension.
FULL = -1


class Extent(NamedTuple):
    """What a slice takes of one dimension."""

    start: int = 0
    length: int = FULL


class TensorSlice(tuple[Extent, ...]):
    """An extent for each dimension."""

    __slots__ = ()

    @staticmethod
    def decode(message: bytes) -> TensorSlice:
        """From a TensorSliceProto."""
        extents = []
        for number, value in wire.fields(message):
            if number == 1:
                extent = dict(wire.fields(wire.as_bytes(value)))
                extents.append(
                    Extent(wire.as_int(extent.get(1, 0)), wire.as_int(extent.get(2, FULL % 2**64)))
                )
        return TensorSlice(extents)

    def encode(self) -> bytes:
        """To a TensorSliceProto."""
        out = b""
        for start, length in self:
            size = b"" if length == FULL else wire.int_field(2, length) or b"\x10\x00"
            out += wire.bytes_field(1, wire.int_field(1, start) + size)
        return out

    def key(self, name: str) -> bytes:
        """Under what this slice of the tensor called `name` is stored."""
        code = ordered_code.unsigned(0) + ordered_code.string(
            name.encode("utf-8", "surrogateescape")
        )
        code += ordered_code.unsigned(len(self))
        for extent in self:
            code += ordered_code.signed(extent.start) + ordered_code.signed(extent.length)
        return code

    def bounds(self, shape: Sequence[int]) -> Bounds:
        """The same slice as Python's own, of a tensor of `shape`."""
        if len(self) != len(shape):
            raise errors.InvalidArgumentError(
                message=f"a slice of rank {len(self)} of a tensor of shape {list(shape)}"
            )
        bounds = []
        for (start, length), size in zip(self, shape, strict=True):
            stop = size if length == FULL else start + length
            if not (
                0 <= start <= stop <= size and (length >= 0 or (length == FULL and start == 0))
            ):
                raise errors.InvalidArgumentError(
                    message=f"the slice {self} does not lie within the shape {list(shape)}"
                )
            bounds.append(slice(start, stop))
        return tuple(bounds)

    def __str__(self) -> str:
        return ":".join("-" if length == FULL else f"{start},{length}" for start, length in self)


def whole(rank: int) -> TensorSlice:
    """The slice that takes everything."""
    return TensorSlice([Extent()] * rank)


def parse_spec(spec: str) -> tuple[tuple[int, ...], TensorSlice]:
    """Read a `shape_and_slices` string, such as ``4 5 0,2:-``: the whole shape and the slice."""
    *sizes, extents = spec.split(" ")
    try:
        shape = tuple(int(size) for size in sizes)
        parts = []
        for extent in extents.split(":") if extents else []:
            start, comma, length = extent.partition(",")
            if extent != "-" and (not comma or int(length) < 0):
                raise ValueError(extent)
            parts.append(Extent() if extent == "-" else Extent(int(start), int(length)))
    except ValueError:
        parts, shape = [], (-1,)
    tensor_slice = TensorSlice(parts)
    if any(size < 0 for size in shape):
        raise errors.InvalidArgumentError(
            message=f"{spec!r} is no shape and slice: sizes, then start,length or -, as in '4 5 0,2:-'",
        )
    tensor_slice.bounds(shape)
    return shape, tensor_slice


def shape_of(bounds: Bounds) -> tuple[int, ...]:
    return tuple(part.stop - part.start for part in bounds)


def assemble(
    wanted: Bounds, dtype: np.dtype[Any], parts: Iterable[Bounds], read: Callable[[int], Array]
) -> Array | None:
    """What is wanted, put together from `parts`, each by ``read(i)``; None if they leave a gap."""
    shape = shape_of(wanted)
    if 0 in shape:
        return np.empty(shape, dtype)
    result: Array | None = None
    covered: Array | None = None
    for which, part in enumerate(parts):
        inner, outer = [], []
        for want, have in zip(wanted, part, strict=True):
            start, stop = max(want.start, have.start), min(want.stop, have.stop)
            if start >= stop:
                break
            inner.append(slice(start - have.start, stop - have.start))
            outer.append(slice(start - want.start, stop - want.start))
        else:
            data = read(which)
            if part == wanted:
                return data
            if result is None or covered is None:
                result, covered = np.empty(shape, dtype), np.zeros(shape, np.bool_)
            result[tuple(outer)] = data[tuple(inner)]
            covered[tuple(outer)] = True
    return result if covered is not None and covered.all() else None
