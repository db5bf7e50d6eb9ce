"""Normal values between two bounds, with a mean, a deviation and bounds for each batch.

In units of the deviation and turned so that `low` is the bound nearer to the mean, values are proposed and
rejected (C. P. Robert: Simulation of truncated normal variables, 1995): normal ones where the mean is well
inside the bounds, uniform ones where the bounds are close together, else exponential ones from `low` on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.bits import FloatFormat, float_format
from graphflow.numeric.random.libm import logarithm, logarithms
from graphflow.numeric.random.normal import box_muller
from graphflow.numeric.random.philox import Stream, Words32
from graphflow.numeric.random.shapes import Shape, element_count

Array = NDArray[Any]

# So many tries without a good one mean that there is none to be had.
MOST_TRIES = 1000
# Where all values have the same parameters, so many make a batch.
BATCH = 100
# A normal proposal serves if the mean is inside and one bound at least so far from it.
WELL_INSIDE = 1.3
# The most steps made at once.
MOST_STEPS = 128


@dataclass(frozen=True)
class Proposal:
    """Values and whether each is accepted, made of `blocks` blocks a step."""

    blocks: int
    tries: int
    make: Callable[[Words32], tuple[Array, Array]]


@np.errstate(all="ignore")
def parameterized_truncated_normal(
    stream: Stream, shape: Shape, means: Array, stdevs: Array, minvals: Array, maxvals: Array
) -> Array:
    """mean + stdev x with minval <= result <= maxval; each parameter is one number or has one for each shape[0].

    The order of the values is that of a kernel with a single thread.
    """
    dims, count = element_count(shape)
    if not dims:
        raise ValueError("shape must not be empty: its first dimension counts the batches")
    named = {"means": means, "stdevs": stdevs, "minvals": minvals, "maxvals": maxvals}
    for name, value in named.items():
        if value.ndim > 1 or value.size not in (1, dims[0]):
            raise ValueError(
                f"Input {name} should have length 1 or shape[0], got shape: {list(value.shape)}"
            )
    made = float_format(means.dtype)
    out = np.empty(count, means.dtype)
    if count == 0:
        return out.reshape(dims)
    batches, size = dims[0], count // dims[0]
    if all(value.size == 1 for value in named.values()):
        batches, size = -(-count // BATCH), BATCH
    rows = [np.broadcast_to(value.reshape(-1), batches) for value in named.values()]
    mean, stdev, least, most = rows
    valid = np.isfinite(mean) & np.isfinite(stdev) & (stdev > 0)
    valid &= (least < most) & (np.isfinite(least) | np.isfinite(most))
    if not valid.all():
        wrong = [row[np.argmin(valid)] for row in rows]
        raise ValueError(
            "Invalid parameters: mean and stdev must be finite, stdev above 0, minval below maxval "
            "and one of them finite; got mean {}, stdev {}, minval {}, maxval {}".format(*wrong)
        )
    at = stream.reserve(batches * 2 * MOST_TRIES * (size + 3) // 4)
    for batch, (mean, stdev, least, most) in enumerate(zip(*rows, strict=True)):
        piece = out[batch * size : (batch + 1) * size]
        if np.isneginf(least) or most < mean:
            least, most, stdev = most, least, -stdev
        proposal = _proposal(made, (least - mean) / stdev, (most - mean) / stdev)
        at = _accepted(stream, at, proposal, piece)
        piece *= stdev
        piece += mean
    return out.reshape(dims)


def _proposal(made: FloatFormat, low: Any, high: Any) -> Proposal:
    """The cheapest proposal for a standard normal value between `low` and `high`."""
    real = type(low)
    root = np.sqrt(low * low + real(4))
    farthest = real(2) * _exp(real(0.5) + (low * (low - root)) / real(4)) / (low + root)
    inside = real(WELL_INSIDE)

    def normal(words: Words32) -> tuple[Array, Array]:
        x = box_muller(words, made.compute).astype(real)
        return x, (x >= low) & (x <= high)

    def uniform(words: Words32) -> tuple[Array, Array]:
        # A block of proposals, then a block to accept them by.
        pairs = words.reshape(-1, 2, 4)
        x = made.unit(pairs[:, 0]).astype(real) * (high - low) + low
        u = made.unit(pairs[:, 1]).astype(real)
        peak = real(0) if low < 0 else low * low
        return x.reshape(-1), (u <= _exp((peak - x * x) / real(2))).reshape(-1)

    def exponential(words: Words32) -> tuple[Array, Array]:
        unit = made.unit(words).astype(real)
        rate = (low + root) / real(2)
        x = -_log(unit[0::2]) / rate + low
        short = rate - x if low < rate else np.full_like(x, low - rate)
        return x, (unit[1::2] <= _exp(-short * short / real(2))) & (x < high)

    if (low < -inside and high >= 0) or (high > inside and low <= 0):
        return Proposal(1, made.per_block, normal)
    if high - low < farthest:
        return Proposal(2, made.per_block, uniform)
    return Proposal(1, made.per_block // 2, exponential)


def _accepted(stream: Stream, at: int, proposal: Proposal, out: Array) -> int:
    """Fill `out` with the values accepted of those that begin at block `at`; the block after the last one used."""
    filled, rejected = 0, 0
    while filled < out.size:
        steps = min(MOST_STEPS, 2 * (out.size - filled) // proposal.tries + 4)
        values, good = proposal.make(stream.words(at, steps * proposal.blocks))
        chosen = np.flatnonzero(good)[: out.size - filled]
        out[filled : filled + chosen.size] = values[chosen]
        filled += chosen.size
        rejected = good.size - 1 - chosen[-1] if chosen.size else rejected + good.size
        if rejected > MOST_TRIES and filled < out.size:
            raise ValueError(f"none of {rejected} proposals lies between minval and maxval")
        # Another batch begins with a block of its own.
        used = chosen[-1] // proposal.tries + 1 if filled == out.size else steps
        at += int(used) * proposal.blocks
    return at


def _exp(x: Any) -> Any:
    return np.exp(np.asarray(x, np.float64)).astype(x.dtype)


def _log(x: Array) -> Array:
    positive = np.where(x > 0, x, np.ones_like(x))
    double = x.dtype == np.float64
    values = logarithms(positive) if double else logarithm(positive.astype(np.float32))
    return np.where(x > 0, values, -np.inf).astype(x.dtype)
