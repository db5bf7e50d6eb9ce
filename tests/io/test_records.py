"""Record files: TensorFlow's bytes, and what it says of damaged ones."""

from __future__ import annotations

import gzip
import struct
import zlib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graphflow import errors
from graphflow.io import records
from graphflow.io.crc32c import masked_crc32c

FILES = [("plain", None), ("plain", ""), ("gzip", "GZIP"), ("zlib", "ZLIB")]


@pytest.mark.parametrize(("name", "compression"), FILES)
def test_recorded_files(name: str, compression: str | None, recorded: Any, tmp_path: Path) -> None:
    path = recorded.path(name + ".tfrecord")
    contents = [recorded.decode(text) for text in recorded.expected["records"]]
    assert list(records.read_records(path, compression)) == contents
    with records.RecordWriter(tmp_path / "x", compression) as writer:
        for record in contents:
            writer.write(record)
    assert list(records.read_records(tmp_path / "x", compression)) == contents
    inflate = {None: bytes, "": bytes, "GZIP": gzip.decompress, "ZLIB": zlib.decompress}[
        compression
    ]
    assert inflate((tmp_path / "x").read_bytes()) == inflate(path.read_bytes())


@given(st.lists(st.binary(max_size=50), max_size=5), st.sampled_from(records.COMPRESSIONS))
def test_what_was_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, contents: list[bytes], compression: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.tfrecord"
    with records.RecordWriter(path, compression) as writer:
        for record in contents:
            writer.write(record)
    assert list(records.read_records(path, compression)) == contents


def outcome(path: Path, data: bytes, compression: str = "") -> tuple[list[int], str]:
    """The lengths of the records, and what was wrong at the end."""
    path.write_bytes(data)
    lengths: list[int] = []
    try:
        lengths.extend(len(record) for record in records.read_records(path, compression))
    except errors.DataLossError as error:
        return lengths, str(error).removeprefix(f"{path}: ")
    return lengths, ""


THREE = records.frame(b"hello") + records.frame(b"") + records.frame(b"x" * 300)


# What TensorFlow 1.15.5 says of the same bytes.
@pytest.mark.parametrize(
    ("size", "lengths", "complaint"),
    [
        (0, [], ""),
        (1, [], ""),
        (11, [], ""),
        (12, [], "truncated record at 0"),
        (17, [], "truncated record at 0"),
        (20, [], "truncated record at 0"),
        (21, [5], ""),
        (22, [5], ""),
        (33, [5], "truncated record at 21"),
        (37, [5, 0], ""),
        (40, [5, 0], ""),
        (len(THREE), [5, 0, 300], ""),
    ],
)
def test_truncated_files(size: int, lengths: list[int], complaint: str, tmp_path: Path) -> None:
    assert outcome(tmp_path / "x", THREE[:size]) == (lengths, complaint)


@pytest.mark.parametrize(("at", "where"), [(0, 0), (9, 0), (13, 12), (17, 12), (21, 21), (29, 21)])
def test_corrupted_files(at: int, where: int, tmp_path: Path) -> None:
    data = bytearray(THREE)
    data[at] ^= 1
    assert outcome(tmp_path / "x", bytes(data))[1] == f"corrupted record at {where}"


def test_compressed_files(tmp_path: Path) -> None:
    path = tmp_path / "x"
    whole = [5, 0, 300]
    assert outcome(path, gzip.compress(THREE) + gzip.compress(THREE), "GZIP") == (whole * 2, "")
    assert outcome(path, gzip.compress(THREE) + b"junk", "GZIP") == (whole, "")
    assert outcome(path, zlib.compress(THREE) + b"junk", "ZLIB") == (whole, "")
    assert outcome(path, gzip.compress(THREE)[:-8], "GZIP") == (whole, "")
    assert "incorrect header check" in outcome(path, THREE, "GZIP")[1]
    assert "incorrect header check" in outcome(path, THREE, "ZLIB")[1]
    assert "corrupted record at 0" in outcome(path, gzip.compress(THREE))[1]
    for compression, squeezed in (("GZIP", gzip.compress(THREE)), ("ZLIB", zlib.compress(THREE))):
        for size in range(len(squeezed)):
            lengths, _ = outcome(path, squeezed[:size], compression)
            assert lengths == whole[: len(lengths)]


def lying_header(length: int) -> bytes:
    size = struct.pack("<Q", length)
    return size + struct.pack("<I", masked_crc32c(size))


@pytest.mark.parametrize("length", [1 << 20, 1 << 40, (1 << 64) - 1])
@pytest.mark.parametrize("compression", records.COMPRESSIONS)
def test_lengths_are_not_believed(length: int, compression: str, tmp_path: Path) -> None:
    data = lying_header(length) + b"abc"
    data = {"": data, "GZIP": gzip.compress(data), "ZLIB": zlib.compress(data)}[compression]
    assert outcome(tmp_path / "x", data, compression)[1].endswith(" at 0")


def test_a_bomb_does_not_go_off(tmp_path: Path) -> None:
    """A record of 1.9 GB of zeros in a file of 20 kB is refused before it is inflated."""
    squeeze = zlib.compressobj(wbits=31)
    data = squeeze.compress(lying_header(1_900_000_000)) + squeeze.compress(bytes(20_000_000))
    assert (
        "a record of 1900000000 bytes" in outcome(tmp_path / "x", data + squeeze.flush(), "GZIP")[1]
    )


def test_paths_and_options(tmp_path: Path) -> None:
    with pytest.raises(errors.NotFoundError, match="absent"):
        list(records.read_records(tmp_path / "absent"))
    with pytest.raises(errors.NotFoundError):
        records.RecordWriter(tmp_path / "no" / "x")
    for use in (records.read_records, records.RecordWriter):
        with pytest.raises(ValueError, match='Not a valid compression_type: "BZIP"'):
            use(tmp_path / "x", "BZIP")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("compression", records.COMPRESSIONS)
def test_a_flushed_record_can_be_read(compression: str, tmp_path: Path) -> None:
    path = str(tmp_path / "x").encode()
    writer = records.RecordWriter(path, compression, level=9)
    writer.write(b"one")
    writer.flush()
    assert list(records.read_records(path, compression)) == [b"one"]
    writer.close()
    writer.close()
    assert list(records.read_records(path, compression)) == [b"one"]


def test_an_unclosed_writer_still_finishes(tmp_path: Path) -> None:
    records.RecordWriter(tmp_path / "x", "GZIP").write(b"one")
    assert list(records.read_records(tmp_path / "x", "GZIP")) == [b"one"]
