"""The Hurwitz zeta function and the derivatives of digamma."""

from __future__ import annotations

import math

import numpy as np

from graphflow.numeric.elements import Array
from graphflow.numeric.special.evaluation import in_double, pieces
from graphflow.numeric.special.gamma import log_gamma, log_gamma_slope
from graphflow.numeric.special.tables import EULER_MACLAURIN

#: So many terms are summed before the tail is approximated.
_TERMS = 10

_FACTORIALS = np.array([float(math.factorial(n)) for n in range(171)])


def _positive(x: Array, q: Array) -> Array:
    """Terms up to q + 9, and the tail by Euler and Maclaurin's formula, of x > 1 and q > 0."""
    total = np.zeros_like(x)
    for k in range(_TERMS):
        total += (q + k) ** -x
    end = q + _TERMS
    power = end**-x
    tail = power * (end / (x - 1) + 0.5)
    factor = power * x / end
    for k, b in enumerate(EULER_MACLAURIN):
        tail += b * factor
        factor = factor * (x + 2 * k + 1) / end * (x + 2 * k + 2) / end
    # So small are the terms behind infinity that the formula's products of 0 and inf mean 0.
    return total + np.where(power > 0, tail, 0)


def _negative(x: Array, q: Array) -> Array:
    """Of an integer x and a q < 0 that is none: the terms below zero by their mirror images."""
    below, rest = -np.floor(q), q - np.floor(q)
    sign = np.where(x % 2 == 0, 1.0, -1.0)
    mirrored = _positive(x, 1 - rest) - _positive(x, below + 1 - rest)
    return _positive(x, rest) + sign * mirrored


def hurwitz(x: Array, q: Array) -> Array:
    """zeta(x, q) of float64 vectors."""

    def infinite(x: Array, q: Array) -> Array:
        return np.full(x.shape, np.inf)

    whole_q, whole_x = q == np.floor(q), x == np.floor(x)
    missing = np.isnan(x) | np.isnan(q) | (x < 1)
    return pieces(
        [
            (missing, lambda x, q: np.full(x.shape, np.nan)),
            ((x == 1) | ((q <= 0) & whole_q), infinite),
            (q == np.inf, lambda x, q: np.zeros(x.shape)),
            (
                (x == np.inf) & (q > 0),
                lambda x, q: np.where(q == 1, 1.0, np.where(q < 1, np.inf, 0.0)),
            ),
            (q > 0, _positive),
            (whole_x & np.isfinite(x), _negative),
        ],
        x,
        q,
    )


@in_double
def zeta(x: Array, q: Array) -> Array:
    """sum of (q + k) ** -x over k = 0, 1, ...: inf at x = 1 and q = 0, -1, ..., NaN of x < 1."""
    return hurwitz(x, q)


@in_double
def polygamma(n: Array, x: Array) -> Array:
    """The n-th derivative of digamma, (-1) ** (n + 1) n! zeta(n + 1, x); NaN unless n is 0, 1, 2, ..."""

    def derivative(n: Array, x: Array) -> Array:
        sign = np.where(n % 2 == 0, -1.0, 1.0)
        value = hurwitz(n + 1, x)
        known = n <= 170
        small = _FACTORIALS[np.where(known, n, 0).astype(np.int64)] * value
        large = np.exp(log_gamma(n + 1) + np.log(np.abs(value))) * np.sign(value)
        return sign * np.where(known, small, large)

    whole = (n == np.floor(n)) & (n >= 0) & np.isfinite(n)
    return pieces([(n == 0, lambda n, x: log_gamma_slope(x)), (whole, derivative)], n, x)
