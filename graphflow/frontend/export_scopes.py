"""Names in messages: without the scope that is exported, and under the scope that they are imported into."""

from __future__ import annotations

import re


def without_scope(name: str, scope: str | None) -> str:
    """`name`, less the scope it lies in; the marks of control inputs and of colocation stay."""
    if not scope:
        return name
    found = re.match(rf"([\^]|loc:@|^){re.escape(scope.rstrip('/'))}/+(.*)", name)
    return found[1] + found[2] if found else name


def within_scope(name: str, scope: str | None) -> str:
    """`name` under a scope."""
    if not scope:
        return name
    mark = next((m for m in ("^", "loc:@") if name.startswith(m)), "")
    return f"{mark}{scope.rstrip('/')}/{name.removeprefix(mark)}"
