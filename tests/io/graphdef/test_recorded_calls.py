"""Graphs of TensorFlow, imported, give TensorFlow's numbers and gradients: functions that are called."""

from __future__ import annotations

from typing import Any

GROUPS = ("calls", "calls.1b", "calls.2a", "calls.2b")


def test_numbers(case: Any, replays: Any) -> None:
    replays(case)
