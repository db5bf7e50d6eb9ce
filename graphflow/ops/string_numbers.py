"""Strings and what they stand for: AsString, StringToNumber, DecodeRaw, EncodeBase64."""

from __future__ import annotations

import base64
import re
from collections.abc import Callable
from typing import Any

import numpy as np

from graphflow.ir.dtype import DType, float32
from graphflow.ir.known import known_scalar
from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.numeric.bytes_arrays import each
from graphflow.numeric.room import check_room

_FILLS = ("", " ", "+", "-", "0", "#")


class AsString(Op):
    """Each number as text, as C's printf would write it."""

    signature = (
        "input:T -> output:string "
        "| T: int8, int16, int32, int64, complex64, complex128, float, double, bool"
    )
    differentiable = False
    precision: int = -1
    scientific: bool = False
    shortest: bool = False
    width: int = -1
    fill: str = ""

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any) -> Any:
        kind = x.dtype.kind
        form = self._form(kind, x.dtype.name)
        check_room((x.size, 1 + max(self.width, self.precision, 0)), 1)
        if kind == "b":
            return each(lambda v: b"true" if v else b"false", x)
        if kind == "c":
            whole = f"({form},{form})"
            return each(lambda v: (whole % (v.real, v.imag)).encode(), x)
        return each(lambda v: (form % v).encode(), x)

    def _form(self, kind: str, name: str) -> str:
        """The conversion of one number."""
        if self.scientific and self.shortest:
            raise ValueError("Cannot select both scientific and shortest notation")
        if kind in "ib":
            if self.scientific or self.shortest:
                raise ValueError(
                    f"scientific and shortest format not supported for datatype {name}"
                )
            if self.precision >= 0:
                raise ValueError(f"precision not supported for datatype {name}")
        if len(self.fill) > 1:
            raise ValueError("Fill string must be one or fewer characters")
        if self.fill not in _FILLS:
            raise ValueError(f'Fill argument not supported: "{self.fill}"')
        width = str(self.width) if self.width > -1 else ""
        if kind in "ib":
            return f"%{self.fill}{width}d"
        precision = f".{self.precision}" if self.precision > -1 else ""
        letter = "e" if self.scientific else "g" if self.shortest else "f"
        return f"%{self.fill}{width}{precision}{letter}"


_WHOLE = re.compile(rb"\s*-?[0-9]+\s*")
_REAL = re.compile(rb"\s*[-+]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[-+]?[0-9]+)?\s*", re.IGNORECASE)
_NAMED = re.compile(rb"\s*[-+]?(inf|nan)\s*", re.IGNORECASE)
_HEX = re.compile(rb"\s*[-+]?0x[0-9a-f]+\s*", re.IGNORECASE)


def number(value: bytes, dtype: DType) -> Any:
    """The number that a string spells, or None."""
    if dtype.is_integer:
        if not _WHOLE.fullmatch(value) or len(value) > 100:
            return None
        found = int(value)
        return found if dtype.min <= found <= dtype.max else None
    if _HEX.fullmatch(value):
        return float.fromhex(value.decode())
    if _REAL.fullmatch(value) or _NAMED.fullmatch(value):
        return float(value)
    return None


class StringToNumber(Op):
    """The number that each string spells."""

    signature = "string_tensor:string -> output:out_type | out_type: float, double, int32, int64"
    differentiable = False
    out_type: DType = float32

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any) -> Any:
        def convert(value: bytes) -> Any:
            found = number(value, self.out_type)
            if found is None:
                shown = value.decode("utf-8", "replace")
                raise ValueError(f"StringToNumberOp could not correctly convert string: {shown}")
            return found

        with np.errstate(over="ignore"):
            return each(convert, x, dtype=self.out_type.numpy)


def _ordered(dtype: DType, little_endian: bool) -> np.dtype[Any]:
    return dtype.numpy.newbyteorder("<" if little_endian else ">")


class DecodeRaw(Op):
    """The bytes of each string as numbers, along a new last axis."""

    signature = (
        "bytes:string -> output:out_type | out_type: half, float, double, int32, uint16, uint8, "
        "int16, int8, int64, complex64, complex128, bool"
    )
    differentiable = False
    out_type: DType
    little_endian: bool = True

    def infer(self, x: Tensor) -> Any:
        return x.shape.concatenate([None])

    def reference(self, x: Any) -> Any:
        values = x.ravel().tolist()
        size = len(values[0]) if values else 0
        for i, value in enumerate(values):
            if len(value) != size:
                raise ValueError(
                    "DecodeRaw requires input strings to all be the same size, "
                    f"but element {i} has size {size} != {len(value)}"
                )
        wanted = self.out_type.numpy
        if size % wanted.itemsize:
            raise ValueError(
                f"Input to DecodeRaw has length {size} that is not a multiple of "
                f"{wanted.itemsize}, the size of {self.out_type.name}"
            )
        data = np.frombuffer(b"".join(values), _ordered(self.out_type, self.little_endian))
        return data.astype(wanted).reshape(*x.shape, size // wanted.itemsize)


class DecodePaddedRaw(Op):
    """The bytes of each string as numbers; strings are cut or filled with zeros to one length."""

    signature = (
        "input_bytes:string, fixed_length:int32 -> output:out_type "
        "| out_type: half, float, double, int32, uint16, uint8, int16, int8, int64"
    )
    by_value = True
    out_type: DType
    little_endian: bool = True

    def infer(self, x: Tensor, length: Tensor) -> Any:
        known = known_scalar(length)
        return x.shape.concatenate([None if known is None else self._count(known)])

    def _count(self, length: int) -> int:
        size = self.out_type.numpy.itemsize
        if length <= 0 or length % size:
            raise ValueError(
                f"fixed_length ({length}) must be a multiple of the size of "
                f"{self.out_type.name} ({size})"
            )
        return length // size

    def reference(self, x: Any, length: Any) -> Any:
        count, size = self._count(int(length)), int(length)
        data = b"".join(value[:size].ljust(size, b"\0") for value in x.ravel().tolist())
        numbers = np.frombuffer(data, _ordered(self.out_type, self.little_endian))
        return numbers.astype(self.out_type.numpy).reshape(*x.shape, count)


class EncodeBase64(Op):
    """Each string in base64 that is safe in a web address."""

    signature = "input:string -> output:string"
    differentiable = False
    pad: bool = False

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any) -> Any:
        encode: Callable[[bytes], bytes] = base64.urlsafe_b64encode
        return each(encode if self.pad else lambda s: encode(s).rstrip(b"="), x)


_BASE64 = re.compile(rb"[A-Za-z0-9_-]*={0,2}")


class DecodeBase64(Op):
    """The bytes that each string spells in base64 that is safe in a web address."""

    signature = "input:string -> output:string"
    differentiable = False

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any) -> Any:
        return each(_decoded, x)


def _decoded(value: bytes) -> bytes:
    if not _BASE64.fullmatch(value) or (value.endswith(b"=") and len(value) % 4):
        raise ValueError("Invalid character found in base64.")
    value = value.rstrip(b"=")
    if len(value) % 4 == 1:
        raise ValueError("Base64 string length cannot be 1 modulo 4.")
    return base64.urlsafe_b64decode(value + b"=" * (-len(value) % 4))
