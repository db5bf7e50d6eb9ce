"""Checkpoints of the second format, written: TensorFlow's bytes, all or nothing."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graphflow import errors
from graphflow.io.bundle import BundleReader, data_path, index_path
from graphflow.io.bundle_merge import merge
from graphflow.io.bundle_writer import BundleWriter

SUFFIXES = (".index", ".data-00000-of-00001")


def files_of(prefix: Path | str) -> list[bytes]:
    return [Path(f"{prefix}{suffix}").read_bytes() for suffix in SUFFIXES]


@pytest.mark.parametrize("name", ["every_type", "many"])
def test_the_bytes_are_those_of_tensorflow(name: str, recorded: Any, tmp_path: Path) -> None:
    with BundleWriter(tmp_path / name) as writer:
        for key, entry in sorted(recorded.expected["checkpoints"][name].items()):
            writer.add(key, recorded.array(entry))
    assert files_of(tmp_path / name) == files_of(recorded.path(name))


def test_so_are_those_of_slices(recorded: Any, tmp_path: Path) -> None:
    held = recorded.expected["checkpoints"]["partitioned"]
    part, cols = recorded.array(held["part"]), recorded.array(held["cols"])
    with BundleWriter(tmp_path / "p") as writer:
        writer.add_slice("cols", "3 4 0,3:0,2", cols[:, :2])
        writer.add_slice("cols", "3 4 0,3:2,2", cols[:, 2:])
        writer.add_slice("one", "", recorded.array(held["one"]))
        writer.add_slice("part", "7 5 0,3:0,5", part[:3])
        writer.add_slice("part", "7 5 3,2:0,5", part[3:5])
        writer.add_slice("part", "7 5 5,2:0,5", part[5:])
    assert files_of(tmp_path / "p") == files_of(recorded.path("partitioned"))


@pytest.mark.parametrize(
    "value",
    [
        np.arange(12).reshape(3, 4)[::-1, ::2],
        np.arange(6, dtype=">i4"),
        np.broadcast_to(np.float32(3), (2, 2)),
        np.array(["text", "\u00e9"]),
        np.array([b"bytes\0", "text"], object),
        [1.0, 2.0],
        True,
    ],
)
def test_any_array_can_be_stored(value: Any, tmp_path: Path) -> None:
    with BundleWriter(tmp_path / "x") as writer:
        writer.add("v", value)
    with BundleReader(tmp_path / "x") as reader:
        array = np.asarray(value)
        got = reader.read("v")
        if array.dtype.kind in "UO":
            want = [x.encode() if isinstance(x, str) else x for x in array.tolist()]
            assert got.tolist() == want
        else:
            np.testing.assert_array_equal(got, array)
            assert got.dtype == array.dtype.newbyteorder("=")


def test_types_that_numpy_does_not_know(tmp_path: Path) -> None:
    with BundleWriter(tmp_path / "x") as writer:
        writer.add("q", np.array([-1, 2], np.int8), "qint8")
        with pytest.raises(errors.UnimplementedError):
            writer.add("r", np.array([None], object), "resource")
    with BundleReader(tmp_path / "x") as reader:
        assert reader.info("q").dtype.name == "qint8"
        assert reader.read("q").tolist() == [-1, 2]


def test_names_and_slices_that_make_no_sense(tmp_path: Path) -> None:
    with BundleWriter(tmp_path / "x") as writer:
        writer.add("plain", 1.0)
        writer.add("empty", np.zeros(0, np.float32))
        writer.add_slice("parts", "4 0,2", np.zeros(2, np.float32))
        for refused in (
            lambda: writer.add("", 1),
            lambda: writer.add("\0x", 1),
            lambda: writer.add("plain", 1.0),
            lambda: writer.add_slice("plain", "4 0,2", np.zeros(2)),
            lambda: writer.add_slice("empty", "0 0,0", np.zeros(0, np.float32)),
            lambda: writer.add_slice("parts", "4 0,2", np.zeros(2, np.float32)),
            lambda: writer.add_slice("parts", "5 2,2", np.zeros(2, np.float32)),
            lambda: writer.add_slice("parts", "4 2,1", np.zeros(1, np.float64)),
            lambda: writer.add_slice("parts", "4 2,2", np.zeros(3, np.float32)),
        ):
            with pytest.raises(errors.InvalidArgumentError):
                refused()


def test_an_empty_checkpoint(tmp_path: Path) -> None:
    with BundleWriter(tmp_path / "x"):
        pass
    with BundleReader(tmp_path / "x") as reader:
        assert dict(reader.variables) == {}


@pytest.mark.parametrize("call", ["fsync", "replace"])
@pytest.mark.parametrize("nth", [1, 2])
def test_a_save_that_fails_leaves_the_old_checkpoint(
    call: str, nth: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    prefix = tmp_path / "x"
    with BundleWriter(prefix) as writer:
        writer.add("v", np.zeros(10))
    before = files_of(prefix)
    real, calls = getattr(os, call), []

    def failing(*arguments: Any) -> Any:
        calls.append(arguments)
        if len(calls) == nth:
            raise OSError(errno.ENOSPC, "No space left on device")
        return real(*arguments)

    with monkeypatch.context() as patch:
        patch.setattr(os, call, failing)
        with pytest.raises(errors.ResourceExhaustedError), BundleWriter(prefix) as writer:
            writer.add("v", np.ones(10))
    assert len(list(tmp_path.iterdir())) == 2
    if (call, nth) != ("replace", 2):
        assert files_of(prefix) == before
    else:  # new data under the old index: noticed, not believed
        with BundleReader(prefix) as reader, pytest.raises(errors.DataLossError):
            reader.read("v")


def test_an_exception_inside_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError), BundleWriter(tmp_path / "x") as writer:
        writer.add("v", 1 // 0)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(errors.NotFoundError):
        BundleWriter(tmp_path / "no" / "x")


def test_merging_shards(tmp_path: Path) -> None:
    shards = []
    for i in range(3):
        shards.append(tmp_path / f"part-{i}")
        with BundleWriter(shards[-1]) as writer:
            writer.add(f"v{i}", np.full(2, i))
            writer.add_slice("whole", f"6 {2 * i},2", np.arange(2 * i, 2 * i + 2))
    merge(shards, tmp_path / "all")
    with BundleReader(tmp_path / "all") as reader:
        assert list(reader.variables) == ["v0", "v1", "v2", "whole"]
        assert reader.read("whole").tolist() == list(range(6))
        assert [reader.read(f"v{i}")[0] for i in range(3)] == [0, 1, 2]
    kept = {Path(data_path("all", i, 3)).name for i in range(3)} | {index_path("all")}
    assert {path.name for path in tmp_path.iterdir()} == kept


def test_merging_what_cannot_be_merged(tmp_path: Path) -> None:
    for name in ("a", "b"):
        with BundleWriter(tmp_path / name) as writer:
            writer.add("v", 1.0)
    with pytest.raises(errors.InvalidArgumentError, match="more than one part"):
        merge([tmp_path / "a", tmp_path / "b"], tmp_path / "all")
    with pytest.raises(errors.InvalidArgumentError, match="no parts"):
        merge([], tmp_path / "all")
    with BundleReader(tmp_path / "a") as reader:
        assert reader.read("v") == 1.0
