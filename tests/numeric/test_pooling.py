"""Pooling against TensorFlow."""

from __future__ import annotations

RECORDED = "pooling"


def test_as_tensorflow(case):
    case.check()
