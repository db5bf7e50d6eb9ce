"""Random numbers through the public functions and a session, bit for bit as TensorFlow 1.15.5 gave them."""

from __future__ import annotations

import hashlib
import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf

DATA = Path(__file__).parents[1] / "data"
RECORDED = json.loads((DATA / "random_calls.json").read_text(encoding="utf-8"))


def lines() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("lines", DATA / "random_call_lines.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, str] = module.CASES
    return found


CASES = lines()


def test_every_call_was_recorded() -> None:
    assert set(CASES) == set(RECORDED)


@pytest.mark.parametrize("name", CASES)
def test_three_runs(name: str) -> None:
    *statements, last = CASES[name].split("; ")
    scope: dict[str, Any] = {"tf": tf, "np": np}
    for statement in statements:
        exec(statement, scope)
    fetch = eval(last, scope)
    with tf.Session() as sess:
        sess.run(tf.global_variables_initializer())
        for dtype, shape, digest, first in RECORDED[name]:
            value = np.asarray(sess.run(fetch))
            assert value.dtype.str == dtype
            assert list(value.shape) == shape
            assert value.ravel()[:3].astype(float).tolist() == first
            assert hashlib.sha256(np.ascontiguousarray(value).tobytes()).hexdigest()[:16] == digest
