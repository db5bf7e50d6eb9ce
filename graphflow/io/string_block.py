"""Tensors of strings in a checkpoint's data: lengths, a checksum of the lengths, all bytes."""

from __future__ import annotations

import struct
from typing import Any

import numpy as np
import numpy.typing as npt

from graphflow import errors
from graphflow.io import varint
from graphflow.io.crc32c import crc32c, mask


def _length_bytes(length: int) -> bytes:
    """The form in which a length enters the checksum."""
    return struct.pack("<I" if length < 1 << 32 else "<Q", length)


def encode(strings: list[bytes]) -> tuple[bytes, int]:
    """The bytes to store and their masked checksum, which counts lengths as fixed words."""
    lengths = b"".join(varint.encode(len(string)) for string in strings)
    checksum = crc32c(b"".join(_length_bytes(len(string)) for string in strings))
    of_lengths = struct.pack("<I", mask(checksum))
    body = of_lengths + b"".join(strings)
    return lengths + body, mask(crc32c(body, checksum))


def decode(data: bytes, count: int, checksum: int) -> npt.NDArray[np.object_]:
    """The `count` strings in `data`, whose masked checksum is known."""
    if count > len(data):
        raise errors.DataLossError(message=f"{len(data)} bytes cannot hold {count} strings")
    lengths = []
    at = 0
    for _ in range(count):
        length, at = varint.decode(data, at)
        lengths.append(length)
    if at + 4 + sum(lengths) != len(data):
        raise errors.DataLossError(message="the strings do not fill the room they have")
    crc = crc32c(b"".join(map(_length_bytes, lengths)))
    if (
        struct.pack("<I", mask(crc)) != data[at : at + 4]
        or mask(crc32c(memoryview(data)[at:], crc)) != checksum
    ):
        raise errors.DataLossError(message="the checksum of the strings does not match their bytes")
    at += 4
    strings: npt.NDArray[Any] = np.empty(count, object)
    for which, length in enumerate(lengths):
        strings[which] = data[at : at + length]
        at += length
    return strings
