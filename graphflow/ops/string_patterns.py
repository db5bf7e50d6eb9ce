"""Regular expressions in strings: RegexReplace and RegexFullMatch, in RE2's spelling."""

from __future__ import annotations

import functools
import re
from typing import Any

import numpy as np

from graphflow.ir.node import Tensor
from graphflow.ir.op import Op
from graphflow.numeric.bytes_arrays import each, octets, text

#: POSIX classes inside brackets, as Python spells their members
_CLASSES = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": "!-~",
    "lower": "a-z",
    "print": " -~",
    "punct": r"!-/:-@\[-`{-~",
    "space": r"\t\n\v\f\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
#: classes of Unicode that Python's expressions can say in other words
_PROPERTIES = {"L": r"(?u:[^\W\d_])", "N": r"(?u:\d)", "Nd": r"(?u:\d)"}
_TOKEN = re.compile(
    r"\\[pP](?:\{\^?\w+\}|\w)|\\Q.*?(?:\\E|$)|\\.|\[:\^?\w+:\]|\[\^?\]?|\]|\$|.", re.DOTALL
)


@functools.lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """The expression that RE2 would read, or ValueError."""
    flags = re.match(r"(?:\(\?[ims]+\))*", pattern)
    head = flags[0] if flags else ""
    try:
        return re.compile(f"{head}(?a:{_translated(pattern[len(head) :], 'm' in head)})")
    except (re.error, RecursionError, OverflowError) as error:
        raise ValueError(f"Invalid pattern: {pattern}, error: {error}") from None


def _translated(pattern: str, multiline: bool) -> str:
    out, inside = [], False
    for token in _TOKEN.findall(pattern):
        if token[:2] in (r"\p", r"\P"):
            out.append(_property(token, inside))
        elif token.startswith(r"\Q"):
            out.append(re.escape(token[2:].removesuffix(r"\E")))
        elif token == r"\z":
            out.append(r"\Z")
        elif token.startswith("[:") and inside:
            out.append(_class(token))
        elif token.startswith("[") and not inside:
            inside = True
            out.append(token[:-1] + r"\]" if token.endswith("]") else token)
        elif token == "[":
            out.append(r"\[")
        elif token == "]" and inside:
            inside = False
            out.append(token)
        elif token == "$" and not inside and not multiline:
            out.append(r"\Z")  # RE2's end is not before a newline
        else:
            out.append(token)
    return "".join(out)


def _property(token: str, inside: bool) -> str:
    name = token[2:].strip("{}")
    found = _PROPERTIES.get(name)
    if found is None or inside or token[1] == "P":
        raise ValueError(f"Invalid pattern: the class {token} is not supported")
    return found


def _class(token: str) -> str:
    name = token[2:-2]
    found = _CLASSES.get(name)
    if found is None:
        raise ValueError(f"Invalid pattern: invalid character class range: {token}")
    return found


def _rewritten(match: re.Match[str], rewrite: str) -> str:
    r"""The replacement with \0 to \9 filled in; nothing where it names a group there is not."""
    out = []
    places = iter(range(len(rewrite)))
    for i in places:
        if rewrite[i] != "\\":
            out.append(rewrite[i])
            continue
        mark = rewrite[i + 1 : i + 2]
        next(places, None)
        if mark == "\\":
            out.append(mark)
        elif mark.isdigit() and int(mark) <= match.re.groups:
            out.append(match[int(mark)] or "")
        else:
            return ""
    return "".join(out)


def _replaced(value: bytes, pattern: re.Pattern[str], rewrite: str, everywhere: bool) -> bytes:
    """The string with matches rewritten; an empty match right after another match is none."""
    string = text(value)
    out, at, last = [], 0, -1
    while at <= len(string):
        match = pattern.search(string, at)
        if match is None:
            break
        start, end = match.span()
        out.append(string[at:start])
        if start == end == last:
            out.append(string[start : start + 1])
            at = start + 1
            continue
        out.append(_rewritten(match, rewrite))
        at = last = end
        if not everywhere:
            break
    out.append(string[at:])
    return octets("".join(out))


class RegexReplace(Op):
    """Each string with the matches of a pattern rewritten."""

    signature = "input:string, pattern:string, rewrite:string -> output:string"
    differentiable = False
    replace_global: bool = True

    def infer(self, x: Tensor, pattern: Tensor, rewrite: Tensor) -> Any:
        pattern.shape.with_rank_at_most(0)
        rewrite.shape.with_rank_at_most(0)
        return x.shape

    def reference(self, x: Any, pattern: Any, rewrite: Any) -> Any:
        expression, new = compiled(text(pattern[()])), text(rewrite[()])
        return each(lambda s: _replaced(s, expression, new, self.replace_global), x)


class StaticRegexReplace(Op):
    """Each string with the matches of a pattern rewritten."""

    signature = "input:string -> output:string"
    pattern: str
    rewrite: str
    replace_global: bool = True

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any) -> Any:
        expression = compiled(self.pattern)
        return each(lambda s: _replaced(s, expression, self.rewrite, self.replace_global), x)


def _matches(x: Any, pattern: str) -> Any:
    expression = compiled(pattern)
    return each(lambda s: expression.fullmatch(text(s)) is not None, x, dtype=np.bool_)


class RegexFullMatch(Op):
    """Whether all of each string is a match of the pattern."""

    signature = "input:string, pattern:string -> output:bool"

    def infer(self, x: Tensor, pattern: Tensor) -> Any:
        pattern.shape.with_rank_at_most(0)
        return x.shape

    def reference(self, x: Any, pattern: Any) -> Any:
        return _matches(x, text(pattern[()]))


class StaticRegexFullMatch(Op):
    """Whether all of each string is a match of the pattern."""

    signature = "input:string -> output:bool"
    pattern: str

    def infer(self, x: Tensor) -> Any:
        return x.shape

    def reference(self, x: Any) -> Any:
        return _matches(x, self.pattern)
