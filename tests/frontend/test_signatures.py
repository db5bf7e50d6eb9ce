"""Public functions take the arguments that TensorFlow 1.15.5's take: names, order, kinds and defaults."""

from __future__ import annotations

import functools
import inspect
import json
from pathlib import Path
from typing import Any

import pytest

import graphflow as tf

DATA = Path(__file__).parent.parent / "data" / "signatures"
RECORDED = {
    name: wanted
    for path in sorted(DATA.glob("*.json"))
    for name, wanted in json.loads(path.read_text()).items()
}


def plain(value: Any) -> str | None:
    if value is None or isinstance(value, bool | int | float | str):
        return repr(value)
    if isinstance(value, tuple | list) and all(isinstance(v, int) for v in value):
        return repr(tuple(value))
    return None


def same_default(found: Any, wanted: str | None) -> bool:
    # one number stands for all axes
    ones = wanted in ("(1, 1)", "(1, 1, 1)") and found == 1
    return wanted is None or ones or plain(found) == wanted


@pytest.mark.parametrize("name", RECORDED)
def test_takes_the_recorded_arguments(name: str) -> None:
    function = functools.reduce(getattr, name.split("."), tf)
    found = list(inspect.signature(function).parameters.values())
    assert [[p.name, p.kind.name] for p in found] == [p[:2] for p in RECORDED[name]]
    for parameter, (_, _, default) in zip(found, RECORDED[name], strict=True):
        assert same_default(parameter.default, default), parameter
