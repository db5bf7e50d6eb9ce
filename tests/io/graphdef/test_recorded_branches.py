"""Graphs of TensorFlow, imported, give TensorFlow's numbers and gradients: If, Case, Switch and Merge."""

from __future__ import annotations

from typing import Any

GROUPS = ("branches", "branches.1b", "branches.2a", "branches.2b")


def test_numbers(case: Any, replays: Any) -> None:
    replays(case)
