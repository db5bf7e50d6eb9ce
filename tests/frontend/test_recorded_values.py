"""What recorded graphs compute, number for number against TensorFlow 1.15.5."""

from __future__ import annotations

import functools
import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf

DATA = Path(__file__).parent.parent / "data"
#: how far results may lie apart, as a part of the largest number in them or of 1
WITHIN = {"float64": 1e-9, "complex128": 1e-9, "float32": 2e-5, "complex64": 2e-5, "float16": 2e-3}


@functools.cache
def cases(group: str) -> dict[str, Any]:
    path = DATA / "graph_cases" / f"{group}.py"
    spec = importlib.util.spec_from_file_location(f"value_cases_{group}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.CASES
    return found


@functools.cache
def recorded(group: str) -> dict[str, Any]:
    """Of each case the arrays, or the name of the exception that the run raised."""
    found: dict[str, Any] = {}
    with np.load(DATA / "values" / f"{group}.npz") as arrays:
        found |= json.loads(str(arrays["raised"]))
        for key in arrays.files:
            if key != "raised":
                found.setdefault(key.rpartition("/")[0], []).append(arrays[key])
    return found


GROUPS = sorted(path.stem for path in (DATA / "values").glob("*.npz"))


@pytest.mark.parametrize(("group", "case"), [(g, c) for g in GROUPS for c in recorded(g)])
def test_computes_the_recorded_values(group: str, case: str) -> None:
    expected = recorded(group)[case]
    with tf.Graph().as_default():
        fetches = [f for f in cases(group)[case](tf) if f is not None]
        with tf.Session() as session:
            if isinstance(expected, str):
                with pytest.raises(getattr(tf.errors, expected)):
                    session.run(fetches)
                return
            found = session.run(fetches)
    assert len(found) == len(expected)
    for value, want in zip(map(np.asarray, found), expected, strict=True):
        assert value.dtype == want.dtype
        assert value.shape == want.shape
        within = WITHIN.get(value.dtype.name, 0.0)
        if not within:
            np.testing.assert_array_equal(value, want)
            continue
        finite = np.abs(want[np.isfinite(want)])
        scale = max(1.0, finite.max() if finite.size else 0.0)
        np.testing.assert_allclose(value, want, rtol=within, atol=within * scale)
