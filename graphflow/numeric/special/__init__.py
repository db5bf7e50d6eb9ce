"""Special functions of float arrays: a few roundings off in float64, one in narrower types."""

from __future__ import annotations

from graphflow.numeric.special.bessel import bessel_i0e, bessel_i1e
from graphflow.numeric.special.error_function import erf, erfc
from graphflow.numeric.special.gamma import digamma, lgamma
from graphflow.numeric.special.hurwitz import polygamma, zeta
from graphflow.numeric.special.incomplete_beta import betainc
from graphflow.numeric.special.incomplete_gamma import igamma, igammac
from graphflow.numeric.special.incomplete_gamma_slope import igamma_grad_a

__all__ = [
    "bessel_i0e",
    "bessel_i1e",
    "betainc",
    "digamma",
    "erf",
    "erfc",
    "igamma",
    "igamma_grad_a",
    "igammac",
    "lgamma",
    "polygamma",
    "zeta",
]
