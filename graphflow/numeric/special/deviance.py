"""Densities of gamma and beta distributions without cancellation, after Loader's saddle-point form."""

from __future__ import annotations

import numpy as np

from graphflow.numeric.elements import Array
from graphflow.numeric.special.evaluation import pieces
from graphflow.numeric.special.gamma import log_gamma_of_next, stirling_error


def log1p_minus(e: Array) -> Array:
    """log(1 + e) - e, exact near 0."""

    def series(e: Array) -> Array:
        # With r = e / (2 + e) it is 2 atanh(r) - e = 2 r ** 3 (1/3 + r ** 2 / 5 + ...) - e r.
        r = e / (2 + e)
        square = r * r
        total = np.zeros_like(r)
        for k in range(43, 1, -2):
            total = total * square + 1 / k
        return 2 * r * square * total - e * r

    return pieces([(np.abs(e) < 0.5, series), (e == e, lambda v: np.log1p(v) - v)], e)


def deviance(a: Array, x: Array) -> Array:
    """a log(a / x) + x - a, which is 0 at x = a."""
    ratio = a / x
    usual = (ratio > 0) & (ratio < np.inf)
    far = a * np.where(usual, np.log(ratio), np.log(a) - np.log(x)) + x - a
    close = -a * log1p_minus((x - a) / a)
    return np.where(np.abs(x - a) < 0.5 * a, close, far)


def poisson(a: Array, x: Array) -> Array:
    """x ** a exp(-x) / gamma(a + 1)."""

    def small(a: Array, x: Array) -> Array:
        return np.exp(-x) * np.exp(a * np.log(x) - log_gamma_of_next(a))

    def large(a: Array, x: Array) -> Array:
        return np.exp(-stirling_error(a) - deviance(a, x)) / np.sqrt(2 * np.pi * a)

    return pieces([(a < 1, small), (a == a, large)], a, x)


def binomial(a: Array, b: Array, x: Array, y: Array) -> Array:
    """gamma(a + b + 1) / (gamma(a + 1) gamma(b + 1)) x ** a y ** b, where y = 1 - x."""
    n = a + b
    exponent = stirling_error(n) - stirling_error(a) - stirling_error(b)
    exponent -= deviance(a, n * x) + deviance(b, n * y)
    return np.exp(exponent) * np.sqrt(n / (2 * np.pi * a) / b)
