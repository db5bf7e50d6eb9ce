"""Varints, hand-made protocol buffers and ordered codes."""

from __future__ import annotations

import pytest
from google.protobuf.internal import decoder, encoder
from hypothesis import given
from hypothesis import strategies as st

from graphflow import errors
from graphflow.io import ordered_code, protos, varint, wire
from graphflow.io.bundle_entry import Entry, Header
from graphflow.io.tensor_slice import Extent, TensorSlice

int64 = st.integers(-(1 << 63), (1 << 63) - 1)


@given(st.integers(0, (1 << 64) - 1), st.binary(max_size=4))
def test_varints_are_those_of_protobuf(value: int, rest: bytes) -> None:
    data = encoder._VarintBytes(value)
    assert varint.encode(value) == data
    assert varint.decode(data + rest, 0) == (value, len(data))
    assert decoder._DecodeVarint(data, 0) == (value, len(data))


@pytest.mark.parametrize("data", [b"", b"\x80", b"\xff" * 10, b"\xff" * 9 + b"\x02", b"\x80" * 11])
def test_varints_that_do_not_end_or_overflow(data: bytes) -> None:
    with pytest.raises(errors.DataLossError):
        varint.decode(data, 0)


sizes = st.lists(st.integers(0, 1 << 40), max_size=4).map(tuple)
slices = st.lists(
    st.tuples(st.integers(0, 1 << 40), st.integers(-1, 1 << 40))
    .map(lambda pair: Extent(*pair))
    .filter(lambda extent: extent.length >= 0 or extent.start == 0),
    max_size=3,
).map(TensorSlice)


@given(
    st.builds(
        Entry,
        dtype=st.integers(0, 123),
        shape=sizes.filter(lambda s: len(s) < 2),
        shard=st.integers(0, 99),
        offset=st.integers(0, 1 << 50),
        size=st.integers(0, 1 << 50),
        checksum=st.integers(0, (1 << 32) - 1),
        slices=st.lists(slices, max_size=2).map(tuple),
    )
)
def test_entries_are_messages(entry: Entry) -> None:
    message = protos.BundleEntryProto.FromString(entry.encode())
    assert message.SerializeToString() == entry.encode()
    assert (message.dtype, message.shard_id, message.offset, message.size, message.crc32c) == (
        entry.dtype,
        entry.shard,
        entry.offset,
        entry.size,
        entry.checksum,
    )
    assert tuple(dim.size for dim in message.shape.dim) == entry.shape
    for part, extents in zip(message.slices, entry.slices, strict=True):
        for extent, (start, length) in zip(part.extent, extents, strict=True):
            assert (extent.start, extent.HasField("length")) == (start, length != -1)
            assert not extent.HasField("length") or extent.length == length
    assert Entry.decode(entry.encode()) == entry


def test_headers_are_messages() -> None:
    message = protos.BundleHeaderProto(num_shards=3)
    message.version.producer = 1
    assert Header(3).encode() == message.SerializeToString()
    message.version.min_consumer = 9
    message.endianness = message.BIG
    assert Header.decode(message.SerializeToString()) == Header(3, 1, 9)


@given(st.lists(st.tuples(st.integers(1, 1000), int64), max_size=5))
def test_numbers_in_fields(pairs: list[tuple[int, int]]) -> None:
    data = b"".join(wire.int_field(number, value) for number, value in pairs)
    read = [(number, wire.as_int(value)) for number, value in wire.fields(data)]
    assert read == [(number, value) for number, value in pairs if value]


@pytest.mark.parametrize(
    "data", [b"\x0b", b"\x0a\x05abc", b"\x0d\x00", b"\x09\x00", b"\x08", b"\x0e"]
)
def test_damaged_messages(data: bytes) -> None:
    with pytest.raises(errors.DataLossError):
        list(wire.fields(data))


@pytest.mark.parametrize("data", [b"\x10\x01", b"\x0a\x00", b"\x3a\x02\x0a\x09", b"\x38\x01"])
def test_entries_with_fields_of_another_kind(data: bytes) -> None:
    with pytest.raises(errors.DataLossError):
        Entry.decode(data)


@given(int64, int64)
def test_signed_codes_keep_the_order(left: int, right: int) -> None:
    assert (ordered_code.signed(left) < ordered_code.signed(right)) == (left < right)


@given(st.integers(0, (1 << 64) - 1), st.integers(0, (1 << 64) - 1))
def test_unsigned_codes_keep_the_order(left: int, right: int) -> None:
    assert (ordered_code.unsigned(left) < ordered_code.unsigned(right)) == (left < right)


@given(st.binary(max_size=6), st.binary(max_size=6))
def test_string_codes_keep_the_order(left: bytes, right: bytes) -> None:
    assert (ordered_code.string(left) < ordered_code.string(right)) == (left < right)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        (0, "80"),
        (-1, "7f"),
        (63, "bf"),
        (-64, "40"),
        (64, "c040"),
        (-65, "3fbf"),
        (8191, "dfff"),
        (8192, "e02000"),
        ((1 << 63) - 1, "ffc07fffffffffffffff"),
        (-(1 << 63), "003f8000000000000000"),
    ],
)
def test_signed_codes(value: int, code: str) -> None:
    assert ordered_code.signed(value).hex() == code
