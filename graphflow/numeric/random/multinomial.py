"""Draws from categorical distributions given by unnormalised log probabilities."""

from __future__ import annotations

import itertools
import math
import operator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from graphflow.numeric.random.bits import unit_double
from graphflow.numeric.random.philox import Stream
from graphflow.numeric.random.uniform import BLOCKS_PER_VALUE

# Up to this many comparisons in a row, comparing with all classes is quicker than a search.
FEW_COMPARISONS = 2000
MOST_INT32 = 2**31 - 1


def shard_starts(rows: int, cost: int, threads: int) -> list[int]:
    """The rows at which the work of `rows` units of `cost` cycles is cut for a pool of threads."""
    wanted = min(threads, max(1, int((rows * cost - 1e5) / 1e5 + 0.9)))
    if rows <= 1 or threads <= 1 or wanted == 1:
        return [0]

    def efficiency(count: int) -> float:
        return count / (-(-count // threads) * threads)

    # Pieces of at least 40,000 cycles, at most four to a thread; then up to twice as large where that
    # loads the threads more evenly.
    size = min(rows, max(-(-rows // (4 * threads)), int(40000 / cost)))
    largest, count = min(rows, 2 * size), -(-rows // size)
    best = efficiency(count)
    while best < 1 and count > 1:
        larger = -(-rows // (count - 1))
        if larger > largest:
            break
        count = -(-rows // larger)
        if efficiency(count) + 0.01 >= best:
            size, best = larger, max(best, efficiency(count))
    return list(range(0, rows, size))


def multinomial(
    stream: Stream, logits: NDArray[Any], num_samples: int, dtype: Any = np.int64, threads: int = 1
) -> NDArray[Any]:
    """Per row, the number of classes k with cdf_k <= u cdf_last, where cdf sums exp(logit - max).

    Logits that are not finite carry no mass. The result depends on `threads`, as each of them starts a
    stream of its own; with a single row it does not.
    """
    if logits.ndim != 2:
        raise ValueError(f"logits should be a matrix, got shape {list(logits.shape)}")
    num_samples = operator.index(num_samples)
    if not 0 <= num_samples <= MOST_INT32:
        raise ValueError(f"num_samples should be nonnegative and an int32, got {num_samples}")
    rows, classes = logits.shape
    if not 0 < classes <= MOST_INT32:
        raise ValueError(f"num_classes should be positive and an int32, got {classes}")
    out = np.empty((rows, num_samples), dtype)
    if out.size == 0:
        return out
    start = stream.reserve(rows * (-(-num_samples // 4) * 4) * 2 * BLOCKS_PER_VALUE)
    cost = int(50 * (num_samples * math.log(classes) / math.log(2) + classes))
    cuts = [*shard_starts(rows, cost, threads), rows]
    for first, last in itertools.pairwise(cuts):
        values = (last - first) * num_samples
        words = stream.words(start + first * (num_samples + 3) // 4, -(-values // 2))
        unit = unit_double(words)[:values].reshape(last - first, num_samples)
        _classes_of(unit, logits[first:last].astype(np.float64), out[first:last])
    return out


def _classes_of(unit: NDArray[np.float64], logits: NDArray[np.float64], out: NDArray[Any]) -> None:
    finite = np.isfinite(logits)
    logits[~finite] = -np.inf
    top = logits.max(axis=1, keepdims=True)
    # A row without any mass: 0 in place of inf - inf.
    top[top == -np.inf] = 0.0
    cdf = np.cumsum(np.exp(logits - top), axis=1)
    target = unit * cdf[:, -1:]
    if out.shape[1] * cdf.shape[1] <= FEW_COMPARISONS:
        for sample in range(out.shape[1]):
            out[:, sample] = np.count_nonzero(cdf <= target[:, sample, None], axis=1)
    else:
        for row in range(len(out)):
            out[row] = np.searchsorted(cdf[row], target[row], side="right")
