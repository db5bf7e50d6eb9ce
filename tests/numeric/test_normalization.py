"""Softmax, cross entropies and normalisations against TensorFlow."""

from __future__ import annotations

RECORDED = "normalization"


def test_as_tensorflow(case):
    case.check()
