"""Control flow (being written)."""

from __future__ import annotations

from typing import Any


def cond(*a: Any, **k: Any) -> Any:
    raise NotImplementedError


__all__: list[str] = []
