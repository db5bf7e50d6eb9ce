"""Convolutions against TensorFlow, and their gradients against finite differences."""

from __future__ import annotations

RECORDED = "convolution"


def test_as_tensorflow(case):
    case.check()
