"""Poisson values: Knuth's product of uniforms for small rates, Hoermann's transformed rejection for others.

W. Hoermann: The transformed rejection method for generating Poisson random variables (1993), algorithm PTRS.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.bits import unit_double
from graphflow.numeric.random.libm import log_factorials, logarithms
from graphflow.numeric.random.per_parameter import Outputs
from graphflow.numeric.random.philox import Stream
from graphflow.numeric.random.shapes import Shape

LARGE_RATE = 10.0
TYPES = "float16", "float32", "float64", "int32", "int64"
# A rate so many standard deviations above the largest value of a type would be redrawn almost for ever.
MOST_DEVIATIONS = 3.0
# In place of 0, which has no logarithm.
LEAST = np.finfo(np.float64).tiny


@np.errstate(all="ignore")
def random_poisson(
    stream: Stream, shape: Shape, rate: NDArray[Any], dtype: Any = np.int64
) -> NDArray[Any]:
    """How many events happen at each rate, as `dtype`; 0 at negative rates, NaN at infinite ones and NaN."""
    if np.dtype(dtype).name not in TYPES:
        raise ValueError(f"no Poisson values of type {np.dtype(dtype)}: one of {', '.join(TYPES)}")
    rates = rate.astype(np.float64)
    limit = float(np.finfo(dtype).max if np.dtype(dtype).kind == "f" else np.iinfo(dtype).max)
    finite = rates[np.isfinite(rates)]
    if finite.size and finite.max() > limit + MOST_DEVIATIONS * math.sqrt(limit):
        raise ValueError(f"rate {finite.max()} is too large for results of type {np.dtype(dtype)}")
    outputs = Outputs(stream, shape, rate)
    values = np.full(outputs.parameter.size, np.nan)
    _few(outputs, values, np.flatnonzero(outputs.parameter < LARGE_RATE))
    many = (outputs.parameter >= LARGE_RATE) & (outputs.parameter < np.inf)
    _many(outputs, values, np.flatnonzero(many), limit)
    return outputs.arranged(values, dtype)


def _few(outputs: Outputs, values: NDArray[np.float64], todo: NDArray[np.intp]) -> None:
    """One less than the number of uniforms whose product is at most exp(-rate)."""
    stop = np.exp(-outputs.parameter[todo])
    product, events = np.ones(todo.size), 0
    while todo.size:
        unit = unit_double(outputs.next_blocks(todo))
        # Of a block's two doubles the second is used first.
        first = product * unit[:, 1]
        second = first * unit[:, 0]
        values[todo] = np.where(first <= stop, events, events + 1)
        more = second > stop
        todo, stop, product = todo[more], stop[more], second[more]
        events += 2


def _many(
    outputs: Outputs, values: NDArray[np.float64], todo: NDArray[np.intp], limit: float
) -> None:
    """floor((2 a / s + b) u + rate + 0.43) with s = 1/2 - |u|, where v or the density accepts it."""
    while todo.size:
        unit = unit_double(outputs.next_blocks(todo))
        rate, u, v = outputs.parameter[todo], unit[:, 1] - 0.5, unit[:, 0]
        b = 0.931 + 2.53 * np.sqrt(rate)
        a = -0.059 + 0.02483 * b
        s = 0.5 - np.abs(u)
        k = np.floor((2 * a / s + b) * u + rate + 0.43)
        good = (s >= 0.07) & (v <= 0.9277 - 3.6224 / (b - 2))
        unsure = ~good & (k >= 0) & ((s >= 0.013) | (v <= s))
        r, n = rate[unsure], k[unsure]
        a, b, s, v = a[unsure], b[unsure], s[unsure], v[unsure]
        height = v * (1.1239 + 1.1328 / (b - 3.4)) / (a / (s * s) + b)
        good[unsure] = logarithms(np.maximum(height, LEAST)) <= -r + n * logarithms(
            r
        ) - log_factorials(n)
        good &= k <= limit
        values[todo[good]] = k[good]
        todo = todo[~good]
