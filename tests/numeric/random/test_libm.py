"""The elementary functions have the bits of the GNU C library's, and lie next to those of float64."""

from __future__ import annotations

import hashlib
import json
import math
import platform
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from graphflow.numeric.random import libm, libm_float

RECORDED = json.loads(
    (Path(__file__).resolve().parents[2] / "data" / "random" / "libm.json").read_text("utf-8")
)


def floats(first: int, last: int, step: int) -> Any:
    return np.arange(first, last, step, dtype=np.uint32).view(np.float32)


def unit() -> Any:
    return np.arange(2**23).astype(np.float32) / np.float32(2**23)


def digest(*pieces: Any) -> str:
    sha = hashlib.sha256()
    for piece in pieces:
        sha.update(np.ascontiguousarray(piece).tobytes())
    return sha.hexdigest()


def test_sine_and_cosine_of_every_angle() -> None:
    angles = (unit().astype(np.float64) * math.tau).astype(np.float32)
    pairs = [libm.sine_cosine(piece) for piece in np.split(angles, 64)]
    assert digest(*(sine for sine, _ in pairs)) == RECORDED["sinf"]
    assert digest(*(cosine for _, cosine in pairs)) == RECORDED["cosf"]


def test_logarithm_of_every_radius() -> None:
    radii = np.maximum(unit(), np.float32(1e-7))
    assert digest(*map(libm.logarithm, np.split(radii, 64))) == RECORDED["logf"]


def test_log1p() -> None:
    p = floats(0, 0x3F800001, 997)
    assert digest(libm_float.log1p_of_minus(p)) == RECORDED["log1pf"]
    ends = np.array([0, 1, 1.5, np.nan], np.float32)
    np.testing.assert_array_equal(libm_float.log1p_of_minus(ends), [0, -np.inf, np.nan, np.nan])


def test_expm1() -> None:
    assert digest(libm_float.expm1(floats(0x80000000, 0xC2D00000, 997))) == RECORDED["expm1f"]
    ends = np.array([-np.inf, -1000, -0.0, np.nan], np.float32)
    np.testing.assert_array_equal(libm_float.expm1(ends), [-1, -1, 0, np.nan])


@pytest.mark.parametrize("exponent", [0.75, 0.5, 1.0, 2.0, -0.30000001192092896])
def test_power(exponent: float) -> None:
    x = floats(0x00800000, 0x7F000000, 9973)
    assert digest(libm_float.power(x, exponent)) == RECORDED[f"powf {exponent}"]


def test_power_of_what_is_not_normal() -> None:
    x = np.array([0, 1e-40, np.inf, np.nan, -8], np.float32)
    with np.errstate(all="ignore"):
        want = np.power(x.astype(np.float64), 0.75).astype(np.float32)
    np.testing.assert_array_equal(libm_float.power(x, 0.75), want)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="its log is that of the C library")
def test_log_factorials() -> None:
    n = np.concatenate((np.arange(100000.0), [float(3**k) for k in range(600)]))
    assert digest(libm.log_factorials(n)) == RECORDED["lgamma"]


def test_log_factorials_near_python() -> None:
    n = np.arange(5000.0)
    want = [math.lgamma(x + 1) for x in n]
    np.testing.assert_allclose(libm.log_factorials(n), want, rtol=4e-15)


def test_powers_never_raise() -> None:
    x, y = np.array([0.0, 1e-10, 0.5, 0.5, 0.5]), np.array([-2.0, -100.0, np.inf, np.nan, 0.0])
    np.testing.assert_array_equal(libm.powers(x, y), [np.inf, np.inf, 0, np.nan, 1])
