"""Loops in loops, branches in loops, loops in branches: imported, they give TensorFlow's numbers and gradients."""

from __future__ import annotations

from typing import Any

GROUPS = ("nests", "nests.1b", "nests.2a")


def test_numbers(case: Any, replays: Any) -> None:
    replays(case)
