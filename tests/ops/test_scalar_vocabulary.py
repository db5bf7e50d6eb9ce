"""Every function of the vocabulary, in every reading of it, on the corners of its operands."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

from graphflow.codegen import loops
from graphflow.codegen.scalar_text import TEXT, Text
from graphflow.errors import InvalidArgumentError
from graphflow.ir.dtype import as_dtype
from graphflow.ops.scalar import MEANING, NUMPY

#: a reading: (function, operands, attribute or None) -> the result, an array. A compiled reading is one more entry.
Reading = Callable[[str, list[Any], Any], Any]


def _numpy(function: str, operands: list[Any], attribute: Any) -> Any:
    with np.errstate(all="ignore"):
        if function == "constant":
            return np.full(operands[0].shape, NUMPY.constant(attribute, operands[0]))
        if function == "cast":
            return NUMPY.cast(*operands, as_dtype(attribute))
        return getattr(NUMPY, function)(*operands)


def _numba(function: str, operands: list[Any], attribute: Any) -> Any:
    def rule(*x: Text) -> Text:
        if function == "constant":
            return TEXT.constant(attribute, *x)
        return (
            TEXT.cast(*x, as_dtype(attribute))
            if function == "cast"
            else getattr(TEXT, function)(*x)
        )

    return loops.apply(rule, operands)


READINGS: dict[str, Reading] = {"numpy": _numpy, "numba": _numba}
VOCABULARIES: dict[str, Any] = {"numpy": NUMPY, "numba": TEXT}


class Row(NamedTuple):
    function: str
    dtype: str
    operands: list[list[Any]]
    expected: list[Any]
    #: the type of the expected values, where it is not that of the operands
    result: str = ""
    #: how many units in the last place a result may be away
    ulps: int = 0
    #: the number of `constant`, the type of `cast`
    attribute: Any = None


nan, inf, pi = math.nan, math.inf, math.pi
MAX32, MIN32 = 2**31 - 1, -(2**31)
MAX64, MIN64 = 2**63 - 1, -(2**63)
TINY = float(np.finfo(np.float32).tiny)
LESS_THAN_TINY = TINY / 4
HUGE = float(np.finfo(np.float32).max)
LINE = [nan, inf, -inf, 0.0, -0.0, LESS_THAN_TINY, 1.0, -1.0, 0.5, -2.5, 3.0]


def _unary(function: str, expected: list[Any], ulps: int = 0, result: str = "") -> Row:
    return Row(function, "float32", [LINE], expected, result, ulps)


def _by(
    function: str, f: Callable[[float], float], corners: dict[float, float], values: list[float]
) -> list[Row]:
    """Corners by hand, ordinary values by Python's math in float64, for both float types."""
    exact = np.float32(values).astype(float).tolist()
    x, expected = [*corners, *exact], [*corners.values(), *map(f, exact)]
    nans = Row(function, "float32", [[nan]], [nan])
    return [
        nans,
        *(Row(function, dtype, [x], expected, ulps=4) for dtype in ("float32", "float64")),
    ]


F, B, C = "float32", "bool", "complex64"
TABLE: list[Row] = [
    Row("constant", F, [[1.0, 2.0]], [np.float32(0.1)] * 2, attribute=0.1),
    Row("constant", "int32", [[1, 2]], [-7, -7], attribute=-7),
    Row("constant", C, [[1j]], [2.5], attribute=2.5),
    # -- types
    Row(
        "cast",
        F,
        [[nan, inf, -inf, 3e9, -1.9, 2.7, -0.0]],
        [MIN32] * 4 + [-1, 2, 0],
        "int32",
        0,
        "int32",
    ),
    Row(
        "cast", F, [[nan, inf, 1e19, -1.9, 3e9]], [MIN64] * 3 + [-1, 3 * 10**9], "int64", 0, "int64"
    ),
    Row("cast", F, [[300.0, -1.0, 255.9, nan]], [44, 255, 255, 0], "uint8", 0, "uint8"),
    Row("cast", F, [[nan, 0.0, -0.0, LESS_THAN_TINY]], [True, False, False, True], B, 0, "bool"),
    Row("cast", "int64", [[2**32 + 5, -1, MIN64]], [5, -1, 0], "int32", 0, "int32"),
    Row("cast", "int32", [[2**24 + 1, MIN32, -1]], [2.0**24, -(2.0**31), -1.0], F, 0, "float32"),
    Row("cast", "int32", [[-1, 256]], [255, 0], "uint8", 0, "uint8"),
    Row("cast", B, [[True, False]], [1.0, 0.0], F, 0, "float32"),
    Row("cast", C, [[1.5 + 2j, complex(-0.0, 1)]], [1.5, -0.0], F, 0, "float32"),
    Row("cast", F, [[1.5, -0.0]], [1.5, complex(-0.0, 0)], C, 0, "complex64"),
    Row("cast", "float64", [[0.1, 1e300, 1e-300]], [np.float32(0.1), inf, 0.0], F, 0, "float32"),
    Row("select", F, [[True, False, True], [1.0, 2.0, nan], [3.0, -0.0, 5.0]], [1.0, -0.0, nan]),
    # -- arithmetic
    Row("add", "int32", [[MAX32, MIN32, -1], [1, -1, 1]], [MIN32, MAX32, 0]),
    Row("add", "uint8", [[255, 200], [1, 100]], [0, 44]),
    Row(
        "add",
        F,
        [[-0.0, -0.0, inf, HUGE, nan], [-0.0, 0.0, -inf, HUGE, 1.0]],
        [-0.0, 0.0, nan, inf, nan],
    ),
    Row("sub", "int64", [[MIN64, 0], [1, MIN64]], [MAX64, MIN64]),
    Row("sub", "uint8", [[0], [1]], [255]),
    Row("sub", F, [[0.0, -0.0, inf], [0.0, 0.0, inf]], [0.0, -0.0, nan]),
    Row("mul", "int32", [[MIN32, 2**16, MAX32], [-1, 2**16, 2]], [MIN32, 0, -2]),
    Row(
        "mul",
        F,
        [[0.0, -0.0, inf, TINY], [inf, 5.0, -1.0, 0.25]],
        [nan, -0.0, -inf, LESS_THAN_TINY],
    ),
    Row("mul", C, [[1 + 2j], [3 - 1j]], [5 + 5j]),
    Row(
        "div",
        F,
        [[1.0, -1.0, 0.0, inf, 1.0], [0.0, 0.0, 0.0, inf, -0.0]],
        [inf, -inf, nan, nan, -inf],
    ),
    Row("div", "int32", [[7, -7, MIN32], [2, 2, -1]], [3, -3, MIN32]),
    Row("div", C, [[5 + 5j], [3 - 1j]], [1 + 2j], ulps=2),
    Row(
        "floor_div",
        "int32",
        [[7, -7, 7, -7, MIN32, MIN32, MIN32, 0], [2, 2, -2, -2, -1, 1, 3, MIN32]],
        [3, -4, -4, 3, MIN32, MIN32, -715827883, 0],
    ),
    Row("floor_div", "uint8", [[255, 7], [2, 255]], [127, 0]),
    Row(
        "floor_div",
        F,
        [[7.0, -7.0, 1.0, -1.0, nan, 0.0], [2.0, 2.0, 0.0, inf, 1.0, 0.0]],
        [3.0, -4.0, inf, -0.0, nan, nan],
    ),
    Row(
        "floor_mod",
        "int32",
        [[7, -7, 7, -7, MIN32, MIN32, 5], [3, 3, -3, -3, -1, 3, MIN32]],
        [1, 2, -2, -1, 0, 1, 5 + MIN32],
    ),
    Row(
        "floor_mod",
        F,
        [[5.5, -5.5, 5.5, 1.0, -1.0, 1.0], [2.0, 2.0, -2.0, 0.0, inf, inf]],
        [1.5, 0.5, -0.5, nan, inf, 1.0],
    ),
    Row(
        "truncate_div",
        "int32",
        [[7, -7, 7, MIN32, MIN32], [2, 2, -2, -1, 3]],
        [3, -3, -3, MIN32, -715827882],
    ),
    Row("truncate_mod", "int32", [[7, -7, 7, MIN32, MIN32], [3, 3, -3, -1, 3]], [1, -1, 1, 0, -2]),
    Row(
        "truncate_mod",
        F,
        [[5.5, -5.5, 5.5, 1.0, -1.0], [2.0, 2.0, -2.0, 0.0, inf]],
        [1.5, -1.5, 1.5, nan, -1.0],
    ),
    Row(
        "pow",
        "int32",
        [[2, -2, 0, 3, 2, -1], [10, 3, 0, 21, 31, MAX32]],
        [1024, -8, 1, 3**21 - 3 * 2**32 + 2**32, MIN32, -1],
    ),
    Row(
        "pow",
        F,
        [
            [nan, 1.0, 2.0, -2.0, -2.0, 0.0, -0.0, 0.0, inf, -1.0],
            [0.0, nan, -1.0, 3.0, 0.5, 0.0, -1.0, -2.0, -1.0, inf],
        ],
        [1.0, 1.0, 0.5, -8.0, nan, 1.0, -inf, inf, 0.0, 1.0],
    ),
    Row("neg", "int32", [[MIN32, MAX32, 0]], [MIN32, -MAX32, 0]),
    _unary("neg", [nan, -inf, inf, -0.0, 0.0, -LESS_THAN_TINY, -1.0, 1.0, -0.5, 2.5, -3.0]),
    Row("abs", "int32", [[MIN32, -5, 0]], [MIN32, 5, 0]),
    _unary("abs", [nan, inf, inf, 0.0, 0.0, LESS_THAN_TINY, 1.0, 1.0, 0.5, 2.5, 3.0]),
    Row("abs", C, [[3 + 4j, complex(inf, nan), 0j]], [5.0, inf, 0.0], F),
    Row("sign", "int32", [[MIN32, 0, 5]], [-1, 0, 1]),
    _unary("sign", [nan, 1.0, -1.0, 0.0, 0.0, 1.0, 1.0, -1.0, 1.0, -1.0, 1.0]),
    Row("sign", C, [[3 + 4j, 0j]], [0.6 + 0.8j, 0j], ulps=2),
    Row("maximum", "int32", [[MIN32, 5], [MAX32, -5]], [MAX32, 5]),
    Row(
        "maximum",
        F,
        [[nan, 1.0, inf, 0.0, -0.0], [1.0, nan, -inf, -0.0, 0.0]],
        [nan, nan, inf, 0.0, -0.0],
    ),
    Row("minimum", "int32", [[MIN32, 5], [MAX32, -5]], [MIN32, -5]),
    Row(
        "minimum",
        F,
        [[nan, 1.0, inf, 0.0, -0.0], [1.0, nan, -inf, -0.0, 0.0]],
        [nan, nan, -inf, 0.0, -0.0],
    ),
    # -- rounding
    Row(
        "floor",
        F,
        [[nan, inf, -0.0, 0.5, -0.5, -2.5, 1e10]],
        [nan, inf, -0.0, 0.0, -1.0, -3.0, 1e10],
    ),
    Row(
        "ceil",
        F,
        [[nan, -inf, -0.0, 0.5, -0.5, -2.5, LESS_THAN_TINY]],
        [nan, -inf, -0.0, 1.0, -0.0, -2.0, 1.0],
    ),
    Row(
        "round",
        F,
        [[nan, inf, 0.5, 1.5, 2.5, -0.5, -1.5, 0.4999999]],
        [nan, inf, 0.0, 2.0, 2.0, -0.0, -2.0, 0.0],
    ),
    Row("round", "int32", [[MIN32, 3]], [MIN32, 3]),
    # -- powers
    _unary(
        "sqrt",
        [
            nan,
            inf,
            nan,
            0.0,
            -0.0,
            math.sqrt(LESS_THAN_TINY),
            1.0,
            nan,
            math.sqrt(0.5),
            nan,
            math.sqrt(3),
        ],
    ),
    Row("sqrt", C, [[-4 + 0j, 3 + 4j]], [2j, 2 + 1j], ulps=2),
    _unary(
        "rsqrt",
        [nan, 0.0, nan, inf, -inf, LESS_THAN_TINY**-0.5, 1.0, nan, 2**0.5, nan, 3**-0.5],
        ulps=2,
    ),
    # -- questions
    _unary("is_nan", [True] + [False] * 10, result=B),
    _unary("is_inf", [False, True, True] + [False] * 8, result=B),
    _unary("is_finite", [False] * 3 + [True] * 8, result=B),
    Row("equal", F, [[nan, 0.0, inf, 1.0], [nan, -0.0, inf, 2.0]], [False, True, True, False], B),
    Row(
        "not_equal", F, [[nan, 0.0, inf, 1.0], [nan, -0.0, inf, 2.0]], [True, False, False, True], B
    ),
    Row("less", F, [[nan, -0.0, -inf, 1.0], [1.0, 0.0, inf, 1.0]], [False, False, True, False], B),
    Row(
        "less_equal",
        F,
        [[nan, 0.0, -inf, 2.0], [1.0, -0.0, inf, 1.0]],
        [False, True, True, False],
        B,
    ),
    Row(
        "greater", F, [[nan, 0.0, inf, 1.0], [1.0, -0.0, -inf, 1.0]], [False, False, True, False], B
    ),
    Row(
        "greater_equal",
        F,
        [[nan, -0.0, inf, 0.0], [nan, 0.0, -inf, 1.0]],
        [False, True, True, False],
        B,
    ),
    Row("less", "uint8", [[200], [100]], [False], B),
    Row("less", "int64", [[MIN64, 2**53 + 1], [MAX64, 2**53]], [True, False], B),
    # -- logic and bits
    Row("logical_and", B, [[True, True, False], [True, False, False]], [True, False, False]),
    Row("logical_or", B, [[True, True, False], [True, False, False]], [True, True, False]),
    Row("logical_not", B, [[True, False]], [False, True]),
    Row("bit_and", "int32", [[-1, 12], [MIN32, 10]], [MIN32, 8]),
    Row("bit_or", "int32", [[MIN32, 12], [1, 10]], [MIN32 + 1, 14]),
    Row("bit_xor", "uint8", [[255, 12], [15, 10]], [240, 6]),
    Row("bit_not", "int32", [[0, MIN32]], [-1, MAX32]),
    Row("bit_not", "uint8", [[0, 255]], [255, 0]),
    Row("left_shift", "int32", [[1, 1, 3, 1, 5], [31, 40, 31, 0, -1]], [MIN32, MIN32, MIN32, 1, 5]),
    Row("left_shift", "uint8", [[255, 1], [4, 9]], [240, 128]),
    Row("right_shift", "int32", [[-8, MIN32, 8, -1, 5], [1, 40, 31, 99, -1]], [-4, -1, 0, -1, 5]),
    Row("right_shift", "uint8", [[255, 255], [4, 9]], [15, 1]),
    Row("popcount", "int32", [[0, -1, MIN32, 7]], [0, 32, 1, 3], "uint8"),
    Row("popcount", "int64", [[-1, MIN64]], [64, 1], "uint8"),
    Row("popcount", "uint8", [[255, 128]], [8, 1], "uint8"),
    # -- complex numbers
    Row("complex", F, [[1.0, -0.0], [2.0, -0.0]], [1 + 2j, complex(-0.0, -0.0)], C),
    Row("real", C, [[complex(-0.0, 2), 3j]], [-0.0, 0.0], F),
    Row("imag", C, [[complex(1, -0.0), 3j]], [-0.0, 3.0], F),
    Row("conj", C, [[1 + 2j, complex(nan, -0.0)]], [1 - 2j, complex(nan, 0.0)]),
    Row("conj", F, [[1.0, -0.0]], [1.0, -0.0]),
    # -- functions of the real line
    *_by("exp", math.exp, {inf: inf, -inf: 0.0, -0.0: 1.0}, [1.0, -1.0, 20.0, -80.0, 0.001]),
    *_by("expm1", math.expm1, {inf: inf, -inf: -1.0, -0.0: -0.0}, [1.0, -1.0, 20.0, 1e-6, -1e-6]),
    *_by(
        "log",
        math.log,
        {inf: inf, -0.0: -inf, -1.0: nan, 1.0: 0.0},
        [0.5, 20.0, 1e-6, 1.001],
    ),
    *_by(
        "log1p", math.log1p, {inf: inf, -1.0: -inf, -2.0: nan, -0.0: -0.0}, [0.5, 20.0, 1e-6, -1e-6]
    ),
    *_by("sin", math.sin, {inf: nan, -0.0: -0.0}, [1.0, -2.5, 3.0, 100.0]),
    *_by("cos", math.cos, {inf: nan, -0.0: 1.0}, [1.0, -2.5, 3.0, 100.0]),
    *_by("tan", math.tan, {inf: nan, -0.0: -0.0}, [1.0, -2.5, 3.0, 100.0]),
    *_by("asin", math.asin, {1.5: nan, -0.0: -0.0}, [1.0, -1.0, 0.3, -0.7]),
    *_by("acos", math.acos, {1.5: nan, 1.0: 0.0}, [-1.0, 0.3, -0.7, 0.0]),
    *_by("atan", math.atan, {inf: pi / 2, -inf: -pi / 2, -0.0: -0.0}, [1.0, -2.5, 100.0]),
    *_by("sinh", math.sinh, {inf: inf, -inf: -inf, -0.0: -0.0}, [1.0, -2.5, 20.0]),
    *_by("cosh", math.cosh, {inf: inf, -inf: inf, 0.0: 1.0}, [1.0, -2.5, 20.0]),
    *_by("tanh", math.tanh, {inf: 1.0, -inf: -1.0, -0.0: -0.0}, [1.0, -2.5, 20.0, 1e-6]),
    *_by("asinh", math.asinh, {inf: inf, -inf: -inf, -0.0: -0.0}, [1.0, -2.5, 1e6]),
    *_by("acosh", math.acosh, {inf: inf, 0.5: nan, 1.0: 0.0}, [2.5, 1e6]),
    *_by("atanh", math.atanh, {1.0: inf, -1.0: -inf, 2.0: nan, -0.0: -0.0}, [0.5, -0.9, 1e-6]),
    *_by("erf", math.erf, {inf: 1.0, -inf: -1.0, -0.0: -0.0}, [0.5, -1.5, 3.0, 1e-6]),
    *_by("erfc", math.erfc, {inf: 0.0, -inf: 2.0, 0.0: 1.0}, [0.5, -1.5, 3.0, 8.0]),
    *_by(
        "lgamma",
        math.lgamma,
        {inf: inf, -inf: inf, 0.0: inf, -1.0: inf, 1.0: 0.0, 2.0: 0.0},
        [0.5, 3.5, -1.5, 100.0],
    ),
    Row(
        "atan2",
        F,
        [[0.0, -0.0, 0.0, -0.0, 1.0, inf, nan, 1.0], [1.0, 1.0, -1.0, -1.0, 0.0, inf, 1.0, -inf]],
        [0.0, -0.0, pi, -pi, pi / 2, pi / 4, nan, pi],
        ulps=1,
    ),
]


def _assert_same(got: Any, row: Row) -> None:
    dtype = np.dtype(row.result or row.dtype)
    expected = np.array(row.expected).astype(dtype)
    assert got.dtype == dtype
    assert got.shape == expected.shape
    if dtype.kind not in "fc":
        assert got.tolist() == expected.tolist()
        return
    parts = (
        [(got, expected)]
        if dtype.kind == "f"
        else [(got.real, expected.real), (got.imag, expected.imag)]
    )
    for a, b in parts:
        with np.errstate(invalid="ignore", over="ignore"):
            near = np.abs(a.astype(float) - b) <= row.ulps * np.spacing(np.abs(b))
        same = (a == b) & (np.signbit(a) == np.signbit(b))
        assert np.all(same | (np.isnan(a) & np.isnan(b)) | (near & (b != 0))), (row.operands, a, b)


@pytest.mark.parametrize("row", TABLE, ids=lambda r: f"{r.function}-{r.dtype}-{r.result}")
@pytest.mark.parametrize("reading", READINGS)
def test_corners(reading: str, row: Row) -> None:
    types = [row.dtype] * len(row.operands)
    if row.function == "select":
        types[0] = "bool"
    operands = [np.array(o).astype(t) for o, t in zip(row.operands, types, strict=True)]
    kept = [o.copy() for o in operands]
    _assert_same(READINGS[reading](row.function, operands, row.attribute), row)
    for operand, before in zip(operands, kept, strict=True):
        np.testing.assert_array_equal(operand, before)  # inputs are never written into


@pytest.mark.parametrize(
    "function", ["floor_div", "floor_mod", "truncate_div", "truncate_mod", "div"]
)
@pytest.mark.parametrize("reading", READINGS)
def test_integer_division_by_zero_is_an_error(reading: str, function: str) -> None:
    one, zero = np.array([1, 2], np.int32), np.array([1, 0], np.int32)
    with pytest.raises(InvalidArgumentError, match="Integer division by zero"):
        READINGS[reading](function, [one, zero], None)
    empty = np.zeros(0, np.int32)
    assert READINGS[reading](function, [empty, zero[1:]], None).shape == (0,)


def _truncated(x: int, y: int) -> int:
    return abs(x) // abs(y) * (1 if (x < 0) == (y < 0) else -1)


@pytest.mark.parametrize(
    "dtype", ["int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64"]
)
@pytest.mark.parametrize(
    ("function", "exact"),
    [
        ("floor_div", lambda x, y: x // y),
        ("floor_mod", lambda x, y: x % y),
        ("truncate_div", _truncated),
        ("truncate_mod", lambda x, y: x - y * _truncated(x, y)),
        ("add", lambda x, y: x + y),
        ("sub", lambda x, y: x - y),
        ("mul", lambda x, y: x * y),
    ],
)
@pytest.mark.parametrize("reading", READINGS)
def test_integers_are_pythons_but_wrap(reading: str, function: str, exact: Any, dtype: str) -> None:
    limits = np.iinfo(dtype)
    line = [
        limits.min,
        limits.min + 1,
        limits.max // 2,
        limits.max - 1,
        limits.max,
        1,
        2,
        3,
        7,
        100,
    ]
    line += [-1, -2, -3, -7, -100] if limits.min else [200]
    pairs = [(x, y) for x in [*line, 0] for y in line if y]
    x, y = (np.array(side, dtype) for side in zip(*pairs, strict=True))
    modulus = 2**limits.bits
    expected = [(exact(a, b) - limits.min) % modulus + limits.min for a, b in pairs]
    assert READINGS[reading](function, [x, y], None).tolist() == expected


@pytest.mark.parametrize("reading", READINGS)
def test_negative_powers_of_integers_are_an_error(reading: str) -> None:
    with pytest.raises(InvalidArgumentError, match="negative integer powers"):
        READINGS[reading]("pow", [np.array([2, 2]), np.array([1, -1])], None)


@pytest.mark.parametrize("reading", VOCABULARIES)
def test_a_reading_has_these_functions_and_no_others(reading: str) -> None:
    assert {n for n in dir(VOCABULARIES[reading]) if not n.startswith("_")} == set(MEANING)


def test_the_table_leaves_no_function_out() -> None:
    assert {row.function for row in TABLE} == set(MEANING)
