"""Element-wise ops against results that TensorFlow 1.15.5 computed, on the corners of every type."""

from __future__ import annotations

import functools
import importlib.util
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import graphflow.ops
from graphflow.ir.dtype import as_dtype
from graphflow.ir.op import lookup

DATA = Path(__file__).parent.parent / "data"


@functools.cache
def recorded() -> dict[str, Any]:
    with np.load(DATA / "ops" / "elementwise.npz") as file:
        return dict(file)


@functools.cache
def values() -> Any:
    spec = importlib.util.spec_from_file_location(
        "elementwise_values", DATA / "elementwise_values.py"
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def tiny(x: Any) -> Any:
    """Where x is too small to be normal: TensorFlow takes such numbers for zero, graphflow computes with them."""
    if x.dtype.kind not in "fc":
        return np.zeros(x.shape, bool)
    size = np.abs(x.astype(np.complex128) if x.dtype.kind == "c" else x.astype(np.float64))
    return (size != 0) & (size <= float(np.finfo(x.dtype).tiny))


def _near_limit(x: Any) -> Any:
    return np.abs(x.astype(float)) > np.iinfo(x.dtype).max / 2 - 1


#: Where TensorFlow 1.15 is wrong by IEEE's and by TensorFlow 2's own rules: op -> the elements it gets wrong.
WRONG: dict[str, Callable[..., Any]] = {
    # takes NaN for zero
    "Sign": lambda x: x != x,
    # its fast float32 square root knows no infinity and no extremes
    "Sqrt": lambda x: (x == np.inf) | (np.abs(x) > 1e38) | tiny(x),
    "Rsqrt": lambda x: (x == np.inf) | (x == 0) | (np.abs(x) > 1e38) | tiny(x),
    # loses NaN when it is the second operand
    "Maximum": lambda x, y: (y != y) & (x == x),
    "Minimum": lambda x, y: (y != y) & (x == x),
    # float16: NaN is zero; float32: the result is cut to zero or infinity too early
    "Sinh": lambda x: x != x,
    "Cosh": lambda x: x != x,
    "Asinh": lambda x: x != x,
    "Exp": lambda x: np.abs(x) > 88,
    "Expm1": lambda x: x > 88,
    "Sigmoid": lambda x: np.abs(x) > 18,
    # computes its remainder with numbers that overflow
    "FloorDiv": lambda x, y: (
        (_near_limit(x) | _near_limit(y)) if x.dtype.kind in "iu" else (y != y) | (np.abs(y) > 1e38)
    ),
    # multiply by a reciprocal that vanishes
    "TruncateDiv": lambda x, y: np.abs(y) > 1e38 if x.dtype.kind == "f" else y == 0,
    "SqrtGrad": lambda y, dy: np.abs(y) > 1e38 if y.dtype.kind == "f" else y == 0,
    # numbers over a complex zero; 0 ** 0
    "RealDiv": lambda x, y: (y == 0) & (x.dtype.kind == "c"),
    "Div": lambda x, y: (y == 0) & (x.dtype.kind == "c"),
    "Xdivy": lambda x, y: (y == 0) & (x.dtype.kind == "c"),
    "Pow": lambda x, y: (x == 0) & (y == 0) & (x.dtype.kind == "c"),
    "Log1p": lambda x: x == -1,
    # float16: |NaN| is below the tolerance
    "ApproximateEqual": lambda x, y: (
        (x != x) | (y != y) | (np.abs(x) == np.inf) | (np.abs(y) == np.inf)
    ),
    # float16: an intermediate result overflows, which graphflow computes in float32
    "SigmoidGrad": lambda y, dy: np.abs(y) > 60000,
    "TanhGrad": lambda y, dy: np.abs(y) > 60000,
    "ReciprocalGrad": lambda y, dy: np.abs(dy) == np.inf,
    "InvGrad": lambda y, dy: np.abs(dy) == np.inf,
}
# TensorFlow 1 gives inf at the poles, TensorFlow 2 and graphflow NaN
WRONG["Digamma"] = lambda x: (x <= 0) & (np.floor(x) == x)
#: in units in the last place of the larger part; the rest must agree within 4
ULPS = {
    "Log1p": 16,
    "Sigmoid": 400,
    "Asinh": 32,
    "Acosh": 32,
    "Atanh": 32,
    "Lgamma": 64,
    "Erf": 16,
    "Erfc": 32,
    "Digamma": 64,
}
#: the same in float16, where TensorFlow rounds after every step
HALF_ULPS = 16


@pytest.mark.parametrize(
    "name", [pytest.param(n) for n in np.load(DATA / "ops" / "elementwise.npz").files]
)
def test_agrees_with_tensorflow(name: str) -> None:
    op_type, dtype = name.split(".")
    expected = recorded()[name]
    cls = lookup(op_type)
    count = len(cls.sig().inputs)
    operands = values().operands(op_type, dtype, count)
    if expected.ndim > 1:
        operands = list(np.broadcast_arrays(*operands))
    attributes = {"Tout": as_dtype(expected.dtype)} if "Tout" in cls.fields else {}
    got = cls(**attributes).reference(*operands)
    assert got.dtype == expected.dtype
    assert got.shape == expected.shape
    with np.errstate(all="ignore"):
        skipped = np.zeros(got.shape, bool) | functools.reduce(np.logical_or, map(tiny, operands))
        if op_type in WRONG:
            skipped |= WRONG[op_type](*operands)
        same = _same(got, expected, HALF_ULPS if dtype == "float16" else ULPS.get(op_type, 4))
    wrong = np.argwhere(~(same | skipped))
    assert not len(wrong), [
        (*(o[tuple(i)] for o in operands), "is", got[tuple(i)], "not", expected[tuple(i)])
        for i in wrong[:8]
    ]
    assert not skipped.all()


def _same(got: Any, expected: Any, ulps: int) -> Any:
    """Where two arrays agree: NaN with NaN, a vanishing number with zero, others within a few roundings."""
    if expected.dtype.kind not in "fc":
        return got == expected
    equal = (got == expected) | (np.isnan(got) & np.isnan(expected))
    size = np.abs(expected)
    away = np.abs(got.astype(np.complex128) - expected.astype(np.complex128))
    vanishing = (np.abs(got) <= 4 * np.finfo(size.dtype).tiny) & (
        size <= 4 * np.finfo(size.dtype).tiny
    )
    return equal | vanishing | (away <= ulps * np.spacing(size).astype(np.float64))


def test_every_recorded_op_exists() -> None:
    assert {n.split(".")[0] for n in recorded()} <= set(graphflow.ir.op.REGISTRY)
