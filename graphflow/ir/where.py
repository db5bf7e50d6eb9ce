"""Where a node came from: the first frame outside graphflow, kept as code and offset, resolved when asked."""

from __future__ import annotations

import linecache
import os
import sys
from types import CodeType
from typing import NamedTuple

_ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep
_ours: dict[str, bool] = {}


class Place(NamedTuple):
    """A line of a program."""

    file: str
    line: int
    function: str

    @property
    def text(self) -> str:
        return linecache.getline(self.file, self.line).strip()

    def __str__(self) -> str:
        return (
            f"{os.path.relpath(self.file) if os.path.isabs(self.file) else self.file}:{self.line}"
        )


def caller() -> tuple[CodeType, int]:
    """The code and the instruction offset of the user's frame: 100 ns, where a line number costs microseconds."""
    frame = sys._getframe(2)
    while True:
        code = frame.f_code
        name = code.co_filename
        ours = _ours.get(name)
        if ours is None:
            ours = _ours[name] = os.path.abspath(name).startswith(_ROOT) or name.startswith(
                "<frozen "
            )
        if not ours or frame.f_back is None:
            return code, frame.f_lasti
        frame = frame.f_back


def place(code: CodeType | None, offset: int) -> Place | None:
    """The line that an instruction offset belongs to."""
    if code is None:
        return None
    line = code.co_firstlineno
    for start, end, number in code.co_lines():
        if start <= offset < end and number is not None:
            line = number
            break
    return Place(code.co_filename, line, code.co_name)
