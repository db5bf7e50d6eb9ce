"""Random numbers equal TensorFlow 1.15.5's, bit for bit, over several runs of the same kernel."""

from __future__ import annotations

import hashlib
import json
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graphflow.numeric import random

DATA = Path(__file__).resolve().parents[2] / "data" / "random"
GROUPS = (
    "continuous",
    "integers",
    "shuffles",
    "multinomials",
    "rejections",
    "candidates",
    "stateless",
)


def recorded(group: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((DATA / f"{group}.json").read_text(encoding="utf-8"))
    return cases


def argument(value: Any) -> Any:
    """The argument that a record stands for."""
    if value == "bfloat16":
        return np.dtype(pytest.importorskip("ml_dtypes").bfloat16)
    if not isinstance(value, dict):
        return value
    if "array" in value:
        return np.array(value["array"], value["dtype"]).reshape(value["shape"])
    numbers = np.arange(math.prod(value["shape"])) * value["times"] + value["plus"]
    if "modulo" in value:
        numbers = np.fmod(numbers, value["modulo"])
    return numbers.astype(value["dtype"]).reshape(value["shape"])


def described(array: Any) -> dict[str, Any]:
    array = np.asarray(array)
    if array.dtype.kind == "f":
        array = np.where(np.isnan(array), array.dtype.type(np.nan), array)
    return {
        "dtype": array.dtype.name,
        "shape": list(array.shape),
        "sha256": hashlib.sha256(np.ascontiguousarray(array).tobytes()).hexdigest(),
    }


def named(record: dict[str, Any]) -> str:
    arguments = json.dumps([*record["arguments"].values(), *record["seeds"]])
    return f"{record.get('sampler', record['function'])}-{arguments[:60]}"


@pytest.mark.parametrize(
    ("group", "record"),
    [(group, record) for group in GROUPS for record in recorded(group)],
    ids=lambda value: named(value) if isinstance(value, dict) else value,
)
def test_equals_what_was_recorded(group: str, record: dict[str, Any]) -> None:
    function = getattr(random, record["function"])
    arguments = {name: argument(value) for name, value in record["arguments"].items()}
    if "sampler" in record:
        attributes = {name: argument(value) for name, value in record["attributes"].items()}
        arguments["sampler"] = getattr(random, record["sampler"])(**attributes)
    stream = random.Stream(*record["seeds"])
    for number, run in enumerate(record["runs"]):
        if group == "stateless":
            stream = random.Stream.stateless(*record["seeds"])
        results = function(stream, **arguments)
        results = results if isinstance(results, tuple) else (results,)
        first = run[0].get("first")
        for got, want in zip(results, run, strict=True):
            facts = {name: value for name, value in want.items() if name != "first"}
            assert described(got) == facts, (number, np.ravel(got)[:4], first)
