"""Ops that a file uses and graphflow does not have: all of them in one error."""

from __future__ import annotations

import difflib
from collections.abc import Container, Iterable, Iterator
from typing import Any

from graphflow import errors
from graphflow.io.graphdef.attributes import FunctionName
from graphflow.io.graphdef.flat import FlatNode
from graphflow.io.graphdef.functions import Library
from graphflow.io.graphdef.raising import V1_CONTROL_FLOW
from graphflow.ir.op import REGISTRY


class UnknownOpError(errors.NotFoundError, ValueError):
    """A GraphDef names ops that nobody has."""


def check_known(flat: Iterable[FlatNode], library: Library, makers: Container[str]) -> None:
    """UnknownOpError with every op that graphflow does not know, and who uses it."""
    users: dict[str, list[str]] = {}
    for op, name in _used(flat, library):
        if op not in REGISTRY and op not in V1_CONTROL_FLOW and op not in makers:
            users.setdefault(op, []).append(name)
    if not users:
        return
    lines = [
        f"Op type not registered {', '.join(repr(op) for op in sorted(users))}: "
        f"{len(users)} op types of this graph are not known to graphflow"
    ]
    for op, names in sorted(users.items()):
        near = difflib.get_close_matches(op, REGISTRY, 1, 0.8)
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        hint = f"; did you mean {near[0]!r}?" if near else ""
        lines.append(f"  {op}: used by {', '.join(repr(n) for n in names[:3])}{more}{hint}")
    raise UnknownOpError(None, None, "\n".join(lines))


def _used(flat: Iterable[FlatNode], library: Library) -> Iterator[tuple[str, str]]:
    """(op, name of the node) of all nodes, and of those of the functions that they call, which are no ops themselves."""
    functions = library.functions
    todo: list[str] = []
    for node in flat:
        if node.op in functions:
            todo.append(node.op)
        else:
            yield node.op, node.name
        for value in node.attrs.values():
            todo.extend(v.name for v in _functions_in(value))
    seen: set[str] = set()
    while todo:
        name = todo.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for message in functions[name].node_def:
            if message.op in functions:
                todo.append(message.op)
            else:
                yield message.op, f"{name}/{message.name}"
            for value in message.attr.values():
                todo.extend(f.name for f in (value.func, *value.list.func) if f.name)


def _functions_in(value: Any) -> list[FunctionName]:
    if isinstance(value, FunctionName):
        return [value]
    if isinstance(value, tuple):
        return [v for v in value if isinstance(v, FunctionName)]
    return []
