"""The normal distribution function, its logarithm and its inverse; the logarithm of Laplace's."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from graphflow.frontend.array import fill, shape, zeros_like
from graphflow.frontend.array_parts import where_v2
from graphflow.frontend.math import abs as absolute
from graphflow.frontend.math import (
    erf,
    erfc,
    exp,
    greater,
    less,
    log,
    log1p,
    maximum,
    minimum,
    sqrt,
    square,
)
from graphflow.ir import build
from graphflow.ir.convert import convert
from graphflow.ir.node import Tensor

_MODULE = "python.ops.distributions.special_math"
_NAMES = ("log_cdf_laplace", "log_ndtr", "ndtr", "ndtri")
NAMESPACES = {_MODULE: [*_NAMES]}
__all__: list[str] = []

#: beyond these the logarithm is an asymptotic series, and -(1 - ndtr)
_LOWER = {np.float32: np.array(-10, np.float32), np.float64: np.array(-20, np.float64)}
_UPPER = {np.float32: np.array(5, np.float32), np.float64: np.array(8, np.float64)}

#: coefficients of the rational functions of the inverse, from the constant on (Cephes, ndtri.c)
_MIDDLE = (
    (-1.23916583867381258016e0, 1.39312609387279679503e1, -5.66762857469070293439e1)
    + (9.80010754185999661536e1, -5.99633501014107895267e1),
    (-1.18331621121330003142e0, 1.59056225126211695515e1, -8.20372256168333339912e1)
    + (2.00260212380060660359e2, -2.25462687854119370527e2, 8.63602421390890590575e1)
    + (4.67627912898881538453e0, 1.95448858338141759834e0, 1.0),
)
_OUTER = (
    (-8.57456785154685413611e-4, -3.50424626827848203418e-2, -1.40256079171354495875e-1)
    + (2.18663306850790267539e0, 1.46849561928858024014e1, 4.40805073893200834700e1)
    + (5.71628192246421288162e1, 3.15251094599893866154e1, 4.05544892305962419923e0),
    (-9.33259480895457427372e-4, -3.80806407691578277194e-2, -1.42182922854787788574e-1)
    + (2.50464946208309415979e0, 1.50425385692907503408e1, 4.13172038254672030440e1)
    + (4.53907635128879210584e1, 1.57799883256466749731e1, 1.0),
)
_FAR = (
    (6.23974539184983293730e-9, 2.65806974686737550832e-6, 3.01581553508235416007e-4)
    + (1.23716634817820021358e-2, 2.01485389549179081538e-1, 1.33303460815807542389e0)
    + (3.93881025292474443415e0, 6.91522889068984211695e0, 3.23774891776946035970e0),
    (6.79019408009981274425e-9, 2.89247864745380683936e-6, 3.28014464682127739104e-4)
    + (1.34204006088543189037e-2, 2.16236993594496635890e-1, 1.37702099489081330271e0)
    + (3.67983563856160859403e0, 6.02427039364742014255e0, 1.0),
)


def _checked(x: Any, name: str) -> Tensor:
    tensor = convert(x, name=name)
    if tensor.dtype.numpy.type not in _LOWER:
        raise TypeError(
            f"{name}.dtype={tensor.dtype} is not handled, see docstring for supported types."
        )
    return tensor


def ndtr(x: Any, name: str = "ndtr") -> Tensor:
    """The probability that a standard normal variable is less than x."""
    with build.name_scope(name, None, [x]):
        return _ndtr(_checked(x, "x"))


def _ndtr(x: Tensor) -> Tensor:
    half = convert(0.5 * np.sqrt(2.0), x.dtype, "half_sqrt_2")
    w = x * half
    z = absolute(w)
    near = less(z, half)
    middle = 1.0 + erf(w)
    right = greater(w, 0.0)
    upper = 2.0 - erfc(z)
    return 0.5 * where_v2(near, middle, where_v2(right, upper, erfc(z)))


def log_ndtr(x: Any, series_order: int = 3, name: str = "log_ndtr") -> Tensor:
    """The logarithm of `ndtr`, far to the left too."""
    if not isinstance(series_order, int):
        raise TypeError("series_order must be a Python integer.")
    if not 0 <= series_order <= 30:
        raise ValueError("series_order must be non-negative and <= 30.")
    with build.name_scope(name, None, [x]):
        x = _checked(x, "x")
        lower, upper = _LOWER[x.dtype.numpy.type], _UPPER[x.dtype.numpy.type]
        is_right = greater(x, upper)
        right = -_ndtr(-x)
        is_middle = greater(x, lower)
        middle = log(_ndtr(maximum(x, lower)))
        left = _log_ndtr_lower(minimum(x, lower), series_order)
        return where_v2(is_right, right, where_v2(is_middle, middle, left))


def _log_ndtr_lower(x: Tensor, order: int) -> Tensor:
    squared = square(x)
    scale = -0.5 * squared - log(-x) - 0.5 * np.log(2.0 * np.pi)
    return scale + log(_asymptotic_series(x, order))


def _asymptotic_series(x: Tensor, order: int) -> Any:
    """1 - 1/x^2 + 3/x^4 - 15/x^6 ..."""
    kind = x.dtype.numpy.type
    if order <= 0:
        return np.array(1, kind)
    squared = square(x)
    even, odd = zeros_like(x), zeros_like(x)
    power = squared
    for n in range(1, order + 1):
        term = np.array(math.prod(range(2 * n - 1, 1, -2)), kind) / power
        if n % 2:
            odd += term
        else:
            even += term
        power *= squared
    return 1.0 + even - odd


def ndtri(p: Any, name: str = "ndtri") -> Tensor:
    """The x for which `ndtr(x)` is p."""
    with build.name_scope(name, None, [p]):
        return _ndtri(_checked(p, "p"))


def _polynomial(x: Tensor, coefficients: Any) -> Any:
    values = np.array(coefficients, x.dtype.numpy)
    if not values.size:
        return zeros_like(x)
    return values[0] + _polynomial(x, values[1:]) * x


def _ndtri(p: Tensor) -> Tensor:
    kind = p.dtype.numpy.type
    folded = where_v2(p > -np.expm1(-2.0), 1.0 - p, p)
    safe = where_v2(folded <= 0.0, fill(shape(p), np.array(0.5, kind)), folded)
    w = safe - 0.5
    ww = w**2
    middle = w + w * ww * (_polynomial(ww, _MIDDLE[0]) / _polynomial(ww, _MIDDLE[1]))
    middle *= -np.sqrt(2.0 * np.pi)
    z = sqrt(-2.0 * log(safe))
    first = z - log(z) / z
    far = _polynomial(1.0 / z, _FAR[0]) / _polynomial(1.0 / z, _FAR[1]) / z
    outer = _polynomial(1.0 / z, _OUTER[0]) / _polynomial(1.0 / z, _OUTER[1]) / z
    is_far_result = first - far
    outer_result = first - outer
    is_middle = safe > np.exp(-2.0)
    x = where_v2(is_middle, middle, where_v2(z >= 8.0, is_far_result, outer_result))
    x = where_v2(p > 1.0 - np.exp(-2.0), x, -x)
    infinity = fill(shape(p), convert(np.inf, p.dtype))
    below = p <= 0.0
    lowest = -infinity
    return where_v2(below, lowest, where_v2(p >= 1.0, infinity, x))


def log_cdf_laplace(x: Any, name: str = "log_cdf_laplace") -> Tensor:
    """The logarithm of the probability that a standard Laplace variable is less than x."""
    with build.name_scope(name, None, [x]):
        x = convert(x, name="x")
        lower = -np.log(2.0) + x
        upper = log1p(-0.5 * exp(-absolute(x)))
        return where_v2(x < 0.0, lower, upper)
