"""Results of the group `spaces` against TensorFlow."""

from __future__ import annotations

RECORDED = "spaces"


def test_as_tensorflow(case):
    case.check()
