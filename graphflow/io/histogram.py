"""The histogram of a summary, with TensorFlow's buckets: each 1.1 times as wide as the last."""

from __future__ import annotations

import functools
import sys
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from graphflow import errors

Floats = npt.NDArray[np.float64]

_CHUNK = 1 << 16


class Histogram(NamedTuple):
    """The numbers of a HistogramProto, empty buckets merged with their empty neighbours."""

    min: float
    max: float
    num: float
    sum: float
    sum_squares: float
    bucket_limit: list[float]
    bucket: list[float]


@functools.cache
def _limits() -> Floats:
    positive = []
    limit = 1e-12
    while limit < 1e20:
        positive.append(limit)
        limit *= 1.1
    positive.append(sys.float_info.max)
    return np.array([*(-x for x in reversed(positive)), 0.0, *positive])


def _sum_in_order(values: Floats) -> float:
    """The sum, rounded after each addition as in a plain loop."""
    total = 0.0
    for begin in range(0, len(values), _CHUNK):
        total = float(np.cumsum(np.append(total, values[begin : begin + _CHUNK]))[-1])
    return total


def _merged(counts: npt.NDArray[np.int64]) -> tuple[list[float], list[float]]:
    """All non-empty buckets, and of each run of empty ones the last."""
    limits = _limits()
    last_of_run = np.append(counts[1:] > 0, True)
    kept = np.flatnonzero((counts > 0) | last_of_run)
    return limits[kept].tolist(), counts[kept].astype(np.float64).tolist()


def histogram(tag: str, values: Any) -> Histogram:
    """Count `values`, which must be finite, into buckets."""
    flat = np.asarray(values).reshape(-1).astype(np.float64)
    if not np.isfinite(flat).all():
        first = flat[~np.isfinite(flat)][0]
        what = "Nan" if np.isnan(first) else "Infinity"
        raise errors.InvalidArgumentError(message=f"{what} in summary histogram for: {tag}")
    limits = _limits()
    # The greatest of all numbers belongs to the last bucket, though it is not below its limit.
    which = np.minimum(np.searchsorted(limits, flat, side="right"), len(limits) - 1)
    with np.errstate(over="ignore", under="ignore", invalid="ignore"):
        return Histogram(
            float(flat.min()) if flat.size else sys.float_info.max,
            float(flat.max()) if flat.size else -sys.float_info.max,
            float(flat.size),
            _sum_in_order(flat),
            _sum_in_order(flat * flat),
            *_merged(np.bincount(which, minlength=len(limits))),
        )
