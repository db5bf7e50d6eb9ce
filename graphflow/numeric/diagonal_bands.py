"""Bands of diagonals of matrices, packed as rows: what MatrixDiag and its kin of version 2 and 3 move.

A band k = (low, high) has high - low + 1 diagonals, the highest first. In the packed form each is a row as long
as the longest of them; `align` says for the diagonals above and below the main one at which end of its row a
shorter one lies: "RIGHT_LEFT" puts superdiagonals to the right and subdiagonals to the left.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
ALIGNMENTS = ("LEFT_RIGHT", "RIGHT_LEFT", "LEFT_LEFT", "RIGHT_RIGHT")


def band(k: Array) -> tuple[int, int]:
    """(low, high) of one number or a pair."""
    ends = [int(v) for v in np.asarray(k).reshape(-1)]
    if len(ends) not in (1, 2) or ends[0] > ends[-1]:
        raise ValueError(f"diag_index must be a scalar or an ascending pair, received {ends}")
    return ends[0], ends[-1]


def length(diagonal: int, rows: int, columns: int) -> int:
    """How many elements a diagonal of a rows x columns matrix has."""
    return max(0, min(rows + min(diagonal, 0), columns - max(diagonal, 0)))


def longest(low: int, high: int, rows: int, columns: int) -> int:
    """The length of the longest diagonal of a band."""
    return max(0, min(rows + min(high, 0), columns - max(low, 0)))


def _rows(
    low: int, high: int, rows: int, columns: int, align: str
) -> Iterator[tuple[int, slice, slice, slice]]:
    """For each diagonal: its packed row, the part of it that is used, and the matrix rows and columns."""
    if align not in ALIGNMENTS:
        raise ValueError(f"align must be one of {', '.join(ALIGNMENTS)}, not {align!r}")
    above, below = align.split("_")
    width = longest(low, high, rows, columns)
    for at, diagonal in enumerate(range(high, low - 1, -1)):
        count = length(diagonal, rows, columns)
        to_the_right = (above if diagonal >= 0 else below) == "RIGHT"
        start = width - count if to_the_right else 0
        row, column = max(0, -diagonal), max(0, diagonal)
        yield (
            at,
            slice(start, start + count),
            slice(row, row + count),
            slice(column, column + count),
        )


def _check(low: int, high: int, rows: int, columns: int) -> None:
    for name, k in (("lower", low), ("upper", high)):
        if not -rows < k < columns and k != 0:
            raise ValueError(
                f"{name}_diag_index is out of bound: {k} in a {rows} x {columns} matrix"
            )


def _at(rows: slice, columns: slice) -> tuple[Array, Array]:
    return np.arange(rows.start, rows.stop), np.arange(columns.start, columns.stop)


def diag_part(x: Array, k: Array, padding: Array, align: str) -> Array:
    """The band of each matrix, packed; a single diagonal has no packed axis."""
    low, high = band(k)
    rows, columns = x.shape[-2:]
    _check(low, high, rows, columns)
    packed = np.full(
        (*x.shape[:-2], high - low + 1, longest(low, high, rows, columns)), padding, x.dtype
    )
    for at, used, r, c in _rows(low, high, rows, columns, align):
        packed[..., at, used] = x[..., *_at(r, c)]
    return packed[..., 0, :] if low == high else packed


def set_diag(x: Array, diagonal: Array, k: Array, align: str) -> Array:
    """Each matrix with its band replaced by the packed one."""
    low, high = band(k)
    rows, columns = x.shape[-2:]
    _check(low, high, rows, columns)
    packed = diagonal[..., None, :] if low == high else diagonal
    wanted = (*x.shape[:-2], high - low + 1, longest(low, high, rows, columns))
    if packed.shape != wanted:
        raise ValueError(
            f"diagonals of shape {list(packed.shape)} do not fit, they must be {list(wanted)}"
        )
    out = x.copy()
    for at, used, r, c in _rows(low, high, rows, columns, align):
        out[..., *_at(r, c)] = packed[..., at, used]
    return out


def matrix_sizes(low: int, high: int, width: int, rows: int, columns: int) -> tuple[int, int]:
    """The size of the matrix a packed band belongs to; -1 for rows or columns that shall follow from it."""
    least_rows, least_columns = width - min(high, 0), width + max(low, 0)
    if rows == -1 and columns == -1:
        side = max(least_rows, least_columns)
        return side, side
    found = (least_rows if rows == -1 else rows, least_columns if columns == -1 else columns)
    if found[0] < least_rows or found[1] < least_columns:
        raise ValueError(
            f"a band of {width} elements does not fit a {found[0]} x {found[1]} matrix"
        )
    if found[0] != least_rows and found[1] != least_columns:
        raise ValueError(f"The number of rows or columns is not consistent with the band: {found}")
    return found


def matrix_diag(
    diagonal: Array, k: Array, rows: int, columns: int, padding: Array, align: str
) -> Array:
    """Matrices of `padding` with the packed band in them."""
    low, high = band(k)
    batch = diagonal.shape[:-1] if low == high else diagonal.shape[:-2]
    if low != high and diagonal.shape[-2] != high - low + 1:
        raise ValueError(f"{diagonal.shape[-2]} diagonals given for the band {low}..{high}")
    sizes = matrix_sizes(low, high, diagonal.shape[-1], int(rows), int(columns))
    return set_diag(np.full((*batch, *sizes), padding, diagonal.dtype), diagonal, k, align)
