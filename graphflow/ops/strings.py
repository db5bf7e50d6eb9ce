"""Strings put together, cut and measured: StringJoin, ReduceJoin, Substr, StringLength."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphflow.ir.known import known_list, known_scalar
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.ir.shape import UNKNOWN, TensorShape, broadcast
from graphflow.numeric.bytes_arrays import each, octets, text
from graphflow.ops.dims import axis_within


def one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    """The attribute's value, if it is one of those there are."""
    if value not in allowed:
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, not {value!r}")
    return value


class EachString(Op, abstract=True):
    """An op on one string at a time."""

    signature = "input:string -> output:string"

    def infer(self, x: Tensor) -> Any:
        return x.shape


class StringJoin(Op):
    """Strings one after the other, with a separator between them; scalars go with every element."""

    signature = "inputs:N*string -> output:string"
    differentiable = False
    separator: str = ""

    def infer(self, xs: list[Tensor]) -> Any:
        shape = UNKNOWN
        for x in xs:
            if x.shape.rank == 0:
                continue
            if x.shape.rank is None:
                return UNKNOWN
            shape = shape.merge_with(x.shape)
        return TensorShape(()) if all(x.shape.rank == 0 for x in xs) else shape

    def reference(self, xs: list[Any]) -> Any:
        shapes = {x.shape for x in xs if x.ndim}
        if len(shapes) > 1:
            raise ValueError(f"Input shapes do not match: {sorted(shapes)}")
        separator = self.separator.encode()
        return each(lambda *parts: separator.join(parts), *xs)


class ReduceJoin(Op):
    """The strings over some axes joined, along the first axis that is named, then the next."""

    signature = "inputs:string, reduction_indices:int32 -> output:string"
    differentiable = False
    by_value = True
    keep_dims: bool = False
    separator: str = ""

    def infer(self, x: Tensor, axes: Tensor) -> Any:
        dims, spelt = x.shape.known, known_list(axes)
        if dims is None or spelt is None:
            kept = self.keep_dims and dims is not None
            return TensorShape([None] * len(dims)) if kept and dims is not None else UNKNOWN
        for axis in spelt:
            if not -len(dims) <= axis < len(dims):
                raise ValueError(
                    f"Invalid reduction dimension {axis} for input with {len(dims)} dimensions."
                )
        gone = {a % len(dims) for a in spelt}
        if self.keep_dims:
            return TensorShape.of(tuple(1 if i in gone else d for i, d in enumerate(dims)))
        return TensorShape.of(tuple(d for i, d in enumerate(dims) if i not in gone))

    def reference(self, x: Any, axes: Any) -> Any:
        gone = [axis_within(a, x.ndim) for a in np.ravel(axes)]
        for i, axis in enumerate(gone):
            if axis in gone[:i]:
                raise ValueError(f"Duplicate reduction dimension {axis}")
        kept = [i for i in range(x.ndim) if i not in gone]
        shape = tuple(x.shape[i] for i in kept)
        count = math.prod(x.shape[i] for i in gone)
        rows = x.transpose([*kept, *gone[::-1]]).reshape(math.prod(shape), count)
        separator = self.separator.encode()
        out = np.empty(len(rows), object)
        for i, row in enumerate(rows.tolist()):
            out[i] = separator.join(row)
        if self.keep_dims:
            shape = tuple(1 if i in gone else d for i, d in enumerate(x.shape))
        return out.reshape(shape)


class UnsortedSegmentJoin(Op):
    """The strings of each segment joined."""

    signature = (
        "inputs:string, segment_ids:Tindices, num_segments:Tnumsegments -> output:string "
        "| Tindices: index; Tnumsegments: index = int32"
    )
    by_value = True
    separator: str = ""

    def infer(self, x: Tensor, ids: Tensor, count: Tensor) -> Any:
        rank = ids.shape.rank
        if rank is None or x.shape.rank is None:
            return UNKNOWN
        x.shape[:rank].assert_is_compatible_with(ids.shape)
        return TensorShape([known_scalar(count)]).concatenate(x.shape[rank:])

    def reference(self, x: Any, ids: Any, count: Any) -> Any:
        rest, total = x.shape[ids.ndim :], int(count)
        if x.shape[: ids.ndim] != ids.shape or total < 0:
            raise ValueError(f"segments {ids.shape} of {total} do not fit strings {x.shape}")
        rows = x.reshape(ids.size, math.prod(rest))
        found: list[list[list[bytes]]] = [[[] for _ in range(rows.shape[1])] for _ in range(total)]
        for segment, row in zip(ids.ravel().tolist(), rows.tolist(), strict=True):
            if segment >= total:
                raise ValueError(f"segment_ids must be less than {total}, got {segment}")
            if segment >= 0:
                for cell, value in zip(found[segment], row, strict=True):
                    cell.append(value)
        separator = self.separator.encode()
        out = np.empty((total, rows.shape[1]), object)
        for i, cells in enumerate(found):
            for j, cell in enumerate(cells):
                out[i, j] = separator.join(cell)
        return out.reshape(total, *rest)


_UNITS = ("BYTE", "UTF8_CHAR")


def _characters(value: bytes) -> list[bytes]:
    """The characters of UTF-8 text, each with the bytes that continue it."""
    starts = [i for i, b in enumerate(value) if b & 0xC0 != 0x80 or i == 0]
    return [value[a:b] for a, b in zip(starts, [*starts[1:], len(value)], strict=True)]


class StringLength(Op):
    """The number of bytes, or of characters, of each string."""

    signature = "input:string -> output:int32"
    unit: str = "BYTE"

    def infer(self, x: Tensor) -> Any:
        one_of("unit", self.unit, _UNITS)
        return x.shape

    def reference(self, x: Any) -> Any:
        if self.unit == "BYTE":
            return each(len, x, dtype=np.int32)
        return each(lambda s: sum(b & 0xC0 != 0x80 for b in s), x, dtype=np.int32)


class Substr(Op):
    """`len` bytes or characters of each string from `pos` on; negative positions count from the end."""

    signature = "input:string, pos:T, len:T -> output:string | T: index"
    unit: str = "BYTE"

    def infer(self, x: Tensor, pos: Tensor, length: Tensor) -> Any:
        one_of("unit", self.unit, _UNITS)
        return broadcast(x.shape, pos.shape.merge_with(length.shape))

    def reference(self, x: Any, pos: Any, length: Any) -> Any:
        if pos.shape != length.shape:
            raise ValueError(f"pos and len should have the same shape: {pos.shape}, {length.shape}")
        try:
            return each(self._cut, x, pos, length)
        except ValueError as error:
            if "broadcast" not in str(error):
                raise
            raise ValueError(f"Incompatible shapes: {x.shape} and {pos.shape}") from None

    def _cut(self, value: bytes, pos: int, length: int) -> bytes:
        units = value if self.unit == "BYTE" else _characters(value)
        if not -len(units) <= pos <= len(units):
            raise ValueError(f"pos {pos} out of range for string {value!r}")
        start = pos + len(units) if pos < 0 else pos
        # a negative length takes all that is left
        cut = units[start:] if length < 0 else units[start : start + length]
        return cut if isinstance(cut, bytes) else b"".join(cut)


class StringStrip(EachString):
    """Each string without the white space around it."""

    def reference(self, x: Any) -> Any:
        return each(bytes.strip, x)


class StringLower(EachString):
    """Each string in small letters; of ASCII alone unless the encoding is utf-8."""

    encoding: str = ""

    def reference(self, x: Any) -> Any:
        if one_of("encoding", self.encoding, ("", "utf-8")):
            return each(lambda s: octets(text(s).lower()), x)
        return each(bytes.lower, x)


class StringUpper(EachString):
    """Each string in capitals; of ASCII alone unless the encoding is utf-8."""

    encoding: str = ""

    def reference(self, x: Any) -> Any:
        if one_of("encoding", self.encoding, ("", "utf-8")):
            return each(lambda s: octets(text(s).upper()), x)
        return each(bytes.upper, x)
