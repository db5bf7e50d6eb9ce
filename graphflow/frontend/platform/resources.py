"""Files that come with a program, and where this package lies."""

from __future__ import annotations

import inspect
from pathlib import Path
from typing import Any

from graphflow.frontend.platform.compat import as_text

NAMESPACES = {
    "resource_loader": [
        *("get_data_files_path", "get_path_to_datafile", "get_root_dir_with_all_resources"),
        *("load_resource", "readahead_file_path"),
    ],
    "sysconfig": ["get_compile_flags", "get_include", "get_lib", "get_link_flags"],
}
__all__: list[str] = []

_ROOT = Path(__file__).resolve().parents[2]


def _folder_of_caller() -> Path:
    for frame in inspect.stack()[2:]:
        if frame.filename != __file__:
            return Path(frame.filename).resolve().parent
    return Path.cwd()


def get_data_files_path() -> str:
    """The folder of the file that calls this."""
    return str(_folder_of_caller())


def get_root_dir_with_all_resources() -> str:
    """The folder that all resources lie below."""
    return str(_folder_of_caller())


def get_path_to_datafile(path: Any) -> str:
    """A file beside the one that calls this."""
    return str(_folder_of_caller() / as_text(path))


def load_resource(path: Any) -> bytes:
    """The bytes of a file below the package."""
    return (_ROOT.parent / as_text(path)).read_bytes()


def readahead_file_path(path: str, readahead: str = "128M") -> str:
    return path


def get_include() -> str:
    """Where header files would lie: there are none, ops are written in Python."""
    return str(_ROOT / "include")


def get_lib() -> str:
    return str(_ROOT)


def get_compile_flags() -> list[str]:
    return [f"-I{get_include()}"]


def get_link_flags() -> list[str]:
    return [f"-L{get_lib()}"]
