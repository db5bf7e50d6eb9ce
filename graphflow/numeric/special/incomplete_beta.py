"""The regularised incomplete beta function.

I(a, b, x) = gamma(a + b) / (gamma(a) gamma(b)) * integral of t ** (a - 1) (1 - t) ** (b - 1) from 0
to x
"""

from __future__ import annotations

import numpy as np

from graphflow.numeric.elements import Array
from graphflow.numeric.special.deviance import binomial
from graphflow.numeric.special.evaluation import in_double, pieces

_TINY = 1e-300
_EPSILON = 2.0**-52

#: The steps grow as the root of the parameters; from 1e8 on results lose digits.
_LIMIT = 20000


def _kept(v: Array) -> Array:
    return np.where(np.abs(v) < _TINY, _TINY, v)


def _fraction(a: Array, b: Array, x: Array) -> Array:
    """The continued fraction 1 + d1 / (1 + d2 / (1 + ...)) of a x ** -a y ** -b B(a, b) I, y = 1 - x.

    d(2m) = m (b - m) x / ((a + 2m - 1) (a + 2m)), d(2m + 1) = -(a + m) (a + b + m) x / ((a + 2m) (a
    + 2m + 1)).
    """
    c = np.ones_like(a)
    d = 1 / _kept(1 - (a + b) * x / (a + 1))
    h = d
    moving, m = np.ones(a.shape, np.bool_), 0
    while moving.any():
        m += 1
        even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
        step = np.ones_like(a)
        for term in (even, odd):
            d = 1 / _kept(1 + term * d)
            c = _kept(1 + term / c)
            step = step * (c * d)
        h = np.where(moving, h * step, h)
        moving &= (np.abs(step - 1) > _EPSILON) & (m < _LIMIT)
    return h


def _inside(a: Array, b: Array, x: Array) -> Array:
    y = 1 - x
    mirrored = x > (a + 1) / (a + b + 2)
    p, q = np.where(mirrored, b, a), np.where(mirrored, a, b)
    u, v = np.where(mirrored, y, x), np.where(mirrored, x, y)
    part = binomial(p, q, u, v) * (q / (p + q)) * _fraction(p, q, u)
    return np.where(mirrored, 1 - part, part)


@in_double
def betainc(a: Array, b: Array, x: Array) -> Array:
    """I(a, b, x); NaN unless a > 0, b > 0 and x is in [0, 1]."""
    defined = (a > 0) & (b > 0)
    return pieces(
        [
            (defined & ((x == 0) | (x == 1)), lambda a, b, x: x),
            (defined & (x > 0) & (x < 1) & np.isfinite(a + b), _inside),
        ],
        a,
        b,
        x,
    )
