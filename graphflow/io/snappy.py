"""Decompression of snappy blocks, which tables of TensorFlow 1.0 and 1.1 consist of."""

from __future__ import annotations

from graphflow import errors
from graphflow.io import varint

#: Three bytes make a copy of at most 64.
_GREATEST_RATIO = 64 / 3


def _damaged(what: str) -> errors.DataLossError:
    return errors.DataLossError(message=f"damaged snappy block: {what}")


def decompress(data: bytes) -> bytes:
    """The bytes that were compressed into `data`."""
    expected, at = varint.decode(data, 0)
    if expected > _GREATEST_RATIO * len(data):
        raise _damaged(f"{len(data)} bytes cannot hold {expected}")
    out = bytearray()
    while at < len(data):
        tag = data[at]
        at += 1
        if tag & 3 == 0:
            size = tag >> 2
            if size >= 60:
                extra = size - 59
                size = int.from_bytes(data[at : at + extra], "little")
                at += extra
            size += 1
            if size > len(data) - at:
                raise _damaged("a literal is cut short")
            out += data[at : at + size]
            at += size
        else:
            if tag & 3 == 1:
                extra, size, high = 1, (tag >> 2 & 7) + 4, tag >> 5 << 8
            else:
                extra, size, high = (2 if tag & 3 == 2 else 4), (tag >> 2) + 1, 0
            distance = high | int.from_bytes(data[at : at + extra], "little")
            at += extra
            if at > len(data) or not 0 < distance <= len(out):
                raise _damaged(f"a copy from {distance} bytes back, of {len(out)}")
            source = out[len(out) - distance :][:size]
            # A copy may overlap what it writes: it then repeats its source.
            out += (source * (size // len(source) + 1))[:size]
        if len(out) > expected:
            raise _damaged(f"more than the {expected} bytes that it claims")
    if len(out) != expected:
        raise _damaged(f"{len(out)} bytes, where it claims {expected}")
    return bytes(out)
