"""Reads the tables of messages, the ``*.schema`` files beside this module.

A table looks like this; ``type*`` is repeated, and names are looked up from the inside out::

    message AttrValue
      oneof value
        i int64 = 3
        list ListValue = 1
    enum DataType
      DT_INVALID = 0
"""

from __future__ import annotations

import functools
import re
from importlib import resources
from typing import NamedTuple

TABLES = ("graph", "model", "checkpoint", "event", "example", "config", "trace")

_MAP = re.compile(r"map<(\w+), ([\w.]+)>")


class Field(NamedTuple):
    """One field: `key` is the type of a map's keys, `type` that of its values."""

    name: str
    number: int
    type: str
    repeated: bool = False
    oneof: str = ""
    key: str = ""


class Schema(NamedTuple):
    """Messages and enums by their dotted names, the order being that of the tables."""

    messages: dict[str, list[Field]]
    enums: dict[str, list[tuple[str, int]]]

    def resolve(self, name: str, scope: str) -> str:
        """The full name that `name` means inside the message `scope`."""
        outer = scope.split(".")
        for depth in range(len(outer), -1, -1):
            full = ".".join([*outer[:depth], name])
            if full in self.messages or full in self.enums:
                return full
        raise KeyError(f"no message or enum {name} seen from {scope}")


def _field(left: str, number: int, oneof: str) -> Field:
    name, type_name = left.split(maxsplit=1)
    if entry := _MAP.fullmatch(type_name):
        return Field(name, number, entry[2], key=entry[1])
    return Field(name, number, type_name.rstrip("*"), type_name.endswith("*"), oneof)


def parse(text: str, into: Schema) -> None:
    """Add the messages and enums of `text` to `into`."""
    fields: list[Field] = []
    values: list[tuple[str, int]] | None = None
    oneof = ""
    for raw in text.splitlines():
        line = raw.partition("#")[0].rstrip()
        word, _, rest = line.strip().partition(" ")
        if not word:
            continue
        if not line.startswith(" "):
            if word == "enum":
                values = into.enums[rest] = []
            else:
                fields, values = into.messages.setdefault(rest, []), None
        elif word == "oneof":
            oneof = rest
        else:
            left, _, number = line.strip().rpartition(" = ")
            if values is not None:
                values.append((left, int(number)))
            else:
                indented = line.startswith("    ")
                fields.append(_field(left, int(number), oneof if indented else ""))


@functools.cache
def load() -> Schema:
    """The whole schema."""
    schema = Schema({}, {})
    for table in TABLES:
        parse(resources.files(__package__).joinpath(table + ".schema").read_text("utf-8"), schema)
    return schema
