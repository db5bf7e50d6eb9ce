"""Graphs of TensorFlow, imported, give TensorFlow's numbers and gradients: map_fn, scan and recurrent networks."""

from __future__ import annotations

from typing import Any

GROUPS = ("sequences", "sequences.1b", "sequences.2a", "sequences.2b")


def test_numbers(case: Any, replays: Any) -> None:
    replays(case)
