"""Special functions against 60 digits."""

from __future__ import annotations

RECORDED = "special_digits"


def test_digits(case):
    case.check()
