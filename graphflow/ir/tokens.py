"""The words and marks of the textual form."""

from __future__ import annotations

import re
from typing import NamedTuple


class ParseError(ValueError):
    """The text is no graph; says the line and what was expected there."""


class Token(NamedTuple):
    kind: str
    text: str
    line: int


_PATTERN = re.compile(
    r"""(?P<space>[ \t\r]+|\#[^\n]*) | (?P<newline>\n)
      | (?P<string>"(?:[^"\\\n]|\\.)*")
      | (?P<symbol>\?\d+) | (?P<dots>\.\.\.)
      | (?P<word>[A-Za-z0-9_.+/-][A-Za-z0-9_.\\/>+-]*)
      | (?P<mark>[:=(),{}\[\]^@~!*])""",
    re.VERBOSE,
)


def tokens(text: str) -> list[Token]:
    found: list[Token] = []
    line, at = 1, 0
    while at < len(text):
        match = _PATTERN.match(text, at)
        if match is None:
            raise ParseError(f"line {line}: {text[at]!r} means nothing here")
        kind = match.lastgroup or ""
        if kind == "newline":
            found.append(Token("newline", "\n", line))
            line += 1
        elif kind != "space":
            found.append(Token(kind, match.group(), line))
        at = match.end()
    found.append(Token("end", "", line))
    return found
