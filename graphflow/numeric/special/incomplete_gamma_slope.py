"""The derivative of the regularised incomplete gamma function P(a, x) with respect to a.

Each way to P is differentiated as it stands: with p = x ** a exp(-x) / gamma(a + 1), dp / da = p
(log(x) - digamma(a + 1)), so that

    d(p s) / da = p (s (log(x) - digamma(a + 1)) + ds / da)
"""

from __future__ import annotations

import numpy as np

from graphflow.numeric.elements import Array
from graphflow.numeric.special.deviance import poisson
from graphflow.numeric.special.evaluation import in_double, pieces, polynomial
from graphflow.numeric.special.gamma import log_gamma_slope
from graphflow.numeric.special.incomplete_gamma import (
    EPSILON,
    LIMIT,
    eta_of,
    polynomial_of_a,
    uniform_region,
)
from graphflow.numeric.special.uniform_expansion import TEMME


def _series(a: Array, x: Array) -> Array:
    total, slope = np.ones_like(a), np.zeros_like(a)
    term, harmonic, n = np.ones_like(a), np.zeros_like(a), 0
    moving = True
    while moving:
        n += 1
        term = term * (x / (a + n))
        harmonic = harmonic + 1 / (a + n)
        total = total + term
        change = term * harmonic
        slope = slope - change
        moving = bool(((term > EPSILON * total) | (change > EPSILON * np.abs(slope))).any())
    return poisson(a, x) * (total * (np.log(x) - log_gamma_slope(a + 1)) + slope)


def _fraction(a: Array, x: Array) -> Array:
    """Q = p a h with h the continued fraction, by Lentz's method and its derivative."""
    b = x + 1 - a
    d, slope_d = 1 / b, 1 / (b * b)
    c, slope_c = np.full_like(a, np.inf), np.zeros_like(a)
    h, slope_h = d, slope_d
    moving, n = np.ones(a.shape, np.bool_), 0
    while moving.any():
        n += 1
        coefficient = n * (a - n)
        b = b + 2
        slope_below = n * d + coefficient * slope_d - 1
        d = 1 / (coefficient * d + b)
        slope_d = -d * d * slope_below
        slope_c = -1 + n / c - coefficient * slope_c / (c * c)
        c = b + coefficient / c
        step, slope_step = c * d, slope_c * d + c * slope_d
        change = h * slope_step
        slope_h = np.where(moving, slope_h * step + change, slope_h)
        h = np.where(moving, h * step, h)
        moving &= (np.abs(step - 1) > EPSILON) | (np.abs(change) > EPSILON * np.abs(slope_h))
        moving &= n < LIMIT
    p = poisson(a, x)
    return -p * (h + a * slope_h + a * h * (np.log(x) - log_gamma_slope(a + 1)))


def _uniform(a: Array, x: Array) -> Array:
    """With e = exp(-a eta ** 2 / 2): P = erfc(-eta sqrt(a / 2)) / 2 - e / sqrt(2 pi a) sum C_k(eta) / a ** k."""
    eta, e = eta_of(a, x), (x - a) / a
    root = np.sqrt(a / 2)
    gauss = np.exp(-0.5 * a * eta * eta)
    near = np.abs(eta) < 1e-5
    eta_slope = np.where(near, -(1 + eta / 3) / a, -e / (a * np.where(near, 1, eta)))
    values = [polynomial(row, eta) for row in TEMME]
    slopes = [polynomial([n * d for n, d in enumerate(row)][1:], eta) * eta_slope for row in TEMME]
    slopes = [s - k * v / a for k, (s, v) in enumerate(zip(slopes, values, strict=True))]
    total, total_slope = polynomial_of_a(values, a), polynomial_of_a(slopes, a)
    main = gauss / np.sqrt(np.pi) * (root * eta_slope + eta / (4 * root))
    rest = total * (np.log1p(e) - 0.5 / a) + total_slope
    return main - gauss / np.sqrt(2 * np.pi * a) * rest


@in_double
def igamma_grad_a(a: Array, x: Array) -> Array:
    """dP(a, x) / da; 0 at x = 0 and x = inf, NaN of a <= 0 and of x < 0."""
    return pieces(
        [
            (x == 0, lambda a, x: np.where(np.isnan(a), np.nan, 0.0)),
            (~((a > 0) & (x >= 0) & np.isfinite(a)), lambda a, x: np.full(a.shape, np.nan)),
            (x == np.inf, lambda a, x: np.zeros_like(a)),
            (uniform_region(a, x), _uniform),
            ((x > 1) & (x > a + 1), _fraction),
            (a == a, _series),
        ],
        a,
        x,
    )
