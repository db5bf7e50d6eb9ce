"""Files as readers and writers need them: bounded reads, whole writes, TensorFlow's exceptions."""

from __future__ import annotations

import contextlib
import errno
import io
import os
import secrets
import threading
from collections.abc import Iterator

from graphflow import errors

Path = str | bytes | os.PathLike[str] | os.PathLike[bytes]

#: The exception for each error number; any other is an `UnknownError`.
_BY_ERRNO: dict[int, type[errors.OpError]] = {
    errno.ENOENT: errors.NotFoundError,
    errno.ENXIO: errors.NotFoundError,
    errno.EACCES: errors.PermissionDeniedError,
    errno.EPERM: errors.PermissionDeniedError,
    errno.EROFS: errors.PermissionDeniedError,
    errno.EEXIST: errors.AlreadyExistsError,
    errno.EISDIR: errors.FailedPreconditionError,
    errno.ENOTDIR: errors.FailedPreconditionError,
    errno.ENOTEMPTY: errors.FailedPreconditionError,
    errno.EINVAL: errors.InvalidArgumentError,
    errno.ENAMETOOLONG: errors.InvalidArgumentError,
    errno.EMFILE: errors.ResourceExhaustedError,
    errno.ENFILE: errors.ResourceExhaustedError,
    errno.ENOMEM: errors.ResourceExhaustedError,
    errno.ENOSPC: errors.ResourceExhaustedError,
    errno.EFBIG: errors.OutOfRangeError,
}


def text_path(path: Path) -> str:
    """`path` as text, whichever of a path's many types it came in."""
    return os.fsdecode(path)


@contextlib.contextmanager
def translated_errors(path: Path) -> Iterator[None]:
    """Turn what the operating system says of `path` into TensorFlow's exceptions."""
    try:
        yield
    except OSError as error:
        kind = _BY_ERRNO.get(error.errno or 0, errors.UnknownError)
        raise kind(message=f"{text_path(path)}: {error.strerror or error}") from error
    except ValueError as error:  # a NUL in the name
        raise errors.InvalidArgumentError(message=f"{text_path(path)!r}: {error}") from error


class RandomAccessFile:
    """Reads any range of a file; a range that the file does not hold is a `DataLossError`."""

    def __init__(self, path: Path) -> None:
        self.path = text_path(path)
        self._lock = threading.Lock()
        with translated_errors(path):
            self._file: io.BufferedReader = open(path, "rb")  # noqa: SIM115  # closed by close()
            self.size = os.fstat(self._file.fileno()).st_size

    def check(self, offset: int, size: int) -> None:
        """Complain unless the file holds that range; to be asked before memory is taken for it."""
        if offset < 0 or size < 0 or offset + size > self.size:
            raise errors.DataLossError(
                message=f"{self.path}: bytes {offset} to {offset + size} of a file of {self.size}: "
                "it is truncated or damaged",
            )

    def read(self, offset: int, size: int) -> bytes:
        self.check(offset, size)
        with self._lock, translated_errors(self.path):
            self._file.seek(offset)
            data = self._file.read(size)
        if len(data) != size:
            raise errors.DataLossError(message=f"{self.path}: shrank while it was read")
        return data

    def read_into(self, offset: int, target: memoryview) -> None:
        """Fill `target`, a flat view of bytes."""
        self.check(offset, len(target))
        with self._lock, translated_errors(self.path):
            self._file.seek(offset)
            if self._file.readinto(target) != len(target):
                raise errors.DataLossError(message=f"{self.path}: shrank while it was read")

    def close(self) -> None:
        self._file.close()

    def __del__(self) -> None:
        # TensorFlow's readers have no close(), and programs written for them call none.
        if hasattr(self, "_file"):
            self._file.close()


class AtomicFile:
    """A new file that takes its name when it is complete, or never."""

    def __init__(self, path: Path) -> None:
        self.path = text_path(path)
        self._temporary = f"{self.path}.tempstate{secrets.token_hex(8)}"
        with translated_errors(self.path):
            self._file: io.BufferedWriter | None = open(self._temporary, "xb")  # noqa: SIM115  # by publish() or discard()

    def write(self, data: bytes | memoryview) -> None:
        assert self._file is not None, "the file is complete"
        with translated_errors(self.path):
            self._file.write(data)

    def complete(self) -> None:
        """Bring every byte to the disk; the file still has no name."""
        if self._file is not None:
            with translated_errors(self.path):
                self._file.flush()
                os.fsync(self._file.fileno())
                self._file.close()
            self._file = None

    def publish(self) -> None:
        """Give the file its name, in the place of an older one."""
        self.complete()
        with translated_errors(self.path):
            os.replace(self._temporary, self.path)
        _sync_directory(os.path.dirname(self.path))

    def discard(self) -> None:
        """Leave no trace."""
        if self._file is not None:
            with contextlib.suppress(OSError):
                self._file.close()
            self._file = None
        with contextlib.suppress(OSError):
            os.unlink(self._temporary)


def _sync_directory(path: str) -> None:
    """Bring the names in a directory to the disk, where a system can do that."""
    with contextlib.suppress(OSError):
        directory = os.open(path or os.curdir, os.O_RDONLY)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)


def write_atomically(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a reader sees the old bytes or the new, never a mixture."""
    file = AtomicFile(path)
    try:
        file.write(data)
        file.publish()
    except BaseException:
        file.discard()
        raise
