"""Special functions. (Placeholder until the real file lands: math module, one element at a time.)"""

from __future__ import annotations

import math
from typing import Any

import numpy as np


def _each(f: Any) -> Any:
    vector = np.vectorize(f, otypes=[float])

    def g(*x: Any) -> Any:
        return vector(*x).astype(np.result_type(*x)) if np.size(x[0]) else np.asarray(x[0])

    return g


def _lg(x: float) -> float:
    try:
        return math.lgamma(x)
    except ValueError:
        return math.inf


erf, erfc, lgamma = _each(math.erf), _each(math.erfc), _each(_lg)


def _absent(*x: Any) -> Any:
    raise NotImplementedError


digamma = bessel_i0e = bessel_i1e = zeta = polygamma = igamma = igammac = igamma_grad_a = betainc = _absent
