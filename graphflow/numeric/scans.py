"""Running sums, products and log-sum-exps along an axis.

Exclusive: element i leaves itself out. Reverse: from the end.
"""

from __future__ import annotations

import numpy as np

from graphflow.numeric.elements import Array, narrowed, quiet, widened
from graphflow.numeric.gathering import normal_axis


def _scan(
    ufunc: np.ufunc, x: Array, axis: int, exclusive: bool, reverse: bool, identity: float
) -> Array:
    x = np.asarray(x)
    axis = normal_axis(int(axis), x.ndim)
    rows = np.moveaxis(widened(x), axis, 0)
    if reverse:
        rows = rows[::-1]
    if exclusive:
        first = np.full((min(1, len(rows)), *rows.shape[1:]), identity, rows.dtype)
        rows = np.concatenate([first, rows[:-1]])
    out = ufunc.accumulate(rows, axis=0, dtype=rows.dtype) if rows.size else rows
    out = np.moveaxis(out[::-1] if reverse else out, 0, axis)
    return narrowed(np.ascontiguousarray(out), x.dtype)


@quiet
def cumsum(x: Array, axis: int, exclusive: bool = False, reverse: bool = False) -> Array:
    """out[i] = x[0] + ... + x[i]."""
    return _scan(np.add, x, axis, exclusive, reverse, 0)


@quiet
def cumprod(x: Array, axis: int, exclusive: bool = False, reverse: bool = False) -> Array:
    """out[i] = x[0] * ... * x[i]."""
    return _scan(np.multiply, x, axis, exclusive, reverse, 1)


@quiet
def cumulative_logsumexp(
    x: Array, axis: int, exclusive: bool = False, reverse: bool = False
) -> Array:
    """out[i] = log(exp(x[0]) + ... + exp(x[i])); -inf of nothing."""
    return _scan(np.logaddexp, x, axis, exclusive, reverse, -np.inf)
