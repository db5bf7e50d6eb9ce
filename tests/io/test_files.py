"""Files: the exceptions, the bounds, and that a file is there whole or not at all."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from graphflow import errors
from graphflow.io import files


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOENT, errors.NotFoundError),
        (errno.EACCES, errors.PermissionDeniedError),
        (errno.ENOSPC, errors.ResourceExhaustedError),
        (errno.EEXIST, errors.AlreadyExistsError),
        (errno.EIO, errors.UnknownError),
    ],
)
def test_errors_of_the_system(number: int, kind: type[errors.OpError]) -> None:
    with (
        pytest.raises(kind, match=f"^name: {os.strerror(number)}$"),
        files.translated_errors(b"name"),
    ):
        raise OSError(number, os.strerror(number))


def test_ranges_outside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"0123456789")
    file = files.RandomAccessFile(path)
    assert file.read(3, 4) == b"3456"
    assert file.read(10, 0) == b""
    for offset, size in ((8, 3), (-1, 2), (0, -1), (1 << 70, 1), (0, 1 << 70)):
        with pytest.raises(errors.DataLossError):
            file.read(offset, size)
    target = bytearray(4)
    file.read_into(6, memoryview(target))
    assert target == b"6789"
    path.write_bytes(b"0")  # behind the reader's back
    with pytest.raises(errors.DataLossError, match="shrank"):
        file.read(3, 4)
    with pytest.raises(errors.DataLossError, match="shrank"):
        file.read_into(6, memoryview(target))
    file.close()


def test_all_or_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "x"
    files.write_atomically(path, b"old")
    with monkeypatch.context() as patch:
        patch.setattr(os, "replace", lambda *_: (_ for _ in ()).throw(OSError(errno.EIO, "broken")))
        with pytest.raises(errors.UnknownError):
            files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    files.write_atomically(str(path).encode(), b"new")
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["x"]
