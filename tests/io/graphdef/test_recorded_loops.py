"""Graphs of TensorFlow, imported, give TensorFlow's numbers and gradients: while loops."""

from __future__ import annotations

from typing import Any

GROUPS = ("loops", "loops.1b", "loops.2a", "loops.2b")


def test_numbers(case: Any, replays: Any) -> None:
    replays(case)
