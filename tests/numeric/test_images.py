"""Results of the group `images` against TensorFlow."""

from __future__ import annotations

RECORDED = "images"


def test_as_tensorflow(case):
    case.check()
