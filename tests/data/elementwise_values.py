"""The operands with which element-wise ops are recorded and checked: every corner of every type.

It runs where TensorFlow 1.15 does too, on Python 3.7.
"""

from __future__ import annotations

import numpy as np

#: types by the names that TensorFlow gives them
FLOATS = ("float16", "float32", "float64")
INTEGERS = ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64")
COMPLEX = ("complex64", "complex128")
NUMBERS = FLOATS + INTEGERS + COMPLEX

_ORDINARY = [1e-3, -1e-3, 0.3, -0.7, 3.0, -3.0, 7.25, -7.25, 20.0, -20.0, 88.5, -90.0, 1e4, -1e4]
_CORNERS = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.5, -0.5, 1.5, -1.5, 2.5, -2.5]
_FEW = [np.nan, np.inf, -np.inf, 0.0, -0.0, 1.0, -1.0, 0.5, -2.5, 3.0, -3.0, 7.25, 100.0, -100.0]


def line(dtype):
    """A vector of the corners of a type and of some ordinary values."""
    kind = np.dtype(dtype)
    if dtype == "bool":
        return np.array([False, True, False])
    if kind.kind in "iu":
        limits = np.iinfo(kind)
        values = [0, 1, 2, 3, 5, 7, 100, limits.max - 1, limits.max, limits.min, limits.min + 1]
        values += [-1, -2, -3, -7, -100] if kind.kind == "i" else [200]
        return np.array(values, kind)
    if kind.kind == "c":
        return np.array([0, 1, -1, 1j, -1j, 0.5 + 0.25j, -1.5 + 2j, 2 - 0.75j, -0.1 - 0.2j], kind)
    limits = np.finfo(kind)
    small = [limits.tiny, -limits.tiny, limits.tiny / 4, limits.max, limits.min, limits.eps]
    return np.array([*_CORNERS, *_ORDINARY, *small], kind)


def short(dtype):
    """As `line`, few enough to be paired with each other."""
    kind = np.dtype(dtype)
    if kind.kind == "f":
        limits = np.finfo(kind)
        return np.array([*_FEW, limits.tiny, limits.max], kind)
    return line(dtype)


def pairs(dtype):
    """Every pair of `short`, as a column and a row that broadcast."""
    values = short(dtype)
    return values[:, None], values[None, :]


def divisible_pairs(dtype):
    """As `pairs`, but no integer is divided by zero, and not the least one, over which TensorFlow dies."""
    x, y = pairs(dtype)
    if np.dtype(dtype).kind not in "iu":
        return x, y
    least = np.iinfo(np.dtype(dtype)).min
    return x[(x != least) | (least == 0)][:, None], y[y != 0][None, :]


DIVISIONS = ("RealDiv", "Div", "Mod", "FloorMod", "FloorDiv", "TruncateDiv", "TruncateMod")


def operands(op, dtype, count):
    """The operands with which an op is tried."""
    if count == 1:
        return [line(dtype)]
    x, y = divisible_pairs(dtype) if op in DIVISIONS else pairs(dtype)
    if op == "Pow" and np.dtype(dtype).kind == "i":
        y = y[y >= 0][None, :]
    return [x, y]
