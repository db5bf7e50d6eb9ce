"""What sessions with state and effects give and raise, against what TensorFlow 1.15.5 gave for the same lines."""

from __future__ import annotations

import builtins
import gzip
import importlib.util
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow as tf

DATA = Path(__file__).parent.parent / "data"


def _cases(group: str) -> dict[str, Any]:
    spec = importlib.util.spec_from_file_location(
        f"session_cases_{group}", DATA / "session_cases" / f"{group}.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: dict[str, Any] = module.CASES
    return found


def _recorded(group: str) -> dict[str, Any]:
    text = gzip.decompress((DATA / "sessions" / f"{group}.json.gz").read_bytes())
    found: dict[str, Any] = json.loads(text)
    return found


NAMES = sorted(p.name.removesuffix(".json.gz") for p in (DATA / "sessions").glob("*.json.gz"))
GROUPS = {name: (_cases(name), _recorded(name)) for name in NAMES}


def _same(found: Any, wanted: Any, at: str) -> None:
    """Whether a result is the recorded one, arrays with their types and shapes."""
    if isinstance(wanted, list):
        assert isinstance(found, list | tuple), at
        assert len(found) == len(wanted), at
        for i, (f, w) in enumerate(zip(found, wanted, strict=True)):
            _same(f, w, f"{at}[{i}]")
    elif isinstance(wanted, dict) and "dict" in wanted:
        assert set(found) == set(wanted["dict"]), at
        for key, w in wanted["dict"].items():
            _same(found[key], w, f"{at}[{key!r}]")
    elif isinstance(wanted, dict) and "bytes" in wanted:
        assert found == wanted["bytes"].encode("latin-1"), at
    elif isinstance(wanted, dict):
        _same_array(np.asarray(found), wanted, at)
    else:
        assert type(found) is type(wanted), f"{at}: {found!r} is no {type(wanted).__name__}"
        assert found == wanted, at


def _same_array(found: np.ndarray[Any, Any], wanted: dict[str, Any], at: str) -> None:
    assert found.dtype.kind in "OS" or found.dtype.name == wanted["dtype"], at
    assert list(found.shape) == wanted["shape"], at
    items = wanted["items"]
    if found.dtype.kind == "c":
        items = [complex(*v) for v in items]
    if found.dtype.kind in "OSb":
        texts = [v.decode("latin-1") if isinstance(v, bytes) else v for v in found.ravel().tolist()]
        assert texts == items, at
        return
    wanted_items = np.array(items, found.dtype)
    # what is rounded near zero has no more digits than its neighbours
    np.testing.assert_allclose(found.ravel(), wanted_items, rtol=1e-5, atol=1e-8, err_msg=at)


@pytest.mark.parametrize(
    ("group", "case"), [(g, c) for g, (_, recorded) in GROUPS.items() for c in recorded]
)
def test_computes_what_is_recorded(group: str, case: str) -> None:
    run, recorded = GROUPS[group][0][case], GROUPS[group][1][case]
    with tf.Graph().as_default():
        if "raises" in recorded:
            name = recorded["raises"]
            with pytest.raises(getattr(tf.errors, name, None) or getattr(builtins, name)):
                run(tf)
        else:
            _same(run(tf), recorded["value"], case)


def test_every_case_is_recorded() -> None:
    for group, (cases, recorded) in GROUPS.items():
        assert set(cases) == set(recorded), f"python tests/data/record_sessions.py {group}"
