"""The logarithm of the gamma function, and its derivative."""

from __future__ import annotations

import numpy as np

from graphflow.numeric.elements import Array
from graphflow.numeric.special.evaluation import chebyshev, in_double, pieces, polynomial
from graphflow.numeric.special.tables import DIGAMMA, DIGAMMA_ROOT, DIGAMMA_TAIL, LGAMMA, STIRLING

#: Stirling's series is exact to double precision from here on.
LARGE = 10.0

HALF_LOG_TAU = 0.9189385332046727

#: 1/3, 1/5, 1/7, ...
_ODD = tuple(1 / k for k in range(3, 41, 2))


def stirling_error(a: Array) -> Array:
    """log gamma(a + 1) - log(sqrt(2 pi a) (a / e) ** a), about 1 / (12 a)."""

    def tiny(a: Array) -> Array:
        return _between(a) - (a + 0.5) * np.log(a) + a - HALF_LOG_TAU

    def small(a: Array) -> Array:
        # From a to a + 1 it falls by (a + 1/2) log(1 + 1 / a) - 1 = r ** 2 / 3 + r ** 4 / 5 + ...
        total = np.zeros_like(a)
        while (more := a < LARGE).any():
            square = 1 / (2 * a + 1) ** 2
            total += np.where(more, square * polynomial(_ODD, square), 0)
            a = np.where(more, a + 1, a)
        return total + large(a)

    def large(a: Array) -> Array:
        return polynomial(STIRLING, 1 / (a * a)) / a

    return pieces([(a < 1, tiny), (a < LARGE, small), (a == a, large)], a)


def _positive(x: Array) -> Array:
    """log gamma of x > 0: by Stirling's series, or from the interval [1, 2] by gamma(x + 1) = x gamma(x)."""

    def large(x: Array) -> Array:
        tail = polynomial(STIRLING, 1 / (x * x)) / x
        return (x - 0.5) * (np.log(x) - 1) - 0.5 + HALF_LOG_TAU + tail

    def small(x: Array) -> Array:
        y, product = x - 1, np.ones_like(x)
        while (more := y > 1).any():
            product = np.where(more, product * y, product)
            y = np.where(more, y - 1, y)
        return _between(y) + np.log(product)

    return pieces(
        [
            (x < 1, lambda v: _between(v) - np.log(v)),
            (x < LARGE, small),
            (x < np.inf, large),
            (x == np.inf, np.abs),
        ],
        x,
    )


def _between(y: Array) -> Array:
    """log gamma(y + 1) of y in [0, 1], without the rounding of y + 1."""
    return y * (y - 1) * chebyshev(LGAMMA, 2 * y - 1)


def log_gamma_of_next(a: Array) -> Array:
    """log gamma(a + 1) of a >= 0, exact for small a."""
    return pieces([(a <= 1, _between), (a == a, lambda v: _positive(v + 1))], a)


def log_gamma(x: Array) -> Array:
    """log |gamma(x)| of a float64 vector."""

    def reflected(x: Array) -> Array:
        # Tiny numbers have a reciprocal that overflows; their logarithm does not.
        distance = np.abs(x - np.rint(x))
        return np.log(np.pi / np.sin(np.pi * distance)) - np.log(-x) - _positive(-x)

    def tiny(x: Array) -> Array:
        return -np.log(np.abs(x))

    pole = (x == np.floor(x)) & (x <= 0)
    return pieces(
        [
            (pole, lambda v: np.full(v.shape, np.inf)),
            (np.abs(x) < 1e-17, tiny),
            (x > 0, _positive),
            (x < 0, reflected),
        ],
        x,
    )


@in_double
def lgamma(x: Array) -> Array:
    """log |gamma(x)|; inf at the poles 0, -1, -2, ... and at both infinities."""
    return log_gamma(x)


def log_gamma_slope(x: Array) -> Array:
    """The derivative of log gamma of a float64 vector."""

    def large(x: Array) -> Array:
        square = 1 / (x * x)
        return np.log(x) - 0.5 / x - square * polynomial(DIGAMMA_TAIL, square)

    def small(x: Array) -> Array:
        y, total = x.copy(), np.zeros_like(x)
        while (more := y > 2).any():
            y = np.where(more, y - 1, y)
            total = np.where(more, total + 1 / y, total)
        below = y < 1
        total = np.where(below, -1 / y, total)
        y = np.where(below, y + 1, y)
        root, rest = DIGAMMA_ROOT
        return ((y - root) - rest) * chebyshev(DIGAMMA, 2 * y - 3) + total

    def reflected(x: Array) -> Array:
        return positive(1 - x) - np.pi / np.tan(np.pi * (x - np.rint(x)))

    def positive(x: Array) -> Array:
        return pieces([(x < LARGE, small), (x < np.inf, large), (x == np.inf, np.abs)], x)

    pole = (x == np.floor(x)) & (x <= 0)
    return pieces(
        [(pole, lambda v: np.full(v.shape, np.inf)), (x > 0, positive), (x < 0, reflected)], x
    )


@in_double
def digamma(x: Array) -> Array:
    """gamma'(x) / gamma(x); NaN at the poles 0, -1, -2, ... and at -inf, as from TensorFlow 2 on."""
    at_pole = (x == np.floor(x)) & (x <= 0)
    return np.where(at_pole, np.nan, log_gamma_slope(x))
