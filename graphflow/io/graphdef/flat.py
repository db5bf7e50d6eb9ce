"""A GraphDef as plain records, checked: what every later step of the import reads."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from graphflow import errors
from graphflow.io.graphdef.attributes import from_message

#: the first or a later output of a node of the file
Endpoint = tuple[str, int]

#: outputs are numbered in files; a file may claim any number
GREATEST_OUTPUT = 1 << 20

_NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\\/>-]*")
_ENDPOINT = re.compile(r"([A-Za-z0-9.][A-Za-z0-9_.\\/>-]*)(?::([0-9]{1,7}))?")


@dataclass(slots=True)
class FlatNode:
    """One node of a file: names for inputs, Python values for attributes."""

    name: str
    op: str
    inputs: list[Endpoint]
    controls: list[str]
    device: str
    attrs: dict[str, Any] = field(default_factory=dict)

    @property
    def gives(self) -> Iterable[str]:
        """The names that others know this item by."""
        return (self.name,)

    @property
    def needs(self) -> Iterable[str]:
        """The names of the nodes that must come first."""
        return [*(n for n, _ in self.inputs), *self.controls]

    def identity(self, source: Endpoint) -> FlatNode:
        """A node of the same name that passes one value on."""
        return replace(self, op="Identity", inputs=[source], attrs={})


def flatten(nodes: Iterable[Any]) -> list[FlatNode]:
    """The nodes of a GraphDef; ValueError where a name is none, or is there twice."""
    flat: list[FlatNode] = []
    seen: set[str] = set()
    for message in nodes:
        check_name(message.name)
        if message.name in seen:
            raise ValueError(f"Node '{message.name}' is not unique")
        seen.add(message.name)
        flat.append(_node(message))
    return flat


def check_inputs(flat: Iterable[FlatNode], known: Collection[str]) -> None:
    """ValueError where an input names no node."""
    for node in flat:
        for i, name in enumerate(node.needs):
            if name not in known and not name.startswith("\0"):
                caret = "^" if i >= len(node.inputs) else ""
                raise ValueError(f"Node '{node.name}': Unknown input node '{caret}{name}'")


def check_name(name: str) -> None:
    """ValueError for what cannot be the name of a node."""
    if not _NAME.fullmatch(name):
        raise ValueError(f"Node '{name}': Node name contains invalid characters")


def _node(message: Any) -> FlatNode:
    inputs: list[Endpoint] = []
    controls: list[str] = []
    for text in message.input:
        if text.startswith("^"):
            if not _NAME.fullmatch(text[1:]):
                raise ValueError(f"Node '{message.name}': Unknown input node '{text}'")
            controls.append(text[1:])
            continue
        if controls:
            raise ValueError(
                f"Node '{message.name}': Control dependencies must come after regular dependencies"
            )
        endpoint = parse_endpoint(text)
        if endpoint is None:
            raise ValueError(f"Node '{message.name}': Unknown input node '{text}'")
        inputs.append(endpoint)
    attrs = attributes(message.attr, f"Node '{message.name}' ({message.op})")
    return FlatNode(
        message.name, message.op, inputs, list(dict.fromkeys(controls)), message.device, attrs
    )


def attributes(messages: Any, owner: str) -> dict[str, Any]:
    """The attributes of a node as Python values, in the order of their names."""
    found: dict[str, Any] = {}
    for key in sorted(messages):
        try:
            found[key] = from_message(messages[key])
        except errors.OpError as error:
            raise ValueError(f"{owner}: attribute {key!r}: {error.message}") from None
        except (TypeError, ValueError, OverflowError) as error:
            raise ValueError(f"{owner}: attribute {key!r}: {error}") from None
    return found


def parse_endpoint(text: str) -> Endpoint | None:
    """("x", 1) of "x:1"; None for a text that names no output of a node."""
    found = _ENDPOINT.fullmatch(text)
    if found is None or int(found[2] or 0) > GREATEST_OUTPUT:
        return None
    return found[1], int(found[2] or 0)
