"""Protocol buffers by hand, for the few messages of checkpoints: those need no package protobuf."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from graphflow import errors
from graphflow.io import varint

VARINT, FIXED64, BYTES, FIXED32 = 0, 1, 2, 5
_SIGN = 1 << 63
_MODULUS = 1 << 64


def fields(data: bytes) -> Iterator[tuple[int, int | bytes]]:
    """The fields of a message in their order: numbers and values (floats as their bits)."""
    at = 0
    while at < len(data):
        tag, at = varint.decode(data, at)
        kind = tag & 7
        value: int | bytes
        if kind == VARINT:
            value, at = varint.decode(data, at)
        else:
            if kind == BYTES:
                size, at = varint.decode(data, at)
            elif kind in (FIXED64, FIXED32):
                size = 8 if kind == FIXED64 else 4
            else:
                raise errors.DataLossError(message=f"a field of the unknown kind {kind}")
            if size > len(data) - at:
                raise errors.DataLossError(message=f"a field of {size} bytes is cut short")
            value = data[at : at + size]
            at += size
            if kind != BYTES:
                value = int.from_bytes(value, "little")
        yield tag >> 3, value


def as_int(value: int | bytes) -> int:
    """A value of type int32, int64 or enum."""
    if isinstance(value, bytes):
        raise errors.DataLossError(message="a field holds bytes where a number belongs")
    return value - _MODULUS if value >= _SIGN else value


def as_bytes(value: int | bytes) -> bytes:
    """A value of type bytes, string or message."""
    if isinstance(value, int):
        raise errors.DataLossError(message="a field holds a number where bytes belong")
    return value


def int_field(number: int, value: int) -> bytes:
    """A field of type int32, int64 or enum; zero, the default, is not written."""
    return varint.encode(number << 3 | VARINT) + varint.encode(value % _MODULUS) if value else b""


def fixed32_field(number: int, value: int) -> bytes:
    return varint.encode(number << 3 | FIXED32) + struct.pack("<I", value) if value else b""


def bytes_field(number: int, value: bytes) -> bytes:
    """A field of type bytes, string or message, written even when empty."""
    return varint.encode(number << 3 | BYTES) + varint.encode(len(value)) + value
