"""tf.gfile: files and folders, with TensorFlow's exceptions."""

from __future__ import annotations

import glob as _glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

from graphflow import errors

_CLASSES: dict[type[OSError], type[errors.OpError]] = {
    FileNotFoundError: errors.NotFoundError,
    FileExistsError: errors.AlreadyExistsError,
    PermissionError: errors.PermissionDeniedError,
    IsADirectoryError: errors.FailedPreconditionError,
    NotADirectoryError: errors.FailedPreconditionError,
}


@contextmanager
def _translated(path: Any) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        kind = next((c for e, c in _CLASSES.items() if isinstance(error, e)), errors.UnknownError)
        raise kind(None, None, f"{_text(path)}; {error.strerror or error}") from error


def _text(path: Any) -> str:
    return os.fsdecode(path)


class GFile:
    """A file, opened when it is first read or written."""

    _file: Any = None

    def __init__(self, name: Any, mode: str = "r") -> None:
        if mode not in (
            "r",
            "w",
            "a",
            "r+",
            "w+",
            "a+",
            "rb",
            "wb",
            "ab",
            "rb+",
            "wb+",
            "ab+",
            "r+b",
            "w+b",
        ):
            raise errors.InvalidArgumentError(
                None, None, f"mode {mode!r} is not one of r, w, a with b or +"
            )
        self._name, self._mode = _text(name), mode

    @property
    def name(self) -> str:
        return self._name

    @property
    def mode(self) -> str:
        return self._mode

    def _opened(self) -> Any:
        if self._file is None:
            with _translated(self._name):
                binary = "b" in self._mode
                self._file = open(  # noqa: SIM115  closed by close()
                    self._name,
                    self._mode,
                    encoding=None if binary else "utf-8",
                    newline=None if binary else "",
                )
        return self._file

    def read(self, n: int = -1) -> Any:
        with _translated(self._name):
            return self._opened().read(n)

    def readline(self) -> Any:
        return self._opened().readline()

    def readlines(self) -> Any:
        return self._opened().readlines()

    def write(self, file_content: Any) -> None:
        with _translated(self._name):
            self._opened().write(file_content)

    def seek(self, offset: Any = None, whence: int = 0, position: Any = None) -> None:
        self._opened().seek(position if offset is None else offset, whence)

    def tell(self) -> int:
        return int(self._opened().tell())

    def seekable(self) -> bool:
        return True

    def size(self) -> int:
        return Stat(self._name).length

    def flush(self) -> None:
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        if self._file is not None:
            self._file.close()
        self._file = None

    def __iter__(self) -> GFile:
        return self

    def __next__(self) -> Any:
        line = self.readline()
        if not line:
            raise StopIteration
        return line

    next = __next__

    def __enter__(self) -> GFile:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __del__(self) -> None:
        self.close()


FastGFile = Open = GFile


class FileStatistics(NamedTuple):
    """What Stat tells."""

    length: int
    mtime_nsec: int
    is_directory: bool


def Exists(filename: Any) -> bool:
    return os.path.exists(_text(filename))


def IsDirectory(dirname: Any) -> bool:
    return os.path.isdir(_text(dirname))


def ListDirectory(dirname: Any) -> list[str]:
    if not IsDirectory(dirname):
        raise errors.NotFoundError(None, None, f"Could not find directory {_text(dirname)}")
    return os.listdir(_text(dirname))


def MkDir(dirname: Any) -> None:
    with _translated(dirname):
        os.mkdir(_text(dirname))


def MakeDirs(dirname: Any) -> None:
    with _translated(dirname):
        os.makedirs(_text(dirname), exist_ok=True)


def Remove(filename: Any) -> None:
    with _translated(filename):
        os.remove(_text(filename))


def DeleteRecursively(dirname: Any) -> None:
    with _translated(dirname):
        shutil.rmtree(_text(dirname))


def Copy(oldpath: Any, newpath: Any, overwrite: bool = False) -> None:
    _refuse_existing(newpath, overwrite)
    with _translated(oldpath):
        shutil.copyfile(_text(oldpath), _text(newpath))


def Rename(oldname: Any, newname: Any, overwrite: bool = False) -> None:
    _refuse_existing(newname, overwrite)
    with _translated(oldname):
        os.replace(_text(oldname), _text(newname))


def _refuse_existing(path: Any, overwrite: bool) -> None:
    if not overwrite and Exists(path):
        raise errors.AlreadyExistsError(None, None, f"file already exists: {_text(path)}")


def Glob(filename: Any) -> list[str]:
    """The files that match a pattern, or one of several."""
    patterns = filename if isinstance(filename, list | tuple) else [filename]
    return [path for p in patterns for path in sorted(_glob.glob(_text(p)))]


def Walk(top: Any, in_order: bool = True) -> Iterator[tuple[str, list[str], list[str]]]:
    yield from os.walk(_text(top), topdown=in_order)


def Stat(filename: Any) -> FileStatistics:
    with _translated(filename):
        found = os.stat(_text(filename))
    return FileStatistics(found.st_size, found.st_mtime_ns, IsDirectory(filename))


NAMESPACES = {
    "gfile": [
        "Copy",
        "DeleteRecursively",
        "Exists",
        "FastGFile",
        "GFile",
        "Glob",
        "IsDirectory",
        "ListDirectory",
        "MakeDirs",
        "MkDir",
        "Open",
        "Remove",
        "Rename",
        "Stat",
        "Walk",
    ],
    "io.gfile": {
        "GFile": "GFile",
        "copy": "Copy",
        "exists": "Exists",
        "glob": "Glob",
        "isdir": "IsDirectory",
        "listdir": "ListDirectory",
        "makedirs": "MakeDirs",
        "mkdir": "MkDir",
        "remove": "Remove",
        "rename": "Rename",
        "rmtree": "DeleteRecursively",
        "stat": "Stat",
        "walk": "Walk",
    },
}
