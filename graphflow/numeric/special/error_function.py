"""The error function 2 / sqrt(pi) * integral of exp(-t ** 2) from 0 to x, and its complement."""

from __future__ import annotations

import numpy as np

from graphflow.numeric.elements import Array
from graphflow.numeric.special.evaluation import chebyshev, in_double, pieces
from graphflow.numeric.special.tables import ERF, ERFC


def _near(x: Array) -> Array:
    return x * chebyshev(ERF, 2 * x * x - 1)


def _tail(x: Array) -> Array:
    """erfc(x) of x >= 0."""
    # The square of the upper half of the bits is exact; what is missing of x ** 2 is small.
    upper = x.astype(np.float32).astype(np.float64)
    gauss = np.exp(-upper * upper) * np.exp((upper - x) * (upper + x))
    return gauss * chebyshev(ERFC, (x - 3.75) / (x + 3.75)) / (1 + 2 * x)


@in_double
def erf(x: Array) -> Array:
    """Of |x| >= 1 by the complement."""
    return pieces(
        [
            (np.abs(x) < 1, _near),
            (np.abs(x) < 30, lambda v: np.copysign(1 - _tail(np.abs(v)), v)),
            (~np.isnan(x), np.sign),
        ],
        x,
    )


@in_double
def erfc(x: Array) -> Array:
    """1 - erf(x), exact where that would cancel."""
    return pieces(
        [
            (np.abs(x) < 0.5, lambda v: 1 - _near(v)),
            ((x > 0) & (x < 30), _tail),
            ((x < 0) & (x > -30), lambda v: 2 - _tail(-v)),
            (~np.isnan(x), lambda v: np.where(v > 0, 0.0, 2.0)),
        ],
        x,
    )
