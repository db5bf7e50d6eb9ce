"""A GraphDef as plain records, checked: what every later step of the import reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from graphflow import errors
from graphflow.io.graphdef.attributes import from_message

#: outputs are numbered in files; a file may claim any number
GREATEST_OUTPUT = 1 << 20


@dataclass(slots=True)
class FlatNode:
    """One node of a file: names for inputs, Python values for attributes."""

    name: str
    op: str
    inputs: list[tuple[str, int]]
    controls: list[str]
    device: str
    attrs: dict[str, Any] = field(default_factory=dict)


def flatten(nodes: Iterable[Any]) -> list[FlatNode]:
    """The nodes of a GraphDef; names are unique and every input names a node, or ValueError."""
    flat: list[FlatNode] = []
    seen: set[str] = set()
    for message in nodes:
        if not message.name or message.name.startswith("^"):
            raise ValueError(f"a node of the GraphDef has no valid name: {message.name!r}")
        if message.name in seen:
            raise ValueError(f"Node '{message.name}' is not unique in the GraphDef")
        seen.add(message.name)
        flat.append(_node(message))
    for node in flat:
        for name in (*(n for n, _ in node.inputs), *node.controls):
            if name not in seen:
                raise ValueError(f"Node '{node.name}': Unknown input node '{name}'")
    return flat


def _node(message: Any) -> FlatNode:
    inputs: list[tuple[str, int]] = []
    controls: list[str] = []
    for text in message.input:
        if text.startswith("^"):
            controls.append(text[1:])
        else:
            inputs.append(parse_endpoint(text))
    try:
        attrs = {key: from_message(value) for key, value in sorted(message.attr.items())}
    except errors.OpError as error:
        raise ValueError(f"Node '{message.name}' ({message.op}): {error}") from None
    return FlatNode(message.name, message.op, inputs, controls, message.device, attrs)


def parse_endpoint(text: str) -> tuple[str, int]:
    """("x", 1) of "x:1"."""
    name, colon, index = text.rpartition(":")
    if not colon:
        return text, 0
    if not index.isdigit() or int(index) > GREATEST_OUTPUT:
        raise ValueError(f"{text!r} names no output of a node")
    return name, int(index)


def in_order(nodes: list[FlatNode], given: Mapping[str, Any] | None = None) -> list[FlatNode]:
    """The nodes so that each comes after what it needs, else in the order of the file; ValueError for a cycle."""
    by_name = {n.name: n for n in nodes}
    rank = {n.name: i for i, n in enumerate(nodes)}
    ordered: list[FlatNode] = []
    state: dict[str, int] = {}
    for start in nodes:
        stack = [(start, iter(_needs(start, by_name, rank)))] if start.name not in state else []
        state.setdefault(start.name, 1)
        while stack:
            node, needs = stack[-1]
            name = next(needs, None)
            if name is None:
                stack.pop()
                state[node.name] = 2
                ordered.append(node)
            elif name not in state:
                state[name] = 1
                stack.append((by_name[name], iter(_needs(by_name[name], by_name, rank))))
            elif state[name] == 1:
                raise ValueError(f"the GraphDef has a cycle through '{name}' that is no loop")
    return ordered


def _needs(node: FlatNode, by_name: dict[str, FlatNode], rank: dict[str, int]) -> list[str]:
    names = {n for n, _ in node.inputs} | set(node.controls)
    return sorted((n for n in names if n in by_name), key=rank.__getitem__)
