"""Results of the group `selection` against TensorFlow."""

from __future__ import annotations

RECORDED = "selection"


def test_as_tensorflow(case):
    case.check()
