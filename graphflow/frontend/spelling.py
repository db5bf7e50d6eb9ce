"""Arguments that have an old and a new name."""

from __future__ import annotations

from typing import Any


def one_of_two(new_name: str, new: Any, old_name: str, old: Any) -> Any:
    """The value of an argument that may be given under either name, but not under both."""
    if old is None:
        return new
    if new is not None:
        raise ValueError(f"Cannot specify both '{old_name}' and '{new_name}'")
    return old
