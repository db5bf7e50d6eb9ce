"""Error texts: what, the op, the user's line, the operands and where they came from, a hint, the next command."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence
from typing import Any

from graphflow.ir.where import Place, caller, place

#: more names than this take too long to compare letter by letter
_MANY = 100
NEXT = "print(tf.get_default_graph().as_text()) shows the graph so far"


def here() -> Place | None:
    """The user's line that is running now."""
    return place(*caller())


def operand(label: str, value: Any) -> str:
    """One line on an operand: what it is and which line made it."""
    node = getattr(value, "node", None)
    made = getattr(node, "where", None)
    shown = f"{value!s}" if node is not None else _short(value)
    return f"  {label}: {shown}" + (f", from {made}" if made is not None else "")


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def problem(
    what: str,
    op: str = "",
    name: str = "",
    at: Place | None = None,
    operands: Sequence[tuple[str, Any]] = (),
    hint: str = "",
    then: str = NEXT,
) -> str:
    """The text of an error, a fact a line."""
    lines = [what]
    if op:
        lines.append(f"  op: {op}" + (f" '{name}'" if name else ""))
    if at is not None:
        source = at.text
        lines.append(f"  at: {at}" + (f"   {source}" if source else ""))
    for label, value in operands:
        if isinstance(value, list | tuple):
            lines.extend(operand(f"{label}[{i}]", v) for i, v in enumerate(value[:8]))
        else:
            lines.append(operand(label, value))
    if hint:
        lines.append(f"  hint: {hint}")
    if then:
        lines.append(f"  next: {then}")
    return "\n".join(lines)


def did_you_mean(name: str, names: Iterable[str]) -> str:
    """A hint with the names nearest to a misspelt one, or an empty text."""
    pool = list(names)
    scope, slash, tail = name.rpartition("/")
    near: list[str] = []
    if len(pool) <= _MANY:
        near = difflib.get_close_matches(name, pool, 3, 0.6)
    if not near:  # a name without its scope is the most common slip
        near = [n for n in pool if n.endswith(tail) and n.rpartition("/")[2] == tail][:3]
    if (
        not near
    ):  # programs ask again and again for names that may be missing: only siblings are compared
        start = scope + slash
        siblings = [n[len(start) :] for n in pool if n.startswith(start)]
        likely = [n for n in siblings if "/" not in n and abs(len(n) - len(tail)) <= 2]
        near = [start + n for n in difflib.get_close_matches(tail, likely[:_MANY], 3, 0.6)]
    return f"did you mean {' or '.join(repr(n) for n in near)}?" if near else ""
