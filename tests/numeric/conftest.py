"""Feeds recorded results to tests: a module says `RECORDED = "group"` (`"*"`: all), a test takes `case`.

A test with an attribute `only` gets the cases for which that holds.
"""

from __future__ import annotations

import copy
import functools
import importlib
import json
import pathlib
from dataclasses import dataclass
from typing import Any

import ml_dtypes
import numpy as np
import pytest

DATA = pathlib.Path(__file__).resolve().parent.parent / "data" / "numeric"


@dataclass(frozen=True)
class Case:
    """One call of a graphflow.numeric function, and what TensorFlow made of it."""

    function: str
    arguments: list[Any]
    keywords: dict[str, Any]
    results: list[np.ndarray[Any, Any]]
    within: float
    relative: bool
    raises: str | None

    @property
    def name(self) -> str:
        return self.function.rsplit(".", 1)[1]

    def call(self, *others: Any) -> list[np.ndarray[Any, Any]]:
        """The results, of the recorded arguments or of others."""
        module, name = self.function.rsplit(".", 1)
        function = getattr(importlib.import_module(f"graphflow.numeric.{module}"), name)
        # Some functions write in place, and other tests read the same case.
        result = function(*(others or copy.deepcopy(self.arguments)), **self.keywords)
        return list(result) if isinstance(result, tuple | list) else [result]

    def check(self) -> None:
        if self.raises is not None:
            with pytest.raises(ValueError, match=r"."):
                self.call()
            return
        got = self.call()
        # Recorded functions may give more than TensorFlow's operation does (counts beside unique's indices).
        for one, want in zip(got, self.results, strict=False):
            assert_same(one, want, self.within, self.relative)
        assert len(got) >= len(self.results)


def assert_same(got: Any, want: Any, within: float, relative: bool = False) -> None:
    """`got` has the type and shape of `want`, and its numbers within so many units of rounding."""
    got, want = np.asarray(got), np.asarray(want)
    assert got.shape == want.shape
    assert got.dtype == want.dtype
    if want.dtype.kind not in "fcV":
        np.testing.assert_array_equal(got, want)
        return
    eps = (
        float(ml_dtypes.finfo(want.dtype).eps)
        if want.dtype.kind != "c"
        else np.finfo(want.dtype).eps
    )
    wide = np.complex128 if want.dtype.kind == "c" else np.float64
    got, want = got.astype(wide), want.astype(wide)
    if within == 0:
        np.testing.assert_array_equal(got, want)
        if want.dtype.kind == "f":
            np.testing.assert_array_equal(
                np.signbit(got) & ~np.isnan(got), np.signbit(want) & ~np.isnan(want)
            )
        return
    finite = np.abs(want[np.isfinite(want)])
    scale = finite.max() if finite.size and not relative else 0.0
    np.testing.assert_allclose(got, want, rtol=within * eps, atol=within * eps * scale)


def _read(data: Any, entry: dict[str, Any]) -> Any:
    if "list" in entry:
        return [_read(data, e) for e in entry["list"]]
    if "array" not in entry:
        return entry["value"]
    array = data[entry["array"]]
    if entry["dtype"] == "bfloat16":
        return array.view(ml_dtypes.bfloat16)
    return array.astype(object) if entry["dtype"] == "object" else array


@functools.cache
def recorded(group: str) -> tuple[Case, ...]:
    with np.load(DATA / f"{group}.npz") as data:
        cases = json.loads(data["cases"].tobytes())
        return tuple(
            Case(
                case["function"],
                [_read(data, a) for a in case["arguments"]],
                case["keywords"],
                [_read(data, r) for r in case.get("results", ())],
                case["within"],
                case.get("relative", False),
                case.get("raises"),
            )
            for case in cases
        )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "case" not in metafunc.fixturenames:
        return
    group = metafunc.module.RECORDED
    groups = sorted(p.stem for p in DATA.glob("*.npz")) if group == "*" else [group]
    fits = getattr(metafunc.function, "only", lambda case: True)
    cases = [case for name in groups for case in recorded(name) if fits(case)]
    names = [f"{n}-{c.name}" for n, c in enumerate(cases)]
    metafunc.parametrize("case", cases, ids=names)
