"""Tables: read as TensorFlow wrote them, written to the same bytes, and never trusted."""

from __future__ import annotations

import io
import struct
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphflow import errors
from graphflow.io import varint
from graphflow.io.table import Table
from graphflow.io.table_writer import TableWriter


def written(entries: dict[bytes, bytes], block_bytes: int = 1 << 18) -> bytes:
    file = io.BytesIO()
    writer = TableWriter(file, block_bytes)
    for key in sorted(entries):
        writer.add(key, entries[key])
    writer.finish()
    return file.getvalue()


def read(path: Path, data: bytes) -> dict[bytes, bytes]:
    path.write_bytes(data)
    with Table(path) as table:
        return dict(table.items())


@pytest.mark.parametrize(
    "name", ["every_type.index", "many.index", "partitioned.index", "old.ckpt"]
)
def test_the_bytes_are_those_of_tensorflow(name: str, recorded: Any) -> None:
    with Table(recorded.path(name)) as table:
        entries = dict(table.items())
    assert b"" in entries
    assert written(entries) == recorded.path(name).read_bytes()


@given(
    st.dictionaries(st.binary(max_size=9), st.binary(max_size=30), max_size=40),
    st.sampled_from([1, 64, 1 << 18]),
    st.binary(max_size=3),
)
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, entries: dict[bytes, bytes], size: int, start: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.table"
    path.write_bytes(written(entries, size))
    with Table(path) as table:
        assert list(table.items()) == sorted(entries.items())
        assert list(table.items(start)) == [
            (k, v) for k, v in sorted(entries.items()) if k >= start
        ]
        assert [table.get(key) for key in entries] == list(entries.values())
        assert table.get(start) == entries.get(start)


def test_keys_must_increase() -> None:
    writer = TableWriter(io.BytesIO())
    writer.add(b"b", b"")
    for key in (b"b", b"a"):
        with pytest.raises(ValueError, match="must come after"):
            writer.add(key, b"")


def test_a_table_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(errors.NotFoundError, match="absent"):
        Table(tmp_path / "absent")
    with pytest.raises((errors.FailedPreconditionError, errors.PermissionDeniedError)):
        Table(tmp_path)
    with pytest.raises(errors.InvalidArgumentError, match="null"):
        Table("a\0b")


def test_every_truncation_is_noticed(tmp_path: Path, recorded: Any) -> None:
    data = recorded.path("every_type.index").read_bytes()
    for size in range(len(data)):
        with pytest.raises(errors.DataLossError):
            read(tmp_path / "t", data[:size])


def test_every_flipped_bit_of_a_block_is_noticed(tmp_path: Path, recorded: Any) -> None:
    data = recorded.path("partitioned.index").read_bytes()
    meta_block = 13  # never read
    for at in range(len(data) - 48 - 60 - meta_block):
        damaged = bytearray(data)
        damaged[at] ^= 1 << at % 8
        with pytest.raises(errors.DataLossError):
            read(tmp_path / "t", bytes(damaged))


def entry(shared: int, key: bytes, value: bytes) -> bytes:
    sizes = varint.encode(shared) + varint.encode(len(key)) + varint.encode(len(value))
    return sizes + key + value


RESTARTS = struct.pack("<II", 0, 1)


@pytest.mark.parametrize(
    ("block", "kind", "complaint"),
    [
        (b"", 0, "restarts"),
        (struct.pack("<I", 1), 0, "restarts"),
        (struct.pack("<I", 0xFFFFFFFF), 0, "restarts"),
        (entry(1, b"a", b"") + RESTARTS, 0, "overruns"),
        (b"\x00\x05\x05ab" + RESTARTS, 0, "overruns"),
        (b"\x00\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01\x00" + RESTARTS, 0, "overruns"),
        (b"\x00\x80", 0, "restarts"),
        (entry(0, b"b", b"") + entry(0, b"a", b"") + RESTARTS, 0, "follows"),
        (entry(0, b"b", b"") + entry(1, b"", b"") + RESTARTS, 0, "follows"),
        (entry(0, b"b", b"") + RESTARTS, 7, "compression 7"),
        (entry(0, b"b", b"") + RESTARTS, 1, "snappy"),
    ],
)
def test_sealed_nonsense(
    tmp_path: Path, one_block_table: Any, block: bytes, kind: int, complaint: str
) -> None:
    with pytest.raises(errors.DataLossError, match=complaint):
        read(tmp_path / "t", one_block_table(block, kind))


def test_keys_cannot_be_made_to_explode(tmp_path: Path, one_block_table: Any) -> None:
    """Long shared prefixes: 300 kB that claim to be 10 GB of keys."""
    block = entry(0, b"k" * 100_000, b"")
    for _ in range(50_000):
        block += entry(100_000, b"", b"")
    table = one_block_table(block + RESTARTS)
    path = tmp_path / "t"
    path.write_bytes(table)
    with Table(path) as opened, pytest.raises(errors.DataLossError):
        list(opened._entries(opened._handles[0]))


def test_one_block_cannot_stand_for_many(tmp_path: Path) -> None:
    """An index that names one block again and again is out of order at once."""
    block = entry(0, b"a", b"v" * 1000) + RESTARTS
    file = io.BytesIO()
    writer = TableWriter(file)
    handle = writer._write(type("Block", (), {"finish": lambda self: block})())  # type: ignore[arg-type]
    for i in range(1000):
        writer._index.add(b"b%03d" % i, handle.encode())
    writer.finish()
    with pytest.raises(errors.DataLossError, match="follows"):
        read(tmp_path / "t", file.getvalue())
