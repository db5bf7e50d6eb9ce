"""Results of the group `indexing` against TensorFlow."""

from __future__ import annotations

RECORDED = "indexing"


def test_as_tensorflow(case):
    case.check()
