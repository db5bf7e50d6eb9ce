"""Results of the group `segments` against TensorFlow."""

from __future__ import annotations

RECORDED = "segments"


def test_as_tensorflow(case):
    case.check()
