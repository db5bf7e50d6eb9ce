"""Checkpoints of the first format."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest

from graphflow import errors
from graphflow.io import checkpoint, protos, tensor_slice
from graphflow.io.checkpoint_v1 import V1Reader
from graphflow.io.table import Table
from graphflow.io.table_writer import TableWriter

NAMES = ["old.ckpt", "old_partitioned.ckpt", "old_sharded.ckpt-?????-of-00002"]


@pytest.mark.parametrize("name", NAMES)
def test_recorded_checkpoints(name: str, recorded: Any, same: Any) -> None:
    held = recorded.expected["checkpoints"][name]
    reader = checkpoint.open_checkpoint(recorded.path(name))
    assert isinstance(reader, V1Reader)
    with reader:
        assert list(reader.variables) == sorted(held)
        for key, entry in held.items():
            assert key in reader
            same(reader.read(key), recorded.array(entry))


def test_slices(recorded: Any, same: Any) -> None:
    with V1Reader(recorded.path("old_partitioned.ckpt")) as reader:
        part = reader.read("part")
        shape, wanted = tensor_slice.parse_spec("7 5 2,4:1,3")
        same(reader.read("part", wanted), part[wanted.bounds(shape)])
        with pytest.raises(errors.NotFoundError, match="Key nothing"):
            reader.read("nothing")


def test_files_that_are_none(tmp_path: Path, recorded: Any) -> None:
    with pytest.raises(errors.NotFoundError):
        V1Reader(tmp_path / "absent*")
    junk = tmp_path / "junk"
    junk.write_bytes(b"j" * 100)
    with pytest.raises(errors.DataLossError, match="magic"):
        V1Reader(junk)
    junk.write_bytes(b"")
    with pytest.raises(errors.DataLossError, match="too short"):
        V1Reader(junk)
    # an index of the second format: its empty key holds another message
    with pytest.raises((errors.DataLossError, errors.NotFoundError)):
        checkpoint.open_checkpoint(recorded.path("many.index")).read("x")


def changed_reader(folder: Path, change: Any, recorded: Any) -> V1Reader:
    """A recorded checkpoint of which `change` altered the messages."""
    with Table(recorded.path("old_partitioned.ckpt")) as table:
        entries = dict(table.items())
    messages = {key: protos.SavedTensorSlices.FromString(value) for key, value in entries.items()}
    for key, message in messages.items():
        change(key, message)
    file = io.BytesIO()
    writer = TableWriter(file)
    for key in sorted(messages):
        writer.add(key, messages[key].SerializeToString())
    writer.finish()
    path = folder / "changed"
    path.write_bytes(file.getvalue())
    return V1Reader(path)


def set_first_size(size: int) -> Any:
    def change(key: bytes, message: Any) -> None:
        for tensor in message.meta.tensor:
            if tensor.name == "part":
                tensor.shape.dim[0].size = size

    return change


def without_a_slice(key: bytes, message: Any) -> None:
    for tensor in message.meta.tensor:
        if tensor.name == "part":
            del tensor.slice[1]


def with_fewer_values(key: bytes, message: Any) -> None:
    if message.data.name == "part":
        del message.data.data.float_val[-1]


def of_another_type(key: bytes, message: Any) -> None:
    for tensor in message.meta.tensor:
        tensor.type = protos.DT_STRING


def of_no_type(key: bytes, message: Any) -> None:
    for tensor in message.meta.tensor:
        tensor.type = 77


@pytest.mark.parametrize(
    "change",
    [
        set_first_size(1 << 40),
        set_first_size(1 << 61),
        set_first_size(8),
        set_first_size(3),
        set_first_size(-1),
        without_a_slice,
        with_fewer_values,
        of_another_type,
        of_no_type,
    ],
)
def test_lies(change: Any, tmp_path: Path, recorded: Any) -> None:
    with (
        pytest.raises((errors.DataLossError, errors.InvalidArgumentError)),
        changed_reader(tmp_path, change, recorded) as reader,
    ):
        reader.read("part")
