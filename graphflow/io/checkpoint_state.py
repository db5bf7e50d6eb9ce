"""The small text file `checkpoint`: which checkpoints a directory has, and the latest of them."""

from __future__ import annotations

import glob
import logging
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from graphflow import errors
from graphflow.io.bundle import index_path
from graphflow.io.files import Path, text_path, translated_errors, write_atomically

_log = logging.getLogger(__name__)

_GREATEST_FILE = 1 << 26

_TOKEN = re.compile(
    r"""\s+ | \#[^\n]*
    | (?P<string>"(?:[^"\\\n]|\\[^\n])*"|'(?:[^'\\\n]|\\[^\n])*')
    | (?P<word>[A-Za-z_]\w*)
    | (?P<number>[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)[fF]?
    | (?P<mark>[:,;\[\]])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(rb"\\(?:([0-7]{1,3})|[xX]([0-9A-Fa-f]{1,2})|(.))", re.DOTALL)
_SIMPLE_ESCAPES = {
    **{b"n": b"\n", b"r": b"\r", b"t": b"\t", b"a": b"\a", b"b": b"\b", b"f": b"\f", b"v": b"\v"},
    **{b"\\": b"\\", b"'": b"'", b'"': b'"', b"?": b"?"},
}


@dataclass
class CheckpointState:
    """The contents of the file: its fields are named as in TensorFlow's message."""

    model_checkpoint_path: str = ""
    all_model_checkpoint_paths: list[str] = field(default_factory=list)
    all_model_checkpoint_timestamps: list[float] = field(default_factory=list)
    last_preserved_timestamp: float = 0.0

    def __str__(self) -> str:
        """The text form of a protocol buffer."""
        lines = []
        for name, value in vars(self).items():
            values = value if isinstance(value, list) else [value] if value else []
            lines += [
                f"{name}: {_escaped(v) if isinstance(v, str) else repr(float(v))}\n" for v in values
            ]
        return "".join(lines)


def _escaped(text: str) -> str:
    """`text` as a string of the text form: ASCII, other bytes in octal."""
    named = {10: r"\n", 13: r"\r", 9: r"\t", 34: r"\"", 39: r"\'", 92: r"\\"}
    data = text.encode("utf-8", "surrogateescape")
    return (
        '"'
        + "".join(named.get(b) or (chr(b) if 32 <= b < 127 else f"\\{b:03o}") for b in data)
        + '"'
    )


def _unescaped(literal: str) -> str:
    def replace(found: re.Match[bytes]) -> bytes:
        octal, hexadecimal, simple = found.groups()
        if octal or hexadecimal:
            return bytes([int(octal, 8) & 255 if octal else int(hexadecimal, 16)])
        if simple not in _SIMPLE_ESCAPES:
            raise ValueError(f"unknown escape {found[0]!r}")
        return _SIMPLE_ESCAPES[simple]

    data = _ESCAPE.sub(replace, literal[1:-1].encode("utf-8", "surrogateescape"))
    return data.decode("utf-8", "surrogateescape")


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise ValueError(f"unexpected {text[at : at + 20]!r}")
        at = found.end()
        if found.lastgroup is not None:
            yield found.lastgroup, found[found.lastgroup]
    yield "end", ""


def parse(text: str) -> CheckpointState:
    """Read the text form; a ValueError says what is wrong with it."""
    state = CheckpointState()
    tokens = list(_tokens(text))
    at = 0

    def scalar(wanted: type) -> Any:
        nonlocal at
        kind, literal = tokens[at]
        at += 1
        if wanted is float and kind == "number":
            return float(literal)
        if wanted is str and kind == "string":
            parts = [_unescaped(literal)]
            while tokens[at][0] == "string":
                parts.append(_unescaped(tokens[at][1]))
                at += 1
            return "".join(parts)
        raise ValueError(f"{literal!r} where a {wanted.__name__} belongs")

    while tokens[at][0] != "end":
        (kind, name), colon = tokens[at], tokens[at + 1 : at + 2]
        known = vars(state).get(name) if kind == "word" else None
        if known is None or colon != [("mark", ":")]:
            raise ValueError(f"{name!r} where a field of CheckpointState belongs")
        at += 2
        wanted = float if "timestamp" in name else str
        values = []
        if isinstance(known, list) and tokens[at] == ("mark", "["):
            while tokens[at] != ("mark", "]"):
                if tokens[at] not in (("mark", "["), ("mark", ",")):
                    raise ValueError(f"{tokens[at][1]!r} where a comma belongs")
                at += 1
                values.append(scalar(wanted))
            at += 1
        else:
            values.append(scalar(wanted))
        if isinstance(known, list):
            known += values
        else:
            setattr(state, name, values[0])
        if tokens[at] in (("mark", ","), ("mark", ";")):
            at += 1
    return state


def state_path(directory: Path, latest_filename: str | None = None) -> str:
    return os.path.join(text_path(directory), latest_filename or "checkpoint")


def make_state(
    directory: Path,
    model_checkpoint_path: str,
    all_model_checkpoint_paths: Sequence[str] = (),
    all_model_checkpoint_timestamps: Sequence[float] = (),
    last_preserved_timestamp: float = 0.0,
    relative: bool = False,
) -> CheckpointState:
    """The state of `directory`, the latest checkpoint last.

    If `directory` is relative to the working directory, so are the paths, and they are stored as
    they are seen from it; absolute ones stay as they are unless `relative`.
    """
    root = text_path(directory)

    def seen(path: str) -> str:
        rewritten = relative if os.path.isabs(path) else not os.path.isabs(root)
        return os.path.relpath(path, root) if rewritten else path

    paths, times = list(all_model_checkpoint_paths), list(all_model_checkpoint_timestamps)
    if paths[-1:] != [model_checkpoint_path]:
        paths.append(model_checkpoint_path)
    if times and len(times) != len(paths):
        raise ValueError(
            "Checkpoint timestamps, if provided, must match checkpoint paths (got paths "
            f"{paths} and timestamps {times})"
        )
    latest = seen(model_checkpoint_path)
    return CheckpointState(latest, [seen(path) for path in paths], times, last_preserved_timestamp)


def write(directory: Path, state: CheckpointState, latest_filename: str | None = None) -> None:
    """Write `state` into `directory`."""
    write_atomically(state_path(directory, latest_filename), str(state).encode())


def read(directory: Path, latest_filename: str | None = None) -> CheckpointState | None:
    """The state of `directory`, its paths joined to it; None where there is none."""
    path = state_path(directory, latest_filename)
    if not os.path.exists(path):
        return None
    try:
        with translated_errors(path), open(path, "rb") as file:
            data = file.read(_GREATEST_FILE)
    except errors.OpError as error:
        _log.warning("%s; this checkpoint file is ignored", error)
        return None
    try:
        state = parse(data.decode("utf-8", "surrogateescape"))
    except ValueError as error:
        _log.warning("%s: %s; this checkpoint file is ignored", path, error)
        return None
    if not state.model_checkpoint_path:
        raise ValueError(f"Invalid checkpoint state loaded from {text_path(directory)}")
    root = text_path(directory)
    # A path that is absolute already stays as it is.
    state.model_checkpoint_path = os.path.join(root, state.model_checkpoint_path)
    state.all_model_checkpoint_paths = [
        os.path.join(root, p) for p in state.all_model_checkpoint_paths
    ]
    return state


def checkpoint_exists(prefix: Path) -> bool:
    """Whether a checkpoint of either format is there; V1's may be a pattern."""
    path = text_path(prefix)
    return bool(os.path.exists(index_path(path)) or os.path.exists(path) or glob.glob(path))


def latest_checkpoint(directory: Path, latest_filename: str | None = None) -> str | None:
    """The prefix of the latest checkpoint that `directory` names, if its files are there."""
    state = read(directory, latest_filename)
    if state is None:
        return None
    if checkpoint_exists(state.model_checkpoint_path):
        return state.model_checkpoint_path
    _log.error("Couldn't match files for checkpoint %s", state.model_checkpoint_path)
    return None
