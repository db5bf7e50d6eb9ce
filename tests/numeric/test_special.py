"""Results of the group `special` against TensorFlow."""

from __future__ import annotations

RECORDED = "special"


def test_as_tensorflow(case):
    case.check()
