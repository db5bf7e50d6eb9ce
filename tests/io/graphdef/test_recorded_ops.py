"""Graphs of TensorFlow, imported, give TensorFlow's numbers and gradients: one op after another."""

from __future__ import annotations

from typing import Any

GROUPS = ("arithmetic", "arrays", "networks")


def test_numbers(case: Any, replays: Any) -> None:
    replays(case)
