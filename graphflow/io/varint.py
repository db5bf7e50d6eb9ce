"""Integers of seven bits a byte, the low ones first."""

from __future__ import annotations

from graphflow import errors


def encode(value: int) -> bytes:
    """The varint of `value`, which is not negative."""
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    out.append(value)
    return bytes(out)


def decode(data: bytes | memoryview, at: int) -> tuple[int, int]:
    """The varint at `at`, of 64 bits at most, and the place behind it."""
    result = shift = 0
    end = min(len(data), at + 10)
    while at < end:
        byte = data[at]
        at += 1
        result |= (byte & 127) << shift
        if byte < 128:
            if result >> 64:
                break
            return result, at
        shift += 7
    raise errors.DataLossError(message=f"no integer ends before byte {end} of {len(data)}")
