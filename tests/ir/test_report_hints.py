"""Hints for names that are missing: good ones, and soon, for programs look up names that may not be there."""

from __future__ import annotations

import time

from graphflow.ir.report import did_you_mean

FEW = ["layer/weights", "layer/bias", "loss"]
MANY = FEW + [f"tower_{i}/block_{j}/convolution/kernel" for i in range(100) for j in range(100)]


def test_a_slip_of_a_letter() -> None:
    for names in (FEW, MANY):
        assert "'layer/weights'" in did_you_mean("layer/weigths", names)
        assert "'loss'" in did_you_mean("los", names)


def test_a_name_without_its_scope() -> None:
    for names in (FEW, MANY):
        assert "'layer/bias'" in did_you_mean("bias", names)


def test_nothing_like_it() -> None:
    for names in (FEW, MANY):
        assert did_you_mean("something_else_altogether", names) == ""


def test_a_missing_name_among_many_takes_no_time() -> None:
    started = time.process_time()
    for i in range(20):
        did_you_mean(f"tower_{i}/block_{i}/convolution/kernel/setter", MANY)
    # letter by letter this takes some 40 seconds
    assert time.process_time() - started < 2
