"""Integer arithmetic against Python's unbounded integers, and the corners of floats."""

from __future__ import annotations

import numpy as np
import pytest

from graphflow.numeric import casts, exact

INTEGERS = [np.dtype(f"{sign}{size}") for sign in "iu" for size in (1, 2, 4, 8)]


def truncated(a, b):
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


PYTHON = {
    "floor_div": lambda a, b: a // b,
    "floor_mod": lambda a, b: a % b,
    "truncate_div": truncated,
    "truncate_mod": lambda a, b: a - truncated(a, b) * b,
}


def corners(dtype):
    limits = np.iinfo(dtype)
    wanted = [limits.min, limits.min + 1, limits.min // 2, -100, -7, -3, -2, -1, 0, 1, 2, 3, 7, 100]
    wanted += [limits.max // 2, limits.max - 1, limits.max]
    return np.array(sorted({v for v in wanted if limits.min <= v <= limits.max}), dtype)


def wrapped(value, dtype):
    """A Python integer as two's complement."""
    bits = 8 * dtype.itemsize
    value %= 1 << bits
    return value - (1 << bits) if dtype.kind == "i" and value >> (bits - 1) else value


@pytest.mark.parametrize("dtype", INTEGERS, ids=str)
@pytest.mark.parametrize("name", PYTHON)
def test_division(name, dtype):
    x, y = corners(dtype), corners(dtype)
    y = y[y != 0]
    got = getattr(exact, name)(x[:, None], y)
    assert got.dtype == dtype
    want = [[wrapped(PYTHON[name](int(a), int(b)), dtype) for b in y] for a in x]
    assert got.tolist() == want


@pytest.mark.parametrize("dtype", INTEGERS, ids=str)
def test_powers_and_shifts(dtype):
    x, n = corners(dtype), np.array([0, 1, 2, 3, 5, 31, 64, 101], dtype)
    want = [[wrapped(int(a) ** int(b), dtype) for b in n] for a in x]
    assert exact.power(x[:, None], n).tolist() == want
    bits = 8 * dtype.itemsize
    counts = corners(dtype)
    left, right = exact.left_shift(x[:, None], counts), exact.right_shift(x[:, None], counts)
    clamped = [min(max(int(c), 0), bits - 1) for c in counts]
    assert left.tolist() == [[wrapped(int(a) << c, dtype) for c in clamped] for a in x]
    assert right.tolist() == [[int(a) >> c for c in clamped] for a in x]


def test_refusals_name_the_element():
    x, y = np.ones((2, 1), np.int32), np.array([[3, 0]], np.int32)
    for name in PYTHON:
        with pytest.raises(ValueError, match=r"Integer division by zero.*\[0, 1\] is 0"):
            getattr(exact, name)(x, y)
    with pytest.raises(ValueError, match=r"negative integer powers.*is -1"):
        exact.power(x, np.int32(-1))
    # Nothing is divided, so nothing is refused.
    assert exact.floor_div(np.ones((0, 1), np.int32), y).shape == (0, 2)


def test_extrema_keep_nan_and_the_first_zero():
    values = np.array([np.nan, -np.inf, -1.0, -0.0, 0.0, 2.0, np.inf])
    for name, better in (("maximum", np.greater), ("minimum", np.less)):
        for dtype in (np.float16, np.float32, np.float64):
            v = values.astype(dtype)
            got = getattr(exact, name)(v[:, None], v)
            assert got.dtype == dtype
            for i, a in enumerate(v):
                for j, b in enumerate(v):
                    want = np.nan if np.isnan(a) or np.isnan(b) else b if better(b, a) else a
                    np.testing.assert_equal(float(got[i, j]), float(want))
                    assert np.isnan(want) or np.signbit(got[i, j]) == np.signbit(want)


def test_sign_and_rounding_of_floats():
    x = np.array([np.nan, -np.inf, -2.5, -0.5, -0.0, 0.0, 0.5, 1.5, np.inf])
    for dtype in (np.float16, np.float32, np.float64):
        v = x.astype(dtype)
        np.testing.assert_array_equal(exact.sign(v), np.array([np.nan, -1, -1, -1, 0, 0, 1, 1, 1]))
        rounded = exact.round_half_even(v)
        np.testing.assert_array_equal(rounded, [np.nan, -np.inf, -2, -0.0, -0.0, 0, 0, 2, np.inf])
        assert np.signbit(rounded[[3, 4]]).all()
        assert exact.rint(v).dtype == dtype
    whole = np.array([-3, 0, 5])
    np.testing.assert_array_equal(exact.round_half_even(whole), whole)
    np.testing.assert_allclose(exact.sign(np.array([3 + 4j, 0j])), [0.6 + 0.8j, 0], 1e-15)


@pytest.mark.parametrize("name", ["floor_div", "truncate_div", "floor_mod", "truncate_mod"])
def test_scalars_stay_arrays(name):
    for dtype in (np.int32, np.float32, np.float16):
        got = getattr(exact, name)(np.array(7, dtype), np.array(2, dtype))
        assert type(got) is np.ndarray
        assert got.shape == ()
        assert got.dtype == dtype


@pytest.mark.parametrize("dtype", INTEGERS, ids=str)
def test_casts_of_what_fits_are_exact(dtype):
    limits = np.iinfo(dtype)
    values = (-1e6, -129.9, -1.5, -0.5, 0.0, 0.5, 1.5, 127.9, 65000.7, 1e9, 1e18)
    inside = [v for v in values if limits.min <= int(v) <= limits.max]
    got = casts.cast(np.array(inside), dtype)
    assert got.tolist() == [int(v) for v in inside]


def test_truncating_casts_never_grow():
    x = np.random.default_rng(2).uniform(1, 10, 350) * 10.0 ** np.arange(-3, 4).repeat(50)
    for source, target in ((np.float64, np.float32), (np.float32, np.float16)):
        v = x.astype(source)
        cut = casts.cast(v, target, truncate=True)
        rounded = casts.cast(v, target)
        assert (np.abs(cut.astype(np.float64)) <= np.abs(v)).all()
        near = np.nextafter(rounded, np.zeros_like(rounded))
        assert ((cut == rounded) | (cut == near)).all()
