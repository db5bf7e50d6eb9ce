"""The regularised incomplete gamma functions P(a, x) and Q(a, x) = 1 - P.

    P(a, x) = 1 / gamma(a) * integral of t ** (a - 1) exp(-t) from 0 to x

Four ways lead there: the power series of P, the continued fraction of Q, a series of Q for small x
that keeps what 1 - P would lose, and for large a near x Temme's uniform expansion.
"""

from __future__ import annotations

import numpy as np

from graphflow.numeric.elements import Array
from graphflow.numeric.special.deviance import log1p_minus, poisson
from graphflow.numeric.special.error_function import erfc
from graphflow.numeric.special.evaluation import in_double, pieces, polynomial
from graphflow.numeric.special.gamma import log_gamma_of_next
from graphflow.numeric.special.uniform_expansion import TEMME

EPSILON = 2.0**-52

#: No continued fraction needs so many steps outside the region of the uniform expansion.
LIMIT = 10000


def uniform_region(a: Array, x: Array) -> Array:
    """Where the uniform expansion is exact to double precision, and the others are slow."""
    return (a > 200) & (np.abs(x - a) < 0.3 * a)


def eta_of(a: Array, x: Array) -> Array:
    """The number with eta ** 2 / 2 = x / a - 1 - log(x / a) and the sign of x - a."""
    e = (x - a) / a
    return np.copysign(np.sqrt(-2 * log1p_minus(e)), e)


def _uniform(a: Array, x: Array, side: float) -> Array:
    """P for side -1, Q for side 1."""
    eta = eta_of(a, x)
    total = polynomial_of_a([polynomial(row, eta) for row in TEMME], a)
    rest = np.exp(-0.5 * a * eta * eta) * total / np.sqrt(2 * np.pi * a)
    return 0.5 * erfc(side * eta * np.sqrt(a / 2)) + side * rest


def polynomial_of_a(terms: list[Array], a: Array) -> Array:
    """sum of terms[k] * a ** -k."""
    total = terms[-1]
    for term in terms[-2::-1]:
        total = total / a + term
    return total


def series(a: Array, x: Array) -> Array:
    """P = x ** a exp(-x) / gamma(a + 1) * (1 + x / (a + 1) + x ** 2 / ((a + 1) (a + 2)) + ...)."""
    total, term, n = np.ones_like(a), np.ones_like(a), 0
    while (term > 0.5 * EPSILON * total).any():
        n += 1
        term = term * (x / (a + n))
        total = total + term
    return poisson(a, x) * total


def fraction(a: Array, x: Array) -> Array:
    """Q = x ** a exp(-x) / gamma(a) / (x + 1 - a - 1 (1 - a) / (x + 3 - a - 2 (2 - a) / (...)))."""
    tiny = 1e-300
    b = x + 1 - a
    d = 1 / np.where(b == 0, tiny, b)
    c, h = np.full_like(a, 1 / tiny), d
    moving, n = np.ones(a.shape, np.bool_), 0
    while moving.any():
        n += 1
        coefficient = n * (a - n)
        b = b + 2
        d = coefficient * d + b
        d = 1 / np.where(np.abs(d) < tiny, tiny, d)
        c = b + coefficient / c
        c = np.where(np.abs(c) < tiny, tiny, c)
        step = np.where(moving, c * d, 1.0)
        h = h * step
        moving &= (np.abs(step - 1) > EPSILON) & (n < LIMIT)
    return poisson(a, x) * a * h


def _small_x(a: Array, x: Array) -> Array:
    """Q = 1 - x ** a / gamma(a + 1) * (1 + a * sum of (-x) ** n / (n! (a + n)) over n = 1, 2, ...)."""
    exponent = a * np.log(x) - log_gamma_of_next(a)
    total, term, n = np.zeros_like(a), np.ones_like(a), 0
    while (np.abs(term) > 0.5 * EPSILON * np.abs(total)).any():
        n += 1
        term = term * (-x / n)
        total = total + term / (a + n)
    return -np.expm1(exponent) - np.exp(exponent) * a * total


def _outside(a: Array, x: Array) -> Array:
    """Where neither function is defined; infinite a included, as in TensorFlow."""
    return ~((a > 0) & (x >= 0) & np.isfinite(a))


@in_double
def igamma(a: Array, x: Array) -> Array:
    """P(a, x); 0 at x = 0, NaN of a <= 0 and of x < 0."""
    return pieces(
        [
            (x == 0, lambda a, x: np.where(np.isnan(a), np.nan, 0.0)),
            (_outside(a, x), lambda a, x: np.full(a.shape, np.nan)),
            (x == np.inf, lambda a, x: np.ones_like(a)),
            (uniform_region(a, x), lambda a, x: _uniform(a, x, -1.0)),
            ((x > 1) & (x > a), lambda a, x: 1 - fraction(a, x)),
            (a == a, series),
        ],
        a,
        x,
    )


@in_double
def igammac(a: Array, x: Array) -> Array:
    """Q(a, x); 1 at x = 0, NaN of a <= 0 and of x < 0."""
    below = np.where(x <= 0.5, -0.4 / np.log(x) < a, 1.1 * x < a)
    return pieces(
        [
            (_outside(a, x) & ~((x == 0) & (a > 0)), lambda a, x: np.full(a.shape, np.nan)),
            (x == 0, lambda a, x: np.ones_like(a)),
            (x == np.inf, lambda a, x: np.zeros_like(a)),
            (uniform_region(a, x), lambda a, x: _uniform(a, x, 1.0)),
            ((x <= 1.1) & below, lambda a, x: 1 - series(a, x)),
            (x <= 1.1, _small_x),
            (x < a, lambda a, x: 1 - series(a, x)),
            (a == a, fraction),
        ],
        a,
        x,
    )
