"""Checkpoints of the second format, read."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graphflow import errors
from graphflow.io import bundle_entry, bundle_writer, checkpoint, files, tensor_slice
from graphflow.io.bundle import BundleReader, data_path, index_path
from graphflow.io.crc32c import masked_crc32c
from graphflow.ir import dtype as dtypes

NAMES = ["every_type", "many", "partitioned", "sharded"]


def copied(recorded: Any, name: str, folder: Path) -> Path:
    for path in recorded.path(".").glob(name + ".*"):
        shutil.copy(path, folder)
    return folder / name


@pytest.mark.parametrize("name", NAMES)
def test_recorded_checkpoints(name: str, recorded: Any, same: Any) -> None:
    held = recorded.expected["checkpoints"][name]
    with BundleReader(recorded.path(name)) as reader:
        assert list(reader.variables) == sorted(held)
        for key, entry in held.items():
            want = recorded.array(entry)
            same(reader.read(key), want)
            info = reader.info(key)
            assert key in reader
            assert info.shape == want.shape
            assert info.dtype == dtypes.as_dtype(entry["dtype"])
            reader.read(key)[...] = want  # the reader's caller owns the array


def test_open_checkpoint_finds_the_format(recorded: Any) -> None:
    reader = checkpoint.open_checkpoint(recorded.path("many"))
    assert isinstance(reader, BundleReader)
    reader.close()
    with pytest.raises(errors.NotFoundError, match=r"any matching files for .*absent"):
        checkpoint.open_checkpoint(recorded.path("absent"))


def test_slices_of_plain_and_partitioned_tensors(recorded: Any, same: Any) -> None:
    with BundleReader(recorded.path("partitioned")) as reader:
        part, whole = reader.read("part"), reader.read("cols")
        for spec in ("7 5 0,7:0,5", "7 5 2,4:1,3", "7 5 6,1:-", "7 5 3,0:-"):
            shape, wanted = tensor_slice.parse_spec(spec)
            same(reader.read("part", wanted), part[wanted.bounds(shape)])
        _, wanted = tensor_slice.parse_spec("3 4 1,1:1,2")
        same(reader.read("cols", wanted), whole[1:2, 1:3])
        assert reader.read("one").shape == ()
        for spec in ("8 5 0,8:-", "7 0,1"):
            with pytest.raises(errors.InvalidArgumentError):
                reader.read("part", tensor_slice.parse_spec(spec)[1])


def test_a_name_that_is_not_there(recorded: Any) -> None:
    with BundleReader(recorded.path("many")) as reader:
        assert "nothing" not in reader
        assert "" not in reader
        with pytest.raises(errors.NotFoundError, match="Key nothing not found in checkpoint"):
            reader.read("nothing")


def test_a_shard_that_is_not_there(recorded: Any, tmp_path: Path) -> None:
    prefix = copied(recorded, "sharded", tmp_path)
    Path(data_path(prefix, 1, 2)).unlink()
    with BundleReader(prefix) as reader:
        assert sorted(reader.variables) == ["a", "b"]
        results = []
        for name in ("a", "b"):
            try:
                results.append(reader.read(name).size)
            except errors.NotFoundError:
                results.append(None)
        assert results.count(None) == 1


def test_damaged_data_is_noticed(recorded: Any, tmp_path: Path) -> None:
    prefix = copied(recorded, "every_type", tmp_path)
    path = Path(data_path(prefix, 0, 1))
    data = path.read_bytes()
    with BundleReader(prefix) as reader:
        entries = {key.decode(): entry for key, entry in reader.entries()}
    for name, entry in entries.items():
        for at in {entry.offset, entry.offset + entry.size - 1} if entry.size else ():
            damaged = bytearray(data)
            damaged[at] ^= 64
            path.write_bytes(damaged)
            with BundleReader(prefix) as reader, pytest.raises(errors.DataLossError):
                reader.read(name)
    path.write_bytes(data[:-1])
    last = max(entries, key=lambda name: entries[name].offset + entries[name].size)
    with BundleReader(prefix) as reader, pytest.raises(errors.DataLossError, match="truncated"):
        reader.read(last)


def index_of(folder: Path, entries: dict[bytes, bundle_entry.Entry], shards: int = 1) -> Path:
    """A checkpoint whose index says whatever one likes; 64 bytes of data."""
    prefix = folder / "lies"
    sink = files.AtomicFile(index_path(prefix))
    bundle_writer.write_index(sink, bundle_entry.Header(shards), entries)
    sink.publish()
    Path(data_path(prefix, 0, shards)).write_bytes(bytes(64))
    return prefix


def part(*extents: tuple[int, int]) -> tensor_slice.TensorSlice:
    return tensor_slice.TensorSlice(tensor_slice.Extent(*extent) for extent in extents)


Entry = bundle_entry.Entry
FOUR = part((0, 4))


@pytest.mark.parametrize(
    "entry",
    [
        Entry(1, (2, 3), size=64),
        Entry(1, (16,), size=64, checksum=1),
        Entry(1, (16,), shard=1, size=64),
        Entry(1, (16,), shard=-1, size=64),
        Entry(1, (16,), offset=-8, size=64),
        Entry(1, (16,), offset=1, size=64),
        Entry(1, (1 << 50,), size=1 << 52),
        Entry(1, (), size=-4),
        Entry(7, (1 << 40,), size=64),
        Entry(7, (2,), size=64),
        Entry(0, (16,), size=64),
        Entry(20, (1,), size=64),
        Entry(31, (1,), size=64),
        Entry(1, (1 << 40,), slices=(FOUR,)),
        Entry(1, (4,), slices=(FOUR,)),
        Entry(1, (4,), slices=(part((0, 2)),)),
        Entry(1, (4,), slices=(part((2, 4)),)),
        Entry(1, (4,), slices=(part((0, 4), (0, 1)),)),
        Entry(1, (4,), slices=(part((-1, 2)),)),
    ],
)
def test_lies_in_the_index(entry: bundle_entry.Entry, tmp_path: Path) -> None:
    stored = {b"x": entry, FOUR.key("x"): Entry(1, (1 << 40,), size=64)}
    with (
        BundleReader(index_of(tmp_path, stored)) as reader,
        pytest.raises(
            (errors.DataLossError, errors.InvalidArgumentError, errors.UnimplementedError)
        ),
    ):
        reader.read("x")


@pytest.mark.parametrize("shape", [(-1,), (1 << 40, 1 << 40), (1,) * 65, (0, 1 << 62)])
def test_impossible_shapes(shape: tuple[int, ...], tmp_path: Path) -> None:
    with pytest.raises(errors.DataLossError, match=r"impossible|larger"):
        BundleReader(index_of(tmp_path, {b"x": Entry(1, shape)}))


def test_a_big_endian_checkpoint(tmp_path: Path) -> None:
    value = np.array([1.5, -2.0, 3e10], np.float32)
    stored = value.astype(">f4").tobytes()
    entry = Entry(1, (3,), size=12, checksum=masked_crc32c(stored))
    prefix = tmp_path / "big"
    sink = files.AtomicFile(index_path(prefix))
    bundle_writer.write_index(sink, bundle_entry.Header(1, bundle_entry.BIG_ENDIAN), {b"x": entry})
    sink.publish()
    Path(data_path(prefix, 0, 1)).write_bytes(stored)
    with BundleReader(prefix) as reader:
        np.testing.assert_array_equal(reader.read("x"), value)


def test_nothing_but_numpy_is_needed(recorded: Any) -> None:
    """A checkpoint is read and written without the package protobuf."""
    program = """
import sys
sys.modules["google"] = None
import numpy as np
from graphflow.io import bundle, bundle_writer
with bundle.BundleReader(sys.argv[1]) as reader:
    print(reader.read("v/large").shape)
"""
    result = subprocess.run(
        [sys.executable, "-c", program, recorded.path("every_type")],
        capture_output=True,
        text=True,
        check=True,
    )
    assert result.stdout.strip() == "(30, 41)"
