"""Deep nests, with the lists that TensorFlow 2 keeps for gradients: imported, they give TensorFlow's numbers."""

from __future__ import annotations

from typing import Any

GROUPS = ("nests.2b",)


def test_numbers(case: Any, replays: Any) -> None:
    replays(case)
