"""How approximations are evaluated: by series and by pieces, in float64, and rounded once."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence

import numpy as np

from graphflow.numeric.elements import Array, compute_type, narrowed, quiet

Function = Callable[..., Array]


def chebyshev(coefficients: Sequence[float], t: Array) -> Array:
    """sum of coefficients[k] * T_k(t), by Clenshaw's recurrence."""
    double, later, latest = 2 * t, np.zeros_like(t), np.zeros_like(t)
    for c in coefficients[:0:-1]:
        later, latest = double * later - latest + c, later
    return t * later - latest + coefficients[0]


def polynomial(coefficients: Sequence[float], x: Array) -> Array:
    """sum of coefficients[k] * x ** k, by Horner's rule."""
    total = np.full_like(x, coefficients[-1])
    for c in coefficients[-2::-1]:
        total = total * x + c
    return total


def pieces(choices: Sequence[tuple[Array, Function]], *arguments: Array) -> Array:
    """For each element the function of the first condition that holds there; NaN where none does."""
    out = np.full(arguments[0].shape, np.nan)
    open_ = np.ones(out.shape, np.bool_)
    for condition, function in choices:
        own = open_ & condition
        if own.any():
            out[own] = function(*(a[own] for a in arguments))
            open_ &= ~own
    return out


def in_double(function: Function) -> Function:
    """`function` of float64 vectors as one of broadcast arrays of any one float type."""

    @functools.wraps(function)
    @quiet
    def rounded(*arguments: Array) -> Array:
        arrays = [np.asarray(a) for a in arguments]
        dtype = arrays[0].dtype
        wide = [np.asarray(a, compute_type(dtype)).astype(np.float64) for a in arrays]
        shape = np.broadcast_shapes(*(a.shape for a in wide))
        flat = [np.broadcast_to(a, shape).ravel() for a in wide]
        return narrowed(function(*flat).reshape(shape), dtype)

    return rounded
