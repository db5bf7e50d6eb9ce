"""What the index of a checkpoint says of each tensor."""

from __future__ import annotations

import math
from dataclasses import dataclass

from graphflow import errors
from graphflow.io import wire
from graphflow.io.tensor_slice import TensorSlice

#: The rank of numpy's largest arrays.
GREATEST_RANK = 64

LITTLE_ENDIAN, BIG_ENDIAN = 0, 1
VERSION = 1


@dataclass(frozen=True)
class Header:
    """The value of the empty key."""

    num_shards: int = 1
    endianness: int = LITTLE_ENDIAN
    min_consumer: int = 0

    @staticmethod
    def decode(message: bytes) -> Header:
        fields = dict(wire.fields(message))
        version = dict(wire.fields(wire.as_bytes(fields.get(3, b""))))
        return Header(
            wire.as_int(fields.get(1, 0)),
            wire.as_int(fields.get(2, 0)),
            wire.as_int(version.get(2, 0)),
        )

    def encode(self) -> bytes:
        fields = wire.int_field(1, self.num_shards) + wire.int_field(2, self.endianness)
        return fields + wire.bytes_field(3, wire.int_field(1, VERSION))


def decode_shape(message: bytes) -> tuple[int, ...]:
    """From a TensorShapeProto of known sizes."""
    shape = []
    for number, value in wire.fields(message):
        if number == 2:
            shape.append(wire.as_int(dict(wire.fields(wire.as_bytes(value))).get(1, 0)))
        elif number == 3 and wire.as_int(value):
            raise errors.DataLossError(message="a tensor of unknown rank")
    if any(size < 0 for size in shape) or len(shape) > GREATEST_RANK:
        raise errors.DataLossError(message=f"the impossible shape {shape[: GREATEST_RANK + 1]}")
    if math.prod(size or 1 for size in shape) >= 1 << 60:
        raise errors.DataLossError(message=f"the shape {shape}, larger than any memory")
    return tuple(shape)


def encode_shape(shape: tuple[int, ...]) -> bytes:
    """To a TensorShapeProto."""
    return b"".join(wire.bytes_field(2, wire.int_field(1, size)) for size in shape)


@dataclass(frozen=True)
class Entry:
    """A tensor, a slice of one (stored), or a tensor that is stored as `slices`."""

    dtype: int
    shape: tuple[int, ...]
    shard: int = 0
    offset: int = 0
    size: int = 0
    checksum: int = 0
    slices: tuple[TensorSlice, ...] = ()

    @staticmethod
    def decode(message: bytes) -> Entry:
        numbers = {1: 0, 3: 0, 4: 0, 5: 0, 6: 0}
        shape: tuple[int, ...] = ()
        slices = []
        for number, value in wire.fields(message):
            if number == 2:
                shape = decode_shape(wire.as_bytes(value))
            elif number == 7:
                slices.append(TensorSlice.decode(wire.as_bytes(value)))
            elif number in numbers:
                numbers[number] = wire.as_int(value)
        dtype, shard, offset, size, checksum = numbers.values()
        return Entry(dtype, shape, shard, offset, size, checksum, tuple(slices))

    def encode(self) -> bytes:
        return (
            wire.int_field(1, self.dtype)
            + wire.bytes_field(2, encode_shape(self.shape))
            + wire.int_field(3, self.shard)
            + wire.int_field(4, self.offset)
            + wire.int_field(5, self.size)
            + wire.fixed32_field(6, self.checksum)
            + b"".join(wire.bytes_field(7, part.encode()) for part in self.slices)
        )
