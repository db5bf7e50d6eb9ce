"""Results of the group `scalars` against TensorFlow."""

from __future__ import annotations

RECORDED = "scalars"


def test_as_tensorflow(case):
    case.check()
