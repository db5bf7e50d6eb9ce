"""The keys of slices in checkpoints: codes whose byte order is the order of what they stand for."""

from __future__ import annotations

import re

_ESCAPED = re.compile(rb"[\x00\xff]")


def unsigned(value: int) -> bytes:
    """A byte for the length, then the big-endian bytes."""
    size = (value.bit_length() + 7) // 8
    return bytes([size]) + value.to_bytes(size, "big")


def signed(value: int) -> bytes:
    """n bytes hold 7n bits, sign included, behind n ones and a zero (negated if `value` is)."""
    magnitude = ~value if value < 0 else value
    size = magnitude.bit_length() // 7 + 1
    header = 0xFFFF << (16 - size) & 0xFFFF
    code = bytearray((value % (1 << 8 * size)).to_bytes(size, "big"))
    code[0] ^= header >> 8
    if size > 1:
        code[1] ^= header & 255
    return bytes(code)


def string(value: bytes) -> bytes:
    """The bytes, 0 and 255 escaped, and an end mark."""
    return _ESCAPED.sub(lambda found: found[0] + bytes([found[0][0] ^ 255]), value) + b"\x00\x01"
