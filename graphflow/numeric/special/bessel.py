"""Modified Bessel functions of the first kind, scaled by exp(-|x|)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from graphflow.numeric.elements import Array
from graphflow.numeric.special.evaluation import chebyshev, in_double, pieces
from graphflow.numeric.special.tables import I0E_FAR, I0E_NEAR, I1E_FAR, I1E_NEAR


def _far(coefficients: Sequence[float], x: Array) -> Array:
    return chebyshev(coefficients, 16 / x - 1) / np.sqrt(x)


@in_double
def bessel_i0e(x: Array) -> Array:
    """exp(-|x|) I0(x), an even function."""
    size = np.abs(x)
    return pieces(
        [
            (size <= 8, lambda v: chebyshev(I0E_NEAR, v / 4 - 1)),
            (size > 8, lambda v: _far(I0E_FAR, v)),
        ],
        size,
    )


@in_double
def bessel_i1e(x: Array) -> Array:
    """exp(-|x|) I1(x), an odd function."""
    size = np.abs(x)
    value = pieces(
        [
            (size <= 8, lambda v: v * chebyshev(I1E_NEAR, v / 4 - 1) / (1 + v / 4) ** 2),
            (size > 8, lambda v: _far(I1E_FAR, v)),
        ],
        size,
    )
    return np.copysign(value, x)
