"""Bands and diagonals of (batches of) matrices.

Diagonal d of a matrix has the elements [n + max(-d, 0), n + max(d, 0)], n = 0, 1, ... A band k =
(lowest, highest) of several diagonals is a matrix with a row for each, the highest first, filled
from the left and padded at the right.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphflow.numeric.elements import Array


def matrix_band_part(x: Array, num_lower: int, num_upper: int) -> Array:
    """x[i, j] where i - j <= num_lower and j - i <= num_upper (negative: no bound), else 0."""
    x = np.asarray(x)
    rows, cols = _matrix_shape(x)
    for name, count, limit in (("num_lower", num_lower, rows), ("num_upper", num_upper, cols)):
        if count > limit:
            raise ValueError(f"{name} must be negative or at most {limit}, got {count}")
    distance = np.arange(cols) - np.arange(rows)[:, None]
    keep = np.ones((rows, cols), np.bool_)
    if num_lower >= 0:
        keep &= -distance <= num_lower
    if num_upper >= 0:
        keep &= distance <= num_upper
    return np.where(keep, x, np.zeros((), x.dtype))


def _matrix_shape(x: Array) -> tuple[int, int]:
    if x.ndim < 2:
        raise ValueError(f"the input must have at least 2 dimensions, got shape {x.shape}")
    return x.shape[-2], x.shape[-1]


def _band(k: Any) -> tuple[int, int]:
    """The lowest and the highest diagonal of `k`: a number, or one or two in a vector."""
    ends = [int(v) for v in np.asarray(k).ravel()]
    if len(ends) not in (1, 2) or ends[0] > ends[-1]:
        raise ValueError(
            f"k must be one diagonal, or the lowest and the highest of a band: got {k}"
        )
    return ends[0], ends[-1]


def _longest(rows: int, cols: int, low: int, high: int) -> int:
    return min(rows + min(high, 0), cols - max(low, 0))


def _places(rows: int, cols: int, low: int, high: int) -> tuple[Array, Array, Array]:
    """Row, column and validity of each element of a band, by diagonal and place in it."""
    d = np.arange(high, low - 1, -1)[:, None]
    n = np.arange(max(_longest(rows, cols, low, high), 0))
    row, col = n + np.maximum(-d, 0), n + np.maximum(d, 0)
    return row, col, (row < rows) & (col < cols)


def _check_inside(shape: tuple[int, int], low: int, high: int) -> None:
    """Refuse a band with a diagonal that a matrix of this shape does not have."""
    rows, cols = shape
    if not (-rows < low and high < cols) and not low == high == 0:
        raise ValueError(
            f"diagonals {low} to {high} are not in a matrix of {rows} rows and {cols} columns"
        )


def _as_band(diagonal: Array, low: int, high: int) -> Array:
    """Diagonals with an axis for their number, also where there is one only."""
    if low == high:
        return diagonal[..., None, :]
    if diagonal.ndim < 2 or diagonal.shape[-2] != high - low + 1:
        raise ValueError(
            f"diagonals {low} to {high} must come as {high - low + 1} rows, got shape {diagonal.shape}"
        )
    return diagonal


def matrix_diag_part(x: Array, k: Any = (0, 0), padding_value: Any = 0) -> Array:
    """out[d, n] = element n of diagonal d; padding_value beyond its end."""
    x = np.asarray(x)
    low, high = _band(k)
    _check_inside(_matrix_shape(x), low, high)
    row, col, valid = _places(*_matrix_shape(x), low, high)
    fill = np.asarray(padding_value, x.dtype)
    if not x.size:
        return np.full((*x.shape[:-2], *(row.shape[1:] if low == high else row.shape)), fill)
    band = np.where(valid, x[..., np.where(valid, row, 0), np.where(valid, col, 0)], fill)
    return band[..., 0, :] if low == high else band


def matrix_set_diag(x: Array, diagonal: Array, k: Any = (0, 0)) -> Array:
    """x with element n of diagonal d replaced by diagonal[d, n]."""
    x, diagonal = np.asarray(x), np.asarray(diagonal)
    low, high = _band(k)
    _check_inside(_matrix_shape(x), low, high)
    row, col, valid = _places(*_matrix_shape(x), low, high)
    if diagonal.ndim == 0:
        raise ValueError("the diagonal must have at least one dimension, got a scalar")
    band = _as_band(diagonal, low, high)
    want = (*x.shape[:-2], *row.shape)
    if band.shape != want:
        raise ValueError(f"the diagonals of {x.shape} have the shape {want}, got {band.shape}")
    out = x.copy()
    out[..., row[valid], col[valid]] = band[..., valid]
    return out


def matrix_diag(
    diagonal: Array, k: Any = (0, 0), num_rows: int = -1, num_cols: int = -1, padding_value: Any = 0
) -> Array:
    """A matrix of padding_value with diagonal[d, n] at element n of diagonal d.

    Sizes that are -1 become the least that hold the diagonals; both so, a square.
    """
    diagonal = np.asarray(diagonal)
    low, high = _band(k)
    if diagonal.ndim == 0:
        raise ValueError("the diagonal must have at least one dimension, got a scalar")
    band = _as_band(diagonal, low, high)
    longest = band.shape[-1]
    least_rows, least_cols = longest - min(high, 0), longest + max(low, 0)
    rows, cols = int(num_rows), int(num_cols)
    if rows == cols == -1:
        rows = cols = max(least_rows, least_cols)
    rows = least_rows if rows == -1 else rows
    cols = least_cols if cols == -1 else cols
    if rows < least_rows or cols < least_cols or (rows != least_rows and cols != least_cols):
        raise ValueError(
            f"diagonals {low} to {high} of at most {longest} elements do not fit a matrix of "
            f"{rows} rows and {cols} columns"
        )
    row, col, valid = _places(rows, cols, low, high)
    out = np.full((*band.shape[:-2], rows, cols), padding_value, diagonal.dtype)
    out[..., row[valid], col[valid]] = band[..., valid]
    return out


def diag(diagonal: Array) -> Array:
    """out[i, i] = diagonal[i] for coordinates i of any number of axes, 0 elsewhere."""
    diagonal = np.asarray(diagonal)
    n = diagonal.size
    out = np.zeros((n, n), diagonal.dtype)
    out[np.arange(n), np.arange(n)] = diagonal.ravel()
    return out.reshape(diagonal.shape * 2)


def diag_part(x: Array) -> Array:
    """out[i] = x[i, i], the inverse of `diag`."""
    x = np.asarray(x)
    half = x.ndim // 2
    shape = x.shape[:half]
    if x.ndim % 2 or shape != x.shape[half:]:
        raise ValueError(f"the two halves of the shape must be equal, got {x.shape}")
    n = math.prod(shape)
    return x.reshape(n, n)[np.arange(n), np.arange(n)].reshape(shape)
