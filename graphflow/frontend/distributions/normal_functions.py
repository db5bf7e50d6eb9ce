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
    (
        -1.2391658386738125,
        13.931260938727968,
        -56.67628574690703,
        98.00107541859997,
        -59.96335010141079,
    ),
    (
        -1.1833162112133,
        15.90562251262117,
        -82.03722561683334,
        200.26021238006066,
        -225.46268785411937,
        86.36024213908905,
        4.676279128988815,
        1.9544885833814176,
        1.0,
    ),
)
_OUTER = (
    (
        -0.0008574567851546854,
        -0.03504246268278482,
        -0.1402560791713545,
        2.1866330685079025,
        14.684956192885803,
        44.08050738932008,
        57.16281922464213,
        31.525109459989388,
        4.0554489230596245,
    ),
    (
        -0.0009332594808954574,
        -0.03808064076915783,
        -0.14218292285478779,
        2.504649462083094,
        15.04253856929075,
        41.3172038254672,
        45.39076351288792,
        15.779988325646675,
        1.0,
    ),
)
_FAR = (
    (
        6.239745391849833e-09,
        2.6580697468673755e-06,
        0.00030158155350823543,
        0.012371663481782003,
        0.20148538954917908,
        1.3330346081580755,
        3.9388102529247444,
        6.915228890689842,
        3.2377489177694603,
    ),
    (
        6.790194080099813e-09,
        2.8924786474538068e-06,
        0.00032801446468212774,
        0.013420400608854318,
        0.21623699359449663,
        1.3770209948908132,
        3.6798356385616087,
        6.02427039364742,
        1.0,
    ),
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
    scalar = convert(np.inf, p.dtype)
    infinity = fill(shape(p), scalar)
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
